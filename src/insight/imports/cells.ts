/** Cuts the text of one entry into cells. */

/** What a cutter gives: the cells, or why there are none. */
export type Cells = readonly string[] | 'badQuote' | 'wrongColumns' | 'badJson';

/**
 * A line of a table (RFC 4180). Cells are trimmed of spaces, because exports pad them. `columns` is how many there have to be; null where the first line says.
 * A line without a quotation mark is simply split.
 */
export function delimited(text: string, delimiter: string, quote: string | null, columns: number | null): Cells {
  const cells = quote === null || !text.includes(quote) ? text.split(delimiter) : quoted(text, delimiter, quote);
  if (cells === null) return 'badQuote';
  return columns === null || cells.length === columns ? cells : 'wrongColumns';
}

function quoted(text: string, delimiter: string, quote: string): string[] | null {
  const cells: string[] = [];
  let at = 0;
  for (;;) {
    if (text[at] !== quote) {
      const end = text.indexOf(delimiter, at);
      const cell = end < 0 ? text.slice(at) : text.slice(at, end);
      if (cell.includes(quote)) return null;
      cells.push(cell);
      if (end < 0) return cells;
      at = end + 1;
      continue;
    }
    let cell = '';
    let from = at + 1;
    for (;;) {
      const end = text.indexOf(quote, from);
      if (end < 0) return null;
      cell += text.slice(from, end);
      if (text[end + 1] !== quote) {
        at = end + 1;
        break;
      }
      cell += quote;
      from = end + 2;
    }
    cells.push(cell);
    if (at === text.length) return cells;
    if (text[at] !== delimiter) return null;
    at += 1;
  }
}

/** The first `columns - 1` cells of a line; the last is all the rest, whatever is in it. */
export function leading(text: string, delimiter: string, columns: number): Cells {
  const cells: string[] = [];
  let at = 0;
  while (cells.length < columns - 1) {
    const end = text.indexOf(delimiter, at);
    if (end < 0) return 'wrongColumns';
    cells.push(text.slice(at, end));
    at = end + delimiter.length;
  }
  cells.push(text.slice(at));
  return cells;
}

/** Cells at fixed places; `start` from 1. A line that ends before a cell begins has nothing there; one shorter than `least` is none. */
export function fixedWidth(text: string, places: readonly { readonly start: number; readonly length: number }[], least: number): Cells {
  if (text.length < least) return 'wrongColumns';
  return places.map(({ start, length }) => text.slice(start - 1, start - 1 + length));
}

/** The members of a JSON object at the ends of `paths`, as text; what is absent, null or no single value is empty. */
export function members(text: string, paths: readonly (readonly string[])[]): Cells {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'badJson';
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'badJson';
  return paths.map((path) => cellAt(value, path));
}

/** A list becomes its items with a line end between, which no item of a line has. */
function cellAt(value: unknown, path: readonly string[]): string {
  let at: unknown = value;
  for (const step of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return '';
    at = (at as Readonly<Record<string, unknown>>)[step];
  }
  if (typeof at === 'string') return at;
  if (typeof at === 'number' || typeof at === 'boolean') return String(at);
  return Array.isArray(at) ? at.filter((one) => typeof one === 'string').join('\n') : '';
}
