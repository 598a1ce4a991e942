import { hash } from 'node:crypto';

const prefix = Buffer.of(0);

/** RFC 6962: SHA-256(0x00 ‖ leaf data), 32 bytes as a latin1 text. For leaves whose record is erased: their data stand in a bundle. */
export function leafHashOf(data: Uint8Array): string {
  return hash('sha256', Buffer.concat([prefix, data]), 'binary');
}
