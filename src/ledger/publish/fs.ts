import { write } from 'node:fs';
import { mkdir, readFile, readdir, rmdir, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { JournalFs } from '../files.ts';
import { diskFs, writeAll } from '../files.ts';

/** The calls by which the published files are read and changed, each of which can fail. Tests put their own in front of these. */
export interface PublishFs extends JournalFs {
  readonly unlink: (path: string) => Promise<void>;
  /** Of an empty folder. */
  readonly rmdir: (path: string) => Promise<void>;
  /** With all folders above it. The first one that was made; undefined where all were there. */
  readonly mkdir: (path: string) => Promise<string | undefined>;
  readonly readFile: (path: string) => Promise<Buffer>;
  readonly readdir: (path: string) => Promise<string[]>;
}

/** The disk itself. */
export const publishFs: PublishFs = {
  ...diskFs,
  // In its turn among the other calls: nobody waits for it, and it must not hold up the thread that answers wait for.
  write: (descriptor, bytes, from, length, position) => new Promise((resolve, reject) => {
    write(descriptor, bytes, from, length, position, (error, written) => {
      if (error === null) resolve(written);
      else reject(error);
    });
  }),
  unlink,
  rmdir,
  mkdir: (path) => mkdir(path, { recursive: true, mode: 0o700 }),
  readFile,
  readdir: (path) => readdir(path),
};

/** The bytes of a file; null where there is none. */
export async function contents(fs: Pick<PublishFs, 'readFile'>, path: string): Promise<Buffer | null> {
  return await fs.readFile(path).catch((error: unknown) => absent(error, null));
}

/** The names in a folder; none where there is no folder. */
export async function names(fs: Pick<PublishFs, 'readdir'>, folder: string): Promise<readonly string[]> {
  return await fs.readdir(folder).catch((error: unknown) => absent(error, []));
}

/** Takes a file away; nothing where it is gone already. */
export async function remove(fs: PublishFs, path: string): Promise<void> {
  await fs.unlink(path).catch((error: unknown) => absent(error, undefined));
}

/** Writes bytes into a file at a place; makes the folders above it where they are missing. The file is opened and closed here, so that descriptors cannot pile up. */
export async function writeInto(fs: PublishFs, path: string, flags: string, bytes: Buffer, position: number): Promise<void> {
  const descriptor = await openMaking(fs, path, flags);
  try {
    await writeAll(fs, descriptor, bytes, position);
  } finally {
    await fs.close(descriptor);
  }
}

async function openMaking(fs: PublishFs, path: string, flags: string): Promise<number> {
  try {
    return await fs.open(path, flags, 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  await fs.mkdir(dirname(path));
  return await fs.open(path, flags, 0o600);
}

function absent<T>(error: unknown, otherwise: T): T {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT' || code === 'ENOTDIR') return otherwise;
  throw error;
}
