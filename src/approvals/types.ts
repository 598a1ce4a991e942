import { MendableError } from '../model/codedError.ts';
import type { Role } from '../people/roles/index.ts';

/** What a change does to what an owner gives: `widening` where any request gets more anywhere, in any way (a new exception, a weaker review, a raised limit, a duty less); else `narrowing`; `neutral` where nothing differs but words. */
export type Effect = 'widening' | 'narrowing' | 'neutral';

/** The rule of approval of an owner. It is changed by a proposal under itself. */
export interface ApprovalRule {
  /** Approvals that a widening change needs: 2 to 5. One of them, at least, by the privacy or legal office. */
  readonly widening: number;
  /** That a narrowing or neutral one needs: 1 to 5. */
  readonly narrowing: number;
  /** Days after which a proposal lapses: 1 to 90. */
  readonly lapsesAfterDays: number;
  /** Hours that an emergency change holds: 1 to 72. */
  readonly emergencyHours: number;
}

export const defaultApprovalRule: ApprovalRule = { widening: 2, narrowing: 1, lapsesAfterDays: 14, emergencyHours: 72 };

/** What was checked of one text. Bound to the hash of the text and to what it was compared with. */
export interface Checks {
  readonly hash: string;
  readonly at: string;
  readonly base: { readonly version: number; readonly hash: string } | null;
  readonly registry: { readonly version: number; readonly hash: string };
  /** Whether it may be proposed: no error, no claim that fails. */
  readonly ok: boolean;
  readonly findings: readonly { readonly code: string; readonly severity: string; readonly line: number; readonly message: string }[];
  readonly claims: readonly { readonly claim: string; readonly holds: boolean; readonly sentence: string | null }[];
  readonly effect: Effect;
  /** In words, the most open first: `41 agencies get home address …`. */
  readonly difference: readonly string[];
  /** What it would have done to past requests, in words and counts; null where there is no archive. */
  readonly backtest: { readonly period: string; readonly text: readonly string[]; readonly newlyReleased: number; readonly newlyHeld: number; readonly newlyRefused: number; readonly hash: string } | null;
}

export interface DraftView {
  readonly id: string;
  readonly owner: string;
  readonly title: string;
  readonly text: string;
  /** Version of the draft, from 1: its ETag. */
  readonly etag: number;
  readonly author: string;
  readonly authorName: string;
  readonly savedAt: string;
  readonly checks: Checks | null;
  readonly comments: readonly CommentView[];
}

export interface CommentView {
  readonly id: string;
  /** The rule it is about; null for the whole. */
  readonly rule: string | null;
  readonly by: string;
  readonly byName: string;
  readonly at: string;
  readonly text: string;
}

export type ProposalState = 'open' | 'approved' | 'scheduled' | 'inForce' | 'returned' | 'rejected' | 'withdrawn' | 'lapsed' | 'superseded' | 'ended';

export interface ProposalView {
  readonly id: string;
  readonly owner: string;
  readonly kind: 'policy' | 'rule' | 'stepBack' | 'emergency';
  readonly state: ProposalState;
  /** From 1; one more each time that what it would do changed, because the policy in force or the registry did, so that approvals begin anew. */
  readonly round: number;
  /** SHA-256 of the canonical policy, or of the canonical JSON of the rule of approval: what is approved. */
  readonly hash: string;
  readonly version: number | null;
  readonly text: string;
  readonly effect: Effect;
  readonly needs: { readonly approvals: number; readonly privacy: number };
  readonly author: string;
  readonly authorName: string;
  readonly reason: string;
  readonly proposedAt: string;
  readonly lapsesAt: string;
  /** When it is to come into force; at once after the last approval where null. */
  readonly startsAt: string | null;
  readonly endsAt: string | null;
  readonly checks: Checks | null;
  readonly approvals: readonly { readonly account: string; readonly name: string; readonly role: Role; readonly decision: 'approve' | 'return' | 'reject'; readonly reason: string; readonly at: string }[];
  readonly comments: readonly CommentView[];
}

/**
 * `CHANGE_STALE`: somebody saved in between (ETag), or what was shown is not what stands. `CHANGE_OWN`: the author, by any account of theirs. `CHANGE_TWICE`: the same person approved before.
 * `CHANGE_STATE`: not open any more. `CHANGE_CHECKS`: the checks did not pass, or are of another text, policy in force or registry. `CHANGE_ROLE`. `CHANGE_FIELD`: a field is missing or wrong. `CHANGE_UNKNOWN`.
 */
export type ChangeErrorCode = 'CHANGE_STALE' | 'CHANGE_OWN' | 'CHANGE_TWICE' | 'CHANGE_STATE' | 'CHANGE_CHECKS' | 'CHANGE_ROLE' | 'CHANGE_FIELD' | 'CHANGE_UNKNOWN' | 'CHANGE_TIME';

