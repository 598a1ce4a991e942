import type { Sql } from 'postgres';
import { proveClaim } from '../../proof/prove.ts';
import type { ClaimReport } from '../../proof/types.ts';
import { claimsAt } from '../../server/proof/claims.ts';
import { ProofLibrary } from '../../server/proof/library.ts';
import { standingOn } from '../../store/policies.ts';
import { decidingVerdict, failureLines, verdictWords } from '../proof/claimWords.ts';
import { Slowly } from '../proof/slowly.ts';
import { exitCodes, type ExitCode } from '../verb.ts';
import { count } from './columnsOfText.ts';

/** A claim that a change of the registry broke. */
export interface Broken {
  readonly owner: string;
  readonly report: ClaimReport;
}

/** What a change of the registry did to the claims of all owners. */
export interface ClaimChange {
  readonly broken: readonly Broken[];
  /** Claims that failed before, and fail now for more agencies. */
  readonly worse: readonly (Broken & { readonly before: number })[];
  readonly mended: readonly { readonly owner: string; readonly claim: string }[];
  /** How many claims were proved. */
  readonly proved: number;
}

/** Options of a verb that changes the registry. */
export interface ProveOption {
  /** False with `--no-prove`. */
  readonly prove?: boolean;
  readonly quiet?: boolean;
}

/**
 * Proves the claims of every policy in force on a new version of the registry, and compares with the version before: what was proved of
 * that by the exchange is taken as it stands, the rest is proved now. Null with `--no-prove`, and where there is nothing to compare.
 */
export async function claimsAfter(sql: Sql, change: { readonly version: number | null; readonly changed: boolean }, options: ProveOption): Promise<ClaimChange | null> {
  const { version, changed } = change;
  if (!changed || version === null || version < 2 || options.prove === false) return null;
  const library = new ProofLibrary(sql);
  const slowly = new Slowly(options.quiet);
  const made = { broken: [] as Broken[], worse: [] as (Broken & { before: number })[], mended: [] as { owner: string; claim: string }[], proved: 0 };
  try {
    const owners = await library.inForce();
    for (const [place, { owner }] of owners.entries()) {
      await slowly.step('claims of owners', place, owners.length);
      const named = await library.policy(owner);
      if (named === null || named.document.claims.length === 0) continue;
      const basis = await library.basis(named, { version });
      const stood = await standingOn(sql, owner, named.document.version, version - 1);
      for (const claim of claimsAt(named.document, basis.at)) {
        await slowly.step('claims of owners', place, owners.length);
        const report = proveClaim(basis, claim);
        made.proved += 1;
        const known = stood?.get(claim.id);
        if (report.holds && known?.holds !== false) continue;
        const before = known ?? provedOn(proveClaim(await library.basis(named, { version: version - 1 }), claim));
        if (before.holds === true && !report.holds) made.broken.push({ owner, report });
        else if (before.holds !== true && report.holds) made.mended.push({ owner, claim: claim.id });
        else if (!report.holds && (decidingVerdict(report)?.count ?? 0) > (before.count ?? 0)) made.worse.push({ owner, report, before: before.count ?? 0 });
      }
    }
    return made;
  } finally {
    slowly.end();
  }
}

/** What is printed after the change: each broken claim with the agency by which it leaks, hop by hop. */
export function claimChangeLines(found: ClaimChange | null): string[] {
  if (found === null || found.proved === 0) return [];
  const { broken, worse, mended, proved } = found;
  return [
    ...broken.flatMap(({ owner, report }) => ['', `This breaks claim ${report.claim.id} of ${owner}: ${report.sentence}`, ...decidingLines(report)]),
    ...worse.flatMap(({ owner, report, before }) => ['', `Claim ${report.claim.id} of ${owner} failed already, for ${count(before)}; now for ${count(decidingVerdict(report)?.count ?? 0)}: ${report.sentence}`, ...decidingLines(report)]),
    ...(mended.length === 0 ? [] : ['', `Holds again: ${mended.map(({ owner, claim }) => `${claim} of ${owner}`).join(', ')}.`]),
    ...(broken.length + worse.length === 0 ? [`${count(proved)} ${proved === 1 ? 'claim was' : 'claims were'} proved on the new version: none is broken by it.`] : ['', 'See: weir prove OWNER']),
  ];
}

/** For `--json`. */
export function claimChangeJson(found: ClaimChange | null): unknown {
  return found === null ? null : { proved: found.proved, broken: found.broken, worse: found.worse, mended: found.mended };
}

/** A change that broke a claim is done, and something was found. */
export function claimChangeExit(found: ClaimChange | null): Extract<ExitCode, 0 | 1> {
  return found !== null && found.broken.length > 0 ? exitCodes.finding : exitCodes.ok;
}

function provedOn(report: ClaimReport): { readonly holds: boolean | 'capped'; readonly count: number | null } {
  const verdict = decidingVerdict(report);
  return { holds: verdict?.holds ?? 'capped', count: verdict?.count ?? null };
}

function decidingLines(report: ClaimReport): string[] {
  const verdict = decidingVerdict(report);
  return verdict === null ? [] : [`  ${verdictWords(verdict)}`, ...failureLines(verdict)];
}
