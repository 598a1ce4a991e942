import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DecisionEntry, VerdictEntry } from '../../model/index.ts';
import type { ArchiveSession } from '../archive/types.ts';
import { readPeriod } from '../period.ts';
import { firstVerdicts, inventedDecisions, inventedVerdicts, memorySession, testNames, type Indexed } from './cases.ts';
import { rowsBehind } from './behind.ts';
import { readBy, readConditions } from './conditions.ts';
import { dimensionFacts } from './dimensions.ts';
import { entryLines, entryMeets } from './entryWords.ts';
import { otherKey, tabulate } from './tabulate.ts';
import { dimensions, type Condition, type Dimension, type StatQuery, type StatTable } from './types.ts';

const decisions = inventedDecisions(3_000);
const verdicts = inventedVerdicts(decisions);
const verdictOn = firstVerdicts(verdicts);
const year = readPeriod('2025-10..2026-09', 0);
let session: ArchiveSession;
beforeAll(async () => {
  session = await memorySession(decisions, year, { verdicts });
});
afterAll(() => session.close());

const query = (by: string, where: readonly string[] = [], more: Partial<StatQuery> = {}): StatQuery => ({ by: readBy(by), where: readConditions(where).where, compare: false, limit: null, ...more });
const asked = (by: string, where: readonly string[] = [], more: Partial<StatQuery> = {}): Promise<StatTable> => tabulate(session, query(by, where, more), { names: testNames });

/** The same counted one by one, as `n records`. */
function counted(entries: readonly Indexed[], { by, where }: StatQuery): Map<string, string> {
  const found = new Map<string, [number, number]>();
  for (const { entry } of entries) {
    const verdict = verdictOn.get(entry.id) ?? null;
    if (!entryMeets(entry, where, verdict)) continue;
    for (const line of entryLines(entry, by, true, verdict)) {
      const [n, records] = found.get(line) ?? [0, 0];
      found.set(line, [n + 1, records + recordsOf(entry, verdict)]);
    }
  }
  return new Map([...found].map(([line, counts]) => [line, counts.join(' ')]));
}

/** Said here once more in plain words, and not by what is tested: the same records may be given in two parts. */
function recordsOf(entry: DecisionEntry, verdict: VerdictEntry | null): number {
  return entry.ticket !== null && verdict !== null && verdict.records > entry.records ? verdict.records : entry.records;
}

describe('a table', () => {
  it('counts as whoever counts entry by entry, whatever is crossed and asked', async () => {
    const condition = fc.constantFrom(...dimensions).chain((dimension) => fc.record<Condition>({ dimension: fc.constant(dimension), words: fc.uniqueArray(wordOf(dimension), { minLength: 1, maxLength: 3 }), not: fc.boolean() }));
    const by = fc.uniqueArray(fc.constantFrom(...dimensions), { maxLength: 2 }).map((of) => of.map((dimension) => (dimension === 'organisation' ? { dimension, depth: 2 } : { dimension })));
    await fc.assert(fc.asyncProperty(by, fc.array(condition, { maxLength: 3 }), async (of, where) => {
      const one: StatQuery = { by: of, where, compare: false, limit: null };
      const table = await tabulate(session, one, { names: testNames });
      expect(new Map(table.rows.map(({ keys, n, records }) => [keys.join('\n'), `${n} ${records}`]))).toEqual(counted(decisions, one));
      expect(table.total.n).toBe(decisions.filter(({ entry }) => entryMeets(entry, where, verdictOn.get(entry.id))).length);
      if (!table.overlapping && of.length > 0) expect(table.rows.reduce((sum, { n }) => sum + n, 0)).toBe(table.total.n);
    }), { numRuns: 120 });
  });

  it('says that lines overlap where an entry has several words', async () => {
    const table = await asked('released');
    expect(table.overlapping).toBe(true);
    expect(table.rows.map(({ words }) => words[0])).toContain('nothing');
    expect(table.total.n).toBe(3_000);
    expect((await asked('status')).overlapping).toBe(false);
  });

  it('stands in the order of time and of the vocabulary, else the greatest first', async () => {
    expect((await asked('month')).rows.map(({ keys }) => keys[0])).toEqual(['2025-10', '2025-11', '2025-12', '2026-01', '2026-02', '2026-03', '2026-04', '2026-05', '2026-06', '2026-07', '2026-08', '2026-09']);
    const numbers = (await asked('agency')).rows.map(({ n }) => n);
    expect(numbers).toEqual([...numbers].sort((a, b) => b - a));
    expect((await asked('organisation:1')).rows.map(({ keys }) => keys[0]).sort()).toEqual(['us', 'zx']);
  });

  it('adds up in one line what is beyond the limit', async () => {
    const all = await asked('agency,month');
    const some = await asked('agency,month', [], { limit: 5 });
    expect(some.rows).toHaveLength(6);
    expect(some.rows[5]?.keys).toEqual([otherKey, otherKey]);
    expect(some.rows.reduce((sum, { n }) => sum + n, 0)).toBe(all.total.n);
  });

  it('carries period, zone, newest entry and what is left out, and the command that gives it again', async () => {
    const { facts, command } = await asked('party,released', ['organisation=us/dhs', 'status!=refused'], { limit: 3, compare: true });
    expect(facts).toMatchObject({ dataset: 'ledger', kind: 'ledger', owners: ['ZY', 'ZX'], timeZone: 'UTC', newest: decisions.at(-1)?.entry.at });
    expect(command).toBe(`weir stats all --by party,released --where 'organisation=us/dhs' --where 'status!=refused' --period 2025-10..2026-09 --compare --limit 3 --log ledger`);
  });
});

