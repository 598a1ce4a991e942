import { andPlanes, firstBit, hasBit, type OnwardRule, type ProofWorld, type Row } from '../policy/index.ts';
import { Work, type ProofCaps } from './caps.ts';
import type { ClaimCase, ClaimGroup } from './claimFilter.ts';
import { sortOf, standings } from './graph.ts';
import type { Layer } from './layers.ts';
import { allowsTo, nothingRemoved, onwardFor, type HopContexts, type Removed } from './passes.ts';
import { arrived, leadsNowhere, reachBack, revealing } from './reach.ts';
import { goalOf, layersOf } from './search.ts';

/** A rule that may be taken away to mend a claim: one that gives, or one that lets pass on. */
interface Candidate {
  readonly id: string;
  /** Place in the table, or -1 for an onward rule. */
  readonly rule: number;
}

/** A request and the hops after it that break the claim, as far as rules have a say in them. */
interface Breaking {
  readonly row: Row;
  readonly cell: number;
  readonly form: 'any' | 'full';
  readonly hops: readonly { readonly rules: readonly OnwardRule[]; readonly receiver: number; readonly hop: HopContexts }[];
}

/** Who can ask such that the answer gets to one group, with some onward rules away. */
interface Leads {
  readonly group: ClaimGroup;
  readonly layers: readonly Layer[];
  readonly next: Int32Array;
  /** For each layer the rows of those who can ask, each with the first of them. */
  readonly askers: readonly ReadonlyMap<Row, number>[];
}

/** At most so many rules are taken away at once. */
const deepest = 8;

/**
 * The smallest set of rules without which a failing claim holds: rules that release (or hold, where what a person may give counts),
 * and in the world where onward rules are honoured those too. Null where there is none, or it was not found within the caps.
 *
 * A search by size. Whatever breaks the claim goes on breaking it until one of the rules that bear on it is gone, so the search branches
 * on those alone. Where answers can get does not depend on the rules about requests, so it is walked once for each set of onward rules.
 */
