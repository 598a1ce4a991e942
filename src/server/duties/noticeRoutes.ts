import type { FastifyInstance } from 'fastify';
import type { Static } from 'typebox';

import { describe } from '../api/describe.ts';
import type { PeopleDeps } from '../gate/deps.ts';
import { answerDuty, dutyActor, ownerOf, partOf } from './answer.ts';
import { delayBody, dueSchema, noticeParams, noticeSchema, noticesQuery, noticesSchema, openedSchema, ownerParams, sentBody } from './schemas.ts';

const refused = ['badParameter', 'signInNeeded', 'notPermitted'] as const;
const refusedBody = [...refused, 'badBody', 'fieldWrong', 'unknownObject', 'stateChanged'] as const;

/** `…/duties` and `…/notices`: what is due; to whom a notice goes; that it was sent, or is delayed by law. */
export function addNoticeRoutes(scope: FastifyInstance, { duties }: PeopleDeps): void {
  const due = describe({
    operationId: 'ownerDuties', tag: 'duties', summary: 'What an owner owes, by when', params: ownerParams, description: 'Notices, reviews, re-certifications and what is to be written into the policy, the earliest first. Names no resident.',
    ok: { description: 'What is due.', schema: dueSchema }, problems: [...refused],
  });
  scope.get('/v1/owners/:owner/duties', { schema: due, config: { action: 'duty.read' } }, (request, reply) =>
    answerDuty(request, reply, async () => ({ due: await duties.due({ owner: ownerOf(request) }, Date.now()) })));

  const listed = describe({
    operationId: 'notices', tag: 'duties', summary: 'The notices of an owner', params: ownerParams, querystring: noticesQuery, description: 'What a rule of its policy says that somebody must be told of. At most 5,000, by when they are due; names nobody.',
    ok: { description: 'The notices.', schema: noticesSchema }, problems: [...refused],
  });
  scope.get<{ Querystring: Static<typeof noticesQuery> }>('/v1/owners/:owner/notices', { schema: listed, config: { action: 'duty.read' } }, (request, reply) =>
    answerDuty(request, reply, async () => ({ notices: await duties.notices(ownerOf(request), request.query.state === undefined ? null : [request.query.state]) })));

  const opening = describe({
    operationId: 'openNotice', tag: 'duties', summary: 'Open to whom a notice goes, and its letter', params: noticeParams, description: 'In the ledger before anything is shown. The letter is in English and Spanish.',
    ok: { description: 'Name, address and letter. Both null where the owner\'s records do not say.', schema: openedSchema }, problems: [...refused, 'unknownObject', 'stateChanged', 'notRecorded', 'recordsDown'],
  });
  scope.post('/v1/owners/:owner/notices/:id/opening', { schema: opening, config: { action: 'notice.open' } }, (request, reply) =>
    answerDuty(request, reply, () => duties.openNotice(ownerOf(request), partOf(request, 'id'), dutyActor(request))));

  const sent = describe({
    operationId: 'noticeSent', tag: 'duties', summary: 'Note that a notice was sent', params: noticeParams, body: sentBody, description: 'With what proves it. The hash of the letter that was opened goes into the anchor log.',
    ok: { description: 'The notice.', schema: noticeSchema }, problems: [...refusedBody],
  });
  scope.post<{ Body: Static<typeof sentBody> }>('/v1/owners/:owner/notices/:id/sent', { schema: sent, config: { action: 'duty.act' } }, (request, reply) =>
    answerDuty(request, reply, () => duties.noticeSent(ownerOf(request), partOf(request, 'id'), request.body, dutyActor(request))));

  const delay = describe({
    operationId: 'delayNotice', tag: 'duties', summary: 'Delay a notice by law', params: noticeParams, body: delayBody, description: 'On an order, until a moment within 366 days. It ends by itself, and the notice is due again within the time of its rule.',
    ok: { description: 'The notice.', schema: noticeSchema }, problems: [...refusedBody],
  });
  scope.post<{ Body: Static<typeof delayBody> }>('/v1/owners/:owner/notices/:id/delay', { schema: delay, config: { action: 'duty.act' } }, (request, reply) =>
    answerDuty(request, reply, () => duties.delayNotice(ownerOf(request), partOf(request, 'id'), request.body, dutyActor(request))));
}
