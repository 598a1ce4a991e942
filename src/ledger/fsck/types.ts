import type { LogName } from '../record.ts';
import type { DayKeys } from '../types.ts';

/** What kind of difference was found. */
export type FindingKind =
  /** The write-ahead file is not as it was written. */
  | 'wal'
  /** A private file is altered, or is not what the write-ahead file has. */
  | 'private'
  /** An entry is in neither, and no erasure on the record explains it. */
  | 'gap'
  /** A record cannot be opened with its key, or its fields do not make its commitment. */
  | 'record'
  /** A tile or an entries bundle that the checkpoint needs is not there. */
  | 'missing'
  /** A tile or bundle is not what the raw entries make. */
  | 'differs'
  /** The checkpoint: its form, signature, origin, size or root. */
  | 'checkpoint'
  /** `ledger/name` or `ledger/mark`. */
  | 'note';

export interface Finding {
  readonly kind: FindingKind;
  /** Relative to the data folder, as `ledger/log/wa/tile/0/000`. */
  readonly file: string;
  readonly log: LogName | null;
  /** One sentence for a person. */
  readonly what: string;
}

/** Something that is no finding, and may be worth a look: a file that is no part of a ledger. */
export interface Remark {
  readonly file: string;
  readonly what: string;
}

/** What was found of one log. Numbers are entries but for `files`. */
export interface LogReport {
  readonly log: LogName;
  /** In the raw entries. */
  readonly size: number;
  /** The size of the checkpoint; null where there is none. */
  readonly published: number | null;
  /** Leaves whose records were erased, as the anchor log says. */
  readonly erased: number;
  /** Opened with keys, and their commitments computed again. */
  readonly opened: number;
  /** Tiles and bundles that were compared byte for byte. */
  readonly files: number;
}

export interface FsckReport {
  readonly logs: readonly LogReport[];
  readonly findings: readonly Finding[];
  readonly remarks: readonly Remark[];
  /** Files that were written anew from the raw entries. */
  readonly mended: readonly string[];
  /** Whether signatures of checkpoints were verified: a log without a known key could not be. */
  readonly unsignedLogs: readonly LogName[];
}

export interface FsckOptions {
  /** The folder of the write-ahead file. */
  readonly journal: string;
  /** The folder of the ledger: `name`, `mark`, `log`, `private`. */
  readonly ledger: string;
  /** The Ed25519 key by which a log signs its checkpoints, 32 bytes; null where it is not known. */
  readonly publicKey?: (log: LogName) => Promise<Uint8Array | null>;
  /** Keys of witnesses, `NAME+ID+KEY`: their cosignatures are verified where they stand under a checkpoint. */
  readonly witnesses?: readonly string[];
  /** Opens every record and computes its commitment again. */
  readonly days?: DayKeys;
  /** Only these logs. The order of sequences over all logs is then not checked. */
  readonly logs?: readonly LogName[];
  /** Writes tiles and bundles that are missing or differ anew. Never a checkpoint, never a raw record. */
  readonly mend?: boolean;
  /** Bytes that were read, of about so many. */
  readonly onProgress?: (done: number, total: number) => void;
}
