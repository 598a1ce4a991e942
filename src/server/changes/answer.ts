import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { ChangeError, type ChangeActor, type ChangeErrorCode } from '../../approvals/types.ts';
import { actorOf, personOf } from '../gate/actor.ts';
import type { ProblemName } from '../problems.ts';
import { answerWork, refusalsOf } from '../refusals.ts';

/** A policy of 1 MiB as a string of JSON, or as a field of a form: each byte may be written as three, and a few as six. */
export const changeBodyLimit = 4 * 1_048_576;

/** Which problem each code is. */
export const changeProblems: Readonly<Record<ChangeErrorCode, ProblemName>> = {
  CHANGE_STALE: 'staleVersion', CHANGE_OWN: 'ownWork', CHANGE_TWICE: 'stateChanged', CHANGE_STATE: 'stateChanged', CHANGE_CHECKS: 'checksFailed', CHANGE_ROLE: 'notPermitted', CHANGE_FIELD: 'fieldWrong',
  CHANGE_UNKNOWN: 'unknownObject', CHANGE_TIME: 'fieldWrong',
};

/** What the rules of changes refuse. */
export const changeRefusal = refusalsOf(ChangeError, changeProblems);

/** Takes JSON as large as a policy may be; the schema of the route checks it. A body is not needed where the route has no schema for one. */
export function takeChanges(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('application/json', { parseAs: 'string', bodyLimit: changeBodyLimit }, (_request, body, next) => {
    try {
      next(null, body === '' ? null : JSON.parse(String(body)));
    } catch {
      next(Object.assign(new Error('the body is not JSON'), { code: 'FST_ERR_CTP_INVALID_JSON_BODY', statusCode: 400 }));
    }
  });
}

/** Who acts on a change. Whoever is of the privacy or legal office decides as such, also where they are a policy approver besides: it counts for both. */
export function changeActor(request: FastifyRequest): ChangeActor {
  const { account, person, name, role } = actorOf(request);
  const { owner } = request.params as { readonly owner?: string };
  const privacy = role === 'policyApprover' && personOf(request).grants.some((grant) => grant.role === 'privacyApprover' && grant.scope.kind === 'owner' && grant.scope.owner === owner?.toUpperCase());
  return { account, person, name, role: privacy ? 'privacyApprover' : role };
}

/** Does the work of a route of changes and sends what it gives, or the problem. */
export function answerChange(request: FastifyRequest, reply: FastifyReply, work: () => Promise<unknown>): Promise<FastifyReply> {
  return answerWork(request, reply, changeRefusal, work, { unknown: 'CHANGE_UNKNOWN' });
}

/** The number in `If-Match: "3"`; null where there is none, or another thing. */
export function etagOf({ headers }: FastifyRequest): number | null {
  const found = /^"([1-9]\d{0,8})"$/.exec(headers['if-match'] ?? '')?.[1];
  return found === undefined ? null : Number(found);
}
