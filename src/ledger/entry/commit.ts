import { createCipheriv, hash } from 'node:crypto';
import type { Field } from '../types.ts';

export const seedBytes = 32;
const saltBytes = 16;
const counter = Buffer.alloc(16);
/** A salt as text: two hexadecimal digits for each byte. */
const saltDigits = saltBytes * 2;

/**
 * The commitment to the fields of an entry under a seed of 32 bytes (docs/ledger-formats.md, "Commitment"): 32 bytes as a latin1 text.
 * Hashes are made over strings and given as strings, which is twice as quick as over buffers.
 */
export function commitmentOf(fields: readonly Field[], seed: Buffer): string {
  const salts = saltDigitsOf(seed, fields.length);
  let text = 'weir-entry/v1\n';
  let at = 0;
  for (const field of fields) {
    text += `${field.name} ${hash('sha256', `${salts.slice(at, at + saltDigits)}\n${field.name}\n${field.text}`, 'hex')}\n`;
    at += saltDigits;
  }
  return hash('sha256', text, 'binary');
}

/** Salt and hash of each field, hexadecimal: what an opening shows of it, the one or the other. */
export function saltedFields(fields: readonly Field[], seed: Buffer): readonly (Field & { readonly salt: string; readonly hash: string })[] {
  const salts = saltDigitsOf(seed, fields.length);
  return fields.map(({ name, text }, place) => {
    const salt = salts.slice(place * saltDigits, (place + 1) * saltDigits);
    return { name, text, salt, hash: hash('sha256', `${salt}\n${name}\n${text}`, 'hex') };
  });
}

/** All salts, hexadecimal, one behind the other: the AES-256-CTR keystream under the seed. */
function saltDigitsOf(seed: Buffer, fields: number): string {
  const zeros = fields === usual.length / saltBytes ? usual : Buffer.alloc(saltBytes * fields);
  return createCipheriv('aes-256-ctr', seed, counter).update(zeros).toString('hex');
}

const usual = Buffer.alloc(saltBytes * 12);
