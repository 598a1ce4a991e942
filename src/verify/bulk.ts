import { parseBundle } from './bundle.ts';
import { hashBytes, leafHash, nodeHash } from './merkle.ts';
import type { VerifyCrypto } from './types.ts';

/** The leaf hashes, end to end, of a bundle of entries; null where the bytes are none. */
export async function leavesOfBundle(crypto: VerifyCrypto, bundle: Uint8Array): Promise<Uint8Array | null> {
  if (crypto.bulk !== undefined) return crypto.bulk.leaves(bundle);
  const entries = parseBundle(bundle);
  if (entries === null) return null;
  const leaves = await Promise.all(entries.map((entry) => leafHash(crypto, entry)));
  const bytes = new Uint8Array(leaves.length * hashBytes);
  for (const [i, leaf] of leaves.entries()) bytes.set(leaf, i * hashBytes);
  return bytes;
}

/** The root over hashes laid end to end. Their number is a power of two up to 256. */
export async function rootOfHashes(crypto: VerifyCrypto, hashes: Uint8Array): Promise<Uint8Array> {
  if (crypto.bulk !== undefined) return crypto.bulk.root(hashes);
  if (hashes.length === hashBytes) return hashes;
  const middle = hashes.length / 2;
  return await nodeHash(crypto, await rootOfHashes(crypto, hashes.subarray(0, middle)), await rootOfHashes(crypto, hashes.subarray(middle)));
}
