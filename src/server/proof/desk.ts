import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { packageFolder } from '../../store/index.ts';
import type { JobAnswer, ProofJob } from './job.ts';
import type { FromWorker, ToWorker, WorkerData } from './messages.ts';
import type { Checked, Failing } from './recheck.ts';

export interface DeskOptions {
  /** Address of the database, with its password. */
  readonly url: string;
  /** Told of what failed in the thread; nothing of it is fatal. */
  readonly onFault: (error: Error) => void;
  readonly limits?: Partial<DeskLimits>;
  /** The file of the thread; for tests. */
  readonly file?: string;
}

/** Times in milliseconds. */
export interface DeskLimits {
  /** Jobs that wait at most; one more is told that the desk is busy. */
  readonly waiting: number;
  /** For one job. When it is over, the thread is ended and another is started for what comes next. */
  readonly time: number;
  /** For one run over all owners. */
  readonly recheckTime: number;
  /** A thread that had nothing to do for so long is ended. */
  readonly idle: number;
  readonly memoryMegabytes: number;
}

export const defaultDeskLimits: DeskLimits = { waiting: 16, time: 30_000, recheckTime: 600_000, idle: 300_000, memoryMegabytes: 2_048 };

interface Waiting {
  readonly message: ToWorker;
  readonly settle: (answer: FromWorker | Failure) => void;
}

/** Why no answer came: `busy` was not tried, `ended` took too long or grew too large, `failed` met a fault, `closed` came while the exchange stops. */
type Failure = { readonly type: 'none'; readonly why: 'busy' | 'ended' | 'failed' | 'closed' };

/**
 * Where proofs are asked for: a thread of its own does them, one job at a time, so that none holds up a query. The thread is started when
 * something is asked and does not keep the process alive. A job that takes too long, or more memory than a thread may have, takes only its
 * thread along.
 */
export class ProofDesk {
  readonly #options: DeskOptions;
  readonly #limits: DeskLimits;
  #worker: Worker | null = null;
  #jobs: Waiting[] = [];
  #job: Waiting | null = null;
  #recheck: Waiting | null = null;
  #timers = new Map<Waiting, NodeJS.Timeout>();
  #idle: NodeJS.Timeout | null = null;
  #count = 0;
  #closed = false;

  constructor(options: DeskOptions) {
    this.#options = options;
    this.#limits = { ...defaultDeskLimits, ...options.limits };
  }

