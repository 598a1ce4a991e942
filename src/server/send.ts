import type { FastifyReply, FastifyRequest } from 'fastify';

import { problemBody, problemContentType, type ProblemExtras } from './problem.ts';
import { problems, type ProblemName } from './problems.ts';

declare module 'fastify' {
  interface FastifyReply {
    /** The id of the inquiry that was answered, for the log. */
    inquiry: string | null;
  }
  interface FastifyInstance {
    countProblem(name: ProblemName): void;
  }
}

/** Answers with a problem, in `application/problem+json` whatever was asked for. */
export function sendProblem(request: FastifyRequest, reply: FastifyReply, name: ProblemName, extras?: ProblemExtras): FastifyReply {
  request.server.countProblem(name);
  return reply.code(problems[name].status).header('content-type', problemContentType).send(problemBody(name, request.id, extras));
}
