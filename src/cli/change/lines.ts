import type { Checks, ProposalView } from '../../approvals/types.ts';
import { shown } from './server.ts';

const effects = { widening: 'WIDENS: somebody gets more than now, or is held back less', narrowing: 'narrows: nobody gets more than now', neutral: 'changes no decision' } as const;

/** The checks of a text for a terminal: what fails stands first. Whoever wrote the text controls the words in it. */
export function checkLines(checks: Checks): readonly string[] {
  const failing = checks.claims.filter(({ holds }) => !holds);
  const { backtest, base, difference, findings } = checks;
  return [
    `Effect       it ${effects[checks.effect]}`,
    `Compared     ${base === null ? 'with nothing: no policy is in force' : `with version ${base.version} in force (${base.hash.slice(0, 12)})`}, on version ${checks.registry.version} of the registry`,
    ...(difference.length === 0 ? ['Difference   none'] : ['Difference', ...difference.map((line) => `  - ${line}`)]),
    ...(checks.claims.length === 0 ? ['Claims       it makes none'] : ['Claims', ...failing.map(({ claim, sentence }) => `  - ${claim} FAILS${sentence === null ? '' : `: ${sentence}`}`), ...checks.claims.filter(({ holds }) => holds).map(({ claim }) => `  - ${claim} holds`)]),
    ...(backtest === null ? ['Backtest     there are no past requests to try it on'] : [
      `Backtest     ${backtest.period}: newly given ${backtest.newlyReleased}, newly held ${backtest.newlyHeld}, newly refused ${backtest.newlyRefused} (${backtest.hash.slice(0, 12)})`,
    ]),
    ...(findings.length === 0 ? ['Findings     none'] : ['Findings', ...findings.map(({ line, severity, code, message }) => `  - line ${line}: ${severity} ${code}: ${message}`)]),
    checks.ok ? 'It may be proposed.' : 'It may NOT be proposed.',
  ].map(shown);
}

/** One proposal on one line. */
export function proposalLine(proposal: Pick<ProposalView, 'id' | 'owner' | 'kind' | 'version' | 'state' | 'effect' | 'authorName' | 'needs' | 'approvals' | 'lapsesAt'>): string {
  const { id, owner, kind, version, state, effect, authorName } = proposal;
  return shown(`${id}  ${owner}  ${version === null ? kind : `${kind} ${version}`}  ${state}  ${effect}  by ${authorName}${state === 'open' ? `; ${waitsWords(proposal)}` : ''}`);
}

/** What it waits for. */
export function waitsWords({ needs, approvals, lapsesAt }: Pick<ProposalView, 'needs' | 'approvals' | 'lapsesAt'>): string {
  const given = approvals.filter(({ decision }) => decision === 'approve');
  const privacy = Math.max(0, needs.privacy - given.filter(({ role }) => role === 'privacyApprover').length);
  const missing = Math.max(needs.approvals - given.length, privacy);
  return `waits for ${missing} ${missing === 1 ? 'approval' : 'approvals'}${privacy === 0 ? '' : `, ${privacy} by the privacy or legal office`}, until ${lapsesAt}`;
}

/** All of one proposal but its text. */
export function proposalLines(proposal: ProposalView): readonly string[] {
  return [
    proposalLine(proposal), `Hash         ${proposal.hash}`, `Round        ${proposal.round}`, `Proposed     ${proposal.proposedAt} by ${proposal.authorName} (${proposal.author}): ${proposal.reason}`,
    `In force     ${proposal.startsAt ?? 'with the last approval'}${proposal.endsAt === null ? '' : `, until ${proposal.endsAt}`}`,
    ...proposal.approvals.map(({ name, role, decision, reason, at }) => `${decision.padEnd(12)} ${at} by ${name} (${role}): ${reason}`),
    ...proposal.comments.map(({ byName, at, rule, text }) => `comment      ${at} by ${byName}${rule === null ? '' : ` on ${rule}`}: ${text}`),
    ...(proposal.checks === null ? [] : checkLines(proposal.checks)),
  ].map(shown);
}
