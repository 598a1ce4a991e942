import type { Journal } from '../../exchange/index.ts';
import { erase, planErasure, planPrune, prune, retentionOf } from '../../ledger/retention/index.ts';
import { closeEpochs, readFacts } from '../../ledger/subjects/index.ts';
import { ledgerSettings, readLedgerFolder, type LedgerPlaces } from '../compose/ledgerFolder.ts';
import type { SettingsFile } from '../compose/settings.ts';

/** What the upkeep of a ledger works on. */
export interface UpkeepOptions {
  readonly places: LedgerPlaces;
  readonly settings: SettingsFile;
  readonly owners: readonly string[];
  /** Milliseconds since 1970. */
  readonly now: number;
  /** What has passed for certain (`SteadyClock`), `now` unless told: what must be kept at this time is not erased. */
  readonly sure?: number;
}

/** What was done, and what could not be, each in a sentence. */
export interface UpkeepReport {
  /** Days of owners' logs whose index of subjects was closed. */
  readonly closed: number;
  /** Day keys, private files and indices that were erased because their time is over. */
  readonly erased: number;
  /** Files of the write-ahead file that were deleted. */
  readonly pruned: number;
  readonly faults: readonly string[];
}

/**
 * What a ledger needs once a day: the index of subjects of each day that is over, the erasure of what is kept no longer, and the space of the write-ahead file.
 * Each step is on the record before it is done, and may be broken off anywhere: the next run goes on. A step that fails does not keep back the others.
 */
export async function doUpkeep({ places, settings, owners, now, sure = now }: UpkeepOptions, recorder: Pick<Journal, 'append'>): Promise<UpkeepReport> {
  const { keys, reader } = await readLedgerFolder(places, settings);
  const faults: string[] = [];
  const attempt = async (what: string, work: () => Promise<number>): Promise<number> => {
    try {
      return await work();
    } catch (error) {
      faults.push(`${what}: ${error instanceof Error ? error.message : String(error)}`);
      return 0;
    }
  };
  try {
    const closed = await attempt('days could not be closed', async () => {
      const facts = await readFacts(reader, { place: places.ledger });
      let count = 0;
      for (const owner of owners) {
        count += await attempt(`days of ${owner} could not be closed`, async () => (await closeEpochs({ owner, reader, keys, place: places.ledger, facts, now }, recorder)).length);
      }
      return count;
    });
    const erased = await attempt('what is kept no longer could not be erased', async () => {
      const facts = (): ReturnType<typeof readFacts> => readFacts(reader, null);
      const retention = (owner: string): ReturnType<typeof retentionOf> => retentionOf(settings.ledger?.retention ?? {}, owner);
      const plan = await planErasure({ place: places.ledger, keys: places.keys, owners, facts: await facts(), retention, now: Math.min(now, sure) });
      if (!plan.some(({ kept }) => kept === null)) return 0;
      return (await erase(plan, { place: places.ledger, days: keys.days, facts, now }, recorder)).length;
    });
    const pruned = await attempt('the write-ahead file could not be pruned', async () => {
      const base = { journal: places.journal, place: places.ledger, walDays: ledgerSettings(settings).walDays, now };
      return (await planPrune(base)).segments === 0 ? 0 : (await prune(base, recorder))?.segments ?? 0;
    });
    return { closed, erased, pruned, faults };
  } finally {
    await keys.close();
  }
}
