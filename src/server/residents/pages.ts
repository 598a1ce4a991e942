import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import type { Html } from '../../drawing/html.ts';
import { ResidentError, type ResidentErrorCode, type ResidentRequest } from '../../residents/index.ts';
import { isJurisdiction } from '../../vocabulary/index.ts';
import { actorOf } from '../gate/actor.ts';
import type { PeopleDeps } from '../gate/deps.ts';
import { deskPage, sendPage } from '../pages/desk.ts';
import { field, fieldsOf, takeForms } from '../pages/forms.ts';
import { page, type Site } from '../pages/layout.ts';
import type { ServerDeps } from '../deps.ts';
import { askPage, madePage, nameOf, requestParts, type Told, type Typed } from './askPages.ts';
import { listPage, openedPage } from './deskPages.ts';

/** `/residents`: a resident asks who looked them up, and reads the report; `/desk/:owner/residents`: the office's side. Secrets go in forms, never in an address. */
export function addResidentPages(app: FastifyInstance, deps: ServerDeps, people: PeopleDeps, site: Site): void {
  void app.register((scope, _options, done) => {
    takeForms(scope);
    addAskPages(scope, deps, people, site);
    addDeskPages(scope, people, site);
    done();
  });
}

function addAskPages(scope: FastifyInstance, deps: ServerDeps, { residents }: PeopleDeps, site: Site): void {
  const ask = (reply: FastifyReply, typed: Typed, told: Told | null): FastifyReply => sendPage(reply, page(site, 'Who looked me up?', '/residents', askPage(deps.policies.owners.filter(isJurisdiction), typed, told, Date.now())));
  const show = (reply: FastifyReply, content: Html): FastifyReply => sendPage(reply, page(site, 'Your request', '/residents', content));
  const showOwn = async (reply: FastifyReply, found: ResidentRequest, secret: string, told: Told | null): Promise<FastifyReply> => show(reply, requestParts(found, secret, told, Date.now(), await residents.history(found.number, secret)));

  scope.get('/residents', { config: { action: 'resident.ask' } }, (_request, reply) => ask(reply, () => '', null));

  scope.post('/residents', { config: { action: 'resident.ask' } }, (request, reply) => {
    const fields = fieldsOf(request);
    return orTold(reply, async () => {
      const { request: made, secret } = await residents.ask(field(fields, 'owner', 2), givenFrom(fields), { from: field(fields, 'from', 10), to: field(fields, 'to', 10) }, field(fields, 'contact', 500) || null);
      return show(reply, madePage(made, secret, Date.now()));
    }, (error) => ask(reply, typedIn(fields), { text: sentenceOf(error), at: error.code === 'RESIDENT_FIELD' ? (/period/.test(error.message) ? 'from' : /owner/.test(error.message) ? 'owner' : /birth/.test(error.message) ? 'birth' : 'what') : null }));
  });

  scope.post('/residents/request', { config: { action: 'resident.own' } }, (request, reply) => {
    const fields = fieldsOf(request);
    const [number, secret, step] = [field(fields, 'number', 20).toUpperCase(), field(fields, 'secret', 100), field(fields, 'step', 40)];
    return orTold(reply, async () => showOwn(reply, step === '' ? await residents.own(number, secret) : await residents.doStep(number, secret, step, field(fields, 'answer', 500)), secret, null), async (error) => {
      // A step that was not taken is told where the request stands; without a request there is only the form.
      const found = step === '' || error.code === 'RESIDENT_UNKNOWN' || error.code === 'RESIDENT_MANY' ? null : await residents.own(number, secret).catch(() => null);
      return found === null ? ask(reply, typedIn(fields), { text: sentenceOf(error), at: 'number' }) : showOwn(reply, found, secret, { text: sentenceOf(error), at: found.steps.some(({ id, by }) => id === step && by === 'resident') ? `answer-${step}` : null });
    });
  });

  scope.post('/residents/report', { config: { action: 'resident.own' } }, (request, reply) => {
    const fields = fieldsOf(request);
    const form = field(fields, 'form', 10);
    return orTold(reply, async () => {
      const made = await residents.report(field(fields, 'number', 20).toUpperCase(), field(fields, 'secret', 100), form === 'json' || form === 'letter' ? form : 'page');
      if (form === 'json' || form === 'letter') return reply.header('content-type', made.contentType).header('content-disposition', `attachment; filename="${made.fileName}"`).send(Buffer.from(made.body));
      const text = Buffer.from(made.body).toString('utf8');
      return sendPage(reply, site.demonstration ? text.replace('<body>', '<body>\n<aside class="banner" aria-label="Demonstration"><strong>Demonstration.</strong> All people, vehicles and agencies here are invented.</aside>') : text);
    }, (error) => ask(reply, typedIn(fields), { text: sentenceOf(error), at: 'number' }));
  });
}

