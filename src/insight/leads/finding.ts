import type { Lack } from '../archive/types.ts';
import type { Ground, Units } from './ground.ts';
import type { LeadKind, PeerRange, Usual } from './types.ts';

/** What a detector found: a lead before it has an id, a rank and its rows. */
export interface Finding {
  /** Place in `ground.offices`; null where it is about a subject and many agencies. */
  readonly office: number | null;
  readonly user: bigint | null;
  readonly subject: bigint | null;
  /** What makes two matters of the same agency and user two: a colleague's tag, a certification, a month. */
  readonly matter: string;
  readonly seen: string;
  readonly baseline: Usual;
  readonly peers: PeerRange;
  /** ln of the chance; null for a fact. */
  readonly lnP: number | null;
  /** 1 to 5. */
  readonly harm: number;
  readonly innocent: readonly string[];
  /**
   * The entries behind it, as a condition over the columns of `rows` (`at` is `moment`) and `office`, `part`, `photo`, `sweep`, `cased`, `refused` (see `rowsBehind.ts`).
   * Made of numbers only: nothing that anybody typed is in it.
   */
  readonly condition: string;
  /** Where it is about several. */
  readonly subjects?: readonly bigint[];
  /** Where neither a user nor a subject narrows it down: the agencies and the time whose entries are read for it, milliseconds. */
  readonly whole?: { readonly offices: readonly number[]; readonly from: number; readonly to: number };
  /** Where it is about several agencies of one organisation: what they are called together. `office` is then the one most concerned. */
  readonly together?: { readonly name: string; readonly offices: readonly number[] };
}

export interface Found {
  readonly findings: readonly Finding[];
  readonly looked: number;
}

/** One way of looking. Each states what it does, so that a reader can judge what a lead of it is worth. */
export interface Detector {
  readonly kind: LeadKind;
  /** What it looks for, in a few words. */
  readonly title: string;
  /** The test, in a sentence or two. */
  readonly test: string;
  /** Below which numbers it says nothing. */
  readonly minimum: string;
  /** How many false leads are let through. */
  readonly control: string;
  /** What a log must have for it to run: the words of `Lack`. */
  readonly needs: readonly Lack[];
  /** Of how many entries what it needs is known, of all: entries of the ledger may say less than the data set could. Null where it needs nothing of persons. */
  readonly sees?: (units: Units) => { readonly known: number; readonly what: string };
  find(ground: Ground): Promise<Found>;
}

/** The share of leads of one detector that may be chance (Benjamini and Hochberg). */
export const falseShare = 0.05;