  /** Does a job when its turn comes. Never rejects. */
  async run(job: ProofJob): Promise<JobAnswer> {
    if (this.#closed || this.#jobs.length >= this.#limits.waiting) return { ok: false, problem: 'proofBusy' };
    const answer = await this.#ask((settle) => {
      this.#jobs.push({ message: { type: 'job', id: this.#number(), job }, settle });
      this.#next();
    });
    if (answer.type === 'job') return answer.answer;
    return { ok: false, problem: answer.type === 'none' && answer.why !== 'failed' ? (answer.why === 'ended' ? 'proofTooLarge' : 'proofBusy') : 'internal' };
  }

  /** Proves the claims of all owners, but what is known of earlier runs. Null where that could not be done, or one run is under way already. Never rejects. */
  async recheck(known: readonly Failing[] = []): Promise<Checked | null> {
    if (this.#closed || this.#recheck !== null) return null;
    const answer = await this.#ask((settle) => {
      this.#recheck = { message: { type: 'recheck', id: this.#number(), known }, settle };
      this.#send(this.#recheck, this.#limits.recheckTime);
    });
    return answer.type === 'recheck' ? answer.checked : null;
  }

  /** Ends the thread; what waits is told so. */
  async close(): Promise<void> {
    this.#closed = true;
    const worker = this.#worker;
    this.#end('closed');
    await worker?.terminate();
  }

  #ask(begin: (settle: Waiting['settle']) => void): Promise<FromWorker | Failure> {
    return new Promise((resolve) => begin(resolve));
  }

  #number(): number {
    return (this.#count += 1);
  }

  #next(): void {
    if (this.#job !== null) return;
    this.#job = this.#jobs.shift() ?? null;
    if (this.#job !== null) this.#send(this.#job, this.#limits.time);
  }

  #send(asked: Waiting, time: number): void {
    if (this.#idle !== null) clearTimeout(this.#idle);
    const worker = this.#worker ?? this.#start();
    clearTimeout(this.#timers.get(asked));
    this.#timers.set(asked, setTimeout(() => {
      this.#options.onFault(new Error(`a proof (${asked.message.type === 'job' ? asked.message.job.kind : 'of all owners'}) took longer than ${time} ms and was ended`));
      this.#abandon(worker, 'ended', asked);
    }, time).unref());
    worker.postMessage(asked.message);
  }

  #start(): Worker {
    const worker = new Worker(this.#options.file ?? workerFile(), {
      workerData: { url: this.#options.url } satisfies WorkerData, execArgv: [], resourceLimits: { maxOldGenerationSizeMb: this.#limits.memoryMegabytes },
    });
    worker.unref();
    worker.on('message', (message: FromWorker) => this.#answered(message));
    worker.on('error', (error: Error & { readonly code?: string }) => {
      this.#options.onFault(error);
      this.#abandon(worker, error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'ended' : 'failed');
    });
    worker.on('exit', () => {
      if (this.#worker === worker) this.#options.onFault(new Error('the thread that proves ended by itself'));
      this.#abandon(worker, 'failed');
    });
    return (this.#worker = worker);
  }

  #answered(message: FromWorker): void {
    const asked = [this.#job, this.#recheck].find((one) => one?.message.id === message.id) ?? null;
    if (asked === null) return;
    if (message.type === 'failed') this.#options.onFault(message.error);
    this.#done(asked, message.type === 'failed' ? { type: 'none', why: 'failed' } : message);
    this.#next();
    this.#rest();
  }

  /**
   * Takes leave of a thread that does not answer any more, or is at something that takes too long: that is told why, or all that it was
   * at where nothing is to blame. What else it was at, and what waits, goes to the next thread.
   */
  #abandon(worker: Worker, why: Failure['why'], blamed: Waiting | null = null): void {
    if (this.#worker !== worker) return;
    this.#worker = null;
    void worker.terminate();
    for (const asked of [this.#job, this.#recheck]) {
      if (asked === null) continue;
      if (blamed === null || asked === blamed) this.#done(asked, { type: 'none', why });
      else this.#send(asked, asked === this.#job ? this.#limits.time : this.#limits.recheckTime);
    }
    this.#next();
  }

  #done(asked: Waiting, answer: FromWorker | Failure): void {
    clearTimeout(this.#timers.get(asked));
    this.#timers.delete(asked);
    if (this.#job === asked) this.#job = null;
    if (this.#recheck === asked) this.#recheck = null;
    asked.settle(answer);
  }

  #rest(): void {
    if (this.#job !== null || this.#recheck !== null) return;
    this.#idle = setTimeout(() => {
      const worker = this.#worker;
      this.#worker = null;
      void worker?.terminate();
    }, this.#limits.idle).unref();
  }

  #end(why: Failure['why']): void {
    this.#worker = null;
    if (this.#idle !== null) clearTimeout(this.#idle);
    for (const asked of [this.#job, this.#recheck, ...this.#jobs.splice(0)]) if (asked !== null) this.#done(asked, { type: 'none', why });
  }
}

/** Threads run what was compiled, also where this file itself is run from its source by a test. */
function workerFile(): string {
  const built = new URL('./worker.js', import.meta.url);
  return import.meta.url.endsWith('.js') ? fileURLToPath(built) : join(packageFolder(), 'dist', 'src', 'server', 'proof', 'worker.js');
}
