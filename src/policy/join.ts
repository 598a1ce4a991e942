import { stricter } from '../vocabulary/index.ts';
import type { ClassDecision, Decision, NotifyDuty } from '../model/index.ts';
import { coarserTreatment, stricterReview } from './interpret.ts';

/**
 * The stricter of two decisions of one policy, class by class: for a request on behalf of another organisation, where both are decided.
 * The classes are those of the first; one that the second does not have is denied. Duties are united.
 */
export function joinDecisions(a: Decision, b: Decision): Decision {
  return {
    ...a,
    classes: a.classes.map((one) => joinClass(one, b.classes.find((other) => other.dataClass === one.dataClass))),
    duties: uniteDuties(a.duties, b.duties),
  };
}

function joinClass(a: ClassDecision, b: ClassDecision | undefined): ClassDecision {
  if (b === undefined) return a.outcome === 'deny' ? a : { dataClass: a.dataClass, outcome: 'deny', rules: [], treatment: null, review: null };
  if (a.outcome !== b.outcome) return stricter(a.outcome, b.outcome) === a.outcome ? a : b;
  return {
    dataClass: a.dataClass,
    outcome: a.outcome,
    rules: [...new Set([...a.rules, ...b.rules])].sort(),
    treatment: coarserTreatment(a.dataClass, a.treatment, b.treatment),
    review: stricterReview(a.review, b.review),
  };
}

function uniteDuties(a: readonly NotifyDuty[], b: readonly NotifyDuty[]): readonly NotifyDuty[] {
  return [...a, ...b.filter((duty) => !a.some((other) => other.rule === duty.rule))].sort((one, other) => (one.rule < other.rule ? -1 : 1));
}
