import type { VerifyCrypto } from './types.ts';

/** The primitives by the browser's own WebCrypto, and by nothing else. Needs a secure context: https, localhost or a file. */
export const webCrypto: VerifyCrypto = {
  async sha256(data) {
    return new Uint8Array(await subtle().digest('SHA-256', owned(data)));
  },
  async ed25519(publicKey, message, signature) {
    if (publicKey.length !== 32 || signature.length !== 64) return false;
    // A browser without Ed25519 must say so, and not call a good signature bad.
    const key = await subtle().importKey('raw', owned(publicKey), 'Ed25519', false, ['verify']).catch((error: unknown) => {
      if (error instanceof Error && error.name === 'NotSupportedError') throw error;
      return null;
    });
    return key !== null && await subtle().verify('Ed25519', key, owned(signature), owned(message)).catch(() => false);
  },
  async keystream(seed, length) {
    const key = await subtle().importKey('raw', owned(seed), 'AES-CTR', false, ['encrypt']);
    return new Uint8Array(await subtle().encrypt({ name: 'AES-CTR', counter: new Uint8Array(16), length: 128 }, key, new Uint8Array(length)));
  },
};

type Subtle = typeof globalThis.crypto.subtle;

function subtle(): Subtle {
  // Missing in a page that came over plain http from elsewhere than this computer.
  const found = (globalThis as { readonly crypto?: { readonly subtle?: Subtle } }).crypto?.subtle;
  if (found === undefined) throw new Error('This page cannot verify: its address is not secure, so the browser gives it no cryptography.');
  return found;
}

/** A copy in memory of its own: WebCrypto takes no memory that may be shared between threads. */
function owned(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes);
}
