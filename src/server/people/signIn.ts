import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { html, type Html } from '../../drawing/html.ts';
import { fromOf } from '../gate/actor.ts';
import { networkOf } from '../gate/tries.ts';
import { sendPage } from '../pages/desk.ts';
import { field, fieldsOf, safeTo } from '../pages/forms.ts';
import { page } from '../pages/layout.ts';
import { answerProblem } from './faults.ts';
import { alert, button, hidden, input } from './parts.ts';
import { passkeyBox, sendScriptPage } from './passkeyPage.ts';
import type { PeopleContext } from './context.ts';
import { allowsPersonas, putSession, setStep, signInWords, stepOf } from './sessions.ts';

/** `/sign-in`, `/sign-in/code` and, on the loopback demonstration, one click to be an invented person. A sign-in ends at the notice. */
export function addSignIn(app: FastifyInstance, context: PeopleContext): void {
  const { deps, people } = context;
  const { accounts, acts } = people;
  const config = { action: 'session.begin' } as const;

  app.get('/sign-in', { config }, (request, reply) => show(context, request, reply, queryTo(request), null, 200));

  app.post('/sign-in', { config }, async (request, reply) => {
    const fields = fieldsOf(request);
    const to = safeTo(fields.get('to'));
    const login = field(fields, 'login', 200);
    const wait = context.tries.take(`${request.ip} ${login.toLowerCase()}`) ?? context.hashes.take(networkOf(request.ip));
    if (wait !== null) return tooMany(request, reply, wait);
    const first = await accounts.begin(login, (fields.get('password') ?? '').slice(0, 1_000), fromOf(request));
    if (!first.ok) return show(context, request, reply, to, signInWords.refused, 401, login);
    setStep(reply, deps.listener, first.flow);
    return reply.redirect(`/sign-in/code?to=${encodeURIComponent(to)}`, 303);
  });

  app.get('/sign-in/code', { config }, (request, reply) => stepOf(request) === null ? reply.redirect('/sign-in', 303) : showCode(context, reply, queryTo(request), null, 200));

  app.post('/sign-in/code', { config }, async (request, reply) => {
    const fields = fieldsOf(request);
    const to = safeTo(fields.get('to'));
    const flow = stepOf(request);
    if (flow === null) return show(context, request, reply, to, signInWords.expired, 401);
    const wait = context.tries.take(`${request.ip} ${flow}`);
    if (wait !== null) return tooMany(request, reply, wait);
    const done = await accounts.finishWithCode(flow, codeOf(fields), fromOf(request));
    if (!done.ok && done.why === 'expired') setStep(reply, deps.listener, '');
    if (!done.ok) return done.why === 'expired' ? show(context, request, reply, to, signInWords.expired, 401) : showCode(context, reply, to, signInWords[done.why], 401);
    setStep(reply, deps.listener, '');
    await putSession(context, request, reply, done.cookie);
    return reply.redirect(`/notice?to=${encodeURIComponent(to)}`, 303);
  });

  app.post('/sign-in/persona', { config }, async (request, reply) => {
    const fields = fieldsOf(request);
    const persona = people.personas.find(({ account }) => account === field(fields, 'account', 20));
    if (!allowsPersonas(context, request)) {
      // Anybody can send this; once a minute from one address is enough of it on the record.
      if (context.tries.take(`${request.ip} persona`) === null) await acts.record({ act: 'signInFailed', owner: null, who: 'nobody', result: 'refused', detail: { factor: 'persona' }, words: { address: request.ip } });
      return answerProblem(request, reply, 'notPermitted', { detail: 'Invented people can be signed in as with one click on the loopback demonstration only.', reasonCode: 'PERSONA_ELSEWHERE' });
    }
    if (persona === undefined) return answerProblem(request, reply, 'unknownObject');
    const to = safeTo(fields.get('to'));
    const done = await accounts.signInProved(persona.account, ['persona'], fromOf(request));
    if (!done.ok) return show(context, request, reply, to, signInWords[done.why], 401);
    await putSession(context, request, reply, done.cookie);
    return reply.redirect(`/notice?to=${encodeURIComponent(to)}`, 303);
  });
}

/** A one-time code as it was typed: people put spaces into it. */
export function codeOf(fields: URLSearchParams): string {
  return (fields.get('code') ?? '').replace(/\s/g, '').slice(0, 20);
}

/** Where the person was going, as the address says it. */
export function queryTo({ query }: FastifyRequest): string {
  const { to } = query as { readonly to?: unknown };
  return safeTo(typeof to === 'string' ? to : null);
}

/** The ways in that lead elsewhere: a state's own provider. */
export function providerLinks({ people }: PeopleContext, where: 'sign-in' | 'again', to: string): Html | null {
  const providers = people.providers ?? [];
  if (providers.length === 0) return null;
  return html`<h2>With your state’s own sign-in</h2><ul>${providers.map(({ id, name }) => html`<li><a href="/${where}/with/${encodeURIComponent(id)}?to=${encodeURIComponent(to)}">${name}</a></li>`)}</ul>
`;
}

function show(context: PeopleContext, request: FastifyRequest, reply: FastifyReply, to: string, problem: string | null, status: number, login = ''): FastifyReply {
  const personas = allowsPersonas(context, request) ? context.people.personas : [];
  return sendScriptPage(reply.code(status), page(context.site, 'Sign in', '/desk', html`
${alert(problem)}${personas.length === 0 ? null : html`<section class="card warn"><h2>Be an invented person</h2>
<p>All of them are invented. This is offered on this machine (loopback) only, and in the demonstration only.</p>
<ul class="people">${personas.map(({ account, name, does }) => html`<li>${button('/sign-in/persona', name, { account, to })}<span>${does}</span></li>`)}</ul></section>
`}${providerLinks(context, 'sign-in', to)}<h2>With a local account</h2>
<form method="post" action="/sign-in">${hidden({ to })}
${input({ name: 'login', label: 'Login', autocomplete: 'username', value: login })}${input({ name: 'password', label: 'Password', type: 'password', autocomplete: 'current-password', max: 1_000 })}
<p><button type="submit">Go on</button></p></form>
${passkeyBox('sign-in', to)}
<p class="quiet">You were invited? Open the link of the invitation, or <a href="/invitation">give it here</a>.</p>`));
}

function showCode({ site }: PeopleContext, reply: FastifyReply, to: string, problem: string | null, status: number): FastifyReply {
  return sendPage(reply.code(status), page(site, 'Your one-time code', '/desk', html`
${alert(problem)}<form method="post" action="/sign-in/code">${hidden({ to })}
${input({ name: 'code', label: 'One-time code', hint: 'Six digits, from your authenticator.', autocomplete: 'one-time-code', inputmode: 'numeric', max: 20 })}
<p><button type="submit">Sign in</button></p></form>
<p><a href="/sign-in">Begin again</a></p>`));
}

function tooMany(request: FastifyRequest, reply: FastifyReply, seconds: number): FastifyReply {
  return answerProblem(request, reply.header('retry-after', String(seconds)), 'tooManyTries', { detail: signInWords.tooMany });
}
