import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBDataChunk, INTEGER, type DuckDBConnection, type DuckDBValue } from '@duckdb/node-api';
import { coverOf } from './cover.ts';
import { ownerFolder, ownersOf, readDataset } from './dataset.ts';
import { openEngine, type Engine } from './engine.ts';
import { newestOf, readManifest, type Manifest } from './manifest.ts';
import { ArchiveError, type ArchiveSession, type Dataset, type OwnerWords, type Period } from './types.ts';
import { plainRows, readChunk } from './values.ts';
import { edgesSql, edgesTable, filesNamed, viewsSql, type Ground } from './views.ts';
import { readWords } from './writer.ts';

export interface SessionOptions {
  /** The folder of the data set. */
  readonly folder: string;
  /** Two letters each, or all that the data set has. */
  readonly owners: readonly string[] | 'all';
  readonly period: Period;
  readonly memoryMb?: number;
  readonly threads?: number;
  /** An engine to share, which closing leaves open. */
  readonly engine?: Engine;
}

/** The log of acts that concern no owner: nobody asks for records of it, so that all owners are without it. */
const exchangesOwn = '00';

/** Opens a reading. Throws `ARCHIVE_UNKNOWN` where the data set or an owner is not there, `ARCHIVE_DAMAGED` where a file is missing or cut short. */
export async function openSession(options: SessionOptions): Promise<ArchiveSession> {
  return (await openConnected(options)).session;
}

/** A reading, and the connection that has its views. */
export interface Connected {
  readonly session: ArchiveSession;
  readonly connection: DuckDBConnection;
}

/** As `openSession`, for whoever needs the connection itself. */
export async function openConnected({ folder, owners: asked, period, memoryMb = 1_500, threads = 2, engine }: SessionOptions): Promise<Connected> {
  const dataset = await readDataset(folder);
  const there = await ownersOf(folder);
  const owners = asked === 'all' ? there.filter((owner) => owner !== exchangesOwn) : [...new Set(asked)];
  const missing = owners.filter((owner) => !there.includes(owner));
  if (missing.length > 0) throw new ArchiveError('ARCHIVE_UNKNOWN', `the data set \`${dataset.name}\` has nothing of ${missing.join(', ')}; it has ${there.length === 0 ? 'no owner yet' : there.join(', ')}`);
  const manifests = new Map<string, Manifest>();
  for (const owner of owners) {
    const manifest = await readManifest(ownerFolder(folder, owner), owner);
    if (manifest !== null) manifests.set(owner, manifest);
    else if (asked !== 'all') throw new ArchiveError('ARCHIVE_UNKNOWN', `nothing of ${owner} has been sealed in the data set \`${dataset.name}\` yet`);
  }
  const anchor = await readManifest(join(folder, 'anchor'), 'anchor');
  const own = engine ?? await openEngine({ memoryMb, threads });
  const whole: Whole = { folder, dataset, manifests, anchor, engine: own, words: new Map(), closers: new Set() };
  try {
    return await sessionOver(whole, period, async () => {
      for (const close of whole.closers) close();
      if (engine === undefined) await own.close();
    });
  } catch (error) {
    if (engine === undefined) await own.close();
    throw error;
  }
}

/** What all periods of a reading share. The manifests are read once, so that they all see the same entries. */
interface Whole {
  readonly folder: string;
  readonly dataset: Dataset;
  readonly manifests: ReadonlyMap<string, Manifest>;
  readonly anchor: Manifest | null;
  readonly engine: Engine;
  readonly words: Map<string, Promise<OwnerWords>>;
  readonly closers: Set<() => void>;
}

async function sessionOver(whole: Whole, period: Period, end: (() => Promise<void>) | null): Promise<Connected> {
  const { folder, dataset, manifests, anchor } = whole;
  const ground: Ground = { folder, anchor, period, owners: new Map([...manifests].map(([owner, manifest]) => [owner, { manifest, cover: coverOf(manifest, period) }])) };
  await checkFiles(filesNamed(ground));
  const connection = await whole.engine.connect();
  const turns = takeTurns();
  const edges = await explained(folder, () => makeViews(connection, ground));
  let open = true;
  const close = (): void => {
    if (open) connection.closeSync();
    open = false;
  };
  whole.closers.add(close);
  const run = <T>(sql: string, work: () => Promise<T>): Promise<T> => turns(() => explained(folder, async () => {
    if (!open) throw new ArchiveError('ARCHIVE_QUESTION', 'the reading of the archive is closed');
    await edges(sql);
    return work();
  }));
  const session: ArchiveSession = {
    dataset, period,
    owners: [...manifests.keys()],
    watermarks: new Map([...manifests].map(([owner, manifest]) => [owner, { next: manifest.next, newest: newestOf(manifest) }])),
    query: <T extends object>(sql: string, parameters: readonly (string | number | bigint | boolean | null)[] = []) => run(sql, async () => {
      const read = await connection.runAndReadAll(sql, [...parameters] as DuckDBValue[]);
      return plainRows(read.getRows(), read.deduplicatedColumnNames(), read.columnTypes()) as T[];
    }),
    columns: (sql, take) => run(sql, async () => {
      const result = await connection.stream(sql);
      const types = result.columnTypes();
      for (let chunk = await result.fetchChunk(); chunk !== null && chunk.rowCount > 0; chunk = await result.fetchChunk()) take(readChunk(chunk, types));
    }),
    table: (name, columns) => run('', () => makeTable(connection, name, columns)),
    words: (owner) => {
      const manifest = manifests.get(owner);
      if (manifest === undefined) return Promise.reject(new ArchiveError('ARCHIVE_UNKNOWN', `this reading of \`${dataset.name}\` has nothing of ${owner}`));
      const known = whole.words.get(owner) ?? run('', () => readWords(connection, ownerFolder(folder, owner), manifest));
      whole.words.set(owner, known);
      return known;
    },
    over: async (other) => (await sessionOver(whole, other, null)).session,
    close: async () => {
      close();
      whole.closers.delete(close);
      if (end !== null) await end();
    },
  };
  return { session, connection };
}

