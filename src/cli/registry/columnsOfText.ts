/** Rows as text with aligned columns, two spaces apart. A cell is cut at `widest` characters; the last column never is. */
export function align(rows: readonly (readonly string[])[], widest = 60): string {
  const cut = rows.map((row) => row.map((cell, place) => (place < row.length - 1 && cell.length > widest ? `${cell.slice(0, widest - 1)}…` : cell)));
  const widths: number[] = [];
  for (const row of cut) row.forEach((cell, place) => { widths[place] = Math.max(widths[place] ?? 0, place < row.length - 1 ? cell.length : 0); });
  return cut.map((row) => row.map((cell, place) => cell.padEnd(widths[place] ?? 0)).join('  ').trimEnd()).join('\n');
}

export { count } from '../../vocabulary/counts.ts';
