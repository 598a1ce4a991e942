import { hashBytes } from '../../verify/merkle.ts';
import { tileWidth } from '../../verify/tilePath.ts';
import { emptyRoot, nodeHash } from '../forest.ts';

/** A tile on the right edge of a tree: `width` hashes of level `level`, the last ones that are in no tile above. */
export interface EdgeTile {
  readonly level: number;
  readonly n: number;
  readonly width: number;
}

/** Told of each tile that is whole now. `bytes` are a view that changes with the next leaf. */
export type OnTile = (level: number, n: number, bytes: Buffer) => void;

const tileBytes = tileWidth * hashBytes;
const heightOfTile = 8;

/**
 * The right edge of a Merkle tree (RFC 6962 section 2.1): of each level the tile that is not full, and the roots of the largest whole subtrees.
 * That is all one needs to go on from a size and to know its root. Hashes are 32 bytes as latin1 texts.
 */
export class Edge {
  #size = 0;
  /** By height: the root of the whole subtree of 2^height leaves that is waiting for its right sibling. Others are left over. */
  readonly #roots: string[] = [];
  /** By level. */
  readonly #tiles: Buffer[] = [];

  get size(): number {
    return this.#size;
  }

  /** Adds a leaf: one node hash on the average. */
  append(leaf: string, onTile: OnTile | null = null): void {
    let hash = leaf;
    let index = this.#size;
    let height = 0;
    this.#put(0, index, hash, onTile);
    for (; index % 2 === 1; index = (index - 1) / 2) {
      hash = nodeHash(this.#roots[height] ?? '', hash);
      height += 1;
      if (height % heightOfTile === 0) this.#put(height / heightOfTile, (index - 1) / 2, hash, onTile);
    }
    this.#roots[height] = hash;
    this.#size += 1;
  }

  /** Of the tree as it is now. */
  root(): string {
    let root: string | null = null;
    for (let rest = this.#size, height = 0; rest > 0; rest = Math.floor(rest / 2), height += 1) {
      if (rest % 2 === 1) root = root === null ? (this.#roots[height] ?? '') : nodeHash(this.#roots[height] ?? '', root);
    }
    return root ?? emptyRoot;
  }

  /** The bytes of the partial tile of a level, `width` hashes: a view. */
  partial(level: number, width: number): Buffer {
    return (this.#tiles[level] ?? Buffer.alloc(tileBytes)).subarray(0, width * hashBytes);
  }

  copy(): Edge {
    const copied = new Edge();
    copied.#size = this.#size;
    copied.#roots.push(...this.#roots);
    copied.#tiles.push(...this.#tiles.map((tile) => Buffer.from(tile)));
    return copied;
  }

  /**
   * The edge at a size, from the partial tiles of that size; null where one is not there. Nothing is checked: whoever can write the folder controls
   * the tiles, and only a root that is known from elsewhere tells whether they are right.
   */
  static async load(size: number, read: (tile: EdgeTile) => Promise<Buffer | null>): Promise<Edge | null> {
    const edge = new Edge();
    for (const tile of edgeTiles(size)) {
      const bytes = await read(tile);
      if (bytes?.length !== tile.width * hashBytes) return null;
      const kept = Buffer.alloc(tileBytes);
      bytes.copy(kept);
      edge.#tiles[tile.level] = kept;
      for (let place = 0; place < tile.width; place += 1) {
        let hash = bytes.toString('latin1', place * hashBytes, (place + 1) * hashBytes);
        let height = tile.level * heightOfTile;
        for (let rest = place; rest % 2 === 1; rest = (rest - 1) / 2, height += 1) hash = nodeHash(edge.#roots[height] ?? '', hash);
        edge.#roots[height] = hash;
      }
    }
    // No level may be a hole: all tiles below the highest one get their place.
    for (let level = 0; level < edge.#tiles.length; level += 1) edge.#tiles[level] ??= Buffer.alloc(tileBytes);
    edge.#size = size;
    return edge;
  }

  #put(level: number, index: number, hash: string, onTile: OnTile | null): void {
    const tile = (this.#tiles[level] ??= Buffer.alloc(tileBytes));
    const place = index % tileWidth;
    tile.write(hash, place * hashBytes, hashBytes, 'latin1');
    if (place === tileWidth - 1) onTile?.(level, (index - place) / tileWidth, tile);
  }
}

/** The partial tiles of a tree of a size, lowest level first: "the partial tile at level l for a tree of size s has floor(s / 256**l) mod 256 entries" (C2SP tlog-tiles). */
export function edgeTiles(size: number): readonly EdgeTile[] {
  const tiles: EdgeTile[] = [];
  for (let level = 0, hashes = size; hashes > 0; level += 1) {
    const width = hashes % tileWidth;
    const n = (hashes - width) / tileWidth;
    if (width > 0) tiles.push({ level, n, width });
    hashes = n;
  }
  return tiles;
}
