import { hash } from 'node:crypto';

const blockBytes = 64;
const digestBytes = 32;
const roomBytes = 1_024;

/**
 * HMAC-SHA-256 (RFC 2104) under a key of at most 64 bytes, of texts in UTF-8, in hexadecimal: two hashes over buffers that are used again, which is
 * several times as quick as an object of the library for each of the few tags that an entry has.
 */
export function hmacSha256(key: Buffer): (text: string) => string {
  if (key.length > blockBytes) throw new RangeError('a key of a tag has at most 64 bytes');
  const inner = Buffer.alloc(blockBytes + roomBytes);
  const outer = Buffer.alloc(blockBytes + digestBytes);
  for (let i = 0; i < blockBytes; i += 1) {
    const byte = key[i] ?? 0;
    inner[i] = byte ^ 0x36;
    outer[i] = byte ^ 0x5c;
  }
  const pad = Buffer.from(inner.subarray(0, blockBytes));
  return (text) => {
    // UTF-8 has at most three bytes for each unit of a text.
    const short = text.length * 3 <= roomBytes;
    const message = short ? inner.subarray(0, blockBytes + inner.write(text, blockBytes, 'utf8')) : Buffer.concat([pad, Buffer.from(text)]);
    outer.write(hash('sha256', message, 'binary'), blockBytes, 'latin1');
    return hash('sha256', outer, 'hex');
  };
}
