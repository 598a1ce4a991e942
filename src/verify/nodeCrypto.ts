import { createCipheriv, createPublicKey, hash, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { nodeBulk } from './nodeBulk.ts';
import type { VerifyCrypto } from './types.ts';

/** The fixed head of an Ed25519 public key in SubjectPublicKeyInfo (RFC 8410 section 4). */
const spkiHead = Buffer.from('302a300506032b6570032100', 'hex');
const noCounter = Buffer.alloc(16);
const keptKeys = new Map<string, KeyObject>();
const mostKept = 256;

/** Primitives that answer at once. */
export interface SyncCrypto extends VerifyCrypto {
  sha256(data: Uint8Array): Uint8Array;
  ed25519(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
  keystream(seed: Uint8Array, length: number): Uint8Array;
}

/** The primitives by Node's own OpenSSL. */
export const nodeCrypto: SyncCrypto = {
  sha256: (data) => plain(hash('sha256', data, 'buffer')),
  ed25519(publicKey, message, signature) {
    if (publicKey.length !== 32 || signature.length !== 64) return false;
    try {
      return verify(null, message, keyOf(publicKey), signature);
    } catch {
      // OpenSSL says of some bytes only at use that they are no key.
      return false;
    }
  },
  keystream: (seed, length) => plain(createCipheriv('aes-256-ctr', seed, noCounter).update(Buffer.alloc(length))),
  bulk: nodeBulk,
};

/** A Buffer's `slice` is a view, that of other bytes a copy: no Buffer leaves here, so that all code means the same in a browser. */
function plain(bytes: Buffer): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** Reading a key takes as long as verifying by it, and the keys are few. */
function keyOf(publicKey: Uint8Array): KeyObject {
  const name = Buffer.from(publicKey).toString('latin1');
  const kept = keptKeys.get(name);
  if (kept !== undefined) return kept;
  const key = createPublicKey({ key: Buffer.concat([spkiHead, publicKey]), format: 'der', type: 'spki' });
  if (keptKeys.size >= mostKept) keptKeys.clear();
  keptKeys.set(name, key);
  return key;
}
