import type { FastifyReply, FastifyRequest } from 'fastify';

import { html } from '../../drawing/html.ts';
import type { ProblemExtras } from '../problem.ts';
import { problems, type ProblemName } from '../problems.ts';
import { sendProblem } from '../send.ts';
import { deskPage, sendPage } from './desk.ts';
import type { Site } from './layout.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** What the pages of this listener say of it; null where it has none for people. */
    site: Site | null;
  }
}

/** Answers a person with a browser with a problem as a page: the same status and words as `sendProblem` has for a program. */
export function sendProblemPage(request: FastifyRequest, reply: FastifyReply, name: ProblemName, extras: ProblemExtras = {}): FastifyReply {
  const { site } = request.server;
  if (site === null) return sendProblem(request, reply, name, extras);
  const { status, title, mend } = problems[name];
  request.server.countProblem(name);
  return sendPage(reply.code(status), deskPage(site, request, title, html`
<section class="card bad"><p>${extras.detail ?? mend}</p></section>
<p><a href="/desk">Back to the desk</a></p>
<p class="quiet">For the operator: <code>${extras.reasonCode ?? name}</code>, request <code>${request.id}</code>.</p>`));
}
