import type { DataClass } from '../vocabulary/index.ts';
import { andPlanes, hasBit, isEmptyPlane, type Context, type Plane, type ProofWorld } from '../policy/index.ts';
import { plainestFirst } from './contexts.ts';
import { standings, sortOf } from './graph.ts';
import type { Layer } from './layers.ts';
import { onwardFor } from './passes.ts';
import { revealedBy, type Reach } from './reach.ts';
import { traceSentence } from './traceWords.ts';
import type { Hop, Trace } from './types.ts';
import { partyOf, type View } from './view.ts';

/** What a trace was found in. */
export interface TraceSource {
  readonly view: View;
  readonly layers: readonly Layer[];
  readonly reach: Reach;
  readonly world: ProofWorld;
  readonly held: boolean;
  /** The cells that matter, and the contexts in them that do. */
  readonly plane: Plane;
  readonly violates: (context: Context) => boolean;
}

/** A way through the states: who asked for which layer, and the edges since, each with the layer that went along it. */
export interface Way {
  readonly asker: number;
  readonly layer: number;
  readonly steps: readonly { readonly edge: number; readonly layer: number }[];
}

/** The way by which a state was reached. */
export function wayTo({ view, reach }: Pick<TraceSource, 'view' | 'reach'>, state: number): Way {
  const steps: { edge: number; layer: number }[] = [];
  let [layer, node] = [Math.floor(state / reach.size), state % reach.size];
  for (;;) {
    const mark = reach.whence[layer * reach.size + node] ?? -1;
    const giver = revealedBy(mark);
    if (mark === -1) return { asker: node, layer, steps: steps.reverse() };
    if (giver >= 0) layer = giver;
    else {
      steps.push({ edge: mark, layer });
      node = view.network.edges[mark]?.from ?? node;
    }
  }
}

/** The way to a state as a report shows it: the plainest request that the rules answer, then hop by hop. `unknown` is of the obtainer. */
export function traceOf(source: TraceSource, state: number, unknown: readonly string[]): Trace {
  return traceAlong(source, wayTo(source, state), Math.floor(state / source.reach.size), unknown);
}

/** As `traceOf`, along a way of one's own. `wanted` is the layer that arrives in the end. */
export function traceAlong(source: TraceSource, way: Way, wanted: number, unknown: readonly string[]): Trace {
  const { view, layers } = source;
  const [asked, obtained] = [layers[way.layer], layers[wanted]];
  if (asked === undefined || obtained === undefined) throw new RangeError('there is no such layer');
  const request = requestOf(source, asked, way.asker);
  const path = way.steps.map(({ edge, layer }) => hopOf(source, edge, layers[layer]?.dataClass ?? obtained.dataClass));
  const said: Omit<Trace, 'sentence'> = {
    asker: partyOf(view, way.asker), dataClass: obtained.dataClass, through: asked.dataClass, ...request,
    path, obtainer: path.at(-1)?.to ?? partyOf(view, way.asker), unknown,
  };
  return { ...said, sentence: traceSentence(said) };
}

/** A request that opens the layer: one that is given whole before one that is reduced, and that before one that a person decides. */
function requestOf({ view, plane, held, violates }: TraceSource, { dataClass, form }: Layer, asker: number): Pick<Trace, 'context' | 'outcome' | 'rules'> {
  const { table } = view;
  const row = table.rowOf(view.classOf[view.profileOf[asker] ?? 0] ?? 0, dataClass);
  const hows = [{ form: 'full', held: false }, ...(form === 'any' ? [{ form: 'any', held: false } as const] : []), ...(held ? [{ form, held: true }] : [])] as const;
  for (const how of hows) {
    const open = andPlanes(table.open(row, how), plane);
    if (isEmptyPlane(open)) continue;
    const context = plainestFirst().find((one) => violates(one) && hasBit(open, table.space.cellOf(one.purpose, one, one.kind)));
    if (context === undefined) continue;
    const { outcome, rules } = table.cell(row, table.space.cellOf(context.purpose, context, context.kind));
    if (outcome === 'deny') break;
    return { context, outcome, rules };
  }
  throw new Error('a proof follows a request that the table refuses');
}

function hopOf({ view, world }: TraceSource, place: number, dataClass: DataClass): Hop {
  const edge = view.network.edges[place];
  if (edge === undefined) throw new RangeError(`there is no edge ${place}`);
  const byRule = world === 'honoured' && sortOf(edge) % 3 === standings.confirmed;
  return {
    kind: edge.kind, from: partyOf(view, edge.from), to: partyOf(view, edge.to), grade: edge.grade, confirmed: edge.confirmed, provenance: edge.provenance,
    rules: byRule ? onwardFor(view.table, dataClass, edge.kind).map(({ id }) => id).sort() : [],
  };
}
