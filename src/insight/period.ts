import { ArchiveError, type Period } from './archive/types.ts';

const day = 86_400_000;

/**
 * Reads a period, in days of UTC: `2026`, `2026-Q3`, `2026-10`, `2026-10-03`, two of these with `..` between (both included),
 * `last-month`, `last-N-days`, `last-N-months` (whole months before the one of `now`). Throws `ARCHIVE_QUESTION`.
 */
export function readPeriod(text: string, now: number): Period {
  const asked = text.trim();
  const last = /^last-(?:(\d{1,4})-)?(days?|months?)$/.exec(asked);
  if (last !== null) return lastPeriod(asked, Number(last[1] ?? 1), (last[2] ?? '').startsWith('day'), now);
  const [first = '', second, more] = asked.split('..');
  const from = stretch(first);
  const to = second === undefined ? from : stretch(second);
  if (from === null || to === null || more !== undefined || from.from >= to.to) {
    throw new ArchiveError('ARCHIVE_QUESTION', `\`${text}\` is no period: give 2026, 2026-Q3, 2026-10, 2026-10-03, two of these with .. between, last-month, last-30-days or last-12-months`);
  }
  return { from: from.from, to: to.to, text: asked };
}

/** The same length just before. A period of whole months is compared with as many whole months. */
export function periodBefore(period: Period): Period {
  const months = wholeMonths(period);
  const from = months === null ? period.from - (period.to - period.from) : addMonths(period.from, -months);
  return named(from, period.from);
}

/** The same days a year before. */
export function yearBefore(period: Period): Period {
  return named(addMonths(period.from, -12), addMonths(period.to, -12));
}

/** How many whole months of UTC it is; null where it is not. */
export function wholeMonths({ from, to }: Pick<Period, 'from' | 'to'>): number | null {
  const [a, b] = [new Date(from), new Date(to)];
  if (a.getUTCDate() !== 1 || b.getUTCDate() !== 1 || from % day !== 0 || to % day !== 0) return null;
  return (b.getUTCFullYear() - a.getUTCFullYear()) * 12 + b.getUTCMonth() - a.getUTCMonth();
}

/** `1 October 2025 to 30 September 2026`: both days are in it. */
export function periodWords({ from, to }: Pick<Period, 'from' | 'to'>): string {
  const words = (at: number): string => new Date(at).toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });
  return to - from <= day ? words(from) : `${words(from)} to ${words(to - day)}`;
}

/** A period that `readPeriod` reads back, for a command that shows the same again. */
export function periodText({ from, to }: Pick<Period, 'from' | 'to'>): string {
  const text = (at: number): string => new Date(at).toISOString().slice(0, 10);
  const months = wholeMonths({ from, to });
  if (months === 1) return text(from).slice(0, 7);
  if (months !== null) return `${text(from).slice(0, 7)}..${text(to - day).slice(0, 7)}`;
  return to - from <= day ? text(from) : `${text(from)}..${text(to - day)}`;
}

function named(from: number, to: number): Period {
  return { from, to, text: periodText({ from, to }) };
}

function lastPeriod(text: string, count: number, days: boolean, now: number): Period {
  if (count < 1) throw new ArchiveError('ARCHIVE_QUESTION', `\`${text}\` is no period: give at least one day or month`);
  if (days) return { from: now - (now % day) - count * day, to: now - (now % day), text };
  const to = monthOf(now);
  return { from: addMonths(to, -count), to, text };
}

function monthOf(at: number): number {
  const date = new Date(at);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
}

/** 29 February becomes the 28th. */
function addMonths(at: number, months: number): number {
  const date = new Date(at);
  const first = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1);
  const length = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months + 1, 0)).getUTCDate();
  return first + (Math.min(date.getUTCDate(), length) - 1) * day + (at % day);
}

function stretch(text: string): { readonly from: number; readonly to: number } | null {
  const found = /^(\d{4})(?:-(?:Q([1-4])|(\d{2})(?:-(\d{2}))?))?$/.exec(text.trim());
  if (found === null) return null;
  const [, y = '', quarter, m, d] = found;
  const year = Number(y);
  if (quarter !== undefined) return { from: Date.UTC(year, Number(quarter) * 3 - 3, 1), to: Date.UTC(year, Number(quarter) * 3, 1) };
  if (m === undefined) return { from: Date.UTC(year, 0, 1), to: Date.UTC(year + 1, 0, 1) };
  const month = Number(m) - 1;
  if (month < 0 || month > 11) return null;
  if (d === undefined) return { from: Date.UTC(year, month, 1), to: Date.UTC(year, month + 1, 1) };
  const from = Date.UTC(year, month, Number(d));
  return new Date(from).getUTCMonth() === month && new Date(from).getUTCDate() === Number(d) ? { from, to: from + day } : null;
}