/** Makes the views. What is counted at the edges of the period is counted once, before the first statement that reads it. */
async function makeViews(connection: DuckDBConnection, ground: Ground): Promise<(sql: string) => Promise<void>> {
  const edges = edgesSql(ground);
  const views = viewsSql(ground);
  const make = async (names: readonly (keyof typeof views)[]): Promise<void> => {
    for (const name of names) await connection.run(`CREATE TEMP VIEW "${name}" AS ${views[name]}`);
  };
  await make(['rows', 'reviews', 'attributes', 'requesters', 'contexts', 'outcomes', 'events']);
  if (edges === null) await make(['rollup', 'totals']);
  let made = edges === null;
  return async (sql) => {
    if (made || !/\b(?:rollup|totals)\b/i.test(sql)) return;
    await connection.run(`CREATE TEMP TABLE "${edgesTable}" AS ${edges ?? ''}`);
    await make(['rollup', 'totals']);
    made = true;
  };
}

const nameRule = /^[A-Za-z_][A-Za-z0-9_]{0,62}$/;

async function makeTable(connection: DuckDBConnection, name: string, columns: Readonly<Record<string, Int32Array>>): Promise<void> {
  const names = Object.keys(columns);
  const wrong = [name, ...names].find((one) => !nameRule.test(one));
  if (wrong !== undefined || names.length === 0) throw new ArchiveError('ARCHIVE_QUESTION', `\`${wrong ?? name}\` is no name of a table or column, or the table has no column`);
  const length = columns[names[0] ?? '']?.length ?? 0;
  if (names.some((one) => columns[one]?.length !== length)) throw new ArchiveError('ARCHIVE_QUESTION', `the columns of the table \`${name}\` are not equally long`);
  const nulls = new Set(names.filter((one) => columns[one]?.includes(-1) === true));
  const first = nulls.size === 0 ? name : `${name}__given`;
  await connection.run(`CREATE OR REPLACE TEMP TABLE "${first}" (${names.map((one) => `"${one}" INTEGER`).join(', ')})`);
  const appender = await connection.createAppender(first);
  for (let from = 0; from < length; from += 2_048) {
    const count = Math.min(2_048, length - from);
    const chunk = DuckDBDataChunk.create(names.map(() => INTEGER), count);
    for (const [place, one] of names.entries()) {
      const vector = chunk.getColumnVector(place) as unknown as { readonly items: Int32Array; flush(): void };
      vector.items.set((columns[one] ?? new Int32Array()).subarray(from, from + count));
      vector.flush();
    }
    appender.appendDataChunk(chunk);
  }
  appender.closeSync();
  if (first === name) return;
  await connection.run(`CREATE OR REPLACE TEMP TABLE "${name}" AS SELECT ${names.map((one) => (nulls.has(one) ? `nullif("${one}", -1) AS "${one}"` : `"${one}"`)).join(', ')} FROM "${first}"`);
  await connection.run(`DROP TABLE "${first}"`);
}

async function checkFiles(files: ReadonlyMap<string, number>): Promise<void> {
  await Promise.all([...files].map(async ([path, bytes]) => {
    const found = await stat(path).then(({ size }) => size, () => null);
    if (found !== bytes) throw damaged(found === null ? `${path} is missing` : `${path} has ${found} bytes, not ${bytes}`);
  }));
}

/** A message of the engine about a file of the data set is damage; any other is left as it is. */
async function explained<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Error && !(error instanceof ArchiveError) && isDamage(error.message, folder)) throw damaged(error.message.split('\n')[0] ?? '', error);
    throw error;
  }
}

function isDamage(message: string, folder: string): boolean {
  return (message.includes(folder) && /^(?:IO|Invalid Input|Serialization|Invalid) Error/.test(message)) || /^Invalid Error|TProtocolException|ZSTD Decompression|[Pp]arquet (?:file|reader)|column chunk|page header/.test(message);
}

function damaged(what: string, cause?: Error): ArchiveError {
  return new ArchiveError('ARCHIVE_DAMAGED', `the archive is not what its manifest says: ${what}`, cause === undefined ? {} : { cause });
}

/** One statement at a time: another on the same connection would end a result that is still being read. */
function takeTurns(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work, work);
    last = mine.catch(() => undefined);
    return mine;
  };
}
