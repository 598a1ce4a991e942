import type { FastifyReply, FastifyRequest } from 'fastify';

import { html, type Html } from '../../drawing/html.ts';
import { factsOf, roles, type Role } from '../../people/roles/index.ts';
import { isJurisdiction, jurisdictionName } from '../../vocabulary/index.ts';
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
  const who = name === 'notPermitted' && extras.detail === undefined ? whoMay(request) : null;
  return sendPage(reply.code(status), deskPage(site, request, title, html`
<section class="card bad" role="alert">${who ?? html`<p>${extras.detail ?? mend}</p>`}</section>
<p><a href="${request.person === null ? '/' : '/desk'}">${request.person === null ? 'To the start' : 'Back to the desk'}</a></p>
<p class="quiet">For the operator: <code>${extras.reasonCode ?? name}</code>, request <code>${request.id}</code>.</p>`));
}

/** Whose it is, by the table of roles, and whom to ask. */
function whoMay({ routeOptions, params }: FastifyRequest): Html | null {
  const { action } = routeOptions.config;
  if (action === undefined) return null;
  const { does, to } = factsOf(action);
  const able = to.filter((one): one is Role => Object.hasOwn(roles, one)).map((role) => roles[role].plain);
  if (able.length === 0) return null;
  const { owner, ori } = params as { readonly owner?: string; readonly ori?: string };
  const code = owner?.toUpperCase() ?? '';
  const [place, asks] = ori !== undefined ? [`For agency ${ori}`, 'Its coordinator gives roles.'] : owner !== undefined ? [`For ${isJurisdiction(code) ? jurisdictionName(code) : code}`, 'An official of that owner gives roles.'] : ['Here', 'An official of the owner, or the coordinator of the agency, gives roles.'];
  return html`<p>This is to ${does}. ${place}, that takes one of these roles: <strong>${able.join(', ')}</strong>. You have none of them there.</p><p>${asks} That you asked is on the record, as every refusal is.</p>`;
}
