import { resolve as absolute } from 'node:path';
import { JournalError } from '../../exchange/errors.ts';
import type { Clock } from '../../exchange/ports.ts';
import { nodeCrypto } from '../../verify/nodeCrypto.ts';
import { consistencyProof } from '../../verify/tiles.ts';
import { firstSequence } from '../pruned.ts';
import { readRecords } from '../read.ts';
import type { LogName } from '../record.ts';
import { leafHash } from '../record.ts';
import type { Cosigners, LogStatus, NoteSigner, Placed } from '../types.ts';
import type { PublishFs } from './fs.ts';
import { publishFs } from './fs.ts';
import { Gate } from './gate.ts';
import type { Shared } from './log.ts';
import { PublishedLog } from './log.ts';
import type { Disk } from './logFiles.ts';
import { LogFiles } from './logFiles.ts';
import { Edge } from './edge.ts';
import type { LogMark } from './mark.ts';
import { writeMark } from './mark.ts';
import type { ReadWal } from './raw.ts';
import type { Recovered } from './recover.ts';
import { recover } from './recover.ts';
import { readLogFile } from './tileStore.ts';
import { Touched } from './touched.ts';

/** A checkpoint that was put in its place. `root` is base64. */
export interface PublishedCheckpoint {
  readonly log: LogName;
  readonly origin: string;
  readonly size: number;
  readonly root: string;
}

export interface PublisherOptions {
  /** The ledger's folder, `data/ledger`. */
  readonly place: string;
  /** The folder of the write-ahead file. Whoever opens a publisher holds its lock. */
  readonly wal: string;
  /** The name of the ledger: origins are `PREFIX/log/NAME`. */
  readonly prefix: string;
  /** The key of a log, asked once where it first has something to sign, or a checkpoint to be checked. */
  readonly signer: (log: LogName) => Promise<NoteSigner>;
  readonly cosigners: Cosigners;
  readonly clock?: Clock;
  /** For tests. */
  readonly fs?: PublishFs;
  /** Milliseconds between two rounds. */
  readonly publishMs?: number;
  /** Milliseconds between two marks, up to which all is synced. */
  readonly syncMs?: number;
  /** The first pause after a failure, in milliseconds; it doubles up to `longestDelay`. */
  readonly retryDelay?: number;
  readonly longestDelay?: number;
  /** How long a key may take for a signature, in milliseconds. */
  readonly signMs?: number;
  /** Bytes of records that may wait in memory; what comes beyond is read from the write-ahead file later. */
  readonly maxWaiting?: number;
  /** Called where a disk, a key or a witness fails; it is tried again. Must not throw. */
  readonly onFailure?: (error: JournalError) => void;
  /** Called at the start where the tiles of a log were made anew from the raw records. Must not throw. */
  readonly onRebuilt?: (log: LogName, why: string) => void;
  /** Called with the checkpoints that were put in place in one turn. Must not throw. */
  readonly onCheckpoints?: (list: readonly PublishedCheckpoint[]) => void;
}

const defaults = { publishMs: 1_000, syncMs: 60_000, retryDelay: 50, longestDelay: 5_000, signMs: 10_000, maxWaiting: 64 * 1024 * 1024 };
/** Logs that write at a time: Node has four threads for files, and the write-ahead file must always find one. */
const writers = 2;

/**
 * Opens the publisher of a ledger: checks what is published against the write-ahead file, mends it, and publishes from there on, signing again only where there is more to sign.
 * Nothing may be appended to the write-ahead file until this resolves. Rejects with a `JournalError`: `JOURNAL_CORRUPT` where a signed checkpoint covers more or other
 * entries than there are, and then nothing is signed; `JOURNAL_WRITE` where the disk or a key fails.
 */
export async function openPublisher(options: PublisherOptions): Promise<Publisher> {
  const place = absolute(options.place);
  const fs = options.fs ?? publishFs;
  const disk: Disk = { fs, place, touched: new Touched(fs, place) };
  try {
    await fs.mkdir(place);
    const first = await firstSequence(options.wal);
    const wal: ReadWal = (from = first) => readRecords(options.wal, from);
    const recovered = await recover({
      disk, wal, first, origin: (log) => `${options.prefix}/log/${log}`,
      signer: options.signer, onRebuilt: (log, why) => options.onRebuilt?.(log, why),
    });
    const publisher = new Publisher(options, disk, recovered);
    await publisher.start();
    return publisher;
  } catch (error) {
    if (error instanceof JournalError) throw error;
    const code = (error as NodeJS.ErrnoException).code;
    throw new JournalError('JOURNAL_WRITE', `what the ledger published cannot be opened${code === undefined ? '' : ` (${code})`}`, { cause: error });
  }
}

