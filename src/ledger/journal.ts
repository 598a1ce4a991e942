import { resolve as absolute } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { JournalError } from '../exchange/errors.ts';
import type { Clock, Journal } from '../exchange/ports.ts';
import type { Entry, Receipt } from '../model/index.ts';
import type { Call } from './batch.ts';
import { Batch } from './batch.ts';
import type { TornTail } from './check.ts';
import type { JournalFs } from './files.ts';
import { diskFs } from './files.ts';
import { entryText } from './entryText.ts';
import { frameBytes, maxEntryBytes, maxFrameBytes, prefixBytes } from './format.ts';
import { writeHead } from './head.ts';
import type { Lock } from './lock.ts';
import { takeLock } from './lock.ts';
import type { Recovered } from './recover.ts';
import { makeFolder, recoverJournal } from './recover.ts';
import { Segment } from './segment.ts';

export interface JournalOptions {
  /** Made where it is missing. One process at a time. */
  readonly folder: string;
  readonly clock?: Clock;
  /** Entries that become durable together; a larger call goes alone. */
  readonly maxBatch?: number;
  /** Bytes that become durable together. */
  readonly maxBatchBytes?: number;
  /** Entries and bytes that may wait; past either, `append` rejects at once with `JOURNAL_FULL`. */
  readonly maxQueued?: number;
  readonly maxQueuedBytes?: number;
  /** A new file is begun where the next batch would make this one larger. */
  readonly segmentBytes?: number;
  /** 'all' reads and checks the whole journal; 'last' only its last segment, for a journal that is verified elsewhere. */
  readonly check?: 'all' | 'last';
  /** The first pause before the journal tries to recover from a failure, in milliseconds; it doubles up to 5 seconds. */
  readonly retryDelay?: number;
  /** For tests. */
  readonly fs?: JournalFs;
  /** Called on every change to 'failed', and on every attempt to recover that fails. Must not throw. */
  readonly onFailure?: (error: JournalError) => void;
  /** Called when the journal takes entries again. Must not throw. */
  readonly onRecovery?: () => void;
}

export type JournalState = 'open' | 'failed' | 'closed';

const defaults = { maxBatch: 4_096, maxBatchBytes: 2 * 1024 * 1024, maxQueued: 65_536, maxQueuedBytes: 64 * 1024 * 1024, segmentBytes: 64 * 1024 * 1024, retryDelay: 50 };
/** How often the note of how far the journal has reached is renewed, in milliseconds. */
const headEvery = 5_000;
const longestDelay = 5_000;
/** Buffers kept for the next batches. */
const keptBuffers = 3;

/**
 * Opens the journal of a folder and recovers it. Rejects with a `JournalError`: `JOURNAL_LOCKED`, `JOURNAL_CORRUPT`, `JOURNAL_VERSION`,
 * or `JOURNAL_WRITE` where the disk fails.
 */
export async function openJournal(options: JournalOptions): Promise<FileJournal> {
  const fs = options.fs ?? diskFs;
  const folder = absolute(options.folder);
  let lock: Lock | null = null;
  try {
    await makeFolder(fs, folder);
    lock = await takeLock(folder);
    const now = options.clock?.now() ?? Date.now();
    return new FileJournal(options, fs, folder, lock, await recoverJournal(fs, folder, options.check ?? 'all', now));
  } catch (error) {
    await lock?.release().catch(() => undefined);
    throw error instanceof JournalError ? error : writeError('the journal cannot be opened', error);
  }
}

/** A journal in files of one folder, with group commit: one write and one sync for all entries that wait. */
export class FileJournal implements Journal {
  /** What recovery dropped when the journal was opened, or null. */
  readonly dropped: TornTail | null;
  readonly #folder: string;
  readonly #fs: JournalFs;
  readonly #lock: Lock;
  readonly #options: JournalOptions;
  readonly #limits: typeof defaults;
  readonly #buffers: Buffer[] = [];
  #segment: Segment;
  #chain: Buffer;
  #size: number;
  #state: JournalState = 'open';
  /** In the order in which they go to the disk; entries are added to the last one. */
  #queue: Batch[] = [];
  #waiting = { entries: 0, bytes: 0 };
  #running: Promise<void> | null = null;
  /** Once tried, a new segment must be made: its name may stand in the folder already. */
  #mustRoll = false;
  #delay: number;
  #timer: NodeJS.Timeout | null = null;
  #mending: Promise<void> | null = null;
  #closing: Promise<void> | null = null;
  #headAt = 0;
  #heading: Promise<void> | null = null;
  #failure: JournalError | null = null;

