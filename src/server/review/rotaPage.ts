import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { HeldError, type Review, type Rota } from '../../review/types.ts';
import { jurisdictionName } from '../../vocabulary/index.ts';
import { shownAgainWords } from '../gate/kept.ts';
import { deskPage, sendPage } from '../pages/desk.ts';
import { field, fieldsOf } from '../pages/forms.ts';
import type { Site } from '../pages/layout.ts';
import { problems } from '../problems.ts';
import { faultOf, sendFaultPage } from './faults.ts';
import { rotaView } from './rotaView.ts';
import { keeperOf, mayHere } from './who.ts';

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
  const [{ spans }, deputies, staff] = await Promise.all([review.rota(owner), review.deputies(owner, { ended: true }), review.staff(owner)]);
  const keeper = mayHere(request, 'held.manage') ? keeperOf(request) : null;
  return sendPage(reply, deskPage(site, request, `Who is on duty in ${jurisdictionName(owner)}`, rotaView({ owner, spans, deputies, staff, keeper, fault, filled, now: Date.now() })));
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
