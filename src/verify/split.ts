import { equal, isCount, toBase64 } from './bytes.ts';
import { emptyRoot, hashBytes, nodeHash, verifyConsistency } from './merkle.ts';
import { judge } from './policy.ts';
import type { TrustPolicy } from './policy.ts';
import { consistencyProof, openTiles } from './tiles.ts';
import { VerifyError } from './types.ts';
import type { Fetch, VerifyCrypto } from './types.ts';

/** One of two checkpoints that were compared. */
export interface Side {
  readonly size: number;
  readonly root: Uint8Array;
  /** The policy's names of the witnesses that cosigned it. */
  readonly by: readonly string[];
  readonly quorum: boolean;
}

/**
 * What two signed checkpoints of one log say together.
 * `same`: one size, one root. `consistent`: the larger tree is the smaller one with entries added.
 * `twoHistories`: no tree can have both roots; whoever holds the log's key signed two histories. Both notes, and the proof where one was needed, are the evidence.
 * `unproved`: their sizes differ and nothing that was handed in shows how they stand to each other. A proof that does not fit is no evidence: anybody can make one.
 */
export type Split = {
  readonly verdict: 'same' | 'consistent' | 'twoHistories' | 'unproved';
  readonly origin: string;
  readonly a: Side;
  readonly b: Side;
  /** What was found, in words, a sentence each. */
  readonly words: readonly string[];
};

/**
 * Compares two checkpoints of one log that were obtained in two places. Either may be the older one.
 *
 * `consistencyProof` goes from the smaller to the larger size (RFC 6962 section 2.1.2). The same proof convicts: where its hashes lead to the root of the
 * larger tree, they also give the root that this tree had at the smaller size, and if that is another than was signed, there are two histories.
 * A proof from a size that is a power of two leaves its first hash out, since it is the older root itself; to convict, it is put back in front.
 *
 * Throws VerifyError `malformed` (also for two logs, or no origin that the policy knows), `unsigned` and `badSignature`. Whoever hands in notes and proof controls them.
 */
export async function judgeSplit(
  crypto: VerifyCrypto, policy: TrustPolicy, checkpointA: string, checkpointB: string, consistencyProof: readonly Uint8Array[] | null,
): Promise<Split> {
  const a = await judge(crypto, policy, checkpointA);
  const b = await judge(crypto, policy, checkpointB);
  if (a.origin !== b.origin) throw new VerifyError('malformed', `The checkpoints are of two logs: "${a.origin}" and "${b.origin}".`);
  for (const { size, root } of [a, b]) {
    if (size === 0 && !equal(root, emptyRoot)) throw new VerifyError('malformed', 'The log signed a root for no entries that is not the root of nothing.', a.origin);
  }
  const [older, newer] = a.size <= b.size ? [a, b] : [b, a];
  const found = await verdictOf(crypto, older, newer, consistencyProof);
  const side = ({ size, root, by, quorum }: Side): Side => ({ size, root, by, quorum });
  const words = found.verdict === 'twoHistories' ? [...found.words, ...blame(a.origin, a, b)] : found.words;
  return { verdict: found.verdict, origin: a.origin, a: side(a), b: side(b), words };
}

/**
 * The consistency proof with all of its hashes, from the tiles of the larger tree: what `judgeSplit` can both acquit and convict by.
 * Sizes are entries, `oldSize` from 1 to `newSize` − 1. Throws VerifyError `missing` where a tile is not there.
 */
export async function splitProof(crypto: VerifyCrypto, fetch: Fetch, oldSize: number, newSize: number): Promise<readonly Uint8Array[]> {
  const proof = await consistencyProof(crypto, fetch, oldSize, newSize);
  return Number.isInteger(Math.log2(oldSize)) ? [await openTiles(crypto, fetch, newSize).subtree(0, oldSize), ...proof] : proof;
}

