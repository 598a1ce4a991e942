import { createDecipheriv } from 'node:crypto';
import type { SystemEntry } from '../../model/index.ts';
import type { RecordHead } from '../record.ts';
import { leafData, recordHead, recordHeadBytes } from '../record.ts';
import type { DayKeys, Field, OpenedRecord, StoredRecord } from '../types.ts';
import { seedBytes } from './commit.ts';
import { EntryError } from './errors.ts';
import { entryOf } from './fields.ts';
import { markBytes, openBytes, recordCipher } from './prepare.ts';

/**
 * Opens a stored record with the keys of its owner; null where its day key was destroyed: the entry is erased. Throws `ENTRY_ALTERED` where a
 * byte of it is not what was sealed, and `ENTRY_FORMAT` where the bytes are no record of this log. Whoever can write the folder controls the input.
 */
export async function openRecord(stored: StoredRecord, days: DayKeys): Promise<OpenedRecord | null> {
  const head = headOf(stored);
  const { sequence, log, index, record } = stored;
  if (head.kind === 'plain') return { sequence, log, index, entry: systemEntry(leafData(record).toString('utf8')), seed: null, fields: [] };
  const owner = log.toUpperCase();
  const key = days.held(owner, head.day, head.kind) ?? (await days.find(owner, head.day, head.kind));
  if (key === null) return null;
  const { seed, fields } = unsealRecord(record, key);
  return { sequence, log, index, entry: entryOf(fields), seed, fields };
}

/** Seed and fields of a sealed record. Throws as `openRecord` does. */
export function unsealRecord(record: Buffer, key: Buffer): { readonly seed: Buffer; readonly fields: readonly Field[] } {
  const end = record.length - markBytes;
  const opening = createDecipheriv(recordCipher, key, record.subarray(recordHeadBytes, openBytes), { authTagLength: markBytes });
  opening.setAAD(record.subarray(0, recordHeadBytes)).setAuthTag(record.subarray(end));
  const plain = opening.update(record.subarray(openBytes, end));
  try {
    opening.final();
  } catch {
    throw new EntryError('ENTRY_ALTERED', 'the record was altered, or is not of this owner and day');
  }
  return { seed: plain.subarray(0, seedBytes), fields: fieldLines(plain.toString('utf8', seedBytes)) };
}

function headOf({ log, record }: StoredRecord): RecordHead {
  const head = recordHead(record);
  if (head === null) throw new EntryError('ENTRY_FORMAT', 'these bytes are no record');
  if (head.log !== log) throw new EntryError('ENTRY_FORMAT', `a record of the log ${head.log} stands in the log ${log}`);
  return head;
}

/** JSON texts hold no line feed, and names no space. */
function fieldLines(text: string): readonly Field[] {
  return text.split('\n').map((line) => {
    const space = line.indexOf(' ');
    if (space <= 0) throw new EntryError('ENTRY_FORMAT', 'a line of the record is no field');
    return { name: line.slice(0, space), text: line.slice(space + 1) };
  });
}

function systemEntry(text: string): SystemEntry {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && 'type' in value && value.type === 'system') return value as SystemEntry;
  } catch {
    // Said below.
  }
  throw new EntryError('ENTRY_FORMAT', 'a record of the anchor log is no entry of it');
}
