import { hash } from 'node:crypto';
import type { Receipt } from '../model/index.ts';
import { originOf } from './name.ts';
import { anchorLog, leafData } from './record.ts';
import type { Placed } from './types.ts';

/** The key of receipts. It signs for every batch, so it signs at once. */
export interface ReceiptSigner {
  /** `PREFIX/receipts`. */
  readonly name: string;
  /** 32 bytes. */
  readonly publicKey: Buffer;
  /** 4 bytes (C2SP signed-note, "Signatures"). */
  readonly keyId: Buffer;
  /** An Ed25519 signature of 64 bytes. */
  sign(message: Buffer): Buffer;
}

export interface BatchFacts {
  /** The name of this ledger; origins begin with it. */
  readonly prefix: string;
  readonly signer: ReceiptSigner;
  /** Milliseconds since 1970. */
  readonly now: number;
}

const tokenVersion = 1;
const headBytes = 85;
const hashBytes = 32;

/**
 * The receipts of one durable batch, in its order (docs/ledger-formats.md, "Receipt"): one signature, over the root of the small RFC 6962 tree
 * whose leaves are the batch, so that a signature costs an entry a hash or two where many come at once.
 */
export function issueReceipts(placed: readonly Placed[], { prefix, signer, now }: BatchFacts): readonly Receipt[] {
  if (placed.length === 0) return [];
  const levels = tree(placed.map((one) => leafOf(one, prefix, now)));
  const root = Buffer.from(levels.at(-1)?.[0] ?? '', 'latin1');
  const signature = signer.sign(Buffer.from(`${signer.name}\n${placed.length}\n${root.toString('base64')}\n`));
  const paths = pathsOf(levels);
  const token = Buffer.allocUnsafe(headBytes + hashBytes * levels.length);
  writeHead(token, placed.length, now, signer.keyId, signature);
  return placed.map((one, place) => {
    const path = paths[place] ?? '';
    token.writeUInt32BE(place, 1);
    token.write(path, headBytes, 'latin1');
    return { log: one.log, index: one.index, entry: one.id, hash: promised(one).toString('hex'), token: token.toString('base64url', 0, headBytes + path.length) };
  });
}

/** RFC 6962, section 2.1: SHA-256(0x00 ‖ data). */
function leafOf(one: Placed, prefix: string, now: number): string {
  return hash('sha256', `\u0000weir-receipt/v1\n${originOf(prefix, one.log)}\n${one.index}\n${promised(one).toString('base64')}\n${one.id}\n${now}\n`, 'binary');
}

/** What the receipt promises: the commitment, or in the anchor log the leaf hash. */
function promised({ log, record, leaf }: Placed): Buffer {
  return log === anchorLog ? Buffer.from(leaf, 'latin1') : leafData(record);
}

/** All levels of the tree, leaves first. A node without a neighbour goes up as it is, which is the tree of RFC 6962 for any number of leaves. */
function tree(leaves: readonly string[]): readonly (readonly string[])[] {
  const levels = [leaves];
  const pair = Buffer.allocUnsafe(1 + 2 * hashBytes);
  pair[0] = 1;
  for (let level = leaves; level.length > 1;) {
    const above: string[] = [];
    for (let i = 0; i < level.length; i += 2) {
      const [left = '', right] = [level[i], level[i + 1]];
      if (right === undefined) above.push(left);
      else {
        pair.write(left, 1, 'latin1');
        pair.write(right, 1 + hashBytes, 'latin1');
        above.push(hash('sha256', pair, 'binary'));
      }
    }
    levels.push(above);
    level = above;
  }
  return levels;
}

/** The inclusion path of every leaf, its hashes one behind the other: from the root down, each node's is its neighbour and then its parent's. */
function pathsOf(levels: readonly (readonly string[])[]): readonly string[] {
  let paths: readonly string[] = [''];
  for (let k = levels.length - 2; k >= 0; k -= 1) {
    const level = levels[k] ?? [];
    const above = paths;
    paths = level.map((_, i) => `${level[i ^ 1] ?? ''}${above[i >> 1] ?? ''}`);
  }
  return paths;
}

function writeHead(token: Buffer, entries: number, now: number, keyId: Buffer, signature: Buffer): void {
  token[0] = tokenVersion;
  token.writeUInt32BE(entries, 5);
  token.writeBigUInt64BE(BigInt(now), 9);
  keyId.copy(token, 17);
  signature.copy(token, 21);
}
