import { hash } from 'node:crypto';
import { emptyRoot, splitPoint } from '../../verify/merkle.ts';
import { subjectLeafText } from '../../verify/subjectIndex.ts';
import type { SubjectLeaf } from '../../verify/subjectIndex.ts';

/** Hashes here are 32 bytes as a latin1 text, as in `record.ts`. */
export type Hash = string;

const node = Buffer.alloc(65, 1);

/** RFC 6962, section 2.1: the hash of two subtrees. */
export function nodeHash(left: Hash, right: Hash): Hash {
  node.write(left, 1, 32, 'latin1');
  node.write(right, 33, 32, 'latin1');
  return hash('sha256', node, 'binary');
}

/** The hash of one leaf of the index. The text is ASCII, so the prefix 0x00 is one byte of it. */
export function subjectLeafHash(leaf: Omit<SubjectLeaf, 'place'>): Hash {
  return hash('sha256', `\0${subjectLeafText(leaf)}`, 'binary');
}

/** The root over leaves from `from` up to and without `to`, where `whole` gives the hash of a subtree that is known, and null where it must be made of its halves. */
export function subtreeHash(from: number, to: number, whole: (from: number, to: number) => Hash | null): Hash {
  if (from === to) return Buffer.from(emptyRoot).toString('latin1');
  const known = whole(from, to);
  if (known !== null) return known;
  const middle = from + splitPoint(to - from);
  return nodeHash(subtreeHash(from, middle, whole), subtreeHash(middle, to, whole));
}

/** The roots of the pairs of a row of roots: one row up. An odd one at the end has no partner yet and is left out. */
export function rowAbove(row: readonly Hash[]): readonly Hash[] {
  return Array.from({ length: Math.floor(row.length / 2) }, (_, at) => nodeHash(row[2 * at] ?? '', row[2 * at + 1] ?? ''));
}
