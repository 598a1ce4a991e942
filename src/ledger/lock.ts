import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, readlinkSync } from 'node:fs';
import { link, readFile, readdir, rename, unlink, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { JournalError } from '../exchange/errors.ts';

/** The right to write to a folder. */
export interface Lock {
  /** True where another process has taken over, having found this one dead: it must write no more. Two processes in containers that share a name but do not see each other can come to that. */
  lost(): boolean;
  release(): Promise<void>;
}

/** Who holds a lock, in a way that outlives the use of a process number by another process. */
export interface Holder {
  readonly pid: number;
  /** When the process started, as the system counts it. */
  readonly start: string;
  readonly boot: string;
  readonly host: string;
  readonly space: string;
  readonly released: boolean;
}

/**
 * Takes the lock of a folder, or rejects with `JOURNAL_LOCKED` naming who holds it. A holder that died is succeeded.
 *
 * Each holder has its own file, `lock.N`, made by one `link` call, which fails where the name exists: of all who find holder N-1 dead
 * exactly one makes `lock.N`. The file with the highest number counts, and it is never deleted, so no number is given twice;
 * whoever slept so long that newer files appeared finds them when it looks again, and steps back.
 */
export async function takeLock(folder: string): Promise<Lock> {
  const self: Holder = { ...thisProcess(), released: false };
  for (;;) {
    const highest = await highestLock(folder);
    if (highest !== null) await refuseWhileHeld(folder, highest, self);
    const lock = await claimLock(folder, (highest ?? 0) + 1, self);
    if (lock !== null) return lock;
  }
}

/** The lock with this number; null where another has it, or where higher ones came while this process was on its way. */
export async function claimLock(folder: string, mine: number, self: Holder): Promise<Lock | null> {
  if (!(await make(folder, mine, self))) return null;
  if ((await highestLock(folder)) !== mine) {
    await unlink(nameOf(folder, mine));
    return null;
  }
  // The file before stays: a reader of the folder that misses the new name while it is made still meets the old one.
  await dropBefore(folder, mine - 1);
  return { lost: () => existsSync(nameOf(folder, mine + 1)), release: () => put(folder, mine, { ...self, released: true }) };
}

async function highestLock(folder: string): Promise<number | null> {
  const numbers = (await readdir(folder)).map((name) => /^lock\.(\d{1,15})$/.exec(name)?.[1]).filter((text) => text !== undefined).map(Number);
  return numbers.length === 0 ? null : Math.max(...numbers);
}

async function refuseWhileHeld(folder: string, number: number, self: Holder): Promise<void> {
  const path = nameOf(folder, number);
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  });
  // Succeeded meanwhile: the number after this one is taken, and the caller finds that out.
  if (text === null) return;
  const holder = parse(text);
  if (holder === null) throw new JournalError('JOURNAL_LOCKED', `the lock file ${path} cannot be read; delete it once no process uses the journal`);
  if (holder.released) return;
  if (holder.host !== self.host) {
    throw new JournalError('JOURNAL_LOCKED', `the journal is held by process ${holder.pid} on ${holder.host}; once that is known to have ended, delete ${path}`);
  }
  // The same host after a restart, of the machine or of its container: nothing from before is running.
  if (holder.boot !== self.boot || holder.space !== self.space) return;
  if (startOf(holder.pid) === holder.start) throw new JournalError('JOURNAL_LOCKED', `the journal is held by process ${holder.pid}`);
}

/** True where this call made the file; it is there with its whole content or not at all. */
async function make(folder: string, number: number, holder: Holder): Promise<boolean> {
  const fresh = await write(folder, holder);
  try {
    await link(fresh, nameOf(folder, number));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await unlink(fresh);
  }
}

async function put(folder: string, number: number, holder: Holder): Promise<void> {
  await rename(await write(folder, holder), nameOf(folder, number));
}

async function write(folder: string, holder: Holder): Promise<string> {
  const fresh = `${folder}/lock-${randomUUID()}.new`;
  await writeFile(fresh, `${JSON.stringify(holder)}\n`, { mode: 0o600, flag: 'wx' });
  return fresh;
}

async function dropBefore(folder: string, number: number): Promise<void> {
  for (const name of await readdir(folder)) {
    const found = /^lock\.(\d{1,15})$/.exec(name)?.[1];
    if (found !== undefined && Number(found) < number) await unlink(`${folder}/${name}`).catch(() => undefined);
  }
}

function nameOf(folder: string, number: number): string {
  return `${folder}/lock.${number}`;
}

function parse(text: string): Holder | null {
  try {
    const found: unknown = JSON.parse(text);
    return typeof found === 'object' && found !== null && 'pid' in found && typeof found.pid === 'number' && 'start' in found && typeof found.start === 'string' ? (found as Holder) : null;
  } catch {
    return null;
  }
}

function thisProcess(): Omit<Holder, 'released'> {
  return {
    pid: process.pid,
    start: startOf(process.pid) ?? 'unknown',
    boot: readOr('/proc/sys/kernel/random/boot_id'),
    host: hostname(),
    space: linkOr('/proc/self/ns/pid'),
  };
}

/** When a running process started; null where it does not run. A process that is killed still runs while one of its threads is in a call to the disk. */
function startOf(pid: number): string | null {
  if (process.platform !== 'linux') return startElsewhere(pid);
  let line: string;
  try {
    line = readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch {
    return null;
  }
  // The name of the program, in brackets, may hold anything.
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  const ended = fields[0] === 'X' || (fields[0] === 'Z' && Number(fields[17]) <= 1);
  return ended ? null : (fields[19] ?? null);
}

/** Where there is no /proc. */
function startElsewhere(pid: number): string | null {
  try {
    const text = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
    return text === '' ? null : text;
  } catch {
    return null;
  }
}

function readOr(path: string): string {
  try {
    return readFileSync(path, 'latin1').trim();
  } catch {
    return '';
  }
}

function linkOr(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
