import { createPrivateKey, createPublicKey, randomBytes, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cosignedMessage, formatCosignature } from '../../verify/cosignature.ts';
import { nodeCrypto } from '../../verify/nodeCrypto.ts';
import { formatVkey, isKeyName, keyIdOf, noteTypes, signatureLine } from '../../verify/note.ts';
import { diskFs, writeAll } from '../files.ts';
import { WitnessError } from './errors.ts';

/** The one key of a witness. It signs checkpoints, and nothing else: each message begins with `cosignature/v1`. */
export interface WitnessKey {
  readonly name: string;
  readonly vkey: string;
  /** The signature line, with its line end, by which this witness cosigns the text of a checkpoint. `time` is in seconds since 1970. */
  cosign(text: string, time: number): string;
}

/** The name of the key file in a witness's folder. */
export const keyFile = 'key';
/** RFC 8410, section 7: the fixed head of an Ed25519 private key in PKCS #8. */
const pkcs8Head = Buffer.from('302e020100300506032b657004220420', 'hex');
const prefix = 'PRIVATE+KEY+';

/**
 * Makes the key of a new witness, durably and readable by its user only, and returns it. The folder is made where it is missing.
 * The file is one line, `PRIVATE+KEY+NAME+KEYID+BASE64(type ‖ seed)`.
 * Rejects with `WITNESS_HAS_KEY` where there is one, `WITNESS_NAME` for a name that cannot stand in a note.
 */
export async function makeKey(folder: string, name: string): Promise<WitnessKey> {
  if (!isKeyName(name) || name.length > 200) throw new WitnessError('WITNESS_NAME', 'the name of a witness is a word without spaces and `+`', 'Use a name that is yours, such as witness.example.org/w1.');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const seed = randomBytes(32);
  const vkey = await formatVkey(nodeCrypto, name, noteTypes.cosignature, publicOf(keyOf(seed)));
  const keyId = vkey.slice(name.length + 1, name.length + 9);
  const line = `${prefix}${name}+${keyId}+${Buffer.concat([Buffer.of(noteTypes.cosignature), seed]).toString('base64')}\n`;
  const descriptor = await diskFs.open(join(folder, keyFile), 'wx', 0o600).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new WitnessError('WITNESS_HAS_KEY', `there is a key in ${folder} already`, 'A witness keeps one key for its whole life. Take another folder for another witness.');
  });
  try {
    await writeAll(diskFs, descriptor, Buffer.from(line), 0);
    await diskFs.fdatasync(descriptor);
  } finally {
    await diskFs.close(descriptor);
  }
  await diskFs.syncFolder(folder);
  return readKey(folder);
}

/** The key of a witness. Rejects with `WITNESS_KEY`. */
export async function readKey(folder: string): Promise<WitnessKey> {
  const line = await readFile(join(folder, keyFile), 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new WitnessError('WITNESS_KEY', `there is no key of a witness in ${folder}`, 'Make one first: weir witness init --state DIR --name NAME');
  });
  const found = /^PRIVATE\+KEY\+([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]{44})\n$/.exec(line);
  const [, name = '', keyId = '', base64 = ''] = found ?? [];
  const bytes = Buffer.from(base64, 'base64');
  if (found === null || bytes.length !== 33 || bytes[0] !== noteTypes.cosignature) throw new WitnessError('WITNESS_KEY', `the file ${join(folder, keyFile)} is not the key of a witness`);
  const key = keyOf(bytes.subarray(1));
  const publicKey = publicOf(key);
  const id = await keyIdOf(nodeCrypto, name, noteTypes.cosignature, publicKey);
  if (Buffer.from(id).toString('hex') !== keyId) throw new WitnessError('WITNESS_KEY', `the key in ${join(folder, keyFile)} does not have the id that is written beside it: the file was altered`);
  return {
    name,
    vkey: await formatVkey(nodeCrypto, name, noteTypes.cosignature, publicKey),
    cosign: (text, time) => signatureLine(name, id, formatCosignature({ time, signature: sign(null, cosignedMessage(time, text), key) })),
  };
}


function keyOf(seed: Buffer): KeyObject {
  return createPrivateKey({ key: Buffer.concat([pkcs8Head, seed]), format: 'der', type: 'pkcs8' });
}

/** 32 bytes: the end of the SubjectPublicKeyInfo. */
function publicOf(key: KeyObject): Buffer {
  return createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32);
}
