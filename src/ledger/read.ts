import { setTimeout as pause } from 'node:timers/promises';
import { JournalError } from '../exchange/errors.ts';
import { recordsOf } from './format.ts';
import { alteredNote, listFolder } from './pruned.ts';
import type { LogName } from './record.ts';
import { recordHead } from './record.ts';
import type { Expected, Frame, SegmentEnd } from './scan.ts';
import { scanSegment } from './scan.ts';
import type { StoredRecord } from './types.ts';

/** How often what looks wrong is looked at again, because somebody may be writing or pruning. */
const looks = 3;

export interface ReadOptions {
  /** Up to and without this sequence. */
  readonly end?: number;
  /** Which records are wanted; the others are passed over. `record` is a view. */
  readonly where?: (record: Buffer, sequence: number, log: LogName) => boolean;
}

/**
 * The records of a write-ahead file from a sequence on, to the last whole batch there is now, or up to and without `end`. Needs no lock and may run
 * while the file is written; the very last batch may then not be durable yet, so whoever must not be ahead of the acknowledgement
 * gives the `size` of the file as `end`. Reading begins with the segment that holds `from`: its state frame says how many entries each log has before it.
 * Throws `JOURNAL_CORRUPT` at damage, naming file and offset, and where `from` was pruned (`firstSequence` says where one may begin).
 */
export async function* readRecords(folder: string, from = 0, options: ReadOptions = {}): AsyncGenerator<StoredRecord, void> {
  const end = options.end ?? Infinity;
  let next = from;
  let passed = from;
  let patience = looks;
  let expected: Expected | null = null;
  while (next < end) {
    const segment = await segmentOf(folder, next);
    if (segment === null) return;
    const parts = scanSegment(`${folder}/${segment.name}`, segment.first, expected);
    let sizes = new Map<LogName, number>();
    let created = 0;
    let last: SegmentEnd | null = null;
    try {
      let step = await parts.next();
      for (; step.done !== true; step = await parts.next()) {
        const part = step.value;
        if (part.kind === 'start') {
          sizes = part.forest.sizes();
          created = part.created;
          continue;
        }
        if (part.head.firstSequence >= end) return;
        for (const stored of storedIn(part, segment.name, sizes, next, options.where)) {
          if (stored.sequence >= end) return;
          yield stored;
          next = stored.sequence + 1;
        }
        const reached = part.head.firstSequence + part.head.count;
        // Batches that were read again, at a second look, are no progress.
        if (reached > passed) patience = looks;
        passed = Math.max(passed, reached);
        next = Math.max(next, reached);
      }
      last = step.value;
    } catch (error) {
      // Pruned since it was listed; a look at the folder tells.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || patience === 0) throw error;
    } finally {
      // Closes the file where the reader of these records stops early.
      await parts.return(undefined as never);
    }
    if (last !== null) {
      const { kind, next: reached, chain } = last;
      const newer = (await listFolder(folder)).segments.find((other) => other.first > segment.first);
      if (kind === 'whole' && newer?.first === reached) {
        next = Math.max(next, reached);
        expected = { next: reached, chain, created, state: null };
        continue;
      }
      if (kind === 'version') throw new JournalError('JOURNAL_VERSION', `${segment.name}: ${last.what}`);
      if (newer === undefined && kind !== 'damage') return;
      // What looks altered may be a batch that is being written at this moment, or a segment that was just continued.
      if (patience === 0) throw damaged(segment.name, last.offset, 'what' in last ? last.what : 'the segment does not reach the next one');
    }
    patience -= 1;
    expected = null;
    await pause(20);
  }
}

/** The segment that holds a sequence, or will; null where there is none at all. */
async function segmentOf(folder: string, sequence: number): Promise<{ readonly name: string; readonly first: number } | null> {
  const { segments, pruned } = await listFolder(folder);
  if (pruned === 'damage') throw alteredNote();
  const segment = segments.findLast(({ first }) => first <= sequence);
  if (segment === undefined && segments[0] !== undefined) throw new JournalError('JOURNAL_CORRUPT', `entry ${sequence} is before the first segment, ${segments[0].name}`);
  return segment ?? null;
}

/** The records of one batch from a sequence on. `sizes` counts the entries of each log, and goes on over all records of the batch. */
function* storedIn(frame: Frame, file: string, sizes: Map<LogName, number>, from: number, where: ReadOptions['where'] = () => true): Generator<StoredRecord, void> {
  const records = recordsOf(frame.bytes, frame.head);
  if (records === null) throw damaged(file, frame.offset, 'the lengths of entries do not add up');
  for (const [place, record] of records.entries()) {
    const head = recordHead(record);
    if (head === null) throw damaged(file, frame.offset, 'an entry is no record');
    const sequence = frame.head.firstSequence + place;
    const index = sizes.get(head.log) ?? 0;
    sizes.set(head.log, index + 1);
    if (sequence >= from && where(record, sequence, head.log)) yield { sequence, log: head.log, index, record: Buffer.from(record) };
  }
}

function damaged(file: string, offset: number, what: string): JournalError {
  return new JournalError('JOURNAL_CORRUPT', `the journal is damaged in ${file} at byte ${offset}: ${what}`);
}
