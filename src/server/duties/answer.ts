import type { FastifyReply, FastifyRequest } from 'fastify';

import { DutyError, type DutyActor, type DutyErrorCode } from '../../duties/types.ts';
import { actorOf } from '../gate/actor.ts';
import { answerWork, refusalsOf } from '../refusals.ts';

/** What duties refuse, and which problem each code is. */
export const dutyRefusal = refusalsOf<DutyErrorCode>(DutyError, {
  DUTY_UNKNOWN: 'unknownObject', DUTY_STATE: 'stateChanged', DUTY_FIELD: 'fieldWrong', DUTY_OWN: 'ownWork', DUTY_LEDGER: 'notRecorded', DUTY_SEND: 'recordsDown',
});

/** Who does a duty. */
export function dutyActor(request: FastifyRequest): DutyActor {
  const { account, person, name, role } = actorOf(request);
  return { account, person, name, role };
}

/** The owner in the address, in capitals as the gate reads it. */
export function ownerOf(request: FastifyRequest): string {
  return (request.params as { readonly owner: string }).owner.toUpperCase();
}

/** Another part of the address. */
export function partOf(request: FastifyRequest, name: 'ori' | 'id' | 'review' | 'item'): string {
  return (request.params as Readonly<Record<string, string>>)[name] ?? '';
}

/** Does the work of a route of duties and sends what it gives, or the problem. */
export function answerDuty(request: FastifyRequest, reply: FastifyReply, work: () => Promise<unknown>): Promise<FastifyReply> {
  return answerWork(request, reply, dutyRefusal, work);
}
