import { createHmac, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { hmacSha256 } from './hmac.ts';

it('is HMAC-SHA-256, of short and long texts in any order', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), fc.array(fc.oneof(fc.string({ unit: 'binary' }), fc.string({ minLength: 300, maxLength: 900 })), { minLength: 1, maxLength: 6 }), (bytes, texts) => {
    const key = Buffer.from(bytes);
    const mac = hmacSha256(key);
    for (const text of texts) expect(mac(text)).toBe(createHmac('sha256', key).update(text).digest('hex'));
  }));
  // RFC 4231, test case 2.
  expect(hmacSha256(Buffer.from('Jefe'))('what do ya want for nothing?')).toBe('5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843');
});

it('takes no key that would have to be hashed first', () => {
  expect(() => hmacSha256(randomBytes(65))).toThrow(RangeError);
});
