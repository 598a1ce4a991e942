/** `1 April 2026`, UTC. */
export function dayWords(at: string): string {
  return new Date(at).toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });
}

/** `1 April 2026, 13:05 UTC`. */
export function timeWords(at: string): string {
  return `${dayWords(at)}, ${new Date(at).toISOString().slice(11, 16)} UTC`;
}

/** `April 2026`. */
export function monthWords(month: string): string {
  return new Date(`${month}-01T00:00:00Z`).toLocaleDateString('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' });
}
