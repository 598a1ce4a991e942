import { isMonth, monthOf, type Segment } from './manifest.ts';

/** Days or months that become one segment each. Half open, milliseconds since 1970. */
export interface Stretch {
  /** `2026-10` or `2026-10-03`. */
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

const day = 86_400_000;

/**
 * Which segments the rows of a batch become: a month that is over by the newest of them becomes one, and every month with `monthly`; else each day.
 * A month that has days already goes on by days, until it is compacted.
 */
export function stretchesOf(days: readonly number[], sealed: readonly Segment[], monthly: boolean): readonly Stretch[] {
  const newest = dayText(Math.max(...days)).slice(0, 7);
  const found = new Map<string, Stretch>();
  for (const at of [...days].sort((a, b) => a - b)) {
    const month = dayText(at).slice(0, 7);
    const whole = (monthly || month < newest) && !sealed.some((one) => !isMonth(one) && monthOf(one) === month);
    const text = whole ? month : dayText(at);
    found.set(text, whole ? monthStretch(month) : { text, from: at, to: at + day });
  }
  return [...found.values()];
}

/** `2026-10`, as a stretch. */
export function monthStretch(month: string): Stretch {
  const from = Date.parse(`${month}-01`);
  const date = new Date(from);
  return { text: month, from, to: Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1) };
}

/** `2026-10-03` of milliseconds. */
export function dayText(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