/** Publishes what is durable: tiles, private files, and a signed checkpoint of each log that grew. */
export class Publisher {
  readonly #options: PublisherOptions;
  readonly #limits: typeof defaults;
  readonly #disk: Disk;
  readonly #shared: Shared;
  readonly #logs = new Map<LogName, PublishedLog>();
  readonly #recovered: Recovered;
  /** The next sequence. */
  #taken: number;
  /** Bytes of records in memory. */
  #waiting = 0;
  /** The first sequence that is to be read from the write-ahead file; null where all is in memory or written. */
  #behind: number | null = null;
  #catching: Promise<void> | null = null;
  /** Why the write-ahead file could not be read. */
  #unread: JournalError | null = null;
  #mark: number;
  #marking: Promise<void> | null = null;
  #syncedAt: number;
  #fresh: PublishedCheckpoint[] = [];
  #timer: NodeJS.Timeout | null = null;
  #closing: Promise<void> | null = null;

  /** Use `openPublisher`. */
  constructor(options: PublisherOptions, disk: Disk, recovered: Recovered) {
    this.#options = options;
    const given = { publishMs: options.publishMs, syncMs: options.syncMs, retryDelay: options.retryDelay, longestDelay: options.longestDelay, signMs: options.signMs, maxWaiting: options.maxWaiting };
    this.#limits = { ...defaults, ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) };
    this.#disk = disk;
    this.#recovered = recovered;
    this.#taken = recovered.from;
    this.#mark = recovered.from;
    const clock = options.clock ?? { now: () => Date.now() };
    this.#syncedAt = Date.now();
    this.#shared = {
      clock, gate: new Gate(writers), cosigners: options.cosigners, signer: options.signer,
      retryDelay: this.#limits.retryDelay, longestDelay: this.#limits.longestDelay, signMs: this.#limits.signMs,
      onFailure: (error) => options.onFailure?.(error),
      onPublished: (published) => this.#published(published),
      onWritten: (bytes) => void (this.#waiting -= bytes),
      consistency: async (log, oldSize, size) => {
        const proof = await consistencyProof(nodeCrypto, (path) => readLogFile(disk.place, log, path), oldSize, size);
        return proof.map((hash) => Buffer.from(hash));
      },
    };
  }

  /** Every entry before this sequence is published, and all of it is synced: the write-ahead file may be cut there. */
  get mark(): number {
    return this.#mark;
  }

