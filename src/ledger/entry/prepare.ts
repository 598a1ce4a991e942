import { createCipheriv } from 'node:crypto';
import type { Clock } from '../../exchange/ports.ts';
import type { Entry, OwnerEntry } from '../../model/index.ts';
import { randomPool } from '../randomPool.ts';
import { anchorLog, dayOf, plainRecord, recordHeadBytes, sealedHead } from '../record.ts';
import type { LogName, RecordKind } from '../record.ts';
import type { DayKeys, Field, WalRecord } from '../types.ts';
import { commitmentOf, seedBytes } from './commit.ts';
import { fieldsOf } from './fields.ts';

/** An entry as far as it can be made without keys: what goes to a thread that has them. Of the anchor log, one field whose text is the entry. */
export interface EntryParts {
  readonly log: LogName;
  readonly id: string;
  readonly kind: RecordKind;
  /** A projection of the ledger must know the entry: it holds a ticket, a duty or a counted limit, or is an act or a verdict. Before there were duties, entries with one alone were not marked. */
  readonly projected: boolean;
  readonly fields: readonly Field[];
}

export const nonceBytes = 12;
export const markBytes = 16;
export const recordCipher = 'aes-256-gcm';

/** What stands before the sealed part: the open head and the nonce. */
export const openBytes = recordHeadBytes + nonceBytes;

/** Log, kind and fields of an entry. A redelivery gives out again what may have been a disclosure, so it is kept as long as one. */
export function partsOf(entry: Entry): EntryParts {
  if (entry.type === 'system') return { log: anchorLog, id: entry.id, kind: 'plain', projected: false, fields: [{ name: 'entry', text: JSON.stringify(entry) }] };
  return { log: entry.owner.toLowerCase(), id: entry.id, kind: kindOf(entry), projected: isProjected(entry), fields: fieldsOf(entry) };
}

/**
 * The record of an entry (docs/ledger-formats.md, "Record"), made at once; null where its day key is not in memory, for `prepareReady`.
 * `now` is in milliseconds since 1970 and says the record's day; the caller sees to it that it never goes back.
 */
export function prepareEntry(entry: Entry | EntryParts, days: DayKeys, now: number): WalRecord | null {
  const { log, id, kind, projected, fields } = 'type' in entry ? partsOf(entry) : entry;
  const day = dayOf(now);
  if (kind === 'plain') return { log, id, record: plainRecord(day, fields[0]?.text ?? '') };
  const owner = log.toUpperCase();
  const key = days.held(owner, day, kind);
  return key === null ? null : { log, id, record: seal(fields, key, kind, owner, day, projected) };
}

/** As `prepareEntry`, and waits for the day key where it must be made first. By then it may be tomorrow, so the clock is asked again. */
export async function prepareReady(entry: Entry | EntryParts, days: DayKeys, clock: Clock): Promise<WalRecord> {
  const parts = 'type' in entry ? partsOf(entry) : entry;
  for (;;) {
    const now = clock.now();
    const made = prepareEntry(parts, days, now);
    if (made !== null) return made;
    if (parts.kind !== 'plain') await days.ready(parts.log.toUpperCase(), dayOf(now), parts.kind);
  }
}

function kindOf(entry: OwnerEntry): 'disclosure' | 'other' {
  switch (entry.type) {
    case 'decision': return entry.records > 0 || entry.released.length > 0 ? 'disclosure' : 'other';
    case 'verdict': return entry.records > 0 ? 'disclosure' : 'other';
    case 'redelivery': return 'disclosure';
    default: return 'other';
  }
}

function isProjected(entry: OwnerEntry): boolean {
  return entry.type === 'verdict' || entry.type === 'act' || entry.type === 'decision' && (entry.ticket !== null || entry.duties.length > 0 || entry.limits.some(({ counted }) => counted));
}

const seeds = randomPool(seedBytes);
/** Nonces of 96 random bits under a key of one day: with 2^32 of them the chance that any two are equal is below 2^-32 (NIST SP 800-38D, 8.3). */
const nonces = randomPool(nonceBytes);

function seal(fields: readonly Field[], key: Buffer, kind: 'disclosure' | 'other', owner: string, day: number, projected: boolean): Buffer {
  const seed = seeds();
  let text = '';
  for (const field of fields) text += text === '' ? `${field.name} ${field.text}` : `\n${field.name} ${field.text}`;
  const head = sealedHead(kind, owner, day, Buffer.from(commitmentOf(fields, seed), 'latin1'), projected);
  const nonce = nonces();
  const cipher = createCipheriv(recordCipher, key, nonce);
  cipher.setAAD(head);
  // The cipher takes the text as it is: a buffer of it beforehand would cost more than its encryption.
  const sealedSeed = cipher.update(seed);
  const body = cipher.update(text, 'utf8');
  cipher.final();
  const end = openBytes + seedBytes + body.length;
  const record = Buffer.allocUnsafe(end + markBytes);
  head.copy(record);
  nonce.copy(record, recordHeadBytes);
  sealedSeed.copy(record, openBytes);
  body.copy(record, openBytes + seedBytes);
  cipher.getAuthTag().copy(record, end);
  return record;
}
