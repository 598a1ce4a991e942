import type { Clock } from '../../exchange/ports.ts';
import type { ReceiptSigner } from '../receipts.ts';
import type { LogName } from '../record.ts';
import type { NoteSigner } from '../types.ts';
import { commandCustodian } from './commandCustodian.ts';
import type { KeyCustodian } from './custodian.ts';
import { openDayKeys } from './dayKeys.ts';
import type { OwnerDays } from './dayKeys.ts';
import { KeyError } from './errors.ts';
import { makeSecretFolder, shred } from './files.ts';
import { folderCustodian } from './folderCustodian.ts';
import { loadOwnerKeys } from './ownerKeys.ts';
import type { OwnerKeys } from './ownerKeys.ts';
import { beginRotation, namesIn, rotateMaster, rotateSigner } from './rotate.ts';
import type { KeyEvent, Rotation } from './rotate.ts';
import { sealerOver } from './sealing.ts';
import type { OwnerSealer } from './sealing.ts';
import { openSigners } from './signers.ts';

export { commandCustodian } from './commandCustodian.ts';
export type { CommandOptions } from './commandCustodian.ts';
export type { KeyCustodian } from './custodian.ts';
export type { OwnerDays } from './dayKeys.ts';
export { vkeyOf } from './ed25519.ts';
export { KeyError } from './errors.ts';
export type { KeyErrorCode } from './errors.ts';
export { folderCustodian } from './folderCustodian.ts';
export { keyOwners, listKeys } from './list.ts';
export type { KeyList, OwnerKeyList, SignerList } from './list.ts';
export type { KeyEvent, Rotation } from './rotate.ts';
export { canonicalSubject } from './subject.ts';

/** All keys of an exchange. */
export interface Keys extends OwnerSealer {
  readonly days: OwnerDays;
  /** Signs notes. `name` is a log or `receipts`; `noteName` is `PREFIX/log/NAME`, or `PREFIX/receipts`. The key is made on first use. */
  signer(name: LogName, noteName: string): Promise<NoteSigner>;
  /** Signs receipts, at once. */
  receiptSigner(noteName: string): Promise<ReceiptSigner>;
  /** A program keeps the keys, so not all of them have a file. */
  readonly custodial: boolean;
  /** Makes tomorrow's day keys; to be called about once an hour. */
  ahead(now: number): Promise<void>;
  /** See `Rotation`. */
  beginRotation(name: LogName, noteName: string, published?: string): Promise<Rotation>;
  /** A new signing key at once; returns what the anchor log must record. */
  rotateSigner(name: LogName, noteName: string, published?: string): Promise<readonly KeyEvent[]>;
  /** A new master for an owner (or `exchange`, for what belongs to none); returns how many day keys were wrapped anew. */
  rotateMaster(owner: string): Promise<number>;
  close(): Promise<void>;
}

export interface KeysOptions {
  /** Keeps the keys that keys are kept under; files in the folder where neither this nor `command` is given. */
  readonly custodian?: KeyCustodian;
  /** The program that keeps them, and its arguments. */
  readonly command?: readonly string[];
  readonly clock?: Clock;
}

/**
 * Opens the keys of a data folder and makes what is missing, durably, before anything is sealed with it: for each owner the keys of tags and seals, in
 * memory afterwards, so that tagging and sealing never wait; day keys and signing keys on first use.
 * Throws `KEY_OWNER` for an owner that is not two capitals or digits, `KEY_FILE` for a file that is no key or open to others, `KEY_WRAP` for a
 * wrapped key that is another's, `KEY_CUSTODIAN` where the program that keeps the keys fails.
 */
export async function openKeys(folder: string, owners: readonly string[], options: KeysOptions = {}): Promise<Keys> {
  await makeSecretFolder(folder);
  await makeSecretFolder(`${folder}/owners`);
  const custodian = options.custodian ?? (options.command === undefined ? await folderCustodian(folder) : commandCustodian({ command: options.command }));
  try {
    const keys = new Map<string, OwnerKeys>();
    for (const owner of owners) {
      // The code becomes a file name.
      if (!/^[A-Z0-9]{2}$/.test(owner)) throw new KeyError('KEY_OWNER', 'the code of an owner is two capital letters or digits');
      keys.set(owner, await loadOwnerKeys(folder, custodian, owner));
      await finishDestroying(`${folder}/owners/${owner}`);
    }
    const days = openDayKeys(folder, custodian, options.clock ?? { now: () => Date.now() });
    const signers = openSigners(folder, custodian);
    return {
      ...sealerOver(keys), ...signers, days, custodial: custodian.derive === undefined,
      ahead: (now) => days.ahead(now),
      beginRotation: (name, noteName, published) => beginRotation(folder, signers, name, noteName, published),
      rotateSigner: (name, noteName, published) => rotateSigner(folder, signers, name, noteName, published),
      rotateMaster: (owner) => rotateMaster(folder, custodian, owner),
      close: () => custodian.close(),
    };
  } catch (error) {
    if (options.custodian === undefined) await custodian.close();
    throw error;
  }
}

/** A process may have ended between the note that a key is destroyed and the destruction. */
async function finishDestroying(place: string): Promise<void> {
  for (const name of await namesIn(place)) if (/^\d{4}-\d{2}-\d{2}\.[do]\.gone$/.test(name)) await shred(`${place}/${name.replace(/gone$/, 'key')}`);
}