  /** Why something cannot be published at the moment; null where all goes well. */
  get failure(): JournalError | null {
    for (const { failure } of this.#logs.values()) if (failure !== null) return failure;
    return this.#unread;
  }

  /** Takes what is durable now, in the order of sequences. Cheap; never throws. */
  take(placed: readonly Placed[]): void {
    for (const one of placed) {
      const log = this.#logs.get(one.log) ?? this.#begin(one.log);
      if (this.#behind === null && this.#waiting < this.#limits.maxWaiting) {
        log.take(one);
        this.#waiting += one.record.length;
      } else {
        this.#behind ??= one.sequence;
        log.know(one.index, one.sequence);
      }
      this.#taken = one.sequence + 1;
    }
  }

  /** Publishes all that was taken until now. Rejects with the `JournalError` of the first log that could not. */
  async publish(): Promise<void> {
    while (this.#behind !== null) {
      await this.#catchUp();
      await this.#round(true);
      if (this.failure !== null) break;
    }
    await this.#round(true);
    if (this.failure !== null) throw this.failure;
  }

  /**
   * Resolves once a signed checkpoint of the log, or one that a quorum of witnesses cosigned, covers the leaf index; begins with it at once. Without
   * witnesses there is no quorum to wait for. Rejects with `JOURNAL_WITNESS` where that takes longer than `timeoutMs`.
   */
  covered(log: LogName, index: number, level: 'signed' | 'cosigned', timeoutMs: number): Promise<void> {
    if (this.#closing !== null) return Promise.reject(new JournalError('JOURNAL_CLOSED', 'the ledger is closed'));
    return (this.#logs.get(log) ?? this.#begin(log)).covered(index, level, timeoutMs);
  }

  /** In the order of names. */
  status(): readonly LogStatus[] {
    return [...this.#logs.values()].filter(({ size }) => size > 0).sort((a, b) => (a.log < b.log ? -1 : 1)).map((log) => log.status());
  }

  /** Syncs every file and folder that was touched, and advances the mark. Rejects with `JOURNAL_WRITE`; the mark is then where it was. */
  sync(): Promise<void> {
    this.#marking ??= this.#advance().finally(() => {
      this.#marking = null;
    });
    return this.#marking;
  }

  /** Publishes what was taken, syncs it, and ends. Rejects where that failed; nothing is open then either. */
  close(): Promise<void> {
    this.#closing ??= this.#shut();
    return this.#closing;
  }

  /** Writes what the write-ahead file has beyond the mark, and begins the rounds. Used by `openPublisher`. */
  async start(): Promise<void> {
    const { logs, from } = this.#recovered;
    for (const { log, files, head, marked } of logs) this.#logs.set(log, new PublishedLog(this.#shared, log, this.#origin(log), files, { head, marked }));
    const begun = new Map(logs.map((one) => [one.log, one.marked]));
    const grown = new Set<LogName>(logs.filter(({ rebuilt }) => rebuilt).map(({ log }) => log));
    for await (const stored of readRecords(this.#options.wal, from)) {
      this.#taken = stored.sequence + 1;
      if (stored.index < (begun.get(stored.log) ?? 0)) continue;
      grown.add(stored.log);
      (this.#logs.get(stored.log) ?? this.#begin(stored.log)).take({ ...stored, leaf: leafHash(stored.record) });
      this.#waiting += stored.record.length;
      if (this.#waiting >= this.#limits.maxWaiting) await this.#write();
    }
    await this.#write();
    for (const [name, log] of this.#logs) await log.ready(grown.has(name));
    this.#tick();
  }

  async #write(): Promise<void> {
    await Promise.all([...this.#logs.values()].map((log) => this.#shared.gate.through(() => log.write())));
  }

  #begin(log: LogName): PublishedLog {
    const files = new LogFiles(this.#disk, log, { edge: new Edge(), bundle: Buffer.alloc(0), privates: new Map(), partials: [] });
    const begun = new PublishedLog(this.#shared, log, this.#origin(log), files, { head: null, marked: 0 });
    this.#logs.set(log, begun);
    return begun;
  }

  #origin(log: LogName): string {
    return `${this.#options.prefix}/log/${log}`;
  }

  #tick(): void {
    if (this.#closing !== null) return;
    this.#timer = setTimeout(() => {
      void this.#round(false);
      if (this.#behind !== null) void this.#catchUp().then(() => this.#round(false));
      if (Date.now() - this.#syncedAt >= this.#limits.syncMs) this.sync().catch(() => undefined);
      this.#tick();
    }, this.#limits.publishMs);
    this.#timer.unref();
  }

  /** One round of each log that has something to publish. Those that failed wait for their next try, but for `all`. */
  async #round(all: boolean): Promise<void> {
    await Promise.all([...this.#logs.values()].filter((log) => all || log.due).map((log) => log.run()));
  }

  /** Reads what did not fit the memory, as far as there is room now. */
  #catchUp(): Promise<void> {
    this.#catching ??= this.#readBehind().catch((error: unknown) => {
      this.#unread = error instanceof JournalError ? error : new JournalError('JOURNAL_WRITE', 'the write-ahead file cannot be read', { cause: error });
      this.#options.onFailure?.(this.#unread);
    }).finally(() => {
      this.#catching = null;
    });
    return this.#catching;
  }

  async #readBehind(): Promise<void> {
    if (this.#behind === null || this.#waiting >= this.#limits.maxWaiting / 2) return;
    // What was taken is durable; what comes behind it in the file may not be.
    for await (const stored of readRecords(this.#options.wal, this.#behind, { end: this.#taken })) {
      (this.#logs.get(stored.log) ?? this.#begin(stored.log)).take({ ...stored, leaf: leafHash(stored.record) });
      this.#waiting += stored.record.length;
      this.#behind = stored.sequence + 1;
      if (this.#waiting >= this.#limits.maxWaiting) break;
    }
    this.#unread = null;
    if (this.#behind === this.#taken) this.#behind = null;
  }

  #published(published: PublishedCheckpoint): void {
    if (this.#fresh.length === 0) {
      setImmediate(() => {
        const list = this.#fresh;
        this.#fresh = [];
        this.#options.onCheckpoints?.(list);
      });
    }
    this.#fresh.push(published);
  }

  async #advance(): Promise<void> {
    this.#syncedAt = Date.now();
    if ([...this.#logs.values()].some(({ markable }) => !markable)) return;
    let sequence = this.#behind ?? this.#taken;
    const logs = new Map<LogName, LogMark>();
    for (const [name, log] of this.#logs) {
      if (log.uncovered !== null) sequence = Math.min(sequence, log.uncovered);
      if (log.head === null) continue;
      logs.set(name, { size: log.head.size, root: log.head.root });
      log.mark(log.head.size, false);
    }
    try {
      await this.#disk.touched.sync();
      await writeMark(this.#disk.fs, this.#disk.place, { sequence, logs });
    } catch (cause) {
      const code = (cause as NodeJS.ErrnoException).code;
      const error = new JournalError('JOURNAL_WRITE', `what the ledger published cannot be synced${code === undefined ? '' : ` (${code})`}`, { cause });
      this.#options.onFailure?.(error);
      throw error;
    }
    for (const [name, { size }] of logs) this.#logs.get(name)?.mark(size, true);
    this.#mark = sequence;
  }

  async #shut(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    try {
      await this.publish();
      // One that runs began before this.
      await this.#marking?.catch(() => undefined);
      await this.sync();
      // The partial tiles of the mark before.
      await this.#round(true);
    } finally {
      await Promise.all([...this.#logs.values()].map((log) => log.close()));
    }
  }
}
