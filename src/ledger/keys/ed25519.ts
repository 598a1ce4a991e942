import { createPrivateKey, createPublicKey, generateKeyPairSync, hash } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { KeyError } from './errors.ts';

/** A new signing key, as it stands in its file. */
export function newSigningKey(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }) as string;
}

/** Reads a signing key: PKCS8 PEM, or the 32 bytes of RFC 8032 in hexadecimal. `path` is only named. Throws `KEY_FILE`. */
export function readSigningKey(text: string, path: string): KeyObject {
  try {
    const key = /^[0-9a-f]{64}\n?$/.test(text)
      ? createPrivateKey({ key: Buffer.concat([pkcs8Head, Buffer.from(text.slice(0, 64), 'hex')]), format: 'der', type: 'pkcs8' })
      : createPrivateKey(text);
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // Said below: the error of the library may quote the file.
  }
  throw new KeyError('KEY_FILE', `the file ${path} is no Ed25519 key, as PKCS8 PEM or 64 hexadecimal digits`);
}

/** The 32 bytes of its public half. */
export function publicBytes(key: KeyObject): Buffer {
  return createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32);
}

/** The id of a note's key: SHA-256(name ‖ LF ‖ type ‖ key), its first 4 bytes (C2SP signed-note, "Signatures"). */
export function keyIdOf(name: string, publicKey: Buffer): Buffer {
  return hash('sha256', Buffer.concat([Buffer.from(`${name}\n`), ed25519Type, publicKey]), 'buffer').subarray(0, 4);
}

/** The text of a verifier key: NAME+KEY ID+base64(type ‖ key) (C2SP signed-note, "Verifier keys"). */
export function vkeyOf(name: string, publicKey: Buffer): string {
  return `${name}+${keyIdOf(name, publicKey).toString('hex')}+${Buffer.concat([ed25519Type, publicKey]).toString('base64')}`;
}

const ed25519Type = Buffer.of(0x01);
/** RFC 8410, section 7: what stands before the 32 bytes in the DER of a private key. */
const pkcs8Head = Buffer.from('302e020100300506032b657004220420', 'hex');
