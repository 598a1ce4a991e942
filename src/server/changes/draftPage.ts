import { html, type Html } from '../../drawing/html.ts';
import type { DraftView } from '../../approvals/types.ts';
import { counted } from '../../vocabulary/counts.ts';
import { checksParts, commentForm, commentList, faultBox, itemsParts, reasonField, type SentComment } from './parts.ts';
import { sentencesOfText } from './sentences.ts';
import { backtestWords, effectWords, sentence, when } from './words.ts';

/** What the page of a draft shows. */
export interface DraftShown {
  readonly draft: DraftView;
  /** What was sent and not taken: the author's words are never lost. */
  readonly sent: { readonly title: string; readonly text: string } | null;
  /** A comment that was not taken. */
  readonly comment?: SentComment;
  readonly fault: string | null;
  /** Whether the checks are of another text than the one that stands. */
  readonly stale: boolean;
  readonly may: { readonly draft: boolean; readonly comment: boolean; readonly propose: boolean; readonly emergency: boolean };
}

/** `/desk/WA/changes/drafts/ID`: the text, and what it says and does beside it. */
export function draftPage({ draft, sent, comment, fault, stale, may }: DraftShown): Html {
  const base = `/desk/${draft.owner}/changes/drafts/${draft.id}`;
  const text = sent?.text ?? draft.text;
  const items = sentencesOfText(text);
  const { checks } = draft;
  const stateWords = checks === null ? 'It was not checked yet.' : stale ? 'It was changed since it was checked.' : checks.ok ? `It was checked and may be proposed. ${effectWords[checks.effect]}` : 'It was checked, and may not be proposed as it is.';
  const proposable = may.propose && checks?.ok === true && !stale;
  return html`<p><strong>This is a draft: nothing is changed by it.</strong> ${stateWords}${checks === null ? null : html` <a href="#checks">To the checks</a>`}${proposable ? html` · <a href="${base}/propose">Propose this text</a>` : null}</p>
${faultBox(fault)}
<p class="quiet">Begun by ${draft.authorName}; saved ${when(draft.savedAt)}, as version ${draft.etag} of the draft. <a href="/desk/${draft.owner}/changes">All changes</a></p>
<div class="beside"><div>
${may.draft ? html`<form method="post" action="${base}"><input type="hidden" name="etag" value="${draft.etag}">
<div class="field"><label for="title">What it is about</label><input type="text" id="title" name="title" maxlength="200" value="${sent?.title ?? draft.title}"></div>
<div class="field"><label for="text">The policy</label><span class="hint" id="text-hint">The text, as YAML. Its words are those of the vocabulary; docs/policy.md says how it is written.</span>
<textarea class="code" id="text" name="text" rows="24" spellcheck="false" aria-describedby="text-hint" required>\n${text}</textarea></div>
<p><button type="submit" name="do" value="save">Save</button> <button type="submit" name="do" value="check">Save and check</button></p></form>` : html`<h2>The policy</h2><pre><code>${text}</code></pre>`}
${sent !== null && sent.text !== draft.text ? html`<details><summary>The text as it is saved</summary><pre><code>${draft.text}</code></pre></details>` : null}
</div><div>
${items === null ? html`<h2>In words</h2><p>The text cannot be put into words as it stands. Have it checked: the findings say where.</p>` : itemsParts(items, draft.comments)}
</div></div>
${checks === null ? null : checksParts(checks, stale)}
${proposable ? html`<h2>Propose it</h2><p><a href="${base}/propose">Go on to the proposal</a>: then it cannot be changed any more, and others decide on it.</p>` : null}
${may.emergency && checks?.ok === true && !stale ? html`<p><a href="/desk/${draft.owner}/changes/emergency?draft=${draft.id}">Put it in force at once, as an emergency change</a></p>` : null}
<h2>Comments</h2>${commentList(draft.comments.filter(({ rule }) => rule === null)) ?? html`<p>None on the whole.</p>`}
${may.comment ? commentForm(`${base}/comments`, items ?? [], comment) : null}
${may.draft ? html`<h2>Drop it</h2><form method="post" action="${base}/drop"><p>It cannot be brought back. What was proposed from it stays.</p><div class="field"><label class="tick"><input type="checkbox" name="sure" value="yes" required>I want to drop this draft</label></div><button type="submit">Drop the draft</button></form>` : null}`;
}

/** `…/new`: with what a draft begins. */
export function newPage(owner: string, fault: string | null, sent: { readonly title: string; readonly text: string } | null = null): Html {
  return html`<p><strong>A draft begins with the policy in force.</strong> Nothing is changed by it.</p>
${faultBox(fault)}
<form method="post" action="/desk/${owner}/changes/drafts">
<div class="field"><label for="title">What the change is about</label><input type="text" id="title" name="title" maxlength="200" required value="${sent?.title ?? ''}"></div>
<div class="field"><label for="text">Another text to begin with</label><span class="hint" id="text-hint">Leave it empty to begin with the policy in force.</span><textarea class="code" id="text" name="text" rows="8" spellcheck="false" aria-describedby="text-hint">\n${sent?.text ?? ''}</textarea></div>
<button type="submit">Begin the draft</button></form>`;
}

/** `…/drafts/ID/propose`: what it does, as counts, before the button. */
export function proposePage(draft: DraftView, fault: string | null, sent: { readonly reason: string; readonly startsAt: string; readonly endsAt: string } | null, needs: readonly string[]): Html {
  const { checks } = draft;
  const base = `/desk/${draft.owner}/changes/drafts/${draft.id}`;
  if (checks === null || !checks.ok) return html`${faultBox(fault)}<p><strong>It cannot be proposed before its checks have passed.</strong> <a href="${base}">Back to the draft</a></p>`;
  return html`${faultBox(fault)}
<p><strong>${effectWords[checks.effect]}</strong> ${checks.effect === 'neutral' || checks.difference.length === 0 ? '' : `It makes ${counted(checks.difference.length, 'difference')}; the most open: ${sentence(checks.difference[0] ?? '')}`} ${backtestWords(checks.backtest)}</p>
<p>${needs.join(' ')} You cannot approve it yourself, by no account of yours. Until it is in force you can withdraw it; after that it can be taken back in one step.</p>
<form method="post" action="${base}/propose"><input type="hidden" name="etag" value="${draft.etag}">
${reasonField('Why', 'For those who decide on it, and for the record. Name the law where there is one.', sent?.reason)}
<div class="field"><label for="startsAt">From when, in UTC</label><span class="hint" id="starts-hint">Leave it empty for: with the last approval.</span><input type="datetime-local" id="startsAt" name="startsAt" aria-describedby="starts-hint" value="${sent?.startsAt ?? ''}"></div>
<div class="field"><label for="endsAt">Until when, in UTC</label><span class="hint" id="ends-hint">Leave it empty for: until it is changed.</span><input type="datetime-local" id="endsAt" name="endsAt" aria-describedby="ends-hint" value="${sent?.endsAt ?? ''}"></div>
<button type="submit">Propose it</button> <a href="${base}">Back to the draft</a></form>`;
}
