import type { AnswerStatus, CourtClass, DataClass, EvidenceGrade, InquiryKey, Purpose, QueryKind, RequesterAttributes } from '../vocabulary/index.ts';
import type { ClassDecision, NotifyDuty } from './decision.ts';
import type { Destination, Ori, Sex, WireFormat } from './inquiry.ts';

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
 * What a later look for misuse needs of who asked and who was asked about, made at the time of the query and never kept as a name. Tags are
 * keyed by the owner, hexadecimal; null where it was not stated.
 */
export interface EntryMarks {
  /** The person who asks, as their agency knows them, within that agency. */
  readonly user: string | null;
  /** The same as a name, where it reads as one; and the name of the person asked about. Equal names have equal tags, whichever side they stand on. */
  readonly userName: string | null;
  readonly subjectName: string | null;
  /** Both have the same surname and given name; both have the same surname. Null where one of the names is not known. */
  readonly self: boolean | null;
  readonly sameSurname: boolean | null;
  /** Of the person asked about, as asked for or as given. */
  readonly sex: Sex | null;
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
  /** SHA-256 fingerprint of the client certificate, the account of a person who asked by hand, or null on the loopback demonstration. */
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
  readonly ticket: { readonly id: string; readonly deadline: string; readonly by: string; readonly onTimeout: 'deny' | 'release'; /** Given at once because of an emergency: the review follows. */ readonly exigent?: true } | null;
  readonly subjectTag: string | null;
  /** Tags of the drivers and vehicles whose records were given, by what of theirs was given; so that they find the entry whatever was asked by. */
  readonly recordTags: readonly string[];
  /** AES-256-GCM under the owner's key, base64: what names people. */
  readonly sealed: string;
  /** Absent where nothing of it is known, and in entries from before there were any. */
  readonly marks?: EntryMarks;
  readonly engine: string;
}

/** The same answer was given again to the same asker on an idempotency key: no new decision was made. One for each owner that had answered. */
export interface RedeliveryEntry {
  readonly type: 'redelivery';
  readonly v: 1;
  readonly id: string;
  readonly at: string;
  readonly inquiry: string;
  readonly requester: Ori;
  readonly credential: string | null;
  readonly owner: string;
}

/** To whom entries are opened. */
export type OpenedTo = 'owner' | 'agency' | 'resident' | 'auditor' | 'public';

/** Entries of an owner were opened to somebody. On the record before anything is handed out. */
export interface OpeningEntry {
  readonly type: 'opening';
  readonly v: 1;
  readonly id: string;
  readonly at: string;
  readonly to: OpenedTo;
  /** An ORI, the name of an office, or a request's number: never the name of a resident. */
  readonly who: string;
  /** The number of the order, sample or request on which it was done; null where it needs none. */
  readonly order: string | null;
  readonly entries: number;
  /** SHA-256 over the leaf indices in ascending order as text, joined by a space, hexadecimal: says which without naming them. */
  readonly indices: string;
  /** The fields that were opened. */
  readonly fields: readonly string[];
  readonly withheld: number;
  readonly owner: string;
}

/** An entry is not to be opened to a resident before a date, on somebody's order. A later one for the same index replaces it; `until` in the past lifts it. */
export interface WithheldEntry {
  readonly type: 'withheld';
  readonly v: 1;
  readonly id: string;
  readonly at: string;
  /** The leaf index in the owner's log. */
  readonly index: number;
  /** RFC 3339, UTC: it opens by itself then. */
  readonly until: string;
  readonly order: string;
  readonly owner: string;
}

/**
 * Somebody did something, or was kept from it. On the record before it has an effect. Acts that concern no owner stand in the log `00`, the exchange's own.
 * No field names a person: `who` is an account, `on` a number of a ticket, proposal or account; what could name one is in `sealed`.
 */
