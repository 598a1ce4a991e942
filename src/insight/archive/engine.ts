import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';

export interface EngineOptions {
  /** What the engine may hold in memory before it writes to a temporary folder. */
  readonly memoryMb?: number;
  readonly threads?: number;
}

/** One DuckDB in memory. Several writers or sessions may share it. */
export interface Engine {
  connect(): Promise<DuckDBConnection>;
  /** Ends it, and removes its temporary folder. May be repeated. */
  close(): Promise<void>;
}

/** Opens DuckDB in memory. It loads nothing from elsewhere, and what does not fit goes to a folder of its own that `close` removes. */
export async function openEngine({ memoryMb = 1_500, threads = 2 }: EngineOptions = {}): Promise<Engine> {
  const spill = await mkdtemp(join(tmpdir(), 'weir-duckdb-'));
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: `${memoryMb}MB`, threads: String(threads), temp_directory: spill,
    autoinstall_known_extensions: 'false', autoload_known_extensions: 'false',
  });
  let open = true;
  return {
    connect: () => instance.connect(),
    close: async () => {
      if (!open) return;
      open = false;
      instance.closeSync();
      await rm(spill, { recursive: true, force: true });
    },
  };
}

/** A text as SQL writes it. For paths of our own; what users give goes in as parameters. */
export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A file to read, as SQL writes it: characters that stand for others in a pattern stand for themselves. */
export function sqlFile(path: string): string {
  return sqlText(path.replaceAll(/[[*?]/g, (sign) => `[${sign}]`));
}

/**
 * Files to read, as one list; with `owner`, a column of that name says in whose folder each lies. The engine takes each `name=value` of a path for a column,
 * also those above the archive, and before those of the files: where there are such, the owner is taken from the name of the file instead.
 */
export function sqlFiles(paths: readonly string[], { owner }: { readonly owner: boolean }): string {
  const list = `[${paths.map(sqlFile).join(', ')}]`;
  if (!owner) return `read_parquet(${list}, hive_partitioning = false)`;
  if (paths.every((path) => path.split('=').length === 2)) return `read_parquet(${list}, hive_partitioning = true, hive_types = {'owner': VARCHAR})`;
  return `(SELECT * EXCLUDE (filename), regexp_extract(filename, 'owner=([A-Z0-9]{2})[/\\\\][^/\\\\]*$', 1) AS owner FROM read_parquet(${list}, hive_partitioning = false, filename = true))`;
}
