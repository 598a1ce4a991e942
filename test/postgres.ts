import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { connect, type Sql } from '../src/store/connect.ts';
import { startCluster, type Cluster } from '../src/store/launcher/index.ts';
import { migrate } from '../src/store/migrate.ts';

export interface TestPostgres {
  readonly url: string;
  readonly sql: Sql;
  stop(): Promise<void>;
}

interface Shared {
  readonly folder: string;
  readonly cluster: Cluster;
}

let shared: Promise<Shared> | null = null;
let users = 0;
let count = 0;

/**
 * A fresh, empty database for one test file, on a cluster that the process shares and that goes away with the last user.
 * Syncs are off unless `durable` is given, which makes a cluster of its own. `migrate` brings the schema up to date.
 */
export async function startTestPostgres(options: { migrate?: boolean; durable?: boolean } = {}): Promise<TestPostgres> {
  const alone = options.durable === true;
  if (!alone) users += 1;
  const base = alone ? await start(true) : await (shared ??= start(false));
  count += 1;
  const name = `test_${count}`;
  const admin = connect(base.cluster.url('postgres'), { max: 1 });
  await admin.unsafe(`create database ${name}`);
  await admin.end();
  const url = base.cluster.url(name);
  const sql = connect(url, { max: 5 });
  if (options.migrate === true) await migrate(sql);
  let stopping: Promise<void> | null = null;
  const stop = async (): Promise<void> => {
    await sql.end({ timeout: 1 });
    if (!alone) users -= 1;
    if (!alone && users > 0) return;
    if (!alone) shared = null;
    await base.cluster.stop();
    await rm(base.folder, { recursive: true, force: true });
  };
  return { url, sql, stop: () => (stopping ??= stop()) };
}

async function start(durable: boolean): Promise<Shared> {
  const folder = await mkdtemp(join(tmpdir(), 'weir-test-postgres-'));
  await chmod(folder, 0o711); // as root, PostgreSQL runs as another user, who must pass
  const cluster = await startCluster({
    folder: join(folder, 'cluster'), password: randomBytes(12).toString('hex'), logFile: join(folder, 'log'), programsHome: join(folder, 'programs'), durable,
  });
  return { folder, cluster };
}
