import { html, type Html } from '../../drawing/html.ts';
import type { ApprovalRule } from '../../approvals/types.ts';
import { faultBox, reasonField } from './parts.ts';
import { ruleSentences } from './words.ts';

export interface RuleShown {
  readonly owner: string;
  readonly rule: ApprovalRule;
  readonly may: { readonly propose: boolean; readonly deputy: boolean };
  /** Accounts that may be a deputy: with their names. */
  readonly deputies: readonly { readonly account: string; readonly name: string }[];
  readonly fault: string | null;
  readonly sent: (Readonly<Record<keyof ApprovalRule, string>> & { readonly reason: string }) | null;
  /** A deputy that was not taken. */
  readonly deputy: Readonly<Record<'to' | 'role' | 'until' | 'reason', string>> | null;
  /** The day of tomorrow, as a field of a form has it. */
  readonly tomorrow: string;
}

const fields: readonly (readonly [keyof ApprovalRule, string, string, number, number])[] = [
  ['widening', 'Approvals of a change that widens', '2 to 5; one of them always by the privacy or legal office', 2, 5], ['narrowing', 'Approvals of any other change', '1 to 5', 1, 5],
  ['lapsesAfterDays', 'Days after which a proposal lapses', '1 to 90', 1, 90], ['emergencyHours', 'Hours that an emergency change holds at most', '1 to 72', 1, 72],
];

/** `/desk/WA/changes/rule`: the rule in force, another one to propose, and a deputy. */
export function rulePage({ owner, rule, may, deputies, fault, sent, deputy, tomorrow }: RuleShown): Html {
  return html`<p><strong>${ruleSentences(rule)[0] ?? ''}</strong></p>
${faultBox(fault)}
<ul>${ruleSentences(rule).slice(1).map((line) => html`<li>${line}</li>`)}<li>Nobody approves what they proposed, by no account of theirs.</li></ul>
${may.propose ? html`<h2>Propose another rule</h2><p>It is approved under the rule in force. To loosen it in any way counts as a change that widens.</p>
<form method="post" action="/desk/${owner}/changes/rule">
${fields.map(([name, label, hint, least, most]) => html`<div class="field"><label for="${name}">${label}</label><span class="hint" id="${name}-hint">${hint}</span><input type="number" id="${name}" name="${name}" min="${least}" max="${most}" required aria-describedby="${name}-hint" value="${sent?.[name] ?? String(rule[name])}"></div>`)}
${reasonField('Why', 'For those who decide on it, and for the record.', sent?.reason)}
<button type="submit">Propose the rule</button></form>` : null}
${may.deputy ? html`<h2>Name a deputy</h2><p>For the time that you are away. What they proposed themselves they still may not approve.</p>
${deputies.length === 0 ? html`<p>Nobody else is an approver of ${owner}. An official of the owner gives roles.</p>` : html`<form method="post" action="/desk/${owner}/changes/deputies">
<div class="field"><label for="to">Who</label><select id="to" name="to" required><option value="">Choose a person</option>${deputies.map(({ account, name }) => html`<option value="${account}"${deputy?.to === account ? html` selected` : null}>${name} (${account})</option>`)}</select></div>
<div class="field"><label for="role">For which office</label><select id="role" name="role" required><option value="">Choose an office</option>${([['policyApprover', 'policy approver'], ['privacyApprover', 'privacy or legal approver']] as const).map(([value, text]) => html`<option value="${value}"${deputy?.role === value ? html` selected` : null}>${text}</option>`)}</select></div>
<div class="field"><label for="until">Until the end of this day, in UTC</label><input type="date" id="until" name="until" min="${tomorrow}" value="${deputy?.until ?? ''}" required></div>
<div class="field"><label for="why-deputy">Why</label><textarea id="why-deputy" name="reason" rows="2" maxlength="4000" required>${deputy?.reason ?? ''}</textarea></div>
<button type="submit">Name the deputy</button></form>`}` : null}
<p><a href="/desk/${owner}/changes">All changes</a></p>`;
}
