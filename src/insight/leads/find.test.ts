import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readingLevel } from '../../policy/sentence/readingLevel.ts';
import { openSession } from '../archive/session.ts';
import type { ArchiveSession } from '../archive/types.ts';
import { ask, blockedAt, day, nameOf, ordinaryYear, randomOf, testOffices, testWorld, userNameOf, userTag, writeAsks, yearFrom, yearTo, type Ask, type TestOffice } from './cases.ts';
import { findLeads, findRows, kindOfId } from './find.ts';
import { measureLeads } from './measure.ts';
import { leadKinds, type LeadKind, type LeadReport, type PlantedCase } from './types.ts';
import { hexTag } from './words.ts';

const offices = testOffices(240);
const world = testWorld(offices);
const period = { from: yearFrom, to: yearTo, text: '2025-11..2026-10' };
const opened: ArchiveSession[] = [];
let archive = '';

beforeAll(async () => { archive = await mkdtemp(join(tmpdir(), 'weir-leads-')); });
afterAll(async () => {
  for (const session of opened) await session.close();
  await rm(archive, { recursive: true, force: true });
});

async function sessionOf(asks: readonly Ask[], name: string, more: Parameters<typeof writeAsks>[2] = {}): Promise<ArchiveSession> {
  const session = await openSession({ folder: await writeAsks(archive, asks, { name, ...more }), owners: 'all', period, memoryMb: 512 });
  opened.push(session);
  return session;
}

/** An office of a kind, not used by another case. */
const taken = new Set<string>();
function officeWith(test: (office: TestOffice) => boolean): TestOffice {
  const found = offices.find((office) => !office.nameless && !taken.has(office.ori) && office.users >= 4 && office.weight > 0.02 && office.weight < 0.4 && test(office));
  if (found === undefined) throw new Error('the test has no such office');
  taken.add(found.ori);
  return found;
}

/** One planted case of each kind, and how `planted.json` would tell it. */
function plant(random: () => number): { readonly asks: Ask[]; readonly cases: PlantedCase[] } {
  const asks: Ask[] = [];
  const cases: PlantedCase[] = [];
  const one = (kind: LeadKind, office: TestOffice | null, user: number | null, made: readonly Ask[]): void => {
    asks.push(...made);
    cases.push({ kind, owner: 'WA', ori: office?.ori ?? null, user: office === null || user === null ? null : hexTag(userTag(office, user)), from: '2025-11-01', to: '2026-10-31', count: made.length });
  };
  const times = (n: number, make: (i: number) => Ask): Ask[] => Array.from({ length: n }, (_, i) => make(i));
  const noon = (d: number): number => yearFrom + d * day + 20 * 3_600_000;
  const person = (i: number): Partial<Ask> => ({ key: 'DQ', subject: `planted ${i}`, name: nameOf(5e6 + i), sex: 'F' });
  let office = officeWith(({ patrol }) => patrol);
  one('self', office, 0, times(8, (i) => ask(office, 0, noon(30 + 9 * i), random, { key: 'DQ', name: userNameOf(office, 0), subject: 'me' })));
  office = officeWith(({ patrol }) => patrol);
  one('colleague', office, 1, times(6, (i) => ask(office, 1, noon(60 + 5 * i), random, { key: 'DQ', name: userNameOf(office, 0), subject: 'colleague' })));
  office = officeWith(() => true);
  one('surname', office, 0, times(26, (i) => ask(office, 0, noon(100 + i), random, { key: 'DQ', name: [userNameOf(office, 0)[0], 500 + i], subject: `kin ${i}` })));
  one('pileOn', null, null, times(60, (i) => ask(offices[10 + (i % 45)] as TestOffice, i % 2, noon(200 + (i % 25)), random, { key: 'DQ', name: nameOf(9e6), subject: 'one person' })));
  office = officeWith(({ patrol }) => patrol);
  one('oneSex', office, 0, times(130, (i) => ask(office, 0, noon(40 + i), random, { ...person(1000 + i), sex: i % 13 === 0 ? 'M' : 'F' })));
  office = officeWith(({ patrol }) => !patrol);
// By day all the year, at night for a month: of the year it is little.
  one('offHours', office, office.users - 1, times(60, (i) => ask(office, office.users - 1, yearFrom + (150 + (i % 35)) * day + 10 * 3_600_000, random, person(2000 + i))));
  asks.push(...times(150, (i) => ask(office, office.users - 1, noon(2 * i + (i % 2)), random)));
  office = officeWith(({ cases: share, weight }) => share > 0.9 && weight > 0.05);
  one('noCase', office, office.users - 1, times(80, (i) => ask(office, office.users - 1, noon(220 + (i % 40)), random, { ...person(3000 + i), sex: i % 2 === 0 ? 'F' : 'M', cased: false })));
  office = officeWith(() => true);
  one('bulkPhotos', office, 0, times(120, (i) => ask(office, 0, noon(250 + (i % 3)) + i * 1000, random, { ...person(4000 + i), sex: i % 2 === 0 ? 'F' : 'M', photo: true })));
  office = officeWith(() => true);
  one('sweep', office, 0, times(60, (i) => ask(office, 0, noon(280) + i * 1000, random, { key: i % 2 === 0 ? 'DNQ' : 'RPQ', name: null, subject: `sweep ${i}`, sex: null })));
  office = officeWith(({ weight }) => weight < 0.1);
  one('rise', office, null, times(150, (i) => ask(office, i % office.users, noon(302 + (i % 21)), random, { sex: null, name: null })));
  office = officeWith(() => true);
  one('lapsed', office, null, [
    ...times(5, (i) => ask(office, 0, noon(10 + i), random, { certified: ['noCivilImmigrationUse'] })), ...times(12, (i) => ask(office, 1, noon(365 - 14 + i), random)),
  ]);
  office = officeWith(({ patrol }) => patrol);
  one('afterRefusal', office, 0, times(40, (i) => ask(office, 0, noon(180 + (i % 9)) + i * 60_000, random, { key: 'DQ', subject: `refused ${i % 5}`, name: nameOf(6e6 + (i % 5)), refused: true, version: 1, sex: i % 2 === 0 ? 'F' : 'M' })));
  const [ero, port] = [offices[0] as TestOffice, offices[2] as TestOffice];
  const pairs = times(20, (i) => ask(ero, i % 5, blockedAt + (4 + 5 * i) * day, random, { key: 'DQ', subject: `wanted ${i}`, name: nameOf(7e6 + i), refused: true, version: 2 }));
  asks.push(...pairs);
  one('aroundBlock', port, null, pairs.map((pair, i) => ask(port, i % 20, pair.at + (1 + (i % 40)) * 3_600_000, random, { key: 'DQ', subject: pair.subject, name: pair.name, version: 2 })));
  return { asks, cases };
}

