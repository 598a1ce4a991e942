import type { FastifyReply, FastifyRequest } from 'fastify';

import { problemBody, problemContentType, type ProblemExtras } from './problem.ts';
import { problems, type ProblemName } from './problems.ts';

declare module 'fastify' {
  interface FastifyReply {
    /** The id of the inquiry that was answered, for the log. */
    inquiry: string | null;
    /** The problem that was answered, for the counters. */
    problem: ProblemName | null;
  }
}

/** Answers with a problem, in `application/problem+json` whatever was asked for. */
export function sendProblem(request: FastifyRequest, reply: FastifyReply, name: ProblemName, extras?: ProblemExtras): FastifyReply {
  reply.problem = name;
  return reply.code(problems[name].status).header('content-type', problemContentType).send(problemBody(name, request.id, extras));
}
