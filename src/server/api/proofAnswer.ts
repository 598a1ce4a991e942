import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ServerDeps } from '../deps.ts';
import type { ProofJob } from '../proof/job.ts';
import { sendProblem } from '../send.ts';

/** Seconds after which an asker of a busy desk may try again. */
const retryAfter = '5';

/** Has a job done apart from the queries, and sends what it came to. */
export async function answerByJob(deps: ServerDeps, request: FastifyRequest, reply: FastifyReply, job: ProofJob): Promise<FastifyReply> {
  const answer = await deps.policyDesk.run(job);
  if (answer.ok) return reply.header('content-type', answer.contentType).send(answer.body);
  if (answer.problem === 'proofBusy') reply.header('retry-after', retryAfter);
  return sendProblem(request, reply, answer.problem, answer.reasons === undefined ? {} : { reasons: answer.reasons });
}