export interface ActEntry {
  readonly type: 'act';
  readonly v: 1;
  readonly id: string;
  readonly at: string;
  /** A word of `src/people/acts`. */
  readonly act: string;
  /** An account, `operator` at the command line, `clock` where time did it, `certificate ` and 16 digits of its fingerprint, or `nobody` where it is not known. */
  readonly who: string;
  /** The role by which it was done; null where none was needed or there is none. */
  readonly role: string | null;
  readonly on: string | null;
  readonly result: 'done' | 'refused' | 'failed';
  /** SHA-256, hexadecimal: of the policy, paper or file that it is about. */
  readonly hash: string | null;
  readonly detail: Readonly<Record<string, string | number>> | null;
  /** AES-256-GCM under the key of `owner`, base64: reasons, notes, addresses. Null where there is nothing of the kind. */
  readonly sealed: string | null;
  readonly owner: string;
}

export const verdicts = ['released', 'releasedInPart', 'refused', 'noRecord', 'affirmed', 'disapproved'] as const;
/**
 * How a held request ended. `noRecord`: it was to be released, and there is none. Of a request that was answered at once because of an emergency:
 * `affirmed` or `disapproved`, afterwards.
 */
export type Verdict = (typeof verdicts)[number];

/** The decision on a held request: points back to the entry of the request. What it releases is on the record with it. */
export interface VerdictEntry {
  readonly type: 'verdict';
  readonly v: 1;
  readonly id: string;
  readonly at: string;
  readonly inquiry: string;
  readonly ticket: string;
  /** The id of the decision entry that held it. */
  readonly entry: string;
  readonly requester: Ori;
  readonly verdict: Verdict;
  /** An account, or `clock` where nobody decided in time. */
  readonly who: string;
  readonly role: string | null;
  /** A word from the list of reasons (`src/review/reasons.ts`). */
  readonly reason: string;
  /** What became of the classes that were held: `release`, `redact` or `deny`, by the rules that held them. */
  readonly decisions: readonly ClassDecision[];
  readonly released: readonly DataClass[];
  readonly records: number;
  readonly releasedHash: string | null;
  /** The policy in force at the verdict. */
  readonly policyVersion: number | null;
  readonly policyHash: string | null;
  readonly subjectTag: string | null;
  readonly recordTags: readonly string[];
  /** AES-256-GCM under the owner's key, base64: the note. */
  readonly sealed: string | null;
  readonly owner: string;
}

/** What stands in the anchor log. `subject` and `hash` by event: docs/ledger.md. */
export const systemEvents = [
  'started', 'stopped', 'policyActivated', 'registryActivated', 'tableCompiled', 'claimsProved', 'claimsOverridden', 'claimBroken',
  'keyAdded', 'keyRetired', 'witnessesChanged', 'agencyEnrolled', 'credentialRevoked', 'orderConfirmed',
  'checkpoints', 'epochClosed', 'holdSet', 'holdLifted', 'erased', 'pruned',
  'exported', 'backtested', 'logImported', 'releaseApproved', 'releasePublished',
  'policyProposed', 'policyApproved', 'policyReturned', 'policyRejected', 'policyWithdrawn', 'policyLapsed', 'policyScheduled', 'emergencyBegun', 'emergencyEnded', 'approvalRuleSet',
  'certificationSigned', 'certificationRevoked', 'noticeSent', 'noticeDelayed', 'noticeMissed', 'usersReviewed', 'agencyRecertified',
] as const;
export type SystemEvent = (typeof systemEvents)[number];

/**
 * The exchange itself, and what it goes by, in the anchor log. `subject` is a version or an owner with one.
 * `claimsOverridden`: a policy was activated though claims of it fail, `OWNER VERSION CLAIM…`. `claimBroken`: a claim fails that held
 * when last proved, `OWNER CLAIM policy VERSION registry VERSION`. The hash of both is that of the policy. Nothing here names a person.
 */
export interface SystemEntry {
  readonly type: 'system';
  readonly v: 1;
  readonly id: string;
  readonly at: string;
  readonly event: SystemEvent;
  readonly subject: string;
  readonly hash: string | null;
  readonly detail: Readonly<Record<string, string | number>> | null;
}

/** What an owner's log holds. */
export type OwnerEntry = DecisionEntry | RedeliveryEntry | OpeningEntry | WithheldEntry | ActEntry | VerdictEntry;

export type Entry = OwnerEntry | SystemEntry;
