import { hash } from 'node:crypto';
import type { BulkHashes } from './types.ts';

const hashBytes = 32;
const pairBytes = 65;
const mostHashes = 256;
/** Bytes of an entry in a bundle of an owner's log: two of length, and a commitment. */
const stride = 34;

/**
 * Hashes of whole tiles by Node. What is to be hashed lies in memory that is used again for every tile, under views that are made once:
 * making a view costs as much as a third of a hash, and a hash as a latin1 text costs a third of one as a buffer.
 */
export const nodeBulk: BulkHashes = { leaves, root };

/** One row for each height of a tile's tree: pairs, each with the 0x01 before it (RFC 6962 section 2.1). */
const rows = Array.from({ length: 8 }, (_, height) => pairsOf(mostHashes >> (height + 1)));
let entries = Buffer.alloc(stride * mostHashes);
let commitments = viewsOf(entries);

function root(hashes: Uint8Array): Uint8Array {
  let pairs = hashes.length / hashBytes / 2;
  if (pairs < 1) return hashes.slice();
  const source = Buffer.from(hashes.buffer, hashes.byteOffset, hashes.length);
  const first = rows[8 - Math.log2(pairs) - 1];
  if (first === undefined) throw new RangeError('A tile has a power of two hashes, up to 256.');
  for (let i = 0; i < pairs; i += 1) source.copy(first.bytes, i * pairBytes + 1, i * 64, i * 64 + 64);
  let row = first;
  for (; pairs > 1; pairs /= 2) {
    const next = rows[8 - Math.log2(pairs / 2) - 1] ?? first;
    for (let i = 0; i < pairs; i += 1) next.bytes.write(hash('sha256', row.views[i] ?? row.bytes, 'binary'), (i >> 1) * pairBytes + 1 + (i & 1) * hashBytes, hashBytes, 'latin1');
    row = next;
  }
  return new Uint8Array(hash('sha256', row.views[0] ?? row.bytes, 'buffer'));
}

function leaves(bundle: Uint8Array): Uint8Array | null {
  if (bundle.length > entries.length) {
    entries = Buffer.alloc(2 * bundle.length);
    commitments = viewsOf(entries);
  }
  entries.set(bundle);
  const hashes: string[] = [];
  for (let at = 0, i = 0; at < bundle.length; i += 1) {
    if (at + 2 > bundle.length) return null;
    const end = at + 2 + entries.readUInt16BE(at);
    if (end > bundle.length) return null;
    // The second byte of the length makes room for the 0x00 that comes before a leaf's data.
    entries[at + 1] = 0;
    const kept = end - at === stride && at === i * stride ? commitments[i] : undefined;
    hashes.push(hash('sha256', kept ?? entries.subarray(at + 1, end), 'binary'));
    at = end;
  }
  const bytes = Buffer.from(hashes.join(''), 'latin1');
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}

function pairsOf(count: number): { readonly bytes: Buffer; readonly views: readonly Buffer[] } {
  const bytes = Buffer.alloc(count * pairBytes);
  for (let i = 0; i < count; i += 1) bytes[i * pairBytes] = 1;
  return { bytes, views: Array.from({ length: count }, (_, i) => bytes.subarray(i * pairBytes, (i + 1) * pairBytes)) };
}

function viewsOf(bytes: Buffer): readonly Buffer[] {
  return Array.from({ length: mostHashes }, (_, i) => bytes.subarray(i * stride + 1, (i + 1) * stride));
}
