import type { Network } from '../model/index.ts';
import type { PolicyDocument, PolicyTable } from '../policy/index.ts';
import type { ContentSnapshot } from '../registry/index.ts';
import type { Names } from './statistics/types.ts';

/** One version of an owner's policy. */
export interface PolicyOf {
  readonly owner: string;
  readonly version: number;
  /** SHA-256 of the canonical document, hexadecimal. */
  readonly hash: string;
  /** RFC 3339: since when it decides. */
  readonly since: string;
  readonly document: PolicyDocument;
  /** Compiled for the day of `at`, on the registry of this world. */
  readonly table: PolicyTable;
}

/** What a reading of the archive may look up beside it: names, rules and the registry of today. Given by whoever opens the store. */
export interface InsightWorld {
  readonly names: Names;
  readonly registry: ContentSnapshot;
  /** The organisations and the edges between them, for proofs. Made when first asked for. */
  network(): Network;
  /** The policy in force of an owner; null where there is none. */
  policy(owner: string): Promise<PolicyOf | null>;
  /** All versions that were activated, oldest first. */
  versions(owner: string): Promise<readonly { readonly version: number; readonly hash: string; readonly since: string }[]>;
  /** Compiles any document (a draft) as it would decide at `at`, milliseconds, on this registry. */
  compile(document: PolicyDocument, at: number): PolicyTable;
  /** The table with these bytes, that decided entries of the past; null where it is not kept. */
  tableOf(hash: string): Promise<PolicyTable | null>;
}
