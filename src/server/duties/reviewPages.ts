import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { html, type Html } from '../../drawing/html.ts';
import { DutyError, type RecertificationPage, type RecertificationView, type UserReviewView } from '../../duties/types.ts';
import type { Action } from '../../people/roles/index.ts';
import { personOf } from '../gate/actor.ts';
import { deskPage, sendPage } from '../pages/desk.ts';
import { field, fieldsOf } from '../pages/forms.ts';
import { answerProblem } from '../people/faults.ts';
import { table } from '../people/parts.ts';
import { roleWords } from '../people/words.ts';
import { dutyActor, ownerOf, partOf } from './answer.ts';
import { freshHint, may, orTold, typedOf, type PageParts, type Typed } from './forms.ts';
import { choice, dueWords, faultBox, ownerName, reasonField, reviewStates, when } from './words.ts';

/** Items of a re-certification on one page, each with its form. */
const itemsShown = 25;

/** Reviews of users, of an owner and of an agency; re-certification of agencies. */
export function addReviewPages(scope: FastifyInstance, parts: PageParts): void {
  addUsers(scope, parts, { base: '/desk/:owner/duties/users', read: 'duty.read', act: 'duty.act', scopeOf: (request) => `owner ${ownerOf(request)}`, here: (request) => `/desk/${ownerOf(request)}/duties/users`, above: (request) => `/desk/${ownerOf(request)}/duties` });
  addUsers(scope, parts, { base: '/agency/:ori/users', read: 'people.agency.read', act: 'people.agency.manage', scopeOf: (request) => `agency ${partOf(request, 'ori')}`, here: (request) => `/agency/${partOf(request, 'ori')}/users`, above: () => null });
  addAgencies(scope, parts);
}

interface UsersPlace {
  readonly base: string;
  readonly read: Action;
  readonly act: Action;
  readonly scopeOf: (request: FastifyRequest) => string;
  readonly here: (request: FastifyRequest) => string;
  /** The page that it is a part of; null where it has none. */
  readonly above: (request: FastifyRequest) => string | null;
}

function addUsers(scope: FastifyInstance, { people: { duties }, site }: PageParts, { base, read, act, scopeOf, here, above }: UsersPlace): void {
  const show = async (request: FastifyRequest, reply: FastifyReply, fault: string | null): Promise<FastifyReply> => {
    const reviews = await duties.userReviews(scopeOf(request));
    const { account } = personOf(request);
    const mayAct = may(request, act);
    const up = above(request);
    return sendPage(reply, deskPage(site, request, 'Reviews of users', html`${up === null ? null : html`<p><a href="${up}">Duties</a></p>`}${faultBox(fault)}
<p>Each quarter somebody looks at who has which role, and keeps or removes it. Nobody reviews their own.</p>
${act === 'people.agency.manage' && mayAct ? freshHint(request, here(request)) : null}
${reviews.length === 0 ? html`<p>None was begun yet.</p>` : reviews.map((review) => usersPart(here(request), review, account, mayAct, typedOf(request)))}`));
  };
  scope.get(base, { config: { action: read } }, (request, reply) => show(request, reply, null));
  scope.post(`${base}/:review/items/:item`, { config: { action: act, keeps: true } }, (request, reply) => orTold(request, reply, async () => {
    const fields = fieldsOf(request);
    await duties.reviewUser(scopeOf(request), partOf(request, 'review'), partOf(request, 'item'), { decision: field(fields, 'decision', 10) as 'keep', reason: field(fields, 'reason', 2_001) }, dutyActor(request));
    return `${here(request)}#next-${partOf(request, 'review')}`;
  }, (fault) => show(request, reply, fault)));
}

