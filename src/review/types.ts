import { MendableError } from '../model/codedError.ts';
import type { ClassDecision, EntryRequester, StatedWarrant, Subject, Verdict } from '../model/index.ts';
import type { CourtClass, DataClass, EvidenceGrade, InquiryKey, Purpose, Treatment } from '../vocabulary/index.ts';
import type { Role } from '../people/roles/index.ts';

/**
 * `waiting`: nobody decided. `asked`: a question was put back, and the clock goes on. `escalated`: it lies with the owner's officials. `decided`: a verdict is on the record.
 */
export type HeldState = 'waiting' | 'asked' | 'escalated' | 'decided';

/** `hold`: nothing goes out before a verdict. `exigent`: an emergency was answered at once, and this is the review that follows. */
export type HeldKind = 'hold' | 'exigent';

/** A held request as the inbox shows it. Nothing here is the resident's: not the subject, not the case number, not the officer. */
export interface HeldItem {
  readonly ticket: string;
  readonly owner: string;
  readonly inquiry: string;
  readonly kind: HeldKind;
  readonly state: HeldState;
  /** RFC 3339, UTC. */
  readonly asked: string;
  readonly deadline: string;
  readonly onTimeout: 'deny' | 'release';
  readonly desk: string;
  /** 0 highest: danger to life, then persons at risk, then all else (`harmOf`). The inbox is in order of harm among what falls due in the same hour. */
  readonly harm: 0 | 1 | 2;
  readonly requester: EntryRequester & { readonly name: string };
  readonly onBehalfOf: EntryRequester | null;
  readonly delegated: boolean | null;
  /** `certificate`: the agency's system proved itself; `demonstration`: nobody did. */
  readonly verified: 'certificate' | 'demonstration';
  /** Whether a person was named who asks, and a case. */
  readonly userNamed: boolean;
  readonly key: InquiryKey;
  readonly purpose: Purpose;
  readonly evidence: { readonly warrant: EvidenceGrade; readonly court: CourtClass; readonly caseNumber: EvidenceGrade };
  /** What is held, with the rules that held it. */
  readonly held: readonly ClassDecision[];
  readonly papers: number;
  readonly questions: number;
  readonly verdict: Verdict | null;
}

export interface Paper {
  readonly id: string;
  readonly hash: string;
  readonly bytes: number;
  readonly mediaType: 'application/pdf';
  readonly at: string;
}

export interface Question {
  readonly id: string;
  readonly at: string;
  readonly text: string;
  readonly answeredAt: string | null;
  readonly answer: string | null;
}

/** All that a reviewer needs to decide, but for the resident's data. */
export interface HeldDetail extends HeldItem {
  /** Each rule that held it, in words. */
  readonly rules: readonly { readonly id: string; readonly words: string }[];
  /** What each held class would be under the policy in force now: `deny` cannot be released any more. */
  readonly now: readonly { readonly dataClass: DataClass; readonly outcome: 'hold' | 'release' | 'redact' | 'deny'; readonly treatments: readonly Treatment[] }[];
  /** In words: what follows when the clock reaches zero. */
  readonly atZero: string;
  readonly askerRecord: { readonly days: number; readonly asked: number; readonly released: number; readonly refused: number; readonly lapsed: number };
  readonly similar: readonly { readonly ticket: string; readonly at: string; readonly verdict: Verdict; readonly reason: string; readonly purpose: Purpose }[];
  readonly paperList: readonly Paper[];
  readonly questionList: readonly Question[];
  /** Why this person may not decide it; null where they may. */
  readonly conflict: 'ownAgency' | 'ownRecord' | 'notOnDesk' | null;
  readonly openedBy: readonly { readonly account: string; readonly at: string }[];
  /** How it was decided; null while it is open. `by`: an account, or `clock`. `released`: of the classes that were held, those that were given, in full or less. */
  readonly decided: { readonly at: string; readonly by: string; readonly reason: string; readonly released: readonly DataClass[] } | null;
}

