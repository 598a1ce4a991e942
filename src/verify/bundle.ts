import { concat } from './bytes.ts';

/** The entries of a bundle, each with its length of two bytes, big-endian, before it (C2SP tlog-tiles, "Log entries"); null where the bytes are none. */
export function parseBundle(bytes: Uint8Array): readonly Uint8Array[] | null {
  const entries: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = at + 2 + (bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0);
    if (end > bytes.length) return null;
    entries.push(bytes.subarray(at + 2, end));
    at = end;
  }
  return entries;
}

/** A bundle of entries, each of at most 65,535 bytes. */
export function formatBundle(entries: readonly Uint8Array[]): Uint8Array {
  return concat(...entries.flatMap((entry) => {
    if (entry.length > 0xffff) throw new RangeError('An entry of a bundle has at most 65,535 bytes.');
    return [Uint8Array.of(entry.length >> 8, entry.length & 255), entry];
  }));
}