async function verdictOf(crypto: VerifyCrypto, older: Side, newer: Side, proof: readonly Uint8Array[] | null): Promise<Pick<Split, 'verdict' | 'words'>> {
  if (older.size === newer.size) {
    if (equal(older.root, newer.root)) return { verdict: 'same', words: [`Both say the same: ${entries(older.size)} and one root.`] };
    return { verdict: 'twoHistories', words: [`Both are signed by the log for ${entries(older.size)}, and their roots differ: ${text(older.root)} and ${text(newer.root)}.`] };
  }
  if (older.size === 0) return { verdict: 'consistent', words: [`The first stands for no entries, and every log begins so; the other has ${entries(newer.size)}.`] };
  if (proof === null) return { verdict: 'unproved', words: [`One has ${entries(older.size)}, the other ${entries(newer.size)}; without a consistency proof nothing more can be said.`] };
  const sizes = { oldSize: older.size, newSize: newer.size };
  const roots = await rootsOfConsistency(crypto, sizes, proof);
  const whole = roots !== null && equal(roots.older, older.root) && equal(roots.newer, newer.root);
  if (whole || await verifyConsistency(crypto, { ...sizes, oldRoot: older.root, newRoot: newer.root, proof })) {
    return { verdict: 'consistent', words: [`The tree of ${entries(newer.size)} is the tree of ${entries(older.size)} with ${entries(newer.size - older.size)} added.`] };
  }
  if (roots !== null && equal(roots.newer, newer.root) && !equal(roots.older, older.root)) {
    return {
      verdict: 'twoHistories',
      words: [
        `The tree of ${entries(newer.size)} had the root ${text(roots.older)} at ${entries(older.size)}: the proof leads from there to the root that was signed, ${text(newer.root)}.`,
        `But for ${entries(older.size)} the log signed ${text(older.root)}.`,
      ],
    };
  }
  return { verdict: 'unproved', words: ['The proof does not lead to the larger tree, so it shows nothing. It may be wrong, or not be of this log.'] };
}

/**
 * The older and the newer root that a consistency proof with all of its hashes leads to; null where it does not have the length.
 * Which subtree each hash stands for follows from the two sizes alone, so the newer root binds them all.
 */
async function rootsOfConsistency(crypto: VerifyCrypto, { oldSize, newSize }: { readonly oldSize: number; readonly newSize: number }, proof: readonly Uint8Array[]): Promise<{ older: Uint8Array; newer: Uint8Array } | null> {
  if (!isCount(oldSize) || oldSize === 0 || oldSize >= newSize || proof.length > 128 || !proof.every((hash) => hash.length === hashBytes)) return null;
  let place = oldSize - 1;
  let last = newSize - 1;
  while (place % 2 === 1) [place, last] = [half(place), half(last)];
  const [first, ...path] = proof;
  if (first === undefined) return null;
  let older = first;
  let newer = first;
  for (const hash of path) {
    if (last === 0) return null;
    if (place % 2 === 1 || place === last) {
      older = await nodeHash(crypto, hash, older);
      newer = await nodeHash(crypto, hash, newer);
      while (place % 2 === 0 && place !== 0) [place, last] = [half(place), half(last)];
    } else {
      newer = await nodeHash(crypto, newer, hash);
    }
    [place, last] = [half(place), half(last)];
  }
  return last === 0 ? { older, newer } : null;
}

/** Who is to blame, and who was deceived. */
function blame(origin: string, a: Side, b: Side): string[] {
  const both = a.by.filter((name) => b.by.includes(name));
  const names = (side: Side): string => side.by.length === 0 ? 'no witness' : side.by.join(', ');
  return [
    `Whoever holds the key of ${origin} signed both, so this is no fault on the way: the log has two histories. The two notes are the evidence.`,
    `Cosigned: the one by ${names(a)}${a.quorum ? ' (a quorum)' : ''}, the other by ${names(b)}${b.quorum ? ' (a quorum)' : ''}.`,
    ...(both.length === 0 ? [] : [`${both.join(', ')} cosigned both, which no honest witness does: its word is worth nothing from here on.`]),
  ];
}

function half(value: number): number {
  return Math.floor(value / 2);
}

function entries(size: number): string {
  return size === 1 ? '1 entry' : `${String(size)} entries`;
}

function text(root: Uint8Array): string {
  return toBase64(root);
}
