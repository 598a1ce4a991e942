import type { ArchiveSession, Period } from '../archive/types.ts';
import { periodBefore, periodText, wholeMonths, yearBefore } from '../period.ts';
import type { PolicyChange } from './changes.ts';
import { conditionText } from './conditions.ts';
import { dimensionFacts } from './dimensions.ts';
import { factsOf, reachesBack } from './facts.ts';
import { labelOfKey } from './labels.ts';
import { over } from './over.ts';
import { ownerInKey, tableStatement } from './statement.ts';
import type { Dimension, Facts, Names, StatQuery, StatRow, StatTable } from './types.ts';

export interface TabulateOptions {
  readonly names: Names;
  /** Versions of policies that came into force within the period, where the caller knows better than the archive. */
  readonly changes?: readonly PolicyChange[];
}

/** The key of the line that has all that is beyond the limit. */
export const otherKey = '…';

/**
 * Counts requests. An entry of which a dimension has several words counts once in each of them, and the table is then `overlapping`. Compared periods are those before, of the same
 * length, and the same a year before; a line that had entries only then stands there with `n` 0. Throws an ArchiveError where the archive is damaged.
 */
export async function tabulate(session: ArchiveSession, query: StatQuery, { names, changes }: TabulateOptions): Promise<StatTable> {
  const counted = await count(session, query);
  const before = query.compare ? await countEarlier(session, query, periodBefore(session.period)) : null;
  const year = query.compare ? await countEarlier(session, query, yearBefore(session.period)) : null;
  return tableOf(query, { facts: await factsOf(session, changes), counted, before, year, names });
}

/** What was counted: lines by their keys, joined by a line feed, and the total. */
export interface Counted {
  readonly lines: ReadonlyMap<string, { readonly n: number; readonly records: number }>;
  readonly total: { readonly n: number; readonly records: number };
}

/** A table of what was counted, wherever that was done. */
export function tableOf(query: StatQuery, { facts, counted, before, year, names }: { readonly facts: Facts; readonly counted: Counted; readonly before: Counted | null; readonly year: Counted | null; readonly names: Names }): StatTable {
  const keys = new Set([...counted.lines.keys(), ...(before?.lines.keys() ?? []), ...(year?.lines.keys() ?? [])]);
  const [only = ''] = facts.owners;
  const words = (key: string, place: number): string => {
    const dimension = query.by[place]?.dimension ?? 'owner';
    return labelOfKey(dimension, key, names, ownerInKey(dimension, facts.owners.length) ? null : only);
  };
  const rows = [...keys].map((joined): StatRow => {
    const parts = query.by.length === 0 ? [] : joined.split('\n');
    const { n, records } = counted.lines.get(joined) ?? nothing;
    return { keys: parts, words: parts.map(words), n, records, before: before === null ? null : (before.lines.get(joined)?.n ?? 0), yearBefore: year === null ? null : (year.lines.get(joined)?.n ?? 0) };
  });
  return {
    query, facts, rows: limited(inOrder(rows, query), query),
    total: { n: counted.total.n, records: counted.total.records, before: before?.total.n ?? null, yearBefore: year?.total.n ?? null },
    overlapping: query.by.some(({ dimension }) => dimensionFacts[dimension].list), command: commandOf(query, facts),
  };
}

/** The command that gives a table again. */
export function commandOf({ by, where, compare, limit }: StatQuery, { owners, period, dataset }: Pick<Facts, 'owners' | 'period' | 'dataset'>): string {
  return [
    'weir stats', owners.length === 1 ? owners[0] : 'all', ...(by.length === 0 ? [] : [`--by ${by.map(({ dimension, depth }) => (depth === undefined ? dimension : `${dimension}:${depth}`)).join(',')}`]),
    ...where.map((condition) => `--where '${conditionText(condition)}'`), `--period ${periodText(period)}`, ...(compare ? ['--compare'] : []), ...(limit === null ? [] : [`--limit ${limit}`]),
    `--log ${dataset}`,
  ].join(' ');
}

const nothing = { n: 0, records: 0 };

interface Line {
  readonly part: number;
  readonly k0: string | null;
  readonly k1: string | null;
  readonly n: number;
  readonly records: number;
}

