import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { concat, utf8 } from './bytes.ts';
import { formatBundle } from './bundle.ts';
import { formatCheckpoint } from './checkpoint.ts';
import { cosignedMessage, formatCosignature } from './cosignature.ts';
import { hashBytes } from './merkle.ts';
import { nodeCrypto } from './nodeCrypto.ts';
import { formatVkey, keyIdOf, noteTypes, signatureLine } from './note.ts';
import { tilePath, tileWidth } from './tilePath.ts';
import type { Fetch } from './types.ts';

/** A key that a test signs with. */
export interface TestKey {
  readonly name: string;
  readonly type: number;
  readonly publicKey: Uint8Array;
  readonly secret: KeyObject;
  readonly vkey: string;
  readonly keyId: Uint8Array;
}

export async function testKey(name: string, type: number = noteTypes.ed25519): Promise<TestKey> {
  const pair = generateKeyPairSync('ed25519');
  const publicKey = new Uint8Array(pair.publicKey.export({ format: 'der', type: 'spki' }).subarray(-32));
  return { name, type, publicKey, secret: pair.privateKey, vkey: await formatVkey(nodeCrypto, name, type, publicKey), keyId: await keyIdOf(nodeCrypto, name, type, publicKey) };
}

/** A signature line for a note's text. Cosigners sign with a time. */
export function signNote(key: TestKey, text: string, time = 1_700_000_000): string {
  if (key.type === noteTypes.ed25519) return signatureLine(key.name, key.keyId, sign(null, utf8(text), key.secret));
  return signatureLine(key.name, key.keyId, formatCosignature({ time, signature: sign(null, cosignedMessage(time, text), key.secret) }));
}

/** The tree by the definition of RFC 6962 section 2.1, read literally. */
export function naiveRoot(leaves: readonly Uint8Array[]): Uint8Array {
  const [first] = leaves;
  if (first === undefined) return nodeCrypto.sha256(new Uint8Array());
  if (leaves.length === 1) return nodeCrypto.sha256(concat(Uint8Array.of(0), first));
  const k = naiveSplit(leaves.length);
  return nodeCrypto.sha256(concat(Uint8Array.of(1), naiveRoot(leaves.slice(0, k)), naiveRoot(leaves.slice(k))));
}

/** PATH(m, D[n]) of RFC 6962 section 2.1.1. */
export function naivePath(m: number, leaves: readonly Uint8Array[]): Uint8Array[] {
  if (leaves.length <= 1) return [];
  const k = naiveSplit(leaves.length);
  return m < k ? [...naivePath(m, leaves.slice(0, k)), naiveRoot(leaves.slice(k))] : [...naivePath(m - k, leaves.slice(k)), naiveRoot(leaves.slice(0, k))];
}

/** SUBPROOF(m, D[n], whole) of RFC 6962 section 2.1.2. */
export function naiveConsistency(m: number, leaves: readonly Uint8Array[], whole = true): Uint8Array[] {
  if (m === leaves.length) return whole ? [] : [naiveRoot(leaves)];
  const k = naiveSplit(leaves.length);
  if (m <= k) return [...naiveConsistency(m, leaves.slice(0, k), whole), naiveRoot(leaves.slice(k))];
  return [...naiveConsistency(m - k, leaves.slice(k), false), naiveRoot(leaves.slice(0, k))];
}

/** A log in memory, whose files a test can change. */
export interface TestLog {
  readonly files: Map<string, Uint8Array>;
  readonly fetch: Fetch;
  readonly root: Uint8Array;
  readonly note: string;
}

/** The files of a log with these entries, signed. */
export function testLog(entries: readonly Uint8Array[], origin: string, keys: readonly TestKey[]): TestLog {
  const files = new Map<string, Uint8Array>();
  for (let n = 0; n * tileWidth < entries.length; n += 1) {
    const part = entries.slice(n * tileWidth, (n + 1) * tileWidth);
    files.set(tilePath('entries', n, part.length), formatBundle(part));
  }
  let row = entries.map((entry) => nodeCrypto.sha256(concat(Uint8Array.of(0), entry)));
  const root = row.length === 0 ? naiveRoot([]) : rootOfLeaves(row);
  for (let level = 0; row.length > 0; level += 1) {
    const next: Uint8Array[] = [];
    for (let n = 0; n * tileWidth < row.length; n += 1) {
      const part = row.slice(n * tileWidth, (n + 1) * tileWidth);
      files.set(tilePath(level, n, part.length), concat(...part));
      if (part.length === tileWidth) next.push(rootOfLeaves(part));
    }
    row = next;
  }
  const text = formatCheckpoint({ origin, size: entries.length, root });
  const note = `${text}\n${keys.map((key) => signNote(key, text)).join('')}`;
  files.set('checkpoint', utf8(note));
  return { files, root, note, fetch: async (path) => await Promise.resolve(files.get(path) ?? null) };
}

export function randomEntries(count: number, bytes = hashBytes): readonly Uint8Array[] {
  const all = randomBytes(count * bytes);
  return Array.from({ length: count }, (_, i) => new Uint8Array(all.subarray(i * bytes, (i + 1) * bytes)));
}

/** The root over leaf hashes, level by level: quicker than the definition, and compared with it in a test. */
export function rootOfLeaves(leaves: readonly Uint8Array[]): Uint8Array {
  let row = [...leaves];
  while (row.length > 1) {
    const next: Uint8Array[] = [];
    for (let i = 0; i < row.length; i += 2) {
      const [left, right] = [row[i] ?? new Uint8Array(), row[i + 1]];
      next.push(right === undefined ? left : nodeCrypto.sha256(concat(Uint8Array.of(1), left, right)));
    }
    row = next;
  }
  return row[0] ?? nodeCrypto.sha256(new Uint8Array());
}

/** The text with one bit of one byte of its UTF-8 changed; null where that is no UTF-8 any more. */
export function flippedText(text: string, bit: number): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(flipped(utf8(text), bit));
  } catch {
    return null;
  }
}

export function flipped(bytes: Uint8Array, bit: number): Uint8Array {
  const copy = bytes.slice();
  copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return copy;
}

function naiveSplit(n: number): number {
  return 2 ** (Math.ceil(Math.log2(n)) - 1);
}
