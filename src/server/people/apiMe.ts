import type { FastifyInstance } from 'fastify';
import { Type, type Static } from 'typebox';

import type { Action } from '../../people/roles/index.ts';
import { scopeText } from '../../people/roles/index.ts';
import { describe } from '../api/describe.ts';
import { personOf } from '../gate/actor.ts';
import { sendProblem } from '../send.ts';
import { doneSchema, idParam, meSchema, newTokenSchema, sessionsSchema, tokenBody, tokensSchema } from './apiSchemas.ts';
import type { PeopleContext } from './context.ts';
import { tokenActions } from './words.ts';

const byId = (description: string) => Type.Object({ id: idParam(description) });

/** `/v1/me` and what is below it: one's own facts, sessions and tokens. */
export function addMeApi(app: FastifyInstance, { people: { accounts } }: PeopleContext): void {
  const own = { action: 'session.own' } as const;
  const token = { action: 'token.own' } as const;

  app.get('/v1/me', {
    config: own,
    schema: describe({ operationId: 'me', tag: 'people', summary: 'Who is signed in', description: 'The person of the cookie or token, with the roles of this moment.', ok: { description: 'The person.', schema: meSchema }, problems: ['signInNeeded', 'sessionLocked', 'noticeDue', 'notPermitted'] }),
  }, (request, reply) => {
    const { account, name, employer, via, shownAt, grants, only } = personOf(request);
    return reply.send({ account, name, employer, via, shownAt: iso(shownAt === null ? null : new Date(shownAt)), grants: grants.map(({ role, scope, desks }) => ({ role, scope: scopeText(scope), desks })), actions: only });
  });

  app.get('/v1/me/sessions', {
    config: own,
    schema: describe({ operationId: 'mySessions', tag: 'people', summary: 'Your sessions that have not ended', description: 'Their ids are no secrets.', ok: { description: 'The newest first.', schema: sessionsSchema }, problems: ['signInNeeded', 'sessionLocked', 'noticeDue'] }),
  }, async (request, reply) => {
    const { account, session } = personOf(request);
    const list = await accounts.sessions(account);
    return reply.send({ sessions: list.map(({ id, begunAt, seenAt, factors, device }) => ({ id, begunAt: begunAt.toISOString(), seenAt: seenAt.toISOString(), factors, device, current: id === session })) });
  });

  app.delete<{ Params: { readonly id: string } }>('/v1/me/sessions/:id', {
    config: own,
    schema: describe({ operationId: 'endMySession', tag: 'people', summary: 'End a session of your own', description: 'Holds from the next request on.', params: byId('Of the list of sessions.'), ok: { description: 'It has ended.', schema: doneSchema }, problems: ['signInNeeded', 'foreignOrigin'] }),
  }, async (request, reply) => {
    const { account } = personOf(request);
    await accounts.endSession(account, request.params.id, { who: account, role: null });
    return reply.send({ done: true });
  });

  app.get('/v1/me/tokens', {
    config: token,
    schema: describe({ operationId: 'myTokens', tag: 'people', summary: 'Your tokens', description: 'Needs a fresh sign-in. Secrets are kept as hashes and are not shown again.', ok: { description: 'All that were made.', schema: tokensSchema }, problems: ['signInNeeded', 'freshSignInNeeded'] }),
  }, async (request, reply) => reply.send({ tokens: (await accounts.tokens(personOf(request).account)).map(shownToken) }));

  app.post<{ Body: Static<typeof tokenBody> }>('/v1/me/tokens', {
    config: token,
    schema: describe({
      operationId: 'makeToken', tag: 'people', summary: 'Make a token for a program', description: 'Needs a fresh sign-in. It never allows more than the roles of its account at the moment of use, and nothing that needs a fresh sign-in.', body: tokenBody,
      ok: { description: 'The secret, this once.', schema: newTokenSchema }, problems: ['badBody', 'signInNeeded', 'freshSignInNeeded', 'foreignOrigin', 'fieldWrong'],
    }),
  }, async (request, reply) => {
    const person = personOf(request);
    const may: readonly Action[] = tokenActions(person);
    const { name, days } = request.body;
    const actions = request.body.actions.filter((action): action is Action => may.some((one) => one === action));
    if (actions.length < request.body.actions.length) return sendProblem(request, reply, 'fieldWrong', { detail: `A token of yours can be for: ${may.join(', ')}.`, reasonCode: 'TOKEN_ACTIONS' });
    const made = await accounts.makeToken(person.account, { name, actions, days }, { who: person.account, role: null });
    return reply.send({ secret: made.secret, token: shownToken(made.token) });
  });

  app.delete<{ Params: { readonly id: string } }>('/v1/me/tokens/:id', {
    config: token,
    schema: describe({ operationId: 'revokeToken', tag: 'people', summary: 'Revoke a token', description: 'Needs a fresh sign-in. Holds from the next request on.', params: byId('Of the list of tokens.'), ok: { description: 'Revoked.', schema: doneSchema }, problems: ['signInNeeded', 'freshSignInNeeded', 'foreignOrigin', 'unknownObject'] }),
  }, async (request, reply) => {
    const { account } = personOf(request);
    await accounts.revokeToken(account, request.params.id, { who: account, role: null });
    return reply.send({ done: true });
  });
}

function shownToken({ id, name, actions, createdAt, expiresAt, usedAt, revokedAt }: Awaited<ReturnType<PeopleContext['people']['accounts']['tokens']>>[number]) {
  return { id, name, actions, createdAt: createdAt.toISOString(), expiresAt: expiresAt.toISOString(), usedAt: iso(usedAt), revokedAt: iso(revokedAt) };
}

export function iso(at: Date | null): string | null {
  return at === null ? null : at.toISOString();
}
