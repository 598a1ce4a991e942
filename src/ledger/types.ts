import type { Entry } from '../model/index.ts';
import type { LogName } from './record.ts';

/** One record on its way to the write-ahead file. */
export interface WalRecord {
  readonly log: LogName;
  /** The entry's id. */
  readonly id: string;
  readonly record: Buffer;
}

/** A record that is durable, and where it stands. */
export interface Placed {
  /** Its place in the write-ahead file, over all logs, from 0 without gaps. */
  readonly sequence: number;
  readonly log: LogName;
  /** Its leaf index in its own log, from 0 without gaps. */
  readonly index: number;
  readonly id: string;
  readonly record: Buffer;
  /** Leaf hash, 32 bytes as a latin1 text. */
  readonly leaf: string;
}

/** A record as it is read back. */
export type StoredRecord = Omit<Placed, 'id' | 'leaf'>;

/** One field of an entry: `text` is the JSON text of one object (docs/ledger-formats.md, "Commitment"). */
export interface Field {
  readonly name: string;
  readonly text: string;
}

/** An entry that was opened with its owner's keys. */
export interface OpenedRecord {
  readonly sequence: number;
  readonly log: LogName;
  readonly index: number;
  readonly entry: Entry;
  /** Null in the anchor log, where all is open. */
  readonly seed: Buffer | null;
  readonly fields: readonly Field[];
}

/** Ed25519 keys by which notes are signed. Each has the name that stands in the note. */
export interface NoteSigner {
  readonly name: string;
  /** 32 bytes. */
  readonly publicKey: Buffer;
  /** 64 bytes. A key kept elsewhere takes its time. */
  sign(message: Buffer): Promise<Buffer>;
}

/** The data keys of owners, one a day for disclosures and one for the rest. */
export interface DayKeys {
  /** The key, made durably where it is missing. Ready keys are given without a wait. */
  ready(owner: string, day: number, kind: 'disclosure' | 'other'): Promise<Buffer>;
  /** The key where it is in memory; null where `ready` must be asked. */
  held(owner: string, day: number, kind: 'disclosure' | 'other'): Buffer | null;
  /** For reading: null where it was destroyed, or never was. */
  find(owner: string, day: number, kind: 'disclosure' | 'other'): Promise<Buffer | null>;
  /** Deletes the key for good. False where there was none. */
  destroy(owner: string, day: number, kind: 'disclosure' | 'other'): Promise<boolean>;
}

/** What a log has published. Sizes are entries. */
export interface LogStatus {
  readonly log: LogName;
  readonly origin: string;
  /** Durable in the write-ahead file. */
  readonly size: number;
  /** Covered by the latest signed checkpoint; null before the first. */
  readonly published: { readonly size: number; readonly root: string; readonly at: number } | null;
  /** Covered by a checkpoint that a quorum of witnesses cosigned. */
  readonly cosigned: number;
}

/** Asks witnesses for their cosignatures. */
export interface Cosigners {
  /** False where no witness is configured: there is then no quorum to wait for. */
  readonly configured: boolean;
  /**
   * Shows a signed checkpoint to the witnesses of a log, and resolves with the cosignature lines that came (each with its line end), and whether they
   * are a quorum. Never rejects; a witness that does not answer in time counts as silent. `consistency` makes the proof from an older size.
   */
  cosign(log: LogName, checkpoint: { readonly note: string; readonly size: number }, consistency: (oldSize: number) => Promise<readonly Buffer[]>): Promise<{ readonly lines: readonly string[]; readonly quorum: boolean }>;
}
