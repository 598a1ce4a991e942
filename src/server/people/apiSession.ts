import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import type { FastifyContextConfig, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Type, type Static, type TSchema } from 'typebox';

import { describe, type RouteFacts } from '../api/describe.ts';
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

/** What has tries counted, with a body. */
const counted = ['badBody', 'signInNeeded', 'foreignOrigin', 'tooManyTries'] as const;

/** Signing in, and what a session goes through, for programs and for the script of passkeys. The session is in the cookie, as for pages. */
export function addSessionApi(app: FastifyInstance, context: PeopleContext): void {
  const { people: { accounts } } = context;
  const begin = { action: 'session.begin' } as const;
  const closed = { action: 'session.own', closed: true } as const;
  const factor = { action: 'factor.own' } as const;

  addStep(app, '/v1/sign-in', begin, {
    operationId: 'signIn', summary: 'The first factor of a local account', description: 'Login and password. One answer for whatever is wrong: nobody learns which accounts there are.',
    body: loginBody, ok: { description: 'Go on with a code or a passkey.', schema: firstStepSchema }, problems: counted,
  }, async (request, reply, { login, password }) => {
    if (wait(context, request, reply, login.trim().toLowerCase()) || held(request, reply, context.hashes.take(networkOf(request.ip)))) return reply;
    const first = await accounts.begin(login, password, fromOf(request));
    return first.ok ? reply.send({ flow: first.flow, factors: first.factors }) : refused(request, reply, 'refused');
  });
  addStep(app, '/v1/sign-in/code', begin, {
    operationId: 'signInWithCode', summary: 'The second factor: a one-time code', description: 'A code is taken once.',
    body: codeBody, ok: { description: 'Signed in.', schema: signedInSchema }, problems: counted,
  }, async (request, reply, { flow: step, code }) => {
    if (wait(context, request, reply, step)) return reply;
    return await signedIn(context, request, reply, await accounts.finishWithCode(step, code.replace(/\s/g, ''), fromOf(request)));
  });
  addStep(app, '/v1/sign-in/passkey/options', begin, {
    operationId: 'passkeyOptions', summary: 'What to ask an authenticator for', description: 'With the flow of a first factor, for a passkey of that account; without, for any: it is two factors in one.',
    body: optionsBody, ok: { description: 'A challenge, for five minutes.', schema: passkeyOptionsSchema }, problems: counted,
  }, async (request, reply, { flow: step }) => {
    if (held(request, reply, context.challenges.take(request.ip))) return reply;
    const challenge = await accounts.passkeyChallenge(step ?? null);
    return challenge === null ? refused(request, reply, 'expired') : reply.send(challenge);
  });
  addStep(app, '/v1/sign-in/passkey', begin, {
    operationId: 'signInWithPasskey', summary: 'Sign in with a passkey', description: 'Shown with user verification. A challenge is taken once.',
    body: keyBody, ok: { description: 'Signed in.', schema: signedInSchema }, problems: counted,
  }, async (request, reply, { flow: step, passkey }) => {
    if (wait(context, request, reply, step)) return reply;
    return await signedIn(context, request, reply, await accounts.finishWithPasskey(step, passkey as unknown as AuthenticationResponseJSON, fromOf(request)));
  });

  addStep(app, '/v1/me/again', closed, {
    operationId: 'again', summary: 'Show all factors again', description: 'Unlocks the screen, and is what weighty acts need within five minutes before. The session goes on with a new cookie.',
    body: againBody, ok: { description: 'Shown.', schema: signedInSchema }, problems: counted,
  }, async (request, reply, body) => {
    const { session } = request;
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
    addStep(app, path, closed, {
      operationId, summary, description: 'Of the session in the cookie.', ok: { description: 'Done.', schema: doneSchema }, problems: ['signInNeeded', 'foreignOrigin'],
    }, async (request, reply) => {
      if (request.session === null) return noSession(request, reply);
      await work(request.session);
      if (operationId === 'signOut') dropSession(context, reply);
      return reply.send({ done: true });
    });
  }

  addStep(app, '/v1/me/passkeys/options', factor, {
    operationId: 'newPasskeyOptions', summary: 'What to ask an authenticator for, to add a passkey', description: 'Needs a fresh sign-in.',
    ok: { description: 'A challenge, for five minutes.', schema: passkeyOptionsSchema }, problems: ['signInNeeded', 'freshSignInNeeded', 'foreignOrigin'],
  }, async (request, reply) => reply.send(await accounts.passkeyRegistration(personOf(request).account)));
  addStep(app, '/v1/me/passkeys', factor, {
    operationId: 'addPasskey', summary: 'Add a passkey', description: 'Needs a fresh sign-in. Only the public key is kept.',
    body: newKeyBody, ok: { description: 'Added.', schema: doneSchema }, problems: ['badBody', 'signInNeeded', 'freshSignInNeeded', 'foreignOrigin', 'fieldWrong'],
  }, async (request, reply, { flow: step, name, passkey }) => {
    await accounts.addPasskey(personOf(request).account, step, name, passkey as unknown as RegistrationResponseJSON);
    return reply.send({ done: true });
  });
}

/** One step: where, by which action, what is said of it, and what it does with a body that fits. */
function addStep<B extends TSchema>(
  app: FastifyInstance, path: string, config: FastifyContextConfig, facts: Omit<RouteFacts, 'tag' | 'body'> & { readonly body?: B },
  work: (request: FastifyRequest, reply: FastifyReply, body: Static<B>) => Promise<FastifyReply>,
): void {
  app.post(path, { config, schema: describe({ ...facts, tag: 'people' }) }, (request, reply) => work(request, reply, request.body as Static<B>));
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
  return held(request, reply, context.tries.take(`${request.ip} ${what}`));
}

/** True after the problem was sent: it may be tried again in so many seconds. */
function held(request: FastifyRequest, reply: FastifyReply, seconds: number | null): boolean {
  if (seconds === null) return false;
  sendProblem(request, reply.header('retry-after', String(seconds)), 'tooManyTries');
  return true;
}
