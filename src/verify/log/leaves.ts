import { leavesOfBundle, rootOfHashes } from '../bulk.ts';
import { equal } from '../bytes.ts';
import { hashBytes } from '../merkle.ts';
import { tilePath, tileWidth } from '../tilePath.ts';
import { fetchUpTo, storedTile } from './tile.ts';
import type { Look } from './tile.ts';

/** A whole tile of leaf hashes and the entries it stands for, against the hash that the level above has for it. */
export async function checkLeaves(look: Look, n: number, expected: Uint8Array | null): Promise<void> {
  const [stored, bundle] = await Promise.all([storedTile(look, 0, n, tileWidth), fetchUpTo(look.fetch, 'entries', n, tileWidth)]);
  const tileIsTrue = stored !== null && (expected === null || equal(await rootOfHashes(look.crypto, stored), expected));
  if (tileIsTrue) {
    await compareEntries(look, n, tileWidth, bundle, stored);
    return;
  }
  const path = tilePath(0, n);
  if (stored !== null) look.damages.add(path, 'altered', `${path} does not make the hash that the level above has for it.`);
  const leaves = await compareEntries(look, n, tileWidth, bundle, null);
  if (leaves === null || expected === null || equal(await rootOfHashes(look.crypto, leaves), expected)) return;
  const entries = tilePath('entries', n);
  look.damages.add(entries, 'altered', `${entries} does not make the hash that the tree has for it.`);
}

/** The leaf hashes of a bundle, compared with those that are known to be true; null where the bundle is missing or broken, which is reported. */
export async function compareEntries(look: Look, n: number, width: number, bundle: Uint8Array | null, truth: Uint8Array | null): Promise<Uint8Array | null> {
  const path = tilePath('entries', n, width);
  if (bundle === null) {
    look.damages.add(path, 'missing', `${path} is missing.`);
    return null;
  }
  const leaves = await leavesOfBundle(look.crypto, bundle);
  if (leaves === null || leaves.length < width * hashBytes) {
    look.damages.add(path, 'short', `${path} has fewer than ${String(width)} whole entries.`);
    return null;
  }
  if (leaves.length > width * hashBytes) {
    look.damages.add(path, 'altered', `${path} has more than ${String(width)} entries.`);
    return null;
  }
  if (truth !== null && !equal(leaves, truth)) {
    const at = leaves.findIndex((byte, i) => byte !== truth[i]);
    look.damages.add(path, 'altered', `${path}: entry ${String(n * tileWidth + Math.floor(at / hashBytes))} is not the one that was logged.`);
  }
  return leaves;
}
