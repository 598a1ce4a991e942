import type { DataClass, Outcome, Purpose, Treatment } from '../../vocabulary/index.ts';
import type { Review } from '../../model/index.ts';
import type { DatasetKind, Lack, Party } from '../archive/types.ts';
import type { CellKind, ChangeKind, Disposition, FoundKind } from './kinds.ts';

/** Requests by kind of change; a kind that did not come is not there. `stillGiven` are those of `unchanged` that get data by a machine, then and now. */
export type KindCounts = Readonly<Partial<Record<ChangeKind | 'stillGiven', number>>>;

/** One line of a breakdown. `changed` is all but `unchanged`. */
export interface Broken {
  readonly key: string;
  readonly words: string;
  readonly requests: number;
  readonly changed: number;
  readonly kinds: KindCounts;
}

/** A breakdown: the lines with the most change, and what the others come to. `rest` is null where all are there. */
export interface Breakdown {
  readonly rows: readonly Broken[];
  readonly rest: (Omit<Broken, 'key' | 'words'> & { readonly lines: number }) | null;
}

export interface KindTotal {
  readonly kind: ChangeKind;
  readonly requests: number;
  /** The same by what became of them then. Only `found` gave data; of `notLooked` nobody knows whether there is a record. */
  readonly then: Readonly<Record<FoundKind, number>>;
  /** Records that were given with them. */
  readonly records: number;
  /** Requests that got nothing at once before, of those that would get something; and the other way round. */
  readonly fromNothing: number;
  readonly toNothing: number;
  /** Requests that get something at once under the draft. */
  readonly gettingSome: number;
}

export interface ClassTotal {
  readonly dataClass: DataClass;
  /** Requests that asked for it. */
  readonly asked: number;
  readonly before: Readonly<Record<Outcome, number>>;
  readonly after: Readonly<Record<Outcome, number>>;
  readonly kinds: Readonly<Partial<Record<CellKind, number>>>;
}

/** One way in which classes of data changed hands from rules to rules. Counts (request × class) cells. */
export interface RuleChange {
  readonly kind: CellKind;
  readonly before: { readonly rules: readonly string[]; readonly outcome: Outcome; readonly treatment: Treatment | null };
  readonly after: { readonly rules: readonly string[]; readonly outcome: Outcome; readonly treatment: Treatment | null };
  readonly classes: readonly DataClass[];
  readonly cells: number;
}

/** Whether what counters said then still tells something of a limit of the draft. */
export type LimitStanding = 'same' | 'changed' | 'added' | 'removed' | 'unknown';

export interface LimitTotal {
  readonly id: string;
  readonly standing: LimitStanding;
  /** Requests that a limit of the draft would count: how many of them are beyond it cannot be known. Null where the record tells (`same`) or there is none (`removed`). */
  readonly concerned: number | null;
}

export interface DutyTotal {
  readonly rule: string;
  readonly before: number;
  readonly after: number;
}

export interface DeskTotal extends Review {
  readonly requests: number;
  readonly before: number;
}

/** What holds would cost. Hours are of one person's work. */
export interface ReviewCost {
  readonly heldBefore: number;
  readonly heldAfter: number;
  readonly newlyHeld: number;
  readonly noLongerHeld: number;
  readonly days: number;
  readonly perDay: number;
  /** Null where the rows were not read. */
  readonly busiestDay: { readonly day: string; readonly held: number } | null;
  readonly minutes: Range;
  readonly hours: Range;
  readonly hoursPerDay: Range;
  readonly desks: readonly DeskTotal[];
}

export interface Range {
  readonly low: number;
  readonly middle: number;
  readonly high: number;
}

/** A request to look at. Nothing in it names a person. */
export interface Example {
  readonly index: number;
  readonly at: string;
  readonly ori: string;
  readonly agency: string;
  readonly behalf: string | null;
  readonly key: string;
  readonly purpose: Purpose;
  readonly status: string;
  readonly before: string;
  readonly after: string;
  readonly rulesBefore: readonly string[];
  readonly rulesAfter: readonly string[];
  /** The command that opens it; null where the data set has no leaves. */
  readonly open: string | null;
}

export interface KindPeople {
  readonly kind: ChangeKind;
  /** Different people and vehicles asked about. */
  readonly people: number;
  /** Requests of which it is not on record. */
  readonly unknown: number;
  readonly examples: readonly Example[];
}

