import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { openEngine } from '../../src/insight/archive/engine.ts';
import { ArchiveError } from '../../src/insight/archive/types.ts';
import type { Jurisdiction } from '../../src/vocabulary/index.ts';
import { YearError } from './errors.ts';
import { groundOf, type Ground } from './ground.ts';
import type { YearPlan } from './plan.ts';
import type { FromWorker, ToWorker, WorkerStart } from './worker.ts';
import { writeOwner, type WrittenOwner } from './writeOwner.ts';

export interface Writing {
  readonly plan: YearPlan;
  readonly folder: string;
  /** Largest first, so that no thread is left alone with a large one at the end. */
  readonly owners: readonly Jurisdiction[];
  /** Told of rows as they are made. */
  readonly say: (rows: number) => void;
  readonly signal?: AbortSignal | undefined;
}

/** What each thread's engine may hold: the rows that wait to be sealed, and what their Parquet takes to write. */
const memoryMb = 640;

/** Writes owners one beside the other in this thread, while the engine writes their files in its own: for few rows. */
export async function writeHere({ plan, folder, owners, say, signal }: Writing, ground: Ground = groundOf(plan)): Promise<readonly WrittenOwner[]> {
  const engine = await openEngine({ memoryMb, threads: 2 });
  const left = [...owners];
  const written: WrittenOwner[] = [];
  const one = async (): Promise<void> => {
    for (let owner = left.shift(); owner !== undefined; owner = left.shift()) {
      signal?.throwIfAborted();
      written.push(await writeOwner(ground, folder, owner, engine, say));
      await new Promise((resolve) => setImmediate(resolve)); // so that a signal to stop is heard
    }
  };
  try {
    const results = await Promise.allSettled([one(), one(), one(), one()]);
    for (const result of results) if (result.status === 'rejected') throw result.reason;
    return written;
  } finally {
    await engine.close();
  }
}

/** The file that a thread runs; null where the program is not built, as in tests of the sources. */
export function workerFile(): string | null {
  const file = fileURLToPath(new URL('./worker.js', import.meta.url));
  return existsSync(file) ? file : null;
}

/** Writes owners in threads of their own, each with an engine. Rejects with the first failure, once all threads have ended. */
export async function writeInThreads({ plan, folder, owners, say, signal }: Writing, file: string, count: number): Promise<readonly WrittenOwner[]> {
  const left = [...owners];
  const written: WrittenOwner[] = [];
  const failures: unknown[] = [];
  const stop = new AbortController();
  signal?.addEventListener('abort', () => stop.abort(), { once: true });
  await Promise.all(Array.from({ length: Math.min(count, owners.length) }, () => new Promise<void>((resolve) => {
    const worker = new Worker(file, { workerData: { plan, folder, memoryMb } satisfies WorkerStart, execArgv: [] });
    let busy = false;
    const next = (): void => {
      const owner = failures.length > 0 || stop.signal.aborted ? undefined : left.shift();
      busy = owner !== undefined;
      worker.postMessage((owner ?? null) satisfies ToWorker);
    };
    stop.signal.addEventListener('abort', () => void worker.terminate(), { once: true });
    worker.on('message', (message: FromWorker) => {
      if (message.type === 'rows') {
        say(message.rows);
        return;
      }
      if (message.type === 'done') written.push(message.written);
      if (message.type === 'failed') failures.push(again(message.error, message.owner));
      next();
    });
    worker.on('error', (error) => failures.push(error));
    worker.on('exit', () => {
      if (busy && failures.length === 0 && !stop.signal.aborted) failures.push(new YearError('YEAR_THREAD', 'a thread that wrote the year ended', 'Run the command again: it goes on where it was.'));
      resolve();
    });
  })));
  signal?.throwIfAborted();
  if (failures.length > 0) throw failures[0];
  return written;
}

/** An error as it was thrown: what comes from a thread has lost its class. */
function again(error: unknown, owner: string): unknown {
  if (!(error instanceof Error)) return new YearError('YEAR_THREAD', `the year of ${owner} could not be written`, 'Run the command again: it goes on where it was.');
  if (/^another process/.test(error.message)) return new ArchiveError('ARCHIVE_LOCKED', error.message, { cause: error });
  return new YearError('YEAR_THREAD', `the year of ${owner} could not be written: ${error.message}`, 'Look at the disk, then run the command again: it goes on where it was.', { cause: error });
}
