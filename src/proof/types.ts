import type { AffiliationKind, DataClass, EdgeGrade } from '../vocabulary/index.ts';
import type { Network, Ori } from '../model/index.ts';
import type { Claim, Context, PolicyDocument, PolicyTable, ProofDomain, ProofWorld } from '../policy/index.ts';

/** What a proof is about: the table that decides, the document behind it, and the network it decides about. */
export interface ProofBasis {
  readonly document: PolicyDocument;
  readonly table: PolicyTable;
  /** Null where only the schema is asked about. */
  readonly network: Network | null;
}

/** One step along which data goes. */
export interface Hop {
  readonly kind: AffiliationKind;
  readonly from: Party;
  readonly to: Party;
  readonly grade: EdgeGrade;
  readonly confirmed: boolean;
  readonly provenance: string;
  /** The onward rules that let it pass; empty where the world lets it pass without one. */
  readonly rules: readonly string[];
}

export interface Party {
  readonly organisation: string;
  readonly name: string;
  readonly ori: Ori | null;
}

/** A request that obtains the data, and the way it then goes. `path` is empty where the asker is the one that the claim speaks of. */
export interface Trace {
  readonly asker: Party;
  readonly dataClass: DataClass;
  /** The class that was asked for, where another class reveals it. */
  readonly through: DataClass;
  readonly context: Context;
  readonly outcome: 'release' | 'redact' | 'hold';
  /** The rules that decided. */
  readonly rules: readonly string[];
  readonly path: readonly Hop[];
  /** Who has it in the end. */
  readonly obtainer: Party;
  /** Attributes of the obtainer that the registry does not know, so that it may be one that the claim speaks of. */
  readonly unknown: readonly string[];
  readonly sentence: string;
}

/** What one world and one domain say of a claim. */
export interface Verdict {
  readonly world: ProofWorld;
  readonly domain: ProofDomain;
  /** `capped`: the work grew past its cap, and nothing is said. */
  readonly holds: boolean | 'capped';
  /** How many organisations obtain the data against the claim; null where that was not counted (`schema`). */
  readonly count: number | null;
  /** The first few of them, by name. */
  readonly who: readonly Party[];
  readonly counterexample: Trace | null;
  readonly mend: Mend | null;
}

/** The least that would make a failing claim hold. Null where nothing of that sort would. */
export interface Mend {
  readonly edgeKinds: readonly AffiliationKind[] | null;
  readonly rules: readonly string[] | null;
  /** A rule that would close direct access, as a sentence; null where access is only indirect. */
  readonly suggestion: string | null;
}

/** All that is found out about one claim. */
export interface ClaimReport {
  readonly claim: Claim;
  readonly sentence: string;
  /** By world, then domain: the domain `registry` is absent where there is no network. */
  readonly verdicts: readonly Verdict[];
  /** The verdict that the claim names as the one that decides; false where it failed or was capped. */
  readonly holds: boolean;
  /** Where it holds: that the thing is obtainable when the condition is met. Null where it never is, so that the claim says little. */
  readonly witness: Trace | null;
  /** Where it holds: the rules without any one of which it would not; and those that bear on it and could go. */
  readonly carriedBy: readonly string[];
  readonly redundant: readonly string[];
}
