import { execFileSync, spawn } from 'node:child_process';
import { pbkdf2 } from 'node:crypto';
import { chmodSync, cpSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { connect } from '../connect.ts';
import { findBinaries } from './binaries.ts';
import { startCluster, type Cluster, type ClusterOptions } from './index.ts';
import { initialise } from './initialise.ts';
import { isPostmasterOf, readPostmasterFile } from './postmasterFile.ts';
import { usablePrograms } from './programs.ts';
import { allows, canReach, runAs } from './runAs.ts';

const isRoot = process.getuid?.() === 0;
const soon = { timeout: 60_000, interval: 20 };
vi.setConfig({ testTimeout: 180_000 });

let folder: string;
let open: Cluster[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'weir-launcher-'));
  chmodSync(folder, 0o711);
  open = [];
});
afterEach(async () => {
  for (const cluster of open) await cluster.stop();
  rmSync(folder, { recursive: true, force: true });
});

function options(change: Partial<ClusterOptions> = {}): ClusterOptions {
  return { folder: join(folder, 'cluster'), password: 'p', logFile: join(folder, 'log'), programsHome: join(folder, 'programs'), durable: false, ...change };
}

async function start(change: Partial<ClusterOptions> = {}): Promise<Cluster> {
  const cluster = await startCluster(options(change));
  open.push(cluster);
  return cluster;
}

/** What `select` gives, or the code of the fault. */
async function ask(cluster: Cluster, statement = 'select 1 as n'): Promise<unknown> {
  const sql = connect(cluster.url('postgres'), { max: 1 });
  try {
    return (await sql.unsafe<Record<string, unknown>[]>(statement))[0];
  } finally {
    await sql.end({ timeout: 1 });
  }
}

