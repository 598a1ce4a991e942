import type { DataClass, Outcome } from '../vocabulary/index.ts';
import { classesOf, type Rule } from '../policy/index.ts';
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
  readonly #matching: Map<string, Node>;
  readonly #where: ((id: string) => Node) | null;
  readonly #regions = new Map<DataClass, Regions>();

  /**
   * `rules` are those in force; the space must have been made with their conditions (`conditionsOf`). `where` says where a rule matches, as
   * a compiled table has it (`matchingOfTable`); without it the conditions of the rules say so.
   */
  constructor(space: SchemaSpace, rules: readonly Rule[], where: ((id: string) => Node) | null = null, matching: Map<string, Node> = new Map<string, Node>()) {
    this.space = space;
    this.rules = rules;
    this.#where = where;
    this.#matching = matching;
  }

  /** The same policy without some of its rules. */
  without(ids: ReadonlySet<string>): OpenPolicy {
    return new OpenPolicy(this.space, this.rules.filter(({ id }) => !ids.has(id)), this.#where, this.#matching);
  }

  /** Where a rule matches, stricter rules aside. */
  matching(rule: Rule): Node {
    let found = this.#matching.get(rule.id);
    if (found === undefined) this.#matching.set(rule.id, (found = this.#where?.(rule.id) ?? this.#asWritten(rule)));
    return found;
  }

  #asWritten(rule: Rule): Node {
    const { bdd } = this.space;
    const base = bdd.all([this.space.matches(rule.to), this.space.inContext({ ...(rule.for === undefined ? {} : { for: rule.for }), ...rule.when })]);
    const except = bdd.any(rule.unless.map((one) => bdd.and(this.space.matches(one.to), this.space.inContext(one))));
    return bdd.without(base, except);
  }

  regions(dataClass: DataClass): Regions {
    let regions = this.#regions.get(dataClass);
    if (regions === undefined) {
      regions = regionsOf(this, dataClass);
      this.#regions.set(dataClass, regions);
    }
    return regions;
  }
}

/** What a rule says of one class where it matches; null where it says nothing of it. */
export function outcomeOf(rule: Rule, dataClass: DataClass): Outcome | null {
  if (!classesOf(rule.data).includes(dataClass)) return null;
  return rule.outcome === 'release' && rule.treat[dataClass] !== undefined ? 'redact' : rule.outcome;
}

function regionsOf(policy: OpenPolicy, dataClass: DataClass): Regions {
  const { bdd } = policy.space;
  const where = (outcome: Outcome) => bdd.any(policy.rules.filter((rule) => outcomeOf(rule, dataClass) === outcome).map((rule) => policy.matching(rule)));
  const [denied, held, reduced, released] = [where('deny'), where('hold'), where('redact'), where('release')];
  const hold = bdd.without(held, denied);
  const redact = bdd.without(bdd.without(reduced, held), denied);
  const release = bdd.without(bdd.without(bdd.without(released, reduced), held), denied);
  return { release, redact, hold, deny: bdd.not(bdd.any([release, redact, hold])) };
}
