import { parentPort, workerData } from 'node:worker_threads';
import { nodeCrypto, verifyBlocks, type BlockTask, type Damage } from '../../verify/index.ts';
import { logFetch } from './logFetch.ts';

/** What a worker answers to a task. */
export type WorkerAnswer = { readonly damages: readonly Damage[] } | { readonly failed: string };

// The whole of a thread that hashes blocks: its data is the place of the log, each message a task.
const fetch = logFetch(workerData as string);
parentPort?.on('message', (task: BlockTask) => {
  void verifyBlocks(nodeCrypto, fetch, task).then(
    (damages) => parentPort?.postMessage({ damages } satisfies WorkerAnswer),
    (error: unknown) => parentPort?.postMessage({ failed: error instanceof Error ? error.message : String(error) } satisfies WorkerAnswer),
  );
});
