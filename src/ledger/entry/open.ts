import { createDecipheriv } from 'node:crypto';
import type { Entry, SystemEntry } from '../../model/index.ts';
import { leafData, recordHead, recordHeadBytes } from '../record.ts';
import type { DayKeys, Field, OpenedRecord, StoredRecord } from '../types.ts';
import { seedBytes } from './commit.ts';
import { EntryError } from './errors.ts';
import { entryOf } from './fields.ts';
import { markBytes, openBytes, recordCipher } from './prepare.ts';

/** A record with its plain text, and nothing parsed yet: a projection looks at the bytes of millions and wants the entries of a few. */
export interface UnsealedRecord {
  readonly stored: StoredRecord;
  /** Null in the anchor log. */
  readonly seed: Buffer | null;
  /** The fields, `name SP text` joined by LF; in the anchor log the JSON of the entry. */
  readonly text: Buffer;
}

/**
 * Opens a stored record with the keys of its owner; null where its day key was destroyed: the entry is erased. Throws `ENTRY_ALTERED` where a
 * byte of it is not what was sealed, and `ENTRY_FORMAT` where the bytes are no record of this log. Whoever can write the folder controls the input.
 */
export async function openRecord(stored: StoredRecord, days: DayKeys): Promise<OpenedRecord | null> {
  const unsealed = await unsealText(stored, days);
  return unsealed === null ? null : openUnsealed(unsealed);
}

/**
 * Opens a record as far as its bytes; null where its day key was destroyed. A promise only where the key is not in memory.
 * Throws `ENTRY_FORMAT` and `ENTRY_ALTERED`, as `openRecord` does. Whoever can write the folder controls the input.
 */
export function unsealText(stored: StoredRecord, days: DayKeys): UnsealedRecord | null | Promise<UnsealedRecord | null> {
  const head = recordHead(stored.record);
  if (head === null) throw new EntryError('ENTRY_FORMAT', 'these bytes are no record');
  if (head.log !== stored.log) throw new EntryError('ENTRY_FORMAT', `a record of the log ${head.log} stands in the log ${stored.log}`);
  if (head.kind === 'plain') return { stored, seed: null, text: leafData(stored.record) };
  const owner = stored.log.toUpperCase();
  const held = days.held(owner, head.day, head.kind);
  if (held !== null) return decrypted(stored, held);
  return days.find(owner, head.day, head.kind).then((key) => (key === null ? null : decrypted(stored, key)));
}

/** The entry in it. */
export function openUnsealed({ stored, seed, text }: UnsealedRecord): OpenedRecord {
  const { sequence, log, index } = stored;
  if (seed === null) return { sequence, log, index, entry: systemEntry(text.toString('utf8')), seed, fields: [] };
  const fields = fieldsIn(text.toString('utf8'));
  const entry: Entry = entryOf(fields);
  return { sequence, log, index, entry, seed, fields };
}

function decrypted(stored: StoredRecord, key: Buffer): UnsealedRecord {
  const { record } = stored;
  const end = record.length - markBytes;
  const opening = createDecipheriv(recordCipher, key, record.subarray(recordHeadBytes, openBytes), { authTagLength: markBytes });
  opening.setAAD(record.subarray(0, recordHeadBytes)).setAuthTag(record.subarray(end));
  const plain = opening.update(record.subarray(openBytes, end));
  try {
    opening.final();
  } catch {
    throw new EntryError('ENTRY_ALTERED', `the record at index ${stored.index} of the log ${stored.log} was altered, or is not of this owner and day`);
  }
  return { stored, seed: plain.subarray(0, seedBytes), text: plain.subarray(seedBytes) };
}

/** JSON texts hold no line feed, and names no space. */
function fieldsIn(text: string): readonly Field[] {
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
