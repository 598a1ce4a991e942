import { hash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { checkName, exchangeOwner, type KeyCustodian } from './custodian.ts';
import { dayContext, dayKeyText, readDayKey } from './dayKeys.ts';
import type { DayKind } from './dayKeys.ts';
import { vkeyOf } from './ed25519.ts';
import { isMissing, makeSecret, makeSecretFolder, readSecret, replaceSecret } from './files.ts';
import { loadOwnerKeys, rewrapOwnerKeys } from './ownerKeys.ts';
import { resignNotes } from './resign.ts';
import { rewrapReceipts, type Signers } from './signers.ts';

/** What the anchor log must say of a change of keys. */
export interface KeyEvent {
  readonly event: 'keyAdded' | 'keyRetired';
  /** The name in the note. */
  readonly subject: string;
  /** SHA-256 of the public key, hexadecimal. */
  readonly hash: string;
  readonly detail: { readonly vkey: string };
}

/** A key that is made and does not sign yet. */
export interface Rotation {
  readonly events: readonly KeyEvent[];
  /**
   * From now on the new key signs, and the old one is destroyed; what it published is signed anew. To be called when the events are durable: the old key
   * vouches for the new one.
   */
  finish(): Promise<void>;
}

/**
 * Makes the key that is to follow the one that signs under `name`. Where a rotation was cut short, the one that it made. Nothing else changes before
 * `finish`; no process may then be signing with the old key. The old vkey stays in `logs/NAME.old/`, so that old checkpoints can be verified.
 * `published` is the public folder of the log, where it has one.
 */
export async function beginRotation(folder: string, signers: Signers, name: string, noteName: string, published: string | null = null): Promise<Rotation> {
  checkName(name);
  const old = (await signers.signer(name, noteName)).publicKey;
  const fresh = await signers.nextSigner(name);
  return {
    events: [event('keyAdded', noteName, fresh), event('keyRetired', noteName, old)],
    finish: async () => {
      await keepVkey(folder, name, vkeyOf(noteName, old));
      await signers.takeSigner(name);
      if (published !== null) await resignNotes(published, await signers.signer(name, noteName), await oldVkeys(folder, name));
    },
  };
}

/** Begins and ends a rotation, and returns what the anchor log must record. */
export async function rotateSigner(folder: string, signers: Signers, name: string, noteName: string, published: string | null = null): Promise<readonly KeyEvent[]> {
  const rotation = await beginRotation(folder, signers, name, noteName, published);
  await rotation.finish();
  return rotation.events;
}

/**
 * Gives an owner a new master: its tag and seal keys stay as they are and are wrapped under it, and so is every day key that is there. Returns how
 * many. Cut short at any point it can be called again. No other process may use the keys of this owner meanwhile.
 */
export async function rotateMaster(folder: string, custodian: KeyCustodian, owner: string): Promise<number> {
  if (owner === exchangeOwner) {
    await custodian.nextMaster(owner);
    await rewrapReceipts(folder, custodian);
    await custodian.takeMaster(owner);
    return 0;
  }
  const keys = await loadOwnerKeys(folder, custodian, owner);
  await custodian.nextMaster(owner);
  await rewrapOwnerKeys(folder, owner, custodian, keys);
  let wrapped = 0;
  for (const { day, kind, path } of await dayKeyFiles(folder, owner)) {
    const text = await readSecret(path);
    if (text === null) continue;
    const context = dayContext(owner, day, kind);
    const key = await custodian.unwrap(owner, context, readDayKey(text, path));
    await replaceSecret(path, dayKeyText(await custodian.wrap(owner, context, key)));
    wrapped += 1;
  }
  await custodian.takeMaster(owner);
  return wrapped;
}

/** The day keys of an owner that are there, oldest first, `days` since 1970. */
export async function dayKeyFiles(folder: string, owner: string): Promise<readonly { readonly day: number; readonly kind: DayKind; readonly path: string }[]> {
  const place = `${folder}/owners/${owner}`;
  const found = (await namesIn(place)).map((name) => /^(\d{4}-\d{2}-\d{2})\.([do])\.key$/.exec(name)).filter((match) => match !== null);
  return found.map(([name, date = '', letter]) => ({ day: Date.parse(date) / 86_400_000, kind: letter === 'd' ? 'disclosure' as const : 'other' as const, path: `${place}/${name}` })).sort((a, b) => a.day - b.day);
}

/** The verifier keys that signed under this name before. */
export async function oldVkeys(folder: string, name: string): Promise<readonly string[]> {
  const place = `${folder}/logs/${name}.old`;
  return Promise.all((await namesIn(place)).filter((file) => file.endsWith('.vkey')).map(async (file) => (await readFile(`${place}/${file}`, 'latin1')).trim()));
}

export async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/** One file for each old key, by its id: written once however often a rotation is begun. */
async function keepVkey(folder: string, name: string, vkey: string): Promise<void> {
  const place = `${folder}/logs/${name}.old`;
  await makeSecretFolder(place);
  await makeSecret(`${place}/${vkey.split('+')[1] ?? ''}.vkey`, `${vkey}\n`);
}

function event(what: KeyEvent['event'], subject: string, publicKey: Buffer): KeyEvent {
  return { event: what, subject, hash: hash('sha256', publicKey, 'hex'), detail: { vkey: vkeyOf(subject, publicKey) } };
}
