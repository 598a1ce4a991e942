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
import type { Hop, Mend } from './types.ts';

/**
 * The least that would make a failing claim hold, in each of three ways. A way is null where nothing of its sort does, or a cap was passed first.
 * `path` is that of the counterexample: where it is empty somebody obtains the data by a request of their own, and no edge is to blame.
 */
export function mendOf(document: PolicyDocument, one: ClaimCase, world: ProofWorld, path: readonly Hop[], caps: ProofCaps): Mend {
  const rule = path.length === 0 ? suggestedRule(document, one) : null;
  return {
    edgeKinds: path.length === 0 ? null : mendingKinds(one, world, path.map(({ kind }) => kind), caps),
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
function mendingKinds(one: ClaimCase, world: ProofWorld, way: readonly AffiliationKind[], caps: ProofCaps): readonly AffiliationKind[] | null {
  const work = new Work(caps);
  const ways = [bitsOf(way)];
  for (;;) {
    const kinds = smallestMeeting(ways);
    const found = walks(one, world, work, { first: true, removed: { ...nothingRemoved, kinds: new Set(kinds.map((k) => kindOrder[k] as AffiliationKind)) } });
    if (found === 'capped') return null;
    const walk = found.find(({ reach }) => reach.found >= 0);
    if (walk === undefined) return kinds.map((k) => kindOrder[k] as AffiliationKind);
    const source = sourceOf(one, walk, world);
    const { steps } = wayTo(source, walk.reach.found);
    ways.push(bitsOf(steps.flatMap(({ edge }) => one.view.network.edges[edge]?.kind ?? [])));
  }
}

function bitsOf(kinds: readonly AffiliationKind[]): number {
  return kinds.reduce((bits, kind) => bits | (1 << kindOrder.indexOf(kind)), 0);
}

/** Places of kinds: the smallest set that has one of each way, the first in order. A way is a set of bits. */
function smallestMeeting(ways: readonly number[]): readonly number[] {
  return setsOfKinds.find((set) => ways.every((way) => (way & set.bits) !== 0))?.places ?? [];
}

/** Every set of kinds, the smaller before the larger, and of one size in the order of the vocabulary. */
const setsOfKinds = Array.from({ length: 1 << kindOrder.length }, (_, bits) => ({ bits, places: kindOrder.flatMap((_kind, k) => ((bits >>> k) & 1 ? [k] : [])) }))
  .sort((a, b) => a.places.length - b.places.length || (a.places.map((place, i) => place - (b.places[i] ?? 0)).find((difference) => difference !== 0) ?? 0));
