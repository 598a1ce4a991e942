import { html, type Html } from '../../drawing/html.ts';
import type { Checks } from '../../approvals/types.ts';
import { counted } from '../../vocabulary/counts.ts';
import { checksParts, faultBox, reasonField } from './parts.ts';
import { backtestWords, effectWords, sentence } from './words.ts';

export interface EmergencyShown {
  readonly owner: string;
  readonly text: string;
  readonly reason: string;
  readonly hours: string;
  /** The hours of the rule of approval. */
  readonly most: number;
  /** What it would do; null before it was looked at. */
  readonly checks: Checks | null;
  readonly fault: string | null;
}

/** `/desk/WA/changes/emergency`: first what it does, as a count, and how it ends; only then the button. */
export function emergencyPage({ owner, text, reason, hours, most, checks, fault }: EmergencyShown): Html {
  return html`<p><strong>An emergency change is in force at once, by one person, and ends by itself after ${counted(most, 'hour')} at the latest.</strong> Then what stood before is in force again. Everybody who approves is told, and it stands in the public log.</p>
${faultBox(fault)}
${checks === null ? html`<form method="post" action="/desk/${owner}/changes/emergency">
<div class="field"><label for="text">The policy for that time</label><span class="hint" id="text-hint">The whole text, with the next version number. Begin with the one in force, and change as little as is needed.</span><textarea class="code" id="text" name="text" rows="24" spellcheck="false" required aria-describedby="text-hint">\n${text}</textarea></div>
<button type="submit" name="do" value="look">See what it does</button></form>` : lookedAt({ owner, text, reason, hours, most, checks })}
<p><a href="/desk/${owner}/changes">All changes</a></p>`;
}

function lookedAt({ owner, text, reason, hours, most, checks }: Omit<EmergencyShown, 'checks' | 'fault'> & { readonly checks: Checks }): Html {
  const button = checks.ok ? html`<h2>Put it in force</h2>
<p><strong>${effectWords[checks.effect]} ${checks.difference.length === 0 ? 'Every decision stays as it is.' : `It makes ${counted(checks.difference.length, 'difference')}: ${sentence(checks.difference[0] ?? '')}`} ${backtestWords(checks.backtest)}</strong>
It ends by itself; to end it sooner, propose to go one version back.</p>
<form method="post" action="/desk/${owner}/changes/emergency"><input type="hidden" name="text" value="${text}">
<div class="field"><label for="hours">For how many hours</label><span class="hint" id="hours-hint">1 to ${most}</span><input type="number" id="hours" name="hours" min="1" max="${most}" required aria-describedby="hours-hint" value="${hours}"></div>
${reasonField('What the emergency is', 'It stands on the record, and is shown to everybody who approves.', reason)}
<div class="field"><label class="tick"><input type="checkbox" name="sure" value="yes" required>I put this in force now, alone</label></div>
<button type="submit" name="do" value="begin">Put it in force now</button></form>` : html`<p><strong>It cannot be put in force: the checks did not pass.</strong></p>`;
  return html`${button}${checksParts(checks, false, 'The checks passed.')}
<h2>Change the text</h2><form method="post" action="/desk/${owner}/changes/emergency"><div class="field"><label for="text">The policy for that time</label><textarea class="code" id="text" name="text" rows="24" spellcheck="false" required>\n${text}</textarea></div><button type="submit" name="do" value="look">See what it does</button></form>`;
}
