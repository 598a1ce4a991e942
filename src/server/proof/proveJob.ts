import type { Claim } from '../../policy/index.ts';
import { proveClaim } from '../../proof/prove.ts';
import { proveInForce } from './claims.ts';
import { json, type JobAnswer, type JobOf, type JobParts } from './job.ts';
import { proofView } from './views.ts';

/** Proves all claims in force, or the one that is named, be it in force or not. */
export async function proveJob({ library, named }: JobParts, { claim: id }: JobOf<'prove'>): Promise<JobAnswer> {
  const basis = await library.basis(named);
  if (id === null) return json(proofView(basis, proveInForce(basis)));
  const claim = claimOf(named.document.claims, id);
  return claim === null ? { ok: false, problem: 'unknownClaim' } : json(proofView(basis, [proveClaim(basis, claim)]));
}

/** The claim with this id, in whichever case it is typed. */
export function claimOf(claims: readonly Claim[], id: string): Claim | null {
  return claims.find((claim) => claim.id.toLowerCase() === id.toLowerCase()) ?? null;
}
