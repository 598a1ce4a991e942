import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * A log written the plainest way there is, with nothing of src/ledger or src/verify in it: a second opinion for tests. Slow and small.
 * RFC 6962, section 2.1; C2SP tlog-tiles, tlog-checkpoint, signed-note, tlog-cosignature, tlog-proof.
 */
export interface NoteKey {
  readonly name: string;
  readonly type: 0x01 | 0x04;
  readonly vkey: string;
  readonly id: Buffer;
  readonly privateKey: KeyObject;
}

export function noteKey(name: string, type: 0x01 | 0x04 = 0x01): NoteKey {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ type: 'spki', format: 'der' }).subarray(-32);
  const typed = Buffer.concat([Buffer.of(type), raw]);
  const id = sha256(Buffer.from(`${name}\n`), typed).subarray(0, 4);
  return { name, type, id, privateKey, vkey: `${name}+${id.toString('hex')}+${typed.toString('base64')}` };
}

/** MTH of RFC 6962, straight from its text. */
export function treeRoot(leaves: readonly Buffer[]): Buffer {
  if (leaves.length === 0) return sha256();
  if (leaves.length === 1) return sha256(Buffer.of(0), leaves[0]!);
  const k = largestPowerBelow(leaves.length);
  return sha256(Buffer.of(1), treeRoot(leaves.slice(0, k)), treeRoot(leaves.slice(k)));
}

/** PATH(m, D[n]) of RFC 6962, section 2.1.1. */
export function inclusion(m: number, leaves: readonly Buffer[]): Buffer[] {
  if (leaves.length <= 1) return [];
  const k = largestPowerBelow(leaves.length);
  if (m < k) return [...inclusion(m, leaves.slice(0, k)), treeRoot(leaves.slice(k))];
  return [...inclusion(m - k, leaves.slice(k)), treeRoot(leaves.slice(0, k))];
}

export function checkpointNote(key: NoteKey, size: number, root: Buffer, cosigners: readonly NoteKey[] = []): string {
  const text = `${key.name}\n${size}\n${root.toString('base64')}\n`;
  return `${text}\n${[key, ...cosigners].map((one) => signatureLine(one, text)).join('')}`;
}

export function signatureLine(key: NoteKey, text: string, time = 1_790_000_000): string {
  const stamp = Buffer.alloc(8);
  stamp.writeBigUInt64BE(BigInt(time));
  const signature = key.type === 0x01
    ? sign(null, Buffer.from(text), key.privateKey)
    : Buffer.concat([stamp, sign(null, Buffer.from(`cosignature/v1\ntime ${time}\n${text}`), key.privateKey)]);
  return `— ${key.name} ${Buffer.concat([key.id, signature]).toString('base64')}\n`;
}

export function proofText(index: number, leaves: readonly Buffer[], checkpoint: string): string {
  return `c2sp.org/tlog-proof@v1\nindex ${index}\n${inclusion(index, leaves).map((hash) => `${hash.toString('base64')}\n`).join('')}\n${checkpoint}`;
}

/** Every tile and bundle of a log with these leaves, by path. */
export function tilesOf(leaves: readonly Buffer[]): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  for (let n = 0; n * 256 < leaves.length; n += 1) {
    const part = leaves.slice(n * 256, (n + 1) * 256);
    files.set(path('entries', n, part.length), Buffer.concat(part.flatMap((leaf) => [Buffer.of(leaf.length >> 8, leaf.length & 255), leaf])));
  }
  for (let level = 0, span = 1; leaves.length >= span; level += 1, span *= 256) {
    const hashes = Array.from({ length: Math.floor(leaves.length / span) }, (_, i) => treeRoot(leaves.slice(i * span, (i + 1) * span)));
    for (let n = 0; n * 256 < hashes.length; n += 1) {
      const part = hashes.slice(n * 256, (n + 1) * 256);
      files.set(path(String(level), n, part.length), Buffer.concat(part));
    }
  }
  return files;
}

export function writeLog(folder: string, key: NoteKey, leaves: readonly Buffer[], cosigners: readonly NoteKey[] = []): void {
  for (const [name, bytes] of [...tilesOf(leaves), ['checkpoint', Buffer.from(checkpointNote(key, leaves.length, treeRoot(leaves), cosigners))] as const]) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), bytes);
  }
}

function path(level: string, n: number, width: number): string {
  const digits = String(n).padStart(Math.ceil(String(n).length / 3) * 3, '0').match(/\d{3}/g) ?? [];
  const parts = digits.map((three, place) => (place < digits.length - 1 ? `x${three}` : three));
  return `tile/${level}/${parts.join('/')}${width < 256 ? `.p/${width}` : ''}`;
}

function largestPowerBelow(n: number): number {
  return 2 ** (Math.ceil(Math.log2(n)) - 1);
}

function sha256(...parts: readonly Buffer[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}
