import type { FastifyInstance } from 'fastify';
import { Type, type Static } from 'typebox';

import { openSearches } from '../../people/acts/index.ts';
import { describe } from '../api/describe.ts';
import { personOf } from '../gate/actor.ts';
import { sendProblem } from '../send.ts';
import { openAsPerson, searchAsPerson } from './acts.ts';
import { addExportApi } from './actExportRoutes.ts';
import { problemOfActs } from './actFaults.ts';
import { actPlaces } from './actPlaces.ts';
import { actsQuery, actsSchema, doneSchema, idParam, openedActSchema, oriParam, ownerParam, savedSearchBody, savedSearchesSchema, savedSearchSchema } from './apiSchemas.ts';
import type { PeopleContext } from './context.ts';

const places = {
  '/v1/owners/:owner/acts': { operationId: 'searchActs', summary: 'Search what was done about an owner\'s records', description: 'The newest first, fifty to a page. The search itself is recorded.', params: Type.Object({ owner: ownerParam }) },
  '/v1/agencies/:ori/acts': { operationId: 'searchAgencyActs', summary: 'Search what an agency\'s people did', description: 'In a role of the agency, and at sign-in; of those who work for another too, only what names this one. The search itself is recorded.', params: Type.Object({ ori: oriParam }) },
  '/v1/me/acts': { operationId: 'myActs', summary: 'What you did', description: 'Everything that stands on the record under your account, the newest first.' },
} as const;

/** Acts, for programs: searched, opened and exported; and the searches that people keep. */
export function addActsApi(app: FastifyInstance, context: PeopleContext): void {
  for (const kind of actPlaces) {
    app.get<{ Querystring: Static<typeof actsQuery> }>(kind.api, {
      config: { action: kind.read },
      schema: describe({ ...places[kind.api], tag: 'people', querystring: actsQuery, ok: { description: 'A page.', schema: actsSchema }, problems: ['badParameter', 'signInNeeded', 'notPermitted', 'fieldWrong', 'notRecorded'] }),
    }, async (request, reply) => {
      const searched = await searchAsPerson(context, request, kind, request.query.q ?? '', request.query.after ?? null);
      return searched.ok ? reply.send(searched.page) : sendProblem(request, reply, 'fieldWrong', { detail: searched.why, reasonCode: 'ACTS_QUERY' });
    });
  }

  app.get<{ Params: { readonly owner: string; readonly id: string } }>('/v1/owners/:owner/acts/:id', {
    config: { action: 'act.search' },
    schema: describe({
      operationId: 'openAct', tag: 'people', summary: 'One act, with the words that are sealed in it', description: 'Reasons, notes and addresses, opened with the key of the owner. The opening is recorded first.', params: Type.Object({ owner: ownerParam, id: idParam('The id of an act.') }),
      ok: { description: 'The act.', schema: openedActSchema }, problems: ['badParameter', 'signInNeeded', 'notPermitted', 'unknownObject', 'notRecorded'],
    }),
  }, async (request, reply) => {
    const opened = await openAsPerson(context, request, request.params.owner.toUpperCase(), request.params.id);
    return opened === null ? sendProblem(request, reply, 'unknownObject') : reply.send(opened);
  });

  addExportApi(app, context);
  addSearchesApi(app, context);
}

function addSearchesApi(app: FastifyInstance, { people: { sql } }: PeopleContext): void {
  const config = { action: 'act.own' } as const;
  const searches = openSearches(sql);
  app.get('/v1/me/searches', {
    config,
    schema: describe({ operationId: 'mySearches', tag: 'people', summary: 'The searches of acts that you keep', description: 'Only yours. A search is run with the roles of the moment in which it is run.', ok: { description: 'By place and name.', schema: savedSearchesSchema }, problems: ['signInNeeded'] }),
  }, async (request, reply) => reply.send({ searches: await searches.list(personOf(request).account) }));

  app.post<{ Body: Static<typeof savedSearchBody> }>('/v1/me/searches', {
    config,
    schema: describe({
      operationId: 'keepSearch', tag: 'people', summary: 'Keep a search of acts', description: 'The same name at the same place is the newer search from then on. A person keeps a hundred at most.', body: savedSearchBody,
      ok: { description: 'The search.', schema: savedSearchSchema }, problems: ['badBody', 'signInNeeded', 'foreignOrigin', 'fieldWrong', 'stateChanged'],
    }),
  }, async (request, reply) => {
    try {
      return await reply.send(await searches.save(personOf(request).account, request.body));
    } catch (error) {
      const problem = problemOfActs(error);
      if (problem === null) throw error;
      return sendProblem(request, reply, problem.name, problem.extras);
    }
  });

  app.delete<{ Params: { readonly id: string } }>('/v1/me/searches/:id', {
    config,
    schema: describe({ operationId: 'removeSearch', tag: 'people', summary: 'Remove a search that you keep', description: 'Nothing else is touched.', params: Type.Object({ id: idParam('Of the list of searches.') }), ok: { description: 'It is gone.', schema: doneSchema }, problems: ['signInNeeded', 'foreignOrigin', 'unknownObject'] }),
  }, async (request, reply) => {
    try {
      await searches.remove(personOf(request).account, request.params.id);
    } catch (error) {
      const problem = problemOfActs(error);
      if (problem === null) throw error;
      return sendProblem(request, reply, problem.name, problem.extras);
    }
    return reply.send({ done: true });
  });
}
