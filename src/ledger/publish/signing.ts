import { toBase64 } from '../../verify/bytes.ts';
import { formatCheckpoint, parseCheckpoint } from '../../verify/checkpoint.ts';
import { nodeCrypto } from '../../verify/nodeCrypto.ts';
import type { Vkey } from '../../verify/note.ts';
import { keyIdOf, noteTypes, openNote, parseNote, signatureLine } from '../../verify/note.ts';
import { VerifyError } from '../../verify/types.ts';
import type { NoteSigner } from '../types.ts';

/** The head of a log. `root` is 32 bytes as a latin1 text. */
export interface Head {
  readonly size: number;
  readonly root: string;
}

/** A signer, with the key by which its signatures are verified. */
export interface LogKey {
  readonly signer: NoteSigner;
  readonly vkey: Vkey;
}

export async function logKey(signer: NoteSigner): Promise<LogKey> {
  const keyId = await keyIdOf(nodeCrypto, signer.name, noteTypes.ed25519, signer.publicKey);
  return { signer, vkey: { name: signer.name, keyId, type: noteTypes.ed25519, publicKey: signer.publicKey } };
}

/**
 * A checkpoint with the log's own signature (C2SP tlog-checkpoint, signed-note). Rejects where the signer does, takes longer than `patience`
 * milliseconds, or gives what is no signature of its key: keys can be kept elsewhere, and nothing that does not verify may be shown.
 */
export async function signCheckpoint({ signer, vkey }: LogKey, origin: string, { size, root }: Head, patience: number): Promise<string> {
  const text = formatCheckpoint({ origin, size, root: Buffer.from(root, 'latin1') });
  const message = Buffer.from(text);
  const signature = await inTime(signer.sign(message), patience);
  if (!nodeCrypto.ed25519(vkey.publicKey, message, signature)) throw new Error('the signature that the key gave is not good');
  return `${text}\n${signatureLine(vkey.name, vkey.keyId, signature)}`;
}

/** A head, and the note of it with no signature but the log's own. */
export interface SignedHead extends Head {
  readonly note: string;
}

/** The head that a checkpoint states, where this key signed it for this log; else null. Whoever can write the folder controls the note. */
export async function headOf(note: Buffer, origin: string, { vkey }: LogKey): Promise<SignedHead | null> {
  try {
    const parsed = parseNote(note.toString('utf8'));
    const { text } = await openNote(nodeCrypto, parsed, [vkey]);
    const checkpoint = parseCheckpoint(text);
    const own = parsed.signatures.find(({ name, keyId }) => name === vkey.name && Buffer.from(keyId).equals(vkey.keyId));
    if (checkpoint.origin !== origin || own === undefined) return null;
    return { size: checkpoint.size, root: Buffer.from(checkpoint.root).toString('latin1'), note: `${text}\n${signatureLine(own.name, own.keyId, own.bytes)}` };
  } catch (error) {
    if (error instanceof VerifyError) return null;
    throw error;
  }
}

/** The base64 of a hash that is a latin1 text, as a checkpoint states it. */
export function rootText(root: string): string {
  return toBase64(Buffer.from(root, 'latin1'));
}

async function inTime<T>(work: Promise<T>, milliseconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`the key gave no signature in ${milliseconds} milliseconds`)), milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
