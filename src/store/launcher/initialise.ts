import { execFile } from 'node:child_process';
import { chmod, chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { diskFull, fileFault, StoreError } from '../errors.ts';
import { program } from './binaries.ts';
import type { RunAs } from './runAs.ts';

/** The one account inside the cluster. */
export const clusterUser = 'weir';

export interface Initialise {
  /** Folder that holds the cluster, made and given to `who` here. */
  readonly folder: string;
  readonly programs: string;
  readonly major: number;
  readonly who: RunAs | null;
  readonly password: string;
  /** False leaves out the sync at the end: tests only. */
  readonly durable: boolean;
}

/**
 * Makes the cluster in `folder/data` where there is none: checksums, UTF-8, C locale, password by SCRAM. It appears by one
 * rename, so that one that was broken off is made anew. Refuses a cluster of another major version.
 */
export async function initialise(options: Initialise): Promise<string> {
  const { folder, who } = options;
  const data = join(folder, 'data');
  const version = await readFile(join(data, 'PG_VERSION'), 'utf8').catch(() => null);
  if (version !== null) {
    if (Number.parseInt(version, 10) === options.major) return data;
    throw new StoreError('STORE_NEWER', `the database in ${folder} was made by PostgreSQL ${version.trim()}, and this Weir brings ${options.major}`,
      'Use the Weir that made it, or another data folder with --data.');
  }
  try {
    await mkdir(folder, { recursive: true });
    await chmod(folder, 0o700);
    if (who !== null) await chown(folder, who.uid, who.gid);
  } catch (error) {
    throw fileFault(error, folder);
  }
  await runInitdb(options, join(folder, 'data.making'));
  await rename(join(folder, 'data.making'), data);
  return data;
}

async function runInitdb({ folder, programs, who, password, durable }: Initialise, making: string): Promise<void> {
  const passwordFile = join(folder, 'password.making');
  try {
    await rm(making, { recursive: true, force: true });
    await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
    if (who !== null) await chown(passwordFile, who.uid, who.gid);
    await promisify(execFile)(join(programs, 'bin', program('initdb')), [
      '-D', making, '-U', clusterUser, '--pwfile', passwordFile, '--auth=scram-sha-256', '--encoding=UTF8', '--locale=C', '--data-checksums',
      '--no-instructions', ...(durable ? [] : ['--no-sync']),
    ], { cwd: '/', env: cleanEnvironment(), ...(who ?? {}) });
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr) : '';
    if (said.includes('No space left')) throw diskFull(folder, error);
    throw said === '' ? fileFault(error, folder) : new StoreError('STORE_START', `the database could not be made: ${lastLine(said)}`,
      `See that ${folder} can be written and has 200 MB free, or set DATABASE_URL.`, { cause: error });
  } finally {
    await rm(passwordFile, { force: true });
  }
}

/** PostgreSQL gets none of our environment: it may hold secrets, and its own variables would change what it does. */
export function cleanEnvironment(): NodeJS.ProcessEnv {
  const kept = process.platform === 'win32' ? { SystemRoot: process.env['SystemRoot'], TEMP: process.env['TEMP'] } : {};
  return { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC', ...kept };
}

function lastLine(text: string): string {
  const lines = text.trim().split('\n').filter((line) => line.includes('error') || line.includes('FATAL'));
  return (lines[0] ?? text.trim().split('\n').at(-1) ?? '').trim();
}
