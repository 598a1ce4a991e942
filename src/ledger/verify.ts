import { setTimeout as pause } from 'node:timers/promises';
import type { Damage, TornTail } from './check.ts';
import { checkWal } from './check.ts';
import type { LogName } from './record.ts';

/** What a full check found. */
export interface WalReport {
  /** Entries in the files. */
  readonly entries: number;
  /** The first and the last sequence in the files; null where there are none. `first` is above 0 where files were pruned. */
  readonly first: number | null;
  readonly last: number | null;
  /** The next sequence. */
  readonly size: number;
  /** Entries of each log since its beginning, in the order of names. */
  readonly sizes: ReadonlyMap<LogName, number>;
  /** The root of each log, base64. */
  readonly roots: ReadonlyMap<LogName, string>;
  readonly batches: number;
  readonly segments: number;
  readonly bytes: number;
  /** The chain hash at the end, hexadecimal. */
  readonly chain: string;
  /** The remains of an unacknowledged batch, or a batch that is being written now: no damage. */
  readonly torn: TornTail | null;
  readonly damage: readonly Damage[];
}

export interface VerifyOptions {
  /** Bytes that were read, of all that will be. Called for every batch. */
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Checks every byte of a write-ahead file from the first segment there is. Takes no lock and changes nothing. At most one damage is named per segment.
 * Where files were pruned, what was before them is taken from the state frame of the first one.
 */
export async function verifyWal(folder: string, options: VerifyOptions = {}): Promise<WalReport> {
  let check = await checkWal(folder, 'all', options.onProgress);
  if (check.damage.length > 0) {
    // A batch that is being written at this moment can look altered; a look a moment later tells.
    await pause(100);
    check = await checkWal(folder, 'all', options.onProgress);
  }
  const { first, size, forest, batches, segments, bytes, chain, torn, damage } = check;
  const sizes = new Map([...forest.sizes()].sort(([a], [b]) => (a < b ? -1 : 1)));
  const roots = new Map([...sizes.keys()].map((log) => [log, Buffer.from(forest.root(log), 'latin1').toString('base64')]));
  const some = size > first;
  return { entries: size - first, first: some ? first : null, last: some ? size - 1 : null, size, sizes, roots, batches, segments, bytes, chain: chain.toString('hex'), torn, damage };
}
