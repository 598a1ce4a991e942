import type { DatasetKind, Lack, Period } from '../archive/types.ts';

/**
 * By what counts can be broken down. `released`, `wanted` and `rule` are lists: an entry counts once in each of its words, and the table says so.
 * `organisation` is the tree: with `depth` 1 its roots, 2 the next level, and so on.
 */
export const dimensions = [
  'owner', 'month', 'day', 'weekday', 'hour', 'agency', 'organisation', 'party', 'level', 'department', 'component', 'homeState', 'mission', 'program287g',
  'taskForce', 'certified', 'audit', 'released', 'wanted', 'purpose', 'warrant', 'court', 'caseNumber', 'rule', 'status', 'verdict', 'decidedBy', 'reviewTime', 'kind', 'key', 'format', 'policyVersion',
] as const;
export type Dimension = (typeof dimensions)[number];

/** One of the words is the entry's (or, for lists, among the entry's). `not` turns it round. For `organisation`: it, or anything under it. */
export interface Condition {
  readonly dimension: Dimension;
  readonly words: readonly string[];
  readonly not: boolean;
}

export interface StatQuery {
  /** None, one or two. */
  readonly by: readonly { readonly dimension: Dimension; readonly depth?: number }[];
  readonly where: readonly Condition[];
  readonly compare: boolean;
  /** How many lines at most; the rest are added up in one line `other`. */
  readonly limit: number | null;
}

export interface StatRow {
  /** One for each of `by`. */
  readonly keys: readonly string[];
  /** The same for people. */
  readonly words: readonly string[];
  readonly n: number;
  readonly records: number;
  /** Of the period before and of the year before; null where it was not asked for, or the data set does not reach back so far. */
  readonly before: number | null;
  readonly yearBefore: number | null;
}

/** What every published figure carries. */
export interface Facts {
  readonly dataset: string;
  readonly kind: DatasetKind;
  readonly label: string;
  readonly lacks: readonly Lack[];
  readonly owners: readonly string[];
  readonly period: Period;
  readonly timeZone: 'UTC';
  /** RFC 3339: the newest entry that was counted; null where there is none. */
  readonly newest: string | null;
  /** Of each owner, the first index that is not archived: everything below was counted. */
  readonly archivedTo: Readonly<Record<string, number>>;
  /** Sentences: what these figures leave out. */
  readonly leftOut: readonly string[];
  /** Versions of the policy that came into force within the period. */
  readonly changes: readonly { readonly at: string; readonly owner: string; readonly version: number; readonly hash: string | null }[];
}

export interface StatTable {
  readonly query: StatQuery;
  readonly facts: Facts;
  /** By `n`, greatest first; by time or vocabulary where the dimension has an order. */
  readonly rows: readonly StatRow[];
  /** Of all entries that the conditions let through, each counted once. */
  readonly total: Omit<StatRow, 'keys' | 'words'>;
  /** True where an entry can stand in several lines, so that they do not add up to the total. */
  readonly overlapping: boolean;
  /** The command that gives this table again. */
  readonly command: string;
}

/** Names for people: of organisations by id, of ORIs, of rules by owner and id. What is not there is shown by its code. */
export interface Names {
  organisation(id: string): string | null;
  agency(ori: string): string | null;
  rule(owner: string, id: string): string | null;
}