describe('a cluster', () => {
  it('comes back by itself on its port where its postmaster is killed, and stays down once it is stopped', async () => {
    const cluster = await start({ durable: true });
    await ask(cluster, 'create table kept (n int)');
    const killed = cluster.pid;
    process.kill(killed, 'SIGKILL');
    await vi.waitFor(async () => { expect(await ask(cluster, 'select count(*)::int as n from kept')).toEqual({ n: 0 }); }, { timeout: 60_000, interval: 200 });
    const second = cluster.pid;
    expect(second).not.toBe(killed);
    await cluster.stop();
    expect(await isPostmasterOf(second, join(folder, 'cluster', 'data'))).toBe(false);
    await expect(ask(cluster)).rejects.toThrow();
  });

  it('keeps its data from one start to the next, with checksums, syncs, UTF-8 and a password', async () => {
    const first = await start({ durable: true });
    await ask(first, 'create table kept (n int)');
    for (const [name, value] of [['data_checksums', 'on'], ['fsync', 'on'], ['synchronous_commit', 'on'], ['full_page_writes', 'on'], ['server_encoding', 'UTF8'], ['listen_addresses', '127.0.0.1']] as const) {
      expect(await ask(first, `select current_setting('${name}') as n`), name).toEqual({ n: value });
    }
    await first.stop();
    await first.stop();
    const second = await start({ durable: true });
    expect(await ask(second, 'select count(*)::int as n from kept')).toEqual({ n: 0 });
    const wrong = connect(second.url('postgres').replace(':p@', ':q@'), { max: 1 });
    await expect(wrong`select 1`).rejects.toMatchObject({ code: '28P01' });
    await wrong.end();
  });

  it('writes no statement and no value into its log', async () => {
    const cluster = await start();
    await expect(ask(cluster, "select 'DOE,JANE'::int")).rejects.toThrow();
    await expect(ask(cluster, "create table t (n text primary key); insert into t values ('DOE,JANE'), ('DOE,JANE')")).rejects.toThrow();
    await cluster.stop();
    const log = readFileSync(join(folder, 'log'), 'utf8');
    expect(log).toContain('ready to accept connections');
    expect(log).not.toMatch(/DOE|JANE/);
  });

  it.runIf(isRoot)('runs, as root, under the account nobody, with a closed folder of its own', async () => {
    const cluster = await start();
    const uid = Number(/^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${cluster.pid}/status`, 'utf8'))?.[1]);
    expect(uid).toBe((await runAs(''))?.uid);
    expect(uid).not.toBe(0);
    expect(statSync(join(folder, 'cluster')).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, 'cluster')).uid).toBe(uid);
  });
});

describe('a postmaster that was left', () => {
  it('running is stopped, and a new one takes its place', async () => {
    const left = await start({ restarts: false });
    const next = await start();
    expect(next.pid).not.toBe(left.pid);
    expect(await isPostmasterOf(left.pid, join(folder, 'cluster', 'data'))).toBe(false);
    expect(await ask(next)).toEqual({ n: 1 });
  });

  it('dead by -9 does not stand in the way', async () => {
    const left = await start({ durable: true, restarts: false });
    await ask(left, 'create table kept (n int)');
    process.kill(left.pid, 'SIGKILL');
    const next = await start({ durable: true });
    expect(await ask(next, 'select count(*)::int as n from kept')).toEqual({ n: 0 });
  });

  it('dead, with its number now that of another process, harms neither', async () => {
    const first = await start();
    await first.stop();
    const who = await runAs('');
    const stranger = spawn('sleep', ['600'], { stdio: 'ignore', ...(who ?? {}) });
    const data = join(folder, 'cluster', 'data');
    writeFileSync(join(data, 'postmaster.pid'), `${stranger.pid ?? 0}\n${data}\n1700000000\n5432\n\n127.0.0.1\n   999999         0\nready   \n`);
    const next = await start();
    expect(await ask(next)).toEqual({ n: 1 });
    expect(stranger.exitCode).toBeNull();
    expect(stranger.signalCode).toBeNull();
    stranger.kill();
  });

  it('half-made is made anew', async () => {
    mkdirSync(join(folder, 'cluster', 'data.making'), { recursive: true });
    writeFileSync(join(folder, 'cluster', 'data.making', 'PG_VERSION'), '18\n');
    expect(await ask(await start())).toEqual({ n: 1 });
  });
});

describe('what cannot be used is refused', () => {
  it('a port that is taken', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => { taken.listen(0, '127.0.0.1', resolve); });
    const address = taken.address();
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    await expect(start({ port })).rejects.toMatchObject({ code: 'STORE_PORT' });
    taken.close();
  });

  it('a cluster of another major version', async () => {
    mkdirSync(join(folder, 'cluster', 'data'), { recursive: true });
    writeFileSync(join(folder, 'cluster', 'data', 'PG_VERSION'), '99\n');
    await expect(start()).rejects.toMatchObject({ code: 'STORE_NEWER' });
  });

  it('a platform without programs', async () => {
    await expect(findBinaries('aix', 'ppc64')).rejects.toMatchObject({ code: 'STORE_BINARIES' });
  });

  it('a cluster whose files are broken, with what PostgreSQL said', async () => {
    const cluster = await start();
    await cluster.stop();
    writeFileSync(join(folder, 'cluster', 'data', 'postgresql.conf'), 'no_such_setting = 1\n');
    const fault = await start().then(() => null, (error: unknown) => error as Error);
    expect(fault).toMatchObject({ code: 'STORE_START' });
    expect(fault?.message).toContain('no_such_setting');
  });

  it('a cluster whose postmaster ends before the exchange gets round to it', async () => {
    const cluster = await start();
    await cluster.stop();
    writeFileSync(join(folder, 'cluster', 'data', 'postgresql.conf'), 'no_such_setting = 1\n');
    let busy = true;
    const work = async (): Promise<void> => { while (busy) await promisify(pbkdf2)('p', 's', 60_000, 32, 'sha256'); };
    // every thread that reads and closes files has a queue before it, so that a file is closed later than PostgreSQL ends
    const workers = Array.from({ length: 12 }, work);
    const fault = await start().then(() => null, (error: unknown) => error);
    busy = false;
    await Promise.all(workers);
    expect(fault).toMatchObject({ code: 'STORE_START' });
  });

  it('a full disk', async (context) => {
    const disk = join(folder, 'disk');
    mkdirSync(disk);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=24m,mode=711', 'tmpfs', disk], { stdio: 'ignore' });
    } catch {
      return context.skip('needs the right to mount a small disk');
    }
    try {
      await expect(start({ folder: join(disk, 'cluster') })).rejects.toMatchObject({ code: 'STORE_DISK_FULL' });
      const binaries = await findBinaries();
      const who = await runAs('');
      const programs = await usablePrograms(binaries, who, join(folder, 'programs'));
      await expect(initialise({ folder: join(disk, 'other'), programs, major: binaries.major, who, password: 'p', durable: false })).rejects.toMatchObject({ code: 'STORE_DISK_FULL' });
    } finally {
      execFileSync('umount', [disk]);
    }
  });
});

describe('the programs', () => {
  it('are copied, with their links, where the package lacks those', async () => {
    const binaries = await findBinaries();
    const bare = { ...binaries, native: join(folder, 'package', 'native') };
    cpSync(binaries.native, bare.native, { recursive: true, verbatimSymlinks: true });
    for (const { target } of binaries.links) rmSync(join(bare.native, '..', target), { force: true });
    const programs = await usablePrograms(bare, await runAs(''), join(folder, 'programs'));
    expect(programs).not.toBe(bare.native);
    for (const { target } of binaries.links) expect(lstatSync(join(programs, target.replace(/^native\//, ''))).isSymbolicLink(), target).toBe(true);
    expect(execFileSync(join(programs, 'bin', 'postgres'), ['--version'], { ...(await runAs('') ?? {}), cwd: '/', encoding: 'utf8' })).toContain('PostgreSQL');
    const again = statSync(programs).ino;
    expect(statSync(await usablePrograms(bare, await runAs(''), join(folder, 'programs'))).ino).toBe(again);
  });

  it.runIf(isRoot)('are copied where nobody cannot pass to the package, and two at once get one copy', async () => {
    const binaries = await findBinaries();
    const closed = join(folder, 'closed');
    mkdirSync(closed, { mode: 0o700 });
    const hidden = { ...binaries, native: join(closed, 'native') };
    cpSync(binaries.native, hidden.native, { recursive: true, verbatimSymlinks: true });
    const who = await runAs('');
    const [one, two] = await Promise.all([usablePrograms(hidden, who, join(folder, 'programs')), usablePrograms(hidden, who, join(folder, 'programs'))]);
    expect(one).toBe(two);
    expect(one.startsWith(join(folder, 'programs'))).toBe(true);
    expect(execFileSync(join(one, 'bin', 'postgres'), ['--version'], { ...(who ?? {}), cwd: '/', encoding: 'utf8' })).toContain('PostgreSQL');
  });
});

describe('rights', () => {
  const who = { uid: 5, gid: 6 };
  it.each([
    [{ mode: 0o700, uid: 5, gid: 0 }, true], [{ mode: 0o070, uid: 5, gid: 6 }, false], [{ mode: 0o070, uid: 0, gid: 6 }, true],
    [{ mode: 0o701, uid: 0, gid: 6 }, false], [{ mode: 0o701, uid: 0, gid: 0 }, true], [{ mode: 0o710, uid: 0, gid: 0 }, false],
  ])('of %j are read as the kernel does', (found, expected) => {
    expect(allows(found, who, 1)).toBe(expected);
  });

  it('are looked at on every folder down to the last, also for what is not there yet', async () => {
    mkdirSync(join(folder, 'a', 'b'), { recursive: true });
    const stranger = { uid: 4_000_000, gid: 4_000_000 };
    chmodSync(join(folder, 'a'), 0o711);
    chmodSync(join(folder, 'a', 'b'), 0o711);
    expect(await canReach(join(folder, 'a', 'b', 'c'), stranger)).toBe(true);
    chmodSync(join(folder, 'a'), 0o700);
    expect(await canReach(join(folder, 'a', 'b', 'c'), stranger)).toBe(false);
  });
});

describe('postmaster.pid', () => {
  it.each(['', 'x\n', '-4\n', '12.5\n'])('%j says nothing', async (text) => {
    writeFileSync(join(folder, 'postmaster.pid'), text);
    expect(await readPostmasterFile(folder)).toBeNull();
  });

  it('of a running cluster says which and where', async () => {
    const cluster = await start();
    await vi.waitFor(async () => { expect(await readPostmasterFile(join(folder, 'cluster', 'data'))).toEqual({ pid: cluster.pid, port: cluster.port, ready: true }); }, soon);
  });
});
