import { firstSequence } from './pruned.ts';
import { findPrivate, privateDays, readPrivate } from './private.ts';
import { readRecords } from './read.ts';
import { mergedPrivate } from './reader/merge.ts';
import { publishedSize, tailStart } from './reader/tail.ts';
import { openRecord, openUnsealed, unsealText } from './entry/open.ts';
import type { UnsealedRecord } from './entry/open.ts';
import type { LogName } from './record.ts';
import { dayText, recordHead } from './record.ts';
import type { DayKeys, OpenedRecord, StoredRecord } from './types.ts';

export interface ReaderOptions {
  /** The folder of the write-ahead file. */
  readonly journal: string;
  /** The folder of the ledger. */
  readonly place: string;
  readonly days: DayKeys;
}

export interface EntriesOptions {
  /** Up to and without this sequence. Whoever must not be ahead of the acknowledgement gives the size of the write-ahead file. */
  readonly end?: number;
  /** Which entries are wanted. `text` is the decrypted field lines, or in the anchor log the JSON: what is not wanted is never parsed. */
  readonly where?: (text: Buffer, sequence: number) => boolean;
}

/** A range of leaf indices, `to` without. */
export interface LeafRange {
  readonly from: number;
  readonly to: number;
}

/** Reads what was recorded, with the keys of the owners. Takes no lock, and may run beside the exchange. */
export interface LedgerReader {
  /** From a sequence on, in the order in which all became durable, over all logs. What was erased is passed over. */
  entries(from: number, options?: EntriesOptions): AsyncGenerator<OpenedRecord, void>;
  /** One entry of a log; null where the log has no such entry yet. */
  entry(log: LogName, index: number): Promise<OpenedRecord | 'erased' | null>;
  /** The entries of one log, by leaf index. What was erased is passed over. */
  range(log: LogName, from: number, to: number, options?: Pick<EntriesOptions, 'where'>): AsyncGenerator<OpenedRecord, void>;
  /** The days (`2026-11-22`) of a log of which something is still there, and between which leaf indices they lie. */
  days(log: LogName): Promise<ReadonlyMap<string, LeafRange>>;
}

/**
 * Opens the ledger for reading. Sequences that the write-ahead file still has come from there, older ones from the private files.
 * Every reading throws `JOURNAL_CORRUPT` at damage, and `ENTRY_ALTERED` or `ENTRY_FORMAT` for a record that is not what was sealed.
 */
export function openReader({ journal, place, days }: ReaderOptions): LedgerReader {
  const tail = async function* (log: LogName, from: number): AsyncGenerator<StoredRecord, void> {
    for await (const stored of readRecords(journal, await tailStart(journal, place), { where: (_record, _sequence, of) => of === log })) if (stored.index >= from) yield stored;
  };
  const rangeOf = async function* (log: LogName, from: number, to: number): AsyncGenerator<StoredRecord, void> {
    let next = from;
    for await (const stored of readPrivate(place, log, from, to)) {
      yield stored;
      next = stored.index + 1;
    }
    // What became durable so lately that its private file may not be written yet.
    if (next < to) for await (const stored of tail(log, next)) if (stored.index < to) yield stored;
  };
  return {
    entries: (from, options = {}) => opened(inSequence(journal, place, from, options.end ?? Infinity), days, options.where),
    range: (log, from, to, options = {}) => opened(rangeOf(log, from, to), days, options.where),
    entry: async (log, index) => {
      const kept = await findPrivate(place, log, index);
      if (kept !== null) return (await openRecord(kept, days)) ?? 'erased';
      for await (const stored of tail(log, 0)) {
        if (stored.index === index) return (await openRecord(stored, days)) ?? 'erased';
        if (stored.index > index) return 'erased';
      }
      return index < (await publishedSize(place, log)) ? 'erased' : null;
    },
    days: async (log) => {
      const found = new Map<string, LeafRange>();
      const add = (day: number, from: number, to: number): void => {
        const text = dayText(day);
        const known = found.get(text);
        found.set(text, { from: Math.min(from, known?.from ?? from), to: Math.max(to, known?.to ?? to) });
      };
      for (const { day, from, to } of await privateDays(place, log)) add(day, from, to);
      for await (const { index, record } of tail(log, 0)) {
        const head = recordHead(record);
        if (head !== null) add(head.day, index, index + 1);
      }
      return found;
    },
  };
}

/** Older sequences are read before newer ones, so what is pruned meanwhile is found in the private files. */
async function* inSequence(journal: string, place: string, from: number, end: number): AsyncGenerator<StoredRecord, void> {
  let next = from;
  for (let first = await firstSequence(journal); next < Math.min(first, end); first = await firstSequence(journal)) {
    yield* mergedPrivate(place, next, Math.min(first, end));
    next = first;
  }
  if (next < end) yield* readRecords(journal, next, { end });
}

async function* opened(records: AsyncGenerator<StoredRecord, void>, days: DayKeys, where: EntriesOptions['where'] = () => true): AsyncGenerator<OpenedRecord, void> {
  for await (const stored of records) {
    const found = unsealText(stored, days);
    const unsealed: UnsealedRecord | null = found instanceof Promise ? await found : found;
    if (unsealed !== null && where(unsealed.text, stored.sequence)) yield openUnsealed(unsealed);
  }
}
