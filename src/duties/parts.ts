import { createHash, randomBytes } from 'node:crypto';
import type { JSONValue } from 'postgres';
import type { ActEntry, Subject } from '../model/index.ts';
import type { Acts } from '../people/acts/index.ts';
import type { ContentSnapshot } from '../registry/index.ts';
import type { Sql } from '../store/index.ts';
import type { JournalReader } from '../store/journalReader.ts';
import { DutyError, type RecertificationView } from './types.ts';

/** What an agency got of an owner in a year: counts, and when it last asked (an instant, or the first day of the month where no more is known). */
export type AgencyCounts = Pick<RecertificationView['items'][number]['evidence'], 'asked' | 'answered' | 'refused' | 'held' | 'lastAsked'>;

/** What duties need of the exchange. */
export interface DutiesParts {
  readonly sql: Sql;
  readonly acts: Acts;
  /** The ledger, as far as it is durable. Null where it cannot be read: no notice is then made or opened. */
  readonly journal: JournalReader | null;
  readonly seal: (owner: string, plain: string) => string;
  readonly unseal: (owner: string, sealed: string) => string;
  /** The registry now, with its rows. */
  readonly registry: () => ContentSnapshot | Promise<ContentSnapshot>;
  /** The name of an office by its ORI; null where the registry has none. */
  readonly agencyName: (ori: string) => string | null;
  /** Name and lines of the address of whom a request was about, from the owner's records; null where they do not say. May reject where they cannot be reached. */
  readonly subjectAddress: (owner: string, subject: Subject) => Promise<{ readonly name: string; readonly address: readonly string[] } | null>;
  /** What each organisation got of an owner in a year. Left out: what the tickets of held requests say. */
  readonly evidence?: (owner: string, year: number) => Promise<ReadonlyMap<string, AgencyCounts>>;
  /** A rule of a version of an owner's policy, in words. Left out: read from the policies that are kept. */
  readonly ruleWords?: (owner: string, version: number, rule: string) => Promise<string | null>;
  /** Where a resident of an owner objects, as a postal address or telephone number. Null, or left out: the office that keeps the record. */
  readonly objectTo?: (owner: string) => string | null;
  /** How seldom certifications, reviews and re-certifications are looked at, in milliseconds: 10,000 unless told. Notices are at every call. */
  readonly seldom?: number;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/** The parts with what was left out filled in. */
export type Room = Required<Pick<DutiesParts, 'now' | 'seldom' | 'objectTo' | 'ruleWords' | 'evidence'>> & DutiesParts & {
  /** Resolves when the rows have all that the ledger says: nothing is decided by rows that a lost database does not have yet. Throws `DUTY_LEDGER`. */
  readonly caughtUp: () => Promise<void>;
};

export const dayMs = 86_400_000;

/** A new number: a letter, the owner where it has one, and 80 random bits in groups that can be read over a telephone. */
export function newId(letter: string, owner: string | null): string {
  return numbered(letter, owner, randomBytes(16));
}

/** The number of the notice that an entry makes by a rule: the same whenever it is made again from the ledger. */
export function noticeId(owner: string, entry: string, rule: string): string {
  return numbered('N', owner, createHash('sha256').update(`${entry}\n${rule}`).digest());
}

/** SHA-256 of a text in UTF-8, hexadecimal. */
export function sha256(text: string | Buffer): string {
  return createHash('sha256').update(text).digest('hex');
}

/** A text of a person: trimmed, in NFC, without control characters but for line ends. Throws `DUTY_FIELD` where it is too short or too long. */
export function wordsOf(value: unknown, name: string, shortest: number, longest: number): string {
  const text = typeof value === 'string' ? value.normalize('NFC').replaceAll('\r\n', '\n').trim() : '';
  if (text.length < shortest || text.length > longest || /[\u0000-\u0009\u000b-\u001f\u007f]/.test(text)) {
    throw new DutyError('DUTY_FIELD', `the field ${name} is missing, too short or too long`, `Give ${shortest} to ${longest} characters, without control characters.`);
  }
  return text;
}

/** A moment as a field gives it, as milliseconds since 1970. Throws `DUTY_FIELD`. */
export function momentOf(value: unknown, name: string): number {
  const at = typeof value === 'string' && /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?Z$/.test(value) ? Date.parse(value) : NaN;
  if (Number.isNaN(at)) throw new DutyError('DUTY_FIELD', `the field ${name} is no moment`, 'Write it in UTC, such as 2026-11-30T17:00:00Z.');
  return at;
}

/** Whether a text is two capitals: an owner. */
export function isOwnerText(text: string): boolean {
  return /^[A-Z]{2}$/.test(text);
}

/** The sealed words of an act; null where it has none, or they cannot be opened any more. */
export function actWords({ unseal }: Pick<Room, 'unseal'>, { owner, sealed }: Pick<ActEntry, 'owner' | 'sealed'>): Readonly<Record<string, string | null>> | null {
  if (sealed === null) return null;
  try {
    return JSON.parse(unseal(owner, sealed)) as Readonly<Record<string, string | null>>;
  } catch {
    return null;
  }
}

/** What could not be recorded was not done. */
export function ledgerError(cause: unknown): never {
  throw new DutyError('DUTY_LEDGER', 'it cannot be recorded now, so nothing was done', 'Try again; tell the operator.', { cause });
}

export function unknown(what: string): DutyError {
  return new DutyError('DUTY_UNKNOWN', `there is no ${what} of this number here`, 'Check the number and the owner or agency in the address.');
}

/** A value for a column of type jsonb. */
export function asJson(value: unknown): JSONValue {
  return value as JSONValue;
}

export function iso(at: Date | null): string | null {
  return at === null ? null : at.toISOString();
}

/** Crockford's base 32: no I, L, O or U. */
const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

function numbered(letter: string, owner: string | null, bytes: Uint8Array): string {
  const text = Array.from(bytes.subarray(0, 16), (byte) => letters[byte & 31]).join('');
  return [letter, ...(owner === null ? [] : [owner]), text.slice(0, 4), text.slice(4, 8), text.slice(8, 12), text.slice(12)].join('-');
}

/** A number of a row, as an address gives it; -1, which no row has, for anything else. */
export function asNumber(text: string): number {
  return /^[1-9]\d{0,14}$/.test(text) ? Number(text) : -1;
}
