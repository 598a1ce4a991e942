import { unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { SystemEntry } from '../../model/index.ts';
import { diskFs } from '../files.ts';
import { deletePrivateDay } from '../private.ts';
import { epochPath } from '../subjects/epochFile.ts';
import type { AnchorFacts } from '../subjects/facts.ts';
import { newId } from '../subjects/ids.ts';
import type { Appender } from '../subjects/close.ts';
import type { DayKeys } from '../types.ts';
import type { ErasureItem } from './plan.ts';
import { keptBy } from './plan.ts';

export interface EraseOptions {
  /** The ledger's folder. */
  readonly place: string;
  readonly days: Pick<DayKeys, 'destroy'>;
  /** What the anchor log says now, asked before each item: a hold may be set while this runs. */
  readonly facts: () => Promise<AnchorFacts>;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Told after each item. */
  readonly onItem?: (done: number, total: number) => void;
}

/**
 * Erases what a plan says: for each item the anchor log says so, durably, before anything is gone; then the day's key is destroyed; then the private records
 * are deleted. A process that ends anywhere between is taken up by the next plan. Commitments, tiles and proofs are not touched. Returns what was erased.
 */
export async function erase(plan: readonly ErasureItem[], { place, days, facts, now, onItem }: EraseOptions, appender: Appender): Promise<readonly ErasureItem[]> {
  const due = plan.filter(({ kept }) => kept === null);
  const erased: ErasureItem[] = [];
  for (const [at, item] of due.entries()) {
    const { owner, day, kind } = item;
    const current = await facts();
    if (keptBy(current, owner, day, kind) === null) {
      const announced = current.erasures.some((one) => one.owner === owner && one.day === day && one.kind === kind);
      if (!announced) await appender.append([erasedEntry(item, now)]);
      if (kind === 'index') {
        await removeIndex(place, owner, day);
      } else {
        const number = Date.parse(day) / 86_400_000;
        await days.destroy(owner, number, kind);
        await deletePrivateDay(place, owner.toLowerCase(), number, kind);
      }
      erased.push(item);
    }
    onItem?.(at + 1, due.length);
  }
  return erased;
}

function erasedEntry({ owner, day, kind, keepDays }: ErasureItem, now: number): SystemEntry {
  return { type: 'system', v: 1, id: newId('erased'), at: new Date(now).toISOString(), event: 'erased', subject: `${owner} ${day}`, hash: null, detail: { kind, keepDays } };
}

async function removeIndex(place: string, owner: string, day: string): Promise<void> {
  const path = epochPath(place, owner, day);
  try {
    await unlink(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  await diskFs.syncFolder(dirname(path));
}
