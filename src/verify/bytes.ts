import { VerifyError } from './types.ts';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const urlAlphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const values = valuesOf(alphabet);
const urlValues = valuesOf(urlAlphabet);
const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** UTF-8 bytes of a text. */
export function utf8(text: string): Uint8Array {
  return encoder.encode(text);
}

/** The text of UTF-8 bytes. Throws VerifyError `malformed` where they are none. */
export function textOf(bytes: Uint8Array, at: string | null = null): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new VerifyError('malformed', 'The bytes are not valid UTF-8.', at);
  }
}

/** Standard base64 with padding (RFC 4648 section 4). */
export function toBase64(bytes: Uint8Array): string {
  return encode(bytes, alphabet, true);
}

/** base64url without padding (RFC 4648 section 5). */
export function toBase64url(bytes: Uint8Array): string {
  return encode(bytes, urlAlphabet, false);
}

/** Bytes of standard base64; null where the text is not the one canonical writing of some bytes, so that no two texts mean the same. */
export function fromBase64(text: string): Uint8Array | null {
  if (text.length % 4 !== 0) return null;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  return decode(text, text.length - padding, values);
}

/** Bytes of base64url without padding; null where the text is not canonical. */
export function fromBase64url(text: string): Uint8Array | null {
  return decode(text, text.length, urlValues);
}

/** Hexadecimal in small letters. */
export function toHex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += (byte < 16 ? '0' : '') + byte.toString(16);
  return text;
}

/** Bytes of hexadecimal in small letters; null for anything else. `length` is the number of bytes that is wanted. */
export function fromHex(text: string, length: number | null = null): Uint8Array | null {
  if (text.length % 2 !== 0 || (length !== null && text.length !== 2 * length)) return null;
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i += 1) {
    const high = hexDigit(text.charCodeAt(2 * i));
    const low = hexDigit(text.charCodeAt(2 * i + 1));
    if (high < 0 || low < 0) return null;
    bytes[i] = high * 16 + low;
  }
  return bytes;
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Nothing here is secret: the comparison need not take the same time for all. */
export function equal(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i += 1) if (a[i] !== b[i]) return false;
  return true;
}

/** A decimal number from 0 to 2^53 − 1 without leading zeros; null for anything else. */
export function parseNumber(text: string): number | null {
  if (!/^(?:0|[1-9][0-9]{0,15})$/.test(text)) return null;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : null;
}

/** Whether a number can be a size or an index. */
export function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function encode(bytes: Uint8Array, letters: string, padded: boolean): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const left = bytes.length - i;
    const three = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    text += letters.charAt(three >> 18) + letters.charAt((three >> 12) & 63);
    if (left > 1) text += letters.charAt((three >> 6) & 63);
    if (left > 2) text += letters.charAt(three & 63);
    if (padded && left < 3) text += left === 1 ? '==' : '=';
  }
  return text;
}

/** A plain loop and no expression: the text may be megabytes from anybody. */
function decode(text: string, length: number, of: Int8Array): Uint8Array | null {
  if (length % 4 === 1) return null;
  const bytes = new Uint8Array(Math.floor((length * 3) / 4));
  let held = 0;
  let bits = 0;
  let at = 0;
  for (let i = 0; i < length; i += 1) {
    const value = of[text.charCodeAt(i)] ?? -1;
    if (value < 0) return null;
    held = ((held << 6) | value) & 0xffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[at] = (held >> bits) & 255;
      at += 1;
    }
  }
  return (held & ((1 << bits) - 1)) === 0 ? bytes : null;
}

function valuesOf(letters: string): Int8Array {
  const table = new Int8Array(128).fill(-1);
  for (let i = 0; i < letters.length; i += 1) table[letters.charCodeAt(i)] = i;
  return table;
}

function hexDigit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  return code >= 97 && code <= 102 ? code - 87 : -1;
}
