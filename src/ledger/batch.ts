import { frameBytes, frameHeadBytes, frameTailBytes, prefixBytes, sealFrame, sectorBytes } from './format.ts';
import type { Forest } from './forest.ts';
import { leafHash } from './record.ts';
import type { Placed, WalRecord } from './types.ts';

/** One call of `append`. */
export interface Call {
  readonly records: readonly WalRecord[];
  /** Of the records, with their prefixes. */
  readonly bytes: number;
  /** The latest day of a record, days since 1970. */
  readonly day: number;
  readonly resolve: (placed: readonly Placed[]) => void;
  readonly reject: (error: unknown) => void;
}

/** Records that become durable together: the bytes of a batch as they grow, and who waits for them. */
export class Batch {
  #buffer: Buffer;
  #used = frameHeadBytes;
  /** Made while the batch before is on its way to the disk, so that nobody waits for them. */
  readonly #leaves: string[] = [];
  #calls: Call[] = [];
  #day = 0;

  /** `buffer` is used again from an earlier batch, whatever it holds. */
  constructor(buffer: Buffer) {
    this.#buffer = buffer;
  }

  get count(): number {
    return this.#leaves.length;
  }

  /** Bytes of records, with their prefixes. */
  get payload(): number {
    return this.#used - frameHeadBytes;
  }

  /** The latest day of a record, days since 1970. */
  get day(): number {
    return this.#day;
  }

  get buffer(): Buffer {
    return this.#buffer;
  }

  add(call: Call): void {
    this.#ensure(call.bytes);
    for (const { record } of call.records) {
      this.#buffer.writeUInt16LE(record.length, this.#used);
      record.copy(this.#buffer, this.#used + prefixBytes);
      this.#used += prefixBytes + record.length;
      this.#leaves.push(leafHash(record));
    }
    this.#calls.push(call);
    this.#day = Math.max(this.#day, call.day);
  }

  /** The batch as it goes to the disk, and the chain hash after it. May be called again with other arguments. */
  seal(firstSequence: number, previous: Buffer): { readonly frame: Buffer; readonly chain: Buffer } {
    const frame = this.#buffer.subarray(0, frameBytes(this.payload));
    return { frame, chain: sealFrame(frame, this.payload, this.count, firstSequence, previous) };
  }

  /** Adds the leaves to their logs, in order, and says where each record stands. Once, when the batch is durable. */
  place(firstSequence: number, forest: Forest): readonly Placed[] {
    const placed: Placed[] = [];
    for (const { records } of this.#calls) {
      for (const { log, id, record } of records) {
        const leaf = this.#leaves[placed.length] ?? '';
        placed.push({ sequence: firstSequence + placed.length, log, index: forest.append(log, leaf), id, record, leaf });
      }
    }
    return placed;
  }

  /** Tells every caller where its records stand. */
  settle(placed: readonly Placed[]): void {
    let at = 0;
    for (const { records, resolve } of this.#calls) resolve(placed.slice(at, (at += records.length)));
    this.#calls = [];
  }

  refuse(error: Error): void {
    for (const { reject } of this.#calls) reject(error);
    this.#calls = [];
  }

  #ensure(bytes: number): void {
    const needed = this.#used + bytes + frameTailBytes + sectorBytes;
    if (needed <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.#buffer.length * 2));
    this.#buffer.copy(larger, 0, 0, this.#used);
    this.#buffer = larger;
  }
}
