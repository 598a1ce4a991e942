import { hash } from 'node:crypto';
import type { RecordData } from '../model/index.ts';

/**
 * SHA-256, hexadecimal, of the records that leave: JSON with sorted keys and no spaces, pictures as the SHA-256 of their bytes.
 * Whoever holds the answer can work it out again and hold it against the entry.
 */
export function releasedHash(records: readonly RecordData[]): string {
  return hash('sha256', canonical(records), 'hex');
}

function canonical(value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || value === null) return JSON.stringify(value);
  if (value instanceof Uint8Array) return `"${hash('sha256', value, 'hex')}"`;
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  const object = value as Readonly<Record<string, unknown>>;
  let text = '';
  for (const key of Object.keys(object).sort()) {
    const member = object[key];
    if (member !== undefined) text += `${text === '' ? '' : ','}"${key}":${canonical(member)}`;
  }
  return `{${text}}`;
}
