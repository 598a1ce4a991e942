import type { RequesterAttributes } from '../vocabulary/index.ts';
import type { Claim, Condition, OnwardRule, PolicyTable } from '../policy/index.ts';
import type { BddCaps } from './bdd.ts';
import { conditionsOf } from './conditions.ts';
import { OpenPolicy } from './openDecision.ts';
import { SchemaSpace } from './schemaSpace.ts';
import { conditionsOfCells, matchingOfTable, rulesOfTable } from './tableRules.ts';
import type { ProofBasis } from './types.ts';

/** A policy made ready for questions about any agency that the schema admits. */
export interface OpenBasis {
  readonly table: PolicyTable;
  readonly policy: OpenPolicy;
  /** The onward rules in force. */
  readonly onward: readonly OnwardRule[];
  /** The attributes that the rules and claims read: an agency is described by these. */
  readonly told: ReadonlySet<keyof RequesterAttributes>;
}

const kept = new WeakMap<PolicyTable, OpenBasis>();

/** Half of the default cap: a space that has grown so far is made anew, so that one question is not capped for the sake of those before it. */
const fullAt = 500_000;

/**
 * The rules that the table has in force as functions over the schema, with the words that they, the claims of the document and this claim tell
 * apart. Made once for a table, and again where a claim reads words that it does not tell apart.
 * @throws BddCapped past a cap.
 */
export function openBasis({ document, table }: ProofBasis, claim: Claim, caps: Partial<BddCaps> = {}): OpenBasis {
  const own = caps.nodes !== undefined || caps.steps !== undefined;
  const known = own ? undefined : kept.get(table);
  if (known !== undefined && known.policy.space.bdd.size < fullAt && known.policy.space.covers(conditionsOf({ claims: [claim] }))) {
    known.policy.space.bdd.restart();
    return known;
  }
  const rules = rulesOfTable(document, table);
  const conditions = conditionsOf({ rules, onward: table.onward, claims: [...document.claims, claim] });
  const space = new SchemaSpace([...conditions, ...conditionsOfCells(table)], caps);
  const made: OpenBasis = { table, policy: new OpenPolicy(space, rules, matchingOfTable(space, table)), onward: table.onward, told: toldBy(conditions) };
  if (!own) kept.set(table, made);
  return made;
}

/** The same as if the document did not have some of its rules and onward rules. */
export function without(open: OpenBasis, ids: ReadonlySet<string>): OpenBasis {
  return { ...open, policy: open.policy.without(ids), onward: open.onward.filter(({ id }) => !ids.has(id)) };
}

/** The attributes that conditions read. */
export function toldBy(conditions: readonly Condition[]): ReadonlySet<keyof RequesterAttributes> {
  return new Set(conditions.flatMap(({ to }) => Object.keys(to ?? {}) as (keyof RequesterAttributes)[]));
}
