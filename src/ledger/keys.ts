import { createCipheriv, createDecipheriv, createHmac, createSecretKey, hkdfSync, randomBytes, randomFillSync, randomUUID } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { link, mkdir, open, readFile, stat, unlink } from 'node:fs/promises';
import type { Sealer } from '../exchange/ports.ts';
import type { Subject } from '../model/index.ts';
import { diskFs } from './files.ts';

export type KeyErrorCode = 'KEY_OWNER' | 'KEY_FILE' | 'KEY_OPEN' | 'KEY_UNSEAL';

/** A key that cannot be used. Never carries key or plain text. */
export class KeyError extends Error {
  override readonly name = 'KeyError';
  readonly code: KeyErrorCode;

  constructor(code: KeyErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** A sealer that can also open what it sealed: for the owner's own readings. */
export interface Keys extends Sealer {
  /** The plain text; throws `KEY_UNSEAL` where this owner's key did not seal it, or a byte of it was altered. */
  unseal(owner: string, sealed: string): string;
}

interface OwnerKeys {
  readonly tag: KeyObject;
  readonly seal: KeyObject;
}

const keyBytes = 32;
const sealVersion = 1;
const nonceBytes = 12;
const markBytes = 16;
const cipher = 'aes-256-gcm';

/**
 * Loads the keys of owners from `folder/owners/XX.key` (64 hexadecimal digits and a line end, readable by nobody else) and makes those that
 * are missing, durably, before anything can be sealed with them. All are in memory afterwards, so tagging and sealing never wait.
 * Throws `KEY_OWNER` for an owner that is not two letters or digits, `KEY_FILE` for a file that is no key or open to others.
 */
export async function openKeys(folder: string, owners: readonly string[]): Promise<Keys> {
  const place = `${folder}/owners`;
  await mkdir(place, { recursive: true, mode: 0o700 });
  await diskFs.syncFolder(folder);
  const keys = new Map<string, OwnerKeys>();
  for (const owner of owners) {
    // The code becomes a file name.
    if (!/^[A-Z0-9]{2}$/.test(owner)) throw new KeyError('KEY_OWNER', 'the code of an owner is two capital letters or digits');
    const path = `${place}/${owner}.key`;
    const secret = (await load(path)) ?? (await make(place, path));
    keys.set(owner, { tag: derive(secret, owner, 'tag'), seal: derive(secret, owner, 'seal') });
    secret.fill(0);
  }
  await diskFs.syncFolder(place);
  return keysOver(keys);
}

/**
 * The text over which a subject's tag is made: the kind and its fields in the order of the model, as a JSON array,
 * so that neither the order of members nor a character in a value can make two subjects look alike.
 */
export function canonicalSubject(subject: Subject): string {
  switch (subject.kind) {
    case 'licence': return JSON.stringify(['licence', subject.number]);
    case 'person': return JSON.stringify(['person', subject.name.surname, subject.name.given, subject.name.middle, subject.birthDate, subject.sex]);
    case 'name': return JSON.stringify(['name', subject.name.surname, subject.name.given, subject.name.middle]);
    case 'plate': return JSON.stringify(['plate', subject.plate, subject.plateYear, subject.plateType]);
    case 'vin': return JSON.stringify(['vin', subject.vin, subject.make, subject.year]);
    case 'owner': return JSON.stringify(['owner', subject.name.surname, subject.name.given, subject.name.middle]);
    case 'partialPlate': return JSON.stringify(['partialPlate', subject.pattern, subject.plateType]);
  }
}

function keysOver(keys: ReadonlyMap<string, OwnerKeys>): Keys {
  const of = (owner: string): OwnerKeys => {
    const found = keys.get(owner);
    if (found === undefined) throw new KeyError('KEY_OPEN', 'the key of this owner is not loaded');
    return found;
  };
  const nonces = nonceSource();
  return {
    tag: (owner, subject) => createHmac('sha256', of(owner).tag).update(canonicalSubject(subject)).digest('hex'),
    seal: (owner, plain) => {
      const nonce = nonces();
      const sealing = createCipheriv(cipher, of(owner).seal, nonce).setAAD(Buffer.from(owner));
      const body = sealing.update(plain, 'utf8');
      sealing.final();
      return Buffer.concat([versionByte, nonce, body, sealing.getAuthTag()]).toString('base64');
    },
    unseal: (owner, sealed) => {
      const bytes = Buffer.from(sealed, 'base64');
      if (bytes.length < 1 + nonceBytes + markBytes || bytes[0] !== sealVersion) throw new KeyError('KEY_UNSEAL', 'this is not a sealed text of a known version');
      const opening = createDecipheriv(cipher, of(owner).seal, bytes.subarray(1, 1 + nonceBytes), { authTagLength: markBytes });
      opening.setAAD(Buffer.from(owner)).setAuthTag(bytes.subarray(bytes.length - markBytes));
      const plain = opening.update(bytes.subarray(1 + nonceBytes, bytes.length - markBytes));
      try {
        opening.final();
      } catch {
        throw new KeyError('KEY_UNSEAL', 'the sealed text was altered, or another owner sealed it');
      }
      return plain.toString('utf8');
    },
  };
}

const versionByte = Buffer.of(sealVersion);

/** Random 96-bit nonces, drawn from the system many at a time. Each is given out once. */
function nonceSource(): () => Buffer {
  const pool = Buffer.alloc(nonceBytes * 1024);
  let at = pool.length;
  return () => {
    if (at === pool.length) {
      randomFillSync(pool);
      at = 0;
    }
    at += nonceBytes;
    return Buffer.from(pool.subarray(at - nonceBytes, at));
  };
}

function derive(secret: Buffer, owner: string, use: 'tag' | 'seal'): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync('sha256', secret, Buffer.from(owner), Buffer.from(`weir ${use} 1`), keyBytes)));
}

async function load(path: string): Promise<Buffer | null> {
  let text: string;
  try {
    text = await readFile(path, 'latin1');
    if (((await stat(path)).mode & 0o007) !== 0) throw new KeyError('KEY_FILE', `the key file ${path} is open to everybody on this machine; its mode must be 0600`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  if (!/^[0-9a-f]{64}\n$/.test(text)) throw new KeyError('KEY_FILE', `the file ${path} is not a key`);
  return Buffer.from(text.trim(), 'hex');
}

/** A new key, whole under its name or not there; where another process was quicker, its key. */
async function make(place: string, path: string): Promise<Buffer> {
  const secret = randomBytes(keyBytes);
  const fresh = `${place}/${randomUUID()}.new`;
  const file = await open(fresh, 'wx', 0o600);
  try {
    await file.writeFile(`${secret.toString('hex')}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  let ours = true;
  try {
    await link(fresh, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    ours = false;
  } finally {
    await unlink(fresh);
  }
  if (ours) return secret;
  const theirs = await load(path);
  if (theirs === null) throw new KeyError('KEY_FILE', `the key file ${path} came and went`);
  return theirs;
}
