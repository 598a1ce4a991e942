import type { LogName } from '../record.ts';
import type { Cosigners } from '../types.ts';
import { Gate } from './gate.ts';

/** What cosigning needs of a log. */
export interface CosigningLog {
  readonly log: LogName;
  /** Puts a file of the log in its place. */
  put(name: string, text: string): Promise<void>;
  consistency(oldSize: number, size: number): Promise<readonly Buffer[]>;
  /** A quorum cosigned more than before. */
  settle(): void;
  failed(error: unknown): void;
}

interface Shown {
  readonly size: number;
  /** With the log's own signature. */
  readonly note: string;
}

/** Checkpoints of one log that witnesses look at together: while one of them is slow, the others can cosign the next. */
const mostAsked = 3;
const firstPause = 1_000;
const longestPause = 60_000;

/**
 * Shows the checkpoints of one log to witnesses, and puts their cosignatures where readers find them: in `checkpoint` while it is still the newest, and in
 * `cosigned` where they are a quorum. Nothing waits for it.
 */
export class Cosigning {
  readonly #cosigners: Cosigners;
  readonly #log: CosigningLog;
  /** One change of the notes at a time. */
  readonly #notes = new Gate(1);
  /** The checkpoint that certainly is in place; null while it is replaced. */
  #latest: Shown | null = null;
  #size = 0;
  #asked = 0;
  /** The newest size that was shown to witnesses, and is with them or was answered. */
  #askedSize = 0;
  #pause = firstPause;
  #timer: NodeJS.Timeout | null = null;
  #closed = false;

  constructor(cosigners: Cosigners, log: CosigningLog) {
    this.#cosigners = cosigners;
    this.#log = log;
  }

  /** Covered by a checkpoint that a quorum cosigned. */
  get size(): number {
    return this.#size;
  }

  /** Does `put` while nothing else changes the notes. Until the next `show` no cosignature is added: what is in place is in doubt where `put` fails. */
  async replace(put: () => Promise<void>): Promise<void> {
    await this.#notes.through(async () => {
      this.#latest = null;
      await put();
    });
  }

  /** The checkpoint that is in place now. */
  show(checkpoint: Shown): void {
    this.#latest = checkpoint;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#pause = firstPause;
    this.#next();
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    // What is being put is put; what comes later finds it closed.
    await this.#notes.through(() => Promise.resolve());
  }

  #next(): void {
    const shown = this.#latest;
    if (shown === null || !this.#cosigners.configured || this.#closed || this.#asked >= mostAsked || shown.size <= this.#askedSize) return;
    this.#asked += 1;
    this.#askedSize = shown.size;
    void this.#ask(shown).finally(() => {
      this.#asked -= 1;
      this.#next();
    });
  }

  async #ask(shown: Shown): Promise<void> {
    let enough = false;
    try {
      const { lines, quorum } = await this.#cosigners.cosign(this.#log.log, shown, (oldSize) => this.#log.consistency(oldSize, shown.size));
      if (quorum) this.#size = Math.max(this.#size, shown.size);
      if (quorum) this.#log.settle();
      await this.#notes.through(() => this.#put(shown, lines, quorum));
      enough = quorum;
    } catch (error) {
      this.#log.failed(error);
    }
    if (!enough) this.#later(shown);
  }

  async #put(shown: Shown, lines: readonly string[], quorum: boolean): Promise<void> {
    if (this.#closed) return;
    const note = shown.note + lines.join('');
    // An older answer of slower witnesses never takes the place of a newer one.
    if (quorum && shown.size === this.#size) await this.#log.put('cosigned', note);
    if (lines.length > 0 && this.#latest?.size === shown.size) await this.#log.put('checkpoint', note);
  }

  /** Asks again while there is nothing newer. */
  #later(shown: Shown): void {
    if (this.#closed || this.#latest?.size !== shown.size || this.#timer !== null) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#askedSize = Math.min(this.#askedSize, shown.size - 1);
      this.#next();
    }, this.#pause);
    this.#timer.unref();
    this.#pause = Math.min(2 * this.#pause, longestPause);
  }
}
