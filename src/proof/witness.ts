import { classesOf, isEmptyPlane, meet, withoutPlane, type Claim, type OnwardRule, type ProofWorld, type Row } from '../policy/index.ts';
import { defaultCaps, Work, type ProofCaps } from './caps.ts';
import { caseOf, type ClaimCase, type ClaimGroup } from './claimFilter.ts';
import type { Layer } from './layers.ts';
import { nothingRemoved } from './passes.ts';
import { leadsNowhere, reachBack } from './reach.ts';
import { proveInRegistry } from './registryClaims.ts';
import { goalOf, layersOf, walks } from './search.ts';
import type { ProofBasis, Trace } from './types.ts';
import { viewOf } from './view.ts';

/**
 * What shows that a claim which holds says something: somebody of whom it speaks obtains the data where an exception is met (or a person
 * decides). A claim without any exception is shown by somebody else who obtains the data. Null where nobody ever does: then it may hold because a rule is broken.
 */
export function witnessOf(basis: ProofBasis, claim: Claim, world: ProofWorld, caps: ProofCaps = defaultCaps): Trace | null {
  const bare: Claim = { ...claim, without: [], review: 'counts' };
  const excused = claim.without.length === 0 && claim.review === 'counts' ? null : proveInRegistry(basis, bare, world, caps, false).counterexample;
  if (excused !== null || claim.without.length > 0) return excused;
  return proveInRegistry(basis, { ...bare, kind: claim.kind === 'never' ? 'only' : 'never' }, world, caps, false).counterexample;
}

/** Which rules a holding claim rests on. */
export interface Carriers {
  /** Rules without any one of which the claim would not hold. */
  readonly carriedBy: readonly string[];
  /** Rules that keep the data from those of whom the claim speaks, and of which any one could go. */
  readonly redundant: readonly string[];
}

/** The carriers of a claim that holds in a world: deny rules, hold and reduce rules where those keep back, and onward rules that forbid or ask. Null past a cap. */
export function carriersOf(basis: ProofBasis, claim: Claim, world: ProofWorld, caps: ProofCaps = defaultCaps): Carriers | null {
  if (basis.network === null) return null;
  const one = caseOf(viewOf(basis.network, basis.table), claim);
  const work = new Work(caps);
  const carried = new Set<string>();
  const bearing = new Set<string>();
  for (const [number, group] of one.groups.entries()) {
    if (!weighRules(one, number, group, world, work, carried, bearing)) return null;
  }
  for (const rule of onwardThatKeep(one, world)) {
    bearing.add(rule.id);
    const found = walks(one, world, work, { first: true, removed: { ...nothingRemoved, onward: new Set([rule.id]) } });
    if (found === 'capped') return null;
    if (found.some(({ reach }) => reach.found >= 0)) carried.add(rule.id);
  }
  return { carriedBy: [...carried].sort(), redundant: [...bearing].filter((id) => !carried.has(id)).sort() };
}

/**
 * A rule that keeps back carries the claim where, without it, a request is answered whose answer can get to somebody of the group.
 * Where answers can get is walked once, backwards, because no rule about requests changes it.
 */
function weighRules(one: ClaimCase, number: number, group: ClaimGroup, world: ProofWorld, work: Work, carried: Set<string>, bearing: Set<string>): boolean {
  const { view } = one;
  const goal = goalOf(one, number);
  const layers = layersOf(one, group, world, nothingRemoved);
  const leads = reachBack(view, layers, work, goal);
  if (leads === 'capped') return false;
  layers.forEach((layer, place) => {
    const [leading, own] = rowsThatAsk(one, layer, goal, leads.subarray(place * view.graph.size, (place + 1) * view.graph.size));
    for (const row of leading) {
      for (const { rule, plane } of row.parts) {
        const known = view.table.rules[rule];
        if (known === undefined || !meet(plane, group.plane) || !keepsBack(one, layer, rule)) continue;
        if (own.has(row)) bearing.add(known.id);
        const how = { form: layer.form, held: one.held };
        const gained = withoutPlane(view.table.open(row, { ...how, except: new Set([rule]) }), view.table.open(row, how));
        if (!isEmptyPlane(gained) && meet(gained, group.plane)) carried.add(known.id);
      }
    }
  });
  return true;
}

/** The rows of those who can ask and whose answer leads to the group, and of those in the group itself. */
function rowsThatAsk({ view }: ClaimCase, { dataClass }: Layer, goal: Uint8Array, leads: Int32Array): readonly [ReadonlySet<Row>, ReadonlySet<Row>] {
  const [all, own] = [new Set<number>(), new Set<number>()];
  leads.forEach((mark, node) => {
    if (mark === leadsNowhere || view.asks[node] === 0) return;
    const agencyClass = view.classOf[view.profileOf[node] ?? 0] ?? 0;
    all.add(agencyClass);
    if (goal[node] === 1) own.add(agencyClass);
  });
  const rows = (classes: ReadonlySet<number>): ReadonlySet<Row> => new Set([...classes].map((agencyClass) => view.table.rowOf(agencyClass, dataClass)));
  return [rows(all), rows(own)];
}

/** Whether a rule keeps a class back in the sense of the claim, rather than giving it. */
function keepsBack({ view, held }: ClaimCase, { dataClass, form }: Layer, rule: number): boolean {
  const known = view.table.rules[rule];
  return known !== undefined && (known.outcome === 'deny' || (known.outcome === 'hold' && !held) || (known.outcome === 'release' && form === 'full' && known.treat[dataClass] !== undefined));
}

/** The onward rules that forbid or ask for something, of the classes that a claim about any path looks at. */
function onwardThatKeep(one: ClaimCase, world: ProofWorld): readonly OnwardRule[] {
  const [group] = one.groups;
  if (world === 'possible' || one.claim.by === 'direct' || group === undefined) return [];
  const classes = layersOf(one, group, world, nothingRemoved).map(({ dataClass }) => dataClass);
  return one.view.table.onward.filter(({ data, allow }) => allow !== 'always' && classes.some((dataClass) => classesOf(data).includes(dataClass)));
}
