import { createCipheriv, createHash } from 'node:crypto';
import type { LogName } from './record.ts';
import { anchorLog, plainRecord, recordHeadBytes, sealedHead } from './record.ts';
import type { WalRecord } from './types.ts';

/** 2026-03-01. */
export const sampleDay = 20_513;

/**
 * An invented record as the write-ahead file takes it, for tests and benchmarks: in the anchor log JSON text, in an owner's log a head and bytes that look like
 * ciphertext. The same number gives the same bytes.
 */
export function sampleRecord(number: number, options: { readonly log?: LogName; readonly bytes?: number } = {}): WalRecord {
  const log = options.log ?? 'zy';
  const id = `e-${number}`;
  const length = options.bytes ?? 1_200;
  if (log === anchorLog) {
    const bare = JSON.stringify({ type: 'system', id, subject: '' });
    return { log, id, record: plainRecord(sampleDay, JSON.stringify({ type: 'system', id, subject: 'x'.repeat(Math.max(0, length - 3 - bare.length)) })) };
  }
  const seed = createHash('sha256').update(`${log} ${id}`).digest();
  const body = createCipheriv('aes-256-ctr', seed, Buffer.alloc(16)).update(Buffer.alloc(Math.max(60, length - recordHeadBytes)));
  return { log, id, record: Buffer.concat([sealedHead(number % 2 === 0 ? 'disclosure' : 'other', log.toUpperCase(), sampleDay, seed), body]) };
}
