import { affiliationKinds, namesOf, type AffiliationKind } from '../vocabulary/index.ts';
import type { Network, NetworkEdge } from '../model/index.ts';

/** The edges at each node, as flat lists: those of node `n` stand from `start[n]` up to `start[n + 1]`. */
export interface Adjacency {
  readonly start: Uint32Array;
  /** The node at the other end. */
  readonly node: Uint32Array;
  /** What decides whether data passes, besides the receiver: see `sortOf`. */
  readonly sort: Uint8Array;
  /** Place in `Network.edges`. */
  readonly edge: Uint32Array;
}

/** A network as proofs walk it. */
export interface Graph {
  readonly size: number;
  readonly edges: number;
  /** Where data can go from a node. */
  readonly out: Adjacency;
  /** Where it can come from. */
  readonly in: Adjacency;
}

export const kindOrder: readonly AffiliationKind[] = namesOf(affiliationKinds);

/** How firmly an edge stands: an unconfirmed one, a confirmed one, and one on which nobody can keep a rule. */
export const standings = { unconfirmed: 0, confirmed: 1, inseparable: 2 } as const;

/** How many sorts of edge there are. */
export const sorts = kindOrder.length * 3;

/** Edges of one sort pass alike to one receiver: three to a kind, by how firmly they stand. */
export function sortOf(edge: Pick<NetworkEdge, 'kind' | 'confirmed' | 'grade'>): number {
  return kindOrder.indexOf(edge.kind) * 3 + (!edge.confirmed ? standings.unconfirmed : edge.grade === 'inseparable' ? standings.inseparable : standings.confirmed);
}

const known = new WeakMap<Network, Graph>();

/** The graph of a network, made once for each. */
export function graphOf(network: Network): Graph {
  let graph = known.get(network);
  if (graph === undefined) known.set(network, (graph = build(network)));
  return graph;
}

function build({ nodes, edges }: Network): Graph {
  const [size, count] = [nodes.length, edges.length];
  const from = Uint32Array.from(edges, (edge) => edge.from);
  const to = Uint32Array.from(edges, (edge) => edge.to);
  const sort = Uint8Array.from(edges, sortOf);
  return { size, edges: count, out: adjacency(size, from, to, sort), in: adjacency(size, to, from, sort) };
}

/** A counting sort by `at`, which keeps the order of the edges of one node. */
function adjacency(size: number, at: Uint32Array, other: Uint32Array, sortOfEdge: Uint8Array): Adjacency {
  const start = new Uint32Array(size + 1);
  for (const node of at) start[node + 1] = (start[node + 1] ?? 0) + 1;
  for (let n = 0; n < size; n += 1) start[n + 1] = (start[n + 1] ?? 0) + (start[n] ?? 0);
  const next = start.slice();
  const made: Adjacency = { start, node: new Uint32Array(at.length), sort: new Uint8Array(at.length), edge: new Uint32Array(at.length) };
  at.forEach((node, edge) => {
    const place = next[node] ?? 0;
    next[node] = place + 1;
    made.node[place] = other[edge] ?? 0;
    made.sort[place] = sortOfEdge[edge] ?? 0;
    made.edge[place] = edge;
  });
  return made;
}
