import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { sqlFile, sqlText } from './engine.ts';
import { nameOf, type ReviewFile } from './manifest.ts';
import { tables } from './schema.ts';
import { copyTo, type SegmentPlace } from './segmentFiles.ts';
import { plainRows } from './values.ts';
import type { Ending, HeldRow, HeldTerms } from './types.ts';

/**
 * The held requests of an owner while it is written. Those that wait are in memory, each under 16 digits made of its entry's id, until its verdict comes; all others are in files alone.
 * What is given is in files, and in force, with the next sealing, as the rows are: so each request ends once, however the process does.
 */
export interface Reviews {
  hold(entry: string | null, row: HeldRow, terms: HeldTerms): void;
  end(entry: string, ending: Ending): boolean;
  /** The years that have changed. */
  readonly changed: readonly number[];
  /** Writes those years anew under the number of a sealing, durable but for their names in the folder. Returns all files in force with it. */
  write(sealing: number): Promise<readonly ReviewFile[]>;
  /** The files that were written are in force. */
  settle(files: readonly ReviewFile[]): void;
}

/** Goes on with what was sealed. */
export async function openReviews(place: SegmentPlace, sealed: readonly ReviewFile[]): Promise<Reviews> {
  let files = sealed;
  const waiting = await readWaiting(place.connection, place.folder, files);
  const lines = new Map<number, Map<number, Line>>();
  const put = (line: Line): void => {
    const year = new Date(line.at).getUTCFullYear();
    lines.set(year, (lines.get(year) ?? new Map<number, Line>()).set(line.index, line));
  };
  return {
    hold: (entry, row, terms) => {
      const line: Line = { ...row, ...terms, ...open, entry: entry === null ? null : keyOf(entry) };
      if (line.entry !== null) waiting.set(line.entry, line);
      put(line);
    },
    end: (entry, ending) => {
      const key = keyOf(entry);
      const held = waiting.get(key);
      if (held === undefined) return false;
      waiting.delete(key);
      const { index, at, verdict, decidedBy, reason, decisions, released, records, policyVersion, policyHash } = ending;
      // A clock that was put back must not make a review end before it began.
      put({ ...held, entry: null, ended: index, endedAt: at, verdict, decidedBy, reason, decisions: JSON.stringify(decisions), late: [...released], lateRecords: records, policyVersion, policyHash, reviewMs: Math.max(0, at - held.at) });
      return true;
    },
    get changed() {
      return [...lines.keys()];
    },
    write: async (sealing) => {
      const written: ReviewFile[] = [];
      for (const [year, own] of lines) written.push(await writeYear(place, year, nameOf(String(year), sealing), files.find((one) => one.year === year) ?? null, [...own.values()]));
      return [...files.filter(({ year }) => !lines.has(year)), ...written].sort((a, b) => a.year - b.year);
    },
    settle: (written) => {
      files = written;
      lines.clear();
    },
  };
}

/** The first 64 bits of the SHA-256 of an entry's id: of a random id, so that nothing can be guessed from it. */
function keyOf(entry: string): string {
  return createHash('sha256').update(entry).digest('hex').slice(0, 16);
}

/** A line as the file has it, times in milliseconds. */
interface Line extends HeldRow, HeldTerms {
  readonly entry: string | null;
  readonly ended: number | null;
  readonly endedAt: number | null;
  readonly verdict: string | null;
  readonly decidedBy: string | null;
  readonly reason: string | null;
  readonly decisions: string | null;
  readonly late: readonly string[] | null;
  readonly lateRecords: number | null;
  readonly policyVersion: number | null;
  readonly policyHash: string | null;
  readonly reviewMs: number | null;
}

const open = { ended: null, endedAt: null, verdict: null, decidedBy: null, reason: null, decisions: null, late: null, lateRecords: null, policyVersion: null, policyHash: null, reviewMs: null };

const { columns } = tables.reviews;
const names = columns.map(({ name }) => `"${name}"`).join(', ');
const times = columns.filter(({ type }) => type === 'TIMESTAMP').map(({ name }) => name);
/** As the engine reads lines of JSON: times as numbers first. */
const structure = JSON.stringify(Object.fromEntries(columns.map(({ name, type }) => [name, type === 'TIMESTAMP' ? 'BIGINT' : type.endsWith('[]') ? [type.slice(0, -2)] : type])));
const withTimes = times.map((name) => `make_timestamp("${name}" * 1000) AS "${name}"`).join(', ');

async function readWaiting(connection: DuckDBConnection, folder: string, files: readonly ReviewFile[]): Promise<Map<string, Line>> {
  const own = files.filter((one) => one.open > 0).map(({ name }) => sqlFile(pathOf(folder, name)));
  if (own.length === 0) return new Map();
  const read = await connection.runAndReadAll(`SELECT ${names} FROM read_parquet([${own.join(', ')}], hive_partitioning = false) WHERE "ended" IS NULL AND "entry" IS NOT NULL ORDER BY "index"`);
  const found = plainRows(read.getRows(), read.columnNames(), read.columnTypes()) as readonly Line[];
  return new Map(found.map((line) => [line.entry ?? '', line]));
}

/** The year that is there with these lines in place of those of the same index, in the order of the index. */
async function writeYear(place: SegmentPlace, year: number, name: string, before: ReviewFile | null, lines: readonly Line[]): Promise<ReviewFile> {
  const { connection, folder } = place;
  const path = pathOf(folder, name);
  const staged = `reviews_${name.replaceAll(/[^a-z0-9]/g, '_')}`;
  await connection.run(`CREATE OR REPLACE TEMP TABLE "${staged}" (line VARCHAR)`);
  try {
    const appender = await connection.createAppender(staged);
    for (const line of lines) {
      appender.appendVarchar(JSON.stringify(line));
      appender.endRow();
    }
    appender.closeSync();
    const fresh = `SELECT * REPLACE (${withTimes}) FROM (SELECT unnest(from_json_strict(line, ${sqlText(structure)})) FROM "${staged}")`;
    const kept = before === null ? '' : ` UNION ALL SELECT ${names} FROM read_parquet(${sqlFile(pathOf(folder, before.name))}, hive_partitioning = false) WHERE "index" NOT IN (SELECT "index" FROM fresh)`;
    const rows = await copyTo(place, `WITH fresh AS MATERIALIZED (${fresh}) SELECT * FROM (SELECT ${names} FROM fresh${kept}) ORDER BY "index"`, path);
    const waits = await connection.runAndReadAll(`SELECT count(*) FROM read_parquet(${sqlFile(path)}, hive_partitioning = false) WHERE "ended" IS NULL`);
    return { name, year, rows, open: Number(waits.getRows()[0]?.[0] ?? 0), bytes: (await stat(path)).size };
  } finally {
    await connection.run(`DROP TABLE "${staged}"`);
  }
}

function pathOf(folder: string, name: string): string {
  return join(folder, `${name}.reviews.parquet`);
}
