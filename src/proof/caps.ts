/** How large a question may grow before a proof says that it says nothing. */
export interface ProofCaps {
  /** Organisations of a network. */
  readonly nodes: number;
  readonly edges: number;
  /** Edges looked at, and organisations visited, for one verdict. */
  readonly steps: number;
  /** Different sets of contexts kept at a time by `effectiveAccess`. */
  readonly sets: number;
  /** How many sets of rules are tried for one mend. */
  readonly attempts: number;
}

/** Twenty times the networks that are to be served: 20,000 organisations and 80,000 edges, one of them with 4,000. */
export const defaultCaps: ProofCaps = { nodes: 500_000, edges: 2_000_000, steps: 50_000_000, sets: 200_000, attempts: 100 };

/** The work of one verdict, counted down. */
export class Work {
  #left: number;

  constructor(caps: ProofCaps) {
    this.#left = caps.steps;
  }

  /** False where the cap is passed: then nothing that was found so far may be told. */
  spend(steps: number): boolean {
    this.#left -= steps;
    return this.#left >= 0;
  }
}

/** True where a network is larger than proofs take on. */
export function tooLarge({ nodes, edges }: { readonly nodes: readonly unknown[]; readonly edges: readonly unknown[] }, caps: ProofCaps): boolean {
  return nodes.length > caps.nodes || edges.length > caps.edges;
}
