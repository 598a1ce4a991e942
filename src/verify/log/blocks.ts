import { concat } from '../bytes.ts';
import { tileWidth } from '../tilePath.ts';
import type { Fetch, VerifyCrypto } from '../types.ts';
import { collectDamages } from './damage.ts';
import type { Damage } from './damage.ts';
import { checkLeaves } from './leaves.ts';
import { trueTile } from './tile.ts';
import type { Look, Slots } from './tile.ts';

/** Entries of a block: those under one whole tile of level 1. */
export const blockEntries = 65_536;

/** Some blocks of a log, one after the other, whose hashes are known from the levels above. A plain value: it can go to another thread. */
export interface BlockTask {
  /** The first block. */
  readonly first: number;
  /** The hash of each; null where it is not known, since the tile above is lost. */
  readonly expected: Slots;
}

/** Whoever does a task: this thread, or a worker to which the task is sent. Resolves with what is wrong. */
export type BlockRunner = (task: BlockTask) => Promise<readonly Damage[]>;

/** How many tiles are asked for at once. Over a network that is what counts; from a disk it costs nothing. */
const ahead = 16;

/** Verifies blocks: each tile of level 1 and of level 0 and each entry under them is hashed again. */
export async function verifyBlocks(crypto: VerifyCrypto, fetch: Fetch, { first, expected }: BlockTask): Promise<readonly Damage[]> {
  const damages = collectDamages();
  const look = { crypto, fetch, damages };
  for (const [i, hash] of expected.entries()) {
    if (damages.full) break;
    await checkUnder(look, (first + i) * tileWidth, await trueTile(look, 1, first + i, hash));
  }
  return damages.list;
}

/** Verifies the tiles of level 0 from `first` on against their hashes. */
export async function checkUnder(look: Look, first: number, hashes: Slots): Promise<void> {
  for (let i = 0; i < hashes.length && !look.damages.full; i += ahead) {
    await Promise.all(hashes.slice(i, i + ahead).map((hash, j) => checkLeaves(look, first + i + j, hash)));
  }
}

/** One task as bytes end to end would be smaller, but hashes of views would send their whole tile along: so they are copied. */
export function taskOf(first: number, expected: Slots): BlockTask {
  return { first, expected: expected.map((hash) => (hash === null ? null : concat(hash))) };
}
