import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RegistryError } from '../errors.ts';
import { tableOf } from './cases.ts';
import { findColumns } from './columns.ts';
import { readTable } from './table.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('reading a table', () => {
  it('counts the lines of the file, with quoted line feeds and empty lines', () => {
    const table = readTable(bytes('\ufeffori,name\r\nA,"one\ntwo"\r\n\r\n,\r\nB,three\r\n'));
    expect(table.heading).toEqual(['ori', 'name']);
    expect(table.rows).toEqual([{ line: 2, cells: ['A', 'one\ntwo'] }, { line: 6, cells: ['B', 'three'] }]);
  });

  it.each([['a;b;c\n1,5;2;3', 3], ['a\tb\n1,2\t3', 2], ['a|b\n1|2', 2], ['a\n1', 1]])('finds the mark between cells: %j', (text, width) => {
    expect(readTable(bytes(text)).rows[0]?.cells).toHaveLength(width);
  });

  it.each<[string, Uint8Array]>([
    ['a workbook', bytes('PK\u0003\u0004')], ['nothing', bytes('')], ['bytes that are no UTF-8', new Uint8Array([0x61, 0x2c, 0xff, 0xfe])], ['an open quote', bytes('a,b\n"1,2\n3,4\n')],
  ])('refuses %s', (_what, given) => {
    expect(() => readTable(given)).toThrow(expect.objectContaining({ code: 'badFile' }));
  });

  it('gives rows or a registry error for any bytes', () => {
    fc.assert(fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), fc.string({ unit: fc.constantFrom(',', ';', '"', '\n', '\r', '\t', '\u0000', 'a', 'é', '\ufeff') }).map(bytes)), (given) => {
      try {
        expect(readTable(given).heading.length).toBeGreaterThan(0);
      } catch (error) {
        expect(error).toBeInstanceOf(RegistryError);
      }
    }), { numRuns: 200 });
  });
});

describe('finding columns', () => {
  const digits = { headings: ['number'], content: (cell: string): boolean => /^\d+$/.test(cell), required: true };

  it('goes by the heading, whatever its spelling', () => {
    const columns = findColumns(tableOf('A Num-ber ,NUMBER', '1,2'), { n: digits });
    expect(columns.found).toEqual([{ name: 'n', column: 'NUMBER', by: 'heading' }]);
  });

  it('goes by the content where no heading fits, and does not believe a heading over other content', () => {
    expect(findColumns(tableOf('what,x', 'a,1', 'b,2'), { n: digits }).found[0]).toMatchObject({ column: 'x', by: 'content' });
    expect(findColumns(tableOf('number,x', 'a,1', 'b,2'), { n: digits }).found[0]).toMatchObject({ column: 'x', by: 'content' });
  });

  it('does not choose between two', () => {
    expect(() => findColumns(tableOf('x,y', '1,1', '2,2'), { n: digits })).toThrow(expect.objectContaining({ code: 'columnMissing' }));
  });

  it('reads an empty text from a column that is not there', () => {
    const table = tableOf('x', 'a');
    const columns = findColumns(table, { n: { ...digits, required: false } });
    expect(columns.found).toEqual([{ name: 'n', column: null, by: null }]);
    expect(table.rows.map((row) => columns.read(row, 'n'))).toEqual(['']);
  });
});
