import type { Period } from '../archive/types.ts';
import type { Met } from './tally.ts';
import { requestsOf } from './totals.ts';
import type { DeskTotal, Range, ReviewCost } from './types.ts';

/** What the holds of a draft would cost the desks that review them. */
export function reviewCost(met: readonly Met[], period: Pick<Period, 'from' | 'to'>, minutes: Range, busiestDay: ReviewCost['busiestDay']): ReviewCost {
  const count = (of: (one: Met) => boolean): number => met.filter(of).reduce((total, one) => total + requestsOf(one), 0);
  const heldThen = (one: Met): boolean => one.cells.some(({ before }) => before.outcome === 'hold');
  const heldNow = (one: Met): boolean => one.review !== null;
  const heldAfter = count(heldNow);
  const days = Math.round((period.to - period.from) / 86_400_000);
  const hours = each(minutes, (minute) => tenth((heldAfter * minute) / 60));
  return {
    heldBefore: count(heldThen), heldAfter, newlyHeld: count((one) => heldNow(one) && !heldThen(one)), noLongerHeld: count((one) => heldThen(one) && !heldNow(one)),
    days, perDay: days === 0 ? 0 : tenth(heldAfter / days), busiestDay, minutes, hours, hoursPerDay: each(hours, (hour) => (days === 0 ? 0 : tenth(hour / days))), desks: desksOf(met, heldThen),
  };
}

function desksOf(met: readonly Met[], heldThen: (one: Met) => boolean): readonly DeskTotal[] {
  const desks = new Map<string, { readonly by: string; readonly withinSeconds: number; readonly onTimeout: 'deny' | 'release'; requests: number; before: number }>();
  for (const one of met) {
    const n = requestsOf(one);
    if (one.review === null || n === 0) continue;
    const key = `${one.review.by} ${one.review.withinSeconds} ${one.review.onTimeout}`;
    const known = desks.get(key) ?? { ...one.review, requests: 0, before: 0 };
    known.requests += n;
    if (heldThen(one)) known.before += n;
    desks.set(key, known);
  }
  return [...desks].sort(([a, one], [b, other]) => other.requests - one.requests || (a < b ? -1 : 1)).map(([, desk]) => desk);
}

function each(range: Range, of: (value: number) => number): Range {
  return { low: of(range.low), middle: of(range.middle), high: of(range.high) };
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}
