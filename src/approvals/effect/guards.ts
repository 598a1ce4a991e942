import { classesOf, type Claim, type LimitRule, type Matcher, type PolicyDocument } from '../../policy/index.ts';
import { defaultReview } from '../../policy/document.ts';
import { itemsOf } from '../../policy/table/stretch.ts';
import type { RequesterAttributes } from '../../vocabulary/index.ts';
import { level, sameText, together, within, type Leaning } from './leaning.ts';
import { isStricterReview } from './tables.ts';

/** Whether limits and claims guard less, or more. A day on which a policy is not in force needs no guards, because nothing is given. */
export function judgeGuards(before: PolicyDocument, after: PolicyDocument, at: number): Leaning {
  if (!isInForce(before, at) || !isInForce(after, at)) return level;
  const limits = compare(itemsOf(before, before.limits, at), itemsOf(after, after.limits, at), coversLimit, 'limit');
  const claims = compare(itemsOf(before, before.claims, at), itemsOf(after, after.claims, at), coversClaim, 'claim');
  return together([limits, claims]);
}

/** What no other takes the place of is a guard less; the other way round, one more. */
function compare<T extends { readonly id: string }>(was: readonly T[], is: readonly T[], covers: (guard: T, other: T) => boolean, noun: string): Leaning {
  return {
    widens: was.filter((one) => !is.some((other) => covers(other, one))).map(({ id }) => `the ${noun} ${id} is gone, or guards less`),
    narrows: is.filter((one) => !was.some((other) => covers(other, one))).map(({ id }) => `the ${noun} ${id} is new, or guards more`),
  };
}

/** Whether a limit is used up whenever the other is, and then at least as strict. */
function coversLimit(guard: LimitRule, other: LimitRule): boolean {
  const [review, otherReview] = [guard.review ?? defaultReview, other.review ?? defaultReview];
  return guard.per === other.per && guard.max.per === other.max.per && guard.max.count <= other.max.count
    && within(classesOf(other.data), classesOf(guard.data)) && coversMatcher(guard.to, other.to)
    && (guard.beyond === 'deny' || (other.beyond === 'hold' && (sameText(review) === sameText(otherReview) || isStricterReview(otherReview, review))));
}

/** Whether a claim fails wherever the other does. What is not plainly stronger counts as another. */
function coversClaim(guard: Claim, other: Claim): boolean {
  return guard.kind === other.kind && guard.world === other.world && guard.domain === other.domain
    && sameText(guard.to) === sameText(other.to) && sameText(guard.without) === sameText(other.without)
    && within(classesOf(other.data), classesOf(guard.data)) && within(other.for, guard.for)
    && (guard.by === 'anyPath' || other.by === 'direct') && (guard.form === 'any' || other.form === 'full') && (guard.review === 'counts' || other.review === 'suffices');
}

/** Whether the first matches every agency that the second does: each of its clauses allows what a clause of the second allows. */
function coversMatcher(wide: Matcher | undefined, narrow: Matcher | undefined): boolean {
  return Object.entries(wide ?? {}).every(([name, words]) => within<string>(narrow?.[name as keyof RequesterAttributes], words));
}

function isInForce({ effective, expires }: PolicyDocument, at: number): boolean {
  return at >= Date.parse(effective) && (expires === null || at < Date.parse(expires) + 86_400_000);
}
