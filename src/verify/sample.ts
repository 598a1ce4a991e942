import { utf8 } from './bytes.ts';
import { VerifyError } from './types.ts';
import type { VerifyCrypto } from './types.ts';

/** A sample of the leaves of a log that nobody chose. */
export interface Sample {
  /** `PREFIX/log/NAME`. */
  readonly origin: string;
  /** Leaves to draw from: the size of a checkpoint that was signed before the beacon was known. */
  readonly size: number;
  readonly count: number;
  /** A public text that nobody could know before, such as the round of a public beacon or the numbers of a lottery: 1 to 200 printable characters. */
  readonly beacon: string;
}

const mostDrawn = 1_000_000;

/**
 * Draws leaf indices, ascending, each once: the first 8 bytes (big-endian) of SHA-256("weir-sample/v1" LF origin LF size LF beacon LF n LF) for
 * n from 0, without what lies at or above the largest multiple of the size (so that all are equally likely), modulo the size; what was drawn
 * before is skipped. All leaves where as many are wanted as there are. Throws VerifyError `malformed`.
 */
export async function drawSample(crypto: VerifyCrypto, { origin, size, count, beacon }: Sample): Promise<readonly number[]> {
  if (!Number.isSafeInteger(size) || size < 0 || !Number.isSafeInteger(count) || count < 1 || count > mostDrawn || !/^[ -~]{1,200}$/.test(beacon)) {
    throw new VerifyError('malformed', `A sample has a size, 1 to ${String(mostDrawn)} leaves to draw, and a beacon of 1 to 200 printable characters.`);
  }
  if (count >= size) return Array.from({ length: size }, (_, index) => index);
  const end = ((1n << 64n) / BigInt(size)) * BigInt(size);
  const drawn = new Set<number>();
  for (let n = 0; drawn.size < count; n += 1) {
    const hash = await crypto.sha256(utf8(`weir-sample/v1\n${origin}\n${String(size)}\n${beacon}\n${String(n)}\n`));
    const value = new DataView(hash.buffer, hash.byteOffset, 8).getBigUint64(0);
    if (value < end) drawn.add(Number(value % BigInt(size)));
  }
  return [...drawn].sort((a, b) => a - b);
}

/** What stands as the order of an opening by sample, so that the record fixes it: `sample 20 of 70000 by BEACON`. */
export function sampleOrder({ count, size, beacon }: Omit<Sample, 'origin'>): string {
  return `sample ${String(count)} of ${String(size)} by ${beacon}`;
}

/** What an opening's order says of its sample; null where it is none. */
export function parseSampleOrder(order: string): Omit<Sample, 'origin'> | null {
  const parts = /^sample ([1-9][0-9]{0,6}) of ([1-9][0-9]{0,15}) by ([ -~]{1,200})$/.exec(order);
  if (parts === null) return null;
  const [, count, size, beacon = ''] = parts;
  return Number.isSafeInteger(Number(size)) ? { count: Number(count), size: Number(size), beacon } : null;
}

/**
 * Which leaves of its sample a verified opening does not open; those must have been erased, or the owner answers for it. Nothing else may be in it:
 * throws VerifyError `altered` for an entry that was not drawn, `malformed` where the order is no sample.
 */
export async function unopenedOfSample(crypto: VerifyCrypto, opening: { readonly origin: string; readonly order: string | null; readonly indices: readonly number[] }): Promise<readonly number[]> {
  const sample = opening.order === null ? null : parseSampleOrder(opening.order);
  if (sample === null) throw new VerifyError('malformed', 'The opening was not made by a sample.', 'order');
  const drawn = await drawSample(crypto, { origin: opening.origin, ...sample });
  const wanted = new Set(drawn);
  const chosen = opening.indices.find((index) => !wanted.has(index));
  if (chosen !== undefined) throw new VerifyError('altered', 'An entry was opened that was not drawn.', `index ${String(chosen)}`);
  const opened = new Set(opening.indices);
  return drawn.filter((index) => !opened.has(index));
}
