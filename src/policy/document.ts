import {
  allDataClasses,
  type AffiliationKind, type CourtClass, type DataClass, type EvidenceGrade, type Purpose, type QueryKind, type RequesterAttributes, type Treatment,
} from '../vocabulary/index.ts';
import type { Review } from '../model/index.ts';

/** One word that an attribute may have: for an attribute with a list, a word of the list. */
export type AttributeWord<A extends keyof RequesterAttributes> = RequesterAttributes[A] extends readonly (infer W)[] ? W : RequesterAttributes[A];

/** Requesters: of each attribute named here they have at least one of the words. */
export type Matcher = { readonly [A in keyof RequesterAttributes]?: readonly AttributeWord<A>[] };

/** True where every part that is given holds. A grade means "at least"; a list means "any of". */
export interface Condition {
  readonly to?: Matcher;
  readonly for?: readonly Purpose[];
  readonly warrant?: EvidenceGrade;
  readonly court?: readonly CourtClass[];
  readonly caseNumber?: EvidenceGrade;
  readonly query?: readonly QueryKind[];
}

/** `all` means every class, those that a later vocabulary adds included. */
export type DataScope = 'all' | readonly DataClass[];

/** Days `YYYY-MM-DD`, UTC, the first and the last in force, both included; null where open. */
export interface Period {
  readonly effective: string | null;
  readonly expires: string | null;
}

/** What every numbered item of a document has. */
export interface Item extends Period {
  /** Unique in the document. */
  readonly id: string;
  readonly title: string | null;
  /** The law or order that the item rests on. */
  readonly cites: readonly string[];
}

interface RuleBody extends Item {
  readonly data: DataScope;
  /** Absent: any requester. */
  readonly to?: Matcher;
  /** Absent: any purpose. */
  readonly for?: readonly Purpose[];
  readonly when?: Condition;
  /** The rule does not match where any of these holds. Empty where there is no exception. */
  readonly unless: readonly Condition[];
}

/** Gives data; a class in `treat` only in its reduced form, which is the outcome `redact`. */
export interface ReleaseRule extends RuleBody {
  readonly outcome: 'release';
  readonly treat: Readonly<Partial<Record<DataClass, Treatment>>>;
  /** For an emergency: given at once, to a named officer only, and looked at by a person afterwards. Without a name it is held for the same desk. */
  readonly afterwards?: Afterwards;
}

/** Who looks at what was given at once, and within how many seconds. */
export interface Afterwards {
  readonly by: string;
  readonly withinSeconds: number;
}

export interface HoldRule extends RuleBody {
  readonly outcome: 'hold';
  readonly review: Review;
}

export interface DenyRule extends RuleBody {
  readonly outcome: 'deny';
}

export type Rule = ReleaseRule | HoldRule | DenyRule;

/**
 * May data be passed on along these kinds of edge? Nothing matches: no. Of several that match the strictest wins: never, then
 * conditions (all of them), then always. A condition speaks of the hop: its `to` is who receives, its papers are those of the receiver.
 */
export interface OnwardRule extends Item {
  readonly data: DataScope;
  readonly via: readonly AffiliationKind[];
  readonly allow: 'never' | 'always' | Condition;
}

export type LimitPeriod = 'hour' | 'day' | 'week' | 'month';

/** At most so many releases for each requesting organisation, or for all together (`owner`), within one calendar period in UTC. */
export interface LimitRule extends Item {
  readonly data: DataScope;
  readonly to?: Matcher;
  readonly per: 'agency' | 'owner';
  readonly max: { readonly count: number; readonly per: LimitPeriod };
  readonly beyond: 'hold' | 'deny';
  /** How a request beyond the limit is reviewed, where `beyond` is `hold`; null for `defaultReview`. */
  readonly review: Review | null;
}

/** Somebody must be told of a request, whatever its outcome. */
export interface NotifyRule extends Item {
  /** Absent: whichever classes are asked for. */
  readonly data?: DataScope;
  readonly when?: Condition;
  readonly unless: readonly Condition[];
  readonly who: 'subject' | 'owner';
  readonly withinSeconds: number;
}

/**
 * What must stay true whatever the rules say. `never`: no requester that matches obtains the data without the condition.
 * `only`: no requester but those that match does. Every claim is proved in both worlds and both domains; `world` and `domain`
 * say which verdict decides whether the policy may be activated.
 */
export interface Claim extends Item {
  readonly kind: 'never' | 'only';
  readonly to: Matcher;
  readonly data: DataScope;
  readonly for?: readonly Purpose[];
  readonly without: readonly Condition[];
  readonly by: 'direct' | 'anyPath';
  /** `any`: a reduced form counts as obtaining the data. `full`: only the whole does. */
  readonly form: 'any' | 'full';
  /** `counts`: what a person may release after a review counts as obtainable. `suffices`: a person's decision is condition enough. */
  readonly review: 'counts' | 'suffices';
  readonly world: ProofWorld;
  readonly domain: ProofDomain;
}

/** `honoured`: data is passed on only as onward rules allow, and where two cannot be told apart. `possible`: along every edge on record. */
export type ProofWorld = 'honoured' | 'possible';

/** `registry`: the agencies of one version of the registry. `schema`: any agency that the vocabulary admits. */
export type ProofDomain = 'registry' | 'schema';

export const proofWorlds: readonly ProofWorld[] = ['honoured', 'possible'];
export const proofDomains: readonly ProofDomain[] = ['registry', 'schema'];

/** How a request beyond a limit is reviewed where the limit does not say. */
export const defaultReview: Review = { by: 'owner', withinSeconds: 86_400, onTimeout: 'deny' };

/**
 * The rules of one owner, as a value: what the text says, with every short form written out and every list of words in vocabulary
 * order, so that two texts that differ only in form, comments or the order of words give equal values.
 */
export interface PolicyDocument {
  /** The owner: two capital letters. */
  readonly policy: string;
  readonly version: number;
  readonly effective: string;
  readonly expires: string | null;
  readonly title: string | null;
  readonly note: string | null;
  readonly cites: readonly string[];
  readonly rules: readonly Rule[];
  readonly onward: readonly OnwardRule[];
  readonly limits: readonly LimitRule[];
  readonly notify: readonly NotifyRule[];
  readonly claims: readonly Claim[];
}

/** The classes that a scope names. */
export function classesOf(data: DataScope): readonly DataClass[] {
  return data === 'all' ? allDataClasses : data;
}

/** What a document may hold at most: what lies beyond is refused, so that no text can take the checker or the exchange down. */
export const caps = {
  bytes: 1_048_576, lines: 50_000, tokens: 200_000, depth: 40, findings: 200,
  items: 1_000, cites: 50, conditions: 50, idLength: 40, titleLength: 200, noteLength: 2_000, deskLength: 60,
  seconds: 366 * 86_400, count: 1_000_000_000, version: 1_000_000_000,
} as const;
