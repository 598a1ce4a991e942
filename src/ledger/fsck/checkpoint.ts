import { VerifyError, checkedKey, keyIdOf, nodeCrypto, noteTypes, openNote, parseCheckpoint, parseNote, parseVkey } from '../../verify/index.ts';
import type { Vkey } from '../../verify/index.ts';

/** What a stored checkpoint says, as far as it can be read, and what is wrong with it. */
export interface CheckedCheckpoint {
  readonly origin: string | null;
  readonly size: number;
  /** Base64. */
  readonly root: string | null;
  readonly faults: readonly string[];
  /** False where the key of the log is not known. */
  readonly verified: boolean;
}

/**
 * Reads a checkpoint and verifies its signature under the name that it states for itself, so that a wrong `ledger/name` is told from a wrong signature,
 * and the cosignatures of witnesses whose keys are given. Whoever can write the folder controls the text.
 */
export async function checkCheckpoint(note: string, publicKey: Uint8Array | null, witnesses: readonly string[]): Promise<CheckedCheckpoint> {
  const faults: string[] = [];
  try {
    const { text, signatures } = parseNote(note);
    const { origin, size, root } = parseCheckpoint(text);
    if (formatOf(origin, size, root) !== text) faults.push('it has lines that are not origin, size and root');
    const read = { origin, size, root: Buffer.from(root).toString('base64') };
    if (publicKey === null) return { ...read, faults, verified: false };
    const ofLog = await keyOf(origin, publicKey);
    const known = [ofLog, ...(await Promise.all(witnesses.map(async (key) => await checkedKey(nodeCrypto, parseVkey(key)))))];
    const opened = await openNote(nodeCrypto, note, known);
    if (!opened.keys.some(({ name, type }) => name === origin && type === noteTypes.ed25519)) faults.push('it has no signature of the log');
    // A line that no key here made is a witness that is not known, or one of ours that was altered.
    const names = new Set(known.map(({ name }) => name));
    for (const { name, keyId } of signatures) {
      const ours = known.find((key) => key.name === name);
      if (names.has(name) && ours !== undefined && !Buffer.from(ours.keyId).equals(keyId)) faults.push(`the signature of ${name} is of another key`);
      if (!names.has(name) && witnesses.length > 0) faults.push(`${name} signed it, whose key is not known`);
    }
    return { ...read, faults, verified: true };
  } catch (error) {
    if (!(error instanceof VerifyError)) throw error;
    const read = readable(note);
    return { ...read, faults: [...faults, error.message], verified: publicKey !== null };
  }
}

async function keyOf(origin: string, publicKey: Uint8Array): Promise<Vkey> {
  const keyId = await keyIdOf(nodeCrypto, origin, noteTypes.ed25519, publicKey);
  return { name: origin, keyId, type: noteTypes.ed25519, publicKey };
}

/** What can be read of a checkpoint whose signature is not good. */
function readable(note: string): { readonly origin: string | null; readonly size: number; readonly root: string | null } {
  try {
    const { origin, size, root } = parseCheckpoint(parseNote(note).text);
    return { origin, size, root: Buffer.from(root).toString('base64') };
  } catch {
    return { origin: null, size: 0, root: null };
  }
}

function formatOf(origin: string, size: number, root: Uint8Array): string {
  return `${origin}\n${size}\n${Buffer.from(root).toString('base64')}\n`;
}

