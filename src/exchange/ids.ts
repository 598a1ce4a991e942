import { randomBytes, randomUUID } from 'node:crypto';

/** A version 7 UUID (RFC 9562): sorts by time, and cannot be guessed. */
export function inquiryId(now: number): string {
  const time = Math.floor(now).toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
}

/** A ticket: the owner and 80 random bits in groups that can be read over a telephone, `WA-3F7K-Q2XD-9HTB-M4VE`. */
export function ticketId(owner: string): string {
  const text = Array.from(randomBytes(16), (byte) => letters[byte & 31]).join('');
  return [owner, text.slice(0, 4), text.slice(4, 8), text.slice(8, 12), text.slice(12)].join('-');
}

/** Crockford's base 32: no I, L, O or U. */
const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
