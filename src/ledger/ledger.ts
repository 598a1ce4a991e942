import { setImmediate as nextTurn } from 'node:timers/promises';
import { JournalError } from '../exchange/errors.ts';
import type { Clock, Journal, Recorded } from '../exchange/ports.ts';
import type { Entry, Receipt, SystemEntry } from '../model/index.ts';
import type { EntryParts } from './entry/prepare.ts';
import { prepareEntry, prepareReady } from './entry/prepare.ts';
import { keepPrefix, originOf, receiptsName } from './name.ts';
import type { Publisher } from './publish/publisher.ts';
import { openPublisher } from './publish/publisher.ts';
import type { ReceiptSigner } from './receipts.ts';
import { issueReceipts } from './receipts.ts';
import type { LogName } from './record.ts';
import { anchorLog, dayOf, recordHead } from './record.ts';
import type { Cosigners, DayKeys, LogStatus, NoteSigner, Placed, WalRecord } from './types.ts';
import type { Wal, WalOptions } from './wal.ts';
import { openWal } from './wal.ts';

/** What the ledger needs of the keys. */
export interface LedgerKeys {
  readonly days: DayKeys;
  signer(name: LogName, noteName: string): Promise<NoteSigner>;
  receiptSigner(noteName: string): Promise<ReceiptSigner>;
}

export interface LedgerOptions {
  /** The folder of the write-ahead file. */
  readonly journal: string;
  /** The folder of what is published, and of the private files. */
  readonly place: string;
  /** The name that is wanted; null takes the kept one, and `defaultPrefix` the first time. */
  readonly prefix: string | null;
  readonly defaultPrefix: string;
  readonly keys: LedgerKeys;
  readonly cosigners: Cosigners;
  readonly clock?: Clock;
  /** Milliseconds between two rounds of checkpoints. */
  readonly publishMs?: number;
  /** Milliseconds between two entries of the anchor log that name the owners' checkpoints. */
  readonly anchorMs?: number;
  /** How long an answer waits for a quorum of witnesses, in milliseconds. */
  readonly witnessMs?: number;
  readonly wal?: Partial<Pick<WalOptions, 'maxBatch' | 'maxBatchBytes' | 'maxQueued' | 'maxQueuedBytes' | 'segmentBytes' | 'check' | 'retryDelay' | 'fs'>>;
  readonly onFailure?: (error: Error) => void;
  readonly onRecovery?: () => void;
  /** Told where the tiles of a log were lost or altered, and made anew from the raw entries. */
  readonly onRebuilt?: (log: LogName, why: string) => void;
}

/** How the ledger stands. */
export interface LedgerStatus {
  readonly healthy: boolean;
  readonly prefix: string;
  /** Durable entries over all logs. */
  readonly size: number;
  /** Up to here all is in private files and tiles, and synced. */
  readonly mark: number;
  /** The chain hash of the write-ahead file, hexadecimal. */
  readonly chain: string;
  readonly failure: string | null;
  readonly logs: readonly LogStatus[];
}

const dayMilliseconds = 86_400_000;
const defaults = { anchorMs: 10_000, witnessMs: 5_000 };

/**
 * Opens the ledger of a data folder: one write-ahead file for all logs, and what is published of them. Rejects with a `JournalError`:
 * `JOURNAL_LOCKED` where another process has it, `JOURNAL_CORRUPT`, `JOURNAL_VERSION`, or `JOURNAL_WRITE` where the disk fails.
 */
export async function openLedger(options: LedgerOptions): Promise<Ledger> {
  const prefix = await keepPrefix(options.place, options.prefix, options.defaultPrefix);
  const signer = await options.keys.receiptSigner(receiptsName(prefix));
  let ledger: Ledger | null = null;
  const wal = await openWal({
    ...options.wal, folder: options.journal,
    ...(options.clock === undefined ? {} : { clock: options.clock }),
    ...(options.onFailure === undefined ? {} : { onFailure: options.onFailure }),
    ...(options.onRecovery === undefined ? {} : { onRecovery: options.onRecovery }),
    onCommit: (placed) => ledger?.committed(placed),
  });
  try {
    const publisher = await openPublisher({
      place: options.place, wal: options.journal, prefix, cosigners: options.cosigners,
      signer: (log) => options.keys.signer(log, originOf(prefix, log)),
      ...(options.clock === undefined ? {} : { clock: options.clock }),
      ...(options.publishMs === undefined ? {} : { publishMs: options.publishMs }),
      ...(options.onFailure === undefined ? {} : { onFailure: options.onFailure }),
      ...(options.onRebuilt === undefined ? {} : { onRebuilt: options.onRebuilt }),
      onCheckpoints: (list) => ledger?.published(list),
    });
    ledger = new Ledger(options, { prefix, wal, publisher, signer });
    return ledger;
  } catch (error) {
    await wal.close();
    throw error;
  }
}

/** The parts of one open ledger. */
interface Parts {
  readonly prefix: string;
  readonly wal: Wal;
  readonly publisher: Publisher;
  readonly signer: ReceiptSigner;
}

/** Seals entries, makes them durable, signs receipts for them, and has them published and witnessed. */
export class Ledger implements Journal {
  readonly prefix: string;
  readonly #options: LedgerOptions;
  readonly #wal: Wal;
  readonly #publisher: Publisher;
  readonly #signer: ReceiptSigner;
  readonly #clock: Clock;
  readonly #receipts = new WeakMap<Placed, Receipt>();
  /** The origins of logs that grew since the anchor log was last told, with size and root. */
  readonly #grown = new Map<string, string>();
  #anchoring: NodeJS.Timeout | null = null;
  #closing: Promise<void> | null = null;
  #count = 0;

