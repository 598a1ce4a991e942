import { inferenceEdges, type DataClass } from '../vocabulary/index.ts';
import type { Claim } from '../policy/index.ts';
import { no, type Node } from './bdd.ts';
import type { OpenBasis } from './openBasis.ts';

/** Where a request for one class is granted, in one manner. */
export interface Grant {
  readonly dataClass: DataClass;
  readonly where: Node;
}

/**
 * The grants by which a request obtains a class as the claim counts it: those of the class itself, then those of classes that reveal it, which reveal
 * only when given whole. Of each the plainest first: released, reduced, after a review.
 */
export function grantsOf(open: OpenBasis, claim: Claim, dataClass: DataClass): readonly Grant[] {
  return [...ownGrants(open, claim, dataClass, claim.form), ...revealersOf(dataClass).flatMap((one) => ownGrants(open, claim, one, 'full'))];
}

/** The grants of one class alone. */
export function ownGrants({ policy }: OpenBasis, claim: Claim, dataClass: DataClass, form: 'any' | 'full'): readonly Grant[] {
  const { release, redact, hold } = policy.regions(dataClass);
  return [release, ...(form === 'any' ? [redact] : []), ...(claim.review === 'counts' ? [hold] : [])].filter((where) => where !== no).map((where) => ({ dataClass, where }));
}

/** The classes that reveal this one, directly or through others, the nearest first. */
export function revealersOf(dataClass: DataClass): readonly DataClass[] {
  const found: DataClass[] = [dataClass];
  for (const one of found) found.push(...inferenceEdges.filter(({ from, gives }) => gives === one && !found.includes(from)).map(({ from }) => from));
  return found.slice(1);
}