  /** Use `openJournal`. */
  constructor(options: JournalOptions, fs: JournalFs, folder: string, lock: Lock, recovered: Recovered) {
    this.#options = options;
    this.#limits = {
      maxBatch: options.maxBatch ?? defaults.maxBatch,
      maxBatchBytes: Math.min(options.maxBatchBytes ?? defaults.maxBatchBytes, maxFrameBytes / 2),
      maxQueued: options.maxQueued ?? defaults.maxQueued,
      maxQueuedBytes: options.maxQueuedBytes ?? defaults.maxQueuedBytes,
      segmentBytes: options.segmentBytes ?? defaults.segmentBytes,
      retryDelay: options.retryDelay ?? defaults.retryDelay,
    };
    this.#delay = this.#limits.retryDelay;
    this.#fs = fs;
    this.#folder = folder;
    this.#lock = lock;
    this.#segment = recovered.segment;
    this.#chain = recovered.chain;
    this.#size = recovered.size;
    this.dropped = recovered.torn;
    this.#headAt = this.#now();
  }

  /** Durable entries, which is also the next index. */
  get size(): number {
    return this.#size;
  }

  get state(): JournalState {
    return this.#state;
  }

  get healthy(): boolean {
    return this.#state === 'open';
  }

  /** The chain hash after the last durable batch, hexadecimal: it stands for every byte of the journal so far. */
  get lastHash(): string {
    return this.#chain.toString('hex');
  }

  /** Why the journal is `failed`, or null. */
  get failure(): JournalError | null {
    return this.#failure;
  }

  append(entries: readonly Entry[]): Promise<readonly Receipt[]> {
    return new Promise((resolve, reject) => {
      if (this.#state !== 'open') throw this.#refusal();
      if (entries.length === 0) {
        resolve([]);
        return;
      }
      const texts = entries.map(entryText);
      let bytes = 0;
      for (const text of texts) {
        const length = Buffer.byteLength(text);
        if (length > maxEntryBytes) throw new JournalError('JOURNAL_TOO_LARGE', `an entry has ${length} bytes; ${maxEntryBytes} are allowed`);
        bytes += prefixBytes + length;
      }
      if (frameBytes(bytes) > maxFrameBytes) throw new JournalError('JOURNAL_TOO_LARGE', `the entries of one call have ${bytes} bytes; they must fit a batch of ${maxFrameBytes}`);
      if (this.#waiting.entries + texts.length > this.#limits.maxQueued || this.#waiting.bytes + bytes > this.#limits.maxQueuedBytes) {
        throw new JournalError('JOURNAL_FULL', `${this.#waiting.entries} entries are waiting for the disk`);
      }
      this.#enqueue({ ids: entries.map((entry) => entry.id), texts, bytes, resolve, reject });
    });
  }

  /** Waits for what was taken, then lets the folder go. Entries that come later are rejected with `JOURNAL_CLOSED`. */
  close(): Promise<void> {
    this.#closing ??= this.#shut();
    return this.#closing;
  }

  #enqueue(call: Call): void {
    let batch = this.#queue.at(-1);
    if (batch === undefined || (batch.count > 0 && (batch.count + call.texts.length > this.#limits.maxBatch || batch.payload + call.bytes > this.#limits.maxBatchBytes))) {
      batch = new Batch(this.#buffers.pop() ?? Buffer.allocUnsafeSlow(64 * 1024));
      this.#queue.push(batch);
    }
    batch.add(call);
    this.#waiting.entries += call.texts.length;
    this.#waiting.bytes += call.bytes;
    this.#running ??= this.#run();
  }

  /** Takes batches to the disk one after the other. The pause before each lets those join that were answered just now, and all of one turn. */
  async #run(): Promise<void> {
    for (;;) {
      await nextTurn();
      const batch = this.#queue.shift();
      if (batch === undefined) break;
      try {
        await this.#commit(batch);
      } catch (error) {
        this.#fail(error, batch);
        break;
      }
    }
    this.#running = null;
  }

  async #commit(batch: Batch): Promise<void> {
    this.#assertOurs();
    const length = frameBytes(batch.payload);
    if (this.#mustRoll || (this.#segment.offset + length > this.#limits.segmentBytes && this.#segment.offset > 512)) await this.#roll();
    const { frame, chain } = batch.seal(this.#size, this.#chain);
    await this.#segment.append(frame);
    const first = this.#size;
    this.#size += batch.count;
    this.#chain = chain;
    this.#delay = this.#limits.retryDelay;
    this.#release(batch);
    batch.settle(first);
    this.#noteHead();
  }

  async #roll(): Promise<void> {
    this.#mustRoll = true;
    const { segment, chain } = await Segment.create(this.#fs, this.#folder, this.#size, this.#chain, this.#now());
    const full = this.#segment;
    this.#segment = segment;
    this.#chain = chain;
    this.#mustRoll = false;
    await full.close().catch(() => undefined);
  }

  #release(batch: Batch): void {
    this.#waiting.entries -= batch.count;
    this.#waiting.bytes -= batch.payload;
    if (this.#buffers.length < keptBuffers && batch.buffer.length <= 2 * this.#limits.maxBatchBytes) this.#buffers.push(batch.buffer);
  }

  /** Nobody is told that their entries are safe, whatever reached the disk. */
  #fail(cause: unknown, batch: Batch): void {
    const error = writeError('the journal cannot be written', cause);
    this.#failure = error;
    if (this.#state === 'open') this.#state = 'failed';
    for (const one of [batch, ...this.#queue]) {
      this.#release(one);
      one.refuse(error);
    }
    this.#queue = [];
    this.#options.onFailure?.(error);
    if (this.#state === 'failed') this.#mendLater();
  }

  #mendLater(): void {
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#mending = this.#mend();
    }, this.#delay);
    this.#timer.unref();
    this.#delay = Math.min(this.#delay * 2, longestDelay);
  }

  async #mend(): Promise<void> {
    try {
      this.#assertOurs();
      await this.#segment.mend(this.#chain);
    } catch (cause) {
      if (this.#state !== 'failed') return;
      this.#failure = writeError('the journal cannot be written yet', cause);
      this.#options.onFailure?.(this.#failure);
      this.#mendLater();
      return;
    }
    if (this.#state !== 'failed') return;
    this.#state = 'open';
    this.#failure = null;
    this.#options.onRecovery?.();
  }

  /** Behind the acknowledgement, and no fault where it fails: it only proves less then. */
  #noteHead(): void {
    const now = this.#now();
    if (this.#heading !== null || now - this.#headAt < headEvery) return;
    this.#headAt = now;
    this.#heading = writeHead(this.#fs, this.#folder, { size: this.#size, chain: this.lastHash })
      .catch(() => undefined)
      .finally(() => {
        this.#heading = null;
      });
  }

  async #shut(): Promise<void> {
    const whole = this.#state === 'open';
    this.#state = 'closed';
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#mending;
    await this.#running;
    await this.#heading;
    if (whole && this.#failure === null) await writeHead(this.#fs, this.#folder, { size: this.#size, chain: this.lastHash }).catch(() => undefined);
    await this.#segment.close().catch(() => undefined);
    await this.#lock.release();
  }

  #assertOurs(): void {
    if (this.#lock.lost()) throw new Error('another process has taken the journal over');
  }

  #refusal(): JournalError {
    if (this.#state === 'closed') return new JournalError('JOURNAL_CLOSED', 'the journal is closed');
    return new JournalError('JOURNAL_WRITE', 'the journal cannot be written at the moment', { cause: this.#failure });
  }

  #now(): number {
    return this.#options.clock?.now() ?? Date.now();
  }
}

function writeError(what: string, cause: unknown): JournalError {
  const code = (cause as NodeJS.ErrnoException | null)?.code;
  return new JournalError('JOURNAL_WRITE', code === undefined ? what : `${what} (${code})`, { cause });
}
