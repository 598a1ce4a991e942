import type { Claim, ProofWorld } from '../policy/index.ts';
import { defaultCaps, tooLarge, Work, type ProofCaps } from './caps.ts';
import { caseOf, type ClaimCase } from './claimFilter.ts';
import { mendOf } from './mend.ts';
import { nearestBreach, sourceOf, walks, type Breach, type GroupWalk } from './search.ts';
import { traceOf } from './trace.ts';
import type { Party, ProofBasis, Verdict } from './types.ts';
import { partyOf, viewOf, type View } from './view.ts';

/** How many organisations a verdict names. */
const named = 5;

/**
 * What the registry's organisations can do against a claim in one world. Exact for the network given: every organisation that may be
 * one that the claim speaks of is looked at, every request that it does not excuse, and every chain of edges (in the caps).
 * @throws RangeError where the basis has no network.
 */
export function proveInRegistry(basis: ProofBasis, claim: Claim, world: ProofWorld, caps: ProofCaps = defaultCaps): Verdict {
  if (basis.network === null) throw new RangeError('a proof over the registry needs a network');
  const nothing: Verdict = { world, domain: 'registry', holds: 'capped', count: null, who: [], counterexample: null, mend: null };
  if (tooLarge(basis.network, caps)) return nothing;
  const one = caseOf(viewOf(basis.network, basis.table), claim);
  const found = walks(one, world, new Work(caps));
  if (found === 'capped') return nothing;
  const { breakers, best } = breaches(one, found);
  if (best === null) return { ...nothing, holds: true, count: 0 };
  return {
    ...nothing, holds: false, count: breakers.length, who: firstByName(one.view, breakers),
    counterexample: traceOf(sourceOf(one, best.walk, world), best.breach.state, best.breach.unknown),
    mend: mendOf(basis.document, one, world, caps),
  };
}

function breaches(one: ClaimCase, found: readonly GroupWalk[]): { readonly breakers: readonly number[]; readonly best: { readonly walk: GroupWalk; readonly breach: Breach } | null } {
  const breaks = new Uint8Array(one.view.graph.size);
  const nearest = found.flatMap((walk) => {
    const breach = nearestBreach(one, walk, (node) => { breaks[node] = 1; });
    return breach === null ? [] : [{ walk, breach }];
  });
  const [best = null] = nearest.sort((a, b) => a.breach.hops - b.breach.hops || a.breach.unknown.length - b.breach.unknown.length);
  const breakers: number[] = [];
  breaks.forEach((bit, node) => { if (bit === 1) breakers.push(node); });
  return { breakers, best };
}

function firstByName(view: View, nodes: readonly number[]): readonly Party[] {
  const name = (node: number): string => view.network.nodes[node]?.name ?? '';
  const first: number[] = [];
  for (const node of nodes) {
    const at = first.findIndex((other) => name(node) < name(other));
    if (at >= 0) first.splice(at, 0, node);
    else if (first.length < named) first.push(node);
    if (first.length > named) first.pop();
  }
  return first.map((node) => partyOf(view, node));
}
