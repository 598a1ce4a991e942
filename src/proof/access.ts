import { allDataClasses, type DataClass } from '../vocabulary/index.ts';
import { allContexts, type Plane, type ProofWorld } from '../policy/index.ts';
import { defaultCaps, tooLarge, type ProofCaps } from './caps.ts';
import { planLayers } from './layers.ts';
import { HopContexts, passingOf } from './passes.ts';
import { PlaneSets } from './planeSets.ts';
import { spread } from './spread.ts';
import type { ProofBasis } from './types.ts';
import { byClass, viewOf, type View } from './view.ts';

/** What counts as obtaining data. By default all that a claim would count: a reduced form too, and what a person may release. */
export interface AccessHow {
  readonly form?: 'any' | 'full';
  readonly held?: boolean;
}

/** Who can obtain one class of data, and by which requests. */
export interface ClassAccess {
  readonly dataClass: DataClass;
  /** For each node of the network the cells in which a request of its own obtains the class, or one that reveals it. */
  direct(node: number): Plane;
  /** For each node the cells in which somebody can ask (itself too) so that the class gets to it by any chain. */
  byAnyChain(node: number): Plane;
  readonly counts: AccessCounts;
}

/** Numbers of organisations. */
export interface AccessCounts {
  /** Obtain it by a request of their own. */
  readonly direct: number;
  /** Obtain it only through others. */
  readonly indirect: number;
}

/** Any hop: nothing is asked of it but what onward rules ask. */
export const anyHop = new HopContexts(allContexts);

/**
 * Who can obtain what of one owner, directly or by any chain, and in which contexts of the request. The least fixpoint over the network:
 * whatever papers and purpose a hop needs it may have. Classes that reveal a class count as it.
 * @throws RangeError where the basis has no network.
 */
export function effectiveAccess(basis: ProofBasis, asked: { readonly dataClass?: DataClass; readonly world: ProofWorld } & AccessHow, caps: ProofCaps = defaultCaps): readonly ClassAccess[] | 'capped' {
  const view = viewWithNetwork(basis);
  if (tooLarge(view.network, caps)) return 'capped';
  const { dataClass, world, form = 'any', held = true } = asked;
  const sets = new PlaneSets(view.table.space.size);
  const direct = new Map<string, Uint32Array>();
  const chains = new Map<string, Uint32Array>();
  const found: ClassAccess[] = [];
  for (const one of dataClass === undefined ? allDataClasses : [dataClass]) {
    const plan = planLayers(view.table, [one], form);
    const own = setsOf(view, plan, 0, null, held, sets, direct);
    const all = setsOf(view, plan, 0, world, held, sets, chains);
    if (sets.count > caps.sets) return 'capped';
    found.push({ dataClass: one, direct: (node) => sets.plane(own[node] ?? 0), byAnyChain: (node) => sets.plane(all[node] ?? 0), counts: countsOf(own, all) });
  }
  return found;
}

/** The set of cells of each node, as numbers in `sets`, for one layer of a plan: what it asks for itself, what reveals it, and what passes to it. */
function setsOf(view: View, plan: ReturnType<typeof planLayers>, layer: number, world: ProofWorld | null, held: boolean, sets: PlaneSets, kept: Map<string, Uint32Array>): Uint32Array {
  const { dataClass, form } = plan[layer] as (typeof plan)[number];
  const key = `${dataClass} ${form}`;
  let found = kept.get(key);
  if (found !== undefined) return found;
  found = askedSets(view, dataClass, form, held, sets);
  for (const [giver, { reveals }] of plan.entries()) {
    if (!reveals.includes(layer)) continue;
    const given = setsOf(view, plan, giver, world, held, sets, kept);
    for (let node = 0; node < found.length; node += 1) found[node] = sets.union(found[node] ?? 0, given[node] ?? 0);
  }
  if (world !== null) found = spread(view, passingOf(view, dataClass, world, anyHop), found, sets);
  kept.set(key, found);
  return found;
}

function askedSets(view: View, dataClass: DataClass, form: 'any' | 'full', held: boolean, sets: PlaneSets): Uint32Array {
  const { table, classOf, profileOf, asks } = view;
  const byProfile = byClass(view, new Uint32Array(classOf.length), (agencyClass) => sets.number(table.open(table.rowOf(agencyClass, dataClass), { form, held })));
  const found = new Uint32Array(profileOf.length);
  for (let node = 0; node < found.length; node += 1) if (asks[node] === 1) found[node] = byProfile[profileOf[node] ?? 0] ?? 0;
  return found;
}

function countsOf(direct: Uint32Array, all: Uint32Array): AccessCounts {
  let [asking, only] = [0, 0];
  for (let node = 0; node < all.length; node += 1) {
    if (direct[node] !== 0) asking += 1;
    else if (all[node] !== 0) only += 1;
  }
  return { direct: asking, indirect: only };
}

export function viewWithNetwork({ network, table }: ProofBasis): View {
  if (network === null) throw new RangeError('effective access needs a network');
  return viewOf(network, table);
}
