import type { Chart } from '../../drawing/charts/types.ts';
import type { Twin } from '../../drawing/twin.ts';
import type { DatasetKind, Lack } from '../archive/types.ts';

/** A number in a sentence. `command` gives it again; `rows` names the table of `behind` that it stands in, or is added up from. */
export interface Quantity {
  readonly value: number;
  /** As it is written: `5,204,331`, `0.31%`. */
  readonly text: string;
  readonly command: string;
  readonly rows: string;
}

/** The name of an agency, a rule or a state: not our word, and nothing of it is changed. */
export interface Name {
  readonly name: string;
}

/** A piece of a sentence. */
export type Span = string | Quantity | Name;

/** With its period. */
export type Sentence = readonly Span[];

/** One question, answered in words, then in pictures. */
export interface Section {
  readonly id: 'who' | 'what' | 'why' | 'rules' | 'changes' | 'unused' | 'reviews' | 'claims' | 'owners';
  readonly question: string;
  readonly sentences: readonly Sentence[];
  readonly charts: readonly Chart[];
}

/** What somebody in charge should decide, why, and where to begin. */
export interface NeededDecision {
  readonly id: string;
  readonly what: Sentence;
  readonly command: string;
}

/** The rows behind numbers. */
export interface Behind {
  readonly id: string;
  readonly title: string;
  readonly command: string;
  /** How numbers were made from these rows, and what the table leaves out; null where there is nothing to say. */
  readonly note: string | null;
  readonly table: Twin;
  /** How many lines more the command gives. */
  readonly more: number;
}

/** Of what the briefing is made. */
export interface BriefingBasis {
  readonly dataset: string;
  readonly kind: DatasetKind;
  readonly label: string;
  readonly lacks: readonly Lack[];
  readonly period: { readonly from: string; readonly to: string; readonly words: string };
  readonly timeZone: 'UTC';
  readonly newest: string | null;
  /** First and last place in the log, of entries of the period; null where they are not of one owner. */
  readonly entries: { readonly first: number; readonly last: number } | null;
  readonly archivedTo: Readonly<Record<string, number>>;
  readonly policy: { readonly version: number; readonly hash: string; readonly since: string } | null;
  readonly registry: { readonly version: number; readonly hash: string } | null;
  readonly leftOut: readonly string[];
}

/** One page for a person who decides: made from counts, never typed. Every renderer shows this and nothing else. */
export interface Briefing {
  readonly weirBriefing: 1;
  /** Two letters, or `all`. */
  readonly owner: string;
  readonly title: string;
  /** Made from invented entries: every renderer says so first. */
  readonly invented: boolean;
  readonly basis: BriefingBasis;
  readonly opening: readonly Sentence[];
  /** What came of the requests; null where the data set does not say. */
  readonly outcomes: Chart | null;
  readonly decisions: readonly NeededDecision[];
  readonly sections: readonly Section[];
  readonly behind: readonly Behind[];
  /** The command that makes this briefing again. */
  readonly command: string;
}
