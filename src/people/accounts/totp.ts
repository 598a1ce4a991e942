import { Secret, TOTP } from 'otpauth';

/** A new key of one-time codes: 160 bits, base 32. */
export function newTotpKey(): string {
  return new Secret({ size: 20 }).base32;
}

/** The key as it was shown or typed, without spaces; null where it is none of 160 bits or more. */
export function readTotpKey(text: string): string | null {
  const key = text.replace(/[\s-]/g, '').toUpperCase();
  return /^[A-Z2-7]{32,104}$/.test(key) ? key : null;
}

/** The key in groups of four, to be typed. */
export function inGroups(key: string): string {
  return key.match(/.{1,4}/g)?.join(' ') ?? key;
}

/** What an authenticator app reads (`otpauth://totp/…`). */
export function totpAddress(key: string, issuer: string, login: string): string {
  return totpOf(key, issuer, login).toString();
}

/** The step of 30 seconds that the code is of, now or one before or after; null where it is of none. RFC 6238: SHA-1, six digits. Compared in constant time. */
export function totpStep(key: string, code: string, now: number): number | null {
  const digits = code.replace(/\s/g, '');
  if (!/^\d{6}$/.test(digits)) return null;
  const delta = totpOf(key, '', '').validate({ token: digits, timestamp: now, window: 1 });
  return delta === null ? null : TOTP.counter({ period: 30, timestamp: now }) + delta;
}

function totpOf(key: string, issuer: string, label: string): TOTP {
  return new TOTP({ secret: Secret.fromBase32(key), algorithm: 'SHA1', digits: 6, period: 30, issuer, label });
}
