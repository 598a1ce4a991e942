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
 * A failing claim is given its mend, which costs more than the verdict, unless `mends` is false.
 * @throws RangeError where the basis has no network.
 */
export function proveInRegistry(basis: ProofBasis, claim: Claim, world: ProofWorld, caps: ProofCaps = defaultCaps, mends = true): Verdict {
  if (basis.network === null) throw new RangeError('a proof over the registry needs a network');
  const nothing: Verdict = { world, domain: 'registry', holds: 'capped', count: null, who: [], counterexample: null, mend: null };
  if (tooLarge(basis.network, caps)) return nothing;
  const one = caseOf(viewOf(basis.network, basis.table), claim);
  const found = walks(one, world, new Work(caps));
  if (found === 'capped') return nothing;
  const { breakers, best } = breaches(one, found);
  if (best === null) return { ...nothing, holds: true, count: 0 };
  const counterexample = traceOf(sourceOf(one, best.walk, world), best.breach.state, best.breach.unknown);
  return {
    ...nothing, holds: false, count: breakers.length, who: firstByName(one.view, breakers), counterexample,
    mend: mends ? mendOf(basis.document, one, world, counterexample.path, caps) : null,
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

/** The first few by name. Few of many are wanted, so most are compared once, with the last that is kept. */
function firstByName({ network, ...view }: View, nodes: readonly number[]): readonly Party[] {
  const name = (node: number | undefined): string => (node === undefined ? '' : (network.nodes[node]?.name ?? ''));
  const first: number[] = [];
  for (const node of nodes) {
    const own = name(node);
    if (first.length === named && own >= name(first[named - 1])) continue;
    const at = first.findIndex((other) => own < name(other));
    first.splice(at < 0 ? first.length : at, 0, node);
    first.length = Math.min(first.length, named);
  }
  return first.map((node) => partyOf({ network, ...view }, node));
}
