import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Type, type Static } from 'typebox';

import { describe } from '../api/describe.ts';
import type { SignIn } from '../../people/accounts/types.ts';
import { fromOf, personOf } from '../gate/actor.ts';
import { networkOf } from '../gate/tries.ts';
import { sendProblem } from '../send.ts';
import { doneSchema, firstStepSchema, passkeyOptionsSchema, passkeySchema, signedInSchema } from './apiSchemas.ts';
import type { PeopleContext } from './context.ts';
import { dropSession, putSession, renewSession, signInWords } from './sessions.ts';

const loginBody = Type.Object({ login: Type.String({ maxLength: 200 }), password: Type.String({ maxLength: 1_000 }) }, { additionalProperties: false });
const flow = Type.String({ minLength: 20, maxLength: 100 });
const codeBody = Type.Object({ flow, code: Type.String({ maxLength: 20 }) }, { additionalProperties: false });
const keyBody = Type.Object({ flow, passkey: passkeySchema }, { additionalProperties: false });
const optionsBody = Type.Object({ flow: Type.Optional(flow) }, { additionalProperties: false });
const againBody = Type.Union([Type.Object({ password: Type.String({ maxLength: 1_000 }), code: Type.String({ maxLength: 20 }) }, { additionalProperties: false }), keyBody]);
const newKeyBody = Type.Object({ flow, name: Type.String({ minLength: 1, maxLength: 60 }), passkey: passkeySchema }, { additionalProperties: false });

