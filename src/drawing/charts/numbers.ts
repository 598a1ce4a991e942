/** `5,204,331`. */
export function exact(value: number): string {
  return value.toLocaleString('en-US');
}

/** Short enough for an axis or a tile: `950`, `1.2k`, `34k`, `5.2M`. */
export function short(value: number): string {
  for (const [unit, letter] of [[1e9, 'B'], [1e6, 'M'], [1e3, 'k']] as const) {
    const scaled = value / unit;
    // What would round to a thousand of a unit is one of the next.
    if (Math.abs(scaled) >= 0.9995) return `${Math.abs(scaled) < 9.95 ? scaled.toFixed(1).replace(/\.0$/, '') : Math.round(scaled)}${letter}`;
  }
  return String(Math.round(value));
}

/** `2026-03` as `Mar`, with the year where it begins; any other text as it is. */
export function monthShort(point: string, withYear: boolean): string {
  const found = /^(\d{4})-(\d{2})$/.exec(point);
  if (found === null) return point;
  const name = new Date(`${point}-01T00:00:00Z`).toLocaleDateString('en-US', { month: 'short', timeZone: 'UTC' });
  return withYear ? `${name} ${found[1] ?? ''}` : name;
}

/** `2026-03` as `March 2026`. */
export function monthLong(point: string): string {
  if (!/^\d{4}-\d{2}$/.test(point)) return point;
  return new Date(`${point}-01T00:00:00Z`).toLocaleDateString('en-US', { month: 'long', year: 'numeric', timeZone: 'UTC' });
}
