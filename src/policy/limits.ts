import type { DataClass } from '../vocabulary/index.ts';
import type { ClassDecision, Decision, Review } from '../model/index.ts';
import { classesOf, defaultReview, type LimitRule } from './document.ts';
import { stricterReview } from './interpret.ts';

/**
 * The limits that count this decision: those with at least one class that it would release or redact. `limits` are those in force for the
 * asker (`OwnerPolicy.limitsFor`). A request takes one of each, however many classes and records it gets.
 */
export function limitsConcerned(decision: Decision, limits: readonly LimitRule[]): readonly LimitRule[] {
  return limits.length === 0 ? limits : limits.filter((limit) => limitedClasses(decision, limit).length > 0);
}

/** The classes that a decision would give and a limit counts. */
export function limitedClasses(decision: Decision, limit: LimitRule): readonly DataClass[] {
  const counted = classesOf(limit.data);
  return decision.classes.filter((one) => isGiven(one) && counted.includes(one.dataClass)).map((one) => one.dataClass);
}

/**
 * The decision once these limits are used up. Each is then a rule that matches: what would be given is held or refused, the strictest of
 * several wins, and the ids of those that won stand for it. What the rules alone hold or refuse is left as it is. Never less strict than
 * before, and the order of the limits means nothing.
 */
export function applyLimits(decision: Decision, usedUp: readonly LimitRule[]): Decision {
  if (usedUp.length === 0) return decision;
  return { ...decision, classes: decision.classes.map((one) => (isGiven(one) ? limitClass(one, usedUp) : one)) };
}

function limitClass(one: ClassDecision, usedUp: readonly LimitRule[]): ClassDecision {
  const matching = usedUp.filter((limit) => classesOf(limit.data).includes(one.dataClass));
  if (matching.length === 0) return one;
  const outcome = matching.some((limit) => limit.beyond === 'deny') ? 'deny' : 'hold';
  const winning = matching.filter((limit) => limit.beyond === outcome);
  return {
    dataClass: one.dataClass,
    outcome,
    rules: [...new Set(winning.map((limit) => limit.id))].sort(),
    treatment: null,
    review: outcome === 'deny' ? null : strictestReview(winning),
  };
}

function strictestReview(limits: readonly LimitRule[]): Review {
  return limits.map((limit) => limit.review ?? defaultReview).reduce((a, b) => stricterReview(a, b) ?? a);
}

function isGiven({ outcome }: ClassDecision): boolean {
  return outcome === 'release' || outcome === 'redact';
}
