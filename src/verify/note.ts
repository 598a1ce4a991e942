import { concat, equal, fromBase64, fromHex, toBase64, toHex, utf8 } from './bytes.ts';
import { cosignedMessage, parseCosignature } from './cosignature.ts';
import { VerifyError } from './types.ts';
import type { VerifyCrypto } from './types.ts';

/** Signature types of C2SP signed-note that are known here. */
export const noteTypes = { ed25519: 0x01, cosignature: 0x04 } as const;

/** One signature line. Key and signature are only what the line says until `openNote` has looked. */
export interface NoteSignature {
  readonly name: string;
  /** 4 bytes. */
  readonly keyId: Uint8Array;
  /** What follows the key id. */
  readonly bytes: Uint8Array;
}

export interface Note {
  /** With its last newline. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** A public key by which notes are verified, as `NAME+KEYID+BASE64` is written. */
export interface Vkey {
  readonly name: string;
  readonly keyId: Uint8Array;
  readonly type: number;
  /** 32 bytes for both known types. */
  readonly publicKey: Uint8Array;
}

// C2SP signed-note: a verifier sets a limit, and takes at least 16 signatures.
const mostSignatures = 100;
const longestNote = 1_000_000;
const dash = '\u2014 ';

/**
 * Takes a note apart (C2SP signed-note, "Format"). Nothing of it is to be believed before `openNote`.
 * Throws VerifyError `malformed`.
 */
export function parseNote(note: string): Note {
  if (note.length > longestNote) throw malformed(`A note has at most ${String(longestNote)} characters.`);
  // The clause: no ASCII control character but newline, and valid UTF-8.
  if (/[\u0000-\u0009\u000b-\u001f]|\p{Surrogate}/u.test(note)) throw malformed('The note has a control character, or is not valid UTF-8.');
  // "The text is separated from the signatures by the last empty line."
  const end = note.lastIndexOf('\n\n');
  if (end < 0) throw malformed('The note has no empty line between text and signatures.');
  const block = note.slice(end + 2);
  if (!block.endsWith('\n')) throw malformed('The note has no signature, or its last line has no end.');
  const lines = block.slice(0, -1).split('\n');
  if (lines.length > mostSignatures) throw malformed(`The note has more than ${String(mostSignatures)} signatures.`);
  return { text: note.slice(0, end + 1), signatures: lines.map(parseSignature) };
}

/** A public key as text. The key id is compared with the key where it is used, since that takes a hash. Throws `malformed`. */
export function parseVkey(vkey: string): Vkey {
  const first = vkey.indexOf('+');
  const second = vkey.indexOf('+', first + 1);
  const name = vkey.slice(0, Math.max(first, 0));
  // The base64 may have a plus itself, the name may not.
  const keyId = fromHex(second < 0 ? '' : vkey.slice(first + 1, second), 4);
  const key = fromBase64(second < 0 ? '' : vkey.slice(second + 1));
  const type = key?.[0];
  if (first < 0 || second < 0 || !isKeyName(name) || keyId === null || key === null || type === undefined) {
    throw malformed('A key is written NAME+KEYID+KEY, with 8 hexadecimal digits and base64.', vkey.slice(0, 100));
  }
  if ((type === noteTypes.ed25519 || type === noteTypes.cosignature) && key.length !== 33) throw malformed('An Ed25519 key has 32 bytes.', vkey.slice(0, 100));
  return { name, keyId, type, publicKey: key.slice(1) };
}

/** `NAME+KEYID+BASE64` of a key whose id is known. */
export function formatKey({ name, keyId, type, publicKey }: Vkey): string {
  return `${name}+${toHex(keyId)}+${toBase64(concat(Uint8Array.of(type), publicKey))}`;
}

/** `NAME+KEYID+BASE64` of a key, its id computed. */
export async function formatVkey(crypto: VerifyCrypto, name: string, type: number, publicKey: Uint8Array): Promise<string> {
  return formatKey({ name, keyId: await keyIdOf(crypto, name, type, publicKey), type, publicKey });
}

/** SHA-256(name ‖ LF ‖ type ‖ key), the first 4 bytes (C2SP signed-note, "Signatures"). */
export async function keyIdOf(crypto: VerifyCrypto, name: string, type: number, publicKey: Uint8Array): Promise<Uint8Array> {
  return (await crypto.sha256(concat(utf8(`${name}\n`), Uint8Array.of(type), publicKey))).slice(0, 4);
}

/** One signature line, with its line end. */
export function signatureLine(name: string, keyId: Uint8Array, bytes: Uint8Array): string {
  return `${dash}${name} ${toBase64(concat(keyId, bytes))}\n`;
}

/** "Non-empty, no Unicode space, no plus"; and, since it stands in a note, no control character. */
export function isKeyName(name: string): boolean {
  return name !== '' && !/[\p{White_Space}+\p{Surrogate}\u0000-\u001f]/u.test(name);
}

/** A note whose signatures were verified. */
export interface OpenedNote {
  readonly text: string;
  /** Names of the keys that signed it well, each once, in the order of the lines. */
  readonly by: readonly string[];
  /** The same keys. */
  readonly keys: readonly Vkey[];
  /** Seconds since 1970 that each cosigner of `keys` states; null for other keys. The latest where one signed twice. */
  readonly times: readonly (number | null)[];
}

/**
 * Verifies a note by keys (as text, or parsed). Signatures of other keys are ignored. Types 0x01 and 0x04 are verified, each by its own message.
 * Throws VerifyError `malformed`, `badSignature` (a known key, and a signature that is not its own) or `unsigned` (no known key).
 */
export async function openNote(crypto: VerifyCrypto, note: string | Note, vkeys: readonly (string | Vkey)[]): Promise<OpenedNote> {
  const { text, signatures } = typeof note === 'string' ? parseNote(note) : note;
  const known = await Promise.all(vkeys.map(async (vkey) => await checkedKey(crypto, typeof vkey === 'string' ? parseVkey(vkey) : vkey)));
  const found = new Map<Vkey, number | null>();
  for (const signature of signatures) {
    const key = known.find(({ name, keyId }) => name === signature.name && equal(keyId, signature.keyId));
    if (key === undefined) continue;
    const time = await verifySignature(crypto, key, text, signature);
    found.set(key, time === null ? null : Math.max(time, found.get(key) ?? 0));
  }
  if (found.size === 0) throw new VerifyError('unsigned', 'The note has no signature of a key that is trusted for it.');
  const keys = [...found.keys()];
  return { text, keys, by: [...new Set(keys.map(({ name }) => name))], times: [...found.values()] };
}

/** The key, if its id is that of its name, type and bytes; a wrong id would only make signatures look unknown. Throws `malformed`. */
export async function checkedKey(crypto: VerifyCrypto, key: Vkey): Promise<Vkey> {
  if (!equal(await keyIdOf(crypto, key.name, key.type, key.publicKey), key.keyId)) throw malformed(`The key id of "${key.name}" is not that of its key.`, key.name);
  return key;
}

async function verifySignature(crypto: VerifyCrypto, key: Vkey, text: string, signature: NoteSignature): Promise<number | null> {
  if (key.type === noteTypes.ed25519) {
    if (signature.bytes.length === 64 && await crypto.ed25519(key.publicKey, utf8(text), signature.bytes)) return null;
    throw badSignature(key.name);
  }
  if (key.type !== noteTypes.cosignature) throw malformed(`The key "${key.name}" is of a type that is not known here.`, key.name);
  const cosignature = parseCosignature(signature.bytes);
  if (cosignature === null || !(await crypto.ed25519(key.publicKey, cosignedMessage(cosignature.time, text), cosignature.signature))) throw badSignature(key.name);
  return cosignature.time;
}

function parseSignature(line: string): NoteSignature {
  const space = line.indexOf(' ', dash.length);
  const name = line.slice(dash.length, Math.max(space, 0));
  const bytes = space < 0 ? null : fromBase64(line.slice(space + 1));
  if (!line.startsWith(dash) || !isKeyName(name) || bytes === null || bytes.length < 5) throw malformed('A line of the note is no signature line.', line.slice(0, 100));
  return { name, keyId: bytes.slice(0, 4), bytes: bytes.slice(4) };
}

function badSignature(name: string): VerifyError {
  return new VerifyError('badSignature', `The signature of "${name}" is not good.`, name);
}

function malformed(message: string, at: string | null = null): VerifyError {
  return new VerifyError('malformed', message, at);
}
