import { delimited, fixedWidth, leading, members, type Cells } from './cells.ts';
import { lineFramer, messageFramer, quotedFramer, type Framer } from './frames.ts';
import { columnsOf } from './mapping.ts';
import type { Mapping } from './mappingSchema.ts';

/** How the text of an entry falls into cells. */
export interface Layout {
  readonly cut: (text: string) => Cells;
  /** The place of a column among the cells; -1 where there is none. */
  readonly place: (column: string) => number;
  /** Where the message stands, in a log of messages. */
  readonly message: number | null;
}

export const longestEntry = 65_536;

export function framerOf(mapping: Mapping): Framer {
  const longest = mapping.longest ?? longestEntry;
  const { csv, message } = mapping;
  if (mapping.format === 'csv' && csv?.multiline === true) return quotedFramer(longest, (csv.quote ?? '"').charCodeAt(0));
  return mapping.format === 'message' && message !== undefined && message.frame !== 'line' ? messageFramer(longest, message.frame) : lineFramer(longest);
}

/** The layout of a log; null where a header has to be read first. */
export function layoutOf(mapping: Mapping): Layout | null {
  switch (mapping.format) {
    case 'csv': return mapping.csv?.header === false ? tableLayout(mapping, mapping.csv.columns ?? []) : null;
    case 'jsonl': {
      const columns = [...new Set(columnsOf(mapping).map(({ column }) => column))];
      const paths = columns.map((column) => column.split('.'));
      return { cut: (text) => members(text, paths), place: (column) => columns.indexOf(column), message: null };
    }
    case 'fixed': {
      const all = Object.entries(mapping.fixed?.columns ?? {}).map(([name, [start, length]]) => ({ name, start, length }));
      const least = mapping.fixed?.least ?? 1;
      return { cut: (text) => fixedWidth(text, all, least), place: (column) => all.findIndex(({ name }) => name === column), message: null };
    }
    case 'message': {
      const { columns, delimiter = ' ', frame } = mapping.message ?? { columns: [], frame: 'line' as const };
      return { cut: (text) => messageCells(text, delimiter, columns.length, frame === 'line'), place: (column) => columns.indexOf(column), message: columns.length };
    }
  }
}

/** The layout of a table by the names of its columns. */
export function tableLayout(mapping: Mapping, columns: readonly string[]): Layout {
  const [delimiter, quote] = dialectOf(mapping);
  return { cut: (text) => delimited(text, delimiter, quote, columns.length), place: (column) => columns.indexOf(column), message: null };
}

/** The names in the header of a table; null where it is none. */
export function headerOf(mapping: Mapping, text: string): readonly string[] | null {
  const [delimiter, quote] = dialectOf(mapping);
  const cells = delimited(text.replace(/^\uFEFF/, ''), delimiter, quote, null);
  return typeof cells === 'string' ? null : cells.map((cell) => cell.trim());
}

function dialectOf({ csv }: Mapping): readonly [string, string | null] {
  return [csv?.delimiter ?? ',', csv?.quote === 'none' ? null : csv?.quote ?? '"'];
}

/** The columns in front, then the message: the rest of the line, or the lines that follow. */
function messageCells(text: string, delimiter: string, columns: number, oneLine: boolean): Cells {
  if (oneLine) return leading(text, delimiter, columns + 1);
  const end = text.indexOf('\n');
  if (end < 0) return 'wrongColumns';
  const front = leading(text.slice(0, end).trimEnd(), delimiter, columns);
  return typeof front === 'string' ? front : [...front, text.slice(end + 1)];
}
