import type { FastifyReply, FastifyRequest } from 'fastify';

import { DutyError, type DutyActor, type DutyErrorCode } from '../../duties/types.ts';
import { JournalError } from '../../exchange/errors.ts';
import { actorOf } from '../gate/actor.ts';
import { problems, type ProblemName } from '../problems.ts';
import { sendProblem } from '../send.ts';

/** Which problem each code is. */
export const dutyProblems: Readonly<Record<DutyErrorCode, ProblemName>> = {
  DUTY_UNKNOWN: 'unknownObject', DUTY_STATE: 'stateChanged', DUTY_FIELD: 'fieldWrong', DUTY_OWN: 'ownWork', DUTY_LEDGER: 'notRecorded', DUTY_SEND: 'recordsDown',
};

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

/** Does the work of a route and sends what it gives; what duties refuse becomes its problem, with its code. */
export async function answerDuty(request: FastifyRequest, reply: FastifyReply, work: () => Promise<unknown>): Promise<FastifyReply> {
  try {
    const found = await work();
    return await reply.send(found);
  } catch (error) {
    if (error instanceof JournalError) return sendProblem(request, reply, 'notRecorded');
    if (!(error instanceof DutyError)) throw error;
    return sendProblem(request, reply, dutyProblems[error.code], { detail: sentenceOf(error), reasonCode: error.code });
  }
}

/** What an error says to a person. */
export function sentenceOf({ message, mend }: DutyError): string {
  return `${message.charAt(0).toUpperCase()}${message.slice(1)}. ${mend}`;
}

export function statusOf({ code }: DutyError): number {
  return problems[dutyProblems[code]].status;
}