/** The resident's data of a request, after the opening is on the record. */
export interface Opened {
  readonly subject: Subject;
  readonly user: string | null;
  readonly caseNumber: string | null;
  readonly warrant: StatedWarrant | null;
  readonly attention: string | null;
}

/** Reasons of a decision, as a list: free text is the note. */
export const reasons = {
  lawAllows: 'the law allows it for this purpose', warrantGood: 'the court paper was checked and is good', emergencyReal: 'a danger to life or limb was shown', lessSuffices: 'part of it is enough for the purpose',
  noLegalGround: 'no law allows it for this purpose', noWarrant: 'a court paper is needed and there is none', warrantNotGood: 'the court paper does not cover it', purposeUnclear: 'the purpose is not clear, and no answer came',
  wrongAsker: 'the asker may not have it', notProportionate: 'more was asked than the purpose needs', other: 'another reason, in the note',
} as const satisfies Readonly<Record<string, string>>;
export type Reason = keyof typeof reasons | 'clock';

export interface Decide {
  readonly decision: 'releaseAll' | 'releaseLess' | 'refuse' | 'affirm' | 'disapprove';
  /** With `releaseLess`: what is released, and how. */
  readonly classes?: readonly { readonly dataClass: DataClass; readonly treatment: Treatment | null }[];
  readonly reason: keyof typeof reasons;
  readonly note: string;
}

export interface Reviewer {
  readonly account: string;
  readonly person: string;
  readonly role: Role;
  /** The desks of their grants; empty for all. */
  readonly desks: readonly string[];
  readonly employer: string | null;
  readonly name: string;
}

/**
 * `HELD_UNKNOWN`. `HELD_STATE`: decided already, by a person or the clock. `HELD_CONFLICT`: own agency or own record. `HELD_DESK`: of another desk, and nobody's deputy there. `HELD_RULE`: the policy in force
 * denies it now. `HELD_FIELD`. `HELD_SOURCE`: the records cannot be reached; it stays open. `HELD_LEDGER`: it cannot be recorded; nothing was done. `HELD_PAPER`: too large, too many, or no PDF.
 */
export type HeldErrorCode = 'HELD_UNKNOWN' | 'HELD_STATE' | 'HELD_CONFLICT' | 'HELD_DESK' | 'HELD_RULE' | 'HELD_FIELD' | 'HELD_SOURCE' | 'HELD_LEDGER' | 'HELD_PAPER';

export class HeldError extends MendableError<HeldErrorCode> {
  override readonly name = 'HeldError';
}

/** What a deputy is named by. */
export interface NewDelegation {
  readonly desk: string;
  /** Who is stood in for, and who stands in: accounts. */
  readonly account: string;
  readonly deputy: string;
  /** Null for now. */
  readonly from: string | null;
  readonly until: string;
}

/** Who stands in for whom at a desk. It holds while who is stood in for decides there by their own role; a deputy's deputy is none. */
export interface Delegation {
  readonly id: string;
  readonly desk: string;
  readonly account: string;
  readonly accountName: string | null;
  readonly deputy: string;
  readonly deputyName: string | null;
  readonly from: string;
  readonly until: string;
  /** Who gave it, and when. */
  readonly by: string;
  readonly at: string;
  readonly endedAt: string | null;
  readonly endedBy: string | null;
  /** `time`: it was over; `ended`: somebody ended it; `disabled`: the account of who is stood in for was; `role`: they may not decide there any more. */
  readonly endedWhy: 'time' | 'ended' | 'disabled' | 'role' | null;
  /** `void`: who is stood in for may not decide any more, and the clock is about to end it. */
  readonly state: 'inForce' | 'toCome' | 'void' | 'over';
}

/** What a page of the rota offers and says: no reading of it is a right to anything. */
export interface Staff {
  /** As the policy in force, requests, roles and the rota name them; in the order of letters. */
  readonly desks: readonly string[];
  /** Accounts that are good and have the role of reviewer, in the order of names. `desks` empty for all. */
  readonly reviewers: readonly { readonly account: string; readonly person: string; readonly name: string; readonly desks: readonly string[] }[];
  /** By account: of everybody whom the rota or a delegation names, or who gave or ended one. */
  readonly names: ReadonlyMap<string, string>;
}

