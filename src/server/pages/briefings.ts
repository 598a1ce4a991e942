import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { html } from '../../drawing/html.ts';
import { briefingPagePolicy } from '../../insight/briefing/html.ts';
import { isJurisdiction, jurisdictionName } from '../../vocabulary/index.ts';
import { operatorOnly } from '../api/access.ts';
import type { EnrolmentOf } from '../credential.ts';
import type { ServerDeps } from '../deps.ts';
import { sendProblem } from '../send.ts';
import { page, type Site } from './layout.ts';
import { pagePolicy } from './policies.ts';

/**
 * `GET /briefings`: which state to be briefed about; `GET /briefings/WA?period=2026-10`: its page. They tell of all agencies, so they are for operators, and on
 * the loopback demonstration for everybody. They are made apart from the queries.
 */
export function addBriefings(app: FastifyInstance, deps: ServerDeps, site: Site, enrolmentOf: EnrolmentOf): void {
  app.get('/briefings', { config: { action: 'briefing.list' } }, (request, reply) => operatorOnly(deps, enrolmentOf, request, reply) ? send(reply, pagePolicy, listPage(site, deps.policies.owners)) : reply);
  app.get<{ Params: { readonly owner: string } }>('/briefings/:owner', { config: { action: 'briefing.read' } }, async (request, reply) => {
    if (!operatorOnly(deps, enrolmentOf, request, reply)) return reply;
    const owner = request.params.owner.toUpperCase();
    if (!/^[A-Z]{2}$/.test(owner)) return sendProblem(request, reply, 'badParameter');
    const { person, role } = request;
    if (person !== null && deps.people?.isOwner(owner) === true) await deps.people.acts.record({ act: 'briefingRead', owner, who: person.account, role });
    const answer = await deps.insight.run({ kind: 'briefing', owner, period: asked(request, 'period'), log: asked(request, 'log') });
    if (answer.kind === 'briefing') return send(reply, `${briefingPagePolicy}; frame-ancestors 'none'`, answer.html);
    if (answer.kind !== 'none' || answer.problem === 'failed') return sendProblem(request, reply, 'internal');
    if (answer.problem === 'busy') return sendProblem(request, reply.header('retry-after', '5'), 'archiveBusy');
    return send(reply.code(404), pagePolicy, page(site, 'There is no such briefing', '/briefings', html`
<p>This could not be read: ${answer.why}.</p>
<p>In a demonstration an invented year is written after the first start; that takes a few seconds. <a href="/briefings">All states</a></p>`));
  });
}

function listPage(site: Site, owners: readonly string[]): string {
  return page(site, 'Who gets our data?', '/briefings', html`
<p>Choose a state. Its page says who asked for its residents’ records in the last twelve months, what they got, why, under which rule, and what needs a decision.</p>
<ul class="columns">${owners.filter(isJurisdiction).map((owner) => html`<li><a href="/briefings/${owner}">${jurisdictionName(owner)}</a></li>`)}</ul>
<p class="quiet">Another time: add a period to the address, such as <code>/briefings/WA?period=2026-10</code> or <code>?period=2026-Q3</code>. For paper: <code>weir brief WA --out brief.pdf</code>.</p>`);
}

/** A part of the address, as text; whatever else stands there is left out. */
function asked({ query }: FastifyRequest, name: 'period' | 'log'): string {
  const value = (query as Readonly<Record<string, unknown>>)[name];
  return typeof value === 'string' ? value.slice(0, 60) : '';
}

function send(reply: FastifyReply, policy: string, text: string): FastifyReply {
  return reply.header('content-security-policy', policy).header('content-type', 'text/html; charset=utf-8').send(text);
}