export class ChangeError extends MendableError<ChangeErrorCode> {
  override readonly name = 'ChangeError';
}

/** Who acts on a change: from the session. `person` is the human being behind all accounts of theirs. */
export interface ChangeActor {
  readonly account: string;
  readonly person: string;
  readonly name: string;
  readonly role: Role;
}

/** Changes of one owner's policy, over the database. Every method puts its act on the record in the transaction of the change; what is refused is recorded too. */
export interface Changes {
  rule(owner: string): Promise<ApprovalRule>;
  drafts(owner: string): Promise<readonly Omit<DraftView, 'text' | 'comments'>[]>;
  draft(owner: string, id: string): Promise<DraftView | null>;
  /** Begins one, from the policy in force where no text is given. */
  begin(owner: string, request: { readonly title: string; readonly text: string | null }, actor: ChangeActor): Promise<DraftView>;
  /** `etag` is that of the draft as it was read: `CHANGE_STALE` where somebody saved since. */
  save(owner: string, id: string, request: { readonly title: string; readonly text: string; readonly etag: number }, actor: ChangeActor): Promise<DraftView>;
  drop(owner: string, id: string, actor: ChangeActor): Promise<void>;
  comment(owner: string, on: { readonly draft: string } | { readonly proposal: string }, request: { readonly rule: string | null; readonly text: string }, actor: ChangeActor): Promise<CommentView>;
  /** Runs every check on the text as it stands, and keeps the result with the draft. May take seconds. */
  check(owner: string, id: string, actor: ChangeActor): Promise<Checks>;
  propose(owner: string, request: { readonly draft: string; readonly etag: number; readonly reason: string; readonly startsAt: string | null; readonly endsAt: string | null }, actor: ChangeActor): Promise<ProposalView>;
  proposeRule(owner: string, request: { readonly rule: ApprovalRule; readonly reason: string }, actor: ChangeActor): Promise<ProposalView>;
  /** Back to the version before the one in force, as a version of its own: a proposal like any other, already checked. */
  proposeStepBack(owner: string, request: { readonly reason: string }, actor: ChangeActor): Promise<ProposalView>;
  /** In force at once, by one person, until `hours` have passed; then what stood before is in force again by itself. */
  emergency(owner: string, request: { readonly text: string; readonly reason: string; readonly hours: number }, actor: ChangeActor): Promise<ProposalView>;
  proposals(owner: string, states: readonly ProposalState[] | null): Promise<readonly ProposalView[]>;
  proposal(owner: string, id: string): Promise<ProposalView | null>;
  /** Binds to exactly this hash. The last approval that is needed schedules it, or puts it in force. */
  decide(owner: string, id: string, request: { readonly hash: string; readonly decision: 'approve' | 'return' | 'reject'; readonly reason: string; /** The round that was shown, where a page has it: another one is `CHANGE_CHECKS`. */ readonly round?: number }, actor: ChangeActor): Promise<ProposalView>;
  withdraw(owner: string, id: string, request: { readonly reason: string }, actor: ChangeActor): Promise<ProposalView>;
  /** Whoever is deputy of an approver may act in their place until then. */
  delegate(owner: string, request: { readonly from: string; readonly to: string; readonly role: 'policyApprover' | 'privacyApprover'; readonly until: string; readonly reason: string }, actor: ChangeActor): Promise<void>;
  /** The certificate of an approval, as data; `verifyCertificate` and the PDF are made of it. Null before it is approved. */
  certificate(owner: string, id: string, actor: ChangeActor): Promise<Certificate | null>;
  /** What falls due: scheduled activations, ends of emergencies, lapses. Called every second by the exchange; safe by several at once, and after any pause. */
  tick(now: number): Promise<number>;
}

/** A certificate of approval: what was approved, by whom, why, and where the ledger says so. */
export interface Certificate {
  readonly weir: 'approval/v1';
  readonly owner: string;
  readonly proposal: string;
  readonly kind: ProposalView['kind'];
  readonly version: number | null;
  readonly hash: string;
  readonly effect: Effect;
  readonly rule: ApprovalRule;
  readonly reason: string;
  readonly author: { readonly account: string; readonly name: string };
  readonly proposedAt: string;
  readonly inForceAt: string | null;
  readonly approvals: readonly {
    readonly account: string; readonly name: string; readonly role: Role; readonly reason: string; readonly at: string;
    /** The account in whose place it was given, by a deputy; null where it was not. */
    readonly deputyOf: string | null;
    /** Salt and SHA-256 of the canonical statement (docs/changes.md): the hash stands in the anchor log. */
    readonly salt: string; readonly statement: string;
    /** Where: leaf index in the anchor log; null until a checkpoint covers it. */
    readonly anchor: number | null;
  }[];
}
