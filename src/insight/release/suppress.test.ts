import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Aggregate, ReleaseTable } from '../../publish/index.ts';
import { attack, recovered, type AttackOptions } from './attack.ts';
import { publishable } from './publishable.ts';
import { chance, sampleAggregate, sampleSnapshot, sampleTables, withLate, type SampleShape } from './samples.ts';
import type { Snapshot } from './system.ts';
import { addedUp, countsOf, type TruthTable } from './truth.ts';

const groups = ['immigration', 'ownState', 'tribal'];
const shape: SampleShape = { groups, purposes: 4, classes: 3, size: (group, random) => Math.floor(([40, 3000, 12][group] ?? 0) * random() ** 2) };
const sparse: SampleShape = { ...shape, size: (_, random) => (random() < 0.3 ? 0 : Math.floor(25 * random())) };

/** Publishes releases one after the other, each checked against those before; gives what readers have. */
async function publish(truths: readonly (readonly TruthTable[])[], seed: number, options: { readonly forgetful?: boolean } = {}): Promise<readonly Aggregate[]> {
  const releases: Aggregate[] = [];
  const snapshots: Snapshot[] = [];
  for (const truth of truths) {
    const { tables } = await publishable(truth, options.forgetful === true ? [] : snapshots, 10, { random: chance(seed) });
    const release = sampleAggregate(releases.length + 1, truth, tables);
    releases.push(release);
    snapshots.push(sampleSnapshot(release, truth));
  }
  return releases;
}

/** An insider told the attacker which numbers are the same in two versions. */
function told(truths: readonly (readonly TruthTable[])[]): AttackOptions {
  const counts = truths.map((truth) => new Map(truth.flatMap((table) => [...countsOf(table)])));
  return { unchanged: (place, [a, b]) => counts[a - 1]?.get(place) === counts[b - 1]?.get(place) };
}

async function worked(truths: readonly (readonly TruthTable[])[], releases: readonly Aggregate[], options: AttackOptions = {}): Promise<readonly unknown[]> {
  return recovered(await attack(releases, { ...told(truths), ...options }), 10);
}

function numbersIn(releases: readonly Aggregate[]): number[] {
  return releases.flatMap(({ tables }) => tables.flatMap(({ cells, rowTotals, columnTotals, total }) => [...cells.flat(), ...(rowTotals ?? []), ...columnTotals, ...(total === null ? [] : [total])])).filter((cell): cell is number => typeof cell === 'number');
}

function expectShownTrue(truths: readonly (readonly TruthTable[])[], releases: readonly Aggregate[]): void {
  for (const [at, release] of releases.entries()) {
    const { published } = sampleSnapshot(release, truths[at] ?? []);
    const counts = new Map((truths[at] ?? []).flatMap((table) => [...countsOf(table)]));
    for (const [position, cell] of published ?? []) if (typeof cell === 'number') expect(cell).toBe(counts.get(position));
  }
}

const runs = (numRuns: number): { readonly numRuns: number; readonly endOnFailure: true } => ({ numRuns, endOnFailure: true });
const seeds = fc.integer({ min: 1, max: 1_000_000 });

