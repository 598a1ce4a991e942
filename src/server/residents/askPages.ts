import { html, type Html } from '../../drawing/html.ts';
import type { ResidentEvent, ResidentRequest } from '../../residents/index.ts';
import { isJurisdiction, jurisdictionName } from '../../vocabulary/index.ts';
import { dateWords, leftWords } from '../pages/clock.ts';
import { alert } from '../people/parts.ts';
import { historyParts } from './historyParts.ts';

/** What somebody typed into a form, to be shown again where it was not taken: nobody types it twice. They control every value. */
export type Typed = (name: string) => string;

/** What was not done, and the field that is meant. */
export interface Told {
  readonly text: string;
  readonly at: string | null;
}

/** `/residents`: a resident asks, or looks at what they asked. `now` in milliseconds: the period offered is the year until today. */
export function askPage(owners: readonly string[], typed: Typed, told: Told | null, now: number): Html {
  const [today, yearAgo] = [new Date(now), new Date(now - 365 * 86_400_000)].map((date) => date.toISOString().slice(0, 10)) as [string, string];
  const text = (name: string, label: string, longest: number, complete: string, hint?: string): Html => html`<div class="field"><label for="${name}">${label}${hint === undefined ? null : html` <span class="hint">${hint}</span>`}</label><input type="text" id="${name}" name="${name}" value="${typed(name)}" maxlength="${longest}" autocomplete="${complete}" spellcheck="false"></div>
`;
  const date = (name: string, label: string, otherwise: string, complete: string, required: boolean): Html => html`<div class="field"><label for="${name}">${label}</label><input id="${name}" name="${name}" type="date" value="${typed(name) === '' ? otherwise : typed(name)}" autocomplete="${complete}"${required ? html` required` : null}></div>
`;
  return html`${alert(told?.text ?? null, told?.at ?? null)}
<p><strong>You may ask a state who looked at your driver and vehicle records, what they were given, and under which rule.</strong> You need not say why. The agencies that looked are not told that you ask.</p>
<ol><li>You fill in this page, and get a number and a secret. Keep both.</li><li>The state makes sure that it is you: nobody else shall read this about you.</li><li>Within 30 days you come back with both, and read the answer here. Nothing is sent to you.</li></ol>
<p><a href="#asked">You asked already?</a> You would rather not use this page? Ask the motor vehicle office of your state by letter or in person: it can make the same report.</p>
<h2>Ask</h2>
<form method="post" action="/residents">
<div class="field"><label for="owner">Which state keeps your records?</label><select id="owner" name="owner" required><option value="">Choose</option>${owners.map((owner) => html`<option value="${owner}"${typed('owner') === owner ? html` selected` : null}>${nameOf(owner)}</option>`)}</select></div>
<fieldset id="what"><legend>What to look for</legend>
<p class="hint">To see that it is you, a state mostly compares the licence number, the name and the date of birth: give all three if you can. What you give is kept sealed, and erased when the report is made.</p>
${text('licence', 'Licence number', 40, 'off')}${text('surname', 'Surname', 60, 'family-name')}${text('given', 'Given name', 60, 'given-name')}${text('middle', 'Middle names', 60, 'additional-name')}${date('birth', 'Date of birth', '', 'bday', false)}${text('plate', 'Plate', 20, 'off', 'To see who asked about your vehicle.')}${text('vin', 'Vehicle number (VIN)', 40, 'off')}</fieldset>
<fieldset><legend>From when to when</legend>
<p class="hint">Ten years at most. The last day shown is the last one that is over.</p>
${date('from', 'First day', yearAgo, 'off', true)}${date('to', 'Last day', today, 'off', true)}</fieldset>
<div class="field"><label for="contact">How may the office reach you safely? <span class="quiet">(may be left out)</span> <span class="hint">Such as a telephone number that nobody else answers. Leave it empty, and the office does not try.</span></label><textarea id="contact" name="contact" rows="2" maxlength="500">${typed('contact')}</textarea></div>
<p><button type="submit">Ask the state</button></p></form>
<h2 id="asked">You asked already?</h2>
<form method="post" action="/residents/request"><div class="field"><label for="number">Number <span class="hint">Such as R-7Q4M0K2X9D.</span></label><input type="text" id="number" name="number" value="${typed('number')}" maxlength="20" required autocomplete="off" autocapitalize="characters" spellcheck="false"></div>
<div class="field"><label for="secret">Secret <span class="hint">It was shown once, when you asked. If it is lost, ask again: nobody can tell it to you.</span></label><input id="secret" name="secret" type="password" maxlength="100" required autocomplete="off"></div><p><button type="submit">Look</button></p></form>`;
}

