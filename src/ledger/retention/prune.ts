import type { SystemEntry } from '../../model/index.ts';
import { pruneWal, readSegmentHead } from '../prune.ts';
import type { PruneResult } from '../prune.ts';
import { listFolder } from '../pruned.ts';
import { readMark } from '../publish/mark.ts';
import type { Appender } from '../subjects/close.ts';
import { newId } from '../subjects/ids.ts';

export interface PruneOptions {
  /** Folders of the write-ahead file and of the ledger. */
  readonly journal: string;
  readonly place: string;
  readonly walDays: number;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Which segments of the write-ahead file may go. */
export interface PrunePlan {
  /** All sequences below are in synced private files and tiles, and older than they must be kept. */
  readonly before: number;
  readonly segments: number;
}

const dayMs = 86_400_000;

/**
 * What of the write-ahead file may go: whole segments whose records are all older than `walDays` and before the publisher's mark. Without a mark, or with
 * one that cannot be read, nothing.
 */
export async function planPrune({ journal, place, walDays, now }: PruneOptions): Promise<PrunePlan> {
  const mark = (await readMark(place))?.sequence ?? 0;
  const { segments, leftovers } = await listFolder(journal);
  let before = 0;
  // All of a segment was written before the one behind it was made.
  for (const { name, first } of segments.slice(1)) {
    if (first > mark || await madeAt(journal, name) > now - walDays * dayMs) break;
    before = first;
  }
  return { before, segments: leftovers.length + segments.filter(({ first }) => first < before).length };
}

/** Deletes them; the anchor log says so before, durably. Null where nothing may go. */
export async function prune(options: PruneOptions, appender: Appender): Promise<PruneResult | null> {
  const { before, segments } = await planPrune(options);
  if (segments === 0) return null;
  const { journal, now } = options;
  const entry: SystemEntry = { type: 'system', v: 1, id: newId('pruned'), at: new Date(now).toISOString(), event: 'pruned', subject: 'journal', hash: null, detail: { before, segments } };
  await appender.append([entry]);
  return await pruneWal(journal, before);
}

/** From when on (milliseconds since 1970) the segment with this sequence may go; null where it is still written. */
export async function prunedFrom(journal: string, sequence: number, walDays: number): Promise<number | null> {
  const next = (await listFolder(journal)).segments.find(({ first }) => first > sequence);
  return next === undefined ? null : await madeAt(journal, next.name) + walDays * dayMs;
}

async function madeAt(journal: string, name: string): Promise<number> {
  return (await readSegmentHead(journal, name)).created;
}
