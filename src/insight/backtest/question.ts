import type { PolicyDocument } from '../../policy/index.ts';
import type { Range } from './types.ts';

/** A document by which is decided, with the hash of its canonical form. */
export interface NamedPolicy {
  readonly document: PolicyDocument;
  readonly hash: string;
}

export interface BacktestQuestion {
  /** One draft, or two of one owner to be seen side by side. */
  readonly drafts: readonly [NamedPolicy] | readonly [NamedPolicy, NamedPolicy];
  /** What it is compared with: another document; null for what was decided then. */
  readonly baseline: NamedPolicy | null;
  /** Rules that begin or end are taken as on this day, milliseconds; null for the later of the draft's first day and the last of the period. */
  readonly asOf: number | null;
  /** What one review takes of a person. */
  readonly minutes: Range;
  /** Whether the rows are read too, for people, examples, the busiest day and who else gets the same. */
  readonly rows: boolean;
  /** Whether everything is counted again from the rows, as a check. */
  readonly fullScan?: boolean;
  /** Whether the claims of the draft are proved on the registry of today. */
  readonly claims: boolean;
  readonly engine: string;
  /** The command that opens a row of an owner; null where the data set has no leaves. */
  readonly open: (owner: string, index: number) => string | null;
  readonly progress?: (what: string) => void;
}
