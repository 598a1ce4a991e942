import type { Ink } from '../inks.ts';

/** What is drawn, as data. Each kind has a drawing and a twin made from the same. */
export type Chart = LineChart | BarChart | StackChart | MultiplesChart | TileChart;

interface Common {
  /** A few words; also the heading of the table. */
  readonly title: string;
  /** A sentence or two: what a reader would see. */
  readonly description: string;
  /** What is counted, in the plural: `requests`. */
  readonly unit: string;
}

/** Something that happened, and is marked across a chart over time. `at` is the point, and how far into it: 3.5 is the middle of the fourth. */
export interface ChartMark {
  readonly at: number;
  readonly label: string;
}

/** Series over the same points on one scale from zero. */
export interface LineChart extends Common {
  readonly chart: 'line';
  readonly points: readonly string[];
  readonly series: readonly { readonly name: string; readonly values: readonly (number | null)[] }[];
  readonly marks: readonly ChartMark[];
}

/** Horizontal bars. `null` is what is not said. */
export interface BarChart extends Common {
  readonly chart: 'bars';
  readonly rows: readonly { readonly label: string; readonly value: number | null; readonly note?: string }[];
}

/** Shares of a whole, side by side: one bar for each row. */
export interface StackChart extends Common {
  readonly chart: 'stack';
  readonly parts: readonly { readonly name: string; readonly ink: Ink }[];
  /** One value for each part. */
  readonly rows: readonly { readonly label: string; readonly values: readonly number[] }[];
}

/** The same small line for several, each on a scale of its own. */
export interface MultiplesChart extends Common {
  readonly chart: 'multiples';
  readonly points: readonly string[];
  readonly panels: readonly { readonly label: string; readonly values: readonly (number | null)[] }[];
  readonly marks: readonly ChartMark[];
}

/** One tile of equal size for each of the 56 jurisdictions. The direction is one or the other, and stands in the title. */
export interface TileChart extends Common {
  readonly chart: 'tiles';
  readonly direction: 'asked of' | 'asked by';
  /** By two letters. What is not there is null: not said. */
  readonly values: Readonly<Record<string, number | null>>;
  /** One tile that is outlined: the owner itself. */
  readonly own: string | null;
}
