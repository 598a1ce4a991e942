import { setTimeout as pause } from 'node:timers/promises';
import type { Damage, TornTail } from './check.ts';
import { checkJournal } from './check.ts';

/** What a full check of a journal found. */
export interface JournalReport {
  readonly entries: number;
  /** Null where there are none. */
  readonly first: number | null;
  readonly last: number | null;
  readonly batches: number;
  readonly segments: number;
  readonly bytes: number;
  /** The chain hash at the end, hexadecimal. */
  readonly chain: string;
  /** The remains of an unacknowledged batch, or a batch that is being written now: no damage. */
  readonly torn: TornTail | null;
  readonly damage: readonly Damage[];
}

/** Checks every byte of a journal. Takes no lock and changes nothing. At most one damage is named per segment. */
export async function verifyJournal(folder: string): Promise<JournalReport> {
  let check = await checkJournal(folder);
  if (check.damage.length > 0) {
    // A batch that is being written at this moment can look altered; a look a moment later tells.
    await pause(100);
    check = await checkJournal(folder);
  }
  const { size, batches, segments, bytes, chain, torn, damage } = check;
  return { entries: size, first: size === 0 ? null : 0, last: size === 0 ? null : size - 1, batches, segments, bytes, chain: chain.toString('hex'), torn, damage };
}
