import { html, type Html } from '../../drawing/html.ts';
import type { Checks, CommentView } from '../../approvals/types.ts';
import { counted } from '../../vocabulary/counts.ts';
import type { ItemChange, ItemSentence } from './sentences.ts';
import { backtestWords, effectWords, sentence, when } from './words.ts';

/** What stands above a form that was not taken: why, and that nothing was changed. */
export function faultBox(fault: string | null): Html | null {
  return fault === null ? null : html`<section class="card bad" role="alert"><h2>This was not done</h2><p>${fault}</p></section>`;
}

/** The checks of a text. `stale`: the text was changed since. */
export function checksParts(checks: Checks, stale: boolean, passed = 'The checks passed: it may be proposed.'): Html {
  const failing = checks.claims.filter(({ holds }) => !holds);
  const kind = stale ? 'warn' : checks.ok ? 'good' : 'bad';
  const verdict = stale ? 'The text was changed after these checks: have it checked again.' : checks.ok ? passed : 'It may not be proposed as it is.';
  return html`<section class="card ${kind}"><h2 id="checks">Checks</h2>
<p><strong>${verdict}</strong> ${effectWords[checks.effect]}</p>
<p class="quiet">Checked ${when(checks.at)}, against ${checks.base === null ? 'no policy: none is in force' : `version ${checks.base.version} in force`}, on version ${checks.registry.version} of the registry.</p>
</section>
${differenceParts(checks)}
${backtestParts(checks)}
<h2>Claims</h2>
${checks.claims.length === 0 ? html`<p>The text makes no claim.</p>` : html`<p>${failing.length === 0 ? `${checks.claims.length === 1 ? 'Its claim holds' : `All ${checks.claims.length} claims hold`}.` : `${counted(failing.length, 'claim fails', 'claims fail')}.`}</p>
<ul>${[...failing, ...checks.claims.filter(({ holds }) => holds)].map(({ claim, holds, sentence: words }) => html`<li><strong>${claim} ${holds ? 'holds' : 'FAILS'}</strong>${words === null ? '' : `: ${words}`}</li>`)}</ul>`}
<h2>Findings</h2>
${checks.findings.length === 0 ? html`<p>None.</p>` : html`<ul>${checks.findings.map(({ code, severity, line, message }) => html`<li><strong>Line ${line}</strong>, ${severity}: ${sentence(message)} <code>${code}</code></li>`)}</ul>`}`;
}

export function differenceParts({ difference, base }: Checks): Html {
  return html`<h2>What it changes</h2>
${difference.length === 0 ? html`<p>${base === null ? 'There is nothing in force to compare it with.' : 'Every decision stays as it is.'}</p>` : html`<ul>${difference.map((line) => html`<li>${sentence(line)}</li>`)}</ul>`}`;
}

export function backtestParts({ backtest }: Pick<Checks, 'backtest'>): Html {
  if (backtest === null) return html`<h2>What it would have done</h2><p>There are no past requests to try it on, so this is not known.</p>`;
  return html`<h2>What it would have done</h2>
<p><strong>${backtestWords(backtest)}</strong></p>
<details><summary>The backtest in words</summary><ul>${backtest.text.map((line) => html`<li>${sentence(line)}</li>`)}</ul></details>
<p class="quiet">Backtest <code>${backtest.hash.slice(0, 16)}</code>, over ${backtest.period}. Once more, with tables: <code>weir backtest FILE</code>.</p>`;
}

/** Every rule as a sentence, with what was said about it. */
export function itemsParts(items: readonly ItemSentence[], comments: readonly CommentView[]): Html {
  const known = new Set(items.map(({ id }) => id));
  return html`<h2>In words</h2>
<ol>${items.map(({ id, sentence: words }) => html`<li><code>${id}</code> ${words}${commentList(comments.filter(({ rule }) => rule === id))}</li>`)}</ol>
${commentList(comments.filter(({ rule }) => rule !== null && !known.has(rule)))}`;
}

/** Each item that differs, as it was and as it would be. */
export function changedParts(changes: readonly ItemChange[] | null): Html {
  if (changes === null) return html`<p>The rules cannot be put into words here: read the text below.</p>`;
  if (changes.length === 0) return html`<p>Every rule says what it said.</p>`;
  return html`${changes.map(({ id, before, after }) => html`<h3><code>${id}</code> ${before === null ? 'is new' : after === null ? 'goes' : 'changes'}</h3>
<dl><dt>Now</dt><dd>${before ?? 'There is no such rule.'}</dd><dt>Then</dt><dd>${after ?? 'There is no such rule any more.'}</dd></dl>`)}`;
}

export function commentList(comments: readonly CommentView[]): Html | null {
  return comments.length === 0 ? null : html`<ul>${comments.map(({ byName, at, rule, text }) => html`<li>${rule === null ? '' : `On ${rule}: `}${text} <span class="quiet">${byName}, ${when(at)}</span></li>`)}</ul>`;
}

/** The form for a comment on one rule, or on the whole. */
export interface SentComment {
  readonly rule: string;
  readonly text: string;
}

/** `sent`: a comment that was not taken. */
export function commentForm(action: string, items: readonly ItemSentence[], sent: SentComment | null = null): Html {
  return html`<h2>Comment</h2><form method="post" action="${action}">
<div class="field"><label for="rule">About</label><select id="rule" name="rule"><option value="">the whole</option>${items.map(({ id, title }) => html`<option value="${id}"${sent?.rule === id ? html` selected` : null}>${id}${title === null ? '' : `: ${title.slice(0, 60)}`}</option>`)}</select></div>
<div class="field"><label for="comment">Comment</label><textarea id="comment" name="text" rows="3" maxlength="4000" required>${sent?.text ?? ''}</textarea></div>
<button type="submit">Add the comment</button></form>`;
}

/** A reason, which everything that is decided needs. */
export function reasonField(label: string, hint: string, value = ''): Html {
  return html`<div class="field"><label for="reason">${label}</label><span class="hint" id="reason-hint">${hint}</span><textarea id="reason" name="reason" rows="3" maxlength="4000" required aria-describedby="reason-hint">${value}</textarea></div>`;
}
