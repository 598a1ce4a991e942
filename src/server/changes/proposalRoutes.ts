import type { FastifyInstance } from 'fastify';
import type { Static } from 'typebox';

import type { ChangeActor, Changes, ProposalState, ProposalView } from '../../approvals/types.ts';
import { describe } from '../api/describe.ts';
import type { PeopleDeps } from '../gate/deps.ts';
import { sendProblem } from '../send.ts';
import { answerChange, changeActor } from './answer.ts';
import { allStates, commentBody, commentSchema, decisionBody, emergencyBody, oneParams, ownerParams, proposalSchema, proposalsQuery, proposalsSchema, proposeBody, withdrawalBody } from './schemas.ts';

type OwnerParams = Static<typeof ownerParams>;
type OneParams = Static<typeof oneParams>;
const base = '/v1/owners/:owner/changes/proposals';
const refused = ['badParameter', 'signInNeeded', 'notPermitted'] as const;
const refusedBody = [...refused, 'badBody', 'bodyTooLarge', 'fieldWrong'] as const;

/** `…/changes/proposals` and `…/changes/emergency`: made, read, decided by others, withdrawn. */
export function addProposalRoutes(scope: FastifyInstance, { changes }: PeopleDeps): void {
  const made = describe({
    operationId: 'propose', tag: 'changes', summary: 'Propose a change', params: ownerParams, body: proposeBody,
    description: '`policy`: a draft that was checked as it stands. `rule`: another rule of approval. `stepBack`: the version before the one in force, as a version of its own. The text is frozen, and bound to its hash.',
    ok: { description: 'The proposal.', schema: proposalSchema }, problems: [...refusedBody, 'unknownObject', 'staleVersion', 'stateChanged', 'checksFailed'],
  });
  scope.post<{ Params: OwnerParams; Body: Static<typeof proposeBody> }>(base, { schema: made, config: { action: 'change.propose' } }, (request, reply) =>
    answerChange(request, reply, () => propose(changes, request.params.owner, request.body, changeActor(request))));

  const emergency = describe({
    operationId: 'emergencyChange', tag: 'changes', summary: 'Put a change in force at once', params: ownerParams, body: emergencyBody,
    description: 'By one person, until so many hours have passed; then what stood before is in force again by itself. It raises a notice, and needs a sign-in of the last five minutes.',
    ok: { description: 'The change.', schema: proposalSchema }, problems: [...refusedBody, 'freshSignInNeeded', 'stateChanged', 'checksFailed'],
  });
  scope.post<{ Params: OwnerParams; Body: Static<typeof emergencyBody> }>('/v1/owners/:owner/changes/emergency', { schema: emergency, config: { action: 'change.emergency' } }, (request, reply) =>
    answerChange(request, reply, () => changes.emergency(request.params.owner, request.body, changeActor(request))));

  const listed = describe({
    operationId: 'proposals', tag: 'changes', summary: 'The proposals of an owner', params: ownerParams, querystring: proposalsQuery, description: 'Without their texts, the newest first.',
    ok: { description: 'The proposals.', schema: proposalsSchema }, problems: [...refused],
  });
  scope.get<{ Params: OwnerParams; Querystring: Static<typeof proposalsQuery> }>(base, { schema: listed, config: { action: 'change.read' } }, (request, reply) => {
    const states = statesOf(request.query.state);
    if (states === 'wrong') return sendProblem(request, reply, 'badParameter', { detail: `A state is one of ${allStates.join(', ')}.` });
    return answerChange(request, reply, async () => ({ proposals: await changes.proposals(request.params.owner, states) }));
  });

  const one = describe({
    operationId: 'proposal', tag: 'changes', summary: 'One proposal', params: oneParams, description: 'With its text, checks, approvals and comments.',
    ok: { description: 'The proposal.', schema: proposalSchema }, problems: [...refused, 'unknownObject'],
  });
  scope.get<{ Params: OneParams }>(`${base}/:id`, { schema: one, config: { action: 'change.read' } }, (request, reply) =>
    answerChange(request, reply, () => changes.proposal(request.params.owner, request.params.id)));

  const decided = describe({
    operationId: 'decideProposal', tag: 'changes', summary: 'Approve, return or reject a proposal', params: oneParams, body: decisionBody,
    description: 'Bound to exactly this hash. Never by its author, whatever account they use, and by one person once. Needs a sign-in of the last five minutes, so no token can do it. The last approval that is needed puts it in force, or schedules it.',
    ok: { description: 'The proposal as it stands.', schema: proposalSchema }, problems: [...refusedBody, 'freshSignInNeeded', 'unknownObject', 'ownWork', 'staleVersion', 'stateChanged', 'checksFailed'],
  });
  scope.post<{ Params: OneParams; Body: Static<typeof decisionBody> }>(`${base}/:id/decision`, { schema: decided, config: { action: 'change.approve' } }, (request, reply) =>
    answerChange(request, reply, () => changes.decide(request.params.owner, request.params.id, request.body, changeActor(request))));

  const withdrawn = describe({
    operationId: 'withdrawProposal', tag: 'changes', summary: 'Withdraw a proposal', params: oneParams, body: withdrawalBody, description: 'By its author, before it is in force.',
    ok: { description: 'The proposal as it stands.', schema: proposalSchema }, problems: [...refusedBody, 'unknownObject', 'ownWork', 'stateChanged'],
  });
  scope.post<{ Params: OneParams; Body: Static<typeof withdrawalBody> }>(`${base}/:id/withdrawal`, { schema: withdrawn, config: { action: 'change.propose' } }, (request, reply) =>
    answerChange(request, reply, () => changes.withdraw(request.params.owner, request.params.id, request.body, changeActor(request))));

  const commented = describe({
    operationId: 'commentProposal', tag: 'changes', summary: 'Comment on a proposal', params: oneParams, body: commentBody, description: 'On one rule of it, or on the whole.',
    ok: { description: 'The comment.', schema: commentSchema }, problems: [...refusedBody, 'unknownObject'],
  });
  scope.post<{ Params: OneParams; Body: Static<typeof commentBody> }>(`${base}/:id/comments`, { schema: commented, config: { action: 'change.comment' } }, (request, reply) => answerChange(request, reply, () => {
    const { rule = null, text } = request.body;
    return changes.comment(request.params.owner, { proposal: request.params.id }, { rule, text }, changeActor(request));
  }));
}

function propose(changes: Changes, owner: string, asked: Static<typeof proposeBody>, actor: ChangeActor): Promise<ProposalView> {
  switch (asked.kind) {
    case 'policy': return changes.propose(owner, { draft: asked.draft, etag: asked.etag, reason: asked.reason, startsAt: asked.startsAt ?? null, endsAt: asked.endsAt ?? null }, actor);
    case 'rule': return changes.proposeRule(owner, { rule: asked.rule, reason: asked.reason }, actor);
    case 'stepBack': return changes.proposeStepBack(owner, { reason: asked.reason }, actor);
  }
}

function statesOf(text: string | undefined): readonly ProposalState[] | null | 'wrong' {
  if (text === undefined) return null;
  const states = text.split(',');
  return states.every((state): state is ProposalState => (allStates as readonly string[]).includes(state)) ? states : 'wrong';
}
