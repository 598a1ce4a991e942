import { fork, type ChildProcess } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageFolder } from '../../store/index.ts';
import type { FromInsight, InsightAnswer, InsightJob, InsightPlaces, ToInsight } from './messages.ts';
import { standBack } from '../standBack.ts';

export interface InsightDeskOptions {
  readonly places: InsightPlaces;
  /** Told of what ended the process; nothing of it is fatal. */
  readonly onFault: (error: Error) => void;
  /** Jobs that wait at most, how long one may take, and how long a process that has nothing to do is kept. Milliseconds. */
  readonly limits?: Partial<{ readonly waiting: number; readonly time: number; readonly idle: number }>;
  /** The file of the process; for tests. */
  readonly file?: string;
}

interface Waiting {
  readonly id: number;
  readonly job: InsightJob;
  readonly settle: (answer: InsightAnswer) => void;
}

/**
 * Where a year is read: in a process of its own, one job at a time, so that neither its memory nor a fault in the engine that reads Parquet
 * ever touches a query. It is started when something is asked, gets nothing of the environment but what it needs, and ends with the exchange.
 */
export class InsightDesk {
  readonly #options: InsightDeskOptions;
  readonly #limits: { readonly waiting: number; readonly time: number; readonly idle: number };
  readonly #queue: Waiting[] = [];
  #child: ChildProcess | null = null;
  #now: Waiting | null = null;
  #timer: NodeJS.Timeout | null = null;
  #count = 0;
  #closed = false;

  constructor(options: InsightDeskOptions) {
    this.#options = options;
    this.#limits = { waiting: 16, time: 300_000, idle: 300_000, ...options.limits };
  }

  /** Does a job when its turn comes. Never rejects. */
  run(job: InsightJob): Promise<InsightAnswer> {
    if (this.#closed || this.#queue.length >= this.#limits.waiting) return Promise.resolve({ kind: 'none', problem: 'busy', why: 'too much is asked at once' });
    return new Promise((settle) => {
      this.#queue.push({ id: (this.#count += 1), job, settle });
      this.#next();
    });
  }

  /** Ends the process; what waits is told so. */
  async close(): Promise<void> {
    this.#closed = true;
    const child = this.#child;
    const ended = child?.pid === undefined || child.exitCode !== null ? Promise.resolve() : new Promise<void>((resolve) => void child.once('exit', () => resolve()));
    this.#leave('failed', 'the exchange is stopping');
    for (const { settle } of this.#queue.splice(0)) settle({ kind: 'none', problem: 'failed', why: 'the exchange is stopping' });
    await ended;
    rmSync(this.#scratch(), { recursive: true, force: true });
  }

  #scratch(): string {
    return join(this.#options.places.archive, 'scratch');
  }

  #next(): void {
    if (this.#now !== null) return;
    this.#now = this.#queue.shift() ?? null;
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (this.#now === null) {
      this.#timer = setTimeout(() => this.#leave('failed', 'idle'), this.#limits.idle).unref();
      return;
    }
    const { id, job } = this.#now;
    this.#timer = setTimeout(() => {
      this.#options.onFault(new Error(`a reading of the archive (${job.kind}) took longer than ${this.#limits.time} ms and was ended`));
      this.#leave('failed', 'it took too long');
    }, this.#limits.time).unref();
    tell(this.#child ??= this.#start(), { type: 'job', id, job });
  }

  #start(): ChildProcess {
    // What it spills to disk goes with it, however it ends.
    const scratch = this.#scratch();
    rmSync(scratch, { recursive: true, force: true });
    mkdirSync(scratch, { recursive: true, mode: 0o700 });
    const child = fork(this.#options.file ?? processFile(), [], {
      // in a session of its own: a Ctrl-C reaches the exchange alone, also while this is loading, and ends the process when the exchange stops
      env: { PATH: process.env['PATH'] ?? '', TMPDIR: scratch }, execArgv: [], detached: process.platform !== 'win32', stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    if (child.pid !== undefined) void standBack(child.pid);
    child.unref();
    child.channel?.unref();
    child.on('message', (message: FromInsight) => {
      if (message.id !== this.#now?.id) return;
      const { settle } = this.#now;
      this.#now = null;
      settle(message.answer);
      this.#next();
    });
    child.on('error', (error) => {
      this.#options.onFault(error);
      // One that could not be started never exits.
      if (child.pid === undefined && this.#child === child) this.#leave('failed', 'the process that reads the archive could not be started');
    });
    child.on('exit', (code, signal) => {
      if (this.#child !== child) return;
      this.#options.onFault(new Error(`the process that reads the archive ended by itself (${signal ?? `exit code ${code ?? '?'}`})`));
      this.#leave('failed', 'the process that reads the archive ended');
    });
    tell(child, { type: 'places', places: this.#options.places });
    return child;
  }

  /** Takes leave of the process. What it was at is told why; what waits goes to the next one. */
  #leave(problem: 'failed', why: string): void {
    const child = this.#child;
    this.#child = null;
    child?.kill('SIGKILL');
    const was = this.#now;
    this.#now = null;
    was?.settle({ kind: 'none', problem, why });
    if (!this.#closed && (was !== null || this.#queue.length > 0)) this.#next();
  }
}

/** Nothing to a process that could not be started: its `error` comes, and ends what it was to do. */
function tell(child: ChildProcess, message: ToInsight): void {
  if (child.pid !== undefined) child.send(message);
}

/** What was compiled, also where this file itself is run from its source by a test. */
function processFile(): string {
  if (import.meta.url.endsWith('.js')) return fileURLToPath(new URL('./process.js', import.meta.url));
  return join(packageFolder(), 'dist', 'src', 'server', 'insight', 'process.js');
}
