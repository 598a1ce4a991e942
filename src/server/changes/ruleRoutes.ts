import type { FastifyInstance } from 'fastify';
import type { Static } from 'typebox';

import { describe } from '../api/describe.ts';
import type { PeopleDeps } from '../gate/deps.ts';
import { answerChange, changeActor } from './answer.ts';
import { deputyBody, doneSchema, ownerParams, proposalSchema, ruleBody, ruleSchema } from './schemas.ts';

type OwnerParams = Static<typeof ownerParams>;
const base = '/v1/owners/:owner/changes';
const refused = ['badParameter', 'signInNeeded', 'notPermitted'] as const;
const refusedBody = [...refused, 'badBody', 'fieldWrong'] as const;

/** `…/changes/rule` and `…/changes/deputies`: how many must approve, and who stands in for an approver. */
export function addRuleRoutes(scope: FastifyInstance, { changes }: PeopleDeps): void {
  const read = describe({
    operationId: 'approvalRule', tag: 'changes', summary: 'The rule of approval', params: ownerParams, description: 'How many must approve a change, and how long things hold.',
    ok: { description: 'The rule in force.', schema: ruleSchema }, problems: [...refused],
  });
  scope.get<{ Params: OwnerParams }>(`${base}/rule`, { schema: read, config: { action: 'change.read' } }, (request, reply) => answerChange(request, reply, () => changes.rule(request.params.owner)));

  const proposed = describe({
    operationId: 'proposeApprovalRule', tag: 'changes', summary: 'Propose another rule of approval', params: ownerParams, body: ruleBody, description: 'Under the rule in force: to loosen it is a widening change.',
    ok: { description: 'The proposal.', schema: proposalSchema }, problems: [...refusedBody, 'stateChanged'],
  });
  scope.post<{ Params: OwnerParams; Body: Static<typeof ruleBody> }>(`${base}/rule`, { schema: proposed, config: { action: 'change.propose' } }, (request, reply) =>
    answerChange(request, reply, () => changes.proposeRule(request.params.owner, request.body, changeActor(request))));

  const deputy = describe({
    operationId: 'nameDeputy', tag: 'changes', summary: 'Name a deputy', params: ownerParams, body: deputyBody,
    description: 'For one\'s own role as an approver, until a date. What the deputy proposed themselves they still may not approve. Needs a sign-in of the last five minutes.',
    ok: { description: 'It is set.', schema: doneSchema }, problems: [...refusedBody, 'freshSignInNeeded', 'unknownObject'],
  });
  scope.post<{ Params: OwnerParams; Body: Static<typeof deputyBody> }>(`${base}/deputies`, { schema: deputy, config: { action: 'change.approve' } }, (request, reply) => answerChange(request, reply, async () => {
    const actor = changeActor(request);
    // Only for oneself: nobody makes themselves the deputy of another.
    await changes.delegate(request.params.owner, { ...request.body, from: actor.account }, actor);
    return { done: true };
  }));
}
