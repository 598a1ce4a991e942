import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { createHash } from 'node:crypto';

import { html, type Html } from '../../drawing/html.ts';
import { acts as actNames, findAct, readActQuery, searchActs, type ActPage, type FoundAct } from '../../people/acts/index.ts';
import { actorOf } from '../gate/actor.ts';
import { deskPage, sendPage } from '../pages/desk.ts';
import type { PeopleContext } from './context.ts';
import { answerProblem } from './faults.ts';
import { alert, input, time } from './parts.ts';
import { actTable, actWords } from './words.ts';

export type Searched =
  | { readonly ok: true; readonly text: string; readonly page: ActPage }
  | { readonly ok: false; readonly why: string };

/** One act with the words of people in it, opened. */
export interface OpenedAct {
  readonly act: FoundAct;
  readonly words: Readonly<Record<string, string | null>> | null;
}

/**
 * Searches the acts of an owner for whoever the gate let through. The search is on the record before anything of it is read: by the hash of its text, and the
 * text sealed. Rejects with a `JournalError` where it cannot be recorded.
 */
export async function searchAsPerson({ people }: PeopleContext, request: FastifyRequest, owner: string, text: string, cursor: string | null): Promise<Searched> {
  const read = readActQuery(text);
  if (!read.ok) return { ok: false, why: `${read.word === '' ? 'The search' : `“${read.word.slice(0, 60)}”`} is not understood: ${read.why}.` };
  const { account, role } = actorOf(request);
  await people.acts.record({ act: 'actsSearched', owner, who: account, role, hash: createHash('sha256').update(read.text).digest('hex'), words: { query: read.text } });
  return { ok: true, text: read.text, page: await searchActs(people.sql, { owner }, read.query, cursor) };
}

/** Opens one act of an owner, with what was sealed of it. On the record first. Null where the owner has none of the kind. */
export async function openAsPerson({ people }: PeopleContext, request: FastifyRequest, owner: string, id: string): Promise<OpenedAct | null> {
  const found = await findAct(people.sql, { owner }, id.slice(0, 80));
  if (found === null) return null;
  const { account, role } = actorOf(request);
  await people.acts.record({ act: 'actsSearched', owner, who: account, role, on: found.act.id });
  return { act: found.act, words: found.sealed === null ? null : wordsOf(people.unseal(found.keyOf, found.sealed)) };
}

/** `/desk/:owner/acts?q=who:… act:… from:…`: a search that is also a form, and `/desk/:owner/acts/:id`, one act opened. */
export function addActPages(app: FastifyInstance, context: PeopleContext): void {
  const { site } = context;
  const config = { action: 'act.search' } as const;

  app.get<{ Params: { readonly owner: string } }>('/desk/:owner/acts', { config }, async (request, reply) => {
    const owner = request.params.owner.toUpperCase();
    const { q, after, ...parts } = request.query as Readonly<Record<string, unknown>>;
    const text = [textOf(q), ...['who', 'act', 'on', 'result', 'from', 'to'].flatMap((key) => (textOf(parts[key]) === '' ? [] : [`${key}:${textOf(parts[key])}`]))].join(' ').trim();
    const searched = await searchAsPerson(context, request, owner, text, typeof after === 'string' ? after : null);
    if (!searched.ok) return sendPage(reply.code(422), deskPage(site, request, `Acts: ${owner}`, html`${alert(searched.why)}${searchForm(owner, text)}`));
    return sendPage(reply, deskPage(site, request, `Acts: ${owner}`, html`${searchForm(owner, searched.text)}${resultsOf(owner, searched.text, searched.page, await namesOf(context, owner))}`));
  });

  app.get<{ Params: { readonly owner: string; readonly id: string } }>('/desk/:owner/acts/:id', { config }, async (request, reply) => {
    const owner = request.params.owner.toUpperCase();
    const opened = await openAsPerson(context, request, owner, request.params.id);
    return opened === null ? answerProblem(request, reply, 'unknownObject') : showOne(context, request, reply, owner, opened);
  });
}

