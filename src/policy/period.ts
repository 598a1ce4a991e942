import type { Period } from './document.ts';
import { parseDay } from './quantity.ts';

/** Milliseconds since 1970: from the first, up to and without the last. Infinite where open. */
export interface Span {
  readonly from: number;
  readonly before: number;
}

/** The instants of a period of days, in UTC. */
export function span(item: Period): Span {
  const from = item.effective === null ? null : parseDay(item.effective);
  const last = item.expires === null ? null : parseDay(item.expires);
  return { from: from ?? -Infinity, before: last === null ? Infinity : last + 86_400_000 };
}

export function within(period: Span, at: number): boolean {
  return at >= period.from && at < period.before;
}
