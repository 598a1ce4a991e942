import type { Graph } from './graph.ts';
import { passes, type Passing } from './passes.ts';
import type { PlaneSets } from './planeSets.ts';
import type { View } from './view.ts';

/**
 * What each node ends up with where every node passes all that it has along the edges that let it pass: the least fixpoint. Nodes that
 * can all reach each other end up with the same, so each such component is one set, and one look at each edge in the order of the
 * components is enough, however long the chains are.
 */
export function spread(view: View, passing: Passing, own: Uint32Array, sets: PlaneSets): Uint32Array {
  if (passing.closed) return own;
  const { of, order } = componentsOf(view, passing);
  const { start, node: heads, sort } = view.graph.out;
  const all = new Uint32Array(order.length);
  for (const node of order) all[of[node] ?? 0] = sets.union(all[of[node] ?? 0] ?? 0, own[node] ?? 0);
  for (let at = order.length - 1; at >= 0; at -= 1) {
    const node = order[at] ?? 0;
    const mine = of[node] ?? 0;
    const set = all[mine] ?? 0;
    if (set === 0) continue;
    for (let e = start[node] ?? 0; e < (start[node + 1] ?? 0); e += 1) {
      const head = heads[e] ?? 0;
      const other = of[head] ?? 0;
      if (other !== mine && passes(passing, sort[e] ?? 0, view.profileOf[head] ?? 0)) all[other] = sets.union(all[other] ?? 0, set);
    }
  }
  return own.map((_, node) => all[of[node] ?? 0] ?? 0);
}

/** The strongly connected components of the edges that pass. */
export interface Components {
  /** For each node its component. No edge that passes goes from a component to one of a higher number. */
  readonly of: Uint32Array;
  /** The nodes, by component, ascending. */
  readonly order: Uint32Array;
}

const known = new WeakMap<Graph, Map<string, Components>>();

/** Found once for each graph and each set of sorts that pass, unless it depends on who receives. */
export function componentsOf(view: View, passing: Passing): Components {
  if (passing.bySort.includes(2)) return find(view, passing);
  let bySort = known.get(view.graph);
  if (bySort === undefined) known.set(view.graph, (bySort = new Map<string, Components>()));
  const key = passing.bySort.join('');
  let found = bySort.get(key);
  if (found === undefined) {
    if (bySort.size >= mostKept) bySort.clear();
    bySort.set(key, (found = find(view, passing)));
  }
  return found;
}

const mostKept = 64;

/** Tarjan's algorithm, without recursion: a chain of organisations may be longer than the stack. */
function find({ graph: { size, out: { start, node: heads, sort } }, profileOf }: View, passing: Passing): Components {
  const unseen = 0;
  const of = new Uint32Array(size);
  const order = new Uint32Array(size);
  const index = new Uint32Array(size).fill(unseen);
  const low = new Uint32Array(size);
  const onStack = new Uint8Array(size);
  const next = start.slice(0, size);
  const stack = new Uint32Array(size);
  const calls = new Uint32Array(size);
  let [count, placed, component, top, depth] = [0, 0, 0, 0, 0];

  const enter = (node: number): void => {
    count += 1;
    index[node] = low[node] = count;
    stack[top++] = node;
    onStack[node] = 1;
    calls[depth++] = node;
  };

  for (let root = 0; root < size; root += 1) {
    if (index[root] !== unseen) continue;
    enter(root);
    while (depth > 0) {
      const node = calls[depth - 1] ?? 0;
      const end = start[node + 1] ?? 0;
      let entered = false;
      for (let at = next[node] ?? 0; at < end && !entered; at += 1) {
        next[node] = at + 1;
        const head = heads[at] ?? 0;
        if (!passes(passing, sort[at] ?? 0, profileOf[head] ?? 0)) continue;
        if (index[head] === unseen) {
          enter(head);
          entered = true;
        } else if (onStack[head] === 1) low[node] = Math.min(low[node] ?? 0, index[head] ?? 0);
      }
      if (entered) continue;
      depth -= 1;
      const caller = depth > 0 ? (calls[depth - 1] ?? 0) : -1;
      if (caller >= 0) low[caller] = Math.min(low[caller] ?? 0, low[node] ?? 0);
      if (low[node] !== index[node]) continue;
      for (let member = -1; member !== node; ) {
        member = stack[--top] ?? 0;
        onStack[member] = 0;
        of[member] = component;
        order[placed++] = member;
      }
      component += 1;
    }
  }
  return { of, order };
}
