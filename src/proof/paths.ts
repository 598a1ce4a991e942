import { hasAny, type DataClass, type RequesterAttributes } from '../vocabulary/index.ts';
import type { Matcher, ProofWorld } from '../policy/index.ts';
import { anyHop, viewWithNetwork, type AccessHow } from './access.ts';
import { defaultCaps, tooLarge, Work, type ProofCaps } from './caps.ts';
import { layersFor } from './layers.ts';
import { nothingRemoved, passes } from './passes.ts';
import { reach } from './reach.ts';
import { traceAlong, wayTo, type TraceSource, type Way } from './trace.ts';
import type { ProofBasis, Trace } from './types.ts';
import type { View } from './view.ts';

/** Of which ways is asked. */
export interface PathQuestion extends AccessHow {
  /** The id of an organisation, or whom a matcher may mean. */
  readonly to: string | Matcher;
  readonly dataClass: DataClass;
  readonly world: ProofWorld;
  /** At most so many. */
  readonly limit: number;
}

/**
 * The ways by which somebody obtains a class, the shortest first: for each organisation asked about its own request, and through each
 * edge by which the class comes to it the shortest way to that edge that does not pass through the organisation itself. Empty where nobody does.
 * @throws RangeError where the basis has no network.
 */
export function pathsTo(basis: ProofBasis, { to, dataClass, world, limit, form = 'any', held = true }: PathQuestion, caps: ProofCaps = defaultCaps): readonly Trace[] | 'capped' {
  const view = viewWithNetwork(basis);
  if (tooLarge(view.network, caps)) return 'capped';
  const plane = view.table.space.all;
  const layers = layersFor(view, { classes: [dataClass], form, held, plane, hop: anyHop, world, removed: nothingRemoved });
  const found = reach(view, layers, new Work(caps));
  if (found === 'capped') return 'capped';
  const source: TraceSource = { view, layers, reach: found, world, held, plane, violates: () => true };
  return ends(view, to)
    .flatMap(({ node, unknown }) => waysTo(source, node).map((way) => ({ way, unknown })))
    .sort((a, b) => a.way.steps.length - b.way.steps.length || a.unknown.length - b.unknown.length)
    .slice(0, Math.max(0, limit))
    .map(({ way, unknown }) => traceAlong(source, way, 0, unknown));
}

/** The nodes that are asked about, and what is unknown of each that makes it one of them. */
function ends({ network, profileOf, profiles, ...view }: View, to: string | Matcher): readonly { readonly node: number; readonly unknown: readonly string[] }[] {
  if (typeof to === 'string') return network.nodes.flatMap(({ id }, node) => (id === to ? [{ node, unknown: [] }] : []));
  const [may, surely] = [view.may(to), view.surely(to)];
  const named = Object.entries(to) as [keyof RequesterAttributes, readonly string[]][];
  const unknown = profiles.map((attributes, profile) => (surely[profile] === 1 ? [] : named.filter(([name, words]) => !hasAny(attributes, name, words)).map(([name]) => name)));
  return [...profileOf].flatMap((profile, node) => (may[profile] === 1 ? [{ node, unknown: unknown[profile] ?? [] }] : []));
}

/** By its own request for the class or for one that reveals it, and by each edge that brings one of these. */
function waysTo({ view, layers, reach: found }: TraceSource, node: number): readonly Way[] {
  const { graph: { size, in: { start, node: tails, sort, edge } }, profileOf, asks } = view;
  const profile = profileOf[node] ?? 0;
  return layers.flatMap(({ opens, passing }, layer): readonly Way[] => {
    const ways: Way[] = asks[node] === 1 && opens[profile] === 1 ? [{ asker: node, layer, steps: [] }] : [];
    for (let at = start[node] ?? 0; at < (start[node + 1] ?? 0); at += 1) {
      const state = layer * size + (tails[at] ?? 0);
      if ((found.hops[state] ?? -1) < 0 || !passes(passing, sort[at] ?? 0, profile)) continue;
      const before = wayTo({ view, reach: found }, state);
      const through = before.asker === node || before.steps.some((step) => view.network.edges[step.edge]?.to === node);
      if (!through) ways.push({ ...before, steps: [...before.steps, { edge: edge[at] ?? 0, layer }] });
    }
    return ways;
  });
}
