import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatCheckpoint } from '../../verify/checkpoint.ts';
import { nodeCrypto } from '../../verify/nodeCrypto.ts';
import { formatVkey, keyIdOf, noteTypes, signatureLine } from '../../verify/note.ts';
import { formatRequest } from './request.ts';

/** What tests and the benchmark of witnesses share: a log that is made up, with a key, whose trees follow the words of RFC 6962 and no code of ours. */

export class SampleLog {
  readonly origin: string;
  readonly vkey: string;
  readonly #key: KeyObject;
  readonly #keyId: Uint8Array;

  private constructor(origin: string, vkey: string, key: KeyObject, keyId: Uint8Array) {
    this.origin = origin;
    this.vkey = vkey;
    this.#key = key;
    this.#keyId = keyId;
  }

  static async make(origin: string): Promise<SampleLog> {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const bytes = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
    return new SampleLog(origin, await formatVkey(nodeCrypto, origin, noteTypes.ed25519, bytes), privateKey, await keyIdOf(nodeCrypto, origin, noteTypes.ed25519, bytes));
  }

  /** The signed checkpoint of a history, whatever it is: whoever holds the key can sign two. */
  checkpoint(history: readonly string[]): string {
    return this.signed(formatCheckpoint({ origin: this.origin, size: history.length, root: rootOf(history) }));
  }

  signed(text: string): string {
    return `${text}\n${signatureLine(this.origin, this.#keyId, sign(null, Buffer.from(text), this.#key))}`;
  }

  /** The body of a request for a history, told from its first `oldSize` entries on. */
  request(history: readonly string[], oldSize: number, proof: readonly Buffer[] = consistencyOf(history, oldSize)): Buffer {
    return Buffer.from(formatRequest({ oldSize, proof, note: this.checkpoint(history) }));
  }
}

/** `count` entries of a history; those from `parted` on are of another one. */
export function history(count: number, parted = Infinity, name = 'other'): string[] {
  return Array.from({ length: count }, (_, at) => (at < parted ? `entry ${at}` : `${name} entry ${at}`));
}

/** MTH of RFC 6962, section 2.1. */
export function rootOf(leaves: readonly string[]): Buffer {
  if (leaves.length === 0) return createHash('sha256').digest();
  if (leaves.length === 1) return createHash('sha256').update(Buffer.of(0)).update(leaves[0] ?? '').digest();
  const k = largestPower(leaves.length);
  return createHash('sha256').update(Buffer.of(1)).update(rootOf(leaves.slice(0, k))).update(rootOf(leaves.slice(k))).digest();
}

/** PROOF of RFC 6962, section 2.1.2. `full` puts the first hash back where the older size is a power of two. */
export function consistencyOf(leaves: readonly string[], oldSize: number, full = false): Buffer[] {
  if (oldSize === 0 || oldSize === leaves.length) return [];
  const subProof = (m: number, part: readonly string[], whole: boolean): Buffer[] => {
    if (m === part.length) return whole && !full ? [] : [rootOf(part)];
    const k = largestPower(part.length);
    if (m <= k) return [...subProof(m, part.slice(0, k), whole), rootOf(part.slice(k))];
    return [...subProof(m - k, part.slice(k), false), rootOf(part.slice(0, k))];
  };
  return subProof(oldSize, leaves, true);
}

/** A fresh folder under the system's temporary one; the returned function takes it away. */
export function witnessFolder(): { folder: string; remove: () => void } {
  const root = mkdtempSync(join(tmpdir(), 'weir-witness-'));
  return { folder: join(root, 'state'), remove: () => rmSync(root, { recursive: true, force: true }) };
}

function largestPower(count: number): number {
  let k = 1;
  while (k * 2 < count) k *= 2;
  return k;
}
