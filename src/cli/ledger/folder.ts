import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { JournalError } from '../../exchange/index.ts';
import type { Keys, LedgerReader } from '../../ledger/index.ts';
import { ledgerPlaces, readLedgerFolder, type LedgerPlaces } from '../../server/compose/ledgerFolder.ts';
import { readSettings, type SettingsFile } from '../../server/compose/settings.ts';
import { folderPath } from '../../store/folder.ts';
import { exitCodes, VerbError, type CommonOptions } from '../verb.ts';

/** The ledger of the data folder that `--data`, `WEIR_DATA` or `./weir-data` names. */
export interface LedgerFolder {
  readonly data: string;
  readonly places: LedgerPlaces;
  readonly settings: SettingsFile;
  readonly keys: Keys;
  readonly reader: LedgerReader;
  /** The name of the ledger; null where nothing was ever recorded. */
  readonly prefix: string | null;
}

/** The settings file of a data folder. */
export function settingsOf(options: CommonOptions): Promise<SettingsFile> {
  return readSettings(join(folderPath(options.data), 'settings.yaml'));
}

/** Opens the ledger for reading, with the keys that are there. A `VerbError` where there is none. */
export async function openLedgerForReading(options: CommonOptions): Promise<LedgerFolder> {
  const data = folderPath(options.data);
  const places = ledgerPlaces(data);
  if (!existsSync(places.journal)) throw new VerbError(exitCodes.environment, `there is no journal in ${places.journal}`, 'Give the data folder with --data, or run weir start first.');
  const settings = await settingsOf(options);
  return { data, places, settings, ...(await readLedgerFolder(places, settings)) };
}

/** Runs a reading of the ledger; damage that it meets ends it with a sentence and the exit code of a finding. */
export async function reading<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof JournalError)) throw error;
    const damaged = error.code === 'JOURNAL_CORRUPT';
    throw new VerbError(damaged ? exitCodes.finding : exitCodes.environment, error.message, damaged ? '`weir journal verify` and `weir ledger fsck` list all of the damage.' : null, { cause: error });
  }
}