function searchForm(owner: string, text: string): Html {
  return html`<p>What people did about the records and settings of this owner, and the sign-ins of its people. Each search is itself on the record.</p>
<form method="get" action="/desk/${owner}/acts" role="search">${input({ name: 'q', label: 'Search', hint: 'who: act: on: result: role: from: to: and a minus before what must not be', value: text, optional: 'unsaid', max: 1_000 })}<p><button type="submit">Search</button></p></form>
<details><summary>As a form</summary><form method="get" action="/desk/${owner}/acts">
${input({ name: 'who', label: 'Account', optional: true, max: 40 })}<div class="field"><label for="act">Act</label><select id="act" name="act"><option value="">any</option>${Object.entries(actNames).map(([name, plain]) => html`<option value="${name}">${plain}</option>`)}</select></div>
${input({ name: 'on', label: 'Number of a ticket, proposal, account or paper', optional: true, max: 80 })}<div class="field"><label for="result">Result</label><select id="result" name="result"><option value="">any</option><option>done</option><option>refused</option><option>failed</option></select></div>
${input({ name: 'from', label: 'From the day', type: 'date', optional: true })}${input({ name: 'to', label: 'To the day', type: 'date', optional: true })}
<p><button type="submit">Search</button></p></form></details>
<p class="quiet">Often asked: <a href="/desk/${owner}/acts?q=result:refused">what was refused</a>, <a href="/desk/${owner}/acts?q=act:heldOpened+act:paperOpened+act:noticeOpened">openings of residents’ data</a>, <a href="/desk/${owner}/acts?q=act:signInFailed+act:lockedOut">failures to sign in</a>, <a href="/desk/${owner}/acts?q=act:roleGiven+act:roleTaken">changes of roles</a></p>`;
}

function resultsOf(owner: string, text: string, { acts, next, total, atLeast }: ActPage, names: ReadonlyMap<string, string>): Html {
  if (acts.length === 0) return html`<p role="status">No act fits.</p>`;
  return html`<p role="status">${atLeast ? `At least ${total}` : String(total)} from here on.</p>
${actTable('Acts, the newest first', acts, (id) => `/desk/${owner}/acts/${id}`, names)}${next === null ? null : html`<p><a href="/desk/${owner}/acts?q=${encodeURIComponent(text)}&amp;after=${next}">Older acts</a></p>`}`;
}

/** The names of the people of an owner: the record has only their accounts. */
async function namesOf({ people: { accounts } }: PeopleContext, owner: string): Promise<ReadonlyMap<string, string>> {
  return new Map((await accounts.list({ kind: 'owner', owner })).map(({ account, name }) => [account, name]));
}

function showOne({ site }: PeopleContext, request: FastifyRequest, reply: FastifyReply, owner: string, { act, words }: OpenedAct): FastifyReply {
  const rows: readonly (readonly [string, Html | string | null])[] = [
    ['When', time(act.at)], ['Who', html`<code>${act.who}</code>`], ['Role', act.role], ['About', act.on === null ? null : html`<code>${act.on}</code>`], ['Result', act.result], ['Hash', act.hash === null ? null : html`<code>${act.hash}</code>`],
    ...Object.entries(act.detail ?? {}).map(([key, value]) => [key, String(value)] as const), ...Object.entries(words ?? {}).map(([key, value]) => [`${key} (sealed)`, value] as const),
  ];
  return sendPage(reply, deskPage(site, request, `An act: ${actWords(act.act)}`, html`<dl>${rows.filter(([, value]) => value !== null).map(([key, value]) => html`<dt>${key}</dt><dd>${value}</dd>`)}</dl>
<p class="quiet">Number <code>${act.id}</code>, in the ${act.owner === null ? 'exchange’s own log (00)' : `log of ${act.owner}`}. That you opened it is on the record.</p>
<p><a href="/desk/${owner}/acts?q=who:${encodeURIComponent(act.who.replace(' ', ':'))}">All acts of ${act.who}</a>${act.on === null ? null : html` · <a href="/desk/${owner}/acts?q=on:${encodeURIComponent(act.on)}">All acts about ${act.on}</a>`}</p>`));
}

function wordsOf(text: string): Readonly<Record<string, string | null>> {
  const words = JSON.parse(text) as Readonly<Record<string, unknown>>;
  return Object.fromEntries(Object.entries(words).map(([key, value]) => [key, value === null ? null : typeof value === 'string' ? value : JSON.stringify(value)]));
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.trim() : '';
}