function addDeskPages(scope: FastifyInstance, { residents }: PeopleDeps, site: Site): void {
  type OwnerRequest = { Params: { readonly owner: string } };
  const show = async (request: FastifyRequest, reply: FastifyReply, fault: string | null, typed: Typed): Promise<FastifyReply> => {
    const owner = ownerOf(request);
    return sendPage(reply, deskPage(site, request, `Requests of residents of ${nameOf(owner)}`, listPage(owner, await residents.list(owner), fault, typed, Date.now())));
  };
  scope.get<OwnerRequest>('/desk/:owner/residents', { config: { action: 'resident.manage' } }, (request, reply) => show(request, reply, null, () => ''));

  scope.post<{ Params: { readonly owner: string; readonly number: string } }>('/desk/:owner/residents/:number', { config: { action: 'resident.manage' } }, (request, reply) => {
    const [owner, { number }, fields] = [ownerOf(request), request.params, fieldsOf(request)];
    const act = field(fields, 'do', 20);
    return orTold(reply, async () => {
      // What is personal is in the answer to the form, and at no address that could be opened again unrecorded.
      if (act === 'open') return sendPage(reply, deskPage(site, request, `What was given with request ${number}`, openedPage(owner, number, await residents.open(owner, number, actorOf(request)))));
      if (act === 'make') await residents.make(owner, number, actorOf(request));
      else if (act === 'confirm' || act === 'deny') await residents.confirmStep(owner, number, field(fields, 'step', 40), { confirmed: act === 'confirm', note: field(fields, 'note', 1_000) }, actorOf(request));
      else throw new ResidentError('RESIDENT_FIELD', 'what you decide was not chosen', 'Choose one of the answers.');
      return await reply.code(303).header('location', `/desk/${owner}/residents`).send();
    }, (error) => show(request, reply, sentenceOf(error), (name) => (name === 'number' ? number : typedIn(fields)(name))));
  });
}

const statuses: Readonly<Record<ResidentErrorCode, number>> = { RESIDENT_UNKNOWN: 404, RESIDENT_STATE: 409, RESIDENT_FIELD: 422, RESIDENT_PROOF: 422, RESIDENT_MANY: 429, RESIDENT_LEDGER: 503 };

/** Does the work of a form; what is refused is told on the page that the form was on. */
async function orTold(reply: FastifyReply, work: () => Promise<FastifyReply>, tell: (error: ResidentError) => FastifyReply | Promise<FastifyReply>): Promise<FastifyReply> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ResidentError)) throw error;
    reply.code(statuses[error.code]);
    if (error.code === 'RESIDENT_MANY') reply.header('retry-after', '3600');
    return tell(error);
  }
}

function ownerOf(request: FastifyRequest): string {
  return (request.params as { readonly owner: string }).owner.toUpperCase();
}

function typedIn(fields: URLSearchParams): Typed {
  return (name) => field(fields, name, 1_000);
}

function givenFrom(fields: URLSearchParams): never {
  const one = (name: string, longest: number): string => field(fields, name, longest);
  const [surname, given, birthDate] = [one('surname', 60), one('given', 60), one('birth', 10)];
  return {
    licences: one('licence', 40) === '' ? [] : [one('licence', 40)], plates: one('plate', 20) === '' ? [] : [{ plate: one('plate', 20), types: [] }],
    vins: one('vin', 40) === '' ? [] : [{ vin: one('vin', 40), make: null, year: null }], people: surname === '' ? [] : [{ name: { surname, given, middle: one('middle', 60) }, birthDate }],
  } as never;
}

function sentenceOf({ message, mend }: ResidentError): string {
  return `${message.charAt(0).toUpperCase()}${message.slice(1)}. ${mend}`;
}