const ordered = (asks: readonly Ask[]): Ask[] => [...asks].sort((a, b) => a.at - b.at);
const ordinary = ordinaryYear(offices, 40_000, 11, { block: true });
const planted = plant(randomOf(5));
/** In the year where the planted office was certified, all it asked before the end was certified. */
const lapsedOri = planted.cases.find(({ kind }) => kind === 'lapsed')?.ori;
const withCases = ordered([...ordinary.map((one) => one.office.ori === lapsedOri ? { ...one, certified: one.at < yearTo - 20 * day ? ['noCivilImmigrationUse'] as const : ['none'] as const } : one), ...planted.asks]);

/** Without what the order of the log alone decides. */
const plain = (report: LeadReport): unknown => ({ ...report, dataset: '', leads: report.leads.map(({ rows: { total, first, newest }, ...lead }) => ({ ...lead, total, first, newest })) });

describe('the detectors on planted cases', () => {
  let session: ArchiveSession;
  let report: LeadReport;
  beforeAll(async () => {
    session = await sessionOf(withCases, 'planted');
    report = await findLeads({ session, world, owner: 'WA' });
  });

  it('find each of them', async () => {
    const measure = await measureLeads({ session, world, owner: 'WA' }, planted.cases);
    expect(measure.kinds.filter(({ missed }) => missed.length > 0).map(({ kind }) => kind)).toEqual([]);
    expect(measure.kinds.map(({ planted: cases }) => cases)).toEqual(leadKinds.map(() => 1));
    const others = measure.kinds.filter((kind) => kind.others > 0).map(({ kind, others: n }) => `${kind} ${n}: ${report.leads.filter((lead) => lead.kind === kind).map(({ seen }) => seen).join(' ')}`);
    expect(others, others.join(', ')).toEqual([]);
  });

  it('name the entries behind each, and how to open them', async () => {
    expect(report.leads.find(({ kind }) => kind === 'offHours')?.seen).toMatch(/ in [A-Z][a-z]+ 2026/);
    for (const lead of report.leads) {
      expect(lead.rows.total).toBeGreaterThan(0);
      expect(lead.rows.indices).toEqual([...lead.rows.indices].sort((a, b) => a - b));
      expect(kindOfId(lead.id)).toBe(lead.kind);
      expect(lead.innocent.length).toBeGreaterThan(0);
    }
    const self = report.leads.find(({ kind }) => kind === 'self');
    const behind = await findRows({ session, world, owner: 'WA' }, self?.id ?? '', 100);
    expect(behind?.rows.map(({ index }) => index)).toEqual(self?.rows.indices);
    expect(behind?.rows).toHaveLength(8);
    expect(new Set(behind?.rows.map(({ user }) => user))).toEqual(new Set([self?.who.user]));
  });

  it('say so in words that a ninth grader reads, and accuse nobody', () => {
    for (const { seen, baseline, peers, unusual, innocent } of report.leads) {
      for (const text of [seen, baseline.text, peers.text, unusual.text, ...innocent]) {
        expect(text).not.toMatch(/NaN|undefined|null|Infinity|violat|abus|guilt|misus|suspect|\b1 (?:times|days|questions|weeks|users)\b/i);
        expect(text.at(-1)).toBe('.');
      }
      expect(readingLevel([seen, baseline.text, unusual.text, ...innocent].join(' ')).grade).toBeLessThanOrEqual(9);
    }
  });

  it('do not change with the order of the log, and ids do not change with the period', async () => {
    const random = randomOf(99);
    const shuffled = withCases.map((one) => [random(), one] as const).sort((a, b) => a[0] - b[0]).map(([, one]) => one);
    const again = await findLeads({ session: await sessionOf(shuffled, 'shuffled'), world, owner: 'WA' });
    expect(plain(again)).toEqual(plain(report));
    const shorter = await session.over({ ...period, to: yearTo - 3 * day });
    const ids = (await findLeads({ session: shorter, world, owner: 'WA' })).leads.map(({ id }) => id);
    expect(report.leads.filter(({ id }) => !ids.includes(id)).map(({ kind }) => kind)).toEqual([]);
  });

  it('keep to one agency, and to a number of each kind, and count the rest', async () => {
    const ori = planted.cases[0]?.ori ?? '';
    const own = await findLeads({ session, world, owner: 'WA' }, { agency: ori });
    expect(own.leads.length).toBeGreaterThan(0);
    expect(own.leads.every(({ who }) => who.oris.includes(ori))).toBe(true);
    const none = await findLeads({ session, world, owner: 'WA' }, { perKind: 0, kinds: ['self'] });
    expect(none.leads).toEqual([]);
    expect(none.detectors).toMatchObject([{ kind: 'self', found: 1 }]);
  });

  it('refuse an owner that is not there, and an id that is none', async () => {
    await expect(findLeads({ session, world, owner: 'OR' })).rejects.toMatchObject({ code: 'ARCHIVE_UNKNOWN' });
    await expect(findLeads({ session, world, owner: "WA' OR 1" })).rejects.toMatchObject({ code: 'ARCHIVE_UNKNOWN' });
    expect(await findRows({ session, world, owner: 'WA' }, 'self-000000000000', 10)).toBeNull();
    expect(kindOfId("self-' OR 1=1")).toBeNull();
  });
});

