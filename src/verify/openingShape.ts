import { fromBase64, isCount } from './bytes.ts';
import { hashBytes } from './merkle.ts';
import { VerifyError } from './types.ts';

/** What the opening says of itself (docs/ledger-formats.md, "Opening"). */
export interface OpeningHead {
  readonly origin: string;
  readonly to: OpeningReader;
  readonly who: string;
  readonly order: string | null;
  /** RFC 3339, UTC. */
  readonly made: string;
  /** The signed note. */
  readonly checkpoint: string;
}

export const openingReaders = ['owner', 'agency', 'resident', 'auditor', 'public'] as const;
export type OpeningReader = (typeof openingReaders)[number];

/** A field that stays a hash, or one that is open. */
export type BundleField =
  | { readonly name: string; readonly hash: string }
  | { readonly name: string; readonly salt: string; readonly text: string };

/** One entry with its place in the tree. */
export interface BundleEntry {
  readonly index: number;
  readonly proof: readonly Uint8Array[];
  readonly fields: readonly BundleField[];
}

/** An entry that is not opened before a date; without an index where not even that may be said. */
export interface WithheldItem {
  readonly index: number | null;
  readonly until: string;
}

/** The opening's own entry: its receipt, its place in the tree, and all of its fields. */
export interface BundleRecord extends BundleEntry {
  readonly log: string;
  /** The entry's id. */
  readonly entry: string;
  /** Its commitment, hexadecimal. */
  readonly hash: string;
  readonly token: string;
}

export type JsonObject = Readonly<Record<string, unknown>>;

const mostFields = 64;
const mostHashes = 64;
/** An entry has at most 65,535 bytes, so no field has more. */
const longestText = 65_535;
const longestNote = 1_000_000;
const longestWord = 1_000;

/** The members before `entries`. Whoever hands in the bundle controls all of it. Throws VerifyError `malformed`. */
export function readHead(value: unknown): OpeningHead {
  const { weir, origin, to, who, order, made, checkpoint } = exact(value, ['weir', 'origin', 'to', 'who', 'order', 'made', 'checkpoint'], 'opening');
  if (weir !== 'opening/v1') throw malformed('This is no opening of version 1.', 'weir');
  const reader = openingReaders.find((one) => one === to);
  if (reader === undefined) throw malformed('The opening does not say to whom it was made.', 'to');
  return {
    origin: word(origin, 'origin'), to: reader, who: word(who, 'who'), order: order === null ? null : word(order, 'order'), made: instant(made, 'made'),
    checkpoint: text(checkpoint, longestNote, 'checkpoint'),
  };
}

/** One of `entries`. */
export function readEntry(value: unknown, at: string): BundleEntry {
  const { index, proof, fields } = exact(value, ['index', 'proof', 'fields'], at);
  return { index: count(index, at), proof: readProof(proof, at), fields: readFields(fields, at) };
}

/** The members behind `entries`. */
export function readTail(value: unknown): { readonly withheld: readonly WithheldItem[]; readonly record: BundleRecord } {
  const { withheld, record } = exact(value, ['withheld', 'record'], 'opening');
  return { withheld: list(withheld, 'withheld').map(readWithheld), record: readRecord(record) };
}

/** An object with just these members, all its own: nothing is taken from a prototype. Throws `malformed`. */
export function exact<N extends string>(value: unknown, names: readonly N[], at: string): Readonly<Record<N, unknown>> {
  const object = objectOf(value, at);
  const keys = Object.keys(object);
  const missing = names.find((name) => !Object.hasOwn(object, name));
  if (missing !== undefined) throw malformed(`The member "${missing}" is missing.`, at);
  if (keys.length !== names.length) throw malformed('There is a member that the format does not have.', at);
  return object;
}

/** A JSON text. Throws `malformed`. */
export function parseJson(json: string, at: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    throw malformed('The text is not JSON.', at);
  }
}

/**
 * The object that a field's text stands for. Only the one way in which `JSON.stringify` writes it is taken: a member given twice,
 * which two readers could take for different things, is then `malformed`.
 */
