import { RegistryError } from '../errors.ts';
import type { Table, TableRow } from './table.ts';

/** What an importer looks for in a file. */
export interface ColumnSpec {
  /** Headings that name it, in lower case without spaces and signs; the first that is there wins. */
  readonly headings: readonly string[];
  /** What its cells look like. A column is found by this where no heading names it, and doubted where a heading names it wrongly. */
  readonly content?: (cell: string) => boolean;
  readonly required: boolean;
}

/** Where a column was found, and how. `column` is its heading in the file; null where it is not there. */
export interface ColumnFound {
  readonly name: string;
  readonly column: string | null;
  readonly by: 'heading' | 'content' | null;
}

export interface Columns<Name extends string> {
  readonly found: readonly ColumnFound[];
  /** The cell of a row, or an empty text where the file has no such column. */
  read(row: TableRow, name: Name): string;
}

const sampled = 2000;
const share = 0.9;

/**
 * Finds the columns of a file: first by heading, then by what the cells look like (nine in ten of those that are not empty, and
 * only one column of that kind). A heading whose cells look like something else is not believed. Throws `columnMissing`.
 */
export function findColumns<Name extends string>(table: Table, specs: Readonly<Record<Name, ColumnSpec>>): Columns<Name> {
  const names = Object.keys(specs) as Name[];
  const places = new Map<Name, number>();
  const by = new Map<Name, 'heading' | 'content'>();
  const taken = new Set<number>();
  const take = (name: Name, place: number, how: 'heading' | 'content'): void => {
    places.set(name, place);
    by.set(name, how);
    taken.add(place);
  };
  const headings = table.heading.map((heading) => heading.toLowerCase().replace(/[^a-z0-9]/g, ''));
  for (const name of names) {
    const place = specs[name].headings.map((heading) => headings.indexOf(heading)).find((at) => at >= 0 && !taken.has(at) && fits(table, at, specs[name], 0.5));
    if (place !== undefined) take(name, place, 'heading');
  }
  for (const name of names.filter((one) => !places.has(one))) {
    const candidates = headings.map((_heading, place) => place).filter((place) => !taken.has(place) && specs[name].content !== undefined && fits(table, place, specs[name], share));
    if (candidates.length === 1) take(name, candidates[0] as number, 'content');
  }
  const missing = names.filter((name) => specs[name].required && !places.has(name));
  if (missing.length > 0) throw new RegistryError('columnMissing', `no column was found for ${missing.join(', ')}; the file has: ${headingWords(table)}`);
  return {
    found: names.map((name) => ({ name, column: places.has(name) ? (table.heading[places.get(name) as number] ?? '') : null, by: by.get(name) ?? null })),
    read: (row, name) => row.cells[places.get(name) ?? -1] ?? '',
  };
}

function fits(table: Table, place: number, spec: ColumnSpec, least: number): boolean {
  const content = spec.content;
  if (content === undefined) return true;
  const cells = table.rows.slice(0, sampled).map((row) => row.cells[place] ?? '').filter((cell) => cell !== '');
  if (cells.length === 0) return !spec.required;
  return cells.filter((cell) => content(cell)).length >= cells.length * least;
}

/** The heading comes from the file: only its beginning, and nothing that a terminal would obey. */
function headingWords(table: Table): string {
  return table.heading.slice(0, 20).map((heading) => heading.replace(/[^\p{L}\p{N} _-]/gu, '').slice(0, 30)).join(', ');
}
