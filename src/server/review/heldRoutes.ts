import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Type, type Static } from 'typebox';

import type { Decide, NewDelegation, Review, Rota } from '../../review/types.ts';
import { describe } from '../api/describe.ts';
import { takeJson } from './body.ts';
import { answerHeld } from './faults.ts';
import {
  decisionBody, delegationBody, delegationParams, delegationSchema, delegationsQuery, delegationsSchema, doneSchema, escalationBody, heldDetailSchema, heldItemSchema, heldListSchema, heldParams, listQuery, openedSchema, ownerParams, paperParams, questionBody, questionSchema, rotaSchema,
} from './schemas.ts';
import { keeperOf, reviewerOf } from './who.ts';

type OwnerRequest = { Params: Static<typeof ownerParams> };
type HeldRequest<B = unknown> = { Params: Static<typeof heldParams>; Body: B };
const reading = ['badParameter', 'signInNeeded', 'notPermitted', 'notRecorded'] as const;
const acting = [...reading, 'badBody', 'unknownObject', 'stateChanged', 'ownWork', 'fieldWrong'] as const;

/** `/v1/owners/:owner/held…`: the inbox of an owner, for the programs of its reviewers. A person works at `/desk/:owner/held`. */
export function addHeldRoutes(app: FastifyInstance, review: Review): void {
  void app.register((scope, _options, done) => {
    takeJson(scope);
    addReadings(scope, review);
    addDecisions(scope, review);
    addRota(scope, review);
    addDeputies(scope, review);
    done();
  });
}

function addReadings(scope: FastifyInstance, review: Review): void {
  scope.get<OwnerRequest & { Querystring: Static<typeof listQuery> }>('/v1/owners/:owner/held', {
    config: { action: 'held.read' }, exposeHeadRoute: false,
    schema: describe({
      operationId: 'listHeld', tag: 'review', summary: 'The inbox of held requests', params: ownerParams, querystring: listQuery,
      description: 'By the hour of the deadline, then by harm, then by the deadline. Nothing here is the resident\'s. The reading is on the record.', ok: { description: 'The requests.', schema: heldListSchema }, problems: [...reading, 'fieldWrong'],
    }),
  }, (request, reply) => answerHeld(request, reply, async () => {
    const { owner, reviewer } = of(request);
    const { desk, state, all, limit = '50', after } = request.query;
    const most = Math.min(Number(limit), 200);
    const held = await review.list(owner, { limit: most, ...(desk === undefined ? {} : { desk }), ...(state === undefined ? {} : { state }), ...(all === 'yes' ? { all: true } : {}), ...(after === undefined ? {} : { after }) }, reviewer);
    return { owner, held, next: held.length < most ? null : (held.at(-1)?.ticket ?? null) };
  }));

  scope.get<HeldRequest>('/v1/owners/:owner/held/:ticket', {
    config: { action: 'held.read' }, exposeHeadRoute: false,
    schema: describe({
      operationId: 'readHeld', tag: 'review', summary: 'One held request', params: heldParams, description: 'All that a reviewer needs to decide, but for the resident\'s data. The reading is on the record.',
      ok: { description: 'The request.', schema: heldDetailSchema }, problems: [...reading, 'unknownObject'],
    }),
  }, (request, reply) => answerHeld(request, reply, () => review.detail(of(request).owner, request.params.ticket, of(request).reviewer)));

  scope.post<HeldRequest>('/v1/owners/:owner/held/:ticket/opening', {
    config: { action: 'held.open' },
    schema: describe({
      operationId: 'openHeld', tag: 'review', summary: 'Open the resident\'s data', params: heldParams, description: 'Whom the request is about, and who asks. The opening is on the record before anything is given.',
      ok: { description: 'The data.', schema: openedSchema }, problems: [...acting],
    }),
  }, (request, reply) => answerHeld(request, reply, () => review.open(of(request).owner, request.params.ticket, of(request).reviewer)));

  scope.get<{ Params: Static<typeof paperParams> }>('/v1/owners/:owner/held/:ticket/papers/:paper', {
    config: { action: 'held.open' }, exposeHeadRoute: false,
    schema: describe({
      operationId: 'readHeldPaper', tag: 'review', summary: 'A paper that was handed in', params: paperParams, description: 'The PDF as it came, to be saved: it was never opened here. The reading is on the record.',
      ok: { description: 'The paper.', schema: Type.String(), type: 'application/pdf' }, problems: [...reading, 'unknownObject'],
    }),
  }, (request, reply) => answerHeld(request, reply, () => paperOf(review, request), (bytes) => sendPaper(reply, request.params, bytes)));
}