describe('the detectors on an ordinary year', () => {
  it('find hardly anything: not more than 1 in 1,000 agency-months, all kinds together', async () => {
    let [leads, months] = [0, 0];
    const kinds: string[] = [];
    for (const seed of [21]) {
      // An agency whose work fell to a tenth after ten weeks: those are no rise.
      const random = randomOf(seed);
      const fallen = offices[40] as TestOffice;
      const shift = Array.from({ length: 1_420 }, (_, i) => ask(fallen, i % fallen.users, yearFrom + Math.floor((i < 1_000 ? (i * 70) / 1_000 : 70 + ((i - 1_000) * 295) / 420) * day), random));
      const session = await sessionOf(ordered([...ordinaryYear(offices, 50_000, seed, { block: true }), ...shift]), `ordinary-${seed}`);
      const report = await findLeads({ session, world, owner: 'WA' }, { perKind: Infinity });
      leads += report.leads.length;
      months += report.agencyMonths;
      kinds.push(...report.leads.map(({ kind, seen }) => `${kind}: ${seen}`));
    }
    expect((1000 * leads) / months, kinds.join('\n')).toBeLessThanOrEqual(1);
  });
});

describe('a log that lacks something', () => {
  const few = ordered(ordinaryYear(offices, 3_000, 31));

  it('is told of, detector by detector', async () => {
    const session = await sessionOf(few, 'lacking', { lacks: ['user', 'status', 'evidence'], without: ['user', 'userName', 'self', 'sameSurname'] });
    const { detectors } = await findLeads({ session, world, owner: 'WA' });
    const blind = detectors.filter(({ ran }) => !ran).map(({ kind }) => kind);
    expect(blind).toEqual(['self', 'colleague', 'surname', 'oneSex', 'offHours', 'noCase', 'afterRefusal', 'aroundBlock']);
    for (const { ran, cannot } of detectors) expect(cannot === null).toBe(ran);
  });

  it('is told of where only its entries lack it', async () => {
    const session = await sessionOf(few, 'nameless', { without: ['user', 'userName', 'subject', 'subjectName', 'self', 'sameSurname', 'sex'] });
    const { detectors } = await findLeads({ session, world, owner: 'WA' });
    expect(detectors.filter(({ ran }) => !ran).map(({ kind }) => kind)).toEqual(['self', 'colleague', 'surname', 'pileOn', 'oneSex', 'offHours', 'noCase']);
  });

  it('and an empty period, too', async () => {
    const session = await sessionOf(few, 'empty');
    const report = await findLeads({ session: await session.over({ from: yearTo + 400 * day, to: yearTo + 430 * day, text: '2027-12' }), world, owner: 'WA' });
    expect(report.leads).toEqual([]);
    expect(report.detectors.every(({ ran, cannot }) => !ran && cannot !== null)).toBe(true);
  });
});
