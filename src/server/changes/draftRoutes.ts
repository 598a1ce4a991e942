import type { FastifyInstance } from 'fastify';
import type { Static } from 'typebox';

import { describe } from '../api/describe.ts';
import type { PeopleDeps } from '../gate/deps.ts';
import { sendProblem } from '../send.ts';
import { answerChange, changeActor, etagOf } from './answer.ts';
import { beginBody, checksSchema, commentBody, commentSchema, doneSchema, draftSchema, draftsSchema, oneParams, ownerParams, saveBody } from './schemas.ts';

type OwnerParams = Static<typeof ownerParams>;
type OneParams = Static<typeof oneParams>;
const base = '/v1/owners/:owner/changes/drafts';
const refused = ['badParameter', 'signInNeeded', 'notPermitted'] as const;
const refusedBody = [...refused, 'badBody', 'bodyTooLarge', 'fieldWrong'] as const;

/** `…/changes/drafts`: begun, saved under their ETag, checked, commented, dropped. */
export function addDraftRoutes(scope: FastifyInstance, { changes }: PeopleDeps): void {
  const listed = describe({
    operationId: 'drafts', tag: 'changes', summary: 'The drafts of an owner', params: ownerParams, description: 'Without their texts, the newest first.',
    ok: { description: 'The drafts.', schema: draftsSchema }, problems: [...refused],
  });
  scope.get<{ Params: OwnerParams }>(base, { schema: listed, config: { action: 'change.read' } }, (request, reply) =>
    answerChange(request, reply, async () => ({ drafts: await changes.drafts(request.params.owner) })));

  const begun = describe({
    operationId: 'beginDraft', tag: 'changes', summary: 'Begin a draft', params: ownerParams, body: beginBody, description: 'From a text, or from the policy in force. Nothing is changed by it.',
    ok: { description: 'The draft.', schema: draftSchema }, problems: [...refusedBody],
  });
  scope.post<{ Params: OwnerParams; Body: Static<typeof beginBody> }>(base, { schema: begun, config: { action: 'change.draft' } }, (request, reply) => answerChange(request, reply, async () => {
    const { title, text = null } = request.body;
    const draft = await changes.begin(request.params.owner, { title, text }, changeActor(request));
    reply.header('etag', `"${draft.etag}"`);
    return draft;
  }));

  const one = describe({
    operationId: 'draft', tag: 'changes', summary: 'One draft', params: oneParams, description: 'With its text, checks and comments. The header ETag is its version.',
    ok: { description: 'The draft.', schema: draftSchema }, problems: [...refused, 'unknownObject'],
  });
  scope.get<{ Params: OneParams }>(`${base}/:id`, { schema: one, config: { action: 'change.read' } }, (request, reply) => answerChange(request, reply, async () => {
    const draft = await changes.draft(request.params.owner, request.params.id);
    if (draft !== null) reply.header('etag', `"${draft.etag}"`);
    return draft;
  }));

  const saved = describe({
    operationId: 'saveDraft', tag: 'changes', summary: 'Save a draft', params: oneParams, body: saveBody,
    description: 'With `If-Match`: the ETag of the draft as it was read. Where somebody saved since, nothing is saved. Checks of an earlier text no longer count.',
    ok: { description: 'The draft as it stands.', schema: draftSchema }, problems: [...refusedBody, 'unknownObject', 'staleVersion'],
  });
  scope.put<{ Params: OneParams; Body: Static<typeof saveBody> }>(`${base}/:id`, { schema: saved, config: { action: 'change.draft' } }, (request, reply) => {
    const etag = etagOf(request);
    if (etag === null) return sendProblem(request, reply, 'staleVersion', { detail: 'Send If-Match with the ETag of the draft as it was read, such as "3".', reasonCode: 'CHANGE_STALE' });
    return answerChange(request, reply, async () => {
      const draft = await changes.save(request.params.owner, request.params.id, { ...request.body, etag }, changeActor(request));
      reply.header('etag', `"${draft.etag}"`);
      return draft;
    });
  });

  const dropped = describe({
    operationId: 'dropDraft', tag: 'changes', summary: 'Drop a draft', params: oneParams, description: 'What was proposed from it stays.',
    ok: { description: 'It is gone.', schema: doneSchema }, problems: [...refused, 'unknownObject', 'stateChanged'],
  });
  scope.delete<{ Params: OneParams }>(`${base}/:id`, { schema: dropped, config: { action: 'change.draft' } }, (request, reply) => answerChange(request, reply, async () => {
    await changes.drop(request.params.owner, request.params.id, changeActor(request));
    return { done: true };
  }));

  const checked = describe({
    operationId: 'checkDraft', tag: 'changes', summary: 'Have a draft checked', params: oneParams,
    description: 'Whether it is sound, whether its claims hold on the registry of today, what it changes against the policy in force, and what it would have done to past requests. The result is kept with the draft. May take seconds.',
    ok: { description: 'The checks.', schema: checksSchema }, problems: [...refused, 'unknownObject', 'stateChanged', 'checksFailed', 'fieldWrong'],
  });
  scope.post<{ Params: OneParams }>(`${base}/:id/check`, { schema: checked, config: { action: 'change.draft' } }, (request, reply) =>
    answerChange(request, reply, () => changes.check(request.params.owner, request.params.id, changeActor(request))));

  const commented = describe({
    operationId: 'commentDraft', tag: 'changes', summary: 'Comment on a draft', params: oneParams, body: commentBody, description: 'On one rule of it, or on the whole.',
    ok: { description: 'The comment.', schema: commentSchema }, problems: [...refusedBody, 'unknownObject'],
  });
  scope.post<{ Params: OneParams; Body: Static<typeof commentBody> }>(`${base}/:id/comments`, { schema: commented, config: { action: 'change.comment' } }, (request, reply) => answerChange(request, reply, () => {
    const { rule = null, text } = request.body;
    return changes.comment(request.params.owner, { draft: request.params.id }, { rule, text }, changeActor(request));
  }));
}
