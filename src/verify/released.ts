import { fromBase64, toHex, utf8 } from './bytes.ts';
import { VerifyError } from './types.ts';
import type { VerifyCrypto } from './types.ts';

/**
 * SHA-256, hexadecimal, of the records of an answer, as its entry names them (`releasedHash`): JSON with sorted keys and no spaces, without members that
 * are not there, and a picture's bytes as the hexadecimal SHA-256 of them. `records` are those of an answer in JSON, where pictures are base64.
 * Throws VerifyError `malformed` where a picture is no base64.
 */
export async function recordsHash(crypto: VerifyCrypto, records: readonly unknown[]): Promise<string> {
  const texts: string[] = [];
  for (const record of records) texts.push(await canonical(crypto, record, 0));
  return toHex(await crypto.sha256(utf8(`[${texts.join(',')}]`)));
}

/** Records are three levels deep. More is somebody's play. */
const deepest = 16;

async function canonical(crypto: VerifyCrypto, value: unknown, depth: number): Promise<string> {
  if (depth > deepest) throw new VerifyError('malformed', 'A record is nested too deep.');
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const texts: string[] = [];
  if (Array.isArray(value)) {
    for (const one of value as readonly unknown[]) texts.push(await canonical(crypto, one, depth + 1));
    return `[${texts.join(',')}]`;
  }
  const object = value as Readonly<Record<string, unknown>>;
  const members = isPicture(object) ? { mediaType: object.mediaType, bytes: await pictureHash(crypto, object.base64) } : object;
  for (const [name, member] of Object.entries(members).sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (member !== undefined) texts.push(`${JSON.stringify(name)}:${await canonical(crypto, member, depth + 1)}`);
  }
  return `{${texts.join(',')}}`;
}

async function pictureHash(crypto: VerifyCrypto, base64: string): Promise<string> {
  const bytes = fromBase64(base64);
  if (bytes === null) throw new VerifyError('malformed', 'A picture is not base64.');
  return toHex(await crypto.sha256(bytes));
}

function isPicture(value: Readonly<Record<string, unknown>>): value is { readonly mediaType: string; readonly base64: string } {
  return typeof value['base64'] === 'string' && typeof value['mediaType'] === 'string' && Object.keys(value).length === 2;
}
