import { fromBase64, isCount, toBase64 } from '../bytes.ts';
import { hashBytes, nodeHash } from '../merkle.ts';
import { VerifyError } from '../types.ts';
import type { VerifyCrypto } from '../types.ts';
import { blockEntries } from './blocks.ts';
import type { Damage } from './damage.ts';

/** How far a log was verified. Written to JSON and given back, the next look goes on there. */
export interface LogState {
  readonly weir: 'verified-log/v1';
  readonly origin: string;
  /** Entries of whole blocks that were verified, from the first on. */
  readonly size: number;
  /** The roots of the largest whole subtrees of these, from left to right, base64. */
  readonly range: readonly string[];
  /** The last checkpoint that was verified to its end: the log must not forget it. */
  readonly checkpoint: { readonly size: number; readonly root: string } | null;
  /** What was found wrong so far: it does not go away by going on. */
  readonly damages: readonly Damage[];
}

/** The state before anything was verified. */
export function emptyState(origin: string): LogState {
  return { weir: 'verified-log/v1', origin, size: 0, range: [], checkpoint: null, damages: [] };
}

/** Reads a state that was kept as JSON. Throws VerifyError `malformed`. */
export function parseState(text: string): LogState {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = null;
  }
  if (!isState(value)) throw new VerifyError('malformed', 'The file holds no state of a verification.');
  return value;
}

/** A compact range of blocks: roots of whole subtrees of 2^height blocks. */
export interface BlockRange {
  readonly blocks: number;
  readonly roots: readonly { readonly height: number; readonly hash: Uint8Array }[];
}

export const noBlocks: BlockRange = { blocks: 0, roots: [] };

export async function appendBlock(crypto: VerifyCrypto, { blocks, roots }: BlockRange, hash: Uint8Array): Promise<BlockRange> {
  const kept = [...roots];
  let added = { height: 0, hash };
  for (let last = kept.at(-1); last?.height === added.height; last = kept.at(-1)) {
    kept.pop();
    added = { height: added.height + 1, hash: await nodeHash(crypto, last.hash, added.hash) };
  }
  return { blocks: blocks + 1, roots: [...kept, added] };
}

export function rangeText({ roots }: BlockRange): readonly string[] {
  return roots.map(({ hash }) => toBase64(hash));
}

function isState(value: unknown): value is LogState {
  if (typeof value !== 'object' || value === null) return false;
  const { weir, origin, size, range, checkpoint, damages } = value as Partial<Record<keyof LogState, unknown>>;
  return weir === 'verified-log/v1' && typeof origin === 'string' && isCount(size) && size % blockEntries === 0
    && Array.isArray(range) && range.every(isHash) && Array.isArray(damages) && damages.every(isDamage)
    && (checkpoint === null || isHead(checkpoint));
}

function isHead(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'size' in value && isCount(value.size) && 'root' in value && isHash(value.root);
}

function isHash(value: unknown): boolean {
  return typeof value === 'string' && value.length === 44 && fromBase64(value)?.length === hashBytes;
}

function isDamage(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { at, kind, message } = value as Partial<Record<keyof Damage, unknown>>;
  return typeof at === 'string' && typeof message === 'string' && (kind === 'missing' || kind === 'short' || kind === 'altered' || kind === 'inconsistent');
}
