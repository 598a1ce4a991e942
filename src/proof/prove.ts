import { withRevealing } from '../vocabulary/index.ts';
import { classesOf, instantIn, proofDomains, proofWorlds, sentencesOf, type Claim, type DataScope, type PolicyDocument } from '../policy/index.ts';
import { defaultCaps, type ProofCaps } from './caps.ts';
import { holdsInSchemaWithout, proveInSchema } from './openWorld.ts';
import { proveInRegistry } from './registryClaims.ts';
import { schemaMend } from './schemaMend.ts';
import type { ClaimReport, ProofBasis, Trace, Verdict } from './types.ts';
import { carriersOf, witnessOf, type Carriers } from './witness.ts';

/**
 * All that is found out about one claim: the verdict in both worlds and both domains, and where the deciding one holds what shows that it says
 * something and which rules it rests on. Without a network the deciding domain is the schema.
 */
export function proveClaim(basis: ProofBasis, claim: Claim, caps: ProofCaps = defaultCaps): ClaimReport {
  const verdicts = proofWorlds.flatMap((world) => proofDomains.flatMap((domain): readonly Verdict[] =>
    (domain === 'schema' ? [proveInSchema(basis, claim, world)] : basis.network === null ? [] : [proveInRegistry(basis, claim, world, caps)])));
  const domain = basis.network === null ? 'schema' : claim.domain;
  const deciding = verdicts.find((one) => one.world === claim.world && one.domain === domain);
  const holds = deciding?.holds === true;
  const found = holds ? backing(basis, claim, domain, caps) : null;
  // A mend over the schema is looked for where the claim stands or falls with it.
  const mended = verdicts.map((one) => (one === deciding && one.domain === 'schema' && one.holds === false ? { ...one, mend: schemaMend(basis, claim, claim.world) } : one));
  return { claim, sentence: sentenceOf(basis.document, claim), verdicts: mended, holds, witness: found?.witness ?? null, carriedBy: found?.carriedBy ?? [], redundant: found?.redundant ?? [] };
}

/** A report on each claim, those of the document that are in force on the days of the table where none are given. */
export function proveAll(basis: ProofBasis, claims: readonly Claim[] = claimsInForce(basis), caps: ProofCaps = defaultCaps): readonly ClaimReport[] {
  return claims.map((claim) => proveClaim(basis, claim, caps));
}

/** The claims of a document that are in force on the days of its table: no item begins or ends within those, so one of them tells. */
export function claimsInForce({ document, table }: Pick<ProofBasis, 'document' | 'table'>): readonly Claim[] {
  const day = new Date(instantIn(table)).toISOString().slice(0, 10);
  const inForce = ({ effective, expires }: Pick<Claim, 'effective' | 'expires'>): boolean => (effective === null || effective <= day) && (expires === null || day <= expires);
  return inForce(document) ? document.claims.filter(inForce) : [];
}

interface Backing extends Carriers {
  readonly witness: Trace | null;
}

function backing(basis: ProofBasis, claim: Claim, domain: Verdict['domain'], caps: ProofCaps): Backing | null {
  if (domain === 'schema') return { witness: witnessInSchema(basis, claim), ...carriersInSchema(basis, claim) };
  const carriers = carriersOf(basis, claim, claim.world, caps);
  return carriers === null ? null : { witness: witnessOf(basis, claim, claim.world, caps), ...carriers };
}

/** As `witnessOf`, for any agency that the schema admits. */
function witnessInSchema(basis: ProofBasis, claim: Claim): Trace | null {
  const bare: Claim = { ...claim, without: [], review: 'counts' };
  const excused = claim.without.length === 0 && claim.review === 'counts' ? null : proveInSchema(basis, bare, claim.world).counterexample;
  if (excused !== null || claim.without.length > 0) return excused;
  return proveInSchema(basis, { ...bare, kind: claim.kind === 'never' ? 'only' : 'never' }, claim.world).counterexample;
}

/** As `carriersOf`: the policy without each rule in turn. */
function carriersInSchema(basis: ProofBasis, claim: Claim): Carriers {
  const { document, table } = basis;
  const inForce = new Set([...table.rules, ...table.onward].map(({ id }) => id));
  const keeping = [...document.rules.filter(({ outcome }) => outcome !== 'release' || claim.form === 'full'), ...document.onward.filter(({ allow }) => allow !== 'always' && claim.by === 'anyPath')]
    .filter(({ id, data }) => inForce.has(id) && bearsOn(data, claim.data)).map(({ id }) => id);
  const carriedBy = keeping.filter((id) => holdsInSchemaWithout(basis, claim, claim.world, new Set([id])) === false);
  return { carriedBy: [...carriedBy].sort(), redundant: keeping.filter((id) => !carriedBy.includes(id)).sort() };
}

/** Whether a rule speaks of a class that is asked about, or of one that reveals it. */
function bearsOn(data: DataScope, wanted: DataScope): boolean {
  const classes = withRevealing(classesOf(wanted));
  return classesOf(data).some((one) => classes.has(one));
}

function sentenceOf(document: PolicyDocument, claim: Claim): string {
  return sentencesOf({ ...document, rules: [], onward: [], limits: [], notify: [], claims: [claim] })[0]?.sentence ?? '';
}
