import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { Readable } from 'node:stream';
import { ImportError } from './errors.ts';

/** What was read of a file so far, in bytes of the file as it lies there. */
export interface ReadBytes {
  readonly chunk: Buffer;
  readonly done: number;
}

const chunkBytes = 1 << 20;

/** The SHA-256 of a file, and its size. Throws `IMPORT_FILE`. */
export async function hashFile(path: string): Promise<{ readonly sha256: string; readonly bytes: number }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const { chunk } of rawBytes(path, 0)) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { sha256: hash.digest('hex'), bytes };
}

/** The bytes of a file from an offset of its text on, unpacked where it is compressed by gzip. A chunk is good until the next is asked for. Throws `IMPORT_FILE`. */
export async function* textBytes(path: string, from: number): AsyncGenerator<ReadBytes> {
  if (!(await isGzip(path))) {
    yield* rawBytes(path, from);
    return;
  }
  let done = 0;
  const packed = Readable.from((async function* () {
    for await (const { chunk } of rawBytes(path, 0)) {
      done += chunk.length;
      yield Buffer.from(chunk);
    }
  })());
  const unpacked = createGunzip({ chunkSize: chunkBytes });
  packed.on('error', (error) => unpacked.destroy(error));
  packed.pipe(unpacked);
  let skip = from;
  try {
    for await (const chunk of unpacked as AsyncIterable<Buffer>) {
      if (skip >= chunk.length) {
        skip -= chunk.length;
        continue;
      }
      yield { chunk: chunk.subarray(skip), done };
      skip = 0;
    }
  } catch (cause) {
    if (cause instanceof ImportError) throw cause;
    throw new ImportError('IMPORT_FILE', `${path} is not whole: it is compressed by gzip and cannot be unpacked to its end`, { cause });
  } finally {
    packed.destroy();
    unpacked.destroy();
  }
}

async function* rawBytes(path: string, from: number): AsyncGenerator<ReadBytes> {
  const file = await openFile(path);
  const room = Buffer.allocUnsafe(chunkBytes);
  try {
    for (let at = from; ;) {
      const { bytesRead } = await file.read(room, 0, chunkBytes, at);
      if (bytesRead === 0) return;
      at += bytesRead;
      yield { chunk: room.subarray(0, bytesRead), done: at };
    }
  } catch (cause) {
    throw cause instanceof ImportError ? cause : new ImportError('IMPORT_FILE', `${path} cannot be read`, { cause });
  } finally {
    await file.close();
  }
}

/** Opens a file for reading. Throws `IMPORT_FILE` where it cannot be, or is a folder. */
export async function openFile(path: string): Promise<FileHandle> {
  try {
    const file = await open(path, 'r');
    if ((await file.stat()).isDirectory()) {
      await file.close();
      throw new ImportError('IMPORT_FILE', `${path} is a folder: name the files in it`);
    }
    return file;
  } catch (cause) {
    if (cause instanceof ImportError) throw cause;
    const gone = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    throw new ImportError('IMPORT_FILE', gone ? `there is no file ${path}` : `${path} cannot be opened`, { cause });
  }
}

async function isGzip(path: string): Promise<boolean> {
  const file = await openFile(path);
  try {
    const start = Buffer.alloc(2);
    const { bytesRead } = await file.read(start, 0, 2, 0);
    return bytesRead === 2 && start[0] === 0x1f && start[1] === 0x8b;
  } finally {
    await file.close();
  }
}
