import { createHash } from 'node:crypto';
import { access, chmod, mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { fileFault, StoreError } from './errors.ts';
import { writeInfo, type DataFolder } from './folder.ts';
import { canReach, runAs } from './launcher/index.ts';

/** Where the embedded cluster and a copy of its programs go. */
export interface ClusterPlace {
  readonly cluster: string;
  readonly programs: string;
}

export interface PlaceOptions {
  /** For what cannot lie in the data folder, as root: `/var/lib/weir` unless told. */
  readonly shared?: string;
  readonly say?: (line: string) => void;
}

/**
 * The cluster lies in the data folder. As root, where the account that PostgreSQL runs under cannot pass to there (a folder under
 * `/root`, say), it lies under `/var/lib/weir`, and `weir.json` says where. Copies of the programs lie there too.
 */
export async function placeCluster(folder: DataFolder, options: PlaceOptions = {}): Promise<ClusterPlace> {
  const shared = options.shared ?? '/var/lib/weir';
  const who = await runAs(join(folder.info.cluster ?? folder.postgres, 'data'));
  if (who === null) return { cluster: folder.postgres, programs: join(folder.path, 'programs') };
  if (folder.info.cluster !== undefined) {
    await checkOwner(folder.info.cluster, folder.path);
    return { cluster: folder.info.cluster, programs: shared };
  }
  if (await canReach(folder.path, who)) return { cluster: folder.postgres, programs: shared };
  if (await exists(join(folder.postgres, 'data', 'PG_VERSION'))) {
    throw new StoreError('STORE_PERMISSION', `the database in ${folder.postgres} runs as user id ${who.uid}, who can no longer pass to that folder`,
      'Let others pass (`chmod o+x`) through each folder on the way, as it was when the database was made.');
  }
  const cluster = join(shared, createHash('sha256').update(folder.path).digest('hex').slice(0, 16));
  await makeShared(shared, cluster, folder.path);
  await writeInfo(folder.path, { ...folder.info, cluster });
  options.say?.(`PostgreSQL does not run as root and cannot reach ${folder.path}, so the database lies in ${cluster}.`);
  return { cluster, programs: shared };
}

/** Clusters under `shared` whose data folder is gone. They are never deleted by themselves: a folder may be on a disk that is not mounted now. */
export async function leftOverClusters(shared = '/var/lib/weir'): Promise<string[]> {
  const names = await readdir(shared).catch(() => []);
  const left = names.filter((name) => name.includes('.left-'));
  for (const name of names.filter((one) => one.endsWith('.of'))) {
    const owner = (await readFile(join(shared, name), 'utf8').catch(() => '')).trim();
    if (!await exists(join(owner, 'weir.json'))) left.push(name.slice(0, -'.of'.length));
  }
  return left.map((name) => join(shared, name));
}

/** A cluster left there by a data folder of the same name that is gone is kept aside: its journal and keys went with that folder. */
async function makeShared(shared: string, cluster: string, path: string): Promise<void> {
  try {
    await mkdir(shared, { recursive: true });
    const found = await stat(shared);
    if (found.uid !== 0 || (found.mode & 0o022) !== 0) {
      throw new StoreError('STORE_PERMISSION', `the folder ${shared} can be written by others than root`, `Give it to root alone: chown root ${shared}; chmod 755 ${shared}.`);
    }
    await chmod(shared, 0o755);
    if (await exists(cluster)) await rename(cluster, `${cluster}.left-${Date.now()}`);
    await writeFile(`${cluster}.of`, `${path}\n`, { mode: 0o600 });
  } catch (error) {
    throw fileFault(error, shared);
  }
}

/** A copy of a data folder names the cluster of the first: two must not use one. A folder that was moved may. */
async function checkOwner(cluster: string, path: string): Promise<void> {
  const owner = (await readFile(`${cluster}.of`, 'utf8').catch(() => '')).trim();
  if (owner === path) return;
  if (owner !== '' && await exists(join(owner, 'weir.json'))) {
    throw new StoreError('STORE_BUSY', `the database in ${cluster} belongs to the data folder ${owner}, of which ${path} is a copy`,
      'Use the first folder, or start with a new one: a copy of the folder does not copy the database.');
  }
  await writeFile(`${cluster}.of`, `${path}\n`, { mode: 0o600 });
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(() => true, () => false);
}
