import { allDataClasses, withRevealing, type DataClass, type RequesterAttributes } from '../vocabulary/index.ts';
import { classesOf, instantIn, ruleSentence, tableFor, type Claim, type DenyRule, type Matcher, type PolicyDocument, type PolicyTable, type ProofWorld } from '../policy/index.ts';
import { holdsInSchemaWithout, proveInSchema } from './openWorld.ts';
import { freeId } from './suggest.ts';
import type { Mend, ProofBasis } from './types.ts';

/** Past so many rules in question only a set of which none can be spared is looked for, and not the smallest. */
const mostForPairs = 60;

/**
 * The least that would make a claim hold that fails over the schema: rules that give (and in `honoured` onward rules) whose removal mends it,
 * the smallest set up to two and beyond that one of which none can be spared; and a rule to add, where somebody obtains the data by a
 * request of their own. Kinds of edge are no mend here: any agency could be joined to any other by each. Null where nothing is found.
 */
export function schemaMend(basis: ProofBasis, claim: Claim, world: ProofWorld): Mend | null {
  const rules = rulesToGo(basis, claim, world);
  const suggestion = ruleToAdd(basis, claim, world);
  return rules === null && suggestion === null ? null : { edgeKinds: null, rules, suggestion };
}

function rulesToGo(basis: ProofBasis, claim: Claim, world: ProofWorld): readonly string[] | null {
  const ids = inQuestion(basis, claim, world);
  const mends = (gone: readonly string[]): boolean => holdsInSchemaWithout(basis, claim, world, new Set(gone)) === true;
  const single = ids.find((id) => mends([id]));
  if (single !== undefined) return [single];
  if (ids.length <= mostForPairs) {
    for (const [i, first] of ids.entries()) for (const second of ids.slice(i + 1)) if (mends([first, second])) return [first, second];
  }
  if (!mends(ids)) return null;
  return ids.reduce<readonly string[]>((left, id) => {
    const fewer = left.filter((one) => one !== id);
    return mends(fewer) ? fewer : left;
  }, ids);
}

/** The rules that give one of the classes or one that reveals it, and those that let it be passed on. */
function inQuestion({ document, table }: ProofBasis, claim: Claim, world: ProofWorld): readonly string[] {
  const wanted = withRevealing(classesOf(claim.data));
  const touches = (data: readonly DataClass[]): boolean => data.some((one) => wanted.has(one));
  const giving = table.rules.filter(({ outcome, data }) => (outcome === 'release' || (outcome === 'hold' && claim.review === 'counts')) && touches(data)).map(({ id }) => id);
  const passing = world === 'honoured' && claim.by === 'anyPath' ? table.onward.filter(({ allow, data }) => allow !== 'never' && touches(classesOf(data))).map(({ id }) => id) : [];
  return [...passing, ...giving].filter((id) => [...document.rules, ...document.onward].some((item) => item.id === id));
}

/** A refusal in the words of the claim that closes every request of one's own; null where there is none to close, or it does not close them. */
function ruleToAdd({ document, table }: ProofBasis, claim: Claim, world: ProofWorld): string | null {
  const direct: Claim = { ...claim, by: 'direct' };
  const given = new Set<DataClass>();
  for (const data of classesOf(claim.data)) {
    const breach = proveInSchema({ document, table, network: null }, { ...direct, data: [data] }, world).counterexample;
    if (breach !== null) given.add(breach.through);
  }
  if (given.size === 0) return null;
  for (const data of [given, new Set([...given, ...withRevealing(classesOf(claim.data))])]) {
    for (const to of [claim.to, withUndeclared(claim.to)]) {
      const rule = refusal(document, { ...claim, to }, allDataClasses.filter((one) => data.has(one)));
      if (closes(document, table, rule, direct, world)) return ruleSentence(rule);
    }
  }
  return null;
}

function refusal(document: PolicyDocument, claim: Claim, data: readonly DataClass[]): DenyRule {
  const body = { outcome: 'deny', id: freeId(document), title: null, cites: [], effective: null, expires: null, data, ...(claim.for === undefined ? {} : { for: claim.for }) } as const;
  return claim.kind === 'never' ? { ...body, to: claim.to, unless: claim.without } : { ...body, unless: [{ to: claim.to }, ...claim.without] };
}

function closes(document: PolicyDocument, table: PolicyTable, rule: DenyRule, direct: Claim, world: ProofWorld): boolean {
  const changed = { ...document, rules: [...document.rules, rule] };
  return proveInSchema({ document: changed, table: tableFor(changed, { at: instantIn(table) }), network: null }, direct, world).holds === true;
}

function withUndeclared(to: Matcher): Matcher {
  return Object.fromEntries((Object.entries(to) as [keyof RequesterAttributes, readonly string[]][]).map(([name, words]) => [name, words.includes('undeclared') ? words : [...words, 'undeclared']]));
}
