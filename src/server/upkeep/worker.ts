import { parentPort, workerData } from 'node:worker_threads';
import { JournalError } from '../../exchange/index.ts';
import type { Recorded } from '../../exchange/ports.ts';
import type { Entry } from '../../model/index.ts';
import { threadStandsBack } from '../standBack.ts';
import { doUpkeep, type UpkeepOptions, type UpkeepReport } from './work.ts';

/** What the thread of the upkeep says, and is told. */
export type FromUpkeep = { readonly type: 'append'; readonly n: number; readonly entries: readonly Entry[] } | { readonly type: 'done'; readonly report: UpkeepReport };
export type ToUpkeep = { readonly n: number; readonly recorded: readonly Recorded[] | null; readonly why: string | null };

/** One run of the upkeep, in a thread of its own: it reads much and must not hold up a query. What it records goes through the thread that started it. */
const port = parentPort;
if (port === null) throw new Error('this file is run by the exchange, in a thread of its own');
threadStandsBack();

const waiting = new Map<number, { readonly resolve: (recorded: readonly Recorded[]) => void; readonly reject: (error: Error) => void }>();
let count = 0;
port.on('message', ({ n, recorded, why }: ToUpkeep) => {
  const one = waiting.get(n);
  waiting.delete(n);
  if (recorded === null) one?.reject(new JournalError('JOURNAL_WRITE', why ?? 'the ledger cannot record'));
  else one?.resolve(recorded);
});

const append = (entries: readonly Entry[]): Promise<readonly Recorded[]> => new Promise((resolve, reject) => {
  count += 1;
  waiting.set(count, { resolve, reject });
  port.postMessage({ type: 'append', n: count, entries } satisfies FromUpkeep);
});

const report = await doUpkeep(workerData as UpkeepOptions, { append });
port.postMessage({ type: 'done', report } satisfies FromUpkeep);
port.close();
