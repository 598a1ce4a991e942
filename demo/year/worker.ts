import { parentPort, workerData } from 'node:worker_threads';
import { openEngine } from '../../src/insight/archive/engine.ts';
import type { Jurisdiction } from '../../src/vocabulary/index.ts';
import { groundOf } from './ground.ts';
import type { YearPlan } from './plan.ts';
import { writeOwner, type WrittenOwner } from './writeOwner.ts';

/** What a thread that writes owners is given when it starts. */
export interface WorkerStart {
  readonly plan: YearPlan;
  readonly folder: string;
  readonly memoryMb: number;
}

/** An owner to write; null to end. */
export type ToWorker = Jurisdiction | null;
export type FromWorker =
  | { readonly type: 'ready' }
  | { readonly type: 'rows'; readonly rows: number }
  | { readonly type: 'done'; readonly written: WrittenOwner }
  | { readonly type: 'failed'; readonly owner: string; readonly error: unknown };

const { plan, folder, memoryMb } = workerData as WorkerStart;
const engine = await openEngine({ memoryMb, threads: 1 });
const ground = groundOf(plan);
const tell = (message: FromWorker): void => parentPort?.postMessage(message);

parentPort?.on('message', (owner: ToWorker) => {
  if (owner === null) {
    void engine.close().then(() => parentPort?.close());
    return;
  }
  writeOwner(ground, folder, owner, engine, (rows) => tell({ type: 'rows', rows })).then(
    (written) => tell({ type: 'done', written }),
    (error: unknown) => tell({ type: 'failed', owner, error }),
  );
});
tell({ type: 'ready' });
