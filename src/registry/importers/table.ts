import { parse, CsvError } from 'csv-parse/sync';
import { RegistryError } from '../errors.ts';

/** One row of a file: the line on which it begins (from 1, the heading included) and its cells, trimmed. */
export interface TableRow {
  readonly line: number;
  readonly cells: readonly string[];
}

export interface Table {
  readonly heading: readonly string[];
  readonly rows: readonly TableRow[];
}

const largestFile = 256 * 1024 * 1024;
const largestRow = 64 * 1024;
const mostRows = 2_000_000;

/**
 * Reads a CSV file: UTF-8, with a heading, separated by commas, semicolons, tabs or bars, whichever the heading has most of.
 * Throws `badFile` for what is no such text. Rows that are too short or too long are the importer's to report.
 */
export function readTable(bytes: Uint8Array): Table {
  if (bytes.byteLength > largestFile) throw new RegistryError('badFile', `the file has more than ${largestFile / 1024 / 1024} MB`);
  const text = decode(bytes);
  const records = parseRecords(text);
  const [heading, ...rows] = records;
  if (heading === undefined) throw new RegistryError('badFile', 'the file is empty');
  if (rows.length > mostRows) throw new RegistryError('badFile', `the file has more than ${mostRows} rows`);
  return { heading: heading.cells, rows };
}

function decode(bytes: Uint8Array): string {
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) throw new RegistryError('badFile', 'the file is a workbook or an archive, not CSV: save the sheet as CSV first');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new RegistryError('badFile', 'the file is not UTF-8 text', [], { cause });
  }
}

function parseRecords(text: string): TableRow[] {
  const rows: TableRow[] = [];
  let end = 0;
  try {
    const found = parse(text, { bom: true, delimiter: delimiterOf(text), relax_column_count: true, info: true, trim: true, max_record_size: largestRow }) as unknown as
      readonly { readonly info: { readonly lines: number }; readonly record: readonly string[] }[];
    for (const { info, record } of found) {
      if (record.some((cell) => cell !== '')) rows.push({ line: end + 1, cells: record });
      end = info.lines;
    }
  } catch (error) {
    if (error instanceof CsvError) throw new RegistryError('badFile', `the file is not sound CSV (${error.code}) after line ${end}`, [], { cause: error });
    throw error;
  }
  return rows;
}

function delimiterOf(text: string): string {
  const heading = text.slice(0, text.search(/[\r\n]|$/));
  const count = (mark: string): number => heading.split(mark).length;
  return [',', ';', '\t', '|'].reduce((best, mark) => (count(mark) > count(best) ? mark : best));
}
