import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { createConnection, type Connection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoSourceMapping } from '../../demo/sourceMapping.ts';
import { until } from '../../test/until.ts';
import { openSources, type SourceBook } from './book.ts';
import { faultCases, licence, patient, question, sourceCases } from './cases.ts';
import { startFaultProxy, type FaultProxy } from './faultProxy.ts';
import { mysqlSlot } from './mysql.ts';
import { sampleRows, sampleTables } from './sampleRecords.ts';

const server = find('mariadbd');
const install = find('mariadb-install-db');
const skip = server === null || install === null;
if (skip) console.log('skipped: no MariaDB on this machine (apt-get install mariadb-server), so the MySQL connector is not tested');

describe.skipIf(skip)('MariaDB', () => {
  let database: TestMariadb;
  let book: SourceBook;
  const mapping = demoSourceMapping('sample').replace('dialect: postgres', 'dialect: mysql');

  beforeAll(async () => {
    database = await startTestMariadb(server ?? '', install ?? '');
    for (const statement of sampleTables('mysql')) await database.sql.query(statement);
    for (const [table, rows] of sampleRows) for (const row of rows) await database.sql.query('insert into ?? set ?', [table, row]);
    book = await openSources([{ name: 'sample.yaml', text: mapping }], { connections: { sample: database.url }, ...patient });
  });

  afterAll(async () => {
    await book.close();
    await database.stop();
  });

  sourceCases(() => book);

  it('gives up a statement that takes too long, in the database itself', async () => {
    const slot = mysqlSlot({ url: database.url, timeoutMs: 200, search: false });
    const one = (): Promise<unknown> => slot.run('select 1', []).catch(() => null);
    try {
      await until(one, (rows) => rows !== null);
      await expect(slot.run('select count(*) from information_schema.columns a, information_schema.columns b, information_schema.columns c', [])).rejects.toMatchObject({ code: 'timeout', lost: false });
      expect(await until(one, (rows) => rows !== null)).toEqual([[1]]);
    } finally {
      await slot.close();
    }
  });

  it('cannot write', async () => {
    const slot = mysqlSlot({ url: database.url, ...patient, search: false });
    try {
      await expect(slot.run("delete from driver where owner = 'WA'", [])).rejects.toMatchObject({ name: 'SourceFault' });
    } finally {
      await slot.close();
    }
  });

  it('tells an unknown column and a refused password apart from a source that is down', async () => {
    const wrong = await openSources([{ name: 'a.yaml', text: mapping.replace('birthDate: birth_date', 'birthDate: born') }], { connections: { sample: database.url }, ...patient });
    expect(await wrong.of('WA')?.lookup(question(licence('WDL0000001'), ['birthDate']))).toEqual({ status: 'unavailable', why: 'misconfigured' });
    expect(await wrong.of('WA')?.lookup(question(licence('WDL0000001'), ['name']))).toMatchObject({ status: 'found' });
    await wrong.close();
    const locked = await openSources([{ name: 'a.yaml', text: mapping }], { connections: { sample: database.url.replace('weir:', 'weir:not') }, ...patient });
    expect(await locked.of('WA')?.lookup(question(licence('WDL0000001'), ['name']))).toEqual({ status: 'unavailable', why: 'misconfigured' });
    await locked.close();
  });

  describe('behind a wire that breaks', () => {
    let wire: FaultProxy;
    let fragile: SourceBook;

    beforeAll(async () => {
      const url = new URL(database.url);
      wire = await startFaultProxy(Number(url.port));
      url.port = String(wire.port);
      fragile = await openSources([{ name: 'a.yaml', text: mapping }], { connections: { sample: url.href }, timeoutMs: 400, breaker: { minMs: 20, maxMs: 100 } });
    });

    afterAll(async () => {
      await fragile.close();
      await wire.close();
    });

    faultCases(() => fragile, () => wire);
  });
});

interface TestMariadb {
  readonly url: string;
  readonly sql: Connection;
  stop(): Promise<void>;
}

const nobody = 65534;

/** A server of its own in a temporary folder, on a free loopback port; as root it runs as nobody. */
async function startTestMariadb(daemon: string, installer: string): Promise<TestMariadb> {
  const folder = await mkdtemp(join(tmpdir(), 'weir-test-mariadb-'));
  const asUser = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {};
  if ('uid' in asUser) await chown(folder, nobody, nobody);
  await chmod(folder, 0o755);
  const data = join(folder, 'data');
  const log = join(folder, 'log');
  await promisify(execFile)(installer, ['--no-defaults', `--datadir=${data}`, '--auth-root-authentication-method=normal', '--skip-test-db'], { cwd: folder, ...asUser });
  const port = await freePort();
  const child = spawn(daemon, [
    '--no-defaults', `--datadir=${data}`, `--socket=${join(folder, 's')}`, `--pid-file=${join(folder, 'pid')}`, `--log-error=${log}`, '--bind-address=127.0.0.1', `--port=${port}`,
    '--innodb-buffer-pool-size=32M', '--innodb-flush-log-at-trx-commit=0', '--character-set-server=utf8mb4', '--default-time-zone=-08:00',
  ], { cwd: folder, stdio: 'ignore', ...asUser });
  const sql = await connected({ socketPath: join(folder, 's'), user: 'root' }, child, log);
  await sql.query('create database records');
  await sql.query("create user weir@'127.0.0.1' identified by 'secret'");
  await sql.query("grant all on records.* to weir@'127.0.0.1'");
  await sql.changeUser({ database: 'records' });
  return {
    url: `mysql://weir:secret@127.0.0.1:${port}/records`,
    sql,
    async stop() {
      await sql.end();
      const ended = new Promise(resolve => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function connected(options: { readonly socketPath: string; readonly user: string }, child: ChildProcess, log: string): Promise<Connection> {
  for (let i = 0; i < 1_200 && child.exitCode === null; i += 1) {
    try {
      return await createConnection(options);
    } catch {
      await new Promise(resolve => setTimeout(resolve, 100));
    }
  }
  child.kill('SIGKILL');
  throw new Error(`MariaDB did not start: ${(await readFile(log, 'utf8').catch(() => '')).slice(-2000)}`);
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>(resolve => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise(resolve => probe.close(resolve));
  return port;
}

function find(program: string): string | null {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/bin', '/usr/local/bin'];
  return folders.map(folder => join(folder, program)).find(path => existsSync(path)) ?? null;
}
