import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { open, readFile, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

import { diskFull, fileFault, StoreError } from '../errors.ts';
import { program } from './binaries.ts';
import { cleanEnvironment } from './initialise.ts';
import { disownPostmasterFile, isPostmasterOf, readPostmasterFile } from './postmasterFile.ts';
import type { RunAs } from './runAs.ts';
import { watchOver } from './watch.ts';

export interface PostmasterOptions {
  readonly data: string;
  readonly programs: string;
  readonly who: RunAs | null;
  readonly logFile: string;
  /** Null for any free one. */
  readonly port: number | null;
  /** False turns the syncs off: tests only. */
  readonly durable: boolean;
}

export interface Postmaster {
  readonly port: number;
  readonly pid: number;
  /** Settles when the process has ended, by whatever hand. */
  readonly ended: Promise<unknown>;
  /** Ends open sessions and stops, with everything on disk. Can be called again. */
  stop(): Promise<void>;
}

/** Crash recovery of a large cluster can take minutes; a healthy start takes 50 ms. */
const patience = 300_000;

/** Starts the postmaster on loopback and waits until it takes connections. One that an earlier process left behind is stopped first. */
export async function startPostmaster(options: PostmasterOptions): Promise<Postmaster> {
  await clearLeftOver(options);
  for (let attempt = 1; ; attempt += 1) {
    const port = options.port ?? await freePort();
    try {
      return await startOn(port, options);
    } catch (error) {
      if (!(error instanceof StoreError) || attempt >= 20 || !mayPass(error, options.port)) throw error;
      await sleep(attempt < 3 ? 20 : 500);
    }
  }
}

/** Another took the free port in between, or processes of a killed postmaster still hold its memory: both pass by themselves. */
function mayPass(error: StoreError, fixedPort: number | null): boolean {
  return (error.code === 'STORE_PORT' && fixedPort === null) || error.message.includes('shared memory block');
}

async function clearLeftOver({ data, programs, who }: PostmasterOptions): Promise<void> {
  const left = await readPostmasterFile(data);
  if (left === null) return;
  if (await isPostmasterOf(left.pid, data)) await stopProcess(left.pid, data, programs, who);
  else if (isAlive(left.pid) && process.platform !== 'win32') await disownPostmasterFile(data);
}

async function startOn(port: number, { data, programs, who, logFile, durable }: PostmasterOptions): Promise<Postmaster> {
  const log = await open(logFile, await isLong(logFile) ? 'w' : 'a', 0o600).catch((error: unknown) => { throw fileFault(error, logFile); });
  const before = (await log.stat()).size;
  let child: ChildProcess;
  let ended: Promise<string>;
  try {
    child = spawn(join(programs, 'bin', program('postgres')), ['-D', data, '-p', String(port), ...settings(durable)], {
      // a session of its own, so that Ctrl-C reaches us alone and we stop it when we are done
      cwd: '/', env: cleanEnvironment(), detached: true, stdio: ['ignore', log.fd, log.fd], ...(who ?? {}),
    });
    ended = endOf(child);
  } finally {
    await log.close();
  }
  child.unref();
  await untilReady(child, data, ended, async () => (await readFile(logFile, 'utf8').catch(() => '')).slice(before), port);
  const pid = child.pid ?? 0;
  const unwatch = watchOver(data, pid, who);
  void ended.then(unwatch);
  let stopping: Promise<void> | null = null;
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) await stopProcess(pid, data, programs, who, ended);
    unwatch();
  };
  return { port, pid, ended, stop: () => (stopping ??= stop()) };
}

/** Asked for in the moment of the start: a postmaster that refuses its settings has ended a few milliseconds later, and is not heard of twice. */
function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => { resolve(error.message); });
    child.once('exit', (code, signal) => { resolve(`it ended with ${signal ?? code ?? 'no code'}`); });
  });
}

/** The log takes no statement and no error of one: both can hold personal data (design, invariant 7). */
function settings(durable: boolean): string[] {
  const values: Record<string, string> = {
    listen_addresses: '127.0.0.1', unix_socket_directories: '', max_connections: '100', shared_buffers: durable ? '256MB' : '32MB',
    fsync: durable ? 'on' : 'off', synchronous_commit: durable ? 'on' : 'off', full_page_writes: durable ? 'on' : 'off',
    wal_level: 'minimal', max_wal_senders: '0', password_encryption: 'scram-sha-256', timezone: 'UTC', log_timezone: 'UTC', huge_pages: 'off',
    log_min_messages: 'log', log_min_error_statement: 'panic', log_error_verbosity: 'terse', log_statement: 'none', log_checkpoints: 'off',
  };
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

async function untilReady(child: ChildProcess, data: string, ended: Promise<string>, log: () => Promise<string>, port: number): Promise<void> {
  const deadline = Date.now() + patience;
  for (;;) {
    const over = await Promise.race([ended, sleep(15, null)]);
    if (over !== null) throw startFault(await log(), over, data, port);
    const file = await readPostmasterFile(data);
    if (file?.pid === child.pid && file?.ready === true) return;
    if (Date.now() > deadline) {
      child.kill('SIGQUIT');
      throw startFault(await log(), `it took no connections within ${patience / 1000} s`, data, port);
    }
  }
}

function startFault(log: string, over: string, data: string, port: number): StoreError {
  if (log.includes('No space left')) return diskFull(data);
  if (/could not bind|Address already in use/.test(log)) {
    return new StoreError('STORE_PORT', `port ${port} on 127.0.0.1 is taken, and PostgreSQL was told to use it`, 'Stop what uses it, or choose another port.');
  }
  if (/Permission denied|has wrong ownership|has invalid permissions/.test(log)) {
    return new StoreError('STORE_PERMISSION', `PostgreSQL cannot read or write its folder ${data}`, 'Give the folder back to the user that made it, or name another with --data.');
  }
  const tail = log.trim().split('\n').slice(-4).join(' / ');
  return new StoreError('STORE_START', `PostgreSQL did not start: ${tail === '' ? over : tail}`,
    'See run/postgres.log in the data folder; or set DATABASE_URL to a server of your own.');
}

/** Fast shutdown (SIGINT), then immediate (SIGQUIT), after which the next start recovers. Never -9, which would leave its children. */
async function stopProcess(pid: number, data: string, programs: string, who: RunAs | null, ended?: Promise<string>): Promise<void> {
  if (process.platform === 'win32') {
    await promisify(execFile)(join(programs, 'bin', program('pg_ctl')), ['stop', '-D', data, '-m', 'fast', '-w'], { ...(who ?? {}) }).catch(() => undefined);
    return;
  }
  for (const [signal, wait] of [['SIGINT', 30_000], ['SIGQUIT', 10_000]] as const) {
    signalTo(pid, signal);
    const deadline = Date.now() + wait;
    while (Date.now() < deadline) {
      if (ended === undefined ? !await isPostmasterOf(pid, data) : await Promise.race([ended, sleep(15, null)]) !== null) return;
      if (ended === undefined) await sleep(15);
    }
  }
  throw new StoreError('STORE_STOP', `the PostgreSQL with process number ${pid} does not stop`, `See why it hangs, then end it, and start again; its folder is ${data}.`);
}

function signalTo(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // it ended by itself
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

async function isLong(path: string): Promise<boolean> {
  return await stat(path).then(({ size }) => size > 10_000_000, () => false);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return address !== null && typeof address === 'object' ? address.port : 0;
}
