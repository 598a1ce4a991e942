import type {
  AffiliationKind, AuditStatus, Certification, Component, Department, EdgeGrade, Jurisdiction, Level, Mission, Program287g, TaskForceKind, YesNo,
} from '../vocabulary/index.ts';
import type { Ori } from '../model/index.ts';

/**
 * One node of the tree of organisations. What is null is inherited from the parent;
 * at a root, null is `undeclared` (or `none` for department and component below the federal level).
 */
export interface Organisation {
  /** Stable, lower case, `a-z 0-9 -` and `/` between generations: `us/dhs/ice/hsi`. */
  readonly id: string;
  readonly name: string;
  readonly parent: string | null;
  readonly level: Level | null;
  readonly department: Department | null;
  /** Its own component; those above it come from the parents. */
  readonly component: Component | null;
  readonly homeState: Jurisdiction | null;
  readonly missions: readonly Mission[] | null;
  readonly criminalJustice: YesNo | null;
  readonly audit: AuditStatus | null;
  /** True for everything in the demonstration network, and for ORIs that are not public. */
  readonly invented: boolean;
}

/** One ORI and the organisation that it belongs to. */
export interface Office {
  readonly ori: Ori;
  readonly organisation: string;
  readonly name: string;
  /** Where the office stands, which says nothing about whose it is. */
  readonly state: string;
  readonly county: string | null;
  /** Directory type: PD SO SA LE FE CJ JA JC JG JJ JF NJ. */
  readonly type: string;
  readonly active: boolean;
}

/** Data can go from `from` to `to`. Dates are `YYYY-MM-DD`; `until` is the last day in force, null while open. */
export interface Affiliation {
  readonly kind: AffiliationKind;
  readonly from: string;
  readonly to: string;
  readonly detail: Program287g | TaskForceKind | null;
  readonly since: string;
  readonly until: string | null;
  /** Where this is known from: a list with its date, a contract, a person. */
  readonly provenance: string;
  readonly grade: EdgeGrade;
  /** False for a suggestion, such as a match by name, which counts as `undeclared` until a person confirms it. */
  readonly confirmed: boolean;
}

/** What an organisation certified, to one owner or (`*`) to all. In force from `since` to `until`, both included. */
export interface CertificationRow {
  readonly organisation: string;
  readonly certification: Exclude<Certification, 'none' | 'undeclared'>;
  readonly owner: Jurisdiction | '*';
  readonly since: string;
  readonly until: string;
}

/** A whole registry, as a value. Order does not matter: the hash is taken over the sorted rows. */
export interface RegistryContent {
  readonly organisations: readonly Organisation[];
  readonly offices: readonly Office[];
  readonly affiliations: readonly Affiliation[];
  readonly certifications: readonly CertificationRow[];
}
