import type { DataClass } from '../../vocabulary/index.ts';
import type { Decision } from '../../model/index.ts';

/** The decisions on one list of data classes, by class of agencies and then by cell. */
export type KeptDecisions = (Decision | undefined)[][];

/** Decisions that were made. Forgets everything when there are too many. */
export class DecisionMemory {
  readonly #most: number;
  #count = 0;
  #kept = new WeakMap<readonly DataClass[], KeptDecisions>();
  /** Nearly every request asks for one of a few lists, often the same as the last. */
  #last: readonly DataClass[] | null = null;
  #lastKept: KeptDecisions = [];

  constructor(most = 200_000) {
    this.#most = most;
  }

  of(classes: readonly DataClass[]): KeptDecisions {
    if (classes === this.#last) return this.#lastKept;
    let kept = this.#kept.get(classes);
    if (kept === undefined) this.#kept.set(classes, (kept = []));
    this.#last = classes;
    this.#lastKept = kept;
    return kept;
  }

  keep(kept: KeptDecisions, agencyClass: number, cell: number, decision: Decision): Decision {
    this.#count += 1;
    if (this.#count > this.#most) {
      this.#kept = new WeakMap();
      this.#last = null;
      this.#count = 0;
      return decision;
    }
    (kept[agencyClass] ??= [])[cell] = decision;
    return decision;
  }
}
