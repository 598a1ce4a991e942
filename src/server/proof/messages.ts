import type { JobAnswer, ProofJob } from './job.ts';
import type { Checked, Failing } from './recheck.ts';

/** What the thread of the exchange asks of the thread that proves. `id` comes back with the answer. */
export type ToWorker =
  | { readonly type: 'job'; readonly id: number; readonly job: ProofJob }
  | { readonly type: 'recheck'; readonly id: number; readonly known: readonly Failing[] };

export type FromWorker =
  | { readonly type: 'job'; readonly id: number; readonly answer: JobAnswer }
  | { readonly type: 'recheck'; readonly id: number; readonly checked: Checked }
  | { readonly type: 'failed'; readonly id: number; readonly error: Error };

export interface WorkerData {
  /** Address of the database, with its password. */
  readonly url: string;
}
