import type { DataClass } from '../vocabulary/index.ts';
import type { ClassAnswer, ClassDecision } from '../model/index.ts';

/** What follows from one decision for every answer that it makes. */
export interface Told {
  /** The classes that may be fetched: those of which something may leave now. */
  readonly releasable: readonly DataClass[];
  readonly classes: readonly ClassAnswer[];
  readonly allReleased: boolean;
  readonly anyHeld: boolean;
  /** Something is held, or is looked at afterwards. */
  readonly anyReview: boolean;
}

/** Worked out once for a decision: the live policy gives one object for all equal questions. */
export function told(decisions: readonly ClassDecision[]): Told {
  let known = kept.get(decisions);
  if (known === undefined) {
    known = {
      releasable: decisions.filter((d) => d.outcome === 'release' || d.outcome === 'redact').map((d) => d.dataClass),
      classes: Object.freeze(decisions.map(({ dataClass, outcome, treatment, rules }) => Object.freeze({ dataClass, outcome, treatment, rules }))),
      allReleased: decisions.every((d) => d.outcome === 'release'),
      anyHeld: decisions.some((d) => d.outcome === 'hold'),
      anyReview: decisions.some((d) => d.outcome === 'hold' || (d.outcome !== 'deny' && d.review !== null)),
    };
    kept.set(decisions, known);
  }
  return known;
}

const kept = new WeakMap<readonly ClassDecision[], Told>();
