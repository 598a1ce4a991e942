import { emptyRoot, nodeHash } from '../forest.ts';

const tileWidth = 256;

/** A tile that became whole, or one of the right edge. Hashes are 32 bytes as latin1 texts. */
export interface RebuiltTile {
  readonly level: number;
  readonly n: number;
  readonly hashes: readonly string[];
}

/**
 * The tree of a log, made anew leaf by leaf (RFC 6962, section 2.1; tiles as in C2SP tlog-tiles). Shares no code with what writes tiles.
 * Holds one unfinished tile per level.
 */
export class Rebuild {
  readonly #levels: { n: number; hashes: string[] }[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Adds a leaf hash and returns the tiles that are whole with it, lowest first: none for most leaves. */
  add(leaf: string): RebuiltTile[] {
    this.#size += 1;
    const whole: RebuiltTile[] = [];
    let hash = leaf;
    for (let level = 0; ; level += 1) {
      const at = (this.#levels[level] ??= { n: 0, hashes: [] });
      at.hashes.push(hash);
      if (at.hashes.length < tileWidth) return whole;
      whole.push({ level, n: at.n, hashes: at.hashes });
      hash = subtree(at.hashes, 0, tileWidth);
      this.#levels[level] = { n: at.n + 1, hashes: [] };
    }
  }

  /** The tiles at the right edge that are not whole. */
  edge(): RebuiltTile[] {
    return this.#levels.map(({ n, hashes }, level) => ({ level, n, hashes })).filter(({ hashes }) => hashes.length > 0);
  }

  /** The root as it is now, 32 bytes as a latin1 text. */
  root(): string {
    let root: string | null = null;
    for (const { hashes } of this.#levels) {
      // The largest whole subtree comes first; from the right each is joined with all that follows it.
      for (let end = hashes.length; end > 0;) {
        const width = end & -end;
        const part = subtree(hashes, end - width, end);
        root = root === null ? part : nodeHash(part, root);
        end -= width;
      }
    }
    return root ?? emptyRoot;
  }
}

/** The root over a power of two of hashes. */
function subtree(hashes: readonly string[], from: number, to: number): string {
  if (to - from === 1) return hashes[from] ?? '';
  const middle = (from + to) / 2;
  return nodeHash(subtree(hashes, from, middle), subtree(hashes, middle, to));
}
