import { execFile } from 'node:child_process';
import { readFile, readlink, realpath, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** What PostgreSQL writes into `postmaster.pid` (its `miscadmin.h`: one line each for pid, folder, time, port, socket, address, shared memory, status). */
export interface PostmasterFile {
  readonly pid: number;
  readonly port: number;
  readonly ready: boolean;
}

/** Null where there is none, or it is not yet written whole. */
export async function readPostmasterFile(data: string): Promise<PostmasterFile | null> {
  const lines = (await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0) return null;
  return { pid, port: Number(lines[3] ?? 0), ready: (lines[7] ?? '').startsWith('ready') };
}

/** True where the process is alive and is the postmaster of this very folder: only then may it be signalled. */
export async function isPostmasterOf(pid: number, data: string): Promise<boolean> {
  const folder = await realpath(data).catch(() => data);
  if (process.platform === 'linux') return await readlink(`/proc/${pid}/cwd`).catch(() => '') === folder; // the postmaster stands in its folder
  if (process.platform === 'win32') return false;
  const listed = await promisify(execFile)('ps', ['-o', 'command=', '-p', String(pid)]).catch(() => ({ stdout: '' }));
  return listed.stdout.includes('postgres') && (listed.stdout.includes(folder) || listed.stdout.includes(data));
}

/**
 * Makes a file left by a dead postmaster harmless where its number has gone to a process that is none of ours: PostgreSQL would
 * refuse to start. The number becomes ours, which PostgreSQL knows to disregard in a child of ours, and its check that no
 * shared memory is still in use stays in force.
 */
export async function disownPostmasterFile(data: string): Promise<void> {
  const path = join(data, 'postmaster.pid');
  const text = await readFile(path, 'utf8');
  await writeFile(path, text.replace(/^[^\n]*/, String(process.pid)));
}
