import { randomFillSync } from 'node:crypto';

/**
 * Random bytes, drawn from the system many at a time: a call to it for 16 bytes takes as long as one for thousands. What is given out was never
 * given before, and is not kept here: it is copied, and the pool is overwritten there.
 */
export function randomPool(bytes: number, atOnce = 1024): () => Buffer {
  const pool = Buffer.allocUnsafeSlow(bytes * atOnce);
  let at = pool.length;
  return () => {
    if (at === pool.length) {
      randomFillSync(pool);
      at = 0;
    }
    const given = Buffer.allocUnsafe(bytes);
    pool.copy(given, 0, at, at + bytes);
    pool.fill(0, at, at + bytes);
    at += bytes;
    return given;
  };
}
