import type { FastifyReply, FastifyRequest } from 'fastify';

import { ResidentError, type ResidentErrorCode } from '../../residents/index.ts';
import { refusalsOf } from '../refusals.ts';
import { sendProblem } from '../send.ts';

/** What requests of residents refuse, and which problem each code is. */
const residentRefusal = refusalsOf<ResidentErrorCode>(ResidentError, {
  RESIDENT_UNKNOWN: 'unknownObject', RESIDENT_STATE: 'stateChanged', RESIDENT_FIELD: 'fieldWrong', RESIDENT_PROOF: 'ruleForbids', RESIDENT_MANY: 'tooManyTries', RESIDENT_LEDGER: 'notRecorded',
});

/** Answers with what the work gave, or with the problem. The words of a problem never carry a part of the request. */
export async function told<T>(request: FastifyRequest, reply: FastifyReply, work: () => Promise<T>): Promise<T | FastifyReply> {
  try {
    return await work();
  } catch (error) {
    const refusal = residentRefusal(error);
    if (refusal === null) throw error;
    if (refusal.name === 'tooManyTries') reply.header('retry-after', '3600');
    return sendProblem(request, reply, refusal.name, refusal.extras);
  }
}
