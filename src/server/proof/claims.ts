import { proofWorlds, type Claim, type PolicyDocument } from '../../policy/index.ts';
import { itemsOf, stretchOf } from '../../policy/table/stretch.ts';
import { proveInSchema } from '../../proof/openWorld.ts';
import { proveClaim } from '../../proof/prove.ts';
import { proveInRegistry } from '../../proof/registryClaims.ts';
import type { ClaimReport, Verdict } from '../../proof/types.ts';
import type { NamedBasis, NamedDocument, ProofLibrary } from './library.ts';

/** The claims of a policy that are in force at an instant, milliseconds since 1970. */
export function claimsAt(document: PolicyDocument, at: number): readonly Claim[] {
  return itemsOf(document, document.claims, at);
}

/** Proves every claim in force. */
export function proveInForce(basis: NamedBasis): readonly ClaimReport[] {
  return claimsAt(basis.document, basis.at).map((claim) => proveClaim(basis, claim));
}

/** A claim with its verdicts, and no more. */
export type Verdicts = Pick<ClaimReport, 'claim' | 'verdicts'>;

const mostKept = 5_000;

/** Proves claims again and again as the registry changes: what does not depend on it (any agency that the schema admits) is proved once. */
export class VerdictMaker {
  readonly #schema = new Map<string, Verdict>();

  /** All four verdicts on every claim in force. */
  of(basis: NamedBasis): readonly Verdicts[] {
    return claimsAt(basis.document, basis.at).map((claim) => ({
      claim, verdicts: proofWorlds.flatMap((world) => [proveInRegistry(basis, claim, world), this.#inSchema(basis, claim, world)]),
    }));
  }

  #inSchema(basis: NamedBasis, claim: Claim, world: Verdict['world']): Verdict {
    const key = `${basis.policyHash} ${basis.table.from ?? 'ever'} ${claim.id} ${world}`;
    let verdict = this.#schema.get(key);
    if (verdict !== undefined) return verdict;
    if (this.#schema.size >= mostKept) this.#schema.clear();
    this.#schema.set(key, (verdict = proveInSchema(basis, claim, world)));
    return verdict;
  }
}

/** Whether the verdict that the claim names as the one that decides holds. */
export function decides({ claim, verdicts }: Verdicts): boolean {
  return verdicts.find(({ world, domain }) => world === claim.world && domain === claim.domain)?.holds === true;
}

/** A claim of a policy that is to be activated, with the day from which on the verdict is as it says. */
export interface Foreseen {
  readonly report: ClaimReport;
  /** `YYYY-MM-DD`. */
  readonly from: string;
}

/** How many stretches of days, each with the same rules in force, are looked at before an activation. */
const mostStretches = 24;

/**
 * Proves the claims of a policy for every stretch of days to come in which no rule begins or ends, on the agencies of today: what would
 * fail only once some rule has ended must not be activated unseen either. Of each claim the first failure is given, or else its first
 * verdict. `step` is called before each proof.
 */
export async function foresee(library: ProofLibrary, named: NamedDocument, step: (done: number, total: number) => Promise<void> = () => Promise.resolve()): Promise<readonly Foreseen[]> {
  const { document } = named;
  if (document.claims.length === 0) return [];
  const starts = stretchesOf(document, library.now);
  const work = starts.flatMap((at) => claimsAt(document, at).map((claim) => ({ at, claim })));
  const found = new Map<string, Foreseen>();
  for (const [place, { at, claim }] of work.entries()) {
    await step(place, work.length);
    if (found.get(claim.id)?.report.holds === false) continue;
    const report = proveClaim(await library.basis(named, { at }), claim);
    if (!report.holds || !found.has(claim.id)) found.set(claim.id, { report, from: new Date(at).toISOString().slice(0, 10) });
  }
  return document.claims.flatMap(({ id }) => found.get(id) ?? []);
}

/** An instant in each stretch from now, or the first day of the policy, on. */
function stretchesOf(document: PolicyDocument, now: number): readonly number[] {
  const starts: number[] = [];
  let at: number | null = Math.max(now, Date.parse(document.effective));
  while (at !== null && starts.length < mostStretches) {
    starts.push(at);
    const { before } = stretchOf(document, at);
    at = Number.isFinite(before) ? before : null;
  }
  return starts;
}
