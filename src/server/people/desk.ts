import type { FastifyInstance } from 'fastify';

import { html, type Html } from '../../drawing/html.ts';
import { roleFor } from '../../people/roles/index.ts';
import { personOf } from '../gate/actor.ts';
import type { Waiting } from '../gate/deps.ts';
import { leftWords } from '../pages/clock.ts';
import { deskPage, linksOf, sendPage } from '../pages/desk.ts';
import { statusOf } from '../pages/home.ts';
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
    const runs = roleFor(person.grants, 'machine.read', { kind: 'machine' }) !== null;
    const health = runs ? await Promise.resolve(deps.health()).catch(() => [{ name: 'database' as const, ok: false, reason: 'the parts could not be looked at' }]) : null;
    const now = Date.now();
    return sendPage(reply, deskPage(site, request, 'Your desk', html`
${health === null ? null : html`<h2>The exchange</h2>${statusOf(health)}<p>What to do about each part: <code>weir doctor</code> on the machine, and docs/operations.md. <a href="/metrics">Counters</a></p>`}
${waits.length > 0 ? html`<h2>What waits for you</h2><ul class="waits">${waits.map((one) => line(one, now))}</ul>` : (people.waiting ?? []).length > 0 && !parts.includes(null) ? html`<p class="status good">Nothing waits for you.</p>` : null}
${parts.includes(null) ? html`<p class="status bad">Not everything could be looked at. Try again.</p>` : null}
<h2>Your roles</h2>
${person.grants.length === 0 ? html`<p>You have no role yet. An official of an owner, or the coordinator of an agency, gives one; tell them your account, <code>${person.account}</code>.</p>`
    : html`<ul>${person.grants.map((grant) => html`<li>${grantWords(people, grant)}</li>`)}</ul>`}
${linksOf(site, person).map(({ name, code, links }) => html`<h2>${name}${code === null ? '' : ` (${code})`}</h2><ul class="columns">${links.map(([address, text]) => html`<li><a href="${address}">${text}</a></li>`)}</ul>`)}`));
  });
}

function line({ where, address, text, count, due }: Waiting, now: number): Html {
  return html`<li><a href="${address}"><strong>${count}</strong> ${text}</a> <span class="quiet">${where}${due === null ? null : html`, first due ${time(due)}: ${leftWords(Date.parse(due), now)}`}</span></li>`;
}

function byDue(a: Waiting, b: Waiting): number {
  return (a.due ?? '9999').localeCompare(b.due ?? '9999') || a.where.localeCompare(b.where) || a.text.localeCompare(b.text);
}
