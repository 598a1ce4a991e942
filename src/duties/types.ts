import { MendableError } from '../model/codedError.ts';
import type { Role } from '../people/roles/index.ts';

/** Who does a duty, from the session. */
export interface DutyActor {
  readonly account: string;
  readonly person: string;
  readonly name: string;
  readonly role: Role;
}

/**
 * `DUTY_UNKNOWN`. `DUTY_STATE`: done, lapsed or revoked already. `DUTY_FIELD`. `DUTY_OWN`: about oneself. `DUTY_LEDGER`: it cannot be recorded; nothing was done. `DUTY_SEND`: the notice could not be sent; it is tried again.
 */
export type DutyErrorCode = 'DUTY_UNKNOWN' | 'DUTY_STATE' | 'DUTY_FIELD' | 'DUTY_OWN' | 'DUTY_LEDGER' | 'DUTY_SEND';

export class DutyError extends MendableError<DutyErrorCode> {
  override readonly name = 'DutyError';
}

/** A notice that an owner owes, because a rule of its policy said so in an entry. Made from the ledger; names nobody. */
export interface NoticeView {
  readonly id: string;
  readonly owner: string;
  /** The ledger entry that it is about. */
  readonly inquiry: string;
  readonly rule: string;
  readonly who: 'subject' | 'owner';
  readonly requester: string;
  readonly askedAt: string;
  readonly dueAt: string;
  readonly state: 'due' | 'sent' | 'delayed' | 'overdue';
  readonly sentAt: string | null;
  /** What proves the sending: `mail 9400 …`, or a spool file's hash. */
  readonly proof: { readonly channel: 'letter' | 'email' | 'spool'; readonly reference: string; readonly hash: string } | null;
  readonly delay: { readonly until: string; readonly ground: string; readonly order: string; readonly by: string } | null;
}

/** A text by which an agency certifies to an owner each year. */
export interface CertificationText {
  readonly owner: string;
  /** As the registry and policies name it, such as `noImmigrationUse`. */
  readonly certification: string;
  readonly version: number;
  readonly text: string;
  readonly hash: string;
  /** Days that a signature holds: at most 366. */
  readonly validDays: number;
  /** Days before the end at which its agency is reminded. */
  readonly remindDays: readonly number[];
  readonly perjury: boolean;
}

export interface CertificationView {
  readonly id: string;
  readonly owner: string;
  readonly certification: string;
  readonly ori: string;
  readonly organisation: string;
  readonly textVersion: number;
  readonly textHash: string;
  readonly state: 'inForce' | 'lapsing' | 'lapsed' | 'revoked' | 'unsigned';
  readonly signedAt: string | null;
  readonly signedBy: string | null;
  readonly until: string | null;
  readonly revokedAt: string | null;
  readonly revokedWhy: string | null;
}

export interface UserReviewView {
  readonly id: string;
  readonly scope: string;
  readonly quarter: string;
  readonly dueAt: string;
  readonly state: 'open' | 'done' | 'overdue';
  readonly items: readonly {
    readonly id: string; readonly account: string; readonly name: string; readonly role: string; readonly lastAt: string | null;
    readonly decision: 'keep' | 'remove' | null; readonly by: string | null; readonly reason: string | null;
  }[];
}

export interface RecertificationView {
  readonly id: string;
  readonly owner: string;
  readonly year: number;
  readonly dueAt: string;
  readonly state: 'open' | 'done' | 'overdue';
  readonly decided: number;
  readonly total: number;
  readonly items: readonly {
    readonly id: string; readonly organisation: string; readonly name: string;
    /** What it got in the year, and what stands against it: counts, certifications, agreements, leads. */
    readonly evidence: { readonly asked: number; readonly answered: number; readonly refused: number; readonly held: number; readonly lastAsked: string | null; readonly certifications: readonly string[]; readonly agreements: readonly string[] };
    /** No answer is chosen before. */
    readonly decision: 'keep' | 'reduce' | 'remove' | null; readonly by: string | null; readonly reason: string | null;
  }[];
}

