import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Static } from 'typebox';

import { describe } from '../api/describe.ts';
import type { PeopleDeps } from '../gate/deps.ts';
import { answerDuty, dutyActor, ownerOf, partOf } from './answer.ts';
import {
  agencyDecisionBody, agencyItemParams, agencyParams, beginBody, doneSchema, ownerItemParams, ownerParams, pageQuery, pageSchema, recertificationItemParams, recertificationParams, recertificationSchema, recertificationsSchema,
  userDecisionBody, userReviewSchema, userReviewsSchema, writtenBody,
} from './schemas.ts';

const refused = ['badParameter', 'signInNeeded', 'notPermitted'] as const;
const refusedBody = [...refused, 'badBody', 'fieldWrong', 'unknownObject', 'stateChanged'] as const;

/** Items on one page of a re-certification. */
export const itemsOnPage = 100;

/** `…/user-reviews` of owners and agencies, and `…/recertifications` of owners. */
export function addReviewRoutes(scope: FastifyInstance, people: PeopleDeps): void {
  addUserReviews(scope, people, { base: '/v1/owners/:owner/user-reviews', name: 'owner', params: ownerParams, itemParams: ownerItemParams, read: 'duty.read', act: 'duty.act', scopeOf: (request) => `owner ${ownerOf(request)}` });
  addUserReviews(scope, people, { base: '/v1/agencies/:ori/user-reviews', name: 'agency', params: agencyParams, itemParams: agencyItemParams, read: 'people.agency.read', act: 'people.agency.manage', scopeOf: (request) => `agency ${partOf(request, 'ori')}` });
  addRecertifications(scope, people);
}

interface ReviewPlace {
  readonly base: string;
  readonly name: 'owner' | 'agency';
  readonly params: typeof ownerParams | typeof agencyParams;
  readonly itemParams: typeof ownerItemParams | typeof agencyItemParams;
  readonly read: 'duty.read' | 'people.agency.read';
  readonly act: 'duty.act' | 'people.agency.manage';
  readonly scopeOf: (request: FastifyRequest) => string;
}

function addUserReviews(scope: FastifyInstance, { duties }: PeopleDeps, { base, name, params, itemParams, read, act, scopeOf }: ReviewPlace): void {
  const listed = describe({
    operationId: `${name}UserReviews`, tag: 'duties', summary: `The quarterly reviews of the users of an ${name}`, params, description: 'The newest first, each with one item for each role of each account.', ok: { description: 'The reviews.', schema: userReviewsSchema }, problems: [...refused],
  });
  scope.get(base, { schema: listed, config: { action: read } }, (request, reply) => answerDuty(request, reply, async () => ({ reviews: await duties.userReviews(scopeOf(request)) })));

  const decide = describe({
    operationId: `${name}ReviewUser`, tag: 'duties', summary: 'Keep or remove a role of a user', params: itemParams, body: userDecisionBody, description: 'With a reason. Nobody reviews their own roles, by any account. What is removed ends at once.',
    ok: { description: 'The review.', schema: userReviewSchema }, problems: [...refusedBody, 'ownWork', ...(act === 'people.agency.manage' ? ['freshSignInNeeded' as const] : [])],
  });
  scope.post<{ Body: Static<typeof userDecisionBody> }>(`${base}/:review/items/:item`, { schema: decide, config: { action: act } }, (request, reply) =>
    answerDuty(request, reply, () => duties.reviewUser(scopeOf(request), partOf(request, 'review'), partOf(request, 'item'), request.body, dutyActor(request))));
}

function addRecertifications(scope: FastifyInstance, { duties }: PeopleDeps): void {
  const base = '/v1/owners/:owner/recertifications';
  const listed = describe({
    operationId: 'recertifications', tag: 'duties', summary: 'The yearly re-certifications of agencies', params: ownerParams, description: 'The newest first, each with its first hundred items.', ok: { description: 'The re-certifications.', schema: recertificationsSchema }, problems: [...refused],
  });
  scope.get(base, { schema: listed, config: { action: 'duty.read' } }, (request, reply) => answerDuty(request, reply, async () => ({ recertifications: await duties.recertifications(ownerOf(request)) })));

  const begin = describe({
    operationId: 'beginRecertification', tag: 'duties', summary: 'Begin the re-certification of a year', params: ownerParams, body: beginBody, description: 'One item for each agency that can ask, with what it got in the year.',
    ok: { description: 'The re-certification.', schema: recertificationSchema }, problems: [...refused, 'badBody', 'fieldWrong', 'stateChanged'],
  });
  scope.post<{ Body: Static<typeof beginBody> }>(base, { schema: begin, config: { action: 'duty.act' } }, (request, reply) =>
    answerDuty(request, reply, () => duties.beginRecertification(ownerOf(request), request.body, dutyActor(request))));

  const page = describe({
    operationId: 'recertificationItems', tag: 'duties', summary: 'Items of a re-certification, by page', params: recertificationParams, querystring: pageQuery, description: 'In the order of the organisations\' ids. `open=true`: only those that nobody decided.',
    ok: { description: 'A page.', schema: pageSchema }, problems: [...refused, 'unknownObject'],
  });
  scope.get<{ Querystring: Static<typeof pageQuery> }>(`${base}/:id/items`, { schema: page, config: { action: 'duty.read' } }, (request, reply) =>
    answerDuty(request, reply, () => duties.recertificationPage(ownerOf(request), partOf(request, 'id'), { after: request.query.after ?? null, limit: itemsOnPage, open: request.query.open === 'true' })));

  const decide = describe({
    operationId: 'recertify', tag: 'duties', summary: 'Keep, reduce or remove an agency', params: recertificationItemParams, body: agencyDecisionBody, description: 'With a reason. The policy is not changed by it: what is reduced or removed stands due, with the sentence to add.',
    ok: { description: 'The re-certification.', schema: recertificationSchema }, problems: [...refusedBody],
  });
  scope.post<{ Body: Static<typeof agencyDecisionBody> }>(`${base}/:id/items/:item`, { schema: decide, config: { action: 'duty.act' } }, (request, reply) =>
    answerDuty(request, reply, () => duties.recertify(ownerOf(request), partOf(request, 'id'), partOf(request, 'item'), request.body, dutyActor(request))));

  const written = describe({
    operationId: 'policyWritten', tag: 'duties', summary: 'Say which version of the policy has it', params: recertificationItemParams, body: writtenBody, description: 'A version that was activated after the decision. It is not due any more.',
    ok: { description: 'Done.', schema: doneSchema }, problems: [...refusedBody],
  });
  scope.post<{ Body: Static<typeof writtenBody> }>(`${base}/:id/items/:item/written`, { schema: written, config: { action: 'duty.act' } }, (request, reply) => answerDuty(request, reply, async () => {
    await duties.policyWritten(ownerOf(request), partOf(request, 'id'), partOf(request, 'item'), request.body, dutyActor(request));
    return { done: true };
  }));
}
