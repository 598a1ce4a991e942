import { resolve as absolute } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { JournalError } from '../exchange/errors.ts';
import type { Clock } from '../exchange/ports.ts';
import type { Call } from './batch.ts';
import { Batch } from './batch.ts';
import type { TornTail } from './check.ts';
import type { JournalFs } from './files.ts';
import { diskFs } from './files.ts';
import { frameBytes, maxFrameBytes, maxRecordBytes, prefixBytes } from './format.ts';
import type { Forest } from './forest.ts';
import { writeHead } from './head.ts';
import type { Lock } from './lock.ts';
import { takeLock } from './lock.ts';
import type { LogName } from './record.ts';
import { dayOf, recordHead } from './record.ts';
import type { Recovered } from './recover.ts';
import { makeFolder, recoverWal, refuseOtherVersion } from './recover.ts';
import { Segment } from './segment.ts';
import type { Placed, WalRecord } from './types.ts';

export interface WalOptions {
  /** Made where it is missing. One process at a time. */
  readonly folder: string;
  readonly clock?: Clock;
  /** Records that become durable together; a larger call goes alone. */
  readonly maxBatch?: number;
  /** Bytes that become durable together. */
  readonly maxBatchBytes?: number;
  /** Records and bytes that may wait; past either, `append` rejects at once with `JOURNAL_FULL`. */
  readonly maxQueued?: number;
  readonly maxQueuedBytes?: number;
  /** A new segment is begun where the next batch would make this one larger, and where the UTC day changes. */
  readonly segmentBytes?: number;
  /** 'all' reads and checks the whole journal; 'last' only its last segment, whose state frame speaks for what is before it: a start then takes the same time however long the journal is. */
  readonly check?: 'all' | 'last';
  /** The first pause before the journal tries to recover from a failure, in milliseconds; it doubles up to 5 seconds. */
  readonly retryDelay?: number;
  /**
   * Called with each batch when it is durable, in order, before its callers are answered with the same objects. Must not throw: the entries are then durable and nobody is
   * answered, the journal stays failed, and only the next start takes them up.
   */
  readonly onCommit?: (placed: readonly Placed[]) => void;
  /** For tests. */
  readonly fs?: JournalFs;
  /** Called on every change to 'failed', and on every attempt to recover that fails. Must not throw. */
  readonly onFailure?: (error: JournalError) => void;
  /** Called when the journal takes entries again. Must not throw. */
  readonly onRecovery?: () => void;
}

export type WalState = 'open' | 'failed' | 'closed';

const defaults = { maxBatch: 4_096, maxBatchBytes: 2 * 1024 * 1024, maxQueued: 65_536, maxQueuedBytes: 64 * 1024 * 1024, segmentBytes: 64 * 1024 * 1024, retryDelay: 50 };
/** How often the note of how far the journal has reached is renewed, in milliseconds. */
const headEvery = 5_000;
const longestDelay = 5_000;
const dayMilliseconds = 86_400_000;
/** Buffers kept for the next batches. */
const keptBuffers = 3;

/**
 * Opens the write-ahead file of a folder and recovers it. Rejects with a `JournalError`: `JOURNAL_LOCKED`, `JOURNAL_CORRUPT`, `JOURNAL_VERSION`,
 * or `JOURNAL_WRITE` where the disk fails.
 */
export async function openWal(options: WalOptions): Promise<Wal> {
  const fs = options.fs ?? diskFs;
  const folder = absolute(options.folder);
  let lock: Lock | null = null;
  try {
    await makeFolder(fs, folder);
    await refuseOtherVersion(folder);
    lock = await takeLock(folder);
    const now = options.clock?.now() ?? Date.now();
    return new Wal(options, fs, folder, lock, await recoverWal(fs, folder, options.check ?? 'all', now));
  } catch (error) {
    await lock?.release().catch(() => undefined);
    throw error instanceof JournalError ? error : writeError('the journal cannot be opened', error);
  }
}

/** All records of all logs in files of one folder, with group commit: one write and one sync for all that wait. */
export class Wal {
  /** What recovery dropped when the journal was opened, or null. */
  readonly dropped: TornTail | null;
  readonly #folder: string;
  readonly #fs: JournalFs;
  readonly #lock: Lock;
  readonly #options: WalOptions;
  readonly #limits: typeof defaults;
  readonly #buffers: Buffer[] = [];
  #segment: Segment;
  #chain: Buffer;
  #size: number;
  /** The logs after the last durable batch. */
  readonly #forest: Forest;
  #latestDay: number;
  #state: WalState = 'open';
  /** In the order in which they go to the disk; entries are added to the last one. */
  #queue: Batch[] = [];
  #waiting = { records: 0, bytes: 0 };
  #running: Promise<void> | null = null;
  /** Once tried, a new segment must be made: its name may stand in the folder already. */
  #mustRoll = false;
  /** What stands behind this journal threw at a batch: from there on the two differ until the next start. */
  #broken = false;
  #delay: number;
  #timer: NodeJS.Timeout | null = null;
  #mending: Promise<void> | null = null;
  #closing: Promise<void> | null = null;
  #headAt = 0;
  #heading: Promise<void> | null = null;
  #failure: JournalError | null = null;

  /** Use `openWal`. */
  constructor(options: WalOptions, fs: JournalFs, folder: string, lock: Lock, recovered: Recovered) {
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
    this.#forest = recovered.forest;
    this.#latestDay = recovered.latestDay;
    this.dropped = recovered.torn;
    this.#headAt = this.#now();
  }

