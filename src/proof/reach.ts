import type { Work } from './caps.ts';
import type { Layer } from './layers.ts';
import { passes } from './passes.ts';
import type { View } from './view.ts';

/**
 * Who obtains what, and by how many hops at least. A state is an organisation that has one layer's data: `layer * size + node`.
 * The least fixpoint: data is with those who ask for it themselves, with those to whom it passes, and with those who have what reveals it.
 */
export interface Reach {
  readonly size: number;
  /** For each state the hops from the nearest asker; -1 where it is never reached. */
  readonly hops: Int32Array;
  /** For each state whence it came: an edge of the network, `asked`, or -2 and below for the layer that revealed it (`revealedBy`). */
  readonly whence: Int32Array;
  /** The state of `goal` that was found; -1 where none was, or no goal was given. */
  readonly found: number;
}

export const asked = -1;

/** The layer that revealed the data, from a mark in `Reach.whence`; -1 where the mark is none. */
export function revealedBy(mark: number): number {
  return mark <= -2 ? -2 - mark : -1;
}

/**
 * Walks from all askers at once, level by level, in the order of layers, nodes and edges, so that equal questions have equal answers.
 * With a `goal` (1 for each node that counts) it stops at the first such node that has a wanted class.
 */
export function reach(view: View, layers: readonly Layer[], work: Work, goal: Uint8Array | null = null): Reach | 'capped' {
  const { graph, profileOf, asks } = view;
  const { size } = graph;
  const { start, node: heads, sort, edge } = graph.out;
  const hops = new Int32Array(layers.length * size).fill(-1);
  const whence = new Int32Array(hops.length);
  const queue = new Uint32Array(hops.length);
  const wanted = layers.map((layer) => layer.wanted);
  const reveals = layers.map((layer) => layer.reveals);
  let [first, last, found] = [0, 0, -1];

  const put = (layer: number, node: number, distance: number, mark: number): void => {
    const state = layer * size + node;
    if (hops[state] !== -1) return;
    hops[state] = distance;
    whence[state] = mark;
    queue[last] = state;
    last += 1;
    if (goal !== null && found < 0 && goal[node] === 1 && wanted[layer] === true) found = state;
    for (const given of reveals[layer] ?? []) put(given, node, distance, -2 - layer);
  };

  if (!work.spend(hops.length)) return 'capped';
  layers.forEach(({ opens }, layer) => {
    for (let node = 0; node < size; node += 1) if (asks[node] === 1 && opens[profileOf[node] ?? 0] === 1) put(layer, node, 0, asked);
  });
  while (first < last && found < 0) {
    const state = queue[first] ?? 0;
    first += 1;
    const layer = Math.floor(state / size);
    const base = layer * size;
    const { passing } = layers[layer] as Layer;
    if (passing.closed) continue;
    const [from, to, distance] = [start[state - base] ?? 0, start[state - base + 1] ?? 0, (hops[state] ?? 0) + 1];
    if (!work.spend(to - from)) return 'capped';
    for (let at = from; at < to; at += 1) {
      const head = heads[at] ?? 0;
      if (hops[base + head] === -1 && passes(passing, sort[at] ?? 0, profileOf[head] ?? 0)) put(layer, head, distance, edge[at] ?? 0);
    }
  }
  return { size, hops, whence, found };
}

/** Marks of `reachBack`: nothing leads on from here, and it is somebody of the goal who has a wanted class. Any other is an edge, or `revealing`. */
export const leadsNowhere = -1;
export const arrived = -2;

/** The layer that a state's data reveals on its way, from a mark of `reachBack`; -1 where the mark is none. */
export function revealing(mark: number): number {
  return mark <= -3 ? -3 - mark : -1;
}

/** For each state the next step on a shortest way by which, if an organisation had that layer's data, somebody of `goal` would obtain a wanted class. */
export function reachBack(view: View, layers: readonly Layer[], work: Work, goal: Uint8Array): Int32Array | 'capped' {
  const { graph, profileOf } = view;
  const { size } = graph;
  const { start, node: tails, sort, edge } = graph.in;
  const next = new Int32Array(layers.length * size).fill(leadsNowhere);
  const queue = new Uint32Array(next.length);
  const givers = layers.map((_, given) => layers.flatMap(({ reveals }, layer) => (reveals.includes(given) ? [layer] : [])));
  let [first, last] = [0, 0];

  const put = (layer: number, node: number, mark: number): void => {
    const state = layer * size + node;
    if (next[state] !== leadsNowhere) return;
    next[state] = mark;
    queue[last] = state;
    last += 1;
    for (const giver of givers[layer] ?? []) put(giver, node, -3 - layer);
  };

  if (!work.spend(next.length)) return 'capped';
  layers.forEach(({ wanted }, layer) => {
    if (wanted) goal.forEach((bit, node) => { if (bit === 1) put(layer, node, arrived); });
  });
  for (; first < last; first += 1) {
    const state = queue[first] ?? 0;
    const [layer, node] = [Math.floor(state / size), state % size];
    const { passing } = layers[layer] as Layer;
    if (passing.closed) continue;
    const [from, to] = [start[node] ?? 0, start[node + 1] ?? 0];
    if (!work.spend(to - from)) return 'capped';
    for (let at = from; at < to; at += 1) {
      const tail = tails[at] ?? 0;
      if (next[layer * size + tail] === leadsNowhere && passes(passing, sort[at] ?? 0, profileOf[node] ?? 0)) put(layer, tail, edge[at] ?? 0);
    }
  }
  return next;
}
