import type { LimitPeriod } from './document.ts';

/** One calendar hour, day, ISO week or month in UTC: what a limit counts within. */
export interface LimitWindow {
  /** `2026-11-22T12`, `2026-11-22`, `2026-W47` or `2026-11`: the same for every instant in it, and different for every kind. */
  readonly name: string;
  /** The first instant that is no longer in it, milliseconds since 1970. */
  readonly endsAt: number;
}

const hourLength = 3_600_000;
const dayLength = 86_400_000;

/** The window of a kind that an instant lies in. `at` is in milliseconds since 1970. */
export function windowOf(per: LimitPeriod, at: number): LimitWindow {
  const text = new Date(at).toISOString();
  const name = per === 'hour' ? text.slice(0, 13) : per === 'day' ? text.slice(0, 10) : per === 'month' ? text.slice(0, 7) : weekName(at);
  return { name, endsAt: windowEnd(name) ?? at };
}

/** When a window of this name ends, milliseconds since 1970; null where no window has the name. */
export function windowEnd(name: string): number | null {
  const parts = /^(\d{4})-(?:W(\d\d)|(\d\d)(?:-(\d\d)(?:T(\d\d))?)?)$/.exec(name);
  if (parts === null) return null;
  const [, year, week, month, day, hour] = parts;
  const end = week === undefined ? calendarEnd(Number(year), Number(month), day, hour) : firstMonday(Number(year)) + Number(week) * 7 * dayLength;
  return Number.isFinite(end) ? end : null;
}

function calendarEnd(year: number, month: number, day: string | undefined, hour: string | undefined): number {
  if (day === undefined) return Date.UTC(year, month, 1);
  if (hour === undefined) return Date.UTC(year, month - 1, Number(day)) + dayLength;
  return Date.UTC(year, month - 1, Number(day), Number(hour)) + hourLength;
}

/** ISO 8601: a week belongs to the year that its Thursday is in. */
function weekName(at: number): string {
  const day = Math.floor(at / dayLength) * dayLength;
  const thursday = day + (3 - daysSinceMonday(day)) * dayLength;
  const year = new Date(thursday).getUTCFullYear();
  const week = Math.floor((thursday - firstMonday(year)) / (7 * dayLength)) + 1;
  return `${year}-W${String(week).padStart(2, '0')}`;
}

/** The Monday of the first week of a year: the week with 4 January in it. */
function firstMonday(year: number): number {
  const fourth = Date.UTC(year, 0, 4);
  return fourth - daysSinceMonday(fourth) * dayLength;
}

function daysSinceMonday(at: number): number {
  return (new Date(at).getUTCDay() + 6) % 7;
}
