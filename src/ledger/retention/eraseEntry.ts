import { readFile, unlink } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { SystemEntry } from '../../model/index.ts';
import { diskFs, replaceFile } from '../files.ts';
import { tileWidth } from '../../verify/tilePath.ts';
import { decodePrivate, encodePrivate, findPrivate, privateFile } from '../private.ts';
import { firstSequence } from '../pruned.ts';
import { dayText, recordHead } from '../record.ts';
import type { Appender } from '../subjects/close.ts';
import type { AnchorFacts } from '../subjects/facts.ts';
import { holdOver } from '../subjects/facts.ts';
import { newId } from '../subjects/ids.ts';
import { RetentionError } from './errors.ts';
import { checkOrder } from './holds.ts';
import { prunedFrom } from './prune.ts';

export interface EraseEntryOptions {
  /** Folders of the ledger and of the write-ahead file. */
  readonly place: string;
  readonly journal: string;
  readonly owner: string;
  /** The leaf index in the owner's log. */
  readonly index: number;
  readonly order: string;
  /** Read without a cache. */
  readonly facts: AnchorFacts;
  /** For how many days the write-ahead file is kept. */
  readonly walDays: number;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/**
 * Erases one entry by order, before its day: the anchor log says so, durably, then its private file is written anew without its record. The commitment
 * stays in tiles and bundles, and the index of its day as it is. Other copies of the file, as in backups, are not reached. May be repeated where it ended
 * half-way. Throws a `RetentionError`: under a hold, while the write-ahead file still has the record, or before the index of its day was closed.
 */
export async function eraseEntry({ place, journal, owner, index, order, facts, walDays, now }: EraseEntryOptions, appender: Appender): Promise<{ readonly day: string; readonly kind: 'disclosure' | 'other' }> {
  checkOrder(order);
  const log = owner.toLowerCase();
  const stored = await findPrivate(place, log, index);
  const head = stored === null ? null : recordHead(stored.record);
  if (stored === null || head === null || head.kind === 'plain') throw new RetentionError('RETENTION_ENTRY', `the private files of ${owner} have no entry ${index}: it was erased, or never was, or is not published yet`);
  const day = dayText(head.day);
  const hold = holdOver(facts, owner, day, head.kind);
  if (hold !== null) throw new RetentionError('RETENTION_HELD', `the entry ${index} of ${owner} is under the hold ${hold.id} of the order ${hold.order}`);
  if (!(facts.epochs.get(owner) ?? []).some(({ from, to }) => from <= index && index < to)) throw new RetentionError('RETENTION_OPEN', `the day of the entry ${index} of ${owner} has no index yet; close it first: weir ledger epochs --close`);
  if (stored.sequence >= await firstSequence(journal)) {
    const from = await prunedFrom(journal, stored.sequence, walDays);
    throw new RetentionError('RETENTION_WAL', `the write-ahead file still has the entry ${index} of ${owner}; it can be erased after a prune ${from === null ? `${walDays} days from now` : `on ${dayText(Math.ceil(from / 86_400_000))} or later`}`);
  }
  if (!facts.erasures.some((one) => one.owner === owner && one.index === index)) await appender.append([erasedEntry(owner, day, index, order, now)]);
  await withoutRecord(privateFile(place, log, head.day, head.kind, Math.floor(index / tileWidth)), log, index);
  return { day, kind: head.kind };
}

/** The file is another one as one switch; a file of no record is none. The day is over, so nobody else writes to it. */
async function withoutRecord(path: string, log: string, index: number): Promise<void> {
  const bytes = await readFile(path);
  const { records, whole } = decodePrivate(bytes, log);
  if (whole !== bytes.length) throw new RetentionError('RETENTION_ENTRY', `the private file ${path} is altered or cut short; weir ledger fsck says more`);
  const left = records.filter((one) => one.index !== index);
  if (left.length === 0) {
    await unlink(path);
    await diskFs.syncFolder(dirname(path));
  } else {
    await replaceFile(diskFs, dirname(path), basename(path), Buffer.concat(left.map(encodePrivate)));
  }
}

function erasedEntry(owner: string, day: string, index: number, order: string, now: number): SystemEntry {
  return { type: 'system', v: 1, id: newId('erased'), at: new Date(now).toISOString(), event: 'erased', subject: `${owner} ${day}`, hash: null, detail: { kind: 'entry', index, order } };
}