describe('a held request', () => {
  it('stays one decision of its own time, and was given what came late', async () => {
    const all = await asked('');
    expect(all.total.n).toBe(3_000);
    const held = decisions.filter(({ entry }) => entry.ticket !== null);
    const late = held.filter(({ entry }) => verdictOn.get(entry.id)?.released.includes('photo') === true && !entry.released.includes('photo'));
    expect(late.length).toBeGreaterThan(20);
    const given = decisions.filter(({ entry }) => entry.released.includes('photo')).length;
    expect((await asked('', ['released=photo'])).total.n).toBe(given + late.length);
    expect((await asked('verdict', ['released=photo'])).rows.reduce((sum, { n }) => sum + n, 0)).toBe(given + late.length);
    expect((await asked('', ['status=held', 'verdict!=none'])).total.n).toBe(held.filter(({ entry }) => entry.status === 'held').length);
    // A verdict of after the period belongs to the request of the period.
    const september = await session.over(readPeriod('2026-09', 0));
    const table = await tabulate(september, query('', ['verdict!=none,undecided']), { names: testNames });
    const ofSeptember = held.filter(({ entry }) => entry.at.startsWith('2026-09') && verdictOn.has(entry.id));
    expect(ofSeptember.some(({ entry }) => (verdictOn.get(entry.id)?.at ?? '') > '2026-10')).toBe(true);
    expect(table.total.n).toBe(ofSeptember.length);
  });

  it('is told apart from one that is like it but for who decided, or how', async () => {
    const one = decisions.find(({ entry }) => entry.ticket !== null);
    if (one === undefined) throw new Error('none is held');
    const alike = [0, 1, 2, 3].map((index): Indexed => ({ index, entry: { ...one.entry, id: `a-${index}` } }));
    const verdict = verdicts.find(({ verdict: how }) => how === 'refused') ?? verdicts[0]!;
    const ends = [{ who: 'clock' }, { who: 'A-X' }, { who: 'A-Y' }, { verdict: 'noRecord' as const }].map((more, n) => ({ ...verdict, ...more, id: `v-${n}`, entry: `a-${n}`, owner: one.entry.owner, at: one.entry.at }));
    const own = await memorySession(alike, year, { verdicts: ends });
    const lines = async (by: string): Promise<unknown> => (await tabulate(own, query(by), { names: testNames })).rows.map(({ keys, n }) => [...keys, n]);
    expect(await lines('decidedBy')).toEqual([['person', verdict.who === 'clock' ? 2 : 3], ['clock', verdict.who === 'clock' ? 2 : 1]]);
    expect(await lines('verdict')).toEqual([['refused', 3], ['noRecord', 1]]);
    await own.close();
  });

  it('is shown with its verdict behind a figure', async () => {
    const rows = await rowsBehind(session, readConditions(['released=photo', 'decidedBy=clock']).where, 5_000, testNames);
    const expected = decisions.filter(({ entry }) => verdictOn.get(entry.id)?.who === 'clock' && entryMeets(entry, readConditions(['released=photo']).where, verdictOn.get(entry.id)));
    expect(rows.map(({ place }) => place).sort()).toEqual(expected.map(({ index, entry }) => `${entry.owner}#${index}`).sort());
    for (const { owner, index, released, records, verdict } of rows) {
      const entry = decisions.find((one) => one.entry.owner === owner && one.index === index)?.entry;
      const end = verdictOn.get(entry?.id ?? '');
      expect(new Set(released)).toEqual(new Set([...entry?.released ?? [], ...end?.released ?? []]));
      expect([records, verdict]).toEqual([Math.max(entry?.records ?? 0, end?.records ?? 0), end?.verdict]);
    }
  });
});

