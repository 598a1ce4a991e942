import { JournalError } from '../../exchange/index.ts';
import type { Recorded } from '../../exchange/ports.ts';
import type { Entry } from '../../model/index.ts';
import { ledgerPlaces, openLedgerFolder } from '../../server/compose/ledgerFolder.ts';
import { folderPath, type Sql } from '../../store/index.ts';
import { recordThroughOutbox } from '../../store/outbox.ts';
import { withStore } from '../store.ts';
import { exitCodes, VerbError, type CommonOptions } from '../verb.ts';
import { settingsOf } from './folder.ts';

/** Has entries of a command recorded: nothing that they speak of may happen before. */
export interface Recorder {
  append(entries: readonly Entry[]): Promise<readonly Recorded[]>;
}

/**
 * Gives `work` a recorder. While an exchange has the ledger, entries go to it through the database and come back with their receipts; else this
 * process writes the ledger itself. A `VerbError` where neither can be.
 */
export async function withRecorder<T>(options: CommonOptions, work: (recorder: Recorder, sql: Sql) => Promise<T>): Promise<T> {
  const settings = await settingsOf(options);
  return withStore(options, async ({ sql }) => {
    const own = await openLedgerFolder(ledgerPlaces(folderPath(options.data)), settings).catch((error: unknown) => {
      if (error instanceof JournalError && error.code === 'JOURNAL_LOCKED') return null;
      throw error instanceof JournalError ? new VerbError(exitCodes.environment, error.message, null, { cause: error }) : error;
    });
    if (own === null) return work({ append: (entries) => throughExchange(sql, entries) }, sql);
    try {
      return await work(own.ledger, sql);
    } finally {
      await own.close();
    }
  });
}

async function throughExchange(sql: Sql, entries: readonly Entry[]): Promise<readonly Recorded[]> {
  const recorded = await recordThroughOutbox(sql, entries);
  if (recorded === null) {
    throw new VerbError(exitCodes.environment, 'the exchange that holds the ledger did not record this in time, so nothing was done', 'See whether it is well with `weir doctor`, then try again.');
  }
  return recorded;
}
