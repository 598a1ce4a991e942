import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Journal } from '../../exchange/index.ts';
import { openKeys, openLedgerThread, openReader, originOf, receiptsName, vkeyOf, type Keys, type LedgerReader, type LedgerThread, type ThreadStatus } from '../../ledger/index.ts';
import { follow, lookEvery } from '../../store/follow.ts';
import { packageFolder, type Sql } from '../../store/index.ts';
import type { JournalReader } from '../../store/journalReader.ts';
import { drainOutbox, ledgerChannel } from '../../store/outbox.ts';
import { openLogDesk, type LogDesk } from '../log/desk.ts';
import type { Mode } from '../deps.ts';
import { ledgerSettings, unnamed, witnessPolicy, type LedgerPlaces } from './ledgerFolder.ts';
import { rememberRecent } from './recent.ts';
import type { SettingsFile } from './settings.ts';
import { every } from './timer.ts';

/** The ledger of a running exchange. */
export interface ExchangeLedger {
  readonly thread: LedgerThread;
  readonly journal: Journal;
  /** For projections. */
  readonly recorded: JournalReader;
  readonly keys: Keys;
  readonly reader: LedgerReader;
  /** What is served of it. */
  readonly desk: LogDesk;
  /** As the thread told it last; null before it did. */
  status(): ThreadStatus | null;
  /** Records what the database says was changed, now and from now on. */
  followOutbox(sql: Sql): Promise<void>;
  close(): Promise<void>;
}

/** Opens keys and ledger of an exchange: the ledger writes in a thread of its own, reading is done here. */
export async function openExchangeLedger(places: LedgerPlaces, settings: SettingsFile, owners: readonly string[], { mode, log }: { readonly mode: Mode; readonly log: Logger }): Promise<ExchangeLedger> {
  const { origin, publishMs, anchorMs, witnessMs, keyProgram } = ledgerSettings(settings);
  const witnesses = await witnessPolicy(settings);
  const keys = await openKeys(places.keys, owners, keyProgram === null ? {} : { command: keyProgram });
  const thread = await openLedgerThread({
    file: threadFile(),
    settings: {
      journal: places.journal, place: places.ledger, keys: places.keys, owners, custodian: keyProgram, prefix: origin, defaultPrefix: unnamed[mode],
      policy: witnesses, publishMs, anchorMs, witnessMs,
    },
    onTold: (what, message) => log[what === 'failure' ? 'error' : 'warn']({ message }, what === 'failure' ? 'the ledger cannot write, publish or be witnessed' : 'a part of the ledger was made anew'),
  });
  const reader = openReader({ journal: places.journal, place: places.ledger, days: keys.days });
  const { journal, reader: recorded } = rememberRecent(thread, reader);
  let latest: ThreadStatus | null = null;
  const look = async (): Promise<void> => { latest = await thread.status(); };
  await look();
  await thread.daysAhead();
  const timers = [every(2_000, look, log), every(3_600_000, () => thread.daysAhead(), log)];
  const closing: (() => Promise<unknown>)[] = [];
  return {
    thread, journal, recorded, keys, reader,
    desk: openLogDesk({
      prefix: thread.prefix, place: places.ledger, reader, recorder: journal, witnesses,
      names: () => latest?.ledger.logs.map(({ log: name }) => name) ?? [],
      vkey: async (name) => {
        const signer = await keys.signer(name, name === 'receipts' ? receiptsName(thread.prefix) : originOf(thread.prefix, name));
        return vkeyOf(signer.name, signer.publicKey);
      },
    }),
    status: () => latest,
    async followOutbox(sql) {
      const onFault = (error: unknown): void => log.error({ error }, 'the ledger could not be told of a change; it is tried again');
      const follower = await follow(sql, ledgerChannel, () => drainOutbox(sql, (entries) => journal.append(entries)), { onFault, every: lookEvery });
      closing.push(() => follower.close());
    },
    async close() {
      for (const stop of timers) await stop();
      for (const one of closing) await one();
      await thread.close();
      await keys.close();
    },
  };
}

/** The compiled file of the thread, also where this module runs from its source, as in tests. */
function threadFile(): string {
  if (import.meta.url.endsWith('.js')) return fileURLToPath(new URL('../../ledger/thread/worker.js', import.meta.url));
  return join(packageFolder(), 'dist', 'src', 'ledger', 'thread', 'worker.js');
}
