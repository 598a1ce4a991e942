import type { Aggregate, Position, ReleaseTable } from '../../publish/index.ts';
import { cellsOf } from '../../publish/index.ts';
import type { Snapshot } from './system.ts';
import type { TruthTable } from './truth.ts';

/** Chance that can be had again: mulberry32. For tests and measurements. */
export function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export interface SampleShape {
  readonly groups: readonly string[];
  readonly purposes: number;
  readonly classes: number;
  /** How many requests a group makes in a month, given chance. */
  readonly size: (group: number, random: () => number) => number;
}

const statuses = ['answered', 'answeredInPart', 'held', 'refused', 'noRecord', 'unavailable'];

/** Invented tables of one month, that agree with each other as real ones do. */
export function sampleTables(span: string, { groups, purposes, classes, size }: SampleShape, random: () => number): readonly TruthTable[] {
  const requests = groups.map((_, group) => spread(size(group, random), statuses.length, random));
  const given = requests.map(([answered = 0, part = 0]) => answered + part);
  return [
    { id: 'requests', span, groups, columns: statuses, counts: requests },
    { id: 'purposes', span, groups, columns: names('purpose', purposes), counts: requests.map((line) => spread(line.reduce((a, b) => a + b, 0), purposes, random)) },
    { id: 'released', span, groups, columns: names('class', classes), counts: given.map((n) => names('', classes).map((_, place) => (place === 0 ? n : Math.floor(n * random() ** 2)))) },
    { id: 'holds', span, groups, columns: [], counts: requests.map(([, part = 0, held = 0]) => [held + Math.floor(part * random())]) },
  ];
}

/** The same tables after entries came late: `more` is added to one outcome, one purpose and one class of a group. */
export function withLate(tables: readonly TruthTable[], group: number, more: number): readonly TruthTable[] {
  return tables.map((table) => ({ ...table, counts: table.counts.map((line, row) => line.map((n, place) => (row === group && place === 0 && table.id !== 'holds' ? n + more : n))) }));
}

/** What tests need of an aggregate: its tables, axes, version and threshold. */
export function sampleAggregate(version: number, truth: readonly TruthTable[], tables: readonly ReleaseTable[], threshold = 10): Aggregate {
  const columns = (id: string): { id: string; words: string }[] => (truth.find((table) => table.id === id)?.columns ?? []).map((one) => ({ id: one, words: one }));
  return {
    weirAggregate: 1, owner: 'ZY', ownerName: 'Zyland', version, period: { from: '2026-10-01', to: '2026-11-01', text: '2026-10' }, timeZone: 'UTC', preparedAt: '2026-11-20T10:00:00.000Z', preparedBy: 'Privacy office',
    engine: '0.1.0', threshold, dataset: { name: 'sample', kind: 'invented', label: 'an invented month', lacks: [] }, newest: '2026-10-31', archivedTo: 1000, earlier: [], corrects: null,
    axes: { groups: (truth[0]?.groups ?? []).map((id) => ({ id, words: id })), columns: { requests: columns('requests'), purposes: columns('purposes'), released: columns('released'), holds: [] } },
    tables, leftOut: [], policy: null, changes: [], checkpoints: [], review: 'Not yet: no verdict is in this log.', gaps: ['Invented.'], licence: { name: 'CC0-1.0', title: 'CC0', path: 'https://creativecommons.org/publicdomain/zero/1.0/' },
  };
}

/** A release that was published, as what the next one is checked against. */
export function sampleSnapshot(aggregate: Aggregate, truth: readonly TruthTable[]): Snapshot {
  return { name: `version ${aggregate.version}`, tables: truth, published: new Map(aggregate.tables.flatMap((table) => [...cellsOf(aggregate, table)].map(({ position, cell }): [Position, typeof cell] => [position, cell]))) };
}

/** `total` in `parts`, skewed: much in some, nothing in others. */
function spread(total: number, parts: number, random: () => number): number[] {
  const weights = Array.from({ length: parts }, () => (random() < 0.25 ? 0 : random() ** 4));
  const sum = weights.reduce((a, b) => a + b, 0);
  const counts = weights.map((weight) => (sum === 0 ? 0 : Math.floor((total * weight) / sum)));
  counts[0] = (counts[0] ?? 0) + total - counts.reduce((a, b) => a + b, 0);
  return counts;
}

function names(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, place) => `${prefix}${place}`);
}
