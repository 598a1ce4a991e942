import { readTable, type Table } from './table.ts';

/** A table out of lines, as a file would give it. Names in tests are invented. */
export function tableOf(...lines: string[]): Table {
  return readTable(new TextEncoder().encode(lines.join('\n')));
}
