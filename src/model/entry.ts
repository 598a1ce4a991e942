import type { AnswerStatus, CourtClass, DataClass, EvidenceGrade, InquiryKey, Purpose, QueryKind, RequesterAttributes } from '../vocabulary/index.ts';
import type { ClassDecision, NotifyDuty } from './decision.ts';
import type { Destination, Ori, WireFormat } from './inquiry.ts';

/** Who asked, as the registry and the credential know them: attributes used for the decision are written out in full. */
export interface EntryRequester {
  readonly ori: Ori;
  readonly organisation: string;
  readonly attributes: RequesterAttributes;
}

/** One volume limit that the decision had to ask, with the raw counter, so that anybody can see again whether it was used up. */
export interface EntryLimit {
  readonly rule: string;
  /** The organisation that is counted, or `*` where the owner's requesters are counted together. */
  readonly key: string;
  /** The calendar hour, day, ISO week or month, UTC: `2026-11-22T12`, `2026-11-22`, `2026-W47`, `2026-11`. */
  readonly window: string;
  /** The counter before this request. Null where it could not be read: the limit was then taken as used up. */
  readonly used: number | null;
  readonly max: number;
  /** Whether this request took one. The counters are what these say, added up (invariant 10). */
  readonly counted: boolean;
}

/**
 * One owner's decision on one inquiry, as the journal keeps it (design sections 3 and 7).
 * No field here names a person: the subject, the user, the case number and the warrant are in `sealed`,
 * encrypted under the owner's key; `subjectTag` is keyed by the owner.
 */
export interface DecisionEntry {
  readonly type: 'decision';
  readonly v: 1;
  readonly id: string;
  /** RFC 3339, UTC, milliseconds. */
  readonly at: string;
  readonly inquiry: string;
  readonly owner: string;
  readonly key: InquiryKey;
  readonly kind: QueryKind;
  readonly format: WireFormat;
  readonly destinations: readonly Destination[];
  readonly requester: EntryRequester;
  readonly onBehalfOf: EntryRequester | null;
  /** Whether the registry knows that the requester may ask for the other; null where it asks for itself. */
  readonly delegated: boolean | null;
  /** SHA-256 fingerprint of the client certificate, or null on the loopback demonstration. */
  readonly credential: string | null;
  readonly purpose: Purpose;
  readonly evidence: { readonly warrant: EvidenceGrade; readonly court: CourtClass; readonly caseNumber: EvidenceGrade };
  readonly status: AnswerStatus;
  readonly decisions: readonly ClassDecision[];
  /** The classes of which something left, and for how many records. */
  readonly released: readonly DataClass[];
  readonly records: number;
  /** SHA-256 of the canonical released records, hexadecimal; null where nothing left. */
  readonly releasedHash: string | null;
  readonly policyVersion: number | null;
  readonly policyHash: string | null;
  readonly registryVersion: number;
  readonly registryHash: string;
  /** The hash of what decided; the policy document itself until tables are compiled. */
  readonly tableHash: string | null;
  readonly duties: readonly NotifyDuty[];
  /** Empty where no limit counts what was decided. */
  readonly limits: readonly EntryLimit[];
  readonly ticket: { readonly id: string; readonly deadline: string; readonly by: string; readonly onTimeout: 'deny' | 'release' } | null;
  readonly subjectTag: string | null;
  /** AES-256-GCM under the owner's key, base64: what names people. */
  readonly sealed: string;
  readonly engine: string;
}

/** The same answer was given again to the same asker on an idempotency key: no new decision was made. */
export interface RedeliveryEntry {
  readonly type: 'redelivery';
  readonly v: 1;
  readonly id: string;
  readonly at: string;
  readonly inquiry: string;
  readonly requester: Ori;
  readonly credential: string | null;
}

/**
 * The exchange itself: it started, stopped, or went over to a policy or a version of the registry. `subject` is a version or an owner with one.
 * `claimsOverridden`: a policy was activated though claims of it fail, `OWNER VERSION CLAIM…`. `claimBroken`: a claim fails that held
 * when last proved, `OWNER CLAIM policy VERSION registry VERSION`. The hash of both is that of the policy.
 */
export interface SystemEntry {
  readonly type: 'system';
  readonly v: 1;
  readonly id: string;
  readonly at: string;
  readonly event: 'started' | 'stopped' | 'policyActivated' | 'registryActivated' | 'claimsOverridden' | 'claimBroken';
  readonly subject: string;
  readonly hash: string | null;
}

export type Entry = DecisionEntry | RedeliveryEntry | SystemEntry;
