import { withRevealing, type DataClass } from '../vocabulary/index.ts';
import type { Claim } from '../policy/index.ts';
import { no, type Node } from './bdd.ts';
import type { OpenPolicy } from './openDecision.ts';

/** Where a request for one class is granted, in one manner. */
export interface Grant {
  readonly dataClass: DataClass;
  readonly outcome: 'release' | 'redact' | 'hold';
  readonly where: Node;
}

/**
 * The grants by which a request obtains a class as the claim counts it: those of the class itself, then those of classes that reveal it, which reveal
 * only when given whole. Of each the plainest first: released, reduced, after a review.
 */
export function grantsOf(policy: OpenPolicy, claim: Claim, dataClass: DataClass): readonly Grant[] {
  return [...ownGrants(policy, claim, dataClass, claim.form), ...revealersOf(dataClass).flatMap((one) => ownGrants(policy, claim, one, 'full'))];
}

/** The grants of one class alone. */
export function ownGrants(policy: OpenPolicy, claim: Claim, dataClass: DataClass, form: 'any' | 'full'): readonly Grant[] {
  const regions = policy.regions(dataClass);
  const outcomes = ['release', ...(form === 'any' ? ['redact'] as const : []), ...(claim.review === 'counts' ? ['hold'] as const : [])] as const;
  return outcomes.filter((outcome) => regions[outcome] !== no).map((outcome) => ({ dataClass, outcome, where: regions[outcome] }));
}

/** The classes that reveal this one, directly or through others, the nearest first. */
export function revealersOf(dataClass: DataClass): readonly DataClass[] {
  return [...withRevealing([dataClass])].slice(1);
}
