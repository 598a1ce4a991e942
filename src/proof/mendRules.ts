import { andPlanes, firstBit, hasBit, type OnwardRule, type ProofWorld, type Row } from '../policy/index.ts';
import { Work, type ProofCaps } from './caps.ts';
import type { ClaimCase } from './claimFilter.ts';
import { sortOf, standings } from './graph.ts';
import { allowsTo, nothingRemoved, onwardFor, type HopContexts, type Removed } from './passes.ts';
import { sourceOf, walks } from './search.ts';
import { wayTo } from './trace.ts';

/** The rules that may be taken away to mend a claim, in the order of the document: those that give, and those that let pass on. */
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

/** At most so many rules are taken away at once. */
const deepest = 8;

/**
 * The smallest set of rules without which a failing claim holds: rules that release (or hold, where what a person may give counts),
 * and in the world where onward rules are honoured those too. Null where there is none, or it was not found within the caps.
 *
 * A search by size. Whatever breaks the claim goes on breaking it until one of the rules that bear on it is gone, so the search branches
 * on those alone, and asks the network again only where no breach that is known yet survives.
 */
export function mendingRules(one: ClaimCase, world: ProofWorld, caps: ProofCaps): readonly string[] | null {
  const { view: { table }, held } = one;
  const work = new Work(caps);
  const seen: Breaking[] = [];
  let attempts = caps.attempts;
  const candidates: readonly Candidate[] = [
    ...table.rules.flatMap(({ id, outcome }, rule) => (outcome === 'release' || (outcome === 'hold' && held) ? [{ id, rule }] : [])),
    ...(world === 'honoured' && one.claim.by === 'anyPath' ? table.onward.filter(({ allow }) => allow !== 'never').map(({ id }) => ({ id, rule: -1 })) : []),
  ];

  for (let size = 1; size <= Math.min(deepest, candidates.length); size += 1) {
    const tried = new Set<string>();
    const found = search([], size, tried);
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

  function ask(removed: Removed): Breaking | 'capped' | null {
    attempts -= 1;
    const found = attempts < 0 ? 'capped' : walks(one, world, work, { removed, first: true });
    if (found === 'capped') return 'capped';
    const walk = found.find(({ reach }) => reach.found >= 0);
    if (walk === undefined) return null;
    const source = sourceOf(one, walk, world);
    const way = wayTo(source, walk.reach.found);
    const layer = walk.layers[way.layer];
    if (layer === undefined) return null;
    const row = table.rowOf(one.view.classOf[one.view.profileOf[way.asker] ?? 0] ?? 0, layer.dataClass);
    const breaking: Breaking = {
      row, form: layer.form, cell: firstBit(andPlanes(table.open(row, { form: layer.form, held, except: removed.rules }), walk.group.plane)),
      hops: way.steps.flatMap((step) => {
        const edge = one.view.network.edges[step.edge];
        if (world === 'possible' || edge === undefined || sortOf(edge) % 3 === standings.inseparable) return [];
        return [{ rules: onwardFor(table, walk.layers[step.layer]?.dataClass ?? layer.dataClass, edge.kind), receiver: one.view.profileOf[edge.to] ?? 0, hop: walk.group.hop }];
      }),
    };
    seen.push(breaking);
    return breaking;
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
