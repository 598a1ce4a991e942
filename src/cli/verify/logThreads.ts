import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { BlockRunner } from '../../verify/index.ts';
import { exitCodes, VerbError } from '../verb.ts';
import type { WorkerAnswer } from './logWorker.ts';

/** Threads that hash blocks. */
export interface LogThreads {
  readonly runners: readonly BlockRunner[];
  close(): Promise<void>;
}

/** Starts threads. Null where there is no built file for them to run, as in tests of the sources: the caller then does the work itself. */
export function startThreads(place: string, count: number, file: string = fileURLToPath(new URL('./logWorker.js', import.meta.url))): LogThreads | null {
  if (!existsSync(file)) return null;
  const workers = Array.from({ length: count }, () => new Worker(file, { workerData: place, execArgv: [] }));
  return {
    runners: workers.map((worker) => async (task) => await new Promise((resolve, reject) => {
      const failed = (reason: string): void => {
        settled();
        reject(new VerbError(exitCodes.environment, reason));
      };
      const answered = (answer: WorkerAnswer): void => {
        if ('failed' in answer) {
          failed(answer.failed);
          return;
        }
        settled();
        resolve(answer.damages);
      };
      const broken = (error: Error): void => failed(`a thread ended: ${error.message}`);
      const ended = (): void => failed('a thread ended');
      const settled = (): void => {
        worker.off('message', answered).off('error', broken).off('exit', ended);
      };
      worker.on('message', answered).on('error', broken).on('exit', ended);
      worker.postMessage(task);
    })),
    async close() {
      await Promise.all(workers.map(async (worker) => await worker.terminate()));
    },
  };
}
