import { readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { takeLock } from '../../ledger/lock.ts';
import { JournalError } from '../../exchange/errors.ts';
import type { JournalFs } from '../../ledger/files.ts';
import { filesOf, writeManifest, type Leftover, type Manifest } from './manifest.ts';
import { ArchiveError } from './types.ts';

/** The manifest of an owner as its one writer holds it. */
export interface OwnerFiles {
  readonly manifest: Manifest;
  /**
   * Puts other files in force, durably, and deletes those whose time is over. What is named no more becomes a leftover; with `soon` one that waits for readers
   * alone and for no further sealing, as what holds erased entries must. The files must be written and synced.
   */
  replace(next: Partial<Omit<Manifest, 'weirArchiveOwner' | 'owner' | 'leftovers'>> & Pick<Manifest, 'sealing'>, options?: { readonly soon?: boolean }): Promise<void>;
  /** Deletes what is named no more and whose time is over, where there is any. */
  sweep(): Promise<void>;
  close(): Promise<void>;
}

export interface OwnerFilesOptions {
  readonly fs: JournalFs;
  readonly now: () => number;
  /** How long a file that is named no more is kept for whoever reads it, milliseconds. */
  readonly graceMs: number;
}

/** How long readers have where nothing else is said. */
export const grace = 600_000;

/** Takes the lock of a folder, or throws `ARCHIVE_LOCKED`. */
export async function lockFolder(folder: string): Promise<Awaited<ReturnType<typeof takeLock>>> {
  try {
    return await takeLock(folder);
  } catch (error) {
    if (!(error instanceof JournalError)) throw error;
    throw new ArchiveError('ARCHIVE_LOCKED', `another process writes the archive: ${error.message.replace(/^the journal is held by/, 'it is')}`, { cause: error });
  }
}

/** Goes on with the files of a folder. What no manifest names was left by a process that ended before it was in force: it is deleted. */
export async function openOwnerFiles(folder: string, found: Manifest, { fs, now, graceMs }: OwnerFilesOptions): Promise<OwnerFiles> {
  const lock = await lockFolder(folder);
  let manifest = found;
  try {
    await dropOrphans(folder, manifest);
  } catch (error) {
    await lock.release();
    throw error;
  }
  const replace: OwnerFiles['replace'] = async (next, { soon = false } = {}) => {
    if (lock.lost()) throw new ArchiveError('ARCHIVE_LOCKED', `another process took the archive in ${folder} over, because this one did not seem to run`);
    await fs.syncFolder(folder);
    const time = now();
    const changed: Manifest = { ...manifest, ...next };
    const named = filesOf(changed);
    const gone = [...filesOf(manifest).keys()].filter((file) => !named.has(file)).map((file) => ({ file, sealing: soon ? next.sealing - 2 : next.sealing, at: time }));
    const due = manifest.leftovers.filter((one) => isDue(one, next.sealing, time, graceMs));
    const after: Manifest = { ...changed, leftovers: [...manifest.leftovers.filter((one) => !due.includes(one)), ...gone] };
    await writeManifest(folder, after, fs);
    manifest = after;
    for (const { file } of due) await unlink(join(folder, file)).catch(() => undefined);
  };
  return {
    get manifest() {
      return manifest;
    },
    replace,
    sweep: async () => {
      if (manifest.leftovers.some((one) => isDue(one, manifest.sealing, now(), graceMs))) await replace({ sealing: manifest.sealing });
    },
    close: () => lock.release(),
  };
}

/** Whether a leftover goes: two sealings later, or a day later where nothing was sealed, and never before readers had their time. */
export function isDue({ sealing, at }: Leftover, current: number, time: number, graceMs: number): boolean {
  return at + graceMs <= time && (sealing + 2 <= current || at + 86_400_000 <= time);
}

async function dropOrphans(folder: string, manifest: Manifest): Promise<void> {
  const kept = new Set([...filesOf(manifest).keys(), ...manifest.leftovers.map(({ file }) => file)]);
  for (const name of await readdir(folder)) if (/\.(?:parquet|tmp)$/.test(name) && !kept.has(name)) await unlink(join(folder, name));
}
