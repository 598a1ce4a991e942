import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { html, type Html } from '../../drawing/html.ts';
import { ResidentError, type ResidentRequest } from '../../residents/index.ts';
import { isJurisdiction, jurisdictionName } from '../../vocabulary/index.ts';
import { actorOf } from '../gate/actor.ts';
import type { PeopleDeps } from '../gate/deps.ts';
import { deskPage, sendPage } from '../pages/desk.ts';
import { field, fieldsOf, takeForms } from '../pages/forms.ts';
import { page, type Site } from '../pages/layout.ts';
import type { ServerDeps } from '../deps.ts';

const stateWords: Readonly<Record<ResidentRequest['state'], string>> = {
  proofing: 'who you are is being confirmed', ready: 'the office makes the report', made: 'the report is ready', delivered: 'the report is ready, and was read', refused: 'who you are was not confirmed', lapsed: 'it was not finished in time',
};

/** `/residents`: a resident asks who looked them up, and reads the report; `/desk/:owner/residents`: the office's side. Secrets go in forms, never in an address. */
export function addResidentPages(app: FastifyInstance, deps: ServerDeps, { residents }: PeopleDeps, site: Site): void {
  const owners = (): readonly string[] => deps.policies.owners.filter(isJurisdiction);
  void app.register((scope, _options, done) => {
    takeForms(scope);
    scope.get('/residents', { config: { action: 'resident.ask' } }, (_request, reply) => sendPage(reply, page(site, 'Who looked me up?', '/residents', askForm(owners()))));
    scope.post('/residents', { config: { action: 'resident.ask' } }, (request, reply) => tried(request, reply, site, async () => {
      const fields = fieldsOf(request);
      const { request: made, secret } = await residents.ask(field(fields, 'owner', 2), givenFrom(fields), { from: field(fields, 'from', 10), to: field(fields, 'to', 10) }, field(fields, 'contact', 500) || null);
      return page(site, 'Your request', '/residents', html`
<section class="card ok"><h2>Write these two down</h2><p>They are shown once. Without them nobody can read the report, and the office cannot tell them to you again.</p>
<p>Number: <strong><code>${made.number}</code></strong></p><p>Secret: <strong><code>${secret}</code></strong></p></section>
${requestView(made, secret)}`);
    }));
    scope.post('/residents/request', { config: { action: 'resident.own' } }, (request, reply) => tried(request, reply, site, async () => {
      const fields = fieldsOf(request);
      const [number, secret, step] = [field(fields, 'number', 20).toUpperCase(), field(fields, 'secret', 100), field(fields, 'step', 40)];
      const found = step === '' ? await residents.own(number, secret) : await residents.doStep(number, secret, step, field(fields, 'answer', 500));
      return page(site, 'Your request', '/residents', requestView(found, secret));
    }));
    scope.post('/residents/report', { config: { action: 'resident.own' } }, (request, reply) => tried(request, reply, site, async () => {
      const fields = fieldsOf(request);
      const form = field(fields, 'form', 10);
      const made = await residents.report(field(fields, 'number', 20), field(fields, 'secret', 100), form === 'json' || form === 'letter' ? form : 'page');
      if (form === 'json' || form === 'letter') {
        return reply.header('content-type', made.contentType).header('content-disposition', `attachment; filename="${made.fileName}"`).send(Buffer.from(made.body));
      }
      return Buffer.from(made.body).toString('utf8');
    }));
    scope.get<{ Params: { owner: string } }>('/desk/:owner/residents', { config: { action: 'resident.manage' } }, async (request, reply) => {
      const { owner } = request.params;
      return sendPage(reply, deskPage(site, request, `Requests of residents, ${owner}`, deskList(owner, await residents.list(owner))));
    });
    scope.post<{ Params: { owner: string; number: string } }>('/desk/:owner/residents/:number', { config: { action: 'resident.manage' } }, (request, reply) => tried(request, reply, site, async () => {
      const { owner, number } = request.params;
      const fields = fieldsOf(request);
      const act = field(fields, 'do', 20);
      if (act === 'open') {
        const { given, contact, code } = await residents.open(owner, number, actorOf(request));
        return deskPage(site, request, `Request ${number}`, html`<p>That you opened it is recorded.</p><pre>${JSON.stringify(given, null, 2)}</pre><p>To reach them: ${contact ?? 'nothing was given'}</p>
${code === null ? null : html`<p>Code for a letter to the address on record: <strong><code>${code}</code></strong></p>`}<p><a href="/desk/${owner}/residents">Back to the list</a></p>`);
      }
      if (act === 'make') await residents.make(owner, number, actorOf(request));
      else await residents.confirmStep(owner, number, field(fields, 'step', 40), { confirmed: act === 'confirm', note: field(fields, 'note', 1_000) }, actorOf(request));
      return reply.code(303).header('location', `/desk/${owner}/residents`).send();
    }));
    done();
  });
}

