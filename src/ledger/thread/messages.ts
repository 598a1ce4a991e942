import type { JournalErrorCode } from '../../exchange/errors.ts';
import type { Recorded } from '../../exchange/ports.ts';
import type { LedgerStatus } from '../ledger.ts';
import type { WitnessStatus } from '../witness/cosigners.ts';

/** What the thread of the ledger is started with. */
export interface LedgerSettings {
  readonly journal: string;
  readonly place: string;
  readonly keys: string;
  /** The owners whose keys are loaded, and made where they are missing. */
  readonly owners: readonly string[];
  /** The program that keeps the keys, and its arguments; null where they are in files. */
  readonly custodian: readonly string[] | null;
  readonly prefix: string | null;
  readonly defaultPrefix: string;
  /** A C2SP tlog-policy that names witnesses; null where there is none. */
  readonly policy: string | null;
  readonly publishMs: number;
  readonly anchorMs: number;
  readonly witnessMs: number;
}

/** `calls` as `packing.ts` writes them. */
export type ToLedger =
  | { readonly type: 'append'; readonly calls: string }
  | { readonly type: 'witnessed'; readonly n: number; readonly recorded: readonly Recorded[] }
  | { readonly type: 'publish' | 'sync' | 'status' | 'daysAhead' | 'close'; readonly n: number };

/** What a call came to, but for entries that were recorded. */
export interface Settled {
  readonly n: number;
  readonly ok: boolean;
  readonly value?: unknown;
  readonly error?: { readonly code: JournalErrorCode | null; readonly message: string };
}

/** `recorded` as `packing.ts` writes it. */
export type FromLedger =
  | { readonly type: 'open'; readonly prefix: string; readonly size: number }
  | { readonly type: 'settled'; readonly recorded: string; readonly all: readonly Settled[]; readonly size: number; readonly healthy: boolean }
  | { readonly type: 'state'; readonly healthy: boolean; readonly size: number }
  | { readonly type: 'failed'; readonly error: { readonly code: JournalErrorCode | null; readonly message: string } }
  | { readonly type: 'told'; readonly what: 'failure' | 'rebuilt'; readonly message: string };

/** The ledger and its witnesses, as the thread tells it. */
export interface ThreadStatus {
  readonly ledger: LedgerStatus;
  readonly witnesses: readonly WitnessStatus[];
}
