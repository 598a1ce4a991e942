import { KeyError, keyOwners, type Keys, type LedgerReader } from '../../ledger/index.ts';
import { OpeningError } from '../../ledger/opening/index.ts';
import { RetentionError } from '../../ledger/retention/index.ts';
import { SubjectsError } from '../../ledger/subjects/index.ts';
import type { LedgerPlaces } from '../../server/compose/ledgerFolder.ts';
import type { SettingsFile } from '../../server/compose/settings.ts';
import { exitCodes, VerbError, type CommonOptions, type ExitCode } from '../verb.ts';
import { openLedgerForReading, reading } from './folder.ts';

/** What the verbs of retention and of residents work on. */
export interface Working {
  readonly places: LedgerPlaces;
  readonly settings: SettingsFile;
  readonly keys: Keys;
  readonly reader: LedgerReader;
  /** The owners that have keys here, in the order of their codes. */
  readonly owners: readonly string[];
}

const findings: ReadonlySet<string> = new Set(['EPOCH_DAMAGED', 'EPOCH_RECORDS', 'ANCHOR']);

/** Opens the ledger beside a running exchange or without one, and turns what can be wrong with it into a sentence and an exit code. */
export async function working<T>(options: CommonOptions, work: (ledger: Working) => Promise<T>): Promise<T> {
  return await reading(async () => {
    const { places, settings, keys, reader } = await openLedgerForReading(options);
    try {
      return await work({ places, settings, keys, reader, owners: await keyOwners(places.keys) });
    } catch (error) {
      throw asVerbError(error);
    } finally {
      await keys.close();
    }
  });
}

/** The owner of an option, as the code of one that has keys here. */
export function ownerOf(owners: readonly string[], text: string): string {
  const owner = text.toUpperCase();
  if (!owners.includes(owner)) throw new VerbError(exitCodes.usage, `${owner.slice(0, 20)} is no owner that has keys here`, owners.length === 0 ? 'Nothing was recorded yet.' : `Owners with keys: ${owners.join(', ')}.`);
  return owner;
}

/** A leaf index as it is typed. */
export function indexOf(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new VerbError(exitCodes.usage, 'the index is a whole number from 0, as receipts and openings give it');
  return Number(text);
}

function asVerbError(error: unknown): unknown {
  if (error instanceof VerbError) return error;
  if (error instanceof SubjectsError) {
    const exit: ExitCode = findings.has(error.code) ? exitCodes.finding : exitCodes.usage;
    const mend = error.code === 'EPOCH_OPEN' ? '`weir ledger epochs --close` closes the days that are over.' : error.code === 'EPOCH_DAMAGED' ? '`weir ledger epochs --check --mend` makes it anew.' : null;
    return new VerbError(exit, error.message, mend, { cause: error });
  }
  if (error instanceof RetentionError) return new VerbError(exitCodes.usage, error.message, null, { cause: error });
  if (error instanceof OpeningError || error instanceof KeyError) return new VerbError(exitCodes.environment, error.message, null, { cause: error });
  return error;
}