/** The page that the work gives, or one that says why not. */
async function tried(request: FastifyRequest, reply: FastifyReply, site: Site, work: () => Promise<string | FastifyReply>): Promise<FastifyReply> {
  const made = await work().catch((error: unknown) => {
    if (error instanceof ResidentError) return error;
    throw error;
  });
  if (typeof made === 'string') return sendPage(reply, made);
  if (!(made instanceof ResidentError)) return reply;
  const content = html`<section class="card bad"><h2>It was not done</h2><p>${sentence(made.message)} ${made.mend}</p></section><p><a href="${request.person === null ? '/residents' : request.url.replace(/\/R-[^/]*$/, '')}">Back</a></p>`;
  const status = made.code === 'RESIDENT_UNKNOWN' ? 404 : made.code === 'RESIDENT_MANY' ? 429 : made.code === 'RESIDENT_LEDGER' ? 503 : 422;
  return sendPage(reply.code(status), request.person === null ? page(site, 'Who looked me up?', '/residents', content) : deskPage(site, request, 'Requests of residents', content));
}

function askForm(owners: readonly string[]): Html {
  return html`
<p>You may ask a state who looked at your driver and vehicle records, what they were given, and under which rule. You need not say why. The state answers within 30 days, and must first be sure that it is you.</p>
<form method="post" action="/residents">
<p class="field"><label for="owner">Which state keeps your records?</label> <select id="owner" name="owner" required><option value="">Choose</option>${owners.map((owner) => html`<option value="${owner}">${jurisdictionName(owner as never)}</option>`)}</select></p>
<fieldset><legend>What we look for. Give what you know; the more, the more we find.</legend>
<p class="field"><label for="licence">Licence number</label> <input type="text" id="licence" name="licence" maxlength="40" autocomplete="off"></p>
<p class="field"><label for="surname">Surname</label> <input type="text" id="surname" name="surname" maxlength="60" autocomplete="family-name"></p>
<p class="field"><label for="given">Given name</label> <input type="text" id="given" name="given" maxlength="60" autocomplete="given-name"></p>
<p class="field"><label for="middle">Middle names</label> <input type="text" id="middle" name="middle" maxlength="60" autocomplete="additional-name"></p>
<p class="field"><label for="birth">Date of birth</label> <input id="birth" name="birth" type="date" autocomplete="bday"></p>
<p class="field"><label for="plate">Plate</label> <input type="text" id="plate" name="plate" maxlength="20" autocomplete="off"></p>
<p class="field"><label for="vin">Vehicle number (VIN)</label> <input type="text" id="vin" name="vin" maxlength="40" autocomplete="off"></p></fieldset>
<fieldset><legend>From when to when</legend>
<p class="field"><label for="from">First day</label> <input id="from" name="from" type="date" required></p>
<p class="field"><label for="to">Last day</label> <input id="to" name="to" type="date" required></p></fieldset>
<p class="field"><label for="contact">How may the office reach you safely? You need not say.</label> <textarea id="contact" name="contact" rows="2" maxlength="500"></textarea></p>
<p><button type="submit">Ask</button></p></form>
<h2>You asked already?</h2>
<form method="post" action="/residents/request"><p class="field"><label for="number">Number</label> <input type="text" id="number" name="number" maxlength="20" required autocomplete="off"></p>
<p class="field"><label for="secret">Secret</label> <input id="secret" name="secret" type="password" maxlength="100" required autocomplete="off"></p><p><button type="submit">Look</button></p></form>`;
}

