import { createCipheriv, createDecipheriv, hkdfSync, randomBytes, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { checkName, checkOwner, type KeyCustodian } from './custodian.ts';
import { newSigningKey, publicBytes, readSigningKey } from './ed25519.ts';
import { KeyError } from './errors.ts';
import { finishTaking, makeSecretFolder, readOrMake, readSecret, takePlace } from './files.ts';

const keyBytes = 32;
const nonceBytes = 12;
const markBytes = 16;
const wrapVersion = 1;
const cipher = 'aes-256-gcm';

/**
 * Keys in files: `FOLDER/owners/XX.key` (64 hexadecimal digits and a line end) and `FOLDER/logs/NAME.key` (PKCS8 PEM), mode 0600, made durably on
 * first use. A wrapped key is version (1 byte) ‖ nonce (12) ‖ AES-256-GCM of the key (32) ‖ mark (16), under a key that HKDF-SHA-256 derives
 * from the master with the owner's code as salt; owner and context are authenticated.
 */
export async function folderCustodian(folder: string): Promise<KeyCustodian> {
  const [owners, logs] = [`${folder}/owners`, `${folder}/logs`];
  for (const path of [folder, owners, logs]) await makeSecretFolder(path);
  await sweep(owners);
  await sweep(logs);
  const masterPath = (owner: string): string => `${owners}/${owner}.key`;
  const signerPath = (name: string): string => `${logs}/${name}.key`;
  const masters = new Map<string, Promise<Masters>>();
  const signers = new Map<string, Promise<KeyObject>>();

  const mastersOf = (owner: string): Promise<Masters> => once(masters, owner, async () => {
    checkOwner(owner);
    const path = masterPath(owner);
    const current = readMaster(await readOrMake(path, newMaster), path);
    const next = await readSecret(`${path}.next`);
    return { current, next: next === null ? null : readMaster(next, path) };
  });
  const signerOf = (name: string): Promise<KeyObject> => once(signers, name, async () => {
    checkName(name);
    return readSigningKey(await readOrMake(signerPath(name), newSigningKey), signerPath(name));
  });

  return {
    wrap: async (owner, context, key) => {
      const { current, next } = await mastersOf(owner);
      return wrapUnder(next ?? current, owner, context, key);
    },
    unwrap: async (owner, context, wrapped) => {
      const { current, next } = await mastersOf(owner);
      const key = unwrapUnder(current, owner, context, wrapped) ?? (next === null ? null : unwrapUnder(next, owner, context, wrapped));
      if (key === null) throw new KeyError('KEY_WRAP', `a wrapped key of ${owner} was altered, or is of another owner, day or use`);
      return key;
    },
    publicKey: async (name) => publicBytes(await signerOf(name)),
    sign: async (name, message) => sign(null, message, await signerOf(name)),
    nextSigner: async (name) => {
      await signerOf(name);
      return publicBytes(readSigningKey(await readOrMake(`${signerPath(name)}.next`, newSigningKey), `${signerPath(name)}.next`));
    },
    takeSigner: async (name) => {
      checkName(name);
      if ((await readSecret(`${signerPath(name)}.next`)) === null) return;
      await takePlace(`${signerPath(name)}.next`, signerPath(name));
      signers.delete(name);
    },
    nextMaster: async (owner) => {
      await mastersOf(owner);
      await readOrMake(`${masterPath(owner)}.next`, newMaster);
      masters.delete(owner);
    },
    takeMaster: async (owner) => {
      checkOwner(owner);
      if ((await readSecret(`${masterPath(owner)}.next`)) === null) return;
      await takePlace(`${masterPath(owner)}.next`, masterPath(owner));
      masters.delete(owner);
    },
    derive: async (owner, use) => derive((await mastersOf(owner)).current, owner, use),
    close: () => Promise.resolve(),
  };
}

interface Masters {
  readonly current: Buffer;
  /** While all is being wrapped anew. */
  readonly next: Buffer | null;
}

/** One reading for all who ask at once. What failed is tried again. */
function once<T>(kept: Map<string, Promise<T>>, name: string, work: () => Promise<T>): Promise<T> {
  let found = kept.get(name);
  if (found === undefined) {
    found = work();
    kept.set(name, found);
    found.catch(() => kept.delete(name));
  }
  return found;
}

/** What a rotation that was cut short left of the key before. */
async function sweep(folder: string): Promise<void> {
  for (const name of await readdir(folder)) if (name.endsWith('.key.retired')) await finishTaking(`${folder}/${name.slice(0, -'.retired'.length)}`);
}

function newMaster(): string {
  return `${randomBytes(keyBytes).toString('hex')}\n`;
}

function readMaster(text: string, path: string): Buffer {
  if (!/^[0-9a-f]{64}\n$/.test(text)) throw new KeyError('KEY_FILE', `the file ${path} is not a key`);
  return Buffer.from(text.trim(), 'hex');
}

function derive(master: Buffer, owner: string, use: 'tag' | 'seal' | 'wrap'): Buffer {
  return Buffer.from(hkdfSync('sha256', master, Buffer.from(owner), Buffer.from(`weir ${use} 1`), keyBytes));
}

function wrapUnder(master: Buffer, owner: string, context: string, key: Buffer): Buffer {
  const nonce = randomBytes(nonceBytes);
  const sealing = createCipheriv(cipher, derive(master, owner, 'wrap'), nonce).setAAD(Buffer.from(`${owner}\n${context}`));
  const body = Buffer.concat([sealing.update(key), sealing.final()]);
  return Buffer.concat([Buffer.of(wrapVersion), nonce, body, sealing.getAuthTag()]);
}

function unwrapUnder(master: Buffer, owner: string, context: string, wrapped: Buffer): Buffer | null {
  if (wrapped.length < 1 + nonceBytes + 1 + markBytes || wrapped[0] !== wrapVersion) return null;
  const opening = createDecipheriv(cipher, derive(master, owner, 'wrap'), wrapped.subarray(1, 1 + nonceBytes), { authTagLength: markBytes });
  opening.setAAD(Buffer.from(`${owner}\n${context}`)).setAuthTag(wrapped.subarray(-markBytes));
  try {
    return Buffer.concat([opening.update(wrapped.subarray(1 + nonceBytes, -markBytes)), opening.final()]);
  } catch {
    return null;
  }
}
