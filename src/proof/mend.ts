import type { AffiliationKind } from '../vocabulary/index.ts';
import { ruleSentence, type PolicyDocument, type ProofWorld } from '../policy/index.ts';
import { Work, type ProofCaps } from './caps.ts';
import type { ClaimCase } from './claimFilter.ts';
import { kindOrder } from './graph.ts';
import { mendingRules } from './mendRules.ts';
import { nothingRemoved } from './passes.ts';
import { sourceOf, walks } from './search.ts';
import { suggestedRule } from './suggest.ts';
import { wayTo } from './trace.ts';
import type { Mend } from './types.ts';

/**
 * The least that would make a failing claim hold, in each of three ways. A way is null where nothing of its sort does, or a cap was passed first.
 * `direct`: somebody obtains the data by a request of their own, so that no edge is to blame.
 */
export function mendOf(document: PolicyDocument, one: ClaimCase, world: ProofWorld, direct: boolean, caps: ProofCaps): Mend {
  const rule = direct ? suggestedRule(document, one) : null;
  return {
    edgeKinds: direct ? null : mendingKinds(one, world, caps),
    rules: mendingRules(one, world, caps),
    suggestion: rule === null ? null : ruleSentence(rule),
  };
}

/**
 * The smallest set of kinds of edge without which the claim holds, and of several the first in the order of the vocabulary.
 * For a claim that nobody breaks by a request of their own.
 *
 * Each way that breaks the claim must lose one of its kinds. So the smallest set that meets every way found so far is no larger than
 * the answer: where it mends the claim it is the answer, and else it shows a further way.
 */
function mendingKinds(one: ClaimCase, world: ProofWorld, caps: ProofCaps): readonly AffiliationKind[] | null {
  const work = new Work(caps);
  const ways: number[] = [];
  for (;;) {
    const kinds = smallestMeeting(ways);
    const found = walks(one, world, work, { first: true, removed: { ...nothingRemoved, kinds: new Set(kinds.map((k) => kindOrder[k] as AffiliationKind)) } });
    if (found === 'capped') return null;
    const walk = found.find(({ reach }) => reach.found >= 0);
    if (walk === undefined) return kinds.map((k) => kindOrder[k] as AffiliationKind);
    const source = sourceOf(one, walk, world);
    const { steps } = wayTo(source, walk.reach.found);
    ways.push(steps.reduce((bits, { edge }) => bits | (1 << kindOrder.indexOf(one.view.network.edges[edge]?.kind ?? 'component')), 0));
  }
}

/** Places of kinds: the smallest set that has one of each way, the first in order. A way is a set of bits. */
function smallestMeeting(ways: readonly number[]): readonly number[] {
  return setsOfKinds.find((set) => ways.every((way) => (way & set.bits) !== 0))?.places ?? [];
}

/** Every set of kinds, the smaller before the larger, and of one size in the order of the vocabulary. */
const setsOfKinds = Array.from({ length: 1 << kindOrder.length }, (_, bits) => ({ bits, places: kindOrder.flatMap((_kind, k) => ((bits >>> k) & 1 ? [k] : [])) }))
  .sort((a, b) => a.places.length - b.places.length || (a.places.map((place, i) => place - (b.places[i] ?? 0)).find((difference) => difference !== 0) ?? 0));
