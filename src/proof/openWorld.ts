import { hasAny, type DataClass, type RequesterAttributes } from '../vocabulary/index.ts';
import { classesOf, type Claim, type Matcher, type ProofWorld } from '../policy/index.ts';
import { no, orCapped, type BddCaps, type Node } from './bdd.ts';
import { openBasis, without, type OpenBasis } from './openBasis.ts';
import { chainsTo, type Chain } from './openChains.ts';
import { grantsOf } from './openGrants.ts';
import { imagined } from './agencyWords.ts';
import { traceSentence } from './traceWords.ts';
import type { SchemaPoint, SchemaSpace } from './schemaSpace.ts';
import type { Hop, ProofBasis, Trace, Verdict } from './types.ts';

/**
 * What any agency that the schema admits can do against a claim, in one world: also one that joins tomorrow. Any agency may be joined to any
 * other by an edge of any kind, but for what kinds themselves say: a 287(g) agreement goes from a non-federal agency to a federal one, and parts
 * of one organisation have one level. Exact: `holds` is true only where no agency, no request and no chain of hops breaks the claim.
 * Past a cap the verdict is `capped`. The counterexample was put to the compiled table, which decided it so.
 */
export function proveInSchema(basis: ProofBasis, claim: Claim, world: ProofWorld, caps: Partial<BddCaps> = {}): Verdict {
  const verdict = { world, domain: 'schema', count: null, who: [], counterexample: null, mend: null } as const;
  const found = orCapped(() => breachIn(openBasis(basis, claim, caps), claim, world));
  if (found === 'capped') return { ...verdict, holds: 'capped' };
  if (found === null) return { ...verdict, holds: true };
  return { ...verdict, holds: false, who: [found.obtainer], counterexample: found };
}

/**
 * Whether a claim would hold over the schema if the document did not have these rules and onward rules. Much cheaper than to compile what is left;
 * there is no counterexample, because no table has decided one.
 */
export function holdsInSchemaWithout(basis: ProofBasis, claim: Claim, world: ProofWorld, ids: ReadonlySet<string>, caps: Partial<BddCaps> = {}): boolean | 'capped' {
  return orCapped(() => {
    const left = without(openBasis(basis, claim, caps), ids);
    if (directBreach(left, claim) !== null) return false;
    return claim.by === 'direct' || chainBreach(left, claim, world) === null;
  });
}

/**
 * A request, and the hops after it, against a claim, as the table decides; null where there is none.
 * @throws BddCapped past a cap.
 */
export function breachIn(open: OpenBasis, claim: Claim, world: ProofWorld): Trace | null {
  const direct = directBreach(open, claim);
  if (direct !== null) return traceOf(open, claim, direct.dataClass, direct.through, direct.point, direct.point.attributes, []);
  const chain = claim.by === 'direct' ? null : chainBreach(open, claim, world);
  return chain === null ? null : chainTrace(open, claim, world, chain);
}

/** Where a request that is granted breaks the claim: who asks is one that it speaks of, and no exception excuses the request. */
export function directAgainst(space: SchemaSpace, claim: Claim): Node {
  const { bdd } = space;
  const excused = bdd.any(claim.without.map((one) => bdd.and(one.to === undefined ? space.agencies : space.surelyMatches(one.to), space.inContext(one))));
  return bdd.without(bdd.all([lookedAt(space, claim), space.contexts, purposesOf(space, claim)]), excused);
}

/** A request of its own by which somebody whom the claim speaks of obtains the data. */
function directBreach({ policy }: OpenBasis, claim: Claim): { readonly dataClass: DataClass; readonly through: DataClass; readonly point: SchemaPoint } | null {
  const against = directAgainst(policy.space, claim);
  for (const dataClass of classesOf(claim.data)) {
    for (const grant of grantsOf(policy, claim, dataClass)) {
      const point = policy.space.point(policy.space.bdd.and(against, grant.where));
      if (point !== null) return { dataClass, through: grant.dataClass, point };
    }
  }
  return null;
}

