import { hash } from 'node:crypto';
import type { Receipt } from '../model/index.ts';
import { frameBytes, frameHeadBytes, frameTailBytes, prefixBytes, sealFrame, sectorBytes } from './format.ts';

/** One call of `append`, written out. */
export interface Call {
  readonly ids: readonly string[];
  readonly texts: readonly string[];
  /** Of the entries in UTF-8, with their prefixes. */
  readonly bytes: number;
  readonly resolve: (receipts: readonly Receipt[]) => void;
  readonly reject: (error: unknown) => void;
}

interface Waiter {
  readonly call: Call;
  readonly hashes: readonly string[];
}

/** Entries that become durable together: the bytes of a batch as they grow, and who waits for them. */
export class Batch {
  #buffer: Buffer;
  #used = frameHeadBytes;
  #count = 0;
  #waiters: Waiter[] = [];

  /** `buffer` is used again from an earlier batch, whatever it holds. */
  constructor(buffer: Buffer) {
    this.#buffer = buffer;
  }

  get count(): number {
    return this.#count;
  }

  /** Bytes of entries, with their prefixes. */
  get payload(): number {
    return this.#used - frameHeadBytes;
  }

  get buffer(): Buffer {
    return this.#buffer;
  }

  add(call: Call): void {
    this.#ensure(call.bytes);
    const hashes: string[] = [];
    for (const text of call.texts) {
      const length = this.#buffer.write(text, this.#used + prefixBytes, 'utf8');
      this.#buffer.writeUInt16LE(length, this.#used);
      this.#used += prefixBytes + length;
      hashes.push(hash('sha256', text, 'hex'));
    }
    this.#count += call.texts.length;
    this.#waiters.push({ call, hashes });
  }

  /** The batch as it goes to the disk, and the chain hash after it. May be called again with other arguments. */
  seal(firstIndex: number, previous: Buffer): { readonly frame: Buffer; readonly chain: Buffer } {
    const frame = this.#buffer.subarray(0, frameBytes(this.payload));
    return { frame, chain: sealFrame(frame, this.payload, this.#count, firstIndex, previous) };
  }

  /** Tells every caller where its entries stand. */
  settle(firstIndex: number): void {
    let index = firstIndex;
    for (const { call, hashes } of this.#waiters) {
      call.resolve(call.ids.map((entry, place) => ({ index: index + place, entry, hash: hashes[place] ?? '' })));
      index += call.ids.length;
    }
    this.#waiters = [];
  }

  refuse(error: Error): void {
    for (const { call } of this.#waiters) call.reject(error);
    this.#waiters = [];
  }

  #ensure(bytes: number): void {
    const needed = this.#used + bytes + frameTailBytes + sectorBytes;
    if (needed <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.#buffer.length * 2));
    this.#buffer.copy(larger, 0, 0, this.#used);
    this.#buffer = larger;
  }
}
