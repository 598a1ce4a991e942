import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { createHash } from 'node:crypto';

import { html, type Html } from '../../drawing/html.ts';
import { findAct, openSearches, readActQuery, searchActs, type ActPage, type FoundAct } from '../../people/acts/index.ts';
import { actorOf, personOf } from '../gate/actor.ts';
import { deskPage, sendPage, withName } from '../pages/desk.ts';
import { field, fieldsOf } from '../pages/forms.ts';
import { detailRows } from './actDetail.ts';
import { problemOfActs } from './actFaults.ts';
import { facetsOf, queryOfForm, searchForm } from './actForm.ts';
import { actPlaces, type ActPlaceKind, type ActPlaceOf } from './actPlaces.ts';
import type { PeopleContext } from './context.ts';
import { answerProblem } from './faults.ts';
import { alert, button, input, time } from './parts.ts';
import { actTable, actWords, roleWords } from './words.ts';

export type Searched =
  | { readonly ok: true; readonly text: string; readonly page: ActPage }
  | { readonly ok: false; readonly why: string };

/** One act with the words of people in it, opened. */
export interface OpenedAct {
  readonly act: FoundAct;
  readonly words: Readonly<Record<string, string | null>> | null;
}

/**
 * Searches the acts of a place for whoever the gate let through. The search is on the record before anything of it is read: by the hash of its text, and the
 * text sealed. Rejects with a `JournalError` where it cannot be recorded.
 */
export async function searchAsPerson({ people }: PeopleContext, request: FastifyRequest, kind: ActPlaceKind, text: string, cursor: string | null): Promise<Searched> {
  const read = readActQuery(text);
  if (!read.ok) return { ok: false, why: `${read.word === '' ? 'The search' : `“${read.word.slice(0, 60)}”`} is not understood: ${read.why}.` };
  await recordSearch(people, request, kind, read.text);
  return { ok: true, text: read.text, page: await searchActs(people.sql, kind.of(request).scope, read.query, cursor) };
}

/** That somebody searches here, where that is recorded: before anything of it is read, be it a number. */
export async function recordSearch(people: PeopleContext['people'], request: FastifyRequest, kind: ActPlaceKind, text: string): Promise<void> {
  if (!kind.recorded) return;
  const { owner, ori } = kind.of(request);
  const { account, role } = actorOf(request);
  await people.acts.record({ act: 'actsSearched', owner, who: account, role, hash: createHash('sha256').update(text).digest('hex'), ...(ori === null ? {} : { detail: { ori } }), words: { query: text } });
}

/** Opens one act of an owner, with what was sealed of it. On the record first. Null where the owner has none of the kind. */
export async function openAsPerson({ people }: PeopleContext, request: FastifyRequest, owner: string, id: string): Promise<OpenedAct | null> {
  const found = await findAct(people.sql, { owner }, id.slice(0, 80));
  if (found === null) return null;
  const { account, role } = actorOf(request);
  await people.acts.record({ act: 'actsSearched', owner, who: account, role, on: found.act.id });
  return { act: found.act, words: found.sealed === null ? null : wordsOf(people.unseal(found.keyOf, found.sealed)) };
}

/** The acts of an owner, an agency and oneself: a search that is also a form, searches that one keeps, and of an owner `/desk/:owner/acts/:id`, one act opened. */
export function addActPages(app: FastifyInstance, context: PeopleContext): void {
  for (const kind of actPlaces) addPlacePages(app, context, kind);

  app.get<{ Params: { readonly owner: string; readonly id: string } }>('/desk/:owner/acts/:id', { config: { action: 'act.search' } }, async (request, reply) => {
    const owner = request.params.owner.toUpperCase();
    const opened = await openAsPerson(context, request, owner, request.params.id);
    return opened === null ? answerProblem(request, reply, 'unknownObject') : await showOne(context, request, reply, owner, opened);
  });
}

function addPlacePages(app: FastifyInstance, context: PeopleContext, kind: ActPlaceKind): void {
  const { people, site } = context;
  const config = { action: kind.read };
  const searches = openSearches(people.sql);

  app.get(kind.page, { config }, async (request, reply) => {
    const where = kind.of(request);
    const { after, ...given } = request.query as Readonly<Record<string, unknown>>;
    const text = queryOfForm(given);
    const searched = await searchAsPerson(context, request, kind, text, typeof after === 'string' ? after : null);
    if (!searched.ok) return sendPage(reply.code(422), deskPage(site, request, titleOf(context, where), html`${alert(searched.why, 'q')}${searchForm(where, text)}`));
    const [names, kept] = await Promise.all([namesOf(context, where), searches.list(personOf(request).account, where.place)]);
    return sendPage(reply, deskPage(site, request, titleOf(context, where), html`${searchForm(where, searched.text)}${resultsOf(where, searched.text, searched.page, names)}${keptOf(where, searched.text, kept)}`));
  });

  app.post(`${kind.page}/searches`, { config }, (request, reply) => {
    const { base, place } = kind.of(request);
    const fields = fieldsOf(request);
    const query = field(fields, 'q', 1_001);
    return andBack(request, reply, () => searches.save(personOf(request).account, { place, name: field(fields, 'name', 100), query }), `${base}?q=${encodeURIComponent(query)}`);
  });

  app.post(`${kind.page}/searches/remove`, { config }, (request, reply) => andBack(request, reply, () => searches.remove(personOf(request).account, field(fieldsOf(request), 'id', 40)), kind.of(request).base));
}

