import type { DataClass } from '../../vocabulary/index.ts';
import type { Decision } from '../../model/index.ts';

/** Decisions that were made, by the list of classes asked for and a number. Forgets everything when there are too many. */
export class DecisionMemory {
  readonly #most: number;
  #count = 0;
  #kept = new WeakMap<readonly DataClass[], Map<number, Decision>>();
  /** Nearly every request asks for one of a few lists, often the same as the last. */
  #last: readonly DataClass[] | null = null;
  #lastKept = new Map<number, Decision>();

  constructor(most = 100_000) {
    this.#most = most;
  }

  of(classes: readonly DataClass[]): Map<number, Decision> {
    if (classes === this.#last) return this.#lastKept;
    let kept = this.#kept.get(classes);
    if (kept === undefined) this.#kept.set(classes, (kept = new Map<number, Decision>()));
    this.#last = classes;
    this.#lastKept = kept;
    return kept;
  }

  keep(kept: Map<number, Decision>, key: number, decision: Decision): Decision {
    this.#count += 1;
    if (this.#count > this.#most) {
      this.#kept = new WeakMap();
      this.#last = null;
      this.#count = 0;
      return decision;
    }
    kept.set(key, decision);
    return decision;
  }
}
