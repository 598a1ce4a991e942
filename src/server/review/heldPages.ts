import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import type { HeldState, Opened, Review } from '../../review/types.ts';
import { shownAgainWords } from '../gate/kept.ts';
import { sendPage } from '../pages/desk.ts';
import { field, fieldsOf, takeForms } from '../pages/forms.ts';
import type { Site } from '../pages/layout.ts';
import { problems } from '../problems.ts';
import type { Refusal } from '../refusals.ts';
import { checkChosen, decisionOf, emptyFilled, fieldMeant, type Filled } from './decideForms.ts';
import { faultOf, sendFaultPage } from './faults.ts';
import { paperOf, sendPaper } from './heldRoutes.ts';
import { inboxPage } from './inboxPage.ts';
import { itemPage } from './itemPage.ts';
import { addRotaPages } from './rotaPage.ts';
import { mayHere, reviewerOf } from './who.ts';
import { stateWords } from './words.ts';

interface Place {
  readonly owner: string;
  readonly ticket: string;
}
type PlaceRequest = { Params: Place };

/** `/desk/:owner/held…`: the pages of a reviewer. None has a script, and none reloads by itself. */
export function addHeldPages(app: FastifyInstance, review: Review, site: Site): void {
  void app.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    takeForms(scope);
    scope.get<{ Params: { readonly owner: string } }>('/desk/:owner/held', { config: { action: 'held.read' }, exposeHeadRoute: false }, (request, reply) => inbox(review, site, request, reply));
    addRotaPages(scope, review, site);
    scope.get<PlaceRequest>('/desk/:owner/held/:ticket', { config: { action: 'held.read' }, exposeHeadRoute: false }, (request, reply) => show(review, site, request, reply));
    scope.post<PlaceRequest>('/desk/:owner/held/:ticket/opening', { config: { action: 'held.open' } }, (request, reply) => guarded(site, request, reply, async () => {
      const { owner, ticket } = placeOf(request);
      return await show(review, site, request, reply, { opened: await review.open(owner, ticket, reviewerOf(request)) });
    }));
    scope.get<PlaceRequest>('/desk/:owner/held/:ticket/papers/:paper', { config: { action: 'held.open' }, exposeHeadRoute: false }, (request, reply) => guarded(site, request, reply, async () => sendPaper(reply, request.params as never, await paperOf(review, request))));
    addForms(scope, review, site);
    done();
  });
}

function addForms(scope: FastifyInstance, review: Review, site: Site): void {
  const config = { action: 'held.decide', keeps: true } as const;
  scope.post<PlaceRequest>('/desk/:owner/held/:ticket/decision', { config }, (request, reply) => {
    const { decide, filled } = decisionOf(fieldsOf(request));
    return act(review, site, request, reply, filled, async ({ owner, ticket }) => {
      checkChosen(filled);
      await review.decide(owner, ticket, decide, reviewerOf(request));
    });
  });
  scope.post<PlaceRequest>('/desk/:owner/held/:ticket/questions', { config }, (request, reply) => {
    const text = field(fieldsOf(request), 'text', 4_000);
    return act(review, site, request, reply, { ...emptyFilled, form: 'question', note: text }, ({ owner, ticket }) => review.ask(owner, ticket, text, reviewerOf(request)));
  });
  scope.post<PlaceRequest>('/desk/:owner/held/:ticket/escalation', { config }, (request, reply) => {
    const note = field(fieldsOf(request), 'note', 4_000);
    return act(review, site, request, reply, { ...emptyFilled, form: 'escalation', note }, ({ owner, ticket }) => review.escalate(owner, ticket, note, reviewerOf(request)));
  });
}

const pageSize = 50;

function inbox(review: Review, site: Site, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  return guarded(site, request, reply, async () => {
    const { owner } = placeOf(request);
    const query = request.query as Readonly<Record<string, unknown>>;
    const asked = (name: string, pattern: RegExp): string | null => (typeof query[name] === 'string' && pattern.test(query[name]) ? query[name] : null);
    const state = asked('state', /^[a-z]+$/);
    const filter = {
      desk: asked('desk', /^[A-Za-z0-9][A-Za-z0-9 ._-]{0,59}$/), state: state !== null && Object.hasOwn(stateWords, state) ? (state as HeldState) : null, all: query['all'] === 'yes', after: asked('after', ticketPattern),
    };
    const { desk, after, all } = filter;
    const held = await review.list(owner, { limit: pageSize, ...(desk === null ? {} : { desk }), ...(filter.state === null ? {} : { state: filter.state }), ...(all ? { all } : {}), ...(after === null ? {} : { after }) }, reviewerOf(request));
    return sendPage(reply, inboxPage(site, request, owner, filter, held, held.length === pageSize, Date.now()));
  });
}

/** Does what a form asks for and goes back to the page; what was refused is said above the form, with what was filled in. A form that comes back from a sign-in is only shown. */
async function act(review: Review, site: Site, request: FastifyRequest, reply: FastifyReply, filled: Filled, work: (place: Place) => Promise<unknown>): Promise<FastifyReply> {
  const place = placeOf(request);
  if (request.shownAgain) return await show(review, site, request, reply, { filled });
  try {
    await work(place);
    return await reply.code(303).header('location', `/desk/${place.owner}/held/${place.ticket}`).send();
  } catch (error) {
    const fault = faultOf(error);
    if (fault === null) throw error;
    if (fault.name === 'unknownObject' || fault.name === 'notRecorded') return sendFaultPage(site, request, reply, fault, back(place));
    return await show(review, site, request, reply, { fault, filled });
  }
}

function show(review: Review, site: Site, request: FastifyRequest, reply: FastifyReply, { opened = null, fault = null, filled = emptyFilled }: { readonly opened?: Opened | null; readonly fault?: Refusal | null; readonly filled?: Filled } = {}): Promise<FastifyReply> {
  return guarded(site, request, reply, async () => {
    const place = placeOf(request);
    const item = ticketPattern.test(place.ticket) ? await review.detail(place.owner, place.ticket, reviewerOf(request)) : null;
    if (item === null) return sendFaultPage(site, request, reply, { name: 'unknownObject', extras: { reasonCode: 'HELD_UNKNOWN' } }, back(place));
    if (fault !== null) {
      request.server.countProblem(fault.name);
      void reply.code(problems[fault.name].status);
    }
    const text = fault === null ? (request.shownAgain ? shownAgainWords : null) : (fault.extras.detail ?? problems[fault.name].mend);
    return sendPage(reply, itemPage(site, request, { item, opened, fault: text, at: fault?.name === 'fieldWrong' ? fieldMeant(filled) : null, filled, mayOpen: mayHere(request, 'held.open'), mayDecide: mayHere(request, 'held.decide'), now: Date.now() }));
  });
}

/** What is known to go wrong becomes a page. */
export async function guarded(site: Site, request: FastifyRequest, reply: FastifyReply, work: () => Promise<FastifyReply>): Promise<FastifyReply> {
  try {
    return await work();
  } catch (error) {
    const fault = faultOf(error);
    if (fault === null) throw error;
    return sendFaultPage(site, request, reply, fault, back(placeOf(request)));
  }
}

const ticketPattern = /^[A-Z]{2}(?:-[0-9A-HJKMNP-TV-Z]{4}){4}$/;

function placeOf(request: FastifyRequest): Place {
  const { owner, ticket = '' } = request.params as { readonly owner: string; readonly ticket?: string };
  return { owner: owner.toUpperCase(), ticket };
}

function back({ owner }: Place): readonly [string, string] {
  return [`/desk/${owner}/held`, 'All held requests'];
}
