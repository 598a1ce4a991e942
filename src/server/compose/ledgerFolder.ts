import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RetentionError, retentionOf } from '../../ledger/retention/index.ts';
import { openCosigners } from '../../ledger/witness/cosigners.ts';
import { WitnessError } from '../../ledger/witness/errors.ts';
import { keyOwners, openKeys, openLedger, openReader, readPrefix, type Keys, type Ledger, type LedgerReader } from '../../ledger/index.ts';
import type { SettingsFile } from './settings.ts';
import { StartError } from './startError.ts';

/** Where the parts of the ledger lie in a data folder. */
export interface LedgerPlaces {
  readonly journal: string;
  readonly ledger: string;
  readonly keys: string;
}

/** The parts of a data folder, by its path. */
export function ledgerPlaces(data: string): LedgerPlaces {
  return { journal: join(data, 'journal'), ledger: join(data, 'ledger'), keys: join(data, 'keys') };
}

/** The ledger's settings, with what holds where nothing is said. Times in milliseconds. */
export function ledgerSettings({ ledger = {} }: SettingsFile): { readonly origin: string | null; readonly publishMs: number; readonly anchorMs: number; readonly witnessMs: number; readonly walDays: number; readonly keyProgram: readonly string[] | null } {
  return {
    origin: ledger.origin ?? null, publishMs: ledger.publishMs ?? 1_000, anchorMs: 10_000, witnessMs: ledger.witnessMs ?? 5_000, walDays: ledger.walDays ?? 7,
    keyProgram: ledger.keyProgram ?? null,
  };
}

/** The name of a ledger that nobody named: reserved words, which no real one has (RFC 2606). */
export const unnamed = { demonstration: 'demonstration.weir.example', production: 'unnamed.weir.example' };

/** The text of the trust policy that names the witnesses; null where there is none. */
export async function witnessPolicy({ ledger }: SettingsFile): Promise<string | null> {
  if (ledger?.witnesses === undefined) return null;
  try {
    return await readFile(ledger.witnesses, 'utf8');
  } catch (cause) {
    throw new StartError('LEDGER_SETTINGS', `the policy that names the witnesses cannot be read: ${ledger.witnesses}`, 'Set `ledger.witnesses` to a file that is there; `weir ledger keys policy` prints one to begin with.', { cause });
  }
}

/** What the settings say of the ledger that only the ledger can judge. Throws a `StartError` before anything is opened. */
export async function checkLedgerSettings(settings: SettingsFile): Promise<void> {
  const { retention = {}, witnessed = {} } = settings.ledger ?? {};
  const policy = await witnessPolicy(settings);
  if (policy === null && Object.values(witnessed).some((classes) => classes.length > 0)) {
    throw new StartError('LEDGER_SETTINGS', 'the settings have data wait for witnesses, and name no witnesses', 'Set `ledger.witnesses`, or take `ledger.witnessed` away.');
  }
  try {
    for (const owner of Object.keys(retention)) retentionOf(retention, owner);
    await (await openCosigners({ policy, place: '' })).close();
  } catch (error) {
    if (error instanceof RetentionError || error instanceof WitnessError) throw new StartError('LEDGER_SETTINGS', error.message, 'Mend `ledger` in the settings; docs/ledger.md explains it.', { cause: error });
    throw error;
  }
}

/** Keys and reader of a ledger, beside a running exchange or without one. */
export async function readLedgerFolder(places: LedgerPlaces, settings: SettingsFile): Promise<{ readonly keys: Keys; readonly reader: LedgerReader; readonly prefix: string | null }> {
  const keys = await keysOf(places, settings);
  return { keys, reader: openReader({ journal: places.journal, place: places.ledger, days: keys.days }), prefix: await readPrefix(places.ledger) };
}

/** Opens the ledger of a data folder for writing, in this process. Rejects with `JOURNAL_LOCKED` while an exchange has it. */
export async function openLedgerFolder(places: LedgerPlaces, settings: SettingsFile): Promise<{ readonly ledger: Ledger; readonly keys: Keys; close(): Promise<void> }> {
  const keys = await keysOf(places, settings);
  const cosigners = await openCosigners({ policy: await witnessPolicy(settings), place: places.ledger });
  const { origin, publishMs, anchorMs, witnessMs } = ledgerSettings(settings);
  try {
    const ledger = await openLedger({
      journal: places.journal, place: places.ledger, prefix: origin, defaultPrefix: settings.mode === 'production' ? unnamed.production : unnamed.demonstration,
      keys, cosigners, publishMs, anchorMs, witnessMs, wal: { check: 'last' },
    });
    return { ledger, keys, close: () => ledger.close().finally(() => cosigners.close()).finally(() => keys.close()) };
  } catch (error) {
    await cosigners.close();
    await keys.close();
    throw error;
  }
}

async function keysOf(places: LedgerPlaces, settings: SettingsFile): Promise<Keys> {
  const { keyProgram } = ledgerSettings(settings);
  return openKeys(places.keys, await keyOwners(places.keys), keyProgram === null ? {} : { command: keyProgram });
}
