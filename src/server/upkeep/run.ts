import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Journal } from '../../exchange/index.ts';
import { packageFolder } from '../../store/index.ts';
import type { UpkeepOptions, UpkeepReport } from './work.ts';
import type { FromUpkeep, ToUpkeep } from './worker.ts';

/** One run of the upkeep, however it ends. */
export interface UpkeepRun {
  readonly report: Promise<UpkeepReport>;
  /** Breaks it off: the next run goes on where this one was. */
  stop(): Promise<void>;
}

/** Starts a run in a thread of its own. `report` rejects where the thread ends before it is done. */
export function startUpkeep(options: UpkeepOptions, journal: Pick<Journal, 'append'>): UpkeepRun {
  const worker = new Worker(workerFile(), { workerData: options });
  const report = new Promise<UpkeepReport>((resolve, reject) => {
    worker.on('message', (message: FromUpkeep) => {
      if (message.type === 'done') {
        resolve(message.report);
        return;
      }
      const { n, entries } = message;
      journal.append(entries).then(
        (recorded) => worker.postMessage({ n, recorded, why: null } satisfies ToUpkeep),
        (error: unknown) => worker.postMessage({ n, recorded: null, why: error instanceof Error ? error.message : null } satisfies ToUpkeep),
      );
    });
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error('the thread of the upkeep ended before it was done')));
  });
  return { report, stop: () => worker.terminate().then(() => undefined) };
}

function workerFile(): string {
  if (import.meta.url.endsWith('.js')) return fileURLToPath(new URL('./worker.js', import.meta.url));
  return join(packageFolder(), 'dist', 'src', 'server', 'upkeep', 'worker.js');
}