function usersPart(here: string, { id, quarter, dueAt, state, items }: UserReviewView, own: string, mayAct: boolean, typed: Typed): Html {
  const open = items.filter(({ decision }) => decision === null);
  const next = open.find(({ account }) => account !== own);
  // What is left stands first: with forty people nobody looks for it.
  const sorted = [...open, ...items.filter(({ decision }) => decision !== null)];
  return html`<h2>${quarter}: ${reviewStates[state]}</h2><p>Due ${state === 'done' ? when(dueAt) : dueWords(dueAt, Date.now())}. ${items.length - open.length} of ${items.length} decided.</p>
${sorted.map((one) => html`<section class="card ${one.decision === null ? 'warn' : 'good'}"${one === next ? html` id="next-${id}"` : null}><h3>${one.name} <span class="quiet">(${one.account})</span></h3>
<p>${roleWords(one.role)}; last sign-in ${when(one.lastAt)}</p>
${one.decision !== null ? html`<p class="status">${one.decision === 'keep' ? 'Kept' : 'Removed'} by ${one.by ?? ''}${one.reason === null ? '' : `: ${one.reason}`}</p>` : one.account === own ? html`<p>This is you: another person reviews it.</p>` : !mayAct || state === 'done' ? null : html`
<form method="post" action="${here}/${id}/items/${one.id}">${choice('decision', `d-${one.id}`, `${one.name} as ${roleWords(one.role)}`, [['keep', 'Keep it'], ['remove', 'Remove it, at once; an official or coordinator can give it again']], typed('decision', one.id))}${reasonField(`r-${one.id}`, 'In a sentence.', typed('reason', one.id))}<button type="submit">Decide</button></form>`}</section>`)}`;
}

function addAgencies(scope: FastifyInstance, { people: { duties }, site }: PageParts): void {
  const base = '/desk/:owner/duties/agencies';
  const here = (request: FastifyRequest): string => `/desk/${ownerOf(request)}/duties/agencies`;
  const list = async (request: FastifyRequest, reply: FastifyReply, fault: string | null): Promise<FastifyReply> => {
    const all = await duties.recertifications(ownerOf(request));
    const year = new Date().getUTCFullYear();
    return sendPage(reply, deskPage(site, request, `Re-certification of agencies, ${ownerName(ownerOf(request))}`, html`<p><a href="/desk/${ownerOf(request)}/duties">Duties</a></p>${faultBox(fault)}
<p>Once a year each agency is kept, reduced or removed, with what it got beside it. The policy changes only when it is written into it.</p>
${all.length === 0 ? html`<p>None was begun yet.</p>` : table('Re-certifications', ['Year', 'State', 'Due', 'Decided'], all.map((one) => [html`<a href="${here(request)}/${one.id}">${one.year}</a>`, reviewStates[one.state], when(one.dueAt), `${one.decided} of ${one.total}`]))}
${may(request, 'duty.act') && !all.some((one) => one.year === year) ? html`<h2>Begin that of ${year}</h2><form method="post" action="${here(request)}"><input type="hidden" name="year" value="${year}">
<div class="field"><label for="dueAt">Due on this day</label><input type="date" id="dueAt" name="dueAt" required></div><button type="submit">Begin</button></form>` : null}`));
  };
  const one = async (request: FastifyRequest, reply: FastifyReply, fault: string | null): Promise<FastifyReply> => {
    const owner = ownerOf(request);
    const query = request.query as Readonly<Record<string, unknown>>;
    const view = (await duties.recertifications(owner)).find(({ id }) => id === partOf(request, 'id'));
    if (view === undefined) return answerProblem(request, reply, 'unknownObject');
    try {
      const open = query['all'] !== 'yes';
      const page = await duties.recertificationPage(owner, view.id, { after: typeof query['after'] === 'string' ? query['after'].slice(0, 200) : null, limit: itemsShown, open });
      return await sendPage(reply, deskPage(site, request, `Re-certification of agencies for ${view.year}`, agenciesPage(here(request), view, page, { fault, open, mayAct: may(request, 'duty.act'), typed: typedOf(request) })));
    } catch (error) {
      if (error instanceof DutyError) return answerProblem(request, reply, 'unknownObject');
      throw error;
    }
  };
  scope.get(base, { config: { action: 'duty.read' } }, (request, reply) => list(request, reply, null));
  scope.post(base, { config: { action: 'duty.act', keeps: true } }, (request, reply) => orTold(request, reply, async () => {
    const fields = fieldsOf(request);
    const { id } = await duties.beginRecertification(ownerOf(request), { year: Number(field(fields, 'year', 4)), dueAt: `${field(fields, 'dueAt', 10)}T23:59:59Z` }, dutyActor(request));
    return `${here(request)}/${id}`;
  }, (fault) => list(request, reply, fault)));
  scope.get(`${base}/:id`, { config: { action: 'duty.read' } }, (request, reply) => one(request, reply, null));
  scope.post(`${base}/:id/items/:item`, { config: { action: 'duty.act', keeps: true } }, (request, reply) => orTold(request, reply, async () => {
    const fields = fieldsOf(request);
    await duties.recertify(ownerOf(request), partOf(request, 'id'), partOf(request, 'item'), { decision: field(fields, 'decision', 10) as 'keep', reason: field(fields, 'reason', 2_001) }, dutyActor(request));
    return `${here(request)}/${partOf(request, 'id')}`;
  }, (fault) => one(request, reply, fault)));
  scope.post(`${base}/:id/items/:item/written`, { config: { action: 'duty.act', keeps: true } }, (request, reply) => orTold(request, reply, async () => {
    await duties.policyWritten(ownerOf(request), partOf(request, 'id'), partOf(request, 'item'), { version: Number(field(fieldsOf(request), 'version', 10)) }, dutyActor(request));
    return `${here(request)}/${partOf(request, 'id')}?all=yes`;
  }, (fault) => one(request, reply, fault)));
}

