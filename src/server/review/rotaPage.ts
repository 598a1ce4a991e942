import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { html, type Html } from '../../drawing/html.ts';
import { HeldError, type Review, type Rota } from '../../review/types.ts';
import { jurisdictionName } from '../../vocabulary/index.ts';
import { shownAgainWords } from '../gate/kept.ts';
import { deskPage, sendPage } from '../pages/desk.ts';
import { field, fieldsOf } from '../pages/forms.ts';
import type { Site } from '../pages/layout.ts';
import { problems } from '../problems.ts';
import { faultOf, sendFaultPage } from './faults.ts';
import { keeperOf, mayHere } from './who.ts';
import { faultBox, instant } from './words.ts';

type OwnerRequest = { Params: { readonly owner: string } };

/** `/desk/:owner/held/rota`: who is on duty at a desk, and who stands in for whom. */
export function addRotaPages(scope: FastifyInstance, review: Review, site: Site): void {
  scope.get<OwnerRequest>('/desk/:owner/held/rota', { config: { action: 'held.read' } }, (request, reply) => show(review, site, request, reply, null, {}));

  scope.post<OwnerRequest>('/desk/:owner/held/rota', { config: { action: 'held.manage', keeps: true } }, async (request, reply) => {
    const owner = request.params.owner.toUpperCase();
    const fields = fieldsOf(request);
    if (request.shownAgain) return await show(review, site, request, reply, shownAgainWords, Object.fromEntries(fields));
    try {
      await change(review, request, owner, fields);
      return await reply.code(303).header('location', `/desk/${owner}/held/rota`).send();
    } catch (error) {
      const fault = faultOf(error);
      if (fault === null) throw error;
      if (fault.name === 'notRecorded') return sendFaultPage(site, request, reply, fault, [`/desk/${owner}/held/rota`, 'The rota']);
      request.server.countProblem(fault.name);
      return await show(review, site, request, reply.code(problems[fault.name].status), fault.extras.detail ?? problems[fault.name].mend, Object.fromEntries(fields));
    }
  });
}

async function show(review: Review, site: Site, request: FastifyRequest, reply: FastifyReply, fault: string | null, filled: Readonly<Record<string, string>>): Promise<FastifyReply> {
  const owner = (request.params as OwnerRequest['Params']).owner.toUpperCase();
  const [{ spans }, deputies] = await Promise.all([review.rota(owner), review.deputies(owner, { ended: true })]);
  const may = mayHere(request, 'held.manage');
  const action = `/desk/${owner}/held/rota`;
  const rowForm = (what: string, name: string, value: string, label: string, words: string): Html => html`<form method="post" action="${action}"><input type="hidden" name="do" value="${what}"><input type="hidden" name="${name}" value="${value}"><button type="submit" class="quiet" aria-label="${label}">${words}</button></form>`;
  const text = (name: string, label: string, hint: string, required = true): Html => html`<div class="field"><label for="${name}">${label} <span class="hint">${hint}</span></label><input type="text" id="${name}" name="${name}" value="${filled[name] ?? ''}" maxlength="60" spellcheck="false" autocomplete="off"${required ? html` required` : null}></div>`;
  return sendPage(reply, deskPage(site, request, `Who is on duty in ${jurisdictionName(owner)}`, html`${faultBox(fault)}
<p>While somebody is on duty at a desk, only they, and who stands in for them, decide what lies there. At all other times it is for everybody of the desk. Times are UTC. <a href="/desk/${owner}/held">Held requests</a></p>
<h2>On duty</h2>
${spans.length === 0 ? html`<p>No times are set.</p>` : html`<table><thead><tr><th scope="col">Desk</th><th scope="col">Who</th><th scope="col">From</th><th scope="col">To</th>${may ? html`<th scope="col">Change</th>` : null}</tr></thead>
<tbody>${spans.map((span) => html`<tr><td>${span.desk}</td><td>${span.account}</td><td>${instant(span.from)}</td><td>${instant(span.to)}</td>${may ? html`<td>${rowForm('remove-span', 'row', JSON.stringify(span), `Remove ${span.account} from ${span.desk}`, 'Remove')}</td>` : null}</tr>`)}</tbody></table>`}
${may ? html`<h3>Add somebody</h3>
<form method="post" action="${action}"><input type="hidden" name="do" value="add-span">
${text('desk', 'Desk', 'As the policy names it.')}${text('account', 'Account', 'A- and twelve letters or digits; see People.')}${text('from', 'From', 'Such as 2026-11-23 08:00.')}${text('to', 'To', 'Such as 2026-11-23 16:00.')}
<p><button type="submit">Add to the rota</button></p></form>` : null}
<h2>Standing in</h2>
<p>Who stands in decides at that desk like who is stood in for, as long as that person decides there by their own role: a deputy's deputy is none. It ends with its time, with the account of who is stood in for, or when it is ended here. Both see requests of their own agency and about themselves as nobody may decide them.</p>
${deputies.length === 0 ? html`<p>Nobody stands in for anybody.</p>` : html`<table><caption>Delegations, those of now first, then the latest that are over</caption><thead><tr><th scope="col">Desk</th><th scope="col">For whom</th><th scope="col">Who stands in</th><th scope="col">From</th><th scope="col">Until</th><th scope="col">Said by</th><th scope="col">Now</th></tr></thead>
<tbody>${deputies.slice(0, mostShown).map((one) => html`<tr><td>${one.desk}</td><td>${person(one.accountName, one.account)}</td><td>${person(one.deputyName, one.deputy)}</td><td>${instant(one.from)}</td><td>${instant(one.until)}</td><td>${one.by}<br>${instant(one.at)}</td>
<td>${states[one.state]}${one.endedWhy === null ? null : html`: ${endings[one.endedWhy]}${one.endedBy === null || one.endedBy === 'clock' ? null : html`, by ${one.endedBy}`}${one.endedAt === null ? null : html`, ${instant(one.endedAt)}`}`}${may && one.state !== 'over' ? rowForm('end-deputy', 'delegation', one.id, `End that ${one.deputy} stands in for ${one.account} at ${one.desk}`, 'End now') : null}</td></tr>`)}</tbody></table>`}
${may ? html`<h3>Add a deputy</h3>
<p>A reviewer names their own deputy; an official may for somebody who is away, and never themself. For at most 92 days.</p>
<form method="post" action="${action}"><input type="hidden" name="do" value="add-deputy">
${text('deputyDesk', 'Desk', 'As the policy names it.')}${text('deputyFor', 'For whom', 'Their account.')}${text('deputy', 'Who stands in', 'Their account.')}${text('deputyFrom', 'From', 'Such as 2026-11-23 08:00; left out: from now on.', false)}${text('until', 'Until', 'Such as 2026-11-30 16:00.')}
<p><button type="submit">Add the deputy</button></p></form>` : null}`));
}

