import { parentPort, workerData } from 'node:worker_threads';
import { JournalError } from '../../exchange/errors.ts';
import type { EntryParts } from '../entry/prepare.ts';
import { openKeys } from '../keys/index.ts';
import type { Ledger } from '../ledger.ts';
import { openLedger } from '../ledger.ts';
import type { WitnessedLogs } from '../witness/cosigners.ts';
import { openCosigners } from '../witness/cosigners.ts';
import type { FromLedger, LedgerSettings, Settled, ThreadStatus, ToLedger } from './messages.ts';
import { packCalls, packRecorded, unpackCalls } from './packing.ts';

/**
 * The thread of the ledger: it seals entries, makes them durable, signs, publishes and asks witnesses. It does what messages say and ends when it is
 * told to; that nothing is answered before it is durable is promised by `Ledger`, not here.
 */
const port = parentPort;
if (port === null) throw new Error('this file is run by the exchange, in a thread of its own');
// Entries are small buffers, many a second: larger pools save an eighth of the thread's time.
Buffer.poolSize = 1024 * 1024;
const post = (message: FromLedger): void => port.postMessage(message);
const settings = workerData as LedgerSettings;

open().then(
  ({ ledger, cosigners, ahead, closeKeys }) => {
    port.on('message', (message: ToLedger) => answer(message, ledger, cosigners, { ahead, closeKeys }));
    post({ type: 'open', prefix: ledger.prefix, size: ledger.size });
  },
  (error: unknown) => post({ type: 'failed', error: told(error) }),
);

async function open(): Promise<{ readonly ledger: Ledger; readonly cosigners: WitnessedLogs; readonly ahead: () => Promise<void>; readonly closeKeys: () => Promise<void> }> {
  const { keys: folder, owners, custodian, policy, prefix, defaultPrefix, journal, place, publishMs, anchorMs, witnessMs } = settings;
  const keys = await openKeys(folder, owners, custodian === null ? {} : { command: custodian });
  const cosigners = await openCosigners({ policy, place });
  let state: Ledger | null = null;
  const say = (): void => {
    if (state !== null) post({ type: 'state', healthy: state.healthy, size: state.size });
  };
  const ledger = state = await openLedger({
    journal, place, prefix, defaultPrefix, keys, cosigners, publishMs, anchorMs, witnessMs,
    // Only the last segment is checked here: `weir ledger fsck` checks the whole, and a start must not grow with the ledger.
    wal: { check: 'last' },
    onFailure: (error) => {
      post({ type: 'told', what: 'failure', message: error.message });
      say();
    },
    onRecovery: say,
    onRebuilt: (log, why) => post({ type: 'told', what: 'rebuilt', message: `the tiles of the log ${log} were made anew from the entries: ${why}` }),
  });
  return { ledger, cosigners, ahead: () => keys.ahead(Date.now()), closeKeys: () => keys.close() };
}

interface ThreadKeys {
  readonly ahead: () => Promise<void>;
  readonly closeKeys: () => Promise<void>;
}

function answer(message: ToLedger, ledger: Ledger, cosigners: WitnessedLogs, keys: ThreadKeys): void {
  if (message.type === 'append') for (const { n, entries } of unpackCalls(message.calls)) record(n, ledger, entries);
  else settle(message.n, ledger, asked(message, ledger, cosigners, keys));
}

async function asked(message: Exclude<ToLedger, { type: 'append' }>, ledger: Ledger, cosigners: WitnessedLogs, keys: ThreadKeys): Promise<unknown> {
  switch (message.type) {
    case 'witnessed': return ledger.witnessed(message.recorded);
    case 'publish': return ledger.publish();
    case 'sync': return ledger.sync();
    case 'daysAhead': return keys.ahead();
    case 'status': return { ledger: ledger.status(), witnesses: cosigners.status() } satisfies ThreadStatus;
    case 'close':
      await ledger.close();
      await cosigners.close();
      return keys.closeKeys();
  }
}

let ready: Settled[] = [];
let recorded: string[] = [];

/** What settles in one turn goes back in one message. */
function settleSoon(ledger: Ledger): void {
  if (ready.length + recorded.length > 0) return;
  setImmediate(() => {
    const message: FromLedger = { type: 'settled', recorded: packCalls(recorded), all: ready, size: ledger.size, healthy: ledger.healthy };
    ready = [];
    recorded = [];
    post(message);
  });
}

function record(n: number, ledger: Ledger, entries: readonly EntryParts[]): void {
  ledger.append(entries).then(
    (done) => {
      settleSoon(ledger);
      recorded.push(packRecorded(n, done));
    },
    (error: unknown) => {
      settleSoon(ledger);
      ready.push({ n, ok: false, error: told(error) });
    },
  );
}

function settle(n: number, ledger: Ledger, work: Promise<unknown>): void {
  const put = (one: Settled): void => {
    settleSoon(ledger);
    ready.push(one);
  };
  work.then((value) => put({ n, ok: true, value }), (error: unknown) => put({ n, ok: false, error: told(error) }));
}

function told(error: unknown): { readonly code: JournalError['code'] | null; readonly message: string } {
  if (error instanceof JournalError) return { code: error.code, message: error.message };
  return { code: null, message: error instanceof Error ? error.message : 'an unknown fault' };
}
