import { leavesOfBundle, rootOfHashes } from '../bulk.ts';
import { equal } from '../bytes.ts';
import { hashBytes } from '../merkle.ts';
import { tilePath, tileWidth } from '../tilePath.ts';
import type { Fetch, VerifyCrypto } from '../types.ts';
import type { Damages } from './damage.ts';

/** What a check of a log works with. */
export interface Look {
  readonly crypto: VerifyCrypto;
  readonly fetch: Fetch;
  readonly damages: Damages;
}

/** The hashes of a tile as far as they are known; null where neither the tile nor what stands below it tells one. */
export type Slots = readonly (Uint8Array | null)[];

/** How many ways to mend a tile are tried: twelve places at which it and what stands below it differ. */
const mostWays = 2 ** 12;

/**
 * The hashes of a whole tile of level 1 or above. `expected` is its root, known from the level above and in the end from the signed checkpoint, or null
 * where that is not known. A tile that is missing or altered is reported, and its hashes are taken from the tiles below it as far as those fit.
 */
export async function trueTile(look: Look, level: number, n: number, expected: Uint8Array | null): Promise<Slots> {
  const stored = await storedTile(look, level, n, tileWidth);
  if (stored !== null && (expected === null || equal(await rootOfHashes(look.crypto, stored), expected))) return slotsOf(stored);
  const path = tilePath(level, n);
  if (stored !== null) look.damages.add(path, 'altered', `${path} does not make the hash that the level above has for it.`);
  const below = await hashesBelow(look, level, n, tileWidth);
  const rows = stored === null ? null : slotsOf(stored);
  const mended = expected === null ? null : await mend(below, rows ?? below, async (slots) => equal(await rootOfHashes(look.crypto, bytesOf(slots)), expected));
  // Where no mixture fits, both were changed: what stands below then is compared with the tile, and named too.
  return mended ?? rows ?? below;
}

/** The hashes that the tiles (or entries) one level below make for a tile, each by itself; null for one that is missing or too short. Reports nothing. */
export async function hashesBelow(look: Look, level: number, n: number, width: number): Promise<Slots> {
  if (level === 0) {
    const bundle = await fetchUpTo(look.fetch, 'entries', n, width);
    const leaves = bundle === null ? null : await leavesOfBundle(look.crypto, bundle);
    const whole = leaves === null ? [] : slotsOf(leaves);
    return Array.from({ length: width }, (_, i) => whole[i] ?? null);
  }
  const slots: (Uint8Array | null)[] = [];
  for (let i = 0; i < width; i += 1) {
    const child = n * tileWidth + i;
    const tile = await look.fetch(tilePath(level - 1, child));
    const whole = tile?.length === tileWidth * hashBytes ? tile : level === 1 ? await wholeLeaves(look, child) : null;
    slots.push(whole === null ? null : await rootOfHashes(look.crypto, whole));
  }
  return slots;
}

/** The leaf hashes of a whole bundle, for a tile of level 0 that is gone. */
async function wholeLeaves(look: Look, n: number): Promise<Uint8Array | null> {
  const bundle = await look.fetch(tilePath('entries', n));
  const leaves = bundle === null ? null : await leavesOfBundle(look.crypto, bundle);
  return leaves?.length === tileWidth * hashBytes ? leaves : null;
}

/** A tile as it is stored; null where it is missing or of another length than it must have, which is reported. */
export async function storedTile(look: Look, level: number, n: number, width: number): Promise<Uint8Array | null> {
  const path = tilePath(level, n, width);
  const bytes = await fetchUpTo(look.fetch, level, n, width);
  if (bytes === null) look.damages.add(path, 'missing', `${path} is missing.`);
  else if (bytes.length < width * hashBytes) look.damages.add(path, 'short', `${path} has ${String(bytes.length)} bytes and must have ${String(width * hashBytes)}.`);
  else if (bytes.length > width * hashBytes) look.damages.add(path, 'altered', `${path} has ${String(bytes.length)} bytes and must have ${String(width * hashBytes)}.`);
  else return bytes;
  return null;
}

/** A file by its exact name, or the beginning of the whole tile, once a partial one is gone (C2SP tlog-tiles, "Partial Tiles"). */
export async function fetchUpTo(fetch: Fetch, level: number | 'entries', n: number, width: number): Promise<Uint8Array | null> {
  const exact = await fetch(tilePath(level, n, width));
  if (exact !== null || width === tileWidth) return exact;
  const whole = await fetch(tilePath(level, n));
  if (whole === null) return null;
  if (level !== 'entries') return whole.subarray(0, width * hashBytes);
  let end = 0;
  for (let i = 0; i < width && end < whole.length; i += 1) end += 2 + (whole[end] ?? 0) * 256 + (whole[end + 1] ?? 0);
  return whole.subarray(0, end);
}

/** Of two rows of hashes, the mixture that passes the test; null where none does, or they differ at too many places. */
export async function mend(first: Slots, second: Slots, passes: (slots: readonly Uint8Array[]) => Promise<boolean>): Promise<Slots | null> {
  const places = first.flatMap((slot, i) => {
    const other = second[i] ?? null;
    return slot !== null && other !== null && !equal(slot, other) ? [i] : [];
  });
  if (2 ** places.length > mostWays) return null;
  for (let way = 0; way < 2 ** places.length; way += 1) {
    const slots = first.map((slot, i) => {
      const place = places.indexOf(i);
      return (place >= 0 && ((way >> place) & 1) === 1 ? second[i] : slot) ?? second[i] ?? null;
    });
    if (!areKnown(slots)) return null;
    if (await passes(slots)) return slots;
  }
  return null;
}

export function slotsOf(bytes: Uint8Array): readonly Uint8Array[] {
  return Array.from({ length: bytes.length / hashBytes }, (_, i) => bytes.subarray(i * hashBytes, (i + 1) * hashBytes));
}

export function bytesOf(slots: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(slots.length * hashBytes);
  for (const [i, slot] of slots.entries()) bytes.set(slot, i * hashBytes);
  return bytes;
}

function areKnown(slots: Slots): slots is readonly Uint8Array[] {
  return !slots.includes(null);
}