const mostShown = 100;
const states = { inForce: 'In force', toCome: 'To come', void: 'Does not hold: who is stood in for may not decide there', over: 'Over' } as const;
const endings = { time: 'its time passed', ended: 'it was ended', disabled: 'the account of who was stood in for was disabled', role: 'who was stood in for decides there no more' } as const;

function person(name: string | null, account: string): Html {
  return name === null ? html`${account}` : html`${name}<br>${account}`;
}

/** Does what one form says. Throws `HELD_FIELD`; whether accounts and times are good, the review room says. */
async function change(review: Review, request: FastifyRequest, owner: string, fields: URLSearchParams): Promise<void> {
  const get = (name: string): string => field(fields, name, 200);
  const keeper = keeperOf(request);
  const what = get('do');
  if (what === 'add-deputy') {
    const from = get('deputyFrom');
    await review.delegate(owner, { desk: get('deputyDesk'), account: get('deputyFor'), deputy: get('deputy'), from: from === '' ? null : timeOf(from), until: timeOf(get('until')) }, keeper);
  } else if (what === 'end-deputy') await review.endDelegation(owner, get('delegation'), keeper);
  else {
    const { spans, deputies } = await review.rota(owner);
    await review.setRota(owner, { spans: what === 'remove-span' ? without(spans, fields) : [...spans, newSpan(what, get)], deputies }, keeper);
  }
}

function newSpan(what: string, get: (name: string) => string): Rota['spans'][number] {
  if (what !== 'add-span') throw new HeldError('HELD_FIELD', 'this is no change of the rota', 'Use the buttons of the page.');
  return { desk: get('desk'), account: get('account'), from: timeOf(get('from')), to: timeOf(get('to')) };
}

/** The row that was on the page; somebody may have removed it since. */
function without<T>(rows: readonly T[], fields: URLSearchParams): readonly T[] {
  const row = field(fields, 'row', 1_000);
  const at = rows.findIndex((one) => JSON.stringify(one) === row);
  if (at === -1) throw new HeldError('HELD_STATE', 'this is not in the rota any more', 'Load the page again.');
  return rows.filter((_one, i) => i !== at);
}

function timeOf(text: string): string {
  const found = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2})(?::\d{2}(?:\.\d{1,3})?)?Z?$/.exec(text);
  const time = found === null ? NaN : Date.parse(`${found[1] ?? ''}T${found[2] ?? ''}:00Z`);
  if (Number.isNaN(time)) throw new HeldError('HELD_FIELD', 'a time is not one', 'Write it as 2026-11-23 08:00, in UTC.');
  return new Date(time).toISOString();
}
