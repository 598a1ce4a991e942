import type { DataClass, EvidenceFacts, Outcome, Purpose, QueryKind, RequesterAttributes, Treatment } from '../vocabulary/index.ts';

/** All that a policy can read of one request: words of the vocabulary and nothing else (invariant 6). */
export interface DecisionInput {
  readonly requester: RequesterAttributes;
  readonly purpose: Purpose;
  readonly evidence: EvidenceFacts;
  readonly kind: QueryKind;
  readonly classes: readonly DataClass[];
}

/** Who reviews a held request, by when, and what follows where nobody does. */
export interface Review {
  /** The desk, as the policy names it. */
  readonly by: string;
  /** Seconds from the request. */
  readonly withinSeconds: number;
  readonly onTimeout: 'deny' | 'release';
}

/** What an owner decided about one data class, and the ids of the rules that decided: those with the outcome that won. */
export interface ClassDecision {
  readonly dataClass: DataClass;
  readonly outcome: Outcome;
  /** Empty where nothing matched: default deny. */
  readonly rules: readonly string[];
  readonly treatment: Treatment | null;
  readonly review: Review | null;
}

/** An owner must tell somebody, because a rule says so. */
export interface NotifyDuty {
  readonly rule: string;
  readonly who: 'subject' | 'owner';
  readonly withinSeconds: number;
}

/** The decision of one owner on one request. `policyHash` and `tableHash` (SHA-256, hexadecimal) name the document and the compiled table that decided. */
export interface Decision {
  readonly owner: string;
  readonly policyVersion: number;
  readonly policyHash: string;
  /** Null where the document itself was interpreted. */
  readonly tableHash: string | null;
  readonly classes: readonly ClassDecision[];
  readonly duties: readonly NotifyDuty[];
}
