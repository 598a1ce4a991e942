import { proofWorlds, tableFor, type Claim, type PolicyDocument, type ProofWorld } from '../../src/policy/index.ts';
import { smtlibClaim } from '../../src/policy/export/smtlib.ts';
import { proveInSchema } from '../../src/proof/openWorld.ts';
import type { Z3, Z3Answer } from './z3.ts';

/** What the two say of one claim in one world. */
export interface ClaimAnswer {
  readonly world: ProofWorld;
  readonly ours: boolean | 'capped';
  readonly theirs: Z3Answer;
  readonly agree: boolean;
}

/** Asks the proof and Z3 about a claim, in both worlds, over any agency that the schema admits. A verdict that was capped agrees with nothing. */
export function askBoth(z3: Z3, document: PolicyDocument, claim: Claim, at: Date): readonly ClaimAnswer[] {
  return proofWorlds.map((world) => {
    const [ours, theirs] = [proved(document, claim, world, at), z3.check(smtlibClaim(document, claim, world, at))];
    return { world, ours, theirs, agree: (ours === true && theirs === 'unsat') || (ours === false && theirs === 'sat') };
  });
}

/** The verdict of the proof over the schema. */
export function proved(document: PolicyDocument, claim: Claim, world: ProofWorld, at: Date): boolean | 'capped' {
  return proveInSchema({ document, table: tableFor(document, { at: at.getTime() }), network: null }, claim, world).holds;
}