/** Signing in, and what a session goes through, for programs and for the script of passkeys. The session is in the cookie, as for pages. */
export function addSessionApi(app: FastifyInstance, context: PeopleContext): void {
  const { people: { accounts } } = context;
  const begin = { action: 'session.begin' } as const;
  const closed = { action: 'session.own', closed: true } as const;
  const factor = { action: 'factor.own' } as const;

  app.post<{ Body: Static<typeof loginBody> }>('/v1/sign-in', {
    config: begin,
    schema: describe({
      operationId: 'signIn', tag: 'people', summary: 'The first factor of a local account', description: 'Login and password. One answer for whatever is wrong: nobody learns which accounts there are.', body: loginBody,
      ok: { description: 'Go on with a code or a passkey.', schema: firstStepSchema }, problems: ['badBody', 'signInNeeded', 'foreignOrigin', 'tooManyTries'],
    }),
  }, async (request, reply) => {
    const { login, password } = request.body;
    if (wait(context, request, reply, login.trim().toLowerCase())) return reply;
    const seconds = context.hashes.take(networkOf(request.ip));
    if (seconds !== null) return sendProblem(request, reply.header('retry-after', String(seconds)), 'tooManyTries');
    const first = await accounts.begin(login, password, fromOf(request));
    return first.ok ? reply.send({ flow: first.flow, factors: first.factors }) : refused(request, reply, 'refused');
  });

  app.post<{ Body: Static<typeof codeBody> }>('/v1/sign-in/code', {
    config: begin,
    schema: describe({
      operationId: 'signInWithCode', tag: 'people', summary: 'The second factor: a one-time code', description: 'A code is taken once.', body: codeBody,
      ok: { description: 'Signed in.', schema: signedInSchema }, problems: ['badBody', 'signInNeeded', 'foreignOrigin', 'tooManyTries'],
    }),
  }, async (request, reply) => {
    if (wait(context, request, reply, request.body.flow)) return reply;
    return await signedIn(context, request, reply, await accounts.finishWithCode(request.body.flow, request.body.code.replace(/\s/g, ''), fromOf(request)));
  });

  app.post<{ Body: Static<typeof optionsBody> }>('/v1/sign-in/passkey/options', {
    config: begin,
    schema: describe({
      operationId: 'passkeyOptions', tag: 'people', summary: 'What to ask an authenticator for', description: 'With the flow of a first factor, for a passkey of that account; without, for any: it is two factors in one.', body: optionsBody,
      ok: { description: 'A challenge, for five minutes.', schema: passkeyOptionsSchema }, problems: ['badBody', 'signInNeeded', 'foreignOrigin', 'tooManyTries'],
    }),
  }, async (request, reply) => {
    const seconds = context.challenges.take(request.ip);
    if (seconds !== null) return sendProblem(request, reply.header('retry-after', String(seconds)), 'tooManyTries');
    const challenge = await accounts.passkeyChallenge(request.body.flow ?? null);
    return challenge === null ? refused(request, reply, 'expired') : reply.send(challenge);
  });

  app.post<{ Body: Static<typeof keyBody> }>('/v1/sign-in/passkey', {
    config: begin,
    schema: describe({
      operationId: 'signInWithPasskey', tag: 'people', summary: 'Sign in with a passkey', description: 'Shown with user verification. A challenge is taken once.', body: keyBody,
      ok: { description: 'Signed in.', schema: signedInSchema }, problems: ['badBody', 'signInNeeded', 'foreignOrigin', 'tooManyTries'],
    }),
  }, async (request, reply) => {
    if (wait(context, request, reply, request.body.flow)) return reply;
    return await signedIn(context, request, reply, await accounts.finishWithPasskey(request.body.flow, request.body.passkey as unknown as AuthenticationResponseJSON, fromOf(request)));
  });

  app.post<{ Body: Static<typeof againBody> }>('/v1/me/again', {
    config: closed,
    schema: describe({
      operationId: 'again', tag: 'people', summary: 'Show all factors again', description: 'Unlocks the screen, and is what weighty acts need within five minutes before. The session goes on with a new cookie.', body: againBody,
      ok: { description: 'Shown.', schema: signedInSchema }, problems: ['badBody', 'signInNeeded', 'foreignOrigin', 'tooManyTries'],
    }),
  }, async (request, reply) => {
    const { session, body } = request;
    if (session === null) return noSession(request, reply);
    if (wait(context, request, reply, personOf(request).account)) return reply;
    const done = await accounts.again(session, 'flow' in body ? { flow: body.flow, passkey: body.passkey as unknown as AuthenticationResponseJSON } : body, fromOf(request));
    if (!done.ok) return refused(request, reply, done.why);
    renewSession(context, reply, done.cookie);
    return reply.send({ account: done.account, next: request.sessionState === 'notice' ? '/notice' : '/desk' });
  });

  for (const [path, operationId, summary, work] of [
    ['/v1/me/notice', 'acceptNotice', 'Accept the notice at sign-in', (session) => accounts.acceptNotice(session)],
    ['/v1/me/lock', 'lockScreen', 'Lock the screen', (session) => accounts.lockScreen(session)],
    ['/v1/me/sign-out', 'signOut', 'End this session', (session) => accounts.signOut(session)],
  ] as readonly (readonly [string, string, string, (session: string) => Promise<void>])[]) {
    app.post(path, {
      config: closed,
      schema: describe({ operationId, tag: 'people', summary, description: 'Of the session in the cookie.', ok: { description: 'Done.', schema: doneSchema }, problems: ['signInNeeded', 'foreignOrigin'] }),
    }, async (request, reply) => {
      if (request.session === null) return noSession(request, reply);
      await work(request.session);
      if (operationId === 'signOut') dropSession(context, reply);
      return reply.send({ done: true });
    });
  }

  app.post('/v1/me/passkeys/options', {
    config: factor,
    schema: describe({
      operationId: 'newPasskeyOptions', tag: 'people', summary: 'What to ask an authenticator for, to add a passkey', description: 'Needs a fresh sign-in.',
      ok: { description: 'A challenge, for five minutes.', schema: passkeyOptionsSchema }, problems: ['signInNeeded', 'freshSignInNeeded', 'foreignOrigin'],
    }),
  }, async (request, reply) => reply.send(await accounts.passkeyRegistration(personOf(request).account)));

  app.post<{ Body: Static<typeof newKeyBody> }>('/v1/me/passkeys', {
    config: factor,
    schema: describe({
      operationId: 'addPasskey', tag: 'people', summary: 'Add a passkey', description: 'Needs a fresh sign-in. Only the public key is kept.', body: newKeyBody,
      ok: { description: 'Added.', schema: doneSchema }, problems: ['badBody', 'signInNeeded', 'freshSignInNeeded', 'foreignOrigin', 'fieldWrong'],
    }),
  }, async (request, reply) => {
    const { flow: step, name, passkey } = request.body;
    await accounts.addPasskey(personOf(request).account, step, name, passkey as unknown as RegistrationResponseJSON);
    return reply.send({ done: true });
  });

}

async function signedIn(context: PeopleContext, request: FastifyRequest, reply: FastifyReply, done: SignIn): Promise<FastifyReply> {
  if (!done.ok) return refused(request, reply, done.why);
  await putSession(context, request, reply, done.cookie);
  return reply.send({ account: done.account, next: '/notice' });
}

function refused(request: FastifyRequest, reply: FastifyReply, why: 'refused' | 'expired' | 'replayed'): FastifyReply {
  return sendProblem(request, reply, 'signInNeeded', { detail: signInWords[why], reasonCode: `SIGN_IN_${why.toUpperCase()}` });
}

function noSession(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return sendProblem(request, reply, 'signInNeeded', { detail: 'That is of a session in a browser, and a token has none.', reasonCode: 'SIGN_IN_NO_SESSION' });
}

/** True after the problem was sent: too many tries from one address for one login or step. */
function wait(context: PeopleContext, request: FastifyRequest, reply: FastifyReply, what: string): boolean {
  const seconds = context.tries.take(`${request.ip} ${what}`);
  if (seconds === null) return false;
  sendProblem(request, reply.header('retry-after', String(seconds)), 'tooManyTries');
  return true;
}
