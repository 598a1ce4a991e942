import { delimited } from './cells.ts';

/** A column as a first look finds it: its name, and its values in the lines that were looked at. */
export interface SketchColumn {
  readonly name: string;
  readonly values: readonly string[];
}

/** The members of JSON lines by their paths; null where most lines are no JSON objects. */
export function jsonColumns(lines: readonly string[]): readonly SketchColumn[] | null {
  const objects = lines.map((line) => {
    try {
      const value: unknown = JSON.parse(line);
      return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Readonly<Record<string, unknown>> : null;
    } catch {
      return null;
    }
  }).filter((value) => value !== null);
  if (objects.length === 0 || objects.length < 0.8 * lines.length) return null;
  const columns = new Map<string, string[]>();
  objects.forEach((object, row) => walk(object, '', (path, value) => {
    let values = columns.get(path);
    if (values === undefined) columns.set(path, (values = []));
    values[row] = value;
  }, 0));
  return [...columns].map(([name, values]) => ({ name, values: Array.from({ length: objects.length }, (_, row) => values[row] ?? '') }));
}

function walk(object: Readonly<Record<string, unknown>>, path: string, see: (path: string, value: string) => void, depth: number): void {
  for (const [name, value] of Object.entries(object)) {
    const at = path === '' ? name : `${path}.${name}`;
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') see(at, String(value));
    else if (Array.isArray(value)) see(at, value.filter((one) => typeof one === 'string').join(' '));
    else if (typeof value === 'object' && value !== null && depth < 6) walk(value as Readonly<Record<string, unknown>>, at, see, depth + 1);
  }
}

/** The columns of a table, by the delimiter that gives nearly all lines the same number of cells, and the most; null where none does. */
export function tableColumns(lines: readonly string[]): { readonly delimiter: string; readonly header: boolean; readonly columns: readonly SketchColumn[] } | null {
  const found = [',', '\t', ';', '|'].map((delimiter) => {
    const rows = lines.map((line) => delimited(line, delimiter, '"', null)).filter((cells) => typeof cells !== 'string');
    const sizes = new Map<number, number>();
    for (const { length } of rows) sizes.set(length, (sizes.get(length) ?? 0) + 1);
    const [size = 1, times = 0] = [...sizes].sort((a, b) => b[1] - a[1])[0] ?? [];
    return { delimiter, size, rows: rows.filter(({ length }) => length === size), share: times / Math.max(1, lines.length) };
  }).filter(({ size, share }) => size >= 3 && share >= 0.8).sort((a, b) => b.size - a.size)[0];
  if (found === undefined) return null;
  const [first = [], ...rest] = found.rows;
  // A header has words, each once, and none that is a number or a time.
  const header = first.every((cell) => /^[\p{L}_][\p{L}\d _./#-]*$/u.test(cell.trim())) && new Set(first).size === first.length && !rest.slice(0, 50).some((row) => row.join() === first.join()) && first.some((cell, at) => rest.some((row) => /\d/.test(row[at] ?? '') && !/\d/.test(cell)));
  const rows = header ? rest : found.rows;
  return { delimiter: found.delimiter, header, columns: first.map((cell, at) => ({ name: header ? cell.trim() : `C${at + 1}`, values: rows.map((row) => row[at] ?? '') })) };
}

/** The runs of characters between those places at which every line is blank. */
export function fixedRuns(given: readonly string[]): readonly (SketchColumn & { readonly start: number; readonly length: number })[] {
  const sizes = new Map<number, number>();
  for (const { length } of given) sizes.set(length, (sizes.get(length) ?? 0) + 1);
  const [usual] = [...sizes].sort((a, b) => b[1] - a[1])[0] ?? [];
  // Trailers and comments have other lengths; where lines are not padded, lengths say nothing.
  const lines = usual !== undefined && (sizes.get(usual) ?? 0) > given.length / 2 ? given.filter(({ length }) => length === usual) : given;
  const width = Math.min(2_000, lines.reduce((most, { length }) => Math.max(most, length), 0));
  const used = Array.from({ length: width }, (_, at) => lines.some((line) => (line[at] ?? ' ') !== ' '));
  const runs: { name: string; start: number; length: number; values: readonly string[] }[] = [];
  for (let at = 0; at < width; at += 1) {
    if (used[at] !== true || (at > 0 && used[at - 1] === true)) continue;
    let end = at;
    while (used[end] === true) end += 1;
    runs.push({ name: `C${runs.length + 1}`, start: at + 1, length: end - at, values: lines.map((line) => line.slice(at, end)) });
  }
  return runs;
}