/** One page of the items of a re-certification. `next` is what to give as `after`; null at the end. */
export interface RecertificationPage {
  readonly items: readonly (RecertificationView['items'][number] & {
    /** What to add to the policy, where it was reduced or removed; how many other agencies that would mean; and the version that has it. */
    readonly sentence: string | null; readonly others: number | null; readonly writtenVersion: number | null;
  })[];
  readonly next: string | null;
}

/** Duties with a clock. What is decided is on the record in the same transaction. */
export interface Duties {
  notices(owner: string, states: readonly NoticeView['state'][] | null): Promise<readonly NoticeView[]>;
  /** One of them. Throws `DUTY_UNKNOWN`. */
  notice(owner: string, id: string): Promise<NoticeView>;
  /** To whom it goes and what it says: personal, so the opening is recorded first. */
  openNotice(owner: string, id: string, actor: DutyActor): Promise<{ readonly name: string | null; readonly address: readonly string[] | null; readonly letter: string }>;
  /** Notes that it was sent, with the proof. */
  noticeSent(owner: string, id: string, request: { readonly channel: 'letter' | 'email' | 'spool'; readonly reference: string }, actor: DutyActor): Promise<NoticeView>;
  delayNotice(owner: string, id: string, request: { readonly until: string; readonly ground: string; readonly order: string }, actor: DutyActor): Promise<NoticeView>;

  certificationTexts(owner: string): Promise<readonly CertificationText[]>;
  setCertificationText(owner: string, text: Omit<CertificationText, 'owner' | 'version' | 'hash'>, actor: DutyActor): Promise<CertificationText>;
  /** Of an owner, or of an agency towards every owner. */
  certifications(of: { readonly owner: string } | { readonly ori: string }): Promise<readonly CertificationView[]>;
  /** Signs exactly the text with this hash; in force in the registry at once, so that policies feel it. */
  certify(ori: string, request: { readonly owner: string; readonly certification: string; readonly textHash: string; readonly typedName: string; readonly underPenaltyOfPerjury: true }, actor: DutyActor): Promise<CertificationView>;
  revokeCertification(owner: string, id: string, request: { readonly reason: string }, actor: DutyActor): Promise<CertificationView>;
  /** Lets an agency whose certification was revoked certify again; it must sign anew. */
  readmit(owner: string, id: string, request: { readonly reason: string }, actor: DutyActor): Promise<CertificationView>;

  userReviews(scope: string): Promise<readonly UserReviewView[]>;
  reviewUser(scope: string, review: string, item: string, request: { readonly decision: 'keep' | 'remove'; readonly reason: string }, actor: DutyActor): Promise<UserReviewView>;

  /** Each with its first items. */
  recertifications(owner: string): Promise<readonly RecertificationView[]>;
  /** The items of one, by organisation; `open`: only those that nobody decided. */
  recertificationPage(owner: string, id: string, page: { readonly after: string | null; readonly limit: number; readonly open: boolean }): Promise<RecertificationPage>;
  beginRecertification(owner: string, request: { readonly year: number; readonly dueAt: string }, actor: DutyActor): Promise<RecertificationView>;
  recertify(owner: string, id: string, item: string, request: { readonly decision: 'keep' | 'reduce' | 'remove'; readonly reason: string }, actor: DutyActor): Promise<RecertificationView>;
  /** Says that a version of the policy has what was reduced or removed: it is not due any more. */
  policyWritten(owner: string, id: string, item: string, request: { readonly version: number }, actor: DutyActor): Promise<void>;

  /** Everything that owes something soon, of an owner or agency: for a page, a reminder and a count. */
  due(of: { readonly owner: string } | { readonly ori: string }, now: number): Promise<readonly { readonly kind: string; readonly id: string; readonly words: string; readonly dueAt: string }[]>;
  /** What falls due: notices from the ledger, reminders, lapses, reviews that begin. Called every second or more seldom; safe by several at once. */
  tick(now: number): Promise<number>;
}