function agenciesPage(base: string, view: RecertificationView, { items, next }: RecertificationPage, { fault, open, mayAct, typed }: { readonly fault: string | null; readonly open: boolean; readonly mayAct: boolean; readonly typed: Typed }): Html {
  const here = `${base}/${view.id}`;
  return html`<p><a href="${base}">Re-certifications</a></p>${faultBox(fault)}
<p>${reviewStates[view.state]}, due ${when(view.dueAt)}. ${view.decided} of ${view.total} decided. ${open ? html`<a href="${here}?all=yes">Show the decided ones too</a>` : html`<a href="${here}">Only the open ones</a>`}</p>
${items.length === 0 ? html`<p>None is left here.</p>` : items.map((one) => html`<section class="card ${one.decision === null ? 'warn' : 'good'}"><h2>${one.name}</h2>
<dl><dt>Asked in the year</dt><dd>${one.evidence.asked}</dd><dt>Answered</dt><dd>${one.evidence.answered}</dd><dt>Refused</dt><dd>${one.evidence.refused}</dd><dt>Held</dt><dd>${one.evidence.held}</dd><dt>Asked last</dt><dd>${when(one.evidence.lastAsked)}</dd>
<dt>Certifications</dt><dd>${one.evidence.certifications.length === 0 ? 'none' : one.evidence.certifications.join('; ')}</dd><dt>Agreements</dt><dd>${one.evidence.agreements.length === 0 ? 'none' : one.evidence.agreements.join('; ')}</dd></dl>
${one.decision === null ? (mayAct ? html`<form method="post" action="${here}/items/${one.id}">${choice('decision', `d-${one.id}`, one.name, [['keep', 'Keep'], ['reduce', 'Reduce'], ['remove', 'Remove']], typed('decision', one.id))}${reasonField(`r-${one.id}`, 'In a sentence. The policy stays as it is until somebody writes it in.', typed('reason', one.id))}<button type="submit">Decide</button></form>` : null) : html`
<p class="status">${{ keep: 'Kept', reduce: 'Reduced', remove: 'Removed' }[one.decision]} by ${one.by ?? ''}${one.reason === null ? '' : `: ${one.reason}`}</p>
${one.sentence === null ? null : html`<p>To write into the policy: <q>${one.sentence}</q> ${one.others === 0 || one.others === null ? '' : `It means ${one.others} other agencies too.`}</p>
${one.writtenVersion !== null ? html`<p>Version ${one.writtenVersion} of the policy has it.</p>` : mayAct ? html`<form method="post" action="${here}/items/${one.id}/written"><div class="field"><label for="v-${one.id}">Version of the policy that has it</label><input type="number" id="v-${one.id}" name="version" min="1" required></div><button type="submit">It is written</button></form>` : null}`}`}</section>`)}
${next === null ? null : html`<p><a href="${here}?after=${encodeURIComponent(next)}${open ? '' : '&all=yes'}">The next ${itemsShown}</a></p>`}`;
}
