import type { FastifyReply, FastifyRequest } from 'fastify';

import { ResidentError, type ResidentErrorCode } from '../../residents/index.ts';
import type { ProblemName } from '../problems.ts';
import { sendProblem } from '../send.ts';

/** The problem that each code is told as. */
const problemOf: Readonly<Record<ResidentErrorCode, ProblemName>> = {
  RESIDENT_UNKNOWN: 'unknownObject', RESIDENT_STATE: 'stateChanged', RESIDENT_FIELD: 'fieldWrong', RESIDENT_PROOF: 'ruleForbids', RESIDENT_MANY: 'tooManyTries', RESIDENT_LEDGER: 'notRecorded',
};

/** Answers with what the work gave, or with the problem. The words of a problem never carry a part of the request. */
export async function told<T>(request: FastifyRequest, reply: FastifyReply, work: () => Promise<T>): Promise<T | FastifyReply> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ResidentError)) throw error;
    if (error.code === 'RESIDENT_MANY') reply.header('retry-after', '3600');
    return sendProblem(request, reply, problemOf[error.code], { detail: `${error.message}. ${error.mend}`, reasonCode: error.code });
  }
}
