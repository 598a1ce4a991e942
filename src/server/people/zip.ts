import { Readable, pipeline } from 'node:stream';
import { crc32, createDeflateRaw } from 'node:zlib';

/** One file of an archive. It is read once, when its turn comes. */
export interface ZipFile {
  /** Letters, digits, dots and hyphens. */
  readonly name: string;
  readonly bytes: AsyncIterable<Buffer>;
}

interface Written {
  readonly name: Buffer;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  readonly at: number;
}

const most = 0xffff_ffff;

/**
 * A ZIP archive as it is made: nothing of it waits in memory or on disk. Sizes stand behind each file (APPNOTE 4.3.9), so that no file need be known before it is written.
 * Throws a `RangeError` past 4 GiB, which is all that this form can tell of.
 */
export async function* zipOf(files: AsyncIterable<ZipFile>): AsyncGenerator<Buffer, void, undefined> {
  const written: Written[] = [];
  let at = 0;
  for await (const file of files) {
    const name = Buffer.from(file.name);
    const head = Buffer.concat([numbers([0x0403_4b50, 4], [20, 2], [flags, 2], [8, 2], [0, 2], [day, 2], [0, 4], [0, 4], [0, 4], [name.length, 2], [0, 2]), name]);
    yield head;
    const sums = { crc: 0, size: 0 };
    const deflate = createDeflateRaw();
    // What the file throws ends the deflate, and so the loop below.
    pipeline(Readable.from(summed(file.bytes, sums)), deflate, () => undefined);
    let packed = 0;
    for await (const chunk of deflate as AsyncIterable<Buffer>) {
      packed += chunk.length;
      yield chunk;
    }
    if (at + packed > most || sums.size > most) throw new RangeError('an archive of more than 4 GiB cannot be written');
    yield numbers([0x0807_4b50, 4], [sums.crc, 4], [packed, 4], [sums.size, 4]);
    written.push({ name, crc: sums.crc, packed, size: sums.size, at });
    at += head.length + packed + 16;
  }
  const list = written.map((one) => Buffer.concat([
    numbers([0x0201_4b50, 4], [20, 2], [20, 2], [flags, 2], [8, 2], [0, 2], [day, 2], [one.crc, 4], [one.packed, 4], [one.size, 4], [one.name.length, 2], [0, 2], [0, 2], [0, 2], [0, 2], [0, 4], [one.at, 4]), one.name,
  ]));
  const length = list.reduce((sum, one) => sum + one.length, 0);
  yield Buffer.concat([...list, numbers([0x0605_4b50, 4], [0, 2], [0, 2], [list.length, 2], [list.length, 2], [length, 4], [at, 4], [0, 2])]);
}

/** Sizes come behind; names are UTF-8. */
const flags = 0x0808;
/** The first day that the form knows: when a file was made stands in the manifest. */
const day = 0x0021;

async function* summed(bytes: AsyncIterable<Buffer>, sums: { crc: number; size: number }): AsyncGenerator<Buffer> {
  for await (const chunk of bytes) {
    sums.crc = crc32(chunk, sums.crc);
    sums.size += chunk.length;
    yield chunk;
  }
}

/** Numbers of 2 or 4 bytes, the lowest byte first. */
function numbers(...list: readonly (readonly [value: number, bytes: 2 | 4])[]): Buffer {
  const made = Buffer.alloc(list.reduce((sum, [, bytes]) => sum + bytes, 0));
  let at = 0;
  for (const [value, bytes] of list) at = bytes === 2 ? made.writeUInt16LE(value, at) : made.writeUInt32LE(value, at);
  return made;
}
