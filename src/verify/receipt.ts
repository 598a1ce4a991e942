import { concat, equal, fromBase64url, fromHex, toBase64, toBase64url, utf8 } from './bytes.ts';
import { hashBytes, leafHash, rootOfInclusion } from './merkle.ts';
import { checkedKey, noteTypes, parseVkey } from './note.ts';
import type { Vkey } from './note.ts';
import { VerifyError } from './types.ts';
import type { VerifyCrypto } from './types.ts';

const version = 1;
const headBytes = 85;
/** A batch has at most 2^32 entries, so no path is longer. */
const mostHashes = 32;

/** What a receipt's token holds. All of it is only said until `verifyReceipt` has looked. */
export interface Token {
  /** Place in the batch, from 0. */
  readonly place: number;
  /** Entries of the batch. */
  readonly count: number;
  /** Milliseconds since 1970. */
  readonly time: number;
  /** 4 bytes. */
  readonly keyId: Uint8Array;
  /** 64 bytes. */
  readonly signature: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

/** Takes a token apart (docs/ledger-formats.md, "Receipt"). Throws VerifyError `malformed`. */
export function parseToken(text: string): Token {
  const bytes = text.length > 4 * (headBytes + mostHashes * hashBytes) ? null : fromBase64url(text);
  if (bytes === null || bytes.length < headBytes || (bytes.length - headBytes) % hashBytes !== 0) throw malformed('The token is not base64url of a head and hashes.');
  if (bytes[0] !== version) throw malformed(`The token is of version ${String(bytes[0])}, which is not known here.`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const time = view.getUint32(9) * 2 ** 32 + view.getUint32(13);
  if (!Number.isSafeInteger(time)) throw malformed('The time of the token is past 2^53.');
  const proof: Uint8Array[] = [];
  for (let at = headBytes; at < bytes.length; at += hashBytes) proof.push(bytes.slice(at, at + hashBytes));
  return { place: view.getUint32(1), count: view.getUint32(5), time, keyId: bytes.slice(17, 21), signature: bytes.slice(21, headBytes), proof };
}

/** The text of a token. */
export function formatToken({ place, count, time, keyId, signature, proof }: Token): string {
  const head = new Uint8Array(headBytes);
  const view = new DataView(head.buffer);
  view.setUint8(0, version);
  view.setUint32(1, place);
  view.setUint32(5, count);
  view.setUint32(9, Math.floor(time / 2 ** 32));
  view.setUint32(13, time % 2 ** 32);
  head.set(keyId, 17);
  head.set(signature, 21);
  return toBase64url(concat(head, ...proof));
}

/** The leaf of one entry in its batch: what a receipt promises. `hash` is 32 bytes. */
export function receiptLeaf(origin: string, index: number, hash: Uint8Array, entry: string, time: number): string {
  return `weir-receipt/v1\n${origin}\n${String(index)}\n${toBase64(hash)}\n${entry}\n${String(time)}\n`;
}

/** The note text that is signed for a batch of `count` entries. `name` is `PREFIX/receipts`. */
export function receiptNote(name: string, count: number, root: Uint8Array): string {
  return `${name}\n${String(count)}\n${toBase64(root)}\n`;
}

/** A receipt, and the key by which it is to be verified. Whoever shows it controls all but the key. */
export interface ReceiptClaim {
  /** The key of `PREFIX/receipts`. */
  readonly vkey: string | Vkey;
  /** `PREFIX/log/NAME`. */
  readonly origin: string;
  readonly index: number;
  /** The entry's id. */
  readonly entry: string;
  /** The commitment, or in the anchor log the leaf hash: 64 hexadecimal digits. */
  readonly hash: string;
  readonly token: string;
}

/**
 * Verifies a receipt: when (milliseconds since 1970) the log promised this leaf at this index.
 * Throws VerifyError `malformed`, `unsigned` (another key than the trusted one), `badSignature` (anything in it was changed) or `notIncluded`.
 */
export async function verifyReceipt(crypto: VerifyCrypto, { vkey, origin, index, entry, hash, token }: ReceiptClaim): Promise<{ readonly time: number }> {
  const key = await checkedKey(crypto, typeof vkey === 'string' ? parseVkey(vkey) : vkey);
  const { place, count, time, keyId, signature, proof } = parseToken(token);
  const commitment = fromHex(hash, hashBytes);
  if (!key.name.endsWith('/receipts') || key.type !== noteTypes.ed25519) throw malformed(`The key "${key.name}" is no key of receipts.`);
  if (commitment === null || !Number.isSafeInteger(index) || index < 0 || entry.includes('\n') || origin.includes('\n')) {
    throw malformed('The receipt has no log, index, entry and hash as they are written.');
  }
  if (!origin.startsWith(`${key.name.slice(0, -'receipts'.length)}log/`)) throw new VerifyError('unsigned', `The key "${key.name}" is not trusted for the log "${origin}".`, origin);
  if (!equal(keyId, key.keyId)) throw new VerifyError('unsigned', `The receipt was signed by another key than "${key.name}".`);
  const leaf = await leafHash(crypto, utf8(receiptLeaf(origin, index, commitment, entry, time)));
  const root = await rootOfInclusion(crypto, { index: place, size: count, leaf, proof });
  if (root === null) throw new VerifyError('notIncluded', 'The token names a place that its batch cannot have.');
  if (await crypto.ed25519(key.publicKey, utf8(receiptNote(key.name, count, root)), signature)) return { time };
  throw new VerifyError('badSignature', 'The signature is not of this receipt: something in it was changed.');
}

function malformed(message: string): VerifyError {
  return new VerifyError('malformed', message);
}
