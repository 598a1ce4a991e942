import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Type, type Static } from 'typebox';

import { html } from '../../drawing/html.ts';
import { countActs, readActQuery } from '../../people/acts/index.ts';
import { describe } from '../api/describe.ts';
import { personOf } from '../gate/actor.ts';
import { deskPage, sendPage } from '../pages/desk.ts';
import { field, fieldsOf } from '../pages/forms.ts';
import { sendProblem } from '../send.ts';
import { ActExportError, actFormats, beginActExport, type ActFormat } from './actExport.ts';
import { problemOfActs } from './actFaults.ts';
import { actPlaces, type ActPlaceKind } from './actPlaces.ts';
import { recordSearch, titleOf } from './acts.ts';
import { oriParam, ownerParam } from './apiSchemas.ts';
import type { PeopleContext } from './context.ts';
import { answerProblem } from './faults.ts';
import { alert, input } from './parts.ts';
import { zipOf } from './zip.ts';

/** What is asked of an export. */
interface Asked {
  readonly q: string;
  readonly format: ActFormat;
  readonly who: string;
  readonly why: string;
  readonly expires: string | null;
}

const body = Type.Object({
  q: Type.Optional(Type.String({ maxLength: 1_000, description: 'The search, as for reading acts; all of them where it is left out.' })),
  format: Type.Enum([...actFormats]),
  who: Type.String({ minLength: 1, maxLength: 200, description: 'The office that gets it.' }),
  why: Type.String({ minLength: 1, maxLength: 500, description: 'What it is for.' }),
  expires: Type.Optional(Type.String({ format: 'date', description: 'The last day on which it may be kept.' })),
}, { additionalProperties: false });

const zipType = 'application/zip';
const mostAtOnce = 4;
const countTo = 5_000_000;

/** `…/acts/export`: the form, and what it sends. The export is on the record before a byte of it leaves. */
export function addExportPages(app: FastifyInstance, context: PeopleContext): void {
  for (const kind of actPlaces) {
    const config = { action: kind.export };
    app.get(`${kind.page}/export`, { config }, (request, reply) => {
      const { q } = request.query as { readonly q?: unknown };
      return exportPage(context, kind, request, reply, { q: typeof q === 'string' ? q : '', format: 'csv', who: '', why: '', expires: null }, null);
    });
    app.post(`${kind.page}/export`, { config }, async (request, reply) => {
      const fields = fieldsOf(request);
      const expires = field(fields, 'expires', 10);
      const asked: Asked = { q: field(fields, 'q', 1_001), format: field(fields, 'format', 5) === 'jsonl' ? 'jsonl' : 'csv', who: field(fields, 'who', 201), why: field(fields, 'why', 501), expires: expires === '' ? null : expires };
      try {
        return await sendExport(context, kind, request, reply, asked);
      } catch (error) {
        const problem = problemOfActs(error);
        if (problem === null) throw error;
        if (problem.name !== 'fieldWrong') return answerProblem(request, reply, problem.name, problem.extras);
        return await exportPage(context, kind, request, reply.code(422), asked, problem.extras.detail ?? null);
      }
    });
  }
}

/** The same for programs. */
export function addExportApi(app: FastifyInstance, context: PeopleContext): void {
  for (const kind of actPlaces) {
    const [name, whose, params] = kind.api.startsWith('/v1/owners') ? ['Owner', 'an owner', { owner: ownerParam }] as const : kind.api.startsWith('/v1/agencies') ? ['Agency', 'an agency', { ori: oriParam }] as const : ['Own', 'oneself', null] as const;
    app.post<{ Body: Static<typeof body> }>(`${kind.api}/export`, {
      config: { action: kind.export },
      schema: describe({
        operationId: `exportActs${name}`, tag: 'people', summary: `Export acts of ${whose}`, ...(params === null ? {} : { params: Type.Object(params) }), body,
        description: 'A ZIP archive, written as it is read: asked.json, the acts as CSV or JSON Lines, and manifest.json with the SHA-256 of both. What people wrote is not in it. That it was begun is on the record before the first byte, and that it ended before the manifest; four are made at once, one of each account.',
        ok: { description: 'The archive.', type: zipType, schema: Type.String({ format: 'binary' }) }, problems: ['badParameter', 'badBody', 'signInNeeded', 'notPermitted', 'foreignOrigin', 'fieldWrong', 'tooManyTries', 'notRecorded'],
      }),
    }, async (request, reply) => {
      const { q = '', expires = null, ...asked } = request.body;
      try {
        return await sendExport(context, kind, request, reply, { ...asked, q, expires });
      } catch (error) {
        const problem = problemOfActs(error);
        if (problem === null) throw error;
        return sendProblem(request, reply, problem.name, problem.extras);
      }
    });
  }
}