export function mendingRules(one: ClaimCase, world: ProofWorld, caps: ProofCaps): readonly string[] | null {
  const { view: { table }, held } = one;
  const work = new Work(caps);
  const seen: Breaking[] = [];
  const leadsKnown = new Map<string, readonly Leads[] | 'capped'>();
  let attempts = caps.attempts;
  const candidates: readonly Candidate[] = [
    ...table.rules.flatMap(({ id, outcome }, rule) => (outcome === 'release' || (outcome === 'hold' && held) ? [{ id, rule }] : [])),
    ...(world === 'honoured' && one.claim.by === 'anyPath' ? table.onward.filter(({ allow }) => allow !== 'never').map(({ id }) => ({ id, rule: -1 })) : []),
  ];

  for (let size = 1; size <= Math.min(deepest, candidates.length); size += 1) {
    const found = search([], size, new Set());
    if (found === 'capped') return null;
    if (found !== null) return found.map(({ id }) => id);
  }
  return null;

  function search(taken: readonly Candidate[], left: number, tried: Set<string>): readonly Candidate[] | 'capped' | null {
    const sorted = candidates.filter((candidate) => taken.includes(candidate));
    const key = sorted.map(({ id }) => id).join(' ');
    if (tried.has(key)) return null;
    tried.add(key);
    const removed = removedOf(sorted);
    const breaking = seen.find((other) => survives(other, removed)) ?? ask(removed);
    if (breaking === 'capped') return 'capped';
    if (breaking === null) return sorted;
    if (left === 0) return null;
    for (const candidate of candidates) {
      if (taken.includes(candidate) || !bearsOn(candidate, breaking)) continue;
      const found = search([...taken, candidate], left - 1, tried);
      if (found !== null) return found;
    }
    return null;
  }

  /** Something that still breaks the claim without these rules, kept for the sets that come after. */
  function ask(removed: Removed): Breaking | 'capped' | null {
    attempts -= 1;
    const leads = attempts < 0 ? 'capped' : leadsWithout(removed);
    if (leads === 'capped') return 'capped';
    for (const lead of leads) {
      for (const [place, askers] of lead.askers.entries()) {
        const form = lead.layers[place]?.form ?? 'any';
        for (const [row, asker] of askers) {
          const except = row.parts.some(({ rule }) => removed.rules.has(rule)) ? { except: removed.rules } : {};
          const cell = firstBit(andPlanes(table.open(row, { form, held, ...except }), lead.group.plane));
          if (cell < 0) continue;
          const breaking: Breaking = { row, cell, form, hops: hopsFrom(lead, place, asker) };
          seen.push(breaking);
          return breaking;
        }
      }
    }
    return null;
  }

  function leadsWithout(removed: Removed): readonly Leads[] | 'capped' {
    const key = [...removed.onward].join(' ');
    let leads = leadsKnown.get(key);
    if (leads === undefined) leadsKnown.set(key, (leads = leadsOf(one, world, work, { ...nothingRemoved, onward: removed.onward })));
    return leads;
  }

  /** The hops on which onward rules have a say. */
  function hopsFrom({ layers, next, group }: Leads, place: number, asker: number): Breaking['hops'] {
    const { network, profileOf, graph } = one.view;
    const hops: Breaking['hops'][number][] = [];
    for (let [layer, node] = [place, asker]; ;) {
      const mark = next[layer * graph.size + node] ?? arrived;
      const edge = network.edges[mark];
      if (revealing(mark) >= 0) layer = revealing(mark);
      else if (edge === undefined) return hops;
      else {
        const dataClass = layers[layer]?.dataClass;
        const ruled = world === 'honoured' && sortOf(edge) % 3 !== standings.inseparable;
        if (ruled && dataClass !== undefined) hops.push({ rules: onwardFor(table, dataClass, edge.kind), receiver: profileOf[edge.to] ?? 0, hop: group.hop });
        node = edge.to;
      }
    }
  }

  /** Whether the request is still answered and each hop still allowed. */
  function survives({ row, cell, form, hops }: Breaking, removed: Removed): boolean {
    const outcomes = row.parts.filter(({ rule, plane }) => hasBit(plane, cell) && !removed.rules.has(rule)).map(({ rule }) => table.rules[rule]);
    const reduced = outcomes.some((rule) => rule?.outcome === 'release' && rule.treat[row.dataClass] !== undefined);
    const isHeld = outcomes.some((rule) => rule?.outcome === 'hold');
    const answered = outcomes.length > 0 && outcomes.every((rule) => rule?.outcome !== 'deny') && (isHeld ? held : form === 'any' || !reduced);
    return answered && hops.every(({ rules, receiver, hop }) => allowsTo(one.view, rules.filter(({ id }) => !removed.onward.has(id)), receiver, hop));
  }
}

function leadsOf(one: ClaimCase, world: ProofWorld, work: Work, removed: Removed): readonly Leads[] | 'capped' {
  const all: Leads[] = [];
  for (const [number, group] of one.groups.entries()) {
    const layers = layersOf(one, group, world, removed);
    const next = reachBack(one.view, layers, work, goalOf(one, number));
    if (next === 'capped') return 'capped';
    all.push({ group, layers, next, askers: layers.map((layer, place) => askersOf(one, layer, next.subarray(place * one.view.graph.size, (place + 1) * one.view.graph.size))) });
  }
  return all;
}

function askersOf({ view }: ClaimCase, { dataClass }: Layer, next: Int32Array): ReadonlyMap<Row, number> {
  const { table, profileOf, classOf, asks, profiles } = view;
  const seen = new Uint8Array(profiles.length);
  const rows = new Map<Row, number>();
  for (let node = 0; node < next.length; node += 1) {
    const profile = profileOf[node] ?? 0;
    if (next[node] === leadsNowhere || asks[node] === 0 || seen[profile] === 1) continue;
    seen[profile] = 1;
    const row = table.rowOf(classOf[profile] ?? 0, dataClass);
    if (!rows.has(row)) rows.set(row, node);
  }
  return rows;
}

function bearsOn({ id, rule }: Candidate, { row, cell, hops }: Breaking): boolean {
  return rule >= 0 ? row.parts.some((part) => part.rule === rule && hasBit(part.plane, cell)) : hops.some(({ rules }) => rules.some((other) => other.id === id));
}

function removedOf(taken: readonly Candidate[]): Removed {
  return {
    ...nothingRemoved,
    rules: new Set(taken.filter(({ rule }) => rule >= 0).map(({ rule }) => rule)),
    onward: new Set(taken.filter(({ rule }) => rule < 0).map(({ id }) => id)),
  };
}
