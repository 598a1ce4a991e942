import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ArchiveSession } from '../archive/types.ts';
import { readPeriod } from '../period.ts';
import { inventedDecisions, memorySession, testNames, type Indexed } from './cases.ts';
import { readBy, readConditions } from './conditions.ts';
import { dimensionFacts } from './dimensions.ts';
import { entryLines, entryMeets } from './entryWords.ts';
import { otherKey, tabulate } from './tabulate.ts';
import { dimensions, type Condition, type Dimension, type StatQuery, type StatTable } from './types.ts';

const decisions = inventedDecisions(3_000);
const year = readPeriod('2025-10..2026-09', 0);
let session: ArchiveSession;
beforeAll(async () => {
  session = await memorySession(decisions, year);
});
afterAll(() => session.close());

const query = (by: string, where: readonly string[] = [], more: Partial<StatQuery> = {}): StatQuery => ({ by: readBy(by), where: readConditions(where).where, compare: false, limit: null, ...more });
const asked = (by: string, where: readonly string[] = [], more: Partial<StatQuery> = {}): Promise<StatTable> => tabulate(session, query(by, where, more), { names: testNames });

/** The same counted one by one. */
function counted(entries: readonly Indexed[], { by, where }: StatQuery): Map<string, number> {
  const found = new Map<string, number>();
  for (const { entry } of entries) if (entryMeets(entry, where)) for (const line of entryLines(entry, by, true)) found.set(line, (found.get(line) ?? 0) + 1);
  return found;
}

describe('a table', () => {
  it('counts as whoever counts entry by entry, whatever is crossed and asked', async () => {
    const condition = fc.constantFrom(...dimensions).chain((dimension) => fc.record<Condition>({ dimension: fc.constant(dimension), words: fc.uniqueArray(wordOf(dimension), { minLength: 1, maxLength: 3 }), not: fc.boolean() }));
    const by = fc.uniqueArray(fc.constantFrom(...dimensions), { maxLength: 2 }).map((of) => of.map((dimension) => (dimension === 'organisation' ? { dimension, depth: 2 } : { dimension })));
    await fc.assert(fc.asyncProperty(by, fc.array(condition, { maxLength: 3 }), async (of, where) => {
      const one: StatQuery = { by: of, where, compare: false, limit: null };
      const table = await tabulate(session, one, { names: testNames });
      expect(new Map(table.rows.map(({ keys, n }) => [keys.join('\n'), n]))).toEqual(counted(decisions, one));
      expect(table.total.n).toBe(decisions.filter(({ entry }) => entryMeets(entry, where)).length);
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
