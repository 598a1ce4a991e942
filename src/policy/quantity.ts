import { caps, type LimitPeriod } from './document.ts';

const units = [['d', 86_400], ['h', 3_600], ['m', 60]] as const;

/** Seconds of `4h`, `3d` or `30m`; null where the text is none of these, is nothing, or is longer than a leap year. */
export function parseDuration(text: string): number | null {
  const found = /^([1-9]\d{0,8})([dhm])$/.exec(text);
  const unit = units.find(([letter]) => letter === found?.[2]);
  if (found === null || unit === undefined) return null;
  const seconds = Number(found[1]) * unit[1];
  return seconds <= caps.seconds ? seconds : null;
}

/** The shortest way to write a duration: `1d` rather than `24h`. Whole minutes only, as `parseDuration` gives them. */
export function printDuration(seconds: number): string {
  const [letter, size] = units.find(([, length]) => seconds % length === 0) ?? units[2];
  return `${seconds / size}${letter}`;
}

/** A duration in words: `4 hours`. */
export function sayDuration(seconds: number): string {
  const [letter, size] = units.find(([, length]) => seconds % length === 0) ?? units[2];
  const count = seconds / size;
  return `${count} ${{ d: 'day', h: 'hour', m: 'minute' }[letter]}${count === 1 ? '' : 's'}`;
}

/** `50/day`: a number up to a billion, and hour, day, week or month. */
export function parseLimit(text: string): { count: number; per: LimitPeriod } | null {
  const found = /^([1-9]\d{0,9})\/(hour|day|week|month)$/.exec(text);
  if (found === null || Number(found[1]) > caps.count) return null;
  return { count: Number(found[1]), per: found[2] as LimitPeriod };
}

/** Milliseconds since 1970 of the start of a day in UTC; null where the text is no day of the calendar from 1900 to 2199. */
export function parseDay(text: string): number | null {
  if (!/^(19|20|21)\d\d-\d\d-\d\d$/.test(text)) return null;
  const at = Date.parse(`${text}T00:00:00Z`);
  return Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== text ? null : at;
}
