import { statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { diskFull } from '../errors.ts';
import { findBinaries } from './binaries.ts';
import { clusterUser, initialise } from './initialise.ts';
import { startPostmaster } from './postmaster.ts';
import { usablePrograms } from './programs.ts';
import { runAs } from './runAs.ts';
import { supervise } from './supervise.ts';

export { canReach, runAs } from './runAs.ts';
export { findBinaries } from './binaries.ts';
export { isPostmasterOf, readPostmasterFile } from './postmasterFile.ts';

export interface ClusterOptions {
  /** Folder of the cluster. As root, `nobody` must be able to reach it. Made where it is missing. */
  readonly folder: string;
  readonly password: string;
  readonly logFile: string;
  /** Where a copy of the programs goes if the package cannot be used in place. */
  readonly programsHome: string;
  readonly port?: number;
  /** False turns syncs off: tests only. */
  readonly durable?: boolean;
  /** False leaves a postmaster that ended as it is: tests only. */
  readonly restarts?: boolean;
}

/** A PostgreSQL that runs for us on loopback. */
export interface Cluster {
  readonly port: number;
  /** Of the postmaster that runs now: one that was killed is started again. */
  readonly pid: number;
  url(database: string): string;
  stop(): Promise<void>;
}

/** What a fresh cluster and its first write-ahead files need, in bytes. */
const leastRoom = 150_000_000;

/** Makes the cluster where there is none, and starts it. Rejects with a `StoreError`. */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const { folder, password, logFile, durable = true } = options;
  await checkRoom(folder);
  const binaries = await findBinaries();
  const who = await runAs(join(folder, 'data'));
  const programs = await usablePrograms(binaries, who, options.programsHome);
  const data = await initialise({ folder, programs, major: binaries.major, who, password, durable });
  const postmaster = await supervise((port) => startPostmaster({ data, programs, who, logFile, port, durable }), options.port ?? null, options.restarts ?? true);
  return {
    port: postmaster.port,
    get pid() { return postmaster.pid(); },
    url: (database) => clusterUrl(postmaster.port, password, database),
    stop: () => postmaster.stop(),
  };
}

/** The address of a database of an embedded cluster, with its password. */
export function clusterUrl(port: number, password: string, database: string): string {
  return `postgres://${clusterUser}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`;
}

async function checkRoom(folder: string): Promise<void> {
  const found = await statfs(folder).catch(() => statfs(dirname(folder))).catch(() => null);
  if (found !== null && found.bavail * found.bsize < leastRoom && found.blocks > 0) throw diskFull(folder);
}