  /** Use `openLedger`. */
  constructor(options: LedgerOptions, { prefix, wal, publisher, signer }: Parts) {
    this.#options = options;
    this.prefix = prefix;
    this.#wal = wal;
    this.#publisher = publisher;
    this.#signer = signer;
    this.#clock = forward(options.clock ?? { now: () => Date.now() }, wal.latestDay * dayMilliseconds);
  }

  get healthy(): boolean {
    return this.#wal.healthy;
  }

  /** Durable entries over all logs, which is also the next sequence. */
  get size(): number {
    return this.#wal.size;
  }

  async append(entries: readonly (Entry | EntryParts)[]): Promise<readonly Recorded[]> {
    const placed = await this.#wal.append(await this.#prepare(entries));
    return placed.map((one) => {
      const receipt = this.#receipts.get(one);
      if (receipt === undefined) throw new JournalError('JOURNAL_WRITE', 'an entry is durable and has no receipt');
      return { sequence: one.sequence, receipt };
    });
  }

  async witnessed(recorded: readonly Recorded[]): Promise<void> {
    if (!this.#options.cosigners.configured) throw new JournalError('JOURNAL_WITNESS', 'no witness is configured, so none can confirm an entry');
    const last = new Map<LogName, number>();
    for (const { receipt } of recorded) last.set(receipt.log, Math.max(receipt.index, last.get(receipt.log) ?? 0));
    try {
      await Promise.all([...last].map(([log, index]) => this.#publisher.covered(log, index, 'cosigned', this.#options.witnessMs ?? defaults.witnessMs)));
    } catch (cause) {
      throw new JournalError('JOURNAL_WITNESS', 'a quorum of witnesses has not confirmed the entry in time', { cause });
    }
  }

  /** Resolves once a signed checkpoint covers all that is durable now. */
  async publish(): Promise<void> {
    await this.#publisher.publish();
  }

  /** Makes all that was published durable, so that the write-ahead file may be cut before `status().mark`. */
  async sync(): Promise<void> {
    await this.#publisher.sync();
  }

  status(): LedgerStatus {
    const { healthy, size, lastHash } = this.#wal;
    const failure = this.#wal.failure ?? this.#publisher.failure;
    return { healthy, prefix: this.prefix, size, mark: this.#publisher.mark, chain: lastHash, failure: failure?.message ?? null, logs: this.#publisher.status() };
  }

  /** Waits for what was taken, publishes it, and lets the folder go. */
  close(): Promise<void> {
    this.#closing ??= this.#shut();
    return this.#closing;
  }

  /** Called by the write-ahead file when a batch is durable, before anybody is answered. */
  committed(placed: readonly Placed[]): void {
    const receipts = issueReceipts(placed, { prefix: this.prefix, signer: this.#signer, now: this.#clock.now() });
    for (const [i, one] of placed.entries()) {
      const receipt = receipts[i];
      if (receipt !== undefined) this.#receipts.set(one, receipt);
    }
    this.#publisher.take(placed);
  }

  /** Called by the publisher with checkpoints that it signed. */
  published(list: readonly { readonly log: LogName; readonly origin: string; readonly size: number; readonly root: string }[]): void {
    for (const { log, origin, size, root } of list) if (log !== anchorLog) this.#grown.set(origin, `${size} ${root}`);
    if (this.#grown.size === 0 || this.#anchoring !== null || this.#closing !== null) return;
    this.#anchoring = setTimeout(() => {
      this.#anchoring = null;
      this.#anchor().catch((error: unknown) => this.#options.onFailure?.(error instanceof Error ? error : new Error(String(error))));
    }, this.#options.anchorMs ?? defaults.anchorMs);
    this.#anchoring.unref();
  }

  /** Tells the anchor log of the owners' checkpoints. What could not be told is told the next time. */
  async #anchor(): Promise<void> {
    if (this.#grown.size === 0) return;
    const detail = Object.fromEntries([...this.#grown].sort(([a], [b]) => (a < b ? -1 : 1)));
    this.#count += 1;
    const now = this.#clock.now();
    const entry: SystemEntry = { type: 'system', v: 1, id: `checkpoints-${now}-${this.#count}`, at: new Date(now).toISOString(), event: 'checkpoints', subject: String(this.#grown.size), hash: null, detail };
    await this.append([entry]);
    for (const [origin, told] of Object.entries(detail)) if (this.#grown.get(origin) === told) this.#grown.delete(origin);
  }

  /** Records at once where the day keys are there; else they are made first, and what was made for an earlier day meanwhile is made anew. */
  async #prepare(entries: readonly (Entry | EntryParts)[]): Promise<readonly WalRecord[]> {
    const now = this.#clock.now();
    const made = entries.map((entry) => prepareEntry(entry, this.#options.keys.days, now));
    if (made.every((one) => one !== null)) return made;
    for (;;) {
      const records = await Promise.all(entries.map((entry) => prepareReady(entry, this.#options.keys.days, this.#clock)));
      const today = dayOf(this.#clock.now());
      if (records.every(({ record }) => recordHead(record)?.day === today)) return records;
    }
  }

  async #shut(): Promise<void> {
    if (this.#anchoring !== null) clearTimeout(this.#anchoring);
    this.#anchoring = null;
    if (this.healthy) {
      await this.#publisher.publish().catch(() => undefined);
      // The publisher tells of all checkpoints of one turn together.
      await nextTurn();
      await this.#anchor().catch(() => undefined);
    }
    await this.#publisher.close().catch((error: unknown) => this.#options.onFailure?.(error instanceof Error ? error : new Error(String(error))));
    await this.#wal.close();
  }
}

/** A clock that never goes back, not over a restart either: the day of a record is never before that of an earlier one. */
function forward(clock: Clock, from: number): Clock {
  let last = from;
  return { now: () => (last = Math.max(last, clock.now())) };
}
