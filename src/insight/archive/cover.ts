import { monthOf, type Manifest, type Segment, type YearRollup } from './manifest.ts';
import type { Period } from './types.ts';

/** Which files of an owner hold exactly the entries of a period. */
export interface Cover {
  /** Segments with no row outside: their rollups count. */
  readonly whole: readonly Segment[];
  /** Segments with rows on both sides of an edge: their rows in the period are counted. */
  readonly part: readonly Segment[];
  /** Rollups of years, with the months of each that lie in the period. */
  readonly years: readonly { readonly year: YearRollup; readonly months: readonly number[] }[];
  /** Those of `whole` that `years` does not have. */
  readonly beside: readonly Segment[];
}

/** Covers a period. A rollup of a year is taken where that is less to read than the rollups of its months. */
export function coverOf({ segments, years }: Pick<Manifest, 'segments' | 'years'>, { from, to }: Pick<Period, 'from' | 'to'>): Cover {
  const touched = segments.filter(({ oldest, newest }) => newest >= from && oldest < to);
  const whole = touched.filter((one) => inside(one, from, to));
  const part = touched.filter((one) => !inside(one, from, to));
  // A month is taken from its year where all of its segments are whole in the period.
  const taken = new Set(whole.map(monthOf));
  for (const segment of segments) if (!inside(segment, from, to)) taken.delete(monthOf(segment));
  const chosen = years.map((year) => ({ year, months: year.months.filter((month) => taken.has(monthText(year.year, month))) }))
    .filter(({ year, months }) => months.length > 1 && yearCost(year, months.length) < monthsCost(whole.filter((one) => months.some((month) => monthOf(one) === monthText(year.year, month)))));
  const covered = new Set(chosen.flatMap(({ year, months }) => months.map((month) => monthText(year.year, month))));
  return { whole, part, years: chosen, beside: whole.filter((one) => !covered.has(monthOf(one))) };
}

// Values that are read, and with each line what is done with it afterwards, which costs about as much as reading eight.

const lineCost = 8;

function yearCost({ rows }: YearRollup, months: number): number {
  return rows * (lineCost + 5 + 2 * months);
}

function monthsCost(segments: readonly Segment[]): number {
  return segments.reduce((sum, { rollupRows }) => sum + rollupRows * (lineCost + 7), 0);
}

/** `2026-03` */
export function monthText(year: number, month: number): string {
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}`;
}

function inside({ oldest, newest }: Segment, from: number, to: number): boolean {
  return oldest >= from && newest < to;
}
