import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkContent } from '../src/registry/check.ts';
import { deriveAttributes } from '../src/registry/derive.ts';
import { indexContent } from '../src/registry/registryIndex.ts';
import { allJurisdictions, brokenConstraints, type RequesterAttributes } from '../src/vocabulary/index.ts';
import { landmarkOris } from './landmarks.ts';
import { inventNetwork, leastAgencies } from './network.ts';

const content = inventNetwork();
const index = indexContent(content);
const small = inventNetwork({ seed: 7, agencies: leastAgencies });
const today = Math.floor(Date.UTC(2026, 9, 1) / 86_400_000);
const realList = new URL('../../shared/data/agencies/us-le-agencies.csv', import.meta.url);

function attributesOf(ori: string, owner = 'WA', of = index): RequesterAttributes {
  const derived = deriveAttributes(of, of.offices.get(ori)?.organisation ?? '', owner, today);
  return Object.fromEntries(Object.entries(derived).map(([name, { value }]) => [name, value])) as unknown as RequesterAttributes;
}

describe('the invented network', () => {
  it('is the same for the same seed and number, and another for another seed', () => {
    expect(JSON.stringify(inventNetwork())).toBe(JSON.stringify(content));
    expect(JSON.stringify(inventNetwork({ seed: 8, agencies: leastAgencies }))).not.toBe(JSON.stringify(small));
  });

  it('has as many ORIs as asked for, all well formed, all different, all starting with the state where the office stands', () => {
    for (const [network, agencies] of [[content, 18_000], [small, leastAgencies], [inventNetwork({ agencies: 5_001 }), 5_001]] as const) {
      expect(network.offices).toHaveLength(agencies);
      expect(new Set(network.offices.map((o) => o.ori)).size).toBe(agencies);
      expect(network.offices.filter((o) => !/^[A-Z]{2}[A-Z0-9]{7}$/.test(o.ori) || !o.ori.startsWith(o.state))).toEqual([]);
    }
    expect(new Set(content.offices.map((o) => o.state))).toEqual(new Set(allJurisdictions));
  });

  it('ends the ORIs of courts, prosecutors and the like in the letter of their kind, and of federal offices in Z', () => {
    const endings: Record<string, RegExp> = { JA: /A$/, JJ: /J$/, JC: /[CM]$/, JG: /G$/, CJ: /[BNY]$/, FE: /Z$/, JF: /Z$/, PD: /00$/, SO: /0000$/ };
    for (const [type, ending] of Object.entries(endings)) {
      const offices = content.offices.filter((o) => o.type === type);
      expect(offices.length).toBeGreaterThan(50);
      expect(offices.filter((o) => !ending.test(o.ori))).toEqual([]);
    }
  });

  it('is refused by no check of the registry, and obeys every constraint of the vocabulary', () => {
    expect(checkContent(content)).toEqual([]);
    expect(checkContent(small)).toEqual([]);
    expect(content.offices.flatMap((o) => brokenConstraints(attributesOf(o.ori)))).toEqual([]);
  });

  it('marks everything as invented', () => {
    expect(content.organisations.every((o) => o.invented)).toBe(true);
    expect(content.affiliations.every((a) => a.provenance === 'invented')).toBe(true);
  });

  it('has the numbers that the documentation states', () => {
    const edges = (kind: string) => content.affiliations.filter((a) => a.kind === kind);
    const agreements = new Set(edges('program287g').map((a) => a.from)).size;
    expect(agreements).toBeGreaterThan(650);
    expect(agreements).toBeLessThan(760);
    expect(edges('sharedOri')).toHaveLength(300);
    expect(edges('delegation')).toHaveLength(200);
    expect(edges('vendorHosting')).toHaveLength(3_000);
    expect(content.offices.filter((o) => /^..XFC/.test(o.ori))).toHaveLength(80);
    expect(content.affiliations.length).toBeGreaterThan(20_000);
    expect(content.affiliations.length).toBeLessThan(40_000);
    expect(content.affiliations.some((a) => !a.confirmed)).toBe(true);
    expect(content.affiliations.some((a) => a.until !== null)).toBe(true);
  });

  it('refuses a number too small for the landmarks', () => {
    expect(() => inventNetwork({ agencies: leastAgencies - 1 })).toThrow(RangeError);
  });

  it.skipIf(!existsSync(realList))('invents no ORI that a real agency has', () => {
    const real = new Set(readFileSync(realList, 'utf8').split('\n').slice(1).map((line) => line.slice(0, 9)));
    expect(real.size).toBeGreaterThan(20_000);
    expect(content.offices.filter((o) => real.has(o.ori)).map((o) => o.ori)).toEqual([]);
  });
});

describe('the landmarks', () => {
  it.each([['the default network', index], ['a small one of another seed', indexContent(small)]] as const)('stand for the same agencies in %s', (_name, of) => {
    for (const ori of Object.values(landmarkOris)) expect(of.offices.has(ori), ori).toBe(true);
    expect(of.offices.get(landmarkOris.cityPolice)?.name).toBe('Cedar Hollow Police Department');
    expect(of.offices.get(landmarkOris.cbpFieldOperations)?.name).toBe('CBP OFO Blaine');
    expect(attributesOf(landmarkOris.cityPolice, 'WA', of)).toEqual({
      level: 'municipal', department: 'none', component: ['none'], homeState: 'WA', mission: ['generalPolice'], program287g: ['none'], taskForce: ['drugs'],
      certified: ['none'], audit: 'passed', criminalJustice: 'yes', sharedOri: 'no', vendorHosted: 'no',
    });
    expect(attributesOf(landmarkOris.iceEro, 'WA', of)).toMatchObject({ level: 'federal', department: 'DHS', component: ['ERO', 'ICE'], homeState: 'none', mission: ['immigrationEnforcement'] });
    expect(attributesOf(landmarkOris.cbpFieldOperations, 'WA', of)).toMatchObject({ department: 'DHS', component: ['CBP', 'OFO'] });
    expect(attributesOf(landmarkOris.sheriff287g, 'WA', of)).toMatchObject({ level: 'county', homeState: 'OR', program287g: ['taskForce'] });
    expect(attributesOf(landmarkOris.sharedOri, 'WA', of)).toMatchObject({ sharedOri: 'yes' });
    expect(attributesOf(landmarkOris.vendorHosted, 'WA', of)).toMatchObject({ vendorHosted: 'yes' });
    expect(attributesOf(landmarkOris.motorVehicles, 'WA', of)).toMatchObject({ level: 'state', mission: ['motorVehicles'], criminalJustice: 'no' });
    expect(attributesOf(landmarkOris.certifiedPolice, 'NY', of).certified).toContain('noCivilImmigrationUse');
    expect(attributesOf(landmarkOris.certifiedPolice, 'WA', of).certified).toEqual(['none']);
    expect(attributesOf(landmarkOris.lapsedPolice, 'NY', of).certified).toEqual(['none']);
    expect(attributesOf(landmarkOris.uncertifiedPolice, 'NY', of).certified).toEqual(['none']);
    expect(attributesOf(landmarkOris.coloradoPolice, 'CO', of).certified).toEqual(['noCivilImmigrationUse', 'permissibleUse']);
  });
});
