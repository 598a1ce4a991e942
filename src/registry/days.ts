const millisecondsPerDay = 86_400_000;

/** A day as a whole number of days since 1970, UTC: what the registry compares dates by. */
export type Day = number;

/** The day, UTC, in which a moment lies. */
export function dayOf(at: Date): Day {
  return Math.floor(at.getTime() / millisecondsPerDay);
}

/** The day that `YYYY-MM-DD` names; NaN where it names none. */
export function dayOfText(text: string): Day {
  return isDate(text) ? Date.parse(`${text}T00:00:00Z`) / millisecondsPerDay : Number.NaN;
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

/** True from `since` to `until`, both days included; null is open. */
export function inForce(row: { readonly since: string; readonly until: string | null }, day: Day): boolean {
  return dayOfText(row.since) <= day && (row.until === null || day <= dayOfText(row.until));
}
