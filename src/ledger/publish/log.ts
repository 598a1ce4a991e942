import { JournalError } from '../../exchange/errors.ts';
import type { Clock } from '../../exchange/ports.ts';
import type { LogName } from '../record.ts';
import type { Cosigners, LogStatus, NoteSigner, StoredRecord } from '../types.ts';
import type { CosigningLog } from './cosigning.ts';
import { Cosigning } from './cosigning.ts';
import type { Gate } from './gate.ts';
import type { LogFiles } from './logFiles.ts';
import type { Head, LogKey, SignedHead } from './signing.ts';
import { logKey, rootText, signCheckpoint } from './signing.ts';

/** A record that waits to be published. */
export interface Pending extends StoredRecord {
  readonly leaf: string;
}

/** What the logs of a publisher share. */
export interface Shared {
  readonly clock: Clock;
  readonly gate: Gate;
  readonly cosigners: Cosigners;
  readonly signer: (log: LogName) => Promise<NoteSigner>;
  /** Milliseconds: the first pause after a failure, the longest one, and how long a signature may take. */
  readonly retryDelay: number;
  readonly longestDelay: number;
  readonly signMs: number;
  readonly onFailure: (error: JournalError) => void;
  readonly onPublished: (published: { readonly log: LogName; readonly origin: string; readonly size: number; readonly root: string }) => void;
  /** Told how many bytes of records left the memory. */
  readonly onWritten: (bytes: number) => void;
  /** The proof from an older size to a newer one, from the tiles. */
  readonly consistency: (log: LogName, oldSize: number, size: number) => Promise<readonly Buffer[]>;
}

interface Waiter {
  readonly index: number;
  readonly level: 'signed' | 'cosigned';
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

/** From where a log is published on. */
export interface Published {
  /** The checkpoint in place; null before the first. */
  readonly head: SignedHead | null;
  /** The size of the last mark, whose partial tiles stay. */
  readonly marked: number;
}

/** Publishes one log: in rounds, one at a time, each of all that waits at its beginning. */
export class PublishedLog implements CosigningLog {
  readonly log: LogName;
  readonly origin: string;
  readonly #shared: Shared;
  readonly #files: LogFiles;
  readonly #cosigning: Cosigning;
  #key: LogKey | null = null;
  #pending: Pending[] = [];
  /** Durable in the write-ahead file. */
  #size: number;
  /** The first sequence that no signed checkpoint covers; null where all are covered. */
  #uncovered: number | null = null;
  #head: Head | null;
  #at = 0;
  /** Sizes of checkpoints that are or may be shown, the newest last. */
  #shown: number[];
  /** Sizes of marks that are or may be in place. */
  #marks: number[];
  #dropped = true;
  #waiters: Waiter[] = [];
  #again = false;
  #running: Promise<void> | null = null;
  #failure: JournalError | null = null;
  #delay: number;
  #timer: NodeJS.Timeout | null = null;
  #closed = false;

  constructor(shared: Shared, log: LogName, origin: string, files: LogFiles, { head, marked }: Published) {
    this.#shared = shared;
    this.log = log;
    this.origin = origin;
    this.#files = files;
    this.#size = files.size;
    this.#head = head;
    this.#at = head === null ? 0 : shared.clock.now();
    this.#shown = head === null ? [] : [head.size];
    this.#marks = [marked];
    this.#delay = shared.retryDelay;
    this.#cosigning = new Cosigning(shared.cosigners, this);
    if (head !== null) this.#cosigning.show(head);
  }

  get size(): number {
    return this.#size;
  }

  get head(): Head | null {
    return this.#head;
  }

  get failure(): JournalError | null {
    return this.#failure;
  }

  /** The first sequence that no signed checkpoint covers; null where all are covered. */
  get uncovered(): number | null {
    return this.#uncovered;
  }

