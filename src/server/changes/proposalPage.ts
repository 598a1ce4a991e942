import { html, type Html } from '../../drawing/html.ts';
import type { ProposalView } from '../../approvals/types.ts';
import { roles } from '../../people/roles/index.ts';
import { titleOf, waitsFor } from './listPage.ts';
import { changedParts, checksParts, commentForm, commentList, faultBox, reasonField, type SentComment } from './parts.ts';
import { changedItems, sentencesOfText } from './sentences.ts';
import { decisionWords, doesWords, effectWords, hashGroups, missingWords, ruleOf, stateWords, when } from './words.ts';

/** How the form for a decision stands: `open` it can be made; else why it cannot. */
export type DecisionForm = 'open' | 'own' | 'given' | 'role' | 'closed';

export interface ProposalShown {
  readonly proposal: ProposalView;
  /** The text that it was compared with; null where there was none, or it is not kept. */
  readonly base: string | null;
  readonly decision: DecisionForm;
  readonly may: { readonly comment: boolean; readonly withdraw: boolean; readonly certificate: boolean };
  readonly fault: string | null;
  /** What was filled in where it was not taken. */
  readonly sent: { readonly decision?: string; readonly reason?: string; readonly withdrawal?: string; readonly comment?: SentComment };
}

/** `/desk/WA/changes/proposals/ID`: what it does, in the first sentence; then how, why and by whom; then the decision. */
export function proposalPage({ proposal, base, decision, may, fault, sent }: ProposalShown): Html {
  const { owner, id, kind, effect, hash, checks, text } = proposal;
  const address = `/desk/${owner}/changes/proposals/${id}`;
  const items = kind === 'rule' ? null : sentencesOfText(text);
  return html`<p><strong>${doesWords(proposal)}</strong>${decision === 'open' ? html` <a href="#decision">To your decision</a>` : null}</p>
${faultBox(fault)}
<section class="card ${effect === 'widening' ? 'warn' : 'good'}"><h2>${titleOf(proposal)}: ${stateWords[proposal.state]}</h2>
<p>${waitsFor(proposal)} ${effectWords[effect]}</p>${proposal.round > 1 ? html`<p>What it would do changed since it was proposed, because the policy in force or the registry did: approvals began anew, and this is round ${proposal.round}.</p>` : null}
<dl><dt>Proposed by</dt><dd>${proposal.authorName} <span class="quiet">(${proposal.author})</span>, ${when(proposal.proposedAt)}</dd><dt>Why</dt><dd>${proposal.reason}</dd>
<dt>In force</dt><dd>${proposal.startsAt === null ? 'with the last approval' : when(proposal.startsAt)}${proposal.endsAt === null ? null : html`; until ${when(proposal.endsAt)}`}</dd>
<dt>Hash</dt><dd>${hashGroups(hash)}</dd></dl></section>
${kind === 'rule' ? ruleParts(text) : html`<h2>Rules, as they are and as they would be</h2>${base === null ? html`<p>It is compared with nothing: no policy was in force.</p>` : changedParts(changedItems(base, text))}`}
${checks === null ? null : checksParts(checks, false, 'The checks passed.')}
${approvalsParts(proposal)}
${decisionParts(proposal, decision, address, sent)}
${may.certificate ? html`<h2>Certificate</h2><p><a href="/v1/owners/${owner}/changes/proposals/${id}/certificate.pdf">As a page (PDF)</a> · <a href="/v1/owners/${owner}/changes/proposals/${id}/certificate">As data (JSON)</a>, for <code>weir change verify</code></p>` : null}
<h2>Comments</h2>${commentList(proposal.comments) ?? html`<p>None.</p>`}
${may.comment ? commentForm(`${address}/comments`, items ?? [], sent.comment) : null}
${may.withdraw ? html`<h2>Withdraw it</h2><p>It is then not decided any more, and never comes into force. The draft stays, and can be proposed again.</p><form method="post" action="${address}/withdrawal"><div class="field"><label for="why-withdraw">Why</label><textarea id="why-withdraw" name="reason" rows="2" maxlength="4000" required>${sent.withdrawal ?? ''}</textarea></div><button type="submit">Withdraw it</button></form>` : null}
<details><summary>The whole text</summary><pre><code>${text}</code></pre></details>
<p><a href="/desk/${owner}/changes">All changes</a></p>`;
}

function ruleParts(text: string): Html {
  const sentences = ruleOf(text);
  return html`<h2>The rule as it would be</h2>${sentences === null ? html`<pre><code>${text}</code></pre>` : html`<ul>${sentences.map((line) => html`<li>${line}</li>`)}</ul>`}`;
}

function approvalsParts(proposal: ProposalView): Html {
  const { approvals, state } = proposal;
  const missing = missingWords(proposal);
  return html`<h2>Approvals</h2>
${approvals.length === 0 ? html`<p>Nobody has decided yet.</p>` : html`<ul>${approvals.map(({ name, role, decision, reason, at }) => html`<li><strong>${name}</strong>, ${roles[role].plain}, ${decisionWords[decision]} ${when(at)}: ${reason}</li>`)}</ul>`}
${state === 'open' && missing !== null ? html`<p>Missing: ${missing}.</p>` : null}`;
}

const decisions = [['approve', 'Approve it', 'exactly the text with the hash below'], ['return', 'Return it', 'to its author, who may propose it again'], ['reject', 'Reject it', 'for good']] as const;

function decisionParts({ hash, round }: ProposalView, form: DecisionForm, address: string, sent: ProposalShown['sent']): Html | null {
  switch (form) {
    case 'closed': case 'role': return null;
    case 'own': return html`<h2>Your decision</h2><p>It is your own proposal: others decide on it.</p>`;
    case 'given': return html`<h2>Your decision</h2><p>You have decided already: it stands above. What is missing is for others.</p>`;
    case 'open': return html`<h2 id="decision">Your decision</h2>
<p class="quiet">It needs a sign-in of the last five minutes. Where yours is older you are asked for it when you decide, and what you filled in comes back after it.</p>
<form method="post" action="${address}/decision"><input type="hidden" name="hash" value="${hash}"><input type="hidden" name="round" value="${round}">
<fieldset class="field"><legend>What do you decide?</legend>${decisions.map(([value, label, hint]) => html`<label class="tick"><input type="radio" name="decision" value="${value}" required${sent.decision === value ? html` checked` : null}>${label}, ${hint}</label>`)}</fieldset>
${reasonField('Why', 'It stands on the record, and in the certificate.', sent.reason)}
<p>The decision is bound to this hash: ${hashGroups(hash)}. If anything of the text is changed, it counts no more.</p>
<button type="submit">Decide</button></form>`;
  }
}
