import { open } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import type { LogName } from '../record.ts';
import { dayText, recordHead } from '../record.ts';
import type { StoredRecord } from '../types.ts';
import type { PrivatePart } from './snapshot.ts';
import { nothing } from './snapshot.ts';

const prefixBytes = 8;
const placeBytes = 16;
const tileWidth = 256;

/** A record and the private file that has it. */
export interface PrivateRecord extends StoredRecord {
  readonly file: string;
}

/** What is wrong with a private file. `index` is the leaf index before which it is; the file is read no further. */
export interface PrivateFault {
  readonly file: string;
  readonly what: string;
  /** The file ends within a record, as one does that is written at this moment. */
  readonly torn: boolean;
  readonly tile: number;
}

/**
 * The private records of a log in the order of leaf indices, tile by tile, with one record to look at. Written from the format document, not from
 * the code that writes these files. Whoever can write the folder controls the input.
 */
export class PrivateRecords {
  readonly faults: PrivateFault[] = [];
  readonly #ledger: string;
  readonly #log: LogName;
  readonly #parts: readonly PrivatePart[];
  readonly #onBytes: (bytes: number) => void;
  #part = 0;
  #loaded: PrivateRecord[] = [];
  #at = 0;

  /** `parts` in the order of tiles. */
  constructor(ledger: string, log: LogName, parts: readonly PrivatePart[], onBytes: (bytes: number) => void) {
    this.#ledger = ledger;
    this.#log = log;
    this.#parts = parts;
    this.#onBytes = onBytes;
  }

  /** The next record, which stays the next; null where there is none. */
  async peek(): Promise<PrivateRecord | null> {
    while (this.#at === this.#loaded.length) {
      if (this.#part === this.#parts.length) return null;
      await this.#loadTile();
    }
    return this.#loaded[this.#at] ?? null;
  }

  /** Takes the record that `peek` gave. */
  advance(): void {
    this.#at += 1;
  }

  async #loadTile(): Promise<void> {
    const found: PrivateRecord[] = [];
    const tile = this.#parts[this.#part]?.tile;
    for (let part = this.#parts[this.#part]; part?.tile === tile && part !== undefined; part = this.#parts[this.#part]) {
      found.push(...this.#decode(part, await readStart(`${this.#ledger}/${part.path.slice('ledger/'.length)}`, part.bytes)));
      this.#onBytes(part.bytes);
      this.#part += 1;
    }
    found.sort((a, b) => a.index - b.index);
    this.#loaded = found.filter((one, place) => {
      const twice = place > 0 && found[place - 1]?.index === one.index;
      if (twice) this.faults.push({ file: one.file, what: `entry ${one.index} is there twice`, torn: false, tile: tile ?? 0 });
      return !twice;
    });
    this.#at = 0;
  }

  #decode(part: PrivatePart, bytes: Buffer): PrivateRecord[] {
    const records: PrivateRecord[] = [];
    const stop = (offset: number, what: string, torn = false): PrivateRecord[] => {
      this.faults.push({ file: part.path, what: `at byte ${offset}: ${what}`, torn, tile: part.tile });
      return records;
    };
    for (let at = 0, before = -1, end = 0; at < bytes.length; at = end) {
      if (bytes.length - at < prefixBytes) return stop(at, 'a record is cut short', true);
      const length = bytes.readUInt32LE(at);
      end = at + prefixBytes + length;
      if (end > bytes.length) return stop(at, 'a record is cut short', true);
      if (length <= placeBytes || bytes.readUInt32LE(at + 4) !== crc32(bytes.subarray(at + prefixBytes, end))) return stop(at, 'a record is altered');
      const sequence = Number(bytes.readBigUInt64LE(at + prefixBytes));
      const index = Number(bytes.readBigUInt64LE(at + prefixBytes + 8));
      const record = bytes.subarray(at + prefixBytes + placeBytes, end);
      const head = recordHead(record);
      if (head === null) return stop(at, 'the bytes are no record');
      if (head.log !== this.#log || dayText(head.day) !== part.day || head.kind !== part.kind) return stop(at, 'a record of another log, day or kind');
      if (Math.floor(index / tileWidth) !== part.tile || index <= before) return stop(at, `entry ${index} is out of place`);
      before = index;
      records.push({ sequence, log: this.#log, index, record, file: part.path });
    }
    return records;
  }
}

/** The first bytes of a file, fewer where it became shorter, none where it is gone. */
async function readStart(path: string, length: number): Promise<Buffer> {
  const file = await open(path, 'r').catch(nothing);
  if (file === undefined) return Buffer.alloc(0);
  try {
    const bytes = Buffer.allocUnsafe(length);
    let done = 0;
    while (done < length) {
      const { bytesRead } = await file.read(bytes, done, length - done, done);
      if (bytesRead === 0) break;
      done += bytesRead;
    }
    return bytes.subarray(0, done);
  } finally {
    await file.close();
  }
}
