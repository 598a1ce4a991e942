import type { FastifyInstance } from 'fastify';

import { html, type Html } from '../../drawing/html.ts';
import { personOf } from '../gate/actor.ts';
import type { Waiting } from '../gate/deps.ts';
import { deskPage, linksOf, sendPage } from '../pages/desk.ts';
import type { PeopleContext } from './context.ts';
import { time } from './parts.ts';
import { grantWords } from './words.ts';

/** `/desk`: what waits for a person, the first to fall due first, and what their roles open. */
export function addDesk(app: FastifyInstance, context: PeopleContext): void {
  const { people, site, deps } = context;
  app.get('/desk', { config: { action: 'session.own' } }, async (request, reply) => {
    const person = personOf(request);
    const parts = await Promise.all((people.waiting ?? []).map((waiting) => waiting(person).catch((error: unknown) => {
      deps.log.error({ error }, 'what waits on a desk could not be read');
      return null;
    })));
    const waits = parts.flatMap((part) => part ?? []).filter(({ count }) => count > 0).sort(byDue);
    return sendPage(reply, deskPage(site, request, 'Your desk', html`
${waits.length > 0 ? html`<h2>What waits for you</h2><ul class="waits">${waits.map(line)}</ul>` : (people.waiting ?? []).length > 0 && !parts.includes(null) ? html`<p class="status good">Nothing waits for you.</p>` : null}
${parts.includes(null) ? html`<p class="status bad">Not everything could be looked at. Try again.</p>` : null}
<h2>Your roles</h2>
${person.grants.length === 0 ? html`<p>You have no role yet. An official of an owner, or the coordinator of an agency, gives one; tell them your account, <code>${person.account}</code>.</p>`
    : html`<ul>${person.grants.map((grant) => html`<li>${grantWords(people, grant)}</li>`)}</ul>`}
${linksOf(person).map(({ where, links }) => html`<h2>${where}</h2><ul class="columns">${links.map(([address, text]) => html`<li><a href="${address}">${text}</a></li>`)}</ul>`)}`));
  });
}

function line({ where, address, text, count, due }: Waiting): Html {
  return html`<li><a href="${address}"><strong>${count}</strong> ${text}</a> <span class="quiet">${where}${due === null ? null : html`, first due ${time(due)}`}</span></li>`;
}

function byDue(a: Waiting, b: Waiting): number {
  return (a.due ?? '9999').localeCompare(b.due ?? '9999') || a.where.localeCompare(b.where) || a.text.localeCompare(b.text);
}