  /** False where less is signed than was marked before, because the checkpoint was lost: the mark must not pass over that. */
  get markable(): boolean {
    return (this.#head?.size ?? 0) >= (this.#marks[0] ?? 0);
  }

  /** True where a round has something to do and does not wait for its next try. */
  get due(): boolean {
    return this.#timer === null && this.#work();
  }

  /** One more is durable. */
  take(record: Pending): void {
    this.#uncovered ??= record.sequence;
    this.#size = Math.max(this.#size, record.index + 1);
    this.#pending.push(record);
  }

  /** One more is durable, and is read from the write-ahead file later. */
  know(index: number, sequence: number): void {
    this.#uncovered ??= sequence;
    this.#size = Math.max(this.#size, index + 1);
  }

  /** Publishes all that was taken until now. Never rejects: `failure` tells. */
  run(): Promise<void> {
    this.#again = true;
    this.#running ??= this.#rounds().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  /** Resolves once a checkpoint covers the leaf index. See `Publisher.covered`. */
  covered(index: number, level: 'signed' | 'cosigned', timeoutMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiters = this.#waiters.filter((other) => other.timer !== timer);
        reject(new JournalError('JOURNAL_WITNESS', `no ${level} checkpoint of ${this.log} covered entry ${index} in ${timeoutMs} milliseconds`));
      }, timeoutMs);
      this.#waiters.push({ index, level: this.#shared.cosigners.configured ? level : 'signed', resolve, reject, timer });
      this.settle();
      if (this.due) void this.run();
    });
  }

  /** Writes what is taken into tiles and private files, and signs nothing: for a start that reads many. */
  async write(): Promise<void> {
    await this.#files.flush();
    const pending = this.#pending;
    this.#pending = [];
    let bytes = 0;
    for (const stored of pending) {
      bytes += stored.record.length;
      this.#files.add(stored, stored.leaf);
      // At a start the partial tiles of the checkpoint that stands may be torn, and readers have it until the next one.
      if (this.#files.careful && this.#files.size === this.#head?.size) await this.#files.writePartials();
    }
    this.#shared.onWritten(bytes);
    await this.#files.flush();
  }

  /** Ends a start. Where something was written, the partial tiles follow. */
  async ready(written: boolean): Promise<void> {
    if (written) await this.#files.writePartials();
    // Those that a process began and never published may be cut short, and a larger checkpoint would stand over them.
    await this.#files.dropPartials([...this.#shown, ...this.#marks, this.#files.size]);
    this.#files.careful = false;
    this.#dropped = false;
  }

  /** A mark of this size may be in place soon, or is the only one. Its partial tiles stay. */
  mark(size: number, only: boolean): void {
    this.#marks = only ? [size] : [...new Set([...this.#marks, size])];
    this.#dropped = false;
  }

  status(): LogStatus {
    return {
      log: this.log, origin: this.origin, size: this.#size,
      published: this.#head === null ? null : { size: this.#head.size, root: rootText(this.#head.root), at: this.#at },
      cosigned: this.#cosigning.size,
    };
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    for (const { timer, reject } of this.#waiters.splice(0)) {
      clearTimeout(timer);
      reject(new JournalError('JOURNAL_CLOSED', 'the ledger is closed'));
    }
    await this.#running;
    await this.#cosigning.close();
  }

  consistency(oldSize: number, size: number): Promise<readonly Buffer[]> {
    return this.#shared.consistency(this.log, oldSize, size);
  }

  put(name: string, text: string): Promise<void> {
    return this.#shared.gate.through(() => this.#files.put(name, text));
  }

  failed(error: unknown): void {
    this.#shared.onFailure(publishError(this.log, error));
  }

  /** Tells those who waited for what is there now. */
  settle(): void {
    if (this.#waiters.length === 0) return;
    const waiting: Waiter[] = [];
    for (const waiter of this.#waiters) {
      const reached = waiter.level === 'signed' ? (this.#head?.size ?? 0) : this.#cosigning.size;
      if (waiter.index < reached) {
        clearTimeout(waiter.timer);
        waiter.resolve();
      } else waiting.push(waiter);
    }
    this.#waiters = waiting;
  }

  #work(): boolean {
    return this.#pending.length > 0 || this.#files.waiting || this.#files.size > (this.#head?.size ?? 0) || !this.#dropped;
  }

  async #rounds(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    try {
      while (this.#again && this.#work()) {
        this.#again = false;
        await this.#round();
        // Somebody waits for what came during the round.
        if (this.#pending.length > 0 && this.#waiters.length > 0) this.#again = true;
      }
      this.#again = false;
      this.#failure = null;
      this.#delay = this.#shared.retryDelay;
    } catch (error) {
      this.#again = false;
      this.#failure = publishError(this.log, error);
      this.#shared.onFailure(this.#failure);
      if (!this.#closed) this.#retryLater();
    }
  }

  async #round(): Promise<void> {
    const { gate } = this.#shared;
    await gate.through(async () => {
      await this.write();
      await this.#files.writePartials();
    });
    const size = this.#files.size;
    if (size > (this.#head?.size ?? 0)) {
      const head = { size, root: this.#files.root() };
      this.#key ??= await logKey(await this.#shared.signer(this.log));
      const note = await signCheckpoint(this.#key, this.origin, head, this.#shared.signMs);
      // From here on others may see it, even where the disk says that it failed.
      if (this.#shown.at(-1) !== size) this.#shown.push(size);
      this.#dropped = false;
      await this.#cosigning.replace(async () => {
        await this.put('checkpoint', note);
        this.#publishedNow(head, note);
      });
    }
    await gate.through(() => this.#files.dropPartials([...this.#shown, ...this.#marks]));
    this.#dropped = true;
  }

  #publishedNow(head: Head, note: string): void {
    this.#head = head;
    this.#at = this.#shared.clock.now();
    this.#shown = this.#shown.slice(-2);
    this.#uncovered = this.#pending[0]?.sequence ?? null;
    this.#shared.onPublished({ log: this.log, origin: this.origin, size: head.size, root: rootText(head.root) });
    this.settle();
    this.#cosigning.show({ ...head, note });
  }

  #retryLater(): void {
    this.#timer = setTimeout(() => {
      this.#timer = null;
      void this.run();
    }, this.#delay);
    this.#timer.unref();
    this.#delay = Math.min(2 * this.#delay, this.#shared.longestDelay);
  }
}

/** The fault of a disk or a key, with the log that it concerns. */
export function publishError(log: LogName, cause: unknown): JournalError {
  const code = (cause as NodeJS.ErrnoException | null)?.code;
  const what = `the log ${log} cannot be published at the moment`;
  return new JournalError('JOURNAL_WRITE', code === undefined ? what : `${what} (${code})`, { cause });
}
