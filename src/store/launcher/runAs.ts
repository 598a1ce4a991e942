import { readFile, realpath, stat } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { dirname, resolve } from 'node:path';

import { StoreError } from '../errors.ts';

/** The account that PostgreSQL runs under, where it is not our own. */
export interface RunAs {
  readonly uid: number;
  readonly gid: number;
}

/**
 * PostgreSQL refuses to run as root, and its `initdb` needs an account with a name. As root this is the account that owns the
 * cluster where there is one, else `nobody`; no account is made. As anybody else it is null: our own.
 */
export async function runAs(cluster: string): Promise<RunAs | null> {
  if (process.getuid === undefined) return null;
  if (process.getuid() === 0) return await ownerOf(cluster) ?? await nobody();
  try {
    userInfo();
    return null;
  } catch (cause) {
    throw new StoreError('STORE_USER', `the user id ${process.getuid()} has no name on this machine, and PostgreSQL needs one`,
      'Run Weir as an account that the machine knows, or set DATABASE_URL.', { cause });
  }
}

/** True where `who` can pass through every folder down to `path`. What does not exist yet is judged by the folder that will hold it. */
export async function canReach(path: string, who: RunAs | null): Promise<boolean> {
  if (who === null) return true;
  const start = await nearest(resolve(path));
  for (let folder = start; ; folder = dirname(folder)) {
    const found = await stat(folder);
    if (found.isDirectory() && !allows(found, who, 1)) return false;
    if (folder === dirname(folder)) return true;
  }
}

/** True where `who` may do what `bits` (4 read, 2 write, 1 pass or run) say, by owner, group and others; access lists are not looked at. */
export function allows(found: { mode: number; uid: number; gid: number }, who: RunAs, bits: number): boolean {
  const shift = found.uid === who.uid ? 6 : found.gid === who.gid ? 3 : 0;
  return ((found.mode >> shift) & bits) === bits;
}

async function ownerOf(cluster: string): Promise<RunAs | null> {
  try {
    const { uid, gid } = await stat(cluster);
    return uid === 0 ? null : { uid, gid };
  } catch {
    return null;
  }
}

async function nobody(): Promise<RunAs> {
  const accounts = await readFile('/etc/passwd', 'utf8').catch(() => '');
  const fields = accounts.split('\n').find((line) => line.startsWith('nobody:'))?.split(':') ?? [];
  const [uid, gid] = [Number(fields[2]), Number(fields[3])];
  if (fields.length > 3 && Number.isInteger(uid) && Number.isInteger(gid) && uid !== 0) return { uid, gid };
  throw new StoreError('STORE_USER', 'PostgreSQL does not run as root, and this machine has no account `nobody` to run it as',
    'Run Weir as an ordinary user, or set DATABASE_URL.');
}

async function nearest(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    return path === dirname(path) ? path : await nearest(dirname(path));
  }
}