/** Who else gets data of the people and vehicles of whom somebody gets less under the draft. */
export interface Elsewhere {
  /** The family of agencies that gets less, and of how many people and vehicles. */
  readonly from: string;
  readonly words: string;
  readonly requests: number;
  readonly people: number;
  /** Of these people and vehicles, with any of the others. */
  readonly peopleElsewhere: number;
  readonly others: readonly { readonly family: string; readonly words: string; readonly sister: boolean; readonly requests: number; readonly people: number }[];
}

/** What only the rows can tell. */
export interface FromRows {
  readonly people: readonly KindPeople[];
  /** All who are in changed requests, each once. */
  readonly peopleChanged: number;
  readonly elsewhere: readonly Elsewhere[];
}

/** Agencies of one body: what people mean by "the sister agency". Requests of the period. */
export interface FamilyTotal {
  readonly family: string;
  readonly words: string;
  readonly department: string;
  readonly requests: number;
  readonly kinds: KindCounts;
}

export interface PolicyFacts {
  readonly version: number;
  readonly title: string | null;
  readonly hash: string;
  readonly tableHash: string;
}

export interface Baseline {
  /** `decided`: what the record says; `policy`: another document, decided over the same requests; `inForce`: the record does not say, and the policy in force stands for it. */
  readonly kind: 'decided' | 'policy' | 'inForce';
  readonly policies: readonly (Omit<PolicyFacts, 'title' | 'tableHash'> & { readonly tableHash: string | null; readonly requests: number | null })[];
  /** Requests of a record that does say, but not of them: decided by the policy in force. */
  readonly assumed: number;
}

export interface ClaimTotal {
  readonly id: string;
  readonly title: string | null;
  readonly holds: boolean;
}

/** What a year (or any period) would have come to under a draft. The same inputs give the same bytes. */
export interface Backtest {
  readonly weirBacktest: 1;
  /** SHA-256 of everything else, as JSON. */
  readonly id: string;
  readonly owner: string;
  readonly dataset: { readonly name: string; readonly kind: DatasetKind; readonly label: string; readonly lacks: readonly Lack[]; readonly invented: boolean };
  /** RFC 3339, UTC; `to` is not in it. */
  readonly window: {
    readonly from: string; readonly to: string; readonly period: string; readonly timeZone: 'UTC'; readonly newest: string | null;
    /** The first index that was not archived yet: with the period, it says which entries were counted. */
    readonly archivedTo: number;
    /** Null where the rows were not read, or there are none. */
    readonly firstIndex: number | null; readonly lastIndex: number | null;
  };
  readonly draft: PolicyFacts;
  /** `YYYY-MM-DD`: rules of the draft that begin or end are taken as on this day. */
  readonly asOf: string;
  readonly baseline: Baseline;
  readonly registry: { readonly version: number; readonly hash: string };
  readonly vocabulary: string;
  readonly engine: string;
  /** Requests on which was decided; cells are (request × class of data). */
  readonly requests: number;
  readonly cells: number;
  readonly changed: number;
  /** Entries of the period that are no decisions, by type. */
  readonly leftOut: Readonly<Record<string, number>>;
  readonly kinds: readonly KindTotal[];
  readonly cellKinds: Readonly<Partial<Record<CellKind, number>>>;
  readonly dispositions: { readonly before: Readonly<Record<Disposition, number>>; readonly after: Readonly<Record<Disposition, number>> };
  readonly classes: readonly ClassTotal[];
  readonly parties: readonly (Broken & { readonly party: Party; readonly purposes: readonly Broken[] })[];
  readonly families: readonly FamilyTotal[];
  readonly organisations: Breakdown;
  readonly agencies: Breakdown;
  readonly purposes: Breakdown;
  readonly rules: readonly RuleChange[];
  /** What the rules, limits and duties that are named here say: their titles, else their sentences. Those of the draft go before those of its forerunners. */
  readonly ruleWords: Readonly<Record<string, string>>;
  readonly limits: readonly LimitTotal[];
  readonly duties: readonly DutyTotal[];
  readonly review: ReviewCost;
  /** Null where only counts were asked for. */
  readonly rows: FromRows | null;
  /** Null where they were not proved. */
  readonly claims: readonly ClaimTotal[] | null;
  /** Sentences. */
  readonly cannotKnow: readonly string[];
}

/** Two drafts over the same requests: how the second differs from the first. */
export interface Between {
  readonly requests: number;
  readonly kinds: readonly KindTotal[];
  /** Requests by what the first does to them and what the second does: `held` then `refused`. */
  readonly matrix: readonly { readonly first: ChangeKind; readonly second: ChangeKind; readonly requests: number }[];
  readonly agencies: Breakdown;
}