function requestView({ number, owner, state, from, to, dueAt, steps, entries }: ResidentRequest, secret: string): Html {
  const hidden = html`<input type="hidden" name="number" value="${number}"><input type="hidden" name="secret" value="${secret}">`;
  return html`
<p>Request ${number} to ${jurisdictionName(owner)} for ${from} to ${to}: <strong>${stateWords[state]}</strong>. The office answers by ${dueAt.slice(0, 10)}.</p>
<h2>How we make sure that it is you</h2>
<ol>${steps.map(({ id, plain, by, done, doneAt }) => html`<li>${plain}: ${done ? html`<strong>done</strong> on ${(doneAt ?? '').slice(0, 10)}` : html`<strong>not yet</strong>${by === 'owner' ? html`; go to the office with a proof of identity` : state !== 'proofing' ? null : html`
<form method="post" action="/residents/request">${hidden}<input type="hidden" name="step" value="${id}">${by === 'resident' ? html`<label for="answer-${id}">Code from the letter</label> <input id="answer-${id}" name="answer" type="text" maxlength="40" autocomplete="off">` : null}<button type="submit">${by === 'resident' ? 'Send the code' : 'Check now'}</button></form>`}`}</li>`)}</ol>
${state !== 'made' && state !== 'delivered' ? null : html`<h2>Your report</h2><p>${entries === 1 ? 'One look-up is' : `${String(entries ?? 0)} look-ups are`} shown. That you read it is recorded. It can be read for 30 days.</p>
${([['page', 'Read it here'], ['letter', 'As a letter'], ['json', 'As data, with the proof that it is complete']] as const).map(([form, words]) => html`<form method="post" action="/residents/report">${hidden}<input type="hidden" name="form" value="${form}"><button type="submit">${words}</button></form>`)}`}`;
}

function deskList(owner: string, requests: readonly ResidentRequest[]): Html {
  if (requests.length === 0) return html`<p>No resident of ${owner} has asked.</p>`;
  return html`<p>${requests.length} ${requests.length === 1 ? 'request' : 'requests'}. What a resident gave is shown only when you open it, and that is recorded.</p>
${requests.map(({ number, state, askedAt, dueAt, from, to, steps }) => {
    const waits = steps.filter(({ done }) => !done);
    return html`<section class="card"><h2>${number}</h2><p>Asked ${askedAt.slice(0, 10)}, to be answered by <strong>${dueAt.slice(0, 10)}</strong>, about ${from} to ${to}. State: ${stateWords[state].replaceAll('you are', 'they are')}.</p>
<ul>${steps.map(({ plain, done }) => html`<li>${plain}: ${done ? 'done' : 'not yet'}</li>`)}</ul>
${state === 'proofing' || state === 'ready' ? html`<form method="post" action="/desk/${owner}/residents/${number}"><button name="do" value="open" type="submit">Open what they gave (recorded)</button></form>` : null}
${state !== 'proofing' ? null : waits.filter(({ by }) => by === 'owner').map(({ id, plain }) => html`<form method="post" action="/desk/${owner}/residents/${number}"><input type="hidden" name="step" value="${id}">
<p class="field"><label for="note-${number}-${id}">${plain}: what was seen</label> <input id="note-${number}-${id}" name="note" type="text" maxlength="1000" required></p>
<button name="do" value="confirm" type="submit">Confirm</button> <button name="do" value="deny" type="submit">Do not confirm: ends the request</button></form>`)}
${state === 'ready' ? html`<form method="post" action="/desk/${owner}/residents/${number}"><button name="do" value="make" type="submit">Make the report</button></form>` : null}</section>`;
  })}`;
}

function givenFrom(fields: URLSearchParams): never {
  const one = (name: string, longest: number): string => field(fields, name, longest);
  const [surname, given, birthDate] = [one('surname', 60), one('given', 60), one('birth', 10)];
  return {
    licences: one('licence', 40) === '' ? [] : [one('licence', 40)], plates: one('plate', 20) === '' ? [] : [{ plate: one('plate', 20), types: [] }],
    vins: one('vin', 40) === '' ? [] : [{ vin: one('vin', 40), make: null, year: null }], people: surname === '' ? [] : [{ name: { surname, given, middle: one('middle', 60) }, birthDate }],
  } as never;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
