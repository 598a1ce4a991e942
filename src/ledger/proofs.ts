import { hash } from 'node:crypto';
import { tileWidth } from '../verify/tilePath.ts';
import { readTile, tileWidthAt } from '../verify/tiles.ts';
import type { Fetch } from '../verify/types.ts';

const hashBytes = 32;
const heightOfTile = 8;
/** Tiles whose inner hashes are held, unless told: 16 KiB each. */
const usualTiles = 64;

/** Makes many inclusion proofs at one size. */
export interface Proofs {
  readonly size: number;
  /** The hashes from the sibling of a leaf up to below the root (RFC 6962 section 2.1.1). Throws a VerifyError `missing` where a tile is not there. */
  inclusion(index: number): Promise<readonly Buffer[]>;
}

/**
 * Inclusion proofs out of tiles, for whoever makes many at one size: each tile is read and hashed once, and held while it is in use, so that a proof is looked
 * up and not computed. Hashes are not checked: whoever can write the folder controls them, and what is made of them is checked by whoever gets the proof.
 */
export function openProofs(fetch: Fetch, size: number, mostTiles = usualTiles): Proofs {
  if (!Number.isSafeInteger(size) || size < 0) throw new RangeError('A size is a whole number below 2^53.');
  const tiles = new Map<string, readonly Buffer[]>();
  /** Roots of what lies from a leaf to the end, where that is no whole subtree. */
  const edges = new Map<number, Buffer>();

  const rowsOf = async (level: number, n: number): Promise<readonly Buffer[]> => {
    const key = `${level}/${n}`;
    const held = tiles.get(key);
    if (held !== undefined) return held;
    const rows = inner(Buffer.from(await readTile(fetch, level, n, tileWidthAt(level, n, size))));
    if (tiles.size >= mostTiles) tiles.delete(tiles.keys().next().value ?? '');
    tiles.set(key, rows);
    return rows;
  };
  /** The root of leaves from `start` on, 2^height of them. */
  const whole = async (start: number, height: number): Promise<Buffer> => {
    const level = Math.floor(height / heightOfTile);
    const row = height % heightOfTile;
    const n = start / 2 ** height;
    const perTile = tileWidth >> row;
    const rows = tiles.get(`${level}/${Math.floor(n / perTile)}`) ?? (await rowsOf(level, Math.floor(n / perTile)));
    const at = (n % perTile) * hashBytes;
    return (rows[row] ?? Buffer.alloc(0)).subarray(at, at + hashBytes);
  };
  const subtree = async (start: number, end: number): Promise<Buffer> => {
    const height = Math.log2(end - start);
    if (Number.isInteger(height)) return await whole(start, height);
    const held = edges.get(start);
    if (held !== undefined) return held;
    const middle = start + split(end - start);
    const made = node(await subtree(start, middle), await subtree(middle, end));
    edges.set(start, made);
    return made;
  };
  const inclusion = async (index: number): Promise<readonly Buffer[]> => {
    if (!Number.isSafeInteger(index) || index < 0 || index >= size) throw new RangeError('The tree has no such leaf.');
    const path: Buffer[] = [];
    for (let start = 0, end = size; end - start > 1;) {
      const middle = start + split(end - start);
      path.push(await (index < middle ? subtree(middle, end) : subtree(start, middle)));
      if (index < middle) end = middle;
      else start = middle;
    }
    return path.reverse();
  };
  return { size, inclusion };
}

/** The hashes of a tile, and of each height within it, lowest first. What is not whole has no hash above it. */
function inner(tile: Buffer): readonly Buffer[] {
  const rows = [tile];
  for (let below = tile; below.length >= 2 * hashBytes && rows.length < heightOfTile; below = rows.at(-1) ?? tile) {
    const row = Buffer.alloc(Math.floor(below.length / (2 * hashBytes)) * hashBytes);
    for (let at = 0; at < row.length; at += hashBytes) node(below.subarray(2 * at, 2 * at + hashBytes), below.subarray(2 * at + hashBytes, 2 * at + 2 * hashBytes)).copy(row, at);
    rows.push(row);
  }
  return rows;
}

const nodePrefix = Buffer.of(1);

function node(left: Uint8Array, right: Uint8Array): Buffer {
  return hash('sha256', Buffer.concat([nodePrefix, left, right]), 'buffer');
}

/** The largest power of two below. */
function split(count: number): number {
  return 2 ** (Math.ceil(Math.log2(count)) - 1);
}
