import { html, type Html } from '../../drawing/html.ts';
import type { ApprovalRule, Effect, ProposalState, ProposalView } from '../../approvals/types.ts';
import { counted } from '../../vocabulary/counts.ts';
import { isJurisdiction, jurisdictionName } from '../../vocabulary/index.ts';
import { leftWords, when } from '../pages/clock.ts';

export { when };

/** Words of changes for people: the code stands beside them where it says more. */
export const stateWords: Readonly<Record<ProposalState, string>> = {
  open: 'waits for approval', approved: 'approved', scheduled: 'approved, and scheduled', inForce: 'in force', returned: 'returned to its author', rejected: 'rejected', withdrawn: 'withdrawn',
  lapsed: 'lapsed', superseded: 'replaced by a later change', ended: 'ended by itself',
};

export const kindWords: Readonly<Record<ProposalView['kind'], string>> = { policy: 'Policy', rule: 'Rule of approval', stepBack: 'One version back', emergency: 'Emergency change' };

export const effectWords: Readonly<Record<Effect, string>> = {
  widening: 'It widens: somebody gets more than now, or is held back less.', narrowing: 'It narrows: nobody gets more than now.', neutral: 'It changes no decision: only words differ.',
};

export const decisionWords = { approve: 'approved it', return: 'returned it to its author', reject: 'rejected it' } as const;

/** A hash in groups of eight, for eyes. */
export function hashGroups(hash: string): Html {
  return html`<code>${hash.match(/.{1,8}/g)?.join(' ') ?? ''}</code>`;
}

/** What is missing of approvals, in words; null where nothing is. */
export function missingWords({ needs, approvals }: Pick<ProposalView, 'needs' | 'approvals'>): string | null {
  const given = approvals.filter(({ decision }) => decision === 'approve');
  const privacy = Math.max(0, needs.privacy - given.filter(({ role }) => role === 'privacyApprover').length);
  const missing = Math.max(needs.approvals - given.length, privacy);
  if (missing === 0) return null;
  const office = privacy === 0 ? '' : missing === privacy ? ' by the privacy or legal office' : `, ${privacy === 1 ? 'one' : String(privacy)} of them by the privacy or legal office`;
  return `${counted(missing, given.length === 0 ? 'approval' : 'more approval')}${office}`;
}

/** The rule of approval as sentences. */
export function ruleSentences({ widening, narrowing, lapsesAfterDays, emergencyHours }: ApprovalRule): readonly string[] {
  return [
    `A change that widens anything needs ${counted(widening, 'approval')}, one of them at least by the privacy or legal office.`, `Any other change needs ${counted(narrowing, 'approval')}.`,
    `A proposal lapses after ${counted(lapsesAfterDays, 'day')}.`, `An emergency change holds ${counted(emergencyHours, 'hour')} at most.`,
  ];
}

/** What a proposal does, in one sentence or three, with counts: the most open first. */
export function doesWords({ kind, effect, checks, text, version, owner }: Pick<ProposalView, 'kind' | 'effect' | 'checks' | 'text' | 'version' | 'owner'>): string {
  if (kind === 'rule') return `This sets the rule of approval of ${owner}: ${ruleOf(text)?.join(' ') ?? text} ${effectWords[effect]}`;
  const what = kind === 'stepBack' ? `This goes back to the version before the one in force, as version ${version ?? '?'}.` : kind === 'emergency' ? `This is an emergency change, as version ${version ?? '?'}.` : `This puts version ${version ?? '?'} of the policy of ${owner} in force.`;
  if (checks === null) return `${what} ${effectWords[effect]}`;
  // With a registry without agencies no decision differs, and yet a rule does.
  const [first, ...rest] = checks.difference.filter((line) => effect === 'neutral' || !line.startsWith('No request of any agency'));
  const more = rest.length === 0 ? '' : ` And ${counted(rest.length, 'other difference')}.`;
  return [what, effectWords[effect], first === undefined ? '' : `${sentence(first)}${more}`, backtestWords(checks.backtest)].filter((part) => part !== '').join(' ');
}

/** What it would have done, against what was decided at the time: that counts what other versions changed since, too, and says so. */
export function backtestWords(backtest: NonNullable<ProposalView['checks']>['backtest']): string {
  if (backtest === null) return '';
  const { newlyReleased, newlyHeld, newlyRefused } = backtest;
  return `In the past (${periodWords(backtest.period)}), compared with what was decided then, it would have given data newly to, or more of it for, ${counted(newlyReleased, 'request')}, held ${counted(newlyHeld, 'request')} more for a person, and refused ${counted(newlyRefused, 'request')} more. Where the policy was changed since then, that counts too.`;
}

/** `November 2025 to October 2026`, of `2025-11..2026-10`; anything else as it stands. */
function periodWords(period: string): string {
  return period.split('..').map((part) => (/^\d{4}-\d{2}$/.test(part) ? new Date(`${part}-01`).toLocaleDateString('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' }) : part)).join(' to ');
}

/** The name of an owner, for people. */
export function ownerName(owner: string): string {
  return isJurisdiction(owner) ? jurisdictionName(owner) : owner;
}

/** An instant that something ends at, with how long that is. */
export function until(instant: string, now: number): Html {
  return html`${when(instant)} (${leftWords(Date.parse(instant), now)})`;
}

/** A text as a sentence: the first letter large, and a period at its end. */
export function sentence(text: string): string {
  const trimmed = text.trim();
  return `${trimmed.charAt(0).toUpperCase()}${trimmed.slice(1)}${/[.!?:]$/.test(trimmed) ? '' : '.'}`;
}

/** The rule in a proposal of one, which is JSON; null where it cannot be read. */
export function ruleOf(text: string): readonly string[] | null {
  try {
    return ruleSentences(JSON.parse(text) as ApprovalRule);
  } catch {
    return null;
  }
}