function addDecisions(scope: FastifyInstance, review: Review): void {
  scope.post<HeldRequest<Decide>>('/v1/owners/:owner/held/:ticket/decision', {
    config: { action: 'held.decide' },
    schema: describe({
      operationId: 'decideHeld', tag: 'review', summary: 'Decide a held request', params: heldParams, body: decisionBody,
      description: 'Once, whoever is first: a reviewer or the clock. Nobody decides on a request of their own agency or about themselves.', ok: { description: 'The request as it is now.', schema: heldItemSchema }, problems: [...acting, 'ruleForbids', 'recordsDown'],
    }),
  }, (request, reply) => answerHeld(request, reply, () => review.decide(of(request).owner, request.params.ticket, request.body, of(request).reviewer)));

  scope.post<HeldRequest<Static<typeof questionBody>>>('/v1/owners/:owner/held/:ticket/questions', {
    config: { action: 'held.decide' },
    schema: describe({
      operationId: 'askMore', tag: 'review', summary: 'Put a question back', params: heldParams, body: questionBody, description: 'The asker sees it with the ticket. The clock goes on.',
      ok: { description: 'The question.', schema: questionSchema }, problems: [...acting],
    }),
  }, (request, reply) => answerHeld(request, reply, () => review.ask(of(request).owner, request.params.ticket, request.body.text, of(request).reviewer)));

  scope.post<HeldRequest<Static<typeof escalationBody>>>('/v1/owners/:owner/held/:ticket/escalation', {
    config: { action: 'held.decide' },
    schema: describe({
      operationId: 'escalateHeld', tag: 'review', summary: 'Escalate a held request', params: heldParams, body: escalationBody, description: 'It then lies with the reviewers of all desks. The clock goes on.',
      ok: { description: 'The request as it is now.', schema: heldItemSchema }, problems: [...acting],
    }),
  }, (request, reply) => answerHeld(request, reply, () => review.escalate(of(request).owner, request.params.ticket, request.body.note, of(request).reviewer)));
}

function addRota(scope: FastifyInstance, review: Review): void {
  scope.get<OwnerRequest>('/v1/owners/:owner/held/rota', {
    config: { action: 'held.read' },
    schema: describe({ operationId: 'readRota', tag: 'review', summary: 'Who is on duty', params: ownerParams, description: 'Outside all spans of a desk its requests are everybody\'s of the desk.', ok: { description: 'The rota.', schema: rotaSchema }, problems: [...reading] }),
  }, (request, reply) => answerHeld(request, reply, () => review.rota(of(request).owner)));

  scope.put<OwnerRequest & { Body: Rota }>('/v1/owners/:owner/held/rota', {
    config: { action: 'held.manage' },
    schema: describe({
      operationId: 'setRota', tag: 'review', summary: 'Set who is on duty', params: ownerParams, body: rotaSchema, description: 'Replaces the whole rota.', ok: { description: 'The rota.', schema: rotaSchema }, problems: [...reading, 'badBody', 'fieldWrong'],
    }),
  }, (request, reply) => answerHeld(request, reply, async () => {
    const { owner } = of(request);
    await review.setRota(owner, request.body, keeperOf(request));
    return await review.rota(owner);
  }));
}

function addDeputies(scope: FastifyInstance, review: Review): void {
  scope.get<OwnerRequest & { Querystring: Static<typeof delegationsQuery> }>('/v1/owners/:owner/held/deputies', {
    config: { action: 'held.read' },
    schema: describe({
      operationId: 'listHeldDeputies', tag: 'review', summary: 'Who stands in for whom', params: ownerParams, querystring: delegationsQuery,
      description: 'With since when, until when, and who said so. A delegation holds while who is stood in for decides at that desk by their own role: a deputy\'s deputy is none.', ok: { description: 'The delegations.', schema: delegationsSchema }, problems: [...reading],
    }),
  }, (request, reply) => answerHeld(request, reply, async () => ({ owner: of(request).owner, deputies: await review.deputies(of(request).owner, { ended: request.query.ended === 'yes' }) })));

  scope.post<OwnerRequest & { Body: Static<typeof delegationBody> }>('/v1/owners/:owner/held/deputies', {
    config: { action: 'held.manage' },
    schema: describe({
      operationId: 'nameHeldDeputy', tag: 'review', summary: 'Name a deputy', params: ownerParams, body: delegationBody, description: 'A reviewer names their own; an official may for somebody who is away, and never themself. For at most 92 days.',
      ok: { description: 'The delegation.', schema: delegationSchema }, problems: [...reading, 'badBody', 'fieldWrong'],
    }),
  }, (request, reply) => answerHeld(request, reply, () => review.delegate(of(request).owner, { ...request.body, from: request.body.from ?? null } as NewDelegation, keeperOf(request))));

  scope.post<{ Params: Static<typeof delegationParams> }>('/v1/owners/:owner/held/deputies/:delegation/ending', {
    config: { action: 'held.manage' },
    schema: describe({
      operationId: 'endHeldDeputy', tag: 'review', summary: 'End a deputy\'s time', params: delegationParams, description: 'At once. By who gave it, who is stood in for, who stands in, or an official of the owner.',
      ok: { description: 'It is ended.', schema: doneSchema }, problems: [...reading, 'unknownObject', 'stateChanged'],
    }),
  }, (request, reply) => answerHeld(request, reply, async () => {
    await review.endDelegation(of(request).owner, request.params.delegation, keeperOf(request));
    return { done: true };
  }));
}

/** The bytes of a paper of the address. */
export async function paperOf(review: Review, request: FastifyRequest): Promise<Uint8Array> {
  const { ticket, paper } = request.params as Static<typeof paperParams>;
  const { owner, reviewer } = of(request);
  return await review.paper(owner, ticket, paper, reviewer);
}

/** A paper is saved, never shown in place: whoever sent it controls every byte of it. */
export function sendPaper(reply: FastifyReply, { ticket, paper }: { readonly ticket: string; readonly paper: string }, bytes: Uint8Array): FastifyReply {
  return reply.headers({
    'content-type': 'application/pdf', 'content-disposition': `attachment; filename="${ticket}-${paper}.pdf"`, 'content-security-policy': "default-src 'none'; sandbox", 'x-content-type-options': 'nosniff', 'x-download-options': 'noopen',
  }).send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
}

function of(request: FastifyRequest): { readonly owner: string; readonly reviewer: ReturnType<typeof reviewerOf> } {
  return { owner: (request.params as { readonly owner: string }).owner.toUpperCase(), reviewer: reviewerOf(request) };
}
