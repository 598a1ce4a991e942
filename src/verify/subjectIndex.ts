import { concat, equal, toHex, utf8 } from './bytes.ts';
import { emptyRoot, leafHash, nodeHash, splitPoint } from './merkle.ts';
import type { VerifyCrypto } from './types.ts';

/** One leaf of an epoch's index: a blinded tag, and the entries of that day under it. */
export interface SubjectLeaf {
  /** From 0, in ascending order of the blinded tags. */
  readonly place: number;
  /** 64 hexadecimal digits. */
  readonly blind: string;
  /** Leaf indices of the owner's log, ascending. */
  readonly indices: readonly number[];
}

const tagPattern = /^[0-9a-f]{64}$/;
const hmacBlock = 64;

/** HMAC-SHA-256 (RFC 2104) of a tag's 64 hexadecimal digits as ASCII under the epoch's key, hexadecimal (docs/ledger-formats.md, "Index of subjects"). */
export async function blindTag(crypto: VerifyCrypto, epochKey: Uint8Array, tag: string): Promise<string> {
  const key = new Uint8Array(hmacBlock);
  key.set(epochKey.length > hmacBlock ? await crypto.sha256(epochKey) : epochKey);
  const inner = await crypto.sha256(concat(key.map((byte) => byte ^ 0x36), utf8(tag)));
  return toHex(await crypto.sha256(concat(key.map((byte) => byte ^ 0x5c), inner)));
}

/** The data of a leaf. */
export function subjectLeafText({ blind, indices }: Omit<SubjectLeaf, 'place'>): string {
  return `weir-subject/v1\n${blind}\n${indices.join(' ')}\n`;
}

/** Whether these can be leaves of one index of `size` leaves over the entries `from` up to and without `to`: in order, without repeats, within bounds. */
export function areLeaves(leaves: readonly SubjectLeaf[], size: number, from: number, to: number): boolean {
  let before: SubjectLeaf | null = null;
  for (const leaf of leaves) {
    if (!tagPattern.test(leaf.blind) || leaf.place >= size || leaf.indices.length === 0) return false;
    // Leaves side by side and in order are what an absence rests on.
    if (before !== null && (leaf.place <= before.place || leaf.blind <= before.blind)) return false;
    if (!leaf.indices.every((index, at) => index >= from && index < to && (at === 0 || index > (leaf.indices[at - 1] ?? index)))) return false;
    before = leaf;
  }
  return true;
}

/**
 * The root of an index of `size` leaves out of some of them and the hashes of the largest subtrees that hold none of them, from left to right: the
 * inclusion proofs of all these leaves in one, each hash once. Null where the hashes are too few or too many. `leaves` passed `areLeaves`.
 */
export async function rootOfLeaves(crypto: VerifyCrypto, size: number, leaves: readonly SubjectLeaf[], hashes: readonly Uint8Array[]): Promise<Uint8Array | null> {
  if (size === 0) return leaves.length === 0 && hashes.length === 0 ? emptyRoot : null;
  let used = 0;
  const subtree = async (from: number, to: number, first: number, last: number): Promise<Uint8Array | null> => {
    if (first === last) {
      used += 1;
      return hashes[used - 1] ?? null;
    }
    const only = leaves[first];
    if (to - from === 1) return only === undefined ? null : await leafHash(crypto, utf8(subjectLeafText(only)));
    const middle = from + splitPoint(to - from);
    let between = first;
    while (between < last && (leaves[between]?.place ?? middle) < middle) between += 1;
    const left = await subtree(from, middle, first, between);
    const right = left === null ? null : await subtree(middle, to, between, last);
    return left === null || right === null ? null : await nodeHash(crypto, left, right);
  };
  const root = await subtree(0, size, 0, leaves.length);
  return used === hashes.length ? root : null;
}

/** Whether the leaves make the root (32 bytes). */
export async function verifyLeaves(crypto: VerifyCrypto, size: number, root: Uint8Array, leaves: readonly SubjectLeaf[], hashes: readonly Uint8Array[]): Promise<boolean> {
  const made = await rootOfLeaves(crypto, size, leaves, hashes);
  return made !== null && equal(made, root);
}

/**
 * What verified leaves say of a blinded tag: its entries, none where it is shown to be absent (by the two neighbours between which it would stand, by the
 * first or last leaf, or by an empty index), null where they do not say.
 */
export function entriesUnder(blind: string, size: number, leaves: readonly SubjectLeaf[]): readonly number[] | null {
  if (size === 0) return [];
  const after = leaves.findIndex((leaf) => leaf.blind >= blind);
  const right = after < 0 ? undefined : leaves[after];
  if (right?.blind === blind) return right.indices;
  const left = after < 0 ? leaves.at(-1) : leaves[after - 1];
  const rightPlace = right?.place ?? size;
  return rightPlace === (left?.place ?? -1) + 1 ? [] : null;
}