/** Who exports now, by account: of this process. */
const running = new WeakMap<PeopleContext, Set<string>>();

async function sendExport(context: PeopleContext, kind: ActPlaceKind, request: FastifyRequest, reply: FastifyReply, { q, ...asked }: Asked): Promise<FastifyReply> {
  const { people, deps } = context;
  const { account } = personOf(request);
  const read = readActQuery(q);
  if (!read.ok) throw new ActExportError('ACTS_EXPORT_FIELD', 'the search is not understood', `${read.why.charAt(0).toUpperCase()}${read.why.slice(1)}.`);
  const now = running.get(context) ?? new Set();
  running.set(context, now);
  if (now.size >= mostAtOnce || now.has(account)) {
    reply.header('retry-after', '10');
    throw new ActExportError('ACTS_EXPORT_BUSY', now.has(account) ? 'an export of yours is being made' : 'as many exports are being made as the exchange makes at once', 'Try again when it is done.');
  }
  now.add(account);
  const { scope, place, owner, ori } = kind.of(request);
  const made = await beginActExport({ sql: people.sql, acts: people.acts, engine: `weir ${deps.version}` }, { scope, place, owner, ori, query: read.query, text: read.text, by: account, role: request.role, ...asked })
    .catch((error: unknown) => {
      now.delete(account);
      throw error;
    });
  const stream = Readable.from(zipOf(made.files()), { objectMode: false });
  stream.once('close', () => now.delete(account));
  stream.on('error', (error) => deps.log.error({ error }, 'an export of acts broke off'));
  return reply.header('content-type', zipType).header('content-disposition', `attachment; filename="${made.name}.zip"`).header('cache-control', 'no-store').send(stream);
}

async function exportPage(context: PeopleContext, kind: ActPlaceKind, request: FastifyRequest, reply: FastifyReply, { q, format, who, why, expires }: Asked, problem: string | null): Promise<FastifyReply> {
  const { people, site } = context;
  const where = kind.of(request);
  const { base, scope } = where;
  const read = readActQuery(q);
  if (read.ok) await recordSearch(people, request, kind, read.text);
  const counted = read.ok ? await countActs(people.sql, scope, read.query, countTo) : null;
  const text = read.ok ? read.text : q;
  return sendPage(read.ok ? reply : reply.code(422), deskPage(site, request, `Export: ${titleOf(context, where)}`, html`${alert(problem ?? (read.ok ? null : `The search is not understood: ${read.why}.`))}
<p>${counted === null ? null : counted.atLeast ? html`More than <strong>${counted.total}</strong> acts fit, which is more than one export holds: narrow the search first.` : html`<strong>${counted.total}</strong> ${counted.total === 1 ? 'act fits' : 'acts fit'} now.`} The file has numbers of accounts and no names, and nothing of what people wrote. That you export it, for whom and why, is on the record before it begins.</p>
<form method="post" action="${base}/export">${input({ name: 'q', label: 'Search', value: text, optional: 'unsaid', max: 1_000 })}
<fieldset><legend>Form</legend><label class="tick"><input type="radio" name="format" value="csv"${format === 'csv' ? html` checked` : null}> <span>CSV, for a spreadsheet</span></label><label class="tick"><input type="radio" name="format" value="jsonl"${format === 'jsonl' ? html` checked` : null}> <span>JSON Lines, for programs</span></label></fieldset>
${input({ name: 'who', label: 'The office that gets it', value: who, max: 200 })}${input({ name: 'why', label: 'What it is for', value: why, max: 500 })}${input({ name: 'expires', label: 'The last day on which it may be kept', type: 'date', optional: true, value: expires ?? '' })}
<p><button type="submit">Export</button></p></form><p><a href="${base}?q=${encodeURIComponent(text)}">Back to the search</a></p>`));
}
