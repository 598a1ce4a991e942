import { hash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { JournalError } from '../exchange/errors.ts';
import type { Entry } from '../model/index.ts';
import { entriesOf } from './format.ts';
import type { Expected, Frame, SegmentEnd } from './scan.ts';
import { listSegments, scanSegment } from './scan.ts';

/** One entry as it is stored. */
export interface StoredEntry {
  readonly index: number;
  /** SHA-256 of `bytes`, hexadecimal, as the receipt names it. */
  readonly hash: string;
  readonly entry: Entry;
  readonly bytes: Buffer;
}

/**
 * The entries of a journal from an index on, to the last whole batch there is now, or up to and without `end`. Needs no lock and may run
 * while the journal is written; the very last batch may then not be durable yet, so whoever must not be ahead of the acknowledgement
 * gives the `size` of the journal as `end`. What `where` does not want is neither parsed nor hashed. Throws `JOURNAL_CORRUPT` at damage, naming file and offset.
 */
export async function* readEntries(folder: string, from = 0, options: { readonly end?: number; readonly where?: (text: Buffer, index: number) => boolean } = {}): AsyncGenerator<StoredEntry, void> {
  const end = options.end ?? Infinity;
  let next = from;
  let patience = 3;
  let expected: Expected | null = null;
  while (next < end) {
    const segments = await listSegments(folder);
    const place = segments.findLastIndex((segment) => segment.firstIndex <= next);
    const segment = segments[place];
    if (segment === undefined) {
      if (segments.length === 0) return;
      throw new JournalError('JOURNAL_CORRUPT', `entry ${next} is before the first segment, ${segments[0]?.name ?? ''}`);
    }
    const frames = scanSegment(`${folder}/${segment.name}`, segment.firstIndex, expected);
    let last: SegmentEnd;
    try {
      let step = await frames.next();
      while (step.done !== true) {
        if (step.value.head.firstIndex >= end) return;
        for (const stored of storedIn(step.value, segment.name, next, options.where)) {
          if (stored.index >= end) return;
          yield stored;
          next = stored.index + 1;
          patience = 3;
        }
        step = await frames.next();
      }
      last = step.value;
    } finally {
      // Closes the file where the reader of these entries stops early.
      await frames.return(undefined as never);
    }
    const { kind, nextIndex, offset, chain } = last;
    const newer = (await listSegments(folder)).find((other) => other.firstIndex > segment.firstIndex);
    if (kind === 'whole' && newer?.firstIndex === nextIndex) {
      next = Math.max(next, nextIndex);
      expected = { nextIndex, chain };
      continue;
    }
    if (kind === 'whole' || (kind === 'torn' && newer === undefined)) return;
    // What looks altered may be a batch that is being written at this moment, or a segment that was just continued.
    if (patience === 0) throw damaged(segment.name, offset, 'what' in last ? last.what : 'the segment does not reach the next one');
    patience -= 1;
    expected = null;
    await pause(20);
  }
}

/** The entries of one batch from an index on, each read and hashed when it is asked for. */
function* storedIn(frame: Frame, file: string, from: number, where: (text: Buffer, index: number) => boolean = () => true): Generator<StoredEntry, void> {
  if (frame.head.firstIndex + frame.head.count <= from) return;
  const texts = entriesOf(frame.bytes, frame.head);
  if (texts === null) throw damaged(file, frame.offset, 'the lengths of entries do not add up');
  for (const [order, text] of texts.entries()) {
    const index = frame.head.firstIndex + order;
    if (index < from || !where(text, index)) continue;
    yield { index, hash: hash('sha256', text, 'hex'), entry: parse(text, file, frame.offset), bytes: Buffer.from(text) };
  }
}

function parse(text: Buffer, file: string, offset: number): Entry {
  try {
    return JSON.parse(text.toString('utf8')) as Entry;
  } catch {
    throw damaged(file, offset, 'an entry is no JSON text');
  }
}

function damaged(file: string, offset: number, what: string): JournalError {
  return new JournalError('JOURNAL_CORRUPT', `the journal is damaged in ${file} at byte ${offset}: ${what}`);
}
