import { hash } from 'node:crypto';
import type { LogName } from './record.ts';

const hashBytes = 32;
const sizeBytes = 8;
/** Node hashes are made one after the other, so one place for the 65 bytes is enough. */
const pair = Buffer.alloc(1 + 2 * hashBytes, 1);

/** RFC 6962, section 2.1: SHA-256(0x01 ‖ left ‖ right). Hashes are 32 bytes as latin1 texts, which is three times as quick as buffers. */
export function nodeHash(left: string, right: string): string {
  pair.write(left, 1, hashBytes, 'latin1');
  pair.write(right, 1 + hashBytes, hashBytes, 'latin1');
  return hash('sha256', pair, 'binary');
}

/** The root of a tree without leaves: SHA-256 of nothing, as a latin1 text. */
export const emptyRoot: string = hash('sha256', '', 'binary');

interface Tree {
  size: number;
  /** The compact range: roots of the largest whole subtrees, from left to right. */
  readonly hashes: string[];
}

/** The trees of all logs, as far as their roots need: sizes and compact ranges. Memory and state frame do not grow with the entries. */
export class Forest {
  readonly #trees = new Map<LogName, Tree>();
  #total = 0;

  /** What a state frame holds; null where the bytes are none. Whoever can write the folder controls the input. */
  static decode(bytes: Buffer): Forest | null {
    const forest = new Forest();
    let before = '';
    let at = 0;
    while (at < bytes.length) {
      const name = bytes.toString('latin1', at + 1, at + 1 + (bytes[at] ?? 0));
      at += 1 + name.length;
      if (!/^[a-z0-9]+$/.test(name) || name <= before || at + sizeBytes + 1 > bytes.length) return null;
      const size = Number(bytes.readBigUInt64LE(at));
      const count = bytes[at + sizeBytes] ?? 0;
      at += sizeBytes + 1;
      const end = at + count * hashBytes;
      if (!Number.isSafeInteger(size) || size === 0 || count !== onesIn(size) || end > bytes.length) return null;
      const hashes: string[] = [];
      for (; at < end; at += hashBytes) hashes.push(bytes.toString('latin1', at, at + hashBytes));
      forest.#trees.set(name, { size, hashes });
      forest.#total += size;
      before = name;
    }
    return forest;
  }

  /** Entries over all logs. */
  get total(): number {
    return this.#total;
  }

  /** Adds a leaf, and returns its index in its log. One node hash per entry on the average. */
  append(log: LogName, leaf: string): number {
    let tree = this.#trees.get(log);
    if (tree === undefined) this.#trees.set(log, (tree = { size: 0, hashes: [] }));
    const index = tree.size;
    let whole = leaf;
    for (let rest = index; rest % 2 === 1; rest = (rest - 1) / 2) whole = nodeHash(tree.hashes.pop() ?? '', whole);
    tree.hashes.push(whole);
    tree.size += 1;
    this.#total += 1;
    return index;
  }

  size(log: LogName): number {
    return this.#trees.get(log)?.size ?? 0;
  }

  /** The entries of each log that has any; a copy. */
  sizes(): Map<LogName, number> {
    return new Map([...this.#trees].map(([log, { size }]) => [log, size]));
  }

  /** The compact range of a log: 32 bytes each, as latin1 texts, the largest first. A copy. */
  range(log: LogName): readonly string[] {
    return [...(this.#trees.get(log)?.hashes ?? [])];
  }

  /** The root of a log as it is now, 32 bytes as a latin1 text. */
  root(log: LogName): string {
    const hashes = this.#trees.get(log)?.hashes ?? [];
    return hashes.length === 0 ? emptyRoot : hashes.reduceRight((right, left) => nodeHash(left, right));
  }

  /** The payload of a state frame (docs/ledger-formats.md, "Write-ahead file"). Equal forests give equal bytes. */
  encode(): Buffer {
    const parts: Buffer[] = [];
    for (const [log, { size, hashes }] of [...this.#trees].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const head = Buffer.alloc(1 + log.length + sizeBytes + 1);
      head[0] = log.length;
      head.write(log, 1, 'latin1');
      head.writeBigUInt64LE(BigInt(size), 1 + log.length);
      head[head.length - 1] = hashes.length;
      parts.push(head, ...hashes.map((one) => Buffer.from(one, 'latin1')));
    }
    return Buffer.concat(parts);
  }
}

/** How many subtrees a tree of this size has: the ones in its binary form. */
function onesIn(size: number): number {
  let ones = 0;
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) ones += rest % 2;
  return ones;
}