describe('comparison', () => {
  it('is with the period before and the year before, and null where the data set does not reach back', async () => {
    const quarter = await session.over(readPeriod('2026-Q1', 0));
    const { rows, total } = await tabulate(quarter, query('month', [], { compare: true }), { names: testNames });
    const of = (months: readonly string[]): number => decisions.filter(({ entry }) => months.includes(entry.at.slice(0, 7))).length;
    expect(total).toMatchObject({ n: of(['2026-01', '2026-02', '2026-03']), before: of(['2025-10', '2025-11', '2025-12']), yearBefore: null });
    expect(rows.map(({ keys, before, yearBefore }) => [keys[0], before, yearBefore])).toEqual([['2026-01', of(['2025-10']), null], ['2026-02', of(['2025-11']), null], ['2026-03', of(['2025-12']), null]]);
  });

  it('keeps a line of what was asked then and is not now', async () => {
    const then = decisions.filter(({ entry }) => entry.requester.ori !== 'ZXFBI0010' || entry.at < '2026-01');
    const own = await memorySession(then, readPeriod('2026-Q1', 0));
    const { rows } = await tabulate(own, query('agency', [], { compare: true }), { names: testNames });
    const gone = rows.find(({ keys }) => keys[0] === 'ZXFBI0010');
    expect(gone?.n).toBe(0);
    expect(gone?.before).toBeGreaterThan(0);
    await own.close();
  });
});

describe('policy changes', () => {
  it('are seen in the entries where none is on record', async () => {
    const { changes } = (await asked('status')).facts;
    expect(changes.map(({ owner, version, at }) => [owner, version, at.slice(0, 10)]).sort()).toEqual([['ZX', 2, '2026-04-01'], ['ZY', 2, '2026-04-01']]);
  });

  it('come from the anchor log where they are, at the first day that they decide', async () => {
    const own = await memorySession(decisions, year, { events: [['2025-01-01', 'policyActivated', 'ZY 1', 'a', '{"effective":"2025-01-01"}'], ['2026-03-20 10:00:00', 'policyActivated', 'ZY 2', 'b', '{"effective":"2026-04-01"}'], ['2026-05-01', 'policyActivated', 'ZX 2', 'c', '{}'], ['2026-05-01', 'claimsProved', 'ZX 2', 'c', '{}']] });
    const { changes } = (await tabulate(own, query('status'), { names: testNames })).facts;
    expect(changes).toEqual([{ at: '2026-04-01T00:00:00.000Z', owner: 'ZY', version: 2, hash: 'b' }, { at: '2026-05-01T00:00:00.000Z', owner: 'ZX', version: 2, hash: 'c' }]);
    await own.close();
  });
});

function wordOf(dimension: Dimension): fc.Arbitrary<string> {
  const { words } = dimensionFacts[dimension];
  if (words !== null) return fc.constantFrom(...words);
  const free: Readonly<Partial<Record<Dimension, readonly string[]>>> = {
    owner: ['ZY', 'ZX', 'ZW'], month: ['2025-10', '2026-04'], day: ['2026-01-05', '2026-02-07'], agency: ['ZX0010000', 'ZXICE0010'], organisation: ['us', 'us/dhs/ice', 'zx', 'zx/sample'], rule: ['ZY-7', 'ZX-1', 'none'], policyVersion: ['1', '2', 'none'],
  };
  return fc.constantFrom(...(free[dimension] ?? ['x']));
}
