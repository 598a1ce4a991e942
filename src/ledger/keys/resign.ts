import { open, readFile, rename, stat } from 'node:fs/promises';
import { nodeCrypto } from '../../verify/nodeCrypto.ts';
import { noteTypes, openNote, parseNote, parseVkey, signatureLine } from '../../verify/note.ts';
import { VerifyError } from '../../verify/types.ts';
import { diskFs } from '../files.ts';
import type { NoteSigner } from '../types.ts';
import { keyIdOf } from './ed25519.ts';
import { isMissing } from './files.ts';

/**
 * Signs the published notes of a log (`checkpoint`, `cosigned`) anew, so that they are of the key that is now the log's. Only what an old key of the log
 * signed is signed: whoever can write the folder must not get a signature so. Cosignatures are of the text and stay. Returns how many.
 */
export async function resignNotes(published: string, signer: NoteSigner, oldVkeys: readonly string[]): Promise<number> {
  let done = 0;
  for (const name of ['checkpoint', 'cosigned']) {
    const note = await readFile(`${published}/${name}`, 'utf8').catch((error: unknown) => {
      if (isMissing(error)) return null;
      throw error;
    });
    const signed = note === null ? null : await signedAnew(note, signer, oldVkeys);
    if (signed === null) continue;
    await put(published, name, signed);
    done += 1;
  }
  return done;
}

async function signedAnew(note: string, signer: NoteSigner, oldVkeys: readonly string[]): Promise<string | null> {
  try {
    const parsed = parseNote(note);
    const { text } = await openNote(nodeCrypto, parsed, oldVkeys.map((vkey) => parseVkey(vkey)).filter(({ name, type }) => name === signer.name && type === noteTypes.ed25519));
    const others = parsed.signatures.filter(({ name }) => name !== signer.name).map(({ name, keyId, bytes }) => signatureLine(name, keyId, bytes));
    return `${text}\n${signatureLine(signer.name, keyIdOf(signer.name, signer.publicKey), await signer.sign(Buffer.from(text)))}${others.join('')}`;
  } catch (error) {
    if (error instanceof VerifyError) return null;
    throw error;
  }
}

/** As one switch, and open to the same as before: these files are public. */
async function put(folder: string, name: string, text: string): Promise<void> {
  const { mode } = await stat(`${folder}/${name}`);
  const file = await open(`${folder}/${name}.tmp`, 'w', mode & 0o777);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${folder}/${name}.tmp`, `${folder}/${name}`);
  await diskFs.syncFolder(folder);
}
