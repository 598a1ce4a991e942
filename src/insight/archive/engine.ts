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

/** Files to read, as one list. The owner comes from the name of their folder. */
export function sqlFiles(paths: readonly string[]): string {
  return `read_parquet([${paths.map(sqlFile).join(', ')}], hive_partitioning = true, hive_types = {'owner': VARCHAR})`;
}
