import { DOUBLE, DuckDBDataChunk, INTEGER, UBIGINT, UTINYINT, type DuckDBAppender, type DuckDBConnection, type DuckDBType } from '@duckdb/node-api';
import { ArchiveError, type ArchivedType, type ArchiveRow, type RowColumns } from './types.ts';
import type { Sex } from '../../model/index.ts';

/** Rows that were given and are not sealed yet, in a table of the engine. */
export interface Staging {
  readonly table: string;
  readonly rows: number;
  add(row: ArchiveRow): void;
  addColumns(columns: RowColumns): void;
  /** Puts what was given into the table, so that statements see it. */
  flush(): void;
  clear(): Promise<void>;
  close(): void;
}

type Numbers = Float64Array | Int32Array | Uint8Array | BigUint64Array;
const columns: readonly (readonly [Exclude<keyof RowColumns, 'length'>, DuckDBType, string])[] = [
  ['index', DOUBLE, 'DOUBLE'], ['at', DOUBLE, 'DOUBLE'], ['type', UTINYINT, 'UTINYINT'], ['who', INTEGER, 'INTEGER'], ['behalf', INTEGER, 'INTEGER'], ['context', INTEGER, 'INTEGER'],
  ['outcome', INTEGER, 'INTEGER'], ['records', INTEGER, 'INTEGER'], ['subject', UBIGINT, 'UBIGINT'], ['subjectName', UBIGINT, 'UBIGINT'], ['user', UBIGINT, 'UBIGINT'],
  ['userName', UBIGINT, 'UBIGINT'], ['flags', UTINYINT, 'UTINYINT'], ['sex', UTINYINT, 'UTINYINT'],
];
const types = columns.map(([, type]) => type);
const chunkRows = 2_048;
/** Types of entries, in the order of their codes in `RowColumns`. */
export const typeOrder: readonly ArchivedType[] = ['decision', 'redelivery', 'opening', 'withheld', 'act', 'verdict'];
const sexOrder: readonly Sex[] = ['M', 'F', 'U', 'X'];

/** A staged row as the columns of `rows`: what stood for null becomes null. Whole milliseconds, so that nothing is rounded. */
export const stagedSql = [
  'CAST("index" AS BIGINT) AS "index"', 'make_timestamp(CAST("at" AS BIGINT) * 1000) AS "at"',
  `CASE "type" ${typeOrder.map((type, code) => `WHEN ${code} THEN '${type}'`).join(' ')} END AS "type"`,
  ...['who', 'behalf', 'context', 'outcome'].map((name) => `nullif("${name}", -1) AS "${name}"`), '"records"',
  ...['subject', 'subjectName', 'user', 'userName'].map((name) => `nullif("${name}", 0) AS "${name}"`),
  'CASE WHEN flags & 2 = 2 THEN flags & 1 = 1 END AS "self"', 'CASE WHEN flags & 8 = 8 THEN flags & 4 = 4 END AS "sameSurname"',
  `CASE "sex" ${sexOrder.map((sex, code) => `WHEN ${code + 1} THEN '${sex}'`).join(' ')} END AS "sex"`,
].join(', ');

/** Opens an empty table. `check` is asked before anything of a batch is taken, and throws where it must not be. */
export async function openStaging(connection: DuckDBConnection, table: string, check: (columns: RowColumns) => void): Promise<Staging> {
  await connection.run(`CREATE TABLE "${table}" (${columns.map(([name, , sql]) => `"${name}" ${sql}`).join(', ')})`);
  let appender: DuckDBAppender = await connection.createAppender(table);
  let rows = 0;
  const single = blank(chunkRows);
  let singles = 0;
  // Used again and again: what is appended is copied, and to make one costs as much as to append it.
  const full = DuckDBDataChunk.create(types, chunkRows);
  const append = (given: RowColumns, length: number): void => {
    for (let from = 0; from < length; from += chunkRows) {
      const count = Math.min(chunkRows, length - from);
      const chunk = count === chunkRows ? full : DuckDBDataChunk.create(types, count);
      for (const [place, [name]] of columns.entries()) {
        const vector = chunk.getColumnVector(place) as unknown as { readonly items: { set(values: Numbers): void }; flush(): void };
        vector.items.set(given[name].subarray(from, from + count));
        vector.flush();
      }
      appender.appendDataChunk(chunk);
    }
  };
  const putSingles = (): void => {
    if (singles > 0) append(single, singles);
    singles = 0;
  };
  return {
    table,
    get rows() {
      return rows;
    },
    add: (row) => {
      const one = oneRow(row);
      check(one);
      for (const [name] of columns) (single[name] as { [place: number]: number | bigint })[singles] = one[name][0] ?? 0;
      singles += 1;
      rows += 1;
      if (singles === chunkRows) putSingles();
    },
    addColumns: (given) => {
      checkLengths(given);
      check(given);
      putSingles();
      append(given, given.length);
      rows += given.length;
    },
    flush: () => {
      putSingles();
      appender.flushSync();
    },
    clear: async () => {
      appender.closeSync();
      await connection.run(`TRUNCATE "${table}"`);
      appender = await connection.createAppender(table);
      rows = 0;
    },
    close: () => appender.closeSync(),
  };
}

function blank(length: number): RowColumns {
  return {
    length, index: new Float64Array(length), at: new Float64Array(length), type: new Uint8Array(length), who: new Int32Array(length), behalf: new Int32Array(length),
    context: new Int32Array(length), outcome: new Int32Array(length), records: new Int32Array(length), subject: new BigUint64Array(length), subjectName: new BigUint64Array(length),
    user: new BigUint64Array(length), userName: new BigUint64Array(length), flags: new Uint8Array(length), sex: new Uint8Array(length),
  };
}

const one = blank(1);

/** The row as columns of length one. The same object each time: whoever is given it takes its values at once. */
function oneRow(row: ArchiveRow): RowColumns {
  one.index[0] = row.index;
  one.at[0] = row.at;
  one.type[0] = typeOrder.indexOf(row.type);
  for (const name of ['who', 'behalf', 'context', 'outcome'] as const) one[name][0] = row[name] ?? -1;
  one.records[0] = row.records;
  for (const name of ['subject', 'subjectName', 'user', 'userName'] as const) one[name][0] = row[name] ?? 0n;
  one.flags[0] = flag(row.self, 1) | flag(row.sameSurname, 4);
  one.sex[0] = row.sex === null ? 0 : sexOrder.indexOf(row.sex) + 1;
  return one;
}

/** The bit itself, and above it that it is known. */
function flag(value: boolean | null, bit: number): number {
  return value === null ? 0 : (value ? bit : 0) | (bit << 1);
}

function checkLengths(given: RowColumns): void {
  for (const [name] of columns) if (given[name].length < given.length) throw new ArchiveError('ARCHIVE_ORDER', `the column \`${name}\` has ${given[name].length} values, not ${given.length}`);
}
