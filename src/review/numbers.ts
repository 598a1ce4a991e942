import { randomBytes } from 'node:crypto';

/** `Q-`, `P-` or `D-` and sixteen letters or digits of Crockford's base 32: 80 random bits, that nobody guesses. */
export function ticketNumber(kind: 'Q' | 'P' | 'D'): string {
  return `${kind}-${Array.from(randomBytes(16), (byte) => letters[byte & 31]).join('')}`;
}

const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
