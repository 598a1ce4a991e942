import { existsSync, readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { allJurisdictions, type Jurisdiction } from '../src/vocabulary/index.ts';
import { factsOf } from './jurisdictions.ts';
import { demonstrationDay, landmarkPeople, people, quillonOwners } from './landmarks.ts';
import { numberFormat } from './numberFormat.ts';
import { leastResidents, mostResidents, type Resident, residents } from './residents.ts';

const some = [...residents({ seed: 11, count: 20_000 })];
const formats = new URL('../../shared/data/dl-formats/us-dl-number-formats.csv', import.meta.url);

describe('the invented residents', () => {
  it('are the same for the same seed and count, and others for another seed', () => {
    expect(JSON.stringify([...residents({ seed: 11, count: 20_000 })])).toBe(JSON.stringify(some));
    const other = [...residents({ seed: 12, count: 20_000 })];
    expect(other.filter((r, i) => r.licenceNumber === some[i]?.licenceNumber).length).toBeLessThan(400);
  });

  it('stay as they were when more are invented', () => {
    const more = [...residents({ seed: 11, count: 40_000 })].filter((r) => r.owner === 'WA');
    const fewer = some.filter((r) => r.owner === 'WA');
    expect(more.slice(0, fewer.length)).toEqual(fewer);
  });

  it('are as many as asked for, in every owner, in proportion to drivers', () => {
    const count = (owner: Jurisdiction) => some.filter((r) => r.owner === owner).length;
    expect(some).toHaveLength(20_000);
    for (const owner of allJurisdictions) expect(count(owner)).toBeGreaterThanOrEqual(6);
    expect(count('CA') / count('WA')).toBeCloseTo(27_000 / 5_810, 0);
    expect([...residents({ count: leastResidents })]).toHaveLength(leastResidents);
  });

  it('have licence numbers and plates of their state, each once', () => {
    for (const owner of allJurisdictions) {
      const here = some.filter((r) => r.owner === owner);
      const licence = numberFormat(factsOf(owner).licence).shape;
      const plate = numberFormat(factsOf(owner).plate).shape;
      expect(here.filter((r) => !licence.test(r.licenceNumber)).map((r) => `${owner} ${r.licenceNumber}`)).toEqual([]);
      expect(new Set(here.map((r) => r.licenceNumber)).size).toBe(here.length);
      const plates = here.flatMap((r) => r.vehicles.map((v) => v.plate));
      expect(plates.filter((p) => !plate.test(p))).toEqual([]);
      expect(new Set(plates).size).toBe(plates.length);
    }
  });

  it.skipIf(!existsSync(formats))('have licence numbers that fit the public descriptions of each state', () => {
    const patterns = patternsByState();
    expect(patterns.size).toBe(53);
    for (const r of some) expect(patterns.get(r.owner)?.test(r.licenceNumber) ?? true, `${r.owner} ${r.licenceNumber}`).toBe(true);
  });

  it('have Social Security numbers that were never issued to anyone', () => {
    const issued = some.filter((r) => r.ssn !== null && !/^(000|666|9[0-9]{2}(?=[0-4]))[0-9]{6}$/.test(r.ssn));
    expect(issued).toEqual([]);
    expect(some.filter((r) => r.ssn !== null).length).toBeGreaterThan(18_000);
  });

  it('have vehicle numbers of 17 signs with a right check digit, each once, that begin as no maker’s does', () => {
    const vins = some.flatMap((r) => r.vehicles.map((v) => v.vin));
    expect(vins.filter((v) => !/^0W[0-9A-HJ-NPR-Z]{15}$/.test(v))).toEqual([]);
    expect(new Set(vins).size).toBe(vins.length);
    const values: Record<string, number> = { A: 1, B: 2, C: 3, D: 4, E: 5, F: 6, G: 7, H: 8, J: 1, K: 2, L: 3, M: 4, N: 5, P: 7, R: 9, S: 2, T: 3, U: 4, V: 5, W: 6, X: 7, Y: 8, Z: 9 };
    const weights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
    const wrong = vins.filter((vin) => {
      const sum = weights.reduce((all, w, i) => all + w * (values[vin.charAt(i)] ?? Number(vin.charAt(i))), 0) % 11;
      return vin[8] !== (sum === 10 ? 'X' : String(sum));
    });
    expect(wrong).toEqual([]);
  });

  it('are from 16 to 99 years old, with sound dates, and own about 1.1 vehicles each', () => {
    const ages = some.map((r) => (Date.parse(demonstrationDay) - Date.parse(r.birthDate)) / 31_557_600_000);
    expect(Math.min(...ages)).toBeGreaterThan(15.9);
    expect(Math.max(...ages)).toBeLessThan(100.1);
    expect(some.filter((r) => r.issued >= r.expires)).toEqual([]);
    expect(some.filter((r) => new Date(`${r.birthDate}T00:00:00Z`).toISOString().slice(0, 10) !== r.birthDate)).toEqual([]);
    const vehicles = some.reduce((all, r) => all + r.vehicles.length, 0) / some.length;
    expect(vehicles).toBeGreaterThan(1);
    expect(vehicles).toBeLessThan(1.2);
    expect(some.some((r) => r.status === 'NOT' && r.history.some((e) => e.kind === 'withdrawal'))).toBe(true);
  });

  it('are refused in numbers out of bounds', () => {
    expect(() => residents({ count: leastResidents - 1 }).next()).toThrow(RangeError);
    expect(() => residents({ count: mostResidents + 1 }).next()).toThrow(RangeError);
  });

  it('are made one by one: two hundred thousand leave no trace in memory', () => {
    const run = (count: number): number => {
      let n = 0;
      for (const r of residents({ seed: 3, count })) n += r.surname.length > 0 ? 1 : 0;
      return n;
    };
    run(20_000);
    const before = heapAfterCollection();
    expect(run(200_000)).toBe(200_000);
    // Holding them would take some 250 MB; what is left is noise.
    expect(heapAfterCollection() - before).toBeLessThan(20 * 1024 * 1024);
  });
});

describe('the landmark people', () => {
  it('are the same whatever the seed and size, and live in the first town', () => {
    const wanted = (all: Iterable<Resident>) => [...all].filter((r) => landmarkPeople(r.owner).some((p) => p.licenceNumber === r.licenceNumber));
    const few = wanted(residents({ seed: 99, count: leastResidents }));
    expect(few).toEqual(wanted(some));
    const tessa = few.find((r) => r.licenceNumber === people.tessa.licenceNumber);
    expect(tessa).toMatchObject({ surname: 'MARROWBY', given: 'TESSA', city: 'CEDAR HOLLOW', county: 'TARNWICK', status: 'LIC', vehicles: [{ plate: people.tessa.plate, plateType: 'PC', plateYear: '2027' }] });
    expect(few.filter((r) => r.surname === 'QUILLON' && r.birthDate === people.dara.birthDate).map((r) => r.owner)).toEqual(quillonOwners);
    expect(few.filter((r) => r.surname === 'TARNWORTH' && r.given === 'ROWAN').map((r) => r.owner)).toEqual(allJurisdictions);
    expect(few.filter((r) => r.owner === 'WA' && r.surname === 'MARROWBY')).toHaveLength(2);
  });

  it('have numbers in the form of their state', () => {
    for (const owner of allJurisdictions) {
      for (const person of landmarkPeople(owner)) {
        expect(person.licenceNumber).toMatch(numberFormat(factsOf(owner).licence).shape);
        expect(person.plate).toMatch(numberFormat(factsOf(owner).plate).shape);
      }
    }
  });
});

function patternsByState(): ReadonlyMap<string, RegExp> {
  const lines = readFileSync(formats, 'utf8').split('\n').slice(1).filter((line) => line !== '');
  return new Map(lines.map((line) => {
    const pattern = line.charAt(3) === '"' ? line.slice(4, line.indexOf('"', 4)) : line.slice(3, line.indexOf(',', 3));
    return [line.slice(0, 2), new RegExp(pattern)];
  }));
}

function heapAfterCollection(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}
