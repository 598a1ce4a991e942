import { utf8 } from './bytes.ts';
import type { VerifyCrypto } from './types.ts';

/** A witness's word on a checkpoint: at `time` this was the largest consistent tree it had seen of the log. */
export interface Cosignature {
  /** Seconds since 1970. */
  readonly time: number;
  /** 64 bytes. */
  readonly signature: Uint8Array;
}

/** What a witness signs (C2SP tlog-cosignature, "Ed25519 signed message"). `text` is the note's text with its last newline. */
export function cosignedMessage(time: number, text: string): Uint8Array {
  return utf8(`cosignature/v1\ntime ${String(time)}\n${text}`);
}

/** Time and signature of the bytes behind the key id; null where they are no 72 bytes, or the time is past 2^53. */
export function parseCosignature(bytes: Uint8Array): Cosignature | null {
  if (bytes.length !== 72) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const time = view.getUint32(0) * 2 ** 32 + view.getUint32(4);
  return Number.isSafeInteger(time) ? { time, signature: bytes.slice(8) } : null;
}

/** The bytes that stand behind the key id: time, big-endian, and signature. */
export function formatCosignature({ time, signature }: Cosignature): Uint8Array {
  const bytes = new Uint8Array(72);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, Math.floor(time / 2 ** 32));
  view.setUint32(4, time % 2 ** 32);
  bytes.set(signature, 8);
  return bytes;
}

/** Whether the bytes behind a key id are a good cosignature of this key on a checkpoint's text. */
export async function verifyCosignature(crypto: VerifyCrypto, publicKey: Uint8Array, text: string, bytes: Uint8Array): Promise<boolean> {
  const cosignature = parseCosignature(bytes);
  return cosignature !== null && await crypto.ed25519(publicKey, cosignedMessage(cosignature.time, text), cosignature.signature);
}
