import type { OpenedRecord } from '../src/ledger/index.ts';
import type { Entry } from '../src/model/index.ts';
import { ledgerPlaces, readLedgerFolder } from '../src/server/compose/ledgerFolder.ts';

/** Everything that the ledger of a data folder holds, opened with the keys that are there, in the order in which it became durable. */
export async function* readLedger(data: string, from = 0): AsyncGenerator<OpenedRecord> {
  const { reader } = await readLedgerFolder(ledgerPlaces(data), {});
  yield* reader.entries(from);
}

/** The entries alone. */
export async function ledgerEntries(data: string): Promise<Entry[]> {
  const entries: Entry[] = [];
  for await (const { entry } of readLedger(data)) entries.push(entry);
  return entries;
}
