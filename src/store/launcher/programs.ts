import { chmod, copyFile, lstat, mkdir, mkdtemp, readdir, readlink, rename, rm, stat, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import { fileFault } from '../errors.ts';
import { program, type Binaries } from './binaries.ts';
import { allows, canReach, type RunAs } from './runAs.ts';

/**
 * A folder with the programs that `who` can run: the package itself where that is open and whole, else a copy under `home`,
 * made once for each version. The copy has its links even where install scripts were off.
 */
export async function usablePrograms(binaries: Binaries, who: RunAs | null, home: string): Promise<string> {
  if (await isWhole(binaries) && await isOpen(binaries.native, who)) return binaries.native;
  const copy = join(home, `postgresql-${binaries.version}-${process.platform}-${process.arch}`);
  if (await exists(copy)) return copy;
  try {
    await makeCopy(binaries, copy, home);
  } catch (error) {
    throw fileFault(error, home);
  }
  return copy;
}

async function isWhole({ native, links }: Binaries): Promise<boolean> {
  const found = await Promise.all(links.map(({ target }) => exists(join(native, '..', target))));
  return found.every(Boolean);
}

/** npm gives all files of a package the same rights, so a few tell of all. */
async function isOpen(native: string, who: RunAs | null): Promise<boolean> {
  if (who === null) return true;
  const samples: [string, number][] = [
    [join(native, 'bin', program('postgres')), 5], [join(native, 'lib'), 5], [join(native, 'share', 'postgresql', 'postgres.bki'), 4],
  ];
  for (const [path, bits] of samples) {
    if (!await canReach(dirname(path), who) || !allows(await stat(path), who, bits)) return false;
  }
  return true;
}

/** The finished copy appears by one rename, so that a copy that exists is complete; two that copy at once do no harm. */
async function makeCopy({ native, links }: Binaries, copy: string, home: string): Promise<void> {
  await mkdir(home, { recursive: true });
  const making = await mkdtemp(join(home, '.making-'));
  try {
    await copyTree(native, making);
    for (const { source, target } of links) {
      const link = join(making, target.replace(/^native\//, ''));
      if (dirname(source) === dirname(target) && !await exists(link)) await symlink(basename(source), link);
    }
    await rename(making, copy);
  } catch (error) {
    await rm(making, { recursive: true, force: true });
    if (!await exists(copy)) throw error;
  }
}

async function copyTree(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  await chmod(to, 0o755);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) await copyTree(source, target);
    else if (entry.isSymbolicLink()) await symlink(await readlink(source), target);
    else {
      await copyFile(source, target);
      const runs = ((await stat(source)).mode & 0o111) !== 0 || basename(from) === 'bin';
      await chmod(target, runs ? 0o755 : 0o644);
    }
  }
}

async function exists(path: string): Promise<boolean> {
  return await lstat(path).then(() => true, () => false);
}
