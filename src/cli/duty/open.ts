import { join } from 'node:path';

import { DutyError, openDuties, SpoolError, type Duties } from '../../duties/index.ts';
import { openActs } from '../../people/acts/index.ts';
import { ledgerPlaces, readLedgerFolder } from '../../server/compose/ledgerFolder.ts';
import { recordsSchema } from '../../server/compose/demonstration.ts';
import { readSettings } from '../../server/compose/settings.ts';
import { openOwnersSources } from '../../server/compose/sources.ts';
import { subjectAddress } from '../../server/compose/subjectAddress.ts';
import { migrate, type Store } from '../../store/index.ts';
import type { JournalReader } from '../../store/journalReader.ts';
import { onRecord, type MachineAct } from '../acts/onRecord.ts';
import { openSnapshot } from '../registry/withRegistry.ts';
import { withOpenStore } from '../store.ts';
import { exitCodes, VerbError, type CommonOptions } from '../verb.ts';

/** Gives `work` the duties of a data folder. What it puts on the record goes by the outbox: an exchange that runs records it at once, another at its start. */
export async function withDuties<T>(options: CommonOptions, work: (duties: Duties, record: (acts: readonly MachineAct[]) => Promise<void>) => Promise<T>): Promise<T> {
  return await withOpenStore(options, async (store) => {
    if (store.embedded) await migrate(store.sql);
    const settings = await readSettings(join(store.folder, 'settings.yaml'));
    const { keys, reader } = await readLedgerFolder(ledgerPlaces(store.folder), settings);
    const sources = await openOwnersSources(store.paths.sources, settings, recordsOf(store));
    try {
      const snapshot = await openSnapshot(store.sql);
      // Nothing is projected here, so nobody asks how long the ledger is.
      const journal: JournalReader = { size: 0, read: (from, given) => renamed(reader.entries(from, given)) };
      return await work(openDuties({
        sql: store.sql, acts: openActs({ sql: store.sql, sealer: keys, journal: null }), journal, seal: (owner, plain) => keys.seal(owner, plain), unseal: (owner, sealed) => keys.unseal(owner, sealed),
        registry: () => snapshot, agencyName: (ori) => snapshot.requester(ori)?.name ?? null, subjectAddress: subjectAddress(sources),
      }), (acts) => onRecord(store.sql, store.folder, acts));
    } catch (error) {
      throw inWords(error);
    } finally {
      await sources.close();
      await keys.close();
    }
  });
}

/** An owner as it is typed. */
export function ownerCode(text: string): string {
  const owner = text.toUpperCase();
  if (!/^[A-Z]{2}$/.test(owner)) throw new VerbError(exitCodes.usage, 'the owner is not two letters', 'Give two letters, such as NY.');
  return owner;
}

/** An ORI as it is typed. */
export function oriCode(text: string): string {
  const ori = text.toUpperCase();
  if (!/^[A-Z0-9]{9}$/.test(ori)) throw new VerbError(exitCodes.usage, 'this is not an ORI', 'An ORI is nine letters or digits.');
  return ori;
}

/** Either an owner or an agency, and not both. */
export function whose({ owner, ori }: { readonly owner?: string; readonly ori?: string }): { readonly owner: string } | { readonly ori: string } {
  if ((owner === undefined) === (ori === undefined)) throw new VerbError(exitCodes.usage, 'an owner or an agency must be named, and not both', 'Give --owner NY or --ori WA0170000.');
  return owner !== undefined ? { owner: ownerCode(owner) } : { ori: oriCode(ori ?? '') };
}

async function* renamed(entries: AsyncIterable<{ readonly sequence: number; readonly entry: unknown }>): AsyncGenerator<{ readonly index: number; readonly entry: unknown }> {
  for await (const { sequence: index, entry } of entries) yield { index, entry };
}

function recordsOf({ recordsUrl, url }: Store): string {
  return recordsUrl ?? `${url}${url.includes('?') ? '&' : '?'}search_path=${recordsSchema}`;
}

function inWords(error: unknown): unknown {
  if (error instanceof SpoolError) return new VerbError(exitCodes.environment, error.message, error.mend, { cause: error });
  return error instanceof DutyError ? new VerbError(error.code === 'DUTY_LEDGER' || error.code === 'DUTY_SEND' ? exitCodes.environment : exitCodes.usage, error.message, error.mend, { cause: error }) : error;
}
