import { treatmentsOf, type DataClass, type Treatment } from '../../vocabulary/index.ts';
import { classesOf, type PolicyDocument, type Rule } from '../../policy/index.ts';
import { quote } from '../../policy/findings.ts';
import { itemsOf } from '../../policy/table/stretch.ts';
import { sayData } from '../../policy/words.ts';
import { no, type Node } from '../bdd.ts';
import { OpenPolicy, outcomeOf, type Regions } from '../openDecision.ts';
import { sayContext } from '../traceWords.ts';
import { imagined } from '../agencyWords.ts';
import type { Ground } from './ground.ts';

/** What each rule newly gives, beside the policy before: exact, by outcome, treatment and what follows where nobody reviews. */
export function adviseWidening(ground: Ground, before: PolicyDocument): void {
  const { bdd } = ground.space;
  const [now, then] = [ground.document, before].map((document) => new OpenPolicy(ground.space, itemsOf(document, document.rules, ground.at)));
  if (now === undefined || then === undefined) return;
  const gained = new Map<Rule, { dataClass: DataClass; where: Node }[]>();
  for (const dataClass of new Set(now.rules.flatMap((rule) => (rule.outcome === 'deny' ? [] : classesOf(rule.data))))) {
    const where = bdd.and(ground.admitted, widened(ground, now, then, dataClass));
    if (where === no) continue;
    const regions = now.regions(dataClass);
    for (const rule of now.rules) {
      const outcome = outcomeOf(rule, dataClass);
      if (outcome === null || outcome === 'deny') continue;
      const by = bdd.all([where, regions[outcome], now.matching(rule)]);
      if (by !== no) gained.set(rule, [...(gained.get(rule) ?? []), { dataClass, where: by }]);
    }
  }
  ground.document.rules.forEach((rule, index) => {
    const found = gained.get(rule);
    if (found !== undefined) sayWidened(ground, then, rule, `rules/${index}`, found);
  });
}

/** Where more of a class is given than before, at any of the steps between nothing and the whole. */
function widened(ground: Ground, now: OpenPolicy, then: OpenPolicy, dataClass: DataClass): Node {
  const { bdd } = ground.space;
  const before = steps(then, dataClass);
  return bdd.any(steps(now, dataClass).map((step, i) => bdd.without(step, before[i] ?? no)));
}

/** Where at least so much is given: the whole; reduced to each treatment, from the finest; after a review that releases where nobody decides; after any. */
function steps(policy: OpenPolicy, dataClass: DataClass): readonly Node[] {
  const { bdd } = policy.space;
  const { release, redact, hold }: Regions = policy.regions(dataClass);
  const where = (test: (rule: Rule) => boolean) => bdd.any(policy.rules.filter((rule) => outcomeOf(rule, dataClass) !== null && test(rule)).map((rule) => policy.matching(rule)));
  const order: readonly Treatment[] = treatmentsOf[dataClass] ?? [];
  const reduced = order.map((_, at) => bdd.or(release, bdd.without(redact, where((rule) => rule.outcome === 'release' && order.slice(at + 1).some((coarser) => rule.treat[dataClass] === coarser)))));
  const refusing = where((rule) => rule.outcome === 'hold' && rule.review.onTimeout === 'deny');
  const given = bdd.or(release, redact);
  return [release, ...reduced, bdd.or(given, bdd.without(hold, refusing)), bdd.or(given, hold)];
}

function sayWidened(ground: Ground, then: OpenPolicy, rule: Rule, path: string, found: readonly { readonly dataClass: DataClass; readonly where: Node }[]): void {
  const { space } = ground;
  const all = space.bdd.any(found.map(({ where }) => where));
  const agencies = space.inSomeContext(all);
  const gaining = ground.askers.filter(({ attributes }) => space.at(attributes)(agencies));
  const count = gaining.reduce((sum, { names }) => sum + names.length, 0);
  const [first] = gaining;
  const point = space.point(first === undefined ? all : space.bdd.and(all, space.exactly(first.attributes)));
  if (point === null) return;
  const holds = space.at(point.attributes, point.context);
  const was = then.rules.filter((one) => found.some(({ dataClass, where }) => outcomeOf(one, dataClass) !== null && holds(where) && holds(then.regions(dataClass)[outcomeOf(one, dataClass) ?? 'deny'])) && holds(then.matching(one)));
  const name = first?.names[0] ?? imagined(point.attributes, ground.told).name;
  const numbers = ground.network === null ? '' : count === 0 ? ', though nobody in the registry gains by it' : `, and so to ${count} ${count === 1 ? 'agency' : 'agencies'} of the registry`;
  const verb = rule.outcome === 'hold' ? 'lets a person give' : 'gives';
  ground.say(
    'widensAccess', path,
    `rule ${quote(rule.id)} newly ${verb} ${sayData(found.map(({ dataClass }) => dataClass))}, for example to ${name} ${sayContext(point.context)}${numbers}; ${was.length === 0 ? 'no rule gave it before' : `before, ${was.map(({ id }) => quote(id)).join(' and ')} decided`}`,
    'see that this is meant, and narrow the rule where it is not',
  );
}
