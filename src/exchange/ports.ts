import type { CourtClass, DataClass, InquiryKey, RequesterAttributes } from '../vocabulary/index.ts';
import type { LimitRule } from '../policy/index.ts';
import type { Decision, DecisionEntry, DecisionInput, DirectoryEntry, DirectoryInquiry, Entry, Ori, Receipt, RecordData, Subject } from '../model/index.ts';

/** What the exchange asks an owner's records. At most `limit` records come back; `more` says that there were others. */
export interface SourceQuery {
  readonly key: InquiryKey;
  readonly subject: Subject;
  /** Only these classes may be read: nothing that the decision withholds is ever fetched. */
  readonly classes: readonly DataClass[];
  readonly limit: number;
}

/** `unavailable` is never dressed as `none`. `why` names no person and no connection secret. */
export type SourceResult =
  | { readonly status: 'found'; readonly records: readonly RecordData[]; readonly more: boolean }
  | { readonly status: 'none' }
  | { readonly status: 'unavailable'; readonly why: 'timeout' | 'down' | 'open' | 'overloaded' | 'misconfigured' };

/** A connection to the records of one owner. Never rejects: a failure is `unavailable`. */
export interface Source {
  lookup(query: SourceQuery): Promise<SourceResult>;
}

export interface Sources {
  /** Null where the owner has no source configured: the exchange answers `unavailable`. */
  of(owner: string): Source | null;
}

/** An organisation as a requester. Attributes are relative to the owner that decides, because certifications are. */
export interface Requester {
  readonly ori: Ori;
  readonly organisation: string;
  readonly name: string;
  attributes(owner: string, at: Date): RequesterAttributes;
}

/** One immutable version of the registry, held in memory. */
export interface RegistrySnapshot {
  readonly version: number;
  readonly hash: string;
  requester(ori: Ori): Requester | null;
  /** True where `requester` may ask for `other`: a delegation edge, in force, from other to requester. */
  mayActFor(requester: Ori, other: Ori, at: Date): boolean;
  directory(by: DirectoryInquiry['by'], limit: number): { readonly entries: readonly DirectoryEntry[]; readonly more: boolean };
}

/** The current snapshot; a new version replaces it as one switch. */
export interface Registry {
  current(): RegistrySnapshot;
}

/** The policy of one owner, ready to decide. */
export interface OwnerPolicy {
  readonly owner: string;
  readonly version: number;
  readonly hash: string;
  decide(input: DecisionInput): Decision;
  /** The limits in force whose `to` matches the asker; where there are none, one and the same empty list. */
  limitsFor(input: DecisionInput): readonly LimitRule[];
  /** The rule in words, for a refusal: its title, or a sentence made from it. */
  words(ruleId: string): string;
}

export interface Policies {
  /** Null where the owner has no policy in force: everything is denied. */
  of(owner: string): OwnerPolicy | null;
  /** The owners that take part, in alphabetical order. */
  readonly owners: readonly string[];
}

/** An entry that is durable. */
export interface Recorded {
  /** Its place over all logs, from 0 without gaps: what projections keep as their watermark. */
  readonly sequence: number;
  readonly receipt: Receipt;
}

/**
 * Where entries go. `append` resolves once every entry of the call is durable, all or none, in order; it rejects with a
 * `JournalError` where that cannot be promised, and then nothing may be released.
 */
export interface Journal {
  append(entries: readonly Entry[]): Promise<readonly Recorded[]>;
  /** Resolves once a quorum of witnesses cosigned checkpoints that cover these; rejects with `JOURNAL_WITNESS` where that takes too long. */
  witnessed(recorded: readonly Recorded[]): Promise<void>;
  readonly healthy: boolean;
}

/** A person who asks, as their agency knows them. */
export interface AskingUser {
  readonly kind: 'user';
  readonly ori: Ori;
  readonly user: string;
}

/** The keys of owners. */
export interface Sealer {
  /** A tag that is equal for equal subjects (or users) of one owner and says nothing without the owner's key. */
  tag(owner: string, subject: Subject | AskingUser): string;
  /** AES-256-GCM under the owner's key, base64. */
  seal(owner: string, plain: string): string;
}

/** Court papers that an owner confirmed with the court. */
export interface Confirmations {
  court(owner: string, number: string | null, documentHash: string | null): CourtClass | null;
}

/** Makes the reduced form of a picture. */
export interface Reducer {
  reduce(picture: Uint8Array): Promise<Uint8Array>;
}

export interface Clock {
  /** Milliseconds since 1970, UTC. */
  now(): number;
}

/** An answer kept so that a retry gets the same one. */
export interface KeptAnswer {
  readonly inquiry: string;
  /** The owners that decided. */
  readonly owners: readonly string[];
  readonly status: number;
  readonly contentType: string;
  readonly body: Uint8Array;
}

/** What is known of an idempotency key of one requester. `conflict`: the key was used for another message. */
export type IdempotencyClaim =
  | { readonly state: 'new' }
  | { readonly state: 'done'; readonly answer: KeptAnswer }
  | { readonly state: 'running' }
  | { readonly state: 'conflict' };

/** Keeps answers by idempotency key for a day. A claim without an answer lapses after a minute. */
export interface Idempotency {
  claim(requester: Ori, key: string, requestHash: string, inquiry: string): Promise<IdempotencyClaim>;
  complete(requester: Ori, key: string, answer: KeptAnswer): Promise<void>;
  abandon(requester: Ori, key: string): Promise<void>;
}

/** One counter of a limit, and how far it may go for this request. */
export interface LimitClaim {
  /** The id of the limit. */
  readonly rule: string;
  /** The organisation that is counted, or `*` where the owner's requesters are counted together. */
  readonly key: string;
  /** The calendar hour, day, week or month, and its first instant after, milliseconds since 1970. */
  readonly window: string;
  readonly endsAt: number;
  readonly max: number;
  /** What the request would get that the limit counts. */
  readonly classes: readonly DataClass[];
}

export interface LimitReading {
  /** The counter before this request. The claim is used up where it is at the maximum. */
  readonly used: number;
  /** Whether the counter is now one higher. */
  readonly taken: boolean;
}

/**
 * The counters of volume limits, common to all that decide for an owner. A projection of the journal: what was taken and never
 * recorded is given back, at the latest when the exchange starts again.
 */
export interface Limits {
  /**
   * All claims of one request as one step, with readings in order. A claim is taken where its counter is below the maximum and the used-up
   * claims leave something of its classes, so that nothing is counted that will not be given. However many ask at once, no counter passes
   * its maximum. Rejects where the counters cannot be reached in time: the caller then takes all of them as used up.
   */
  take(owner: string, claims: readonly LimitClaim[]): Promise<readonly LimitReading[]>;
  /** Gives back what was taken, where nothing was given after all. Never fails: what cannot be given back stays counted. */
  giveBack(owner: string, claims: readonly LimitClaim[]): void;
}

/** Held requests, as a projection of the journal: told of each entry with a ticket once it is durable. */
export interface Tickets {
  note(entries: readonly { readonly index: number; readonly entry: DecisionEntry }[]): Promise<void>;
}
