import type { DataClass, Outcome } from '../vocabulary/index.ts';
import { classesOf, type OpenHow, type Rule } from '../policy/index.ts';
import type { Node } from './bdd.ts';
import type { SchemaSpace } from './schemaSpace.ts';

/** Where each outcome is decided for one class of data. Every point lies in exactly one of the four. */
export type Regions = { readonly [O in Outcome]: Node };

/**
 * The rules of an owner decided for every agency and every request that the schema admits at once. The strictest rule that matches wins,
 * and where none matches it is denied: the same meaning as the table's, which a test holds.
 */
export class OpenPolicy {
  readonly space: SchemaSpace;
  readonly rules: readonly Rule[];
  readonly #matching = new Map<Rule, Node>();
  readonly #regions = new Map<DataClass, Regions>();

  /** `rules` are those in force; the space must have been made with their conditions (`conditionsOf`). */
  constructor(space: SchemaSpace, rules: readonly Rule[]) {
    this.space = space;
    this.rules = rules;
  }

  /** Where a rule matches, stricter rules aside. */
  matching(rule: Rule): Node {
    const known = this.#matching.get(rule);
    if (known !== undefined) return known;
    const { bdd } = this.space;
    const base = bdd.all([this.space.matches(rule.to), this.space.inContext({ ...(rule.for === undefined ? {} : { for: rule.for }), ...rule.when })]);
    const except = bdd.any(rule.unless.map((one) => bdd.and(this.space.matches(one.to), this.space.inContext(one))));
    const found = bdd.without(base, except);
    this.#matching.set(rule, found);
    return found;
  }

  regions(dataClass: DataClass): Regions {
    let regions = this.#regions.get(dataClass);
    if (regions === undefined) {
      regions = regionsOf(this, this.rules, dataClass);
      this.#regions.set(dataClass, regions);
    }
    return regions;
  }

  /** Where data of this class is given, by a machine or (with `held`) by a person too. */
  open(dataClass: DataClass, { form, held, except }: Omit<OpenHow, 'except'> & { readonly except?: ReadonlySet<Rule> }): Node {
    const regions = except === undefined ? this.regions(dataClass) : regionsOf(this, this.rules.filter((rule) => !except.has(rule)), dataClass);
    const { bdd } = this.space;
    return bdd.any([regions.release, ...(form === 'any' ? [regions.redact] : []), ...(held ? [regions.hold] : [])]);
  }
}

/** What a rule says of one class where it matches; null where it says nothing of it. */
export function outcomeOf(rule: Rule, dataClass: DataClass): Outcome | null {
  if (!classesOf(rule.data).includes(dataClass)) return null;
  return rule.outcome === 'release' && rule.treat[dataClass] !== undefined ? 'redact' : rule.outcome;
}

/** The regions that some rules make. */
export function regionsOf(policy: OpenPolicy, rules: readonly Rule[], dataClass: DataClass): Regions {
  const { bdd } = policy.space;
  const where = (outcome: Outcome) => bdd.any(rules.filter((rule) => outcomeOf(rule, dataClass) === outcome).map((rule) => policy.matching(rule)));
  const [denied, held, reduced, released] = [where('deny'), where('hold'), where('redact'), where('release')];
  const hold = bdd.without(held, denied);
  const redact = bdd.without(bdd.without(reduced, held), denied);
  const release = bdd.without(bdd.without(bdd.without(released, reduced), held), denied);
  return { release, redact, hold, deny: bdd.not(bdd.any([release, redact, hold])) };
}
