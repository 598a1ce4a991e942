import { close, fdatasync, ftruncate, open, rename, unlink, writeSync } from 'node:fs';
import { promisify } from 'node:util';

/**
 * The calls by which a journal changes the disk, each of which can fail. Tests put their own in front of these.
 * A descriptor is a number, as the system gives it.
 */
export interface JournalFs {
  readonly open: (path: string, flags: string, mode: number) => Promise<number>;
  /** Bytes written, which may be fewer than given. */
  readonly write: (descriptor: number, bytes: Buffer, from: number, length: number, position: number) => Promise<number>;
  readonly fdatasync: (descriptor: number) => Promise<void>;
  readonly ftruncate: (descriptor: number, length: number) => Promise<void>;
  readonly close: (descriptor: number) => Promise<void>;
  readonly rename: (from: string, to: string) => Promise<void>;
  readonly unlink: (path: string) => Promise<void>;
  /** Makes names that were created or changed in a folder durable. */
  readonly syncFolder: (path: string) => Promise<void>;
}

const opened = promisify(open);
const synced = promisify(fdatasync);
const closed = promisify(close);

/** The disk itself. */
export const diskFs: JournalFs = {
  open: (path, flags, mode) => opened(path, flags, mode),
  // At once: what is written goes to memory only, and to hand it to another thread costs many times as much. The sync after it is what takes time.
  // eslint-disable-next-line @typescript-eslint/require-await
  write: async (descriptor, bytes, from, length, position) => writeSync(descriptor, bytes, from, length, position),
  fdatasync: (descriptor) => new Promise((resolve, reject) => {
    fdatasync(descriptor, (error) => {
      if (error === null) resolve();
      else reject(error);
    });
  }),
  ftruncate: promisify(ftruncate),
  close: closed,
  rename: promisify(rename),
  unlink: promisify(unlink),
  syncFolder: async (path) => {
    const descriptor = await opened(path, 'r');
    try {
      await synced(descriptor);
    } finally {
      await closed(descriptor);
    }
  },
};

/** Writes all of `bytes` at `position`, however many calls the system takes for it. */
export async function writeAll(fs: JournalFs, descriptor: number, bytes: Buffer, position: number): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    const written = await fs.write(descriptor, bytes, done, bytes.length - done, position + done);
    if (written <= 0) throw new Error('the disk took no bytes');
    done += written;
  }
}

/** Puts a small file in its place as one switch: durable and whole under `name`, or not there at all. */
export async function replaceFile(fs: JournalFs, folder: string, name: string, bytes: Buffer): Promise<void> {
  const fresh = `${folder}/${name}.tmp`;
  const descriptor = await fs.open(fresh, 'w', 0o600);
  try {
    await writeAll(fs, descriptor, bytes, 0);
    await fs.fdatasync(descriptor);
  } finally {
    await fs.close(descriptor);
  }
  await fs.rename(fresh, `${folder}/${name}`);
  await fs.syncFolder(folder);
}
