import { html, type Html } from '../../drawing/html.ts';
import type { DraftView, ProposalView } from '../../approvals/types.ts';
import { counted } from '../../vocabulary/counts.ts';
import { table } from '../people/parts.ts';
import { kindWords, missingWords, ownerName, stateWords, until, when } from './words.ts';

/** What the list of changes shows. */
export interface ListShown {
  readonly owner: string;
  readonly drafts: readonly Omit<DraftView, 'text' | 'comments'>[];
  readonly proposals: readonly ProposalView[];
  /** Which links are there: who may not has none. */
  readonly may: { readonly draft: boolean; readonly propose: boolean; readonly emergency: boolean };
}

const live: readonly ProposalView['state'][] = ['open', 'approved', 'scheduled'];

/** `/desk/WA/changes`: what waits, for what and until when; drafts; what was decided. */
export function listPage({ owner, drafts, proposals, may }: ListShown): Html {
  const waiting = proposals.filter(({ state }) => live.includes(state));
  const others = proposals.filter(({ state }) => !live.includes(state));
  const base = `/desk/${owner}/changes`;
  return html`<p><strong>${waiting.length === 0 ? `No change of the policy of ${ownerName(owner)} waits.` : `${counted(waiting.length, 'change')} of the policy of ${ownerName(owner)} ${waiting.length === 1 ? 'waits' : 'wait'}.`}</strong> Nothing is changed until others than its author approve it.</p>
${waiting.map((proposal) => html`<section class="card warn"><h2><a href="${base}/proposals/${proposal.id}">${titleOf(proposal)}</a></h2><p>${waitsFor(proposal)}</p><p class="quiet">Proposed ${when(proposal.proposedAt)} by ${proposal.authorName}: ${proposal.reason}</p></section>`)}
<h2>Drafts</h2>
${drafts.length === 0 ? html`<p>None.</p>` : table('Drafts', ['Draft', 'Checks', 'Saved'], drafts.map(({ id, title, authorName, savedAt, checks }) => [html`<a href="${base}/drafts/${id}">${title === '' ? id : title}</a><br><span class="quiet">${authorName}</span>`, checks === null ? 'not checked' : checks.ok ? 'passed' : 'did not pass', when(savedAt)]))}
${links(base, may)}
<h2>Decided and ended</h2>
${others.length === 0 ? html`<p>None.</p>` : table('Changes that were decided or ended', ['Change', 'State', 'Proposed'], others.map((proposal) => [html`<a href="${base}/proposals/${proposal.id}">${titleOf(proposal)}</a>`, stateWords[proposal.state], html`${when(proposal.proposedAt)}<br><span class="quiet">${proposal.authorName}</span>`]))}`;
}

export function titleOf({ kind, version }: Pick<ProposalView, 'kind' | 'version'>): string {
  return version === null ? kindWords[kind] : `${kindWords[kind]}, version ${version}`;
}

/** What a proposal waits for, and until when. */
export function waitsFor(proposal: ProposalView): Html {
  const missing = missingWords(proposal);
  if (proposal.state === 'open' && missing !== null) return html`Waits for ${missing}. It lapses ${until(proposal.lapsesAt, Date.now())}.`;
  if (proposal.startsAt !== null && (proposal.state === 'scheduled' || proposal.state === 'approved')) return html`Approved. It comes into force by itself ${until(proposal.startsAt, Date.now())}.`;
  return html`It ${stateWords[proposal.state].replace(/^(?!waits)/, 'is ')}.`;
}

function links(base: string, { draft, propose, emergency }: ListShown['may']): Html {
  const found: readonly (readonly [boolean, string, string])[] = [
    [draft, `${base}/new`, 'Begin a draft'], [propose, `${base}/step-back`, 'Go one version back'], [true, `${base}/rule`, 'Rule of approval and deputies'], [emergency, `${base}/emergency`, 'Emergency change'],
  ];
  return html`<ul>${found.filter(([there]) => there).map(([, address, text]) => html`<li><a href="${address}">${text}</a></li>`)}</ul>`;
}
