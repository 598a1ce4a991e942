import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits, base64url: 43 characters. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** SHA-256, hexadecimal: what is kept of a secret of 256 bits, which needs no salt and no slow hash. The text comes from the network, and may be anything. */
export function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** A number for a person `U-`, account `A-`, session `S-` or token `T-`: 60 random bits in twelve letters and digits. */
export function newNumber(kind: 'U' | 'A' | 'S' | 'T'): string {
  return `${kind}-${Array.from(randomBytes(12), (byte) => letters[byte & 31]).join('')}`;
}

/** Crockford's base 32: no I, L, O or U. */
const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
