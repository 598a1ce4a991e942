import {
  brokenConstraints, componentTree, departments, levels, namesOf, undeclaredAttributes, type Component, type RequesterAttributes,
} from '../vocabulary/index.ts';
import type { Matcher } from './document.ts';

/**
 * Whether some requester that the vocabulary admits matches. Exact: the constraints join only level, department, component,
 * home state and 287(g), so those are tried out, and any word does for the rest.
 */
export function admitsAnybody(to: Matcher): boolean {
  const rest: RequesterAttributes = { ...undeclaredAttributes, ...firstWords(to) };
  return (to.level ?? namesOf(levels)).some((level) =>
    (to.department ?? namesOf(departments)).some((department) =>
      (to.component ?? ['none' as const]).some((component) =>
        (to.homeState ?? ['none' as const]).some((homeState) =>
          (to.program287g ?? ['none' as const]).some((agreement) =>
            brokenConstraints({ ...rest, level, department, component: withParents(component), homeState, program287g: [agreement] }).length === 0)))));
}

function firstWords(to: Matcher): Partial<RequesterAttributes> {
  const first = { mission: to.mission?.[0], taskForce: to.taskForce?.[0], certified: to.certified?.[0] };
  return Object.fromEntries(Object.entries(first).flatMap(([name, word]) => (word === undefined ? [] : [[name, [word]]])));
}

function withParents(component: Component): readonly Component[] {
  if (component === 'none' || component === 'undeclared') return [component];
  const { under } = componentTree[component];
  return under === undefined ? [component] : [...withParents(under), component];
}

/** True where one requester may match both. Cautious: attributes with several words at once never keep two apart. */
export function mayOverlap(a: Matcher | undefined, b: Matcher | undefined): boolean {
  if (a === undefined || b === undefined) return true;
  const apart = <W>(one: readonly W[] | undefined, other: readonly W[] | undefined) => one !== undefined && other !== undefined && !one.some((word) => other.includes(word));
  return !(apart(a.level, b.level) || apart(a.department, b.department) || apart(a.homeState, b.homeState) || apart(a.audit, b.audit)
    || apart(a.criminalJustice, b.criminalJustice) || apart(a.sharedOri, b.sharedOri) || apart(a.vendorHosted, b.vendorHosted));
}
