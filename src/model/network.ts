import type { AffiliationKind, EdgeGrade, RequesterAttributes } from '../vocabulary/index.ts';
import type { Ori } from './inquiry.ts';

/** One organisation, as a proof over the registry sees it on one day. */
export interface NetworkNode {
  readonly id: string;
  readonly name: string;
  /** Its active ORIs. Without one it cannot ask, but data can still pass through it. */
  readonly oris: readonly Ori[];
  /** What the policy of this owner reads of it. Equal attributes are one frozen object. */
  attributes(owner: string): RequesterAttributes;
}

/** Data can go from one node to another. `from` and `to` are places in `nodes`. */
export interface NetworkEdge {
  readonly kind: AffiliationKind;
  readonly from: number;
  readonly to: number;
  readonly grade: EdgeGrade;
  /** False for a suggestion that nobody confirmed: it counts only in the world of everything possible. */
  readonly confirmed: boolean;
  /** Where it is known from, in words, with its first and last day. */
  readonly provenance: string;
  readonly since: string | null;
  readonly until: string | null;
}

/**
 * The organisations of one version of the registry and the edges in force on one day, those that follow from the tree included:
 * a part and its whole of the same level are joined both ways by an edge of kind `component`.
 */
export interface Network {
  readonly registryVersion: number;
  readonly registryHash: string;
  /** `YYYY-MM-DD`. */
  readonly day: string;
  readonly nodes: readonly NetworkNode[];
  readonly edges: readonly NetworkEdge[];
}
