import { isCount } from './bytes.ts';
import { rootOfHashes } from './bulk.ts';
import { emptyRoot, hashBytes, nodeHash, splitPoint } from './merkle.ts';
import { tilePath, tileWidth } from './tilePath.ts';
import { VerifyError } from './types.ts';
import type { Fetch, VerifyCrypto } from './types.ts';

/** The tree of a log at one size, as its tiles give it. Hashes are not checked: what is made of them is (C2SP tlog-tiles). */
export interface Tiles {
  readonly size: number;
  /** The hash of the leaves from `start` up to and without `end`, where those are a subtree (RFC 6962 section 2.1). Throws `missing`. */
  subtree(start: number, end: number): Promise<Uint8Array>;
}

/** Reads tiles through `fetch`, each once. Sizes are entries. */
export function openTiles(crypto: VerifyCrypto, fetch: Fetch, size: number): Tiles {
  if (!isCount(size)) throw new RangeError('A size is a whole number below 2^53.');
  const kept = new Map<string, Promise<Uint8Array>>();
  const tile = (level: number, n: number): Promise<Uint8Array> => {
    const width = tileWidthAt(level, n, size);
    const path = tilePath(level, n, width);
    const found = kept.get(path) ?? readTile(fetch, level, n, width);
    kept.set(path, found);
    return found;
  };
  const subtree = async (start: number, end: number): Promise<Uint8Array> => {
    const count = end - start;
    if (!isCount(start) || count < 1 || end > size) throw new RangeError('There is no such subtree.');
    const { level, unit } = levelOf(count);
    const hashes = count / unit;
    if (start % count === 0 && Number.isInteger(Math.log2(hashes)) && Number.isInteger(hashes)) {
      const first = start / unit;
      const bytes = await tile(level, Math.floor(first / tileWidth));
      const from = (first % tileWidth) * hashBytes;
      return await rootOfHashes(crypto, bytes.subarray(from, from + hashes * hashBytes));
    }
    const middle = start + splitPoint(count);
    return await nodeHash(crypto, await subtree(start, middle), await subtree(middle, end));
  };
  return { size, subtree };
}

/** The hashes from the sibling of a leaf up to below the root (RFC 6962 section 2.1.1). Throws `missing` where a tile is not there. */
export async function inclusionProof(crypto: VerifyCrypto, fetch: Fetch, index: number, size: number): Promise<readonly Uint8Array[]> {
  const tiles = openTiles(crypto, fetch, size);
  if (!isCount(index) || index >= size) throw new RangeError('The tree has no such leaf.');
  const path: Uint8Array[] = [];
  for (let start = 0, end = size; end - start > 1;) {
    const middle = start + splitPoint(end - start);
    path.push(await (index < middle ? tiles.subtree(middle, end) : tiles.subtree(start, middle)));
    if (index < middle) end = middle;
    else start = middle;
  }
  return path.reverse();
}

/** The hashes by which the tree of `newSize` is shown to begin with that of `oldSize` (RFC 6962 section 2.1.2). Empty where one is empty or both are the same. */
export async function consistencyProof(crypto: VerifyCrypto, fetch: Fetch, oldSize: number, newSize: number): Promise<readonly Uint8Array[]> {
  const tiles = openTiles(crypto, fetch, newSize);
  if (!isCount(oldSize) || oldSize > newSize) throw new RangeError('The older tree is not the smaller one.');
  if (oldSize === 0 || oldSize === newSize) return [];
  const path: Uint8Array[] = [];
  let start = 0;
  let end = newSize;
  while (end > oldSize) {
    const middle = start + splitPoint(end - start);
    path.push(await (oldSize <= middle ? tiles.subtree(middle, end) : tiles.subtree(start, middle)));
    if (oldSize <= middle) end = middle;
    else start = middle;
  }
  // What is left is the last subtree of the older tree. Where it is that tree itself, the verifier has its root.
  if (start > 0) path.push(await tiles.subtree(start, end));
  return path.reverse();
}

/** The root that the tiles make at a size. */
export async function rootOfTiles(crypto: VerifyCrypto, fetch: Fetch, size: number): Promise<Uint8Array> {
  return size === 0 ? emptyRoot : await openTiles(crypto, fetch, size).subtree(0, size);
}

/** How many hashes the n-th tile of a level has in a tree of a size: 256, fewer in the last one, 0 or less where there is none. */
export function tileWidthAt(level: number | 'entries', n: number, size: number): number {
  const hashes = Math.floor(size / (level === 'entries' ? 1 : tileWidth ** level));
  return Math.min(tileWidth, hashes - n * tileWidth);
}

/** One tile's bytes, cut to its width. A partial tile may be gone once the whole one is there, and is then its beginning. Throws `missing`. */
export async function readTile(fetch: Fetch, level: number, n: number, width: number): Promise<Uint8Array> {
  const path = tilePath(level, n, width);
  const exact = await fetch(path);
  const bytes = exact ?? (width < tileWidth ? await fetch(tilePath(level, n)) : null);
  if (bytes === null) throw new VerifyError('missing', `The file ${path} is missing.`, path);
  if (bytes.length < width * hashBytes) throw new VerifyError('missing', `The file ${path} is too short.`, path);
  return bytes.subarray(0, width * hashBytes);
}

/** The highest level whose hashes stand for no more than `count` leaves each. */
function levelOf(count: number): { readonly level: number; readonly unit: number } {
  let level = 0;
  let unit = 1;
  while (unit * tileWidth <= count) {
    unit *= tileWidth;
    level += 1;
  }
  return { level, unit };
}