async function andBack(request: FastifyRequest, reply: FastifyReply, work: () => Promise<unknown>, to: string): Promise<FastifyReply> {
  try {
    await work();
  } catch (error) {
    const problem = problemOfActs(error);
    if (problem === null) throw error;
    return answerProblem(request, reply, problem.name, problem.extras);
  }
  return reply.redirect(to, 303);
}

function resultsOf({ base, scope }: ActPlaceOf, text: string, { acts, next, total, atLeast, facets }: ActPage, names: ReadonlyMap<string, string>): Html {
  if (acts.length === 0) return html`<p role="status">No act fits.</p>`;
  const link = 'owner' in scope ? (id: string) => `${base}/${id}` : null;
  return html`<p role="status">${atLeast ? `At least ${total}` : String(total)} from here on. <a href="${base}/export?q=${encodeURIComponent(text)}">Export them</a></p>
${facetsOf(base, text, facets)}
${actTable('Acts, the newest first', acts, link, names)}${next === null ? null : html`<p><a href="${base}?q=${encodeURIComponent(text)}&amp;after=${next}">Older acts</a></p>`}`;
}

function keptOf({ base }: ActPlaceOf, text: string, kept: readonly { readonly id: string; readonly name: string; readonly query: string }[]): Html {
  return html`<h2>Searches that you keep</h2>
${kept.length === 0 ? html`<p>None yet.</p>` : html`<ul>${kept.map(({ id, name, query }) => html`<li><a href="${base}?q=${encodeURIComponent(query)}">${name}</a> <code>${query === '' ? 'all' : query}</code> ${button(`${base}/searches/remove`, `Remove ${name}`, { id }, true)}</li>`)}</ul>`}
<form method="post" action="${base}/searches">${input({ name: 'name', id: 'keep', label: 'Keep this search as', hint: 'a name of yours; only you see it', max: 60 })}<input type="hidden" name="q" value="${text}"><p><button type="submit" class="quiet">Keep it</button></p></form>`;
}

/** The title of a place, an agency by its name too. */
export function titleOf({ people }: PeopleContext, { title, ori }: ActPlaceOf): string {
  return ori === null ? title : `${title}: ${withName(ori, people.agencyName(ori))}`;
}

/** The names of the people of a place: the record has only their accounts. */
async function namesOf({ people: { accounts } }: PeopleContext, { people }: Pick<ActPlaceOf, 'people'>): Promise<ReadonlyMap<string, string>> {
  return new Map(people === null ? [] : (await accounts.list(people)).map(({ account, name }) => [account, name]));
}

async function showOne(context: PeopleContext, request: FastifyRequest, reply: FastifyReply, owner: string, { act, words }: OpenedAct): Promise<FastifyReply> {
  const name = (await namesOf(context, { people: { kind: 'owner', owner } })).get(act.who);
  const rows: readonly (readonly [string, Html | string | null])[] = [
    ['When', time(act.at)], ['Who', html`${name === undefined ? null : html`${name} `}<code>${act.who}</code>`], ['Role', act.role === null ? null : roleWords(act.role)], ['About', act.on === null ? null : html`<code>${act.on}</code>`], ['Result', act.result], ['Hash', act.hash === null ? null : html`<code>${act.hash}</code>`],
    ...detailRows(act), ...Object.entries(words ?? {}).map(([key, value]) => [`${key} (sealed)`, value] as const),
  ];
  return sendPage(reply, deskPage(context.site, request, `An act: ${actWords(act.act)}`, html`<dl>${rows.filter(([, value]) => value !== null).map(([key, value]) => html`<dt>${key}</dt><dd>${value}</dd>`)}</dl>
<p class="quiet">Number <code>${act.id}</code>, in the ${act.owner === null ? 'exchange’s own log (00)' : `log of ${act.owner}`}. That you opened it is on the record.</p>
<p><a href="/desk/${owner}/acts?q=who:${encodeURIComponent(act.who.replace(' ', ':'))}">All acts of ${name ?? act.who}</a>${act.on === null ? null : html` · <a href="/desk/${owner}/acts?q=about:${encodeURIComponent(act.on)}">All acts about ${act.on}</a>`}</p>`));
}

function wordsOf(text: string): Readonly<Record<string, string | null>> {
  const words = JSON.parse(text) as Readonly<Record<string, unknown>>;
  return Object.fromEntries(Object.entries(words).map(([key, value]) => [key, value === null ? null : typeof value === 'string' ? value : JSON.stringify(value)]));
}
