import { parseNumber } from './bytes.ts';

/** Hashes of a whole tile. */
export const tileWidth = 256;

/** A file of a log: hashes of one level, or the data of entries. */
export interface TileName {
  readonly level: number | 'entries';
  readonly n: number;
  /** 1 to 256; less than 256 for a partial tile. */
  readonly width: number;
}

/** `tile/0/x001/x234/067`, with `.p/W` for a partial tile (C2SP tlog-tiles, "Merkle Tree"). */
export function tilePath(level: number | 'entries', n: number, width: number = tileWidth): string {
  return `tile/${String(level)}/${indexPath(n)}${width === tileWidth ? '' : `.p/${String(width)}`}`;
}

/** `x001/x234/067`: the number in groups of three digits. */
export function indexPath(n: number): string {
  const groups = [String(n % 1000).padStart(3, '0')];
  for (let rest = Math.floor(n / 1000); rest > 0; rest = Math.floor(rest / 1000)) groups.unshift(`x${String(rest % 1000).padStart(3, '0')}`);
  return groups.join('/');
}

/** What a path names; null where it is no tile's, or not written in the one way there is. Anybody who asks over HTTP controls it. */
export function parseTilePath(path: string): TileName | null {
  const parts = /^tile\/(entries|[0-9]{1,2})\/((?:x[0-9]{3}\/){0,5}[0-9]{3})(?:\.p\/([1-9][0-9]{0,2}))?$/.exec(path);
  if (parts === null) return null;
  const [, levelText = '', index = '', widthText] = parts;
  const level = levelText === 'entries' ? levelText : parseNumber(levelText);
  const n = Number(index.replaceAll(/[x/]/g, ''));
  const width = widthText === undefined ? tileWidth : Number(widthText);
  if (level === null || (typeof level === 'number' && level > 63) || !Number.isSafeInteger(n) || (widthText !== undefined && width >= tileWidth)) return null;
  return tilePath(level, n, width) === path ? { level, n, width } : null;
}