describe('hiding small numbers', () => {
  it('leaves nothing that a linear program can work out of one month, be it skewed or sparse', async () => {
    await fc.assert(fc.asyncProperty(seeds, async (seed) => {
      const truths = [sampleTables('2026-10', seed % 2 === 0 ? shape : sparse, chance(seed))];
      const releases = await publish(truths, seed);
      expect(numbersIn(releases).filter((n) => n >= 1 && n <= 10)).toEqual([]);
      expectShownTrue(truths, releases);
      expect(await worked(truths, releases)).toEqual([]);
    }), runs(8));
  });

  it('nor where the attacker knows that all are whole numbers', async () => {
    await fc.assert(fc.asyncProperty(seeds, async (seed) => {
      const truths = [sampleTables('2026-10', { ...sparse, groups: groups.slice(0, 2), purposes: 2, classes: 2 }, chance(seed))];
      expect(await worked(truths, await publish(truths, seed), { whole: true })).toEqual([]);
    }), runs(3));
  });

  it('nor of successive months and their totals, published apart and together', async () => {
    await fc.assert(fc.asyncProperty(seeds, async (seed) => {
      const random = chance(seed);
      const [first, second] = ['2026-09', '2026-10'].map((span) => sampleTables(span, { ...sparse, purposes: 2, classes: 2 }, random)) as [readonly TruthTable[], readonly TruthTable[]];
      const both = [...first, ...second];
      const truths = [first, [...both, ...addedUp(both, '2026-09..2026-10')], second];
      expect(await worked(truths, await publish(truths, seed))).toEqual([]);
    }), runs(2));
  });

  it('nor of a correction beside what it corrects', async () => {
    await fc.assert(fc.asyncProperty(seeds, fc.integer({ min: 1, max: 14 }), async (seed, late) => {
      const truth = sampleTables('2026-10', shape, chance(seed));
      const truths = [truth, withLate(truth, seed % 3, late)];
      const releases = await publish(truths, seed);
      expect(await worked(truths, releases)).toEqual([]);
      expect(changesShown(releases).filter((change) => change <= 10)).toEqual([]);
    }), runs(4));
  });

  it.each([[853_675, 1, 3], [853_675, 1, 10], [7, 1, 11]])('hides a change of few, and shows a change of more: chance %i, group %i, %i late', async (seed, group, late) => {
    const truth = sampleTables('2026-10', { ...shape, size: (which) => [60, 3000, 12][which] ?? 0 }, chance(seed));
    const releases = await publish([truth, withLate(truth, group, late)], seed);
    expect(changesShown(releases).filter((change) => change <= 10)).toEqual([]);
    expect(changesShown(releases).length > 0).toBe(late > 10);
  });

  it.each([[[8, 5]], [[3, 9]], [[9, 2, 2]], [[10, 10]]])('hides more where small numbers alone would narrow each other: %j', async (counts) => {
    const columns = ['answered', 'answeredInPart', 'held', 'refused', 'noRecord', 'unavailable'];
    const few: readonly TruthTable[] = [{ id: 'requests', span: '2026-10', groups: groups.slice(0, 2), columns, counts: [columns.map((_, place) => counts[place] ?? 0), [4000, 300, 0, 70, 20, 0]] }];
    expect((await worked([few], [sampleAggregate(1, few, few.map(onlySmallHidden))])).length).toBeGreaterThan(0);
    expect(await worked([few], await publish([few], 3))).toEqual([]);
  });

  it('hides what a group with a single agency, a zero or a total of one number would tell', async () => {
    const only: readonly TruthTable[] = [
      { id: 'requests', span: '2026-10', groups, columns: ['answered', 'answeredInPart', 'held', 'refused', 'noRecord', 'unavailable'], counts: [[4, 0, 0, 0, 0, 0], [900, 0, 0, 0, 100, 0], [0, 0, 0, 0, 0, 0]] },
      { id: 'purposes', span: '2026-10', groups, columns: ['a', 'b'], counts: [[4, 0], [1000, 0], [0, 0]] },
      { id: 'released', span: '2026-10', groups, columns: ['photo', 'address'], counts: [[4, 4], [900, 3], [0, 0]] },
      { id: 'holds', span: '2026-10', groups, columns: [], counts: [[0], [0], [0]] },
    ];
    const releases = await publish([only], 1);
    expect(await worked([only], releases)).toEqual([]);
    const requests = releases[0]?.tables.find(({ id }) => id === 'requests');
    expect(requests?.rowTotals?.[0]).toEqual({ hidden: 'small' });
    expect(requests?.rowTotals?.[1]).toEqual({ hidden: 'protects' });
    expect(requests?.total).toBe(1004);
  });

  it('is the same where there is nothing to hide', async () => {
    const plain = sampleTables('2026-10', { ...shape, groups: ['ownState'], purposes: 1, classes: 1, size: () => 0 }, chance(1));
    const releases = await publish([plain], 1);
    expect(numbersIn(releases).every((n) => n === 0)).toBe(true);
    expect(await attack(releases)).toEqual([]);
  });
});

describe('the attack', () => {
  it('succeeds where only small numbers are hidden, and nothing that protects them', async () => {
    const truth = sampleTables('2026-10', shape, chance(5));
    const naive = sampleAggregate(1, truth, truth.map(onlySmallHidden));
    expect((await worked([truth], [naive])).length).toBeGreaterThan(0);
  });

  it('succeeds against releases that do not know of each other', async () => {
    let found = 0;
    for (let seed = 1; seed <= 6 && found === 0; seed += 1) {
      const random = chance(seed);
      const both = ['2026-09', '2026-10'].flatMap((span) => sampleTables(span, sparse, random));
      const truths = [both.slice(0, 4), [...both, ...addedUp(both, '2026-09..2026-10')]];
      found += (await worked(truths, await publish(truths, seed, { forgetful: true }))).length;
    }
    expect(found).toBeGreaterThan(0);
  });
});

/** By how much numbers differ that two versions both show. */
function changesShown([first, second]: readonly Aggregate[]): number[] {
  const shown = (release: Aggregate | undefined): Map<string, number> => new Map([...(release === undefined ? [] : (sampleSnapshot(release, []).published ?? []))].filter((one): one is [string, number] => typeof one[1] === 'number'));
  const [before, after] = [shown(first), shown(second)];
  return [...after].flatMap(([place, n]) => { const old = before.get(place); return old === undefined || old === n ? [] : [Math.abs(n - old)]; });
}

function onlySmallHidden(table: TruthTable): ReleaseTable {
  const counts = new Map(countsOf(table));
  const cell = (group: string, column: string): number | { hidden: 'small' } => {
    const n = counts.get(`${table.id === 'purposes' && column === '*' ? 'requests' : table.id} ${table.span} ${group} ${column}`) ?? 0;
    return n >= 1 && n <= 10 ? { hidden: 'small' } : n;
  };
  const totals = table.id !== 'released';
  return {
    id: table.id, span: table.span, cells: table.groups.map((group) => table.columns.map((column) => cell(group, column))), columnTotals: table.columns.map((column) => cell('*', column)),
    rowTotals: totals ? table.groups.map((group) => cell(group, '*')) : null, total: totals ? cell('*', '*') : null,
  };
}