export function parseFieldText(json: string, at: string): JsonObject {
  const value = objectOf(parseJson(json, at), at);
  if (JSON.stringify(value) !== json) throw malformed('The text of a field is not written as entries are.', at);
  return value;
}

export function list(value: unknown, at: string): readonly unknown[] {
  if (!Array.isArray(value)) throw malformed('A list is missing.', at);
  return value as readonly unknown[];
}

/** A size, an index or a count. */
export function count(value: unknown, at: string): number {
  if (!isCount(value)) throw malformed('A number is not a whole number from 0.', at);
  return value;
}

/** A short text. */
export function word(value: unknown, at: string): string {
  return text(value, longestWord, at);
}

function readWithheld(value: unknown): WithheldItem {
  const { index, until } = exact(value, ['index', 'until'], 'withheld');
  return { index: index === null ? null : count(index, 'withheld'), until: instant(until, 'withheld') };
}

function readRecord(value: unknown): BundleRecord {
  const at = 'record';
  const { log, index, entry, hash, token, proof, fields } = exact(value, ['log', 'index', 'entry', 'hash', 'token', 'proof', 'fields'], at);
  return {
    log: word(log, at), index: count(index, at), entry: word(entry, at), hash: hex(hash, 32, at), token: text(token, 5_000, at),
    proof: readProof(proof, at), fields: readFields(fields, at),
  };
}

function readProof(value: unknown, at: string): readonly Uint8Array[] {
  const hashes = list(value, at);
  if (hashes.length > mostHashes) throw malformed('The proof is longer than that of any tree.', at);
  return hashes.map((one) => {
    const bytes = typeof one === 'string' && one.length === 44 ? fromBase64(one) : null;
    if (bytes?.length !== hashBytes) throw malformed('A line of the proof is not the base64 of 32 bytes.', at);
    return bytes;
  });
}

function readFields(value: unknown, at: string): readonly BundleField[] {
  const fields = list(value, at);
  if (fields.length === 0 || fields.length > mostFields) throw malformed('An entry has at least one field and at most 64.', at);
  const seen = new Set<string>();
  return fields.map((one) => {
    const field = readField(one, at);
    if (seen.has(field.name)) throw malformed(`The field "${field.name}" is there twice.`, at);
    seen.add(field.name);
    return field;
  });
}

function readField(value: unknown, at: string): BundleField {
  const closed = Object.hasOwn(objectOf(value, at), 'hash');
  const { name, ...rest } = closed ? exact(value, ['name', 'hash'], at) : exact(value, ['name', 'salt', 'text'], at);
  if (typeof name !== 'string' || !/^[a-z]{1,32}$/.test(name)) throw malformed('The name of a field is small letters.', at);
  if ('hash' in rest) return { name, hash: hex(rest.hash, 32, at) };
  return { name, salt: hex(rest.salt, 16, at), text: text(rest.text, longestText, at) };
}

function objectOf(value: unknown, at: string): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed('An object is missing.', at);
  return value as JsonObject;
}

function text(value: unknown, longest: number, at: string): string {
  if (typeof value !== 'string' || value.length > longest) throw malformed('A text is missing, or too long.', at);
  return value;
}

function hex(value: unknown, bytes: number, at: string): string {
  if (typeof value !== 'string' || value.length !== 2 * bytes || !/^[0-9a-f]+$/.test(value)) throw malformed(`A value is not ${String(bytes)} bytes in hexadecimal.`, at);
  return value;
}

/** RFC 3339 in UTC with milliseconds, as entries have it. */
function instant(value: unknown, at: string): string {
  const time = typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value) ? Date.parse(value) : NaN;
  if (typeof value !== 'string' || Number.isNaN(time) || new Date(time).toISOString() !== value) throw malformed('A time is not written as YYYY-MM-DDTHH:MM:SS.mmmZ.', at);
  return value;
}

function malformed(message: string, at: string): VerifyError {
  return new VerifyError('malformed', message, at);
}
