import { Worker } from 'node:worker_threads';
import { JournalError } from '../../exchange/errors.ts';
import type { Journal, Recorded } from '../../exchange/ports.ts';
import type { Entry } from '../../model/index.ts';
import { partsOf } from '../entry/prepare.ts';
import type { FromLedger, LedgerSettings, Settled, ThreadStatus, ToLedger } from './messages.ts';
import { packCall, packCalls, packEntry, unpackRecorded } from './packing.ts';

export interface ThreadOptions {
  /** The compiled file of the thread. */
  readonly file: string;
  readonly settings: LedgerSettings;
  /** Told of what fails and heals behind the answers. */
  readonly onTold?: (what: 'failure' | 'rebuilt', message: string) => void;
}

const messagesUnderWay = 4;

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Opens the ledger in a thread of its own: commitments, encryption, signatures and the disk cost the thread that answers nothing but a message.
 * Rejects as `openLedger` does.
 */
export async function openLedgerThread(options: ThreadOptions): Promise<LedgerThread> {
  const worker = new Worker(options.file, { workerData: options.settings, resourceLimits: { maxYoungGenerationSizeMb: 64 } });
  const opened = await new Promise<Extract<FromLedger, { type: 'open' }>>((resolve, reject) => {
    worker.once('message', (message: FromLedger) => {
      if (message.type === 'open') resolve(message);
      else reject(message.type === 'failed' ? errorOf(message.error) : new JournalError('JOURNAL_WRITE', 'the thread of the ledger does not open'));
    });
    worker.once('error', reject);
  }).catch(async (error: unknown) => {
    await worker.terminate();
    throw error;
  });
  return new LedgerThread(worker, opened, options);
}

/** The ledger as the thread that answers sees it. */
export class LedgerThread implements Journal {
  readonly prefix: string;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  /** What waits to go over, and how many calls of each message that went are not settled. */
  #calls: { readonly n: number; readonly text: string }[] = [];
  #scheduled = false;
  #messages = new Map<number, { left: number }>();
  #under = 0;
  #size: number;
  #healthy = true;
  #ended: Error | null = null;
  #count = 0;
  #closing: Promise<void> | null = null;

  /** Use `openLedgerThread`. */
  constructor(worker: Worker, { prefix, size }: Extract<FromLedger, { type: 'open' }>, { onTold }: ThreadOptions) {
    this.prefix = prefix;
    this.#size = size;
    this.#worker = worker;
    worker.on('message', (message: FromLedger) => {
      if (message.type === 'told') onTold?.(message.what, message.message);
      if (message.type === 'state' || message.type === 'settled') {
        this.#healthy = message.healthy;
        this.#size = Math.max(this.#size, message.size);
      }
      if (message.type !== 'settled') return;
      for (const { n, recorded } of unpackRecorded(message.recorded)) this.#settle({ n, ok: true, value: recorded });
      for (const one of message.all) this.#settle(one);
    });
    worker.on('error', (error: unknown) => this.#end(new JournalError('JOURNAL_WRITE', 'the thread of the ledger ended', { cause: error })));
    worker.on('exit', () => this.#end(new JournalError(this.#closing === null ? 'JOURNAL_WRITE' : 'JOURNAL_CLOSED', 'the thread of the ledger ended')));
  }

  get healthy(): boolean {
    return this.#healthy && this.#ended === null && this.#closing === null;
  }

  /** Durable entries over all logs, as far as this thread was told: never more than there are. */
  get size(): number {
    return this.#size;
  }

  append(entries: readonly Entry[]): Promise<readonly Recorded[]> {
    if (entries.length === 0) return Promise.resolve([]);
    return this.#ask<readonly Recorded[]>((n) => {
      this.#calls.push({ n, text: packCall(n, entries.map((entry) => packEntry(partsOf(entry)))) });
      this.#sendLater();
    });
  }

  async witnessed(recorded: readonly Recorded[]): Promise<void> {
    await this.#ask((n) => this.#post({ type: 'witnessed', n, recorded }));
  }

  /** Resolves once a signed checkpoint covers all that is durable now. */
  async publish(): Promise<void> {
    await this.#ask((n) => this.#post({ type: 'publish', n }));
  }

  /** Makes all that was published durable. */
  async sync(): Promise<void> {
    await this.#ask((n) => this.#post({ type: 'sync', n }));
  }

  /** Makes the day keys of tomorrow, so that midnight costs nothing. */
  async daysAhead(): Promise<void> {
    await this.#ask((n) => this.#post({ type: 'daysAhead', n }));
  }

  async status(): Promise<ThreadStatus> {
    return this.#ask<ThreadStatus>((n) => this.#post({ type: 'status', n }));
  }

  /** Waits for what was taken, and ends the thread. */
  close(): Promise<void> {
    this.#closing ??= this.#shut();
    return this.#closing;
  }

  async #shut(): Promise<void> {
    if (this.#calls.length > 0) this.#send();
    await this.#ask((n) => this.#post({ type: 'close', n })).catch(() => undefined);
    await this.#worker.terminate();
  }

  /** What is asked in one turn goes over in one message; and while some are under way, being synced and sealed, more would only wait there. */
  #sendLater(): void {
    if (this.#scheduled || this.#calls.length === 0 || this.#under >= messagesUnderWay) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#send();
    });
  }

  #send(): void {
    const calls = this.#calls;
    this.#calls = [];
    if (calls.length === 0) return;
    const message = { left: calls.length };
    for (const { n } of calls) this.#messages.set(n, message);
    this.#under += 1;
    this.#post({ type: 'append', calls: packCalls(calls.map(({ text }) => text)) });
  }

  #post(message: ToLedger): void {
    this.#worker.postMessage(message);
  }

  #ask<T>(send: (n: number) => void): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.#ended !== null) throw this.#ended;
      this.#count += 1;
      this.#waiting.set(this.#count, { resolve: resolve as (value: unknown) => void, reject });
      send(this.#count);
    });
  }

  #settle({ n, ok, value, error }: Settled): void {
    const waiting = this.#waiting.get(n);
    this.#waiting.delete(n);
    this.#taken(n);
    if (ok) waiting?.resolve(value);
    else waiting?.reject(errorOf(error ?? { code: null, message: 'the ledger failed' }));
  }

  #taken(n: number): void {
    const message = this.#messages.get(n);
    if (message === undefined) return;
    this.#messages.delete(n);
    message.left -= 1;
    if (message.left > 0) return;
    this.#under -= 1;
    this.#sendLater();
  }

  /** Nobody is told that what was under way is safe. */
  #end(error: Error): void {
    this.#ended ??= error;
    for (const { reject } of this.#waiting.values()) reject(this.#ended);
    this.#waiting.clear();
  }
}

function errorOf({ code, message }: { readonly code: JournalError['code'] | null; readonly message: string }): JournalError {
  return new JournalError(code ?? 'JOURNAL_WRITE', message);
}
