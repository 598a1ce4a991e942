const millisecondsPerDay = 86_400_000;

/** A day as a whole number of days since 1970, UTC. */
export type Day = number;

/** The day, UTC, in which a moment lies. */
export function dayOf(at: Date): Day {
  return Math.floor(at.getTime() / millisecondsPerDay);
}

/** The day that `YYYY-MM-DD` names. The text is known to be a date (`isDate`). */
export function dayOfText(text: string): Day {
  return Date.parse(text) / millisecondsPerDay;
}

/** A day as `YYYY-MM-DD`. */
export function textOfDay(day: Day): string {
  return new Date(day * millisecondsPerDay).toISOString().slice(0, 10);
}

/** True for a day that exists, years 1000 to 9999: 2025-02-30 is none. */
export function isDate(text: string): boolean {
  if (!/^[1-9]\d{3}-\d{2}-\d{2}$/.test(text)) return false;
  const parsed = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(text);
}

/** True from `since` to `until`, both days included; null is open. Dates of this form compare as texts, without being read. */
export function inForce(row: { readonly since: string; readonly until: string | null }, date: string): boolean {
  return row.since <= date && (row.until === null || date <= row.until);
}
