import type { ExportColumn, ExportValue } from './columns.ts';
import { csvField, quoted } from './csv.ts';

export type ExportFormat = 'csv' | 'jsonl' | 'parquet';
export const exportFormats: readonly ExportFormat[] = ['csv', 'jsonl', 'parquet'];

/** How a line is written: a piece for each column, the pieces joined by commas between a beginning and an end. */
export interface LineFormat {
  readonly begin: string;
  readonly end: string;
  /** The first line; null where there is none. */
  head(columns: readonly ExportColumn[]): string | null;
  piece(column: ExportColumn, value: ExportValue): string;
}

/** An empty text is quoted, so that it is not taken for none. */
const csv: LineFormat = {
  begin: '', end: '\r\n',
  head: (columns) => columns.map(({ name }) => name).join(','),
  piece: (_column, value) => (value === '' ? '""' : csvField(value)),
};

const jsonl: LineFormat = {
  begin: '{', end: '}\n',
  head: () => null,
  piece: ({ name }, value) => `${JSON.stringify(name)}:${JSON.stringify(value)}`,
};

/** What Parquet is made of: CSV with texts as they are, for no spreadsheet sees it. */
const plain: LineFormat = {
  begin: '', end: '\n',
  head: () => null,
  piece: (_column, value) => (value === '' ? '""' : typeof value === 'string' ? quoted(value) : value === null ? '' : String(value)),
};

export const lineFormats: Readonly<Record<ExportFormat, LineFormat>> = { csv, jsonl, parquet: plain };
