import type { AnswerStatus } from '../../../vocabulary/index.ts';
import type { StatRow, StatTable } from '../../statistics/types.ts';

/** Requests of one period and of the two it is compared with; null where there is nothing to compare with. */
export interface Counts {
  readonly n: number;
  readonly before: number | null;
  readonly yearBefore: number | null;
}

/** The lines that match, added up. Only for tables whose lines do not overlap, or where each line stands for itself. */
export function sum({ rows, total }: StatTable, matches: (keys: readonly string[]) => boolean = () => true): Counts {
  const add = (of: (row: StatRow) => number | null): number => rows.reduce((all, row) => (matches(row.keys) ? all + (of(row) ?? 0) : all), 0);
  return { n: add(({ n }) => n), before: total.before === null ? null : add(({ before }) => before), yearBefore: total.yearBefore === null ? null : add(({ yearBefore }) => yearBefore) };
}

/** The lines added up by one of their keys, in the order of the table. */
export function foldedBy(table: StatTable, place: number): ReadonlyMap<string, Counts & { readonly words: string }> {
  const found = new Map<string, Counts & { readonly words: string }>();
  for (const { keys, words, n, before, yearBefore } of table.rows) {
    const key = keys[place] ?? '';
    const held = found.get(key);
    const plus = (a: number | null, b: number | null): number | null => (a === null && b === null ? null : (a ?? 0) + (b ?? 0));
    found.set(key, { words: words[place] ?? key, n: (held?.n ?? 0) + n, before: plus(held?.before ?? null, before), yearBefore: plus(held?.yearBefore ?? null, yearBefore) });
  }
  return found;
}

/** Something was given. */
export const given: ReadonlySet<string> = new Set<AnswerStatus>(['answered', 'answeredInPart']);

/** The months of a period as `2026-03`, from first to last. */
export function monthsOf({ from, to }: { readonly from: number; readonly to: number }): readonly string[] {
  const months: string[] = [];
  const first = new Date(from);
  for (let at = Date.UTC(first.getUTCFullYear(), first.getUTCMonth(), 1); at < to && months.length < 120; at = Date.UTC(new Date(at).getUTCFullYear(), new Date(at).getUTCMonth() + 1, 1)) months.push(new Date(at).toISOString().slice(0, 7));
  return months;
}

/** How far into the months of a period a day is: 3.5 is the middle of the fourth. */
export function placeInMonths(at: string, months: readonly string[]): number | null {
  const month = months.indexOf(at.slice(0, 7));
  if (month < 0) return null;
  const [year = 0, number = 1] = at.slice(0, 7).split('-').map(Number);
  return month + (Number(at.slice(8, 10)) - 1) / new Date(Date.UTC(year, number, 0)).getUTCDate();
}
