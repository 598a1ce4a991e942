import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { html, type Html } from '../../drawing/html.ts';
import { HeldError, type Review, type Rota } from '../../review/types.ts';
import { jurisdictionName } from '../../vocabulary/index.ts';
import { deskPage, sendPage } from '../pages/desk.ts';
import { field, fieldsOf } from '../pages/forms.ts';
import type { Site } from '../pages/layout.ts';
import { problems } from '../problems.ts';
import { faultOf, sendFaultPage } from './faults.ts';
import { mayHere, reviewerOf } from './who.ts';
import { faultBox, instant } from './words.ts';

type OwnerRequest = { Params: { readonly owner: string } };

/** `/desk/:owner/held/rota`: who is on duty at a desk, and who stands in for whom. */
export function addRotaPages(scope: FastifyInstance, review: Review, site: Site): void {
  scope.get<OwnerRequest>('/desk/:owner/held/rota', { config: { action: 'held.read' } }, (request, reply) => show(review, site, request, reply, null, {}));

  scope.post<OwnerRequest>('/desk/:owner/held/rota', { config: { action: 'held.manage' } }, async (request, reply) => {
    const owner = request.params.owner.toUpperCase();
    const fields = fieldsOf(request);
    try {
      await review.setRota(owner, changed(await review.rota(owner), fields), reviewerOf(request));
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
  const { spans, deputies } = await review.rota(owner);
  const may = mayHere(request, 'held.manage');
  const action = `/desk/${owner}/held/rota`;
  const rowForm = (what: 'span' | 'deputy', row: object, label: string): Html => html`<form method="post" action="${action}"><input type="hidden" name="do" value="remove-${what}"><input type="hidden" name="row" value="${JSON.stringify(row)}"><button type="submit" class="quiet" aria-label="${label}">Remove</button></form>`;
  const text = (name: string, label: string, hint: string): Html => html`<div class="field"><label for="${name}">${label} <span class="hint">${hint}</span></label><input type="text" id="${name}" name="${name}" value="${filled[name] ?? ''}" maxlength="60" spellcheck="false" autocomplete="off" required></div>`;
  return sendPage(reply, deskPage(site, request, `Who is on duty in ${jurisdictionName(owner)}`, html`${faultBox(fault)}
<p>While somebody is on duty at a desk, only they, and who stands in for them, decide what lies there. At all other times it is for everybody of the desk. Times are UTC. <a href="/desk/${owner}/held">Held requests</a></p>
<h2>On duty</h2>
${spans.length === 0 ? html`<p>No times are set.</p>` : html`<table><thead><tr><th scope="col">Desk</th><th scope="col">Who</th><th scope="col">From</th><th scope="col">To</th>${may ? html`<th scope="col">Change</th>` : null}</tr></thead>
<tbody>${spans.map((span) => html`<tr><td>${span.desk}</td><td>${span.account}</td><td>${instant(span.from)}</td><td>${instant(span.to)}</td>${may ? html`<td>${rowForm('span', span, `Remove ${span.account} from ${span.desk}`)}</td>` : null}</tr>`)}</tbody></table>`}
${may ? html`<h3>Add somebody</h3>
<form method="post" action="${action}"><input type="hidden" name="do" value="add-span">
${text('desk', 'Desk', 'As the policy names it.')}${text('account', 'Account', 'A- and twelve letters or digits; see People.')}${text('from', 'From', 'Such as 2026-11-23 08:00.')}${text('to', 'To', 'Such as 2026-11-23 16:00.')}
<p><button type="submit">Add to the rota</button></p></form>` : null}
<h2>Standing in</h2>
${deputies.length === 0 ? html`<p>Nobody stands in for anybody.</p>` : html`<table><thead><tr><th scope="col">Desk</th><th scope="col">For whom</th><th scope="col">Who stands in</th><th scope="col">Until</th>${may ? html`<th scope="col">Change</th>` : null}</tr></thead>
<tbody>${deputies.map((row) => html`<tr><td>${row.desk}</td><td>${row.account}</td><td>${row.deputy}</td><td>${instant(row.until)}</td>${may ? html`<td>${rowForm('deputy', row, `Remove ${row.deputy} from ${row.desk}`)}</td>` : null}</tr>`)}</tbody></table>`}
${may ? html`<h3>Add a deputy</h3>
<form method="post" action="${action}"><input type="hidden" name="do" value="add-deputy">
${text('deputyDesk', 'Desk', 'As the policy names it.')}${text('deputyFor', 'For whom', 'Their account.')}${text('deputy', 'Who stands in', 'Their account.')}${text('until', 'Until', 'Such as 2026-11-30 16:00.')}
<p><button type="submit">Add the deputy</button></p></form>` : null}`));
}

/** The rota after one form. Throws `HELD_FIELD`; whether accounts and times are good, the review room says. */
function changed({ spans, deputies }: Rota, fields: URLSearchParams): Rota {
  const get = (name: string): string => field(fields, name, 200);
  switch (get('do')) {
    case 'add-span': return { spans: [...spans, { desk: get('desk'), account: get('account'), from: timeOf(get('from')), to: timeOf(get('to')) }], deputies };
    case 'add-deputy': return { spans, deputies: [...deputies, { desk: get('deputyDesk'), account: get('deputyFor'), deputy: get('deputy'), until: timeOf(get('until')) }] };
    case 'remove-span': return { spans: without(spans, fields), deputies };
    case 'remove-deputy': return { spans, deputies: without(deputies, fields) };
    default: throw new HeldError('HELD_FIELD', 'this is no change of the rota', 'Use the buttons of the page.');
  }
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