/** The number and the secret, the one time that they are shown, and how the request stands. */
export function madePage(made: ResidentRequest, secret: string, now: number): Html {
  return html`<section class="card good"><h2>Write these two down</h2><p>They are shown once. Without them nobody can read the report, and the office cannot tell them to you again. Whoever has both can read it: keep them where nobody else looks.</p>
<p>Number: <strong><code class="secret">${made.number}</code></strong></p><p>Secret: <strong><code class="secret">${secret}</code></strong></p></section>
${requestParts(made, secret, null, now, [])}`;
}

/** How a request stands, what is next, and the report where it is made. The secret goes on in forms. */
export function requestParts({ number, owner, state, from, to, dueAt, steps, entries, readUntil }: ResidentRequest, secret: string, told: Told | null, now: number, history: readonly ResidentEvent[]): Html {
  const hidden = html`<input type="hidden" name="number" value="${number}"><input type="hidden" name="secret" value="${secret}">`;
  const open = state === 'proofing' || state === 'ready';
  const made = state === 'made' || state === 'delivered';
  const erased = made && readUntil !== null && Date.parse(readUntil) <= now;
  return html`${alert(told?.text ?? null, told?.at ?? null)}
<p><strong>${erased ? `The report could be read until ${dayWords(readUntil)}, and was erased then. You may ask again.` : nextWords[state]}</strong></p>
<p>Request ${number} to ${nameOf(owner)}, about ${dayWords(from)} to ${dayWords(to)}.${open ? ` The office answers by ${dayWords(dueAt)}: ${leftWords(Date.parse(dueAt), now)}.` : ''}</p>
<h2>How the state makes sure that it is you</h2>
<ol>${steps.map((step) => html`<li>${sentence(step.plain)} ${stepParts(step, state, hidden)}</li>`)}</ol>
${!made || erased ? null : html`<h2>Your report</h2><p>${entries === 1 ? 'One look-up is' : `${String(entries ?? 0)} look-ups are`} shown. That you read it is recorded.${readUntil === null ? '' : ` It can be read until ${dayWords(readUntil)}, and is erased then.`}</p>
<div class="buttons">${([['page', 'Read it here'], ['letter', 'Save it as a letter'], ['json', 'Save it as data, with the proof that it is complete']] as const).map(([form, words]) => html`<form method="post" action="/residents/report">${hidden}<input type="hidden" name="form" value="${form}"><button type="submit"${form === 'page' ? null : html` class="quiet"`}>${words}</button></form>`)}</div>`}
${historyParts(history, (id) => steps.find((step) => step.id === id)?.plain ?? id)}<form method="post" action="/residents/request"><p>${hidden}<button type="submit" class="quiet">Look again</button></p></form>
<p><a href="/residents">To the beginning</a></p>`;
}

const nextWords: Readonly<Record<ResidentRequest['state'], string>> = {
  proofing: 'The state must still make sure that it is you. See below what you can do for it.',
  ready: 'It is confirmed that it is you. The office now makes the report; come back with the number and the secret.',
  made: 'The report is ready.', delivered: 'The report is ready, and was read.',
  refused: 'It was not confirmed that it is you, so nothing is shown, and what you gave was erased. You may ask again, and bring a proof of identity to the office.',
  lapsed: 'It was not finished within 30 days, and what you gave was erased. You may ask again. That it was not finished in time stands on the office’s own record.',
};

function stepParts({ id, by, done, doneAt }: ResidentRequest['steps'][number], state: ResidentRequest['state'], hidden: Html): Html {
  if (done) return html`<strong>Done</strong>${doneAt === null ? null : html` on ${dayWords(doneAt)}`}.`;
  if (by === 'owner') return html`<strong>Not yet.</strong>${state === 'proofing' ? ' Go to the office with a proof of identity, and name the number of the request.' : ''}`;
  if (state !== 'proofing') return html`<strong>Not done.</strong>`;
  return html`<strong>Not yet.</strong>
<form method="post" action="/residents/request">${hidden}<input type="hidden" name="step" value="${id}">${by === 'resident' ? html`<div class="field"><label for="answer-${id}">Code from the letter <span class="hint">The office sends it to the address on record. Capitals and spaces do not matter.</span></label><input id="answer-${id}" name="answer" type="text" maxlength="40" required autocomplete="one-time-code" spellcheck="false"></div>` : null}<p><button type="submit">${by === 'resident' ? 'Send the code' : 'Check now'}</button></p></form>`;
}

/** `22 December 2026`, of a day or an instant, in UTC. */
export function dayWords(day: string): string {
  return dateWords(day.slice(0, 10));
}

/** The name of an owner, for people. */
export function nameOf(owner: string): string {
  return isJurisdiction(owner) ? jurisdictionName(owner) : owner;
}

/** A text as a sentence. */
export function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
}
