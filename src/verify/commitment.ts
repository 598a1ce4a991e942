import { toHex, utf8 } from './bytes.ts';
import type { VerifyCrypto } from './types.ts';

/** Bytes of a salt, of a seed. */
export const saltBytes = 16;
export const seedBytes = 32;

/** Hexadecimal of SHA-256( hex(salt) ‖ LF ‖ name ‖ LF ‖ text ) (docs/ledger-formats.md, "Commitment"). */
export async function fieldHash(crypto: VerifyCrypto, saltHex: string, name: string, text: string): Promise<string> {
  return toHex(await crypto.sha256(utf8(`${saltHex}\n${name}\n${text}`)));
}

/** The commitment, 32 bytes, of the hashes of all fields in their order. */
export async function commitmentOf(crypto: VerifyCrypto, fields: readonly { readonly name: string; readonly hash: string }[]): Promise<Uint8Array> {
  return await crypto.sha256(utf8(`weir-entry/v1\n${fields.map(({ name, hash }) => `${name} ${hash}\n`).join('')}`));
}

/** The salts of the first `n` fields, hexadecimal, out of the seed of 32 bytes: pieces of its AES-256-CTR keystream. */
export async function saltsOf(crypto: VerifyCrypto, seed: Uint8Array, n: number): Promise<readonly string[]> {
  const stream = await crypto.keystream(seed, n * saltBytes);
  return Array.from({ length: n }, (_, i) => toHex(stream.subarray(i * saltBytes, (i + 1) * saltBytes)));
}
