import { rootOfHashes } from '../bulk.ts';
import { equal } from '../bytes.ts';
import { emptyRoot, hashBytes, nodeHash } from '../merkle.ts';
import { tilePath, tileWidth } from '../tilePath.ts';
import type { VerifyCrypto } from '../types.ts';
import { bytesOf, hashesBelow, slotsOf, storedTile } from './tile.ts';
import type { Look, Slots } from './tile.ts';

/** The last tile of one level, where it is not a whole one: at every size these tiles together make the root. */
export interface EdgeTile {
  readonly level: number;
  readonly n: number;
  readonly slots: Slots;
}

/**
 * The partial tiles at the right edge of a tree, lowest level first, checked against the signed root. Where they do not make it, each is tried
 * as the level below makes it: those that must be replaced so that the root comes out are the altered ones.
 */
export async function trueEdge(look: Look, size: number, root: Uint8Array): Promise<readonly EdgeTile[]> {
  const edges: { level: number; n: number; stored: Slots | null; below: Slots }[] = [];
  for (let level = 0, left = size; left > 0; level += 1, left = Math.floor(left / tileWidth)) {
    const width = left % tileWidth;
    if (width === 0) continue;
    const n = Math.floor(left / tileWidth);
    const stored = await storedTile(look, level, n, width);
    edges.push({ level, n, stored: stored === null ? null : slotsOf(stored), below: [] });
  }
  const chosen = (way: number): Slots[] => edges.map((edge, i) => (edge.stored === null || ((way >> i) & 1) === 1 ? edge.below : edge.stored));
  if (await makesRoot(look.crypto, edges.map(({ level }) => level), chosen(0), root)) return edges.map((edge, i) => ({ ...edge, slots: chosen(0)[i] ?? [] }));
  for (const edge of edges) edge.below = await hashesBelow(look, edge.level, edge.n, (Math.floor(size / tileWidth ** edge.level)) % tileWidth);
  // At most seven levels below 2^53 leaves, so at most 128 ways; those with fewest changes come first enough that no good tile is blamed.
  const ways = Array.from({ length: 2 ** edges.length }, (_, way) => way).sort((a, b) => changes(a) - changes(b));
  for (const way of ways) {
    const slots = chosen(way);
    if (!(await makesRoot(look.crypto, edges.map(({ level }) => level), slots, root))) continue;
    for (const [i, { level, n, stored }] of edges.entries()) {
      if (((way >> i) & 1) === 0 || stored === null) continue;
      const path = tilePath(level, n, stored.length);
      look.damages.add(path, 'altered', `${path} does not make the root of the checkpoint; what stands below it does.`);
    }
    return edges.map((edge, i) => ({ ...edge, slots: slots[i] ?? [] }));
  }
  // With a tile that is missing nothing more can be said than that.
  if (edges.every(({ stored }) => stored !== null)) look.damages.add('checkpoint', 'altered', 'The tiles do not make the root of the signed checkpoint.');
  return edges.map((edge) => ({ ...edge, slots: edge.stored ?? edge.below }));
}

/** Whether partial tiles, lowest level first, make a root (RFC 6962 section 2.1: the smaller subtrees stand to the right). */
async function makesRoot(crypto: VerifyCrypto, levels: readonly number[], rows: readonly Slots[], root: Uint8Array): Promise<boolean> {
  let right: Uint8Array | null = null;
  for (const i of levels.keys()) {
    const slots = (rows[i] ?? []).filter((slot) => slot !== null);
    if (slots.length === 0 || slots.length !== rows[i]?.length) return false;
    const bytes = bytesOf(slots);
    for (let end = slots.length, unit = 1; end > 0; unit *= 2) {
      if (end % (2 * unit) === 0) continue;
      const left = await rootOfHashes(crypto, bytes.subarray((end - unit) * hashBytes, end * hashBytes));
      right = right === null ? left : await nodeHash(crypto, left, right);
      end -= unit;
    }
  }
  return equal(right ?? emptyRoot, root);
}

function changes(way: number): number {
  let bits = 0;
  for (let rest = way; rest > 0; rest >>= 1) bits += rest & 1;
  return bits;
}
