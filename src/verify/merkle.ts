import { concat, equal, isCount } from './bytes.ts';
import type { VerifyCrypto } from './types.ts';

/** Bytes of a hash. */
export const hashBytes = 32;

/** The root of the tree without leaves: SHA-256 of nothing (RFC 6962 section 2.1). */
export const emptyRoot: Uint8Array = Uint8Array.of(
  0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14, 0x9a, 0xfb, 0xf4, 0xc8, 0x99, 0x6f, 0xb9, 0x24,
  0x27, 0xae, 0x41, 0xe4, 0x64, 0x9b, 0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55,
);

const leafPrefix = Uint8Array.of(0);
const nodePrefix = Uint8Array.of(1);

/** SHA-256(0x00 ‖ data), RFC 6962 section 2.1. */
export async function leafHash(crypto: VerifyCrypto, data: Uint8Array): Promise<Uint8Array> {
  return await crypto.sha256(concat(leafPrefix, data));
}

/** SHA-256(0x01 ‖ left ‖ right), RFC 6962 section 2.1. */
export async function nodeHash(crypto: VerifyCrypto, left: Uint8Array, right: Uint8Array): Promise<Uint8Array> {
  return await crypto.sha256(concat(nodePrefix, left, right));
}

/** A leaf at its place, and the path from it to the root. Whoever hands in the proof controls all of it. */
export interface Inclusion {
  /** From 0. */
  readonly index: number;
  /** Leaves of the tree. */
  readonly size: number;
  /** The leaf's hash, not its data. */
  readonly leaf: Uint8Array;
  /** From the sibling of the leaf upwards. */
  readonly proof: readonly Uint8Array[];
}

/** Whether the leaf is at that index in the tree with that root (RFC 9162 section 2.1.3.2). */
export async function verifyInclusion(crypto: VerifyCrypto, inclusion: Inclusion & { readonly root: Uint8Array }): Promise<boolean> {
  const root = await rootOfInclusion(crypto, inclusion);
  return root !== null && equal(root, inclusion.root);
}

/** The root that the path leads to; null where no tree of that size has a path of that length at that index. */
export async function rootOfInclusion(crypto: VerifyCrypto, { index, size, leaf, proof }: Inclusion): Promise<Uint8Array | null> {
  if (!isCount(index) || !isCount(size) || index >= size || !areHashes([leaf]) || !areHashes(proof)) return null;
  // Plain arithmetic: bit operators would cut sizes above 2^31.
  let place = index;
  let last = size - 1;
  let root = leaf;
  for (const sibling of proof) {
    if (last === 0) return null;
    if (place % 2 === 1 || place === last) {
      root = await nodeHash(crypto, sibling, root);
      while (place % 2 === 0 && place !== 0) {
        place /= 2;
        last = Math.floor(last / 2);
      }
    } else {
      root = await nodeHash(crypto, root, sibling);
    }
    place = Math.floor(place / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 ? root : null;
}

/** Two trees, and what shows that the newer one only adds to the older one. */
export interface Consistency {
  readonly oldSize: number;
  readonly oldRoot: Uint8Array;
  readonly newSize: number;
  readonly newRoot: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

/** Whether the newer tree is the older one with leaves added (RFC 9162 section 2.1.4.2). The empty tree is the start of every tree, by an empty proof. */
export async function verifyConsistency(crypto: VerifyCrypto, { oldSize, oldRoot, newSize, newRoot, proof }: Consistency): Promise<boolean> {
  if (!isCount(oldSize) || !isCount(newSize) || oldSize > newSize || !areHashes([oldRoot, newRoot]) || !areHashes(proof)) return false;
  if (oldSize === 0) return proof.length === 0 && equal(oldRoot, emptyRoot) && (newSize > 0 || equal(newRoot, emptyRoot));
  if (oldSize === newSize) return proof.length === 0 && equal(oldRoot, newRoot);
  let place = oldSize - 1;
  let last = newSize - 1;
  while (place % 2 === 1) {
    place = Math.floor(place / 2);
    last = Math.floor(last / 2);
  }
  // An older tree of a power of two leaves is itself the first subtree: the proof leaves it out. `place` is 0 just then.
  const path = place === 0 ? [oldRoot, ...proof] : proof;
  const first = path[0];
  if (first === undefined) return false;
  let older = first;
  let newer = first;
  for (const hash of path.slice(1)) {
    if (last === 0) return false;
    if (place % 2 === 1 || place === last) {
      older = await nodeHash(crypto, hash, older);
      newer = await nodeHash(crypto, hash, newer);
      while (place % 2 === 0 && place !== 0) {
        place /= 2;
        last = Math.floor(last / 2);
      }
    } else {
      newer = await nodeHash(crypto, newer, hash);
    }
    place = Math.floor(place / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 && equal(older, oldRoot) && equal(newer, newRoot);
}

/** The largest power of two smaller than `size` (RFC 6962 section 2.1): where a tree of two leaves or more is split. */
export function splitPoint(size: number): number {
  let point = 1;
  while (point * 2 < size) point *= 2;
  return point;
}

function areHashes(hashes: readonly Uint8Array[]): boolean {
  // No tree of 2^53 leaves has a longer path, and no consistency proof has more hashes than twice that.
  return hashes.length <= 128 && hashes.every((hash) => hash.length === hashBytes);
}
