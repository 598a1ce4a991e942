import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { placeCluster } from './clusterPlace.ts';
import { connect, type Sql } from './connect.ts';
import { fileFault, StoreError } from './errors.ts';
import { openExternal } from './external.ts';
import { openFolder, type DataFolder } from './folder.ts';
import { clusterUrl, startCluster } from './launcher/index.ts';
import { takeLease } from './lease.ts';

export interface OpenOptions {
  /** The data folder; else `WEIR_DATA`, else `./weir-data`. */
  readonly data?: string;
  /** A server lets verbs use its PostgreSQL while it runs. `verb` unless told. */
  readonly purpose?: 'server' | 'verb';
  /** An external PostgreSQL; `DATABASE_URL` unless told, and null for the embedded one whatever the environment says. */
  readonly databaseUrl?: string | null;
  /** Connections at most; 10 unless told. */
  readonly max?: number;
  /** Gets a line where something is worth telling a person. */
  readonly say?: (line: string) => void;
  /** Milliseconds to wait for another verb on the same folder; 60,000 unless told. */
  readonly patience?: number;
  /** As root, the folder for what cannot lie in the data folder; `/var/lib/weir` unless told. */
  readonly shared?: string;
  /** False turns the syncs of the embedded PostgreSQL off: tests only. */
  readonly durable?: boolean;
}

/** The open store. */
export interface Store {
  readonly sql: Sql;
  /** Address of the database, with its password: never print it. */
  readonly url: string;
  /** A second database for the records of the demonstration; null with an external PostgreSQL, unless `WEIR_RECORDS_URL` names one. */
  readonly recordsUrl: string | null;
  /** The data folder, absolute. */
  readonly folder: string;
  readonly paths: DataFolder;
  /** True where PostgreSQL is the embedded one. */
  readonly embedded: boolean;
  /** True where that was started by another process, which then stops it too. */
  readonly attached: boolean;
  /** Closes the connections, and stops PostgreSQL where this call started it. Can be called again. */
  stop(): Promise<void>;
}

const database = 'weir';
const recordsDatabase = 'weir_records';

/**
 * Opens the data folder and its PostgreSQL: the external one of `DATABASE_URL`, else that of a server that runs on the folder,
 * else the embedded one, started here. Does not migrate. Rejects with a `StoreError`, having left nothing running.
 */
export async function openStore(options: OpenOptions = {}): Promise<Store> {
  const paths = await openFolder(options.data);
  const given = options.databaseUrl === undefined ? process.env['DATABASE_URL'] : options.databaseUrl;
  if (given !== undefined && given !== null && given !== '') {
    const sql = await openExternal(given, options.max);
    return { sql, url: given, recordsUrl: process.env['WEIR_RECORDS_URL'] ?? null, folder: paths.path, paths, embedded: false, attached: false, stop: once(() => sql.end({ timeout: 5 })) };
  }
  return await openEmbedded(paths, options);
}

async function openEmbedded(paths: DataFolder, options: OpenOptions): Promise<Store> {
  const place = await placeCluster(paths, options);
  const lease = await takeLease(paths.run, options.purpose ?? 'verb', options.patience);
  if ('port' in lease) {
    const password = await readPassword(paths.keys, false);
    const sql = connect(clusterUrl(lease.port, password, database), maximum(options));
    return storeOf(paths, lease.port, password, sql, true, () => sql.end({ timeout: 5 }));
  }
  try {
    const password = await readPassword(paths.keys, await isMissing(join(place.cluster, 'data', 'PG_VERSION')));
    const cluster = await startCluster({ folder: place.cluster, password, logFile: join(paths.run, 'postgres.log'), programsHome: place.programs, durable: options.durable ?? true });
    try {
      await makeDatabases(cluster.url('postgres'));
      await lease.held.publish(cluster.port);
      const sql = connect(cluster.url(database), maximum(options));
      return storeOf(paths, cluster.port, password, sql, false, async () => {
        await sql.end({ timeout: 5 });
        await cluster.stop().finally(() => lease.held.release());
      });
    } catch (error) {
      await cluster.stop();
      throw error;
    }
  } catch (error) {
    await lease.held.release();
    throw error;
  }
}

function storeOf(paths: DataFolder, port: number, password: string, sql: Sql, attached: boolean, stop: () => Promise<void>): Store {
  return {
    sql, url: clusterUrl(port, password, database), recordsUrl: clusterUrl(port, password, recordsDatabase),
    folder: paths.path, paths, embedded: true, attached, stop: once(stop),
  };
}

async function makeDatabases(url: string): Promise<void> {
  const admin = connect(url, { max: 1 });
  try {
    const there = new Set((await admin<{ datname: string }[]>`select datname from pg_database`).map(({ datname }) => datname));
    for (const name of [database, recordsDatabase]) if (!there.has(name)) await admin.unsafe(`create database ${name}`);
  } catch (cause) {
    const refused = cause instanceof Error && 'code' in cause && cause.code === '28P01';
    if (!refused) throw cause;
    throw new StoreError('STORE_FOLDER', 'the password in keys/postgres is not that of the database in this data folder', 'Bring both back from the same backup.', { cause });
  } finally {
    await admin.end({ timeout: 1 });
  }
}

/** The password is made together with the cluster, and only then. */
async function readPassword(keys: string, make: boolean): Promise<string> {
  const path = join(keys, 'postgres');
  try {
    if (!await isMissing(path)) return (await readFile(path, 'utf8')).trim();
    if (!make) throw new StoreError('STORE_FOLDER', `the file ${path} with the password of the database is missing`, 'Bring it back from a backup.');
    const password = randomBytes(24).toString('base64url');
    await writeFile(path, `${password}\n`, { mode: 0o600 });
    return password;
  } catch (error) {
    throw fileFault(error, path);
  }
}

async function isMissing(path: string): Promise<boolean> {
  return await readFile(path).then(() => false, (error: unknown) => error instanceof Error && 'code' in error && error.code === 'ENOENT');
}

function maximum({ max }: OpenOptions): { max?: number } {
  return max === undefined ? {} : { max };
}

function once(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  return () => (running ??= work());
}
