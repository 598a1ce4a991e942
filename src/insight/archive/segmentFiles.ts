import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { JournalFs } from '../../ledger/files.ts';
import { sqlFile, sqlText } from './engine.ts';
import type { Segment } from './manifest.ts';
import { rollupKey } from './schema.ts';

/** As many rows as one group of a file has: what a reader can pass over by its least and greatest values. */
const groupRows = 122_880;

/** Where segments are written, and by which calls they become durable. */
export interface SegmentPlace {
  readonly connection: DuckDBConnection;
  /** The folder of the owner. */
  readonly folder: string;
  readonly fs: JournalFs;
}

/**
 * Writes one segment and its rollup, both durable but for their names in the folder, which the caller syncs. `from` gives the columns of `rows` in the
 * order of their index; `month` is its month, `2026-10`. Null where there is no row.
 */
export async function writeSegment(place: SegmentPlace, name: string, month: string, from: string): Promise<Segment | null> {
  const path = join(place.folder, `${name}.parquet`);
  await copyTo(place, from, path);
  const [facts] = (await place.connection.runAndReadAll(`SELECT count(*), min("index"), max("index"), epoch_ms(min("at")), epoch_ms(max("at")) FROM read_parquet(${sqlFile(path)})`)).getRows();
  const [rows = 0, first = 0, last = 0, oldest = 0, newest = 0] = (facts ?? []).map(Number);
  if (rows === 0) return null;
  const rollup = await writeRollup(place, `${name}.rollup`, `SELECT DATE '${month}-01' AS "month", ${keySql}, count(*) AS "n", CAST(sum("records") AS BIGINT) AS "records" FROM read_parquet(${sqlFile(path)}) GROUP BY ALL`);
  return { name, rows, bytes: (await stat(path)).size, rollupRows: rollup.rows, rollupBytes: rollup.bytes, first, last, oldest, newest };
}

const keySql = rollupKey.map((name) => `"${name}"`).join(', ');

/** Writes counted rows, `from` in any order, durable but for its name. */
export async function writeRollup(place: SegmentPlace, name: string, from: string): Promise<{ readonly rows: number; readonly bytes: number }> {
  const path = join(place.folder, `${name}.parquet`);
  // Lines of one asker beside each other: smaller, and a question about a few of them reads less.
  const rows = await copyTo(place, `SELECT * FROM (${from}) ORDER BY "who" NULLS FIRST, "context" NULLS FIRST, "outcome" NULLS FIRST, "type", "behalf" NULLS FIRST`, path);
  return { rows, bytes: (await stat(path)).size };
}

/** Writes the result of a statement as Parquet, and syncs it. Returns how many rows there were. */
export async function copyTo({ connection, fs }: SegmentPlace, from: string, path: string): Promise<number> {
  const result = await connection.runAndReadAll(`COPY (${from}) TO ${sqlText(path)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${groupRows})`);
  const descriptor = await fs.open(path, 'r+', 0o600);
  try {
    await fs.fdatasync(descriptor);
  } finally {
    await fs.close(descriptor);
  }
  return Number(result.getRows()[0]?.[0] ?? 0);
}