/** What counts when it is asked who may decide at a desk: deputies as far as they hold now. */
export type OnDuty = Rota;

/** What the asker is told of a ticket. */
export interface AskerView {
  readonly id: string;
  readonly inquiry: string;
  readonly owner: string;
  readonly requester: string;
  readonly status: 'held' | 'released' | 'releasedInPart' | 'refused' | 'expired' | 'noRecord';
  readonly asked: string;
  readonly deadline: string;
  readonly onTimeout: 'deny' | 'release';
  readonly questions: readonly Question[];
  readonly papers: readonly Paper[];
  /** Whether a late answer can be fetched. */
  readonly answer: boolean;
}

/** The late answer, in the format of the question, with the same control field. */
export interface LateAnswer {
  readonly ticket: string;
  readonly requester: string;
  readonly contentType: string;
  readonly body: Uint8Array;
}

/** Who asks for an agency: its system or one of its people. `oris` null only on the loopback demonstration. */
export interface Asker {
  readonly oris: ReadonlySet<string> | null;
  readonly who: string;
  readonly role: Role | null;
}

/** Held requests. Every reading and deciding is on the record first. */
export interface Review {
  /** Without deadline passed or decided unless `all`; in order of deadline and harm. `after`: the ticket after which to go on. */
  list(owner: string, query: { readonly desk?: string; readonly state?: HeldState; readonly all?: boolean; readonly limit: number; readonly after?: string }, reviewer: Reviewer): Promise<readonly HeldItem[]>;
  detail(owner: string, ticket: string, reviewer: Reviewer): Promise<HeldDetail | null>;
  open(owner: string, ticket: string, reviewer: Reviewer): Promise<Opened>;
  decide(owner: string, ticket: string, decision: Decide, reviewer: Reviewer): Promise<HeldItem>;
  ask(owner: string, ticket: string, text: string, reviewer: Reviewer): Promise<Question>;
  escalate(owner: string, ticket: string, note: string, reviewer: Reviewer): Promise<HeldItem>;
  paper(owner: string, ticket: string, paper: string, reviewer: Reviewer): Promise<Uint8Array>;

  /** Who is on duty at a desk, and who stands in for whom. */
  rota(owner: string): Promise<Rota>;
  setRota(owner: string, rota: Rota, reviewer: Reviewer): Promise<void>;
  /** Desks and people by name, to choose from. */
  staff(owner: string): Promise<Staff>;
  /** Who stands in for whom, since when, until when, and who said so; with `ended` the latest that are over too. */
  deputies(owner: string, query: { readonly ended: boolean }): Promise<readonly Delegation[]>;
  delegate(owner: string, request: NewDelegation, reviewer: Reviewer): Promise<Delegation>;
  /** At once. By who gave it, who is stood in for, who stands in, or an official. */
  endDelegation(owner: string, id: string, reviewer: Reviewer): Promise<void>;

  // The asker's side. A ticket of another agency is answered as one that does not exist.
  ticket(id: string, asker: Asker): Promise<AskerView | null>;
  answer(id: string, asker: Asker): Promise<LateAnswer | null>;
  reply(id: string, question: string, text: string, asker: Asker): Promise<void>;
  addPaper(id: string, bytes: Uint8Array, asker: Asker): Promise<Paper>;

  /** What is due at `now`: verdicts of the clock. Several may call it at once. Returns how many. */
  tick(now: number): Promise<number>;
  /** When the next deadline is, milliseconds; null where nothing waits. */
  nextDue(): Promise<number | null>;
}

export interface Rota {
  /** Spans may overlap; outside all of them a desk's requests are everybody's of the desk. */
  readonly spans: readonly { readonly desk: string; readonly account: string; readonly from: string; readonly to: string }[];
  readonly deputies: readonly { readonly desk: string; readonly account: string; readonly deputy: string; readonly until: string }[];
}
