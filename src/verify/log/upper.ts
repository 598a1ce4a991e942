import { tileWidth } from '../tilePath.ts';
import { blockEntries, taskOf } from './blocks.ts';
import type { BlockTask } from './blocks.ts';
import type { EdgeTile } from './edge.ts';
import { trueTile } from './tile.ts';
import type { Look, Slots } from './tile.ts';

/** Blocks of one task: half a million entries, which take about a second. */
export const taskBlocks = 8;

/** All blocks of a tree from left to right, as tasks, while the tiles of level 2 and above are checked on the way. Only one path of tiles is held at a time. */
export async function* blockTasks(look: Look, edges: readonly EdgeTile[]): AsyncGenerator<BlockTask> {
  // Higher levels stand further to the left.
  for (const edge of [...edges].sort((a, b) => b.level - a.level)) {
    if (edge.level >= 2) yield* under(look, edge.level, edge.n * tileWidth, edge.slots);
  }
}

async function* under(look: Look, level: number, first: number, slots: Slots): AsyncGenerator<BlockTask> {
  if (level === 2) {
    for (let i = 0; i < slots.length; i += taskBlocks) yield taskOf(first + i, slots.slice(i, i + taskBlocks));
    return;
  }
  for (const [i, hash] of slots.entries()) {
    if (look.damages.full) return;
    yield* under(look, level - 1, (first + i) * tileWidth, await trueTile(look, level - 1, first + i, hash));
  }
}

/** Whole blocks of a tree. */
export function blocksOf(size: number): number {
  return Math.floor(size / blockEntries);
}
