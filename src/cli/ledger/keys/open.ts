import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openKeys, readPrefix, type Keys } from '../../../ledger/index.ts';
import { originOf, receiptsName } from '../../../ledger/name.ts';
import { KeyError, keyOwners, listKeys, vkeyOf, type KeyList, type SignerList } from '../../../ledger/keys/index.ts';
import { ledgerPlaces, ledgerSettings, type LedgerPlaces } from '../../../server/compose/ledgerFolder.ts';
import type { SettingsFile } from '../../../server/compose/settings.ts';
import { folderPath } from '../../../store/folder.ts';
import { exitCodes, VerbError, type CommonOptions } from '../../verb.ts';
import { settingsOf } from '../folder.ts';

/** A signing key with the key by which its signatures are verified. */
export interface SignerView extends SignerList {
  readonly vkey: string;
}

/** The key folder of a data folder, opened. */
export interface KeyFolder {
  readonly places: LedgerPlaces;
  readonly settings: SettingsFile;
  readonly prefix: string;
  readonly keys: Keys;
  readonly list: KeyList;
}

/** Opens the keys for `work`. A `VerbError` where there is no ledger, and for a key that cannot be used. */
export async function withKeys<T>(options: CommonOptions, work: (folder: KeyFolder) => Promise<T>): Promise<T> {
  const places = ledgerPlaces(folderPath(options.data));
  const prefix = await readPrefix(places.ledger);
  if (prefix === null) throw new VerbError(exitCodes.environment, `there is no ledger in ${places.ledger}`, 'Give the data folder with --data, or run weir start first.');
  const settings = await settingsOf(options);
  const { keyProgram } = ledgerSettings(settings);
  return inWords(async () => {
    const keys = await openKeys(places.keys, await keyOwners(places.keys), keyProgram === null ? {} : { command: keyProgram });
    try {
      return await work({ places, settings, prefix, keys, list: await listKeys(places.keys) });
    } finally {
      await keys.close();
    }
  });
}

/** The signing keys: of the anchor log, the owners in alphabetical order, and receipts. Makes none. */
export async function signersOf({ places, settings, prefix, keys, list }: KeyFolder): Promise<readonly SignerView[]> {
  const here = new Map(list.signers.map((one) => [one.name, one]));
  // A program that keeps the keys has one for each log that was published; of those that it has not used yet nothing is known.
  const logs = ledgerSettings(settings).keyProgram === null ? [] : await readdir(join(places.ledger, 'log')).catch(() => [] as string[]);
  const names = [...new Set([...here.keys(), ...logs])].filter((name) => here.get(name)?.made !== null).sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
  return Promise.all(names.map(async (name) => {
    const noteName = noteNameOf(prefix, name);
    return { ...(here.get(name) ?? { name, made: null, old: [] }), vkey: vkeyOf(noteName, (await keys.signer(name, noteName)).publicKey) };
  }));
}

export function noteNameOf(prefix: string, name: string): string {
  return name === 'receipts' ? receiptsName(prefix) : originOf(prefix, name);
}

async function inWords<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof KeyError)) throw error;
    throw new VerbError(exitCodes.environment, error.message, error.code === 'KEY_FILE' ? 'Bring the file back from a backup, or mend its mode with chmod 0600.' : null, { cause: error });
  }
}

function rank(name: string): number {
  return name === 'anchor' ? 0 : name === 'receipts' ? 2 : 1;
}