function chainBreach(open: OpenBasis, claim: Claim, world: ProofWorld): Chain | null {
  for (const { agencies, contexts } of obtainerGroups(open, claim)) {
    const chain = chainsTo(open, claim, world, agencies, contexts);
    if (chain !== null) return chain;
  }
  return null;
}

/** The agencies that the claim speaks of. Those of which too little is known count where they may be meant (`never`) or may not be (`only`). */
function lookedAt(space: SchemaSpace, claim: Claim): Node {
  return claim.kind === 'never' ? space.bdd.and(space.agencies, space.mayMatch(claim.to)) : space.bdd.without(space.agencies, space.surelyMatches(claim.to));
}

function purposesOf(space: SchemaSpace, claim: Claim): Node {
  return space.inContext(claim.for === undefined ? {} : { for: claim.for });
}

/**
 * Those whom the claim speaks of, in groups to which the same exceptions apply, each with the contexts that break the claim for it. An exception that
 * names agencies applies where who obtains the data in the end is surely one of them, at the asker and at every hop.
 */
function* obtainerGroups(open: OpenBasis, claim: Claim): Generator<{ readonly agencies: Node; readonly contexts: Node }> {
  const { space } = open.policy;
  const { bdd } = space;
  const applies = claim.without.map(({ to }) => (to === undefined ? space.agencies : space.surelyMatches(to)));
  for (let left = lookedAt(space, claim); left !== no;) {
    const point = space.point(left);
    if (point === null) return;
    const holds = applies.map((one) => space.holds(one, point));
    const agencies = bdd.all([left, ...applies.map((one, i) => (holds[i] === true ? one : bdd.not(one)))]);
    const excused = bdd.any(claim.without.filter((_, i) => holds[i] === true).map((one) => space.inContext(one)));
    yield { agencies, contexts: bdd.without(bdd.and(space.contexts, purposesOf(space, claim)), excused) };
    left = bdd.without(left, agencies);
  }
}

function chainTrace(open: OpenBasis, claim: Claim, world: ProofWorld, { asker, through, dataClass, steps }: Chain): Trace {
  const told = open.told;
  const path = steps.map((step, i): Hop => ({
    kind: step.kind, from: imagined(steps[i - 1]?.to ?? asker.attributes, told), to: imagined(step.to, told), grade: 'contractOnly', confirmed: true,
    provenance: 'an edge that the registry could have', rules: world === 'honoured' ? step.rules : [],
  }));
  return traceOf(open, claim, dataClass, through, asker, steps.at(-1)?.to ?? asker.attributes, path);
}

function traceOf(open: OpenBasis, claim: Claim, dataClass: DataClass, through: DataClass, { attributes, context }: SchemaPoint, obtainer: RequesterAttributes, path: readonly Hop[]): Trace {
  const { purpose, kind, ...evidence } = context;
  const decided = open.table.decide({ requester: attributes, purpose, kind, evidence, classes: [through] }).classes[0];
  const counted = ['release', ...(claim.form === 'any' && through === dataClass ? ['redact'] : []), ...(claim.review === 'counts' ? ['hold'] : [])];
  if (decided === undefined || decided.outcome === 'deny' || !counted.includes(decided.outcome)) throw new Error('a proof over the schema follows a request that the table does not grant');
  const said: Omit<Trace, 'sentence'> = {
    asker: imagined(attributes, open.told), dataClass, through, context, outcome: decided.outcome, rules: decided.rules, path,
    obtainer: path.at(-1)?.to ?? imagined(attributes, open.told), unknown: unknownOf(obtainer, claim),
  };
  return { ...said, sentence: traceSentence(said) };
}

/** The attributes on which it rests, unknown, that the obtainer is one that the claim speaks of. */
function unknownOf(attributes: RequesterAttributes, { to }: Claim): readonly string[] {
  const names = Object.entries(to satisfies Matcher) as [keyof RequesterAttributes, readonly string[]][];
  return names.filter(([name, words]) => hasAny(attributes, name, ['undeclared']) && !hasAny(attributes, name, words)).map(([name]) => name);
}
