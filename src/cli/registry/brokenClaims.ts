import type { Sql } from 'postgres';
import { sentencesOf } from '../../policy/index.ts';
import { proveInRegistry } from '../../proof/registryClaims.ts';
import type { Verdict } from '../../proof/types.ts';
import { claimsAt } from '../../server/proof/claims.ts';
import { ProofLibrary } from '../../server/proof/library.ts';
import { standingOn } from '../../store/policies.ts';
import { failureLines, verdictWords } from '../proof/claimWords.ts';
import { Slowly } from '../proof/slowly.ts';
import { exitCodes, type ExitCode } from '../verb.ts';
import { count } from './columnsOfText.ts';

/** A claim that fails on the new version, by the verdict that decides it. */
export interface FailingClaim {
  readonly owner: string;
  readonly claim: string;
  readonly sentence: string;
  readonly verdict: Verdict;
}

/** What a change of the registry did to the claims of all owners. */
export interface ClaimChange {
  /** Held before. */
  readonly broken: readonly FailingClaim[];
  /** Failed before, and fail now for more agencies. */
  readonly worse: readonly (FailingClaim & { readonly before: number })[];
  readonly mended: readonly { readonly owner: string; readonly claim: string }[];
  /** How many claims were proved: those that the registry decides. */
  readonly proved: number;
}

/** Options of a verb that changes the registry. */
export interface ProveOption {
  /** False with `--no-prove`. */
  readonly prove?: boolean;
  readonly quiet?: boolean;
}

/**
 * Proves the claims of every policy in force on a new version of the registry, and compares with the version before: what the exchange
 * has proved of that is taken as it stands, the rest is proved now. Claims that are decided over any agency that the schema admits do not
 * depend on the registry, and are left out. Null with `--no-prove`, and where there is nothing to compare.
 */
export async function claimsAfter(sql: Sql, change: { readonly version: number; readonly changed: boolean }, options: ProveOption): Promise<ClaimChange | null> {
  const { version, changed } = change;
  if (!changed || version < 2 || options.prove === false) return null;
  const library = new ProofLibrary(sql);
  const slowly = new Slowly(options.quiet);
  const found = { broken: [] as FailingClaim[], worse: [] as (FailingClaim & { before: number })[], mended: [] as { owner: string; claim: string }[], proved: 0 };
  try {
    const owners = await library.inForce();
    for (const [place, { owner }] of owners.entries()) {
      const named = await library.policy(owner);
      if (named?.document.claims.some(({ domain }) => domain === 'registry') !== true) continue;
      const basis = await library.basis(named, { version });
      const stood = await standingOn(sql, owner, named.document.version, version - 1);
      for (const claim of claimsAt(named.document, basis.at).filter(({ domain }) => domain === 'registry')) {
        await slowly.step('claims of owners', place, owners.length);
        const verdict = proveInRegistry(basis, claim, claim.world);
        found.proved += 1;
        const before = stood?.get(claim.id) ?? proveInRegistry(await library.basis(named, { version: version - 1 }), claim, claim.world);
        if (before.holds === true && verdict.holds === true) continue;
        if (verdict.holds === true) {
          found.mended.push({ owner, claim: claim.id });
          continue;
        }
        const failing = { owner, claim: claim.id, sentence: sentencesOf(named.document).find(({ item }) => item === claim)?.sentence ?? '', verdict };
        if (before.holds === true) found.broken.push(failing);
        else if ((verdict.count ?? 0) > (before.count ?? 0)) found.worse.push({ ...failing, before: before.count ?? 0 });
      }
    }
    return found;
  } finally {
    slowly.end();
  }
}

/** What is printed after the change: each broken claim with the agency by which it leaks, hop by hop. */
export function claimChangeLines(found: ClaimChange | null): string[] {
  if (found === null || found.proved === 0) return [];
  const { broken, worse, mended, proved } = found;
  return [
    ...broken.flatMap((one) => ['', `This breaks claim ${one.claim} of ${one.owner}: ${one.sentence}`, ...verdictLines(one)]),
    ...worse.flatMap((one) => ['', `Claim ${one.claim} of ${one.owner} failed already, for ${count(one.before)}, and now fails for ${count(one.verdict.count ?? 0)}: ${one.sentence}`, ...verdictLines(one)]),
    ...(mended.length === 0 ? [] : ['', `Holds again: ${mended.map(({ owner, claim }) => `${claim} of ${owner}`).join(', ')}.`]),
    ...(broken.length + worse.length === 0 ? [`${count(proved)} ${proved === 1 ? 'claim was' : 'claims were'} proved on the new version: none is broken by it.`] : ['', 'See: weir prove OWNER']),
  ];
}

/** A change that broke a claim is done, and something was found. */
export function claimChangeExit(found: ClaimChange | null): Extract<ExitCode, 0 | 1> {
  return found !== null && found.broken.length > 0 ? exitCodes.finding : exitCodes.ok;
}

function verdictLines({ verdict }: FailingClaim): string[] {
  return [`  ${verdictWords(verdict)}`, ...failureLines(verdict)];
}