  /** The next sequence: one more than the last durable one. */
  get size(): number {
    return this.#size;
  }

  /** Durable entries of each log that has any; a copy. */
  sizes(): ReadonlyMap<LogName, number> {
    return this.#forest.sizes();
  }

  /** The root of a log over its durable entries, 32 bytes as a latin1 text. */
  root(log: LogName): string {
    return this.#forest.root(log);
  }

  /** Days since 1970: no durable entry is of a later day. Whoever makes records begins its clock here, so that a clock that stepped back over a restart gives no earlier day. */
  get latestDay(): number {
    return this.#latestDay;
  }

  get state(): WalState {
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

  /**
   * Resolves when all records of the call are durable, with their places, in order. The caller must not change the buffers. Rejects with a `JournalError`:
   * `JOURNAL_FULL`, `JOURNAL_TOO_LARGE`, `JOURNAL_CLOSED`, or `JOURNAL_WRITE`; with a `TypeError` where the bytes are no record of the log that is named.
   */
  append(records: readonly WalRecord[]): Promise<readonly Placed[]> {
    return new Promise((resolve, reject) => {
      if (this.#state !== 'open') throw this.#refusal();
      if (records.length === 0) {
        resolve([]);
        return;
      }
      let bytes = 0;
      let day = 0;
      for (const { log, id, record } of records) {
        if (record.length > maxRecordBytes) throw new JournalError('JOURNAL_TOO_LARGE', `an entry has ${record.length} bytes; ${maxRecordBytes} are allowed`);
        const head = recordHead(record);
        if (head?.log !== log) throw new TypeError(`what was given for entry ${id} is no record of log ${log}`);
        day = Math.max(day, head.day);
        bytes += prefixBytes + record.length;
      }
      if (frameBytes(bytes) > maxFrameBytes) throw new JournalError('JOURNAL_TOO_LARGE', `the entries of one call have ${bytes} bytes; they must fit a batch of ${maxFrameBytes}`);
      if (this.#waiting.records + records.length > this.#limits.maxQueued || this.#waiting.bytes + bytes > this.#limits.maxQueuedBytes) {
        throw new JournalError('JOURNAL_FULL', `${this.#waiting.records} entries are waiting for the disk`);
      }
      this.#enqueue({ records, bytes, day, resolve, reject });
    });
  }

  /** Waits for what was taken, then lets the folder go. Entries that come later are rejected with `JOURNAL_CLOSED`. */
  close(): Promise<void> {
    this.#closing ??= this.#shut();
    return this.#closing;
  }

  #enqueue(call: Call): void {
    let batch = this.#queue.at(-1);
    if (batch === undefined || (batch.count > 0 && (batch.count + call.records.length > this.#limits.maxBatch || batch.payload + call.bytes > this.#limits.maxBatchBytes))) {
      batch = new Batch(this.#buffers.pop() ?? Buffer.allocUnsafeSlow(64 * 1024));
      this.#queue.push(batch);
    }
    batch.add(call);
    this.#waiting.records += call.records.length;
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
    if (this.#mustRoll || this.#isFull(length)) await this.#roll();
    const { frame, chain } = batch.seal(this.#size, this.#chain);
    await this.#segment.append(frame);
    const first = this.#size;
    this.#size += batch.count;
    this.#chain = chain;
    this.#delay = this.#limits.retryDelay;
    this.#latestDay = Math.max(this.#latestDay, batch.day);
    const placed = batch.place(first, this.#forest);
    this.#handOn(placed);
    this.#release(batch);
    batch.settle(placed);
    this.#noteHead();
  }

  /** True where the next batch goes to a new segment. A clock that steps back begins no day. */
  #isFull(length: number): boolean {
    if (this.#segment.empty) return false;
    return this.#segment.offset + length > this.#limits.segmentBytes || dayOf(this.#now()) > dayOf(this.#segment.created);
  }

  #handOn(placed: readonly Placed[]): void {
    try {
      this.#options.onCommit?.(placed);
    } catch (error) {
      this.#broken = true;
      throw error;
    }
  }

  async #roll(): Promise<void> {
    this.#mustRoll = true;
    const created = Math.max(this.#now(), this.#segment.created, this.#latestDay * dayMilliseconds);
    const { segment, chain } = await Segment.create(this.#fs, this.#folder, { firstSequence: this.#size, previous: this.#chain, created, state: this.#forest.encode() });
    const full = this.#segment;
    this.#segment = segment;
    this.#chain = chain;
    this.#latestDay = Math.max(this.#latestDay, dayOf(created));
    this.#mustRoll = false;
    await full.close().catch(() => undefined);
  }

  #release(batch: Batch): void {
    this.#waiting.records -= batch.count;
    this.#waiting.bytes -= batch.payload;
    if (this.#buffers.length < keptBuffers && batch.buffer.length <= 2 * this.#limits.maxBatchBytes) this.#buffers.push(batch.buffer);
  }

  /** Nobody is told that their records are safe, whatever reached the disk. */
  #fail(cause: unknown, batch: Batch): void {
    const error = this.#broken
      ? new JournalError('JOURNAL_WRITE', 'what stands behind the journal failed at entries that are durable; only a restart takes them up', { cause })
      : writeError('the journal cannot be written', cause);
    this.#failure = error;
    if (this.#state === 'open') this.#state = 'failed';
    for (const one of [batch, ...this.#queue]) {
      this.#release(one);
      one.refuse(error);
    }
    this.#queue = [];
    this.#options.onFailure?.(error);
    if (this.#state === 'failed' && !this.#broken) this.#mendLater();
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