/** One reading of the archive. */
export async function count(session: ArchiveSession, query: Pick<StatQuery, 'by' | 'where'>): Promise<Counted> {
  const { sql, parameters } = tableStatement(query, session.owners.length);
  const lines = await session.query<Line>(sql, parameters);
  const total = lines.find(({ part }) => part === 1) ?? nothing;
  const found = new Map<string, { n: number; records: number }>();
  if (query.by.length > 0) for (const { part, k0, k1, n, records } of lines) if (part === 0) found.set([k0, k1].slice(0, query.by.length).map((key) => key ?? '').join('\n'), { n, records });
  return { lines: found, total: { n: total.n, records: total.records } };
}

/** Null where the data set does not reach back so far. Months and days of then stand under those of now. */
async function countEarlier(session: ArchiveSession, query: StatQuery, period: Period): Promise<Counted | null> {
  if (!(await reachesBack(session, period))) return null;
  const { lines, total } = await over(session, period, (earlier) => count(earlier, query));
  const shifted = new Map<string, { n: number; records: number }>();
  for (const [joined, { n, records }] of lines) {
    const key = joined.split('\n').map((part, place) => moved(query.by[place]?.dimension, part, period, session.period)).join('\n');
    const held = shifted.get(key) ?? nothing;
    shifted.set(key, { n: held.n + n, records: held.records + records });
  }
  return { lines: shifted, total };
}

function moved(dimension: Dimension | undefined, key: string, from: Period, to: Period): string {
  if (dimension === 'day') return new Date(to.from + (Date.parse(`${key}T00:00:00Z`) - from.from)).toISOString().slice(0, 10);
  if (dimension !== 'month') return key;
  const [earlier, later] = [new Date(from.from), new Date(to.from)];
  const months = wholeMonths({ from: Date.UTC(earlier.getUTCFullYear(), earlier.getUTCMonth(), 1), to: Date.UTC(later.getUTCFullYear(), later.getUTCMonth(), 1) }) ?? 0;
  const [year = 0, month = 1] = key.split('-').map(Number);
  return new Date(Date.UTC(year, month - 1 + months, 1)).toISOString().slice(0, 7);
}

/** By the first dimension, then by the second: in their natural order where they have one, else the greatest first. */
function inOrder(rows: readonly StatRow[], { by }: StatQuery): StatRow[] {
  const ranks = by.map(({ dimension }, place) => ranking(rows, dimension, place));
  return [...rows].sort((a, b) => {
    for (const rank of ranks) {
      const difference = rank(a) - rank(b);
      if (difference !== 0) return difference;
    }
    return 0;
  });
}

function ranking(rows: readonly StatRow[], dimension: Dimension, place: number): (row: StatRow) => number {
  const { ordered, words } = dimensionFacts[dimension];
  const sums = new Map<string, number>();
  for (const { keys, n } of rows) sums.set(keys[place] ?? '', (sums.get(keys[place] ?? '') ?? 0) + n);
  const natural = (a: string, b: string): number => words === null ? a.localeCompare(b, 'en', { numeric: true }) : indexIn(words, a) - indexIn(words, b);
  const keys = [...sums.keys()].sort((a, b) => (ordered ? natural(a, b) : (sums.get(b) ?? 0) - (sums.get(a) ?? 0)) || (a < b ? -1 : 1));
  const ranks = new Map(keys.map((key, rank) => [key, rank]));
  return (row) => ranks.get(row.keys[place] ?? '') ?? 0;
}

function indexIn(words: readonly string[], word: string): number {
  const at = words.indexOf(word);
  return at === -1 ? words.length : at;
}

/** The lines with most entries stay, in their order; the rest is added up. */
function limited(rows: readonly StatRow[], { limit, by }: StatQuery): readonly StatRow[] {
  if (limit === null || rows.length <= limit) return rows;
  const kept = new Set([...rows].sort((a, b) => b.n - a.n || (b.before ?? 0) - (a.before ?? 0)).slice(0, Math.max(0, limit)));
  const rest = rows.filter((row) => !kept.has(row));
  const sum = (of: (row: StatRow) => number | null): number | null => rest.reduce<number | null>((total, row) => { const more = of(row); return total === null || more === null ? null : total + more; }, 0);
  const other: StatRow = {
    keys: by.map(() => otherKey), words: by.map((_, place) => (place === 0 ? `all others (${rest.length.toLocaleString('en-US')} lines)` : '')),
    n: sum(({ n }) => n) ?? 0, records: sum(({ records }) => records) ?? 0, before: sum(({ before }) => before), yearBefore: sum(({ yearBefore: of }) => of),
  };
  return [...rows.filter((row) => kept.has(row)), other];
}
