import { hash } from 'node:crypto';
import { readTile, tileWidthAt } from '../../verify/tiles.ts';
import { tileWidth } from '../../verify/tilePath.ts';
import type { Fetch } from '../../verify/types.ts';

/** Makes inclusion proofs in one tree. */
export interface ProofMaker {
  readonly size: number;
  /** The hashes from the sibling of the leaf up to below the root (RFC 6962, section 2.1.1). Throws `missing` where a tile is not there, RangeError for no leaf of the tree. */
  proof(index: number): Promise<readonly Buffer[]>;
}

const hashBytes = 32;
/** Levels of the tree within one tile. */
const tileHeight = 8;
const keptTiles = 64;

/**
 * Proofs from tiles, for many leaves: each tile is read and hashed once, and kept while neighbours are asked for, so that most proofs hash nothing.
 * Tiles are not checked here: who verifies the proof finds what is wrong with them.
 */
export function proofMaker(fetch: Fetch, size: number): ProofMaker {
  const tiles = new Map<string, Promise<readonly Buffer[]>>();
  /** The hashes of one tile, and of the whole subtrees above them within it: the i-th buffer has those of height i. */
  const tile = (level: number, n: number): Promise<readonly Buffer[]> => {
    const name = `${level} ${n}`;
    let found = tiles.get(name);
    if (found === undefined) {
      if (tiles.size >= keptTiles) tiles.delete(tiles.keys().next().value ?? '');
      found = readTile(fetch, level, n, tileWidthAt(level, n, size)).then(heightsOf);
      tiles.set(name, found);
    }
    return found;
  };
  /** The root of the whole subtree `place` of a height. */
  const whole = async (height: number, place: number): Promise<Buffer> => {
    const level = Math.floor(height / tileHeight);
    const inner = height % tileHeight;
    const across = tileWidth / 2 ** inner;
    const n = Math.floor(place / across);
    const at = (place - n * across) * hashBytes;
    return (await tile(level, n))[inner]?.subarray(at, at + hashBytes) ?? Buffer.alloc(0);
  };
  const edges = new Map<number, Promise<Buffer>>();
  /** The root of the leaves from `start` to the end of the tree, which are fewer than a whole subtree. */
  const edge = (start: number): Promise<Buffer> => {
    const known = edges.get(start);
    if (known !== undefined) return known;
    let height = 0;
    while (2 ** (height + 1) <= size - start) height += 1;
    const left = whole(height, start / 2 ** height);
    const rest = start + 2 ** height;
    const made = rest === size ? left : Promise.all([left, edge(rest)]).then(([l, r]) => nodeHash(l, r));
    edges.set(start, made);
    return made;
  };
  return {
    size,
    proof: async (index) => {
      if (!Number.isSafeInteger(index) || index < 0 || index >= size) throw new RangeError('the tree has no such leaf');
      const path: Buffer[] = [];
      for (let height = 0; 2 ** height < size; height += 1) {
        const place = Math.floor(index / 2 ** height);
        const sibling = place % 2 === 0 ? place + 1 : place - 1;
        const start = sibling * 2 ** height;
        if (start >= size) continue;
        path.push(await (start + 2 ** height <= size ? whole(height, sibling) : edge(start)));
      }
      return path;
    },
  };
}

function heightsOf(bytes: Uint8Array): readonly Buffer[] {
  const heights = [Buffer.from(bytes)];
  for (let below = heights[0] ?? Buffer.alloc(0); below.length >= 2 * hashBytes;) {
    const pairs = Math.floor(below.length / (2 * hashBytes));
    const above = Buffer.allocUnsafe(pairs * hashBytes);
    for (let at = 0; at < pairs; at += 1) nodeHash(below.subarray(at * 2 * hashBytes, (at * 2 + 1) * hashBytes), below.subarray((at * 2 + 1) * hashBytes, (at + 1) * 2 * hashBytes)).copy(above, at * hashBytes);
    heights.push(above);
    below = above;
  }
  return heights;
}

function nodeHash(left: Buffer, right: Buffer): Buffer {
  return hash('sha256', Buffer.concat([nodePrefix, left, right]), 'buffer');
}

const nodePrefix = Buffer.of(1);
