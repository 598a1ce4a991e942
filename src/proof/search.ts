import type { ProofWorld } from '../policy/index.ts';
import type { Work } from './caps.ts';
import { unknownOf, type ClaimCase, type ClaimGroup } from './claimFilter.ts';
import { layersFor, type Layer } from './layers.ts';
import { nothingRemoved, type Removed } from './passes.ts';
import { reach, type Reach } from './reach.ts';
import type { TraceSource } from './trace.ts';

/** One walk for the organisations of one group. */
export interface GroupWalk {
  readonly group: ClaimGroup;
  readonly layers: readonly Layer[];
  /** For each node 1 where the claim, with the exceptions of this group, speaks of it. */
  readonly goal: Uint8Array;
  readonly reach: Reach;
}

/** All walks of a claim in a world. With `first` each stops at the first organisation that breaks the claim, and so does the list. */
export function walks(one: ClaimCase, world: ProofWorld, work: Work, { removed = nothingRemoved, first = false }: { readonly removed?: Removed; readonly first?: boolean } = {}): readonly GroupWalk[] | 'capped' {
  const found: GroupWalk[] = [];
  for (const [number, group] of one.groups.entries()) {
    const goal = goalOf(one, number);
    const layers = layersOf(one, group, world, removed);
    const reached = reach(one.view, layers, work, first ? goal : null);
    if (reached === 'capped') return 'capped';
    found.push({ group, layers, goal, reach: reached });
    if (reached.found >= 0) break;
  }
  return found;
}

export function layersOf({ view, claim, classes, held }: ClaimCase, { plane, hop }: ClaimGroup, world: ProofWorld, removed: Removed): readonly Layer[] {
  return layersFor(view, { classes, form: claim.form, held, plane, hop, world: claim.by === 'direct' ? null : world, removed });
}

/** For each node 1 where it belongs to the group. */
export function goalOf({ view, lookedAt, groupOf }: ClaimCase, group: number): Uint8Array {
  const byProfile = lookedAt.map((bit, profile) => (bit === 1 && groupOf[profile] === group ? 1 : 0));
  const goal = new Uint8Array(view.graph.size);
  for (let node = 0; node < goal.length; node += 1) goal[node] = byProfile[view.profileOf[node] ?? 0] ?? 0;
  return goal;
}

/** The state by which a group breaks the claim soonest, and every node by which it does. */
export interface Breach {
  readonly state: number;
  readonly hops: number;
  readonly unknown: readonly string[];
}

/**
 * The breach with the fewest hops; of several the one by an organisation that the claim surely means, then in the order of nodes and layers.
 * `mark` is called for each organisation that breaks the claim, perhaps more than once.
 */
export function nearestBreach(one: ClaimCase, { layers, goal, reach: { size, hops } }: GroupWalk, mark: (node: number) => void): Breach | null {
  let best: Breach | null = null;
  layers.forEach(({ wanted }, layer) => {
    if (!wanted) return;
    for (let node = 0; node < size; node += 1) {
      const distance = hops[layer * size + node] ?? -1;
      if (goal[node] !== 1 || distance < 0) continue;
      mark(node);
      if (best !== null && (distance > best.hops || (distance === best.hops && best.unknown.length === 0))) continue;
      const unknown = unknownOf(one, one.view.profileOf[node] ?? 0);
      if (best === null || distance < best.hops || unknown.length < best.unknown.length) best = { state: layer * size + node, hops: distance, unknown };
    }
  });
  return best;
}

export function sourceOf({ view, held }: ClaimCase, { group, layers, reach: reached }: GroupWalk, world: ProofWorld): TraceSource {
  return { view, layers, reach: reached, world, held, plane: group.plane, violates: group.violates };
}
