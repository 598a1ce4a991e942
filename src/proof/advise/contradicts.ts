import { classesOf, type Claim, type Rule } from '../../policy/index.ts';
import { quote } from '../../policy/findings.ts';
import { itemsOf } from '../../policy/table/stretch.ts';
import { sayData } from '../../policy/words.ts';
import { imagined } from '../agencyWords.ts';
import { no, yes, type Node } from '../bdd.ts';
import { defaultCaps } from '../caps.ts';
import { OpenPolicy, outcomeOf } from '../openDecision.ts';
import { grantsOf } from '../openGrants.ts';
import { breachIn, directAgainst } from '../openWorld.ts';
import { proveInRegistry } from '../registryClaims.ts';
import { sayContext } from '../traceWords.ts';
import type { Trace } from '../types.ts';
import type { Ground } from './ground.ts';

/**
 * Rules that break a claim of the same document, each with an example, and the claims that they break. Every rule by which a request of its own breaks the
 * claim is named; where only a chain of hops does, those of one shortest chain. A claim over the registry is read over the registry where it is
 * given; else over direct requests of agencies of which everything is known, since what an unknown one is, the registry would say.
 */
export function adviseClaims(ground: Ground): void {
  const { document, at } = ground;
  const policy = new OpenPolicy(ground.space, itemsOf(document, document.rules, at));
  const inForce = new Set(itemsOf(document, document.claims, at));
  document.claims.forEach((claim, index) => {
    if (!inForce.has(claim)) return;
    const direct = directBreaches(ground, policy, claim);
    for (const { rule, example } of direct) sayBreach(ground, claim, `rules/${document.rules.indexOf(rule)}`, rule.id, example);
    if (direct.length > 0) sayClaim(ground, claim, index, direct.map(({ rule }) => rule.id));
    else if (claim.by === 'anyPath') adviseChains(ground, policy, claim, index);
  });
}

interface Breach {
  readonly rule: Rule;
  readonly example: string;
}

function directBreaches(ground: Ground, policy: OpenPolicy, claim: Claim): readonly Breach[] {
  const { space } = ground;
  const { bdd } = space;
  const counted = isSupposed(ground, claim) ? space.known : yes;
  const against = bdd.and(directAgainst(space, claim), counted);
  const found = new Map<Rule, string>();
  for (const dataClass of classesOf(claim.data)) {
    for (const grant of grantsOf(policy, claim, dataClass)) {
      const where = bdd.and(against, grant.where);
      if (where === no) continue;
      for (const rule of policy.rules) {
        if (found.has(rule) || outcomeOf(rule, grant.dataClass) !== grant.outcome) continue;
        const by = bdd.and(where, policy.matching(rule));
        const example = by === no ? null : exampleOf(ground, claim, by);
        if (example !== null) found.set(rule, `${grant.outcome === 'hold' ? 'lets a person give' : 'gives'} ${sayData([grant.dataClass])} to ${example}${grant.dataClass === dataClass ? '' : `, which reveals ${sayData([dataClass])}`}`);
      }
    }
  }
  return policy.rules.flatMap((rule) => { const example = found.get(rule); return example === undefined ? [] : [{ rule, example }]; });
}

/** Somebody of the domain of the claim for whom `by` is true, and in which request; null where there is nobody. */
function exampleOf(ground: Ground, claim: Claim, by: Node): string | null {
  const { space } = ground;
  if (claim.domain === 'schema' || ground.network === null) {
    const point = space.point(by);
    return point === null ? null : `${imagined(point.attributes, ground.told).name} ${sayContext(point.context)}`;
  }
  const agencies = space.inSomeContext(by);
  const asker = ground.askers.find(({ attributes }) => space.at(attributes)(agencies));
  const point = asker === undefined ? null : space.point(space.bdd.and(by, space.exactly(asker.attributes)));
  return point === null ? null : `${asker?.names[0] ?? ''} ${sayContext(point.context)}`;
}

function adviseChains(ground: Ground, policy: OpenPolicy, claim: Claim, index: number): void {
  const trace = chainAgainst(ground, policy, claim, `claims/${index}`);
  if (trace === null) return;
  const { document } = ground;
  const ids = [...new Set([...trace.rules, ...trace.path.flatMap(({ rules }) => rules)])];
  for (const id of ids) {
    const [rule, onward] = [document.rules.findIndex((one) => one.id === id), document.onward.findIndex((one) => one.id === id)];
    if (rule >= 0) sayBreach(ground, claim, `rules/${rule}`, id, `begins a way around it: ${spoken(trace)}`);
    if (onward >= 0) sayBreach(ground, claim, `onward/${onward}`, id, `opens a way around it: ${spoken(trace)}`);
  }
  sayClaim(ground, claim, index, ids);
}

/** A chain of hops against a claim in the world and the domain that it names. Over a registry that is not there, nothing is said of chains. */
function chainAgainst(ground: Ground, policy: OpenPolicy, claim: Claim, path: string): Trace | null {
  const { document, network, table, told } = ground;
  if (claim.domain === 'schema') return breachIn({ table, policy, onward: table.onward, told }, claim, claim.world);
  if (network === null) return null;
  const { holds, counterexample } = proveInRegistry({ document, network, table }, claim, claim.world, { ...defaultCaps, attempts: 0 });
  if (holds === 'capped') ground.say('notLookedThrough', path, 'the claim could not be judged within what these checks may take', 'prove it by itself: `weir prove`');
  return counterexample;
}

function sayBreach(ground: Ground, claim: Claim, path: string, id: string, example: string): void {
  const mend = claim.kind === 'never' ? 'narrow it, refuse by a rule with `to`, `data` and `unless` as `to`, `data` and `without` of the claim, or change the claim' : 'narrow it to those whom the claim names, or change the claim';
  const breaks = isSupposed(ground, claim) ? `breaks claim ${quote(claim.id)} if there is such an agency` : `breaks claim ${quote(claim.id)}`;
  ground.say('contradictsClaim', path, `rule ${quote(id)} ${breaks}: it ${example}`, mend);
}

function sayClaim(ground: Ground, claim: Claim, index: number, ids: readonly string[]): void {
  const rules = ids.map(quote);
  const some = rules.length === 1 ? `rule ${rules.join('')}` : `rules ${rules.slice(0, -1).join(', ')} and ${rules.at(-1) ?? ''}`;
  const path = `claims/${index}`;
  if (isSupposed(ground, claim)) {
    ground.say('contradictsClaim', path, `claim ${quote(claim.id)} does not hold for every agency that the registry could have, because of ${some}`, 'check with the registry whether there is such an agency, or change the rules or the claim');
    return;
  }
  const who = rules.length === 0 ? 'edges that cannot be separated break it' : `${some} ${rules.length === 1 ? 'breaks' : 'break'} it`;
  ground.say('contradictsClaim', path, `claim ${quote(claim.id)} does not hold: ${who}`, 'change the rules or the claim; as it stands the policy cannot be put into force without an override');
}

/** Whether the claim is about a registry that was not given. */
function isSupposed({ network }: Ground, claim: Claim): boolean {
  return network === null && claim.domain === 'registry';
}

/** A sentence as part of another. */
function spoken({ sentence }: Trace): string {
  const text = sentence.replace(/\.$/, '').replace(/^(A|An|The) /, (article) => article.toLowerCase());
  return text.replaceAll(/\. The /g, '; the ').replaceAll(/\. /g, '; ');
}
