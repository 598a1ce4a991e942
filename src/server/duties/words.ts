import { html, type Html } from '../../drawing/html.ts';
import type { CertificationView, NoticeView, UserReviewView } from '../../duties/types.ts';
import { certifications, isJurisdiction, isNameOf, jurisdictionName } from '../../vocabulary/index.ts';
import { leftWords, when as written } from '../pages/clock.ts';

export const noticeStates: Readonly<Record<NoticeView['state'], string>> = { due: 'to be sent', sent: 'sent', delayed: 'delayed by law', overdue: 'OVERDUE' };
export const certificationStates: Readonly<Record<CertificationView['state'], string>> = { inForce: 'in force', lapsing: 'lapses soon', lapsed: 'LAPSED', revoked: 'REVOKED', unsigned: 'not signed' };
export const reviewStates: Readonly<Record<UserReviewView['state'], string>> = { open: 'open', done: 'done', overdue: 'OVERDUE' };
export const channelWords = { letter: 'by letter', email: 'by e-mail', spool: 'by the letter shop' } as const;

/** An instant or a day as people write it: `2 March 2026, 17:04 UTC`. */
export function when(instant: string | null): Html {
  return instant === null ? html`never` : written(instant);
}

/** An instant that something is due, with how long that is. */
export function dueWords(instant: string, now: number): Html {
  return html`${when(instant)} <span class="${Date.parse(instant) <= now ? 'bad' : 'quiet'}">(${leftWords(Date.parse(instant), now)})</span>`;
}

/** The name of an owner, for people. */
export function ownerName(owner: string): string {
  return isJurisdiction(owner) ? jurisdictionName(owner) : owner;
}

export function certificationWords(name: string): string {
  return isNameOf(certifications, name) ? certifications[name].plain : name;
}

/** What stands above a form that was not taken. */
export function faultBox(fault: string | null): Html | null {
  return fault === null ? null : html`<section class="card bad" role="alert"><h2>This was not done</h2><p>${fault}</p></section>`;
}

/** A reason, which every decision needs. `id` is unique on the page. */
export function reasonField(id: string, hint: string, value = ''): Html {
  return html`<div class="field"><label for="${id}">Reason</label><span class="hint" id="${id}-hint">${hint}</span><textarea id="${id}" name="reason" rows="2" maxlength="2000" required aria-describedby="${id}-hint">${value}</textarea></div>`;
}

/** A choice of which none is made before; `chosen`: what was sent and not taken. */
export function choice(name: string, id: string, legend: string, answers: readonly (readonly [value: string, text: string])[], chosen = ''): Html {
  return html`<fieldset class="field"><legend>${legend}</legend>${answers.map(([value, text]) => html`<label class="tick" for="${id}-${value}"><input type="radio" id="${id}-${value}" name="${name}" value="${value}" required${value === chosen ? html` checked` : null}>${text}</label>`)}</fieldset>`;
}
