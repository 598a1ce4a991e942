import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { html, type Html } from '../../drawing/html.ts';
import type { AccountView, SignIn } from '../../people/accounts/types.ts';
import { fromOf, personOf } from '../gate/actor.ts';
import { sendPage } from '../pages/desk.ts';
import { field, fieldsOf, safeTo } from '../pages/forms.ts';
import { page } from '../pages/layout.ts';
import type { PeopleContext } from './context.ts';
import { answerProblem } from './faults.ts';
import { alert, button, hidden, input } from './parts.ts';
import { passkeyBox, sendScriptPage } from './passkeyPage.ts';
import { allowsPersonas, dropSession, ownAccount, renewSession, signInWords } from './sessions.ts';
import { codeOf, providerLinks, queryTo } from './signIn.ts';

/**
 * What a session goes through: the notice (CJIS AC-8), the locked screen (AC-11), all factors again (IA-11), and its end. `/unlock` and `/again` are the same
 * thing under two titles: the session goes on with a new secret.
 */
export function addStanding(app: FastifyInstance, context: PeopleContext): void {
  const { people: { accounts }, site } = context;
  const closed = { action: 'session.own', closed: true } as const;
  const open = { action: 'session.own' } as const;

  app.get('/notice', { config: closed }, (request, reply) => {
    const to = queryTo(request);
    if (request.sessionState === 'open') return reply.redirect(to, 303);
    if (request.sessionState === 'locked') return reply.redirect(`/unlock?to=${encodeURIComponent(to)}`, 303);
    return sendPage(reply, page(site, 'Before you go on', '/desk', html`
<section class="card warn">${accounts.settings.notice.split(/\n\n+/).map((part) => html`<p>${part}</p>`)}</section>
<p>You are signed in as <strong>${personOf(request).name}</strong>.</p>
<div class="buttons">${button('/notice', 'I accept', { to })}${button('/sign-out', 'Sign out', {}, true)}</div>`));
  });

  app.post('/notice', { config: closed }, async (request, reply) => {
    if (request.session === null) return noSession(request, reply);
    await accounts.acceptNotice(request.session);
    return reply.redirect(safeTo(fieldsOf(request).get('to')), 303);
  });

  app.post('/lock', { config: closed }, async (request, reply) => {
    if (request.session === null) return noSession(request, reply);
    await accounts.lockScreen(request.session);
    return reply.redirect('/unlock', 303);
  });

  app.post('/sign-out', { config: closed }, async (request, reply) => {
    if (request.session === null) return noSession(request, reply);
    await accounts.signOut(request.session);
    dropSession(context, reply);
    return reply.redirect('/sign-in', 303);
  });

  for (const [path, config, title, why] of [
    ['/unlock', closed, 'The screen is locked', 'Show all factors again, and go on where you were.'],
    ['/again', open, 'Show all factors again', 'What you are about to do needs a sign-in of the last five minutes.'],
  ] as const) {
    const show = async (request: FastifyRequest, reply: FastifyReply, to: string, problem: string | null, status: number): Promise<FastifyReply> => {
      const account = await ownAccount(accounts, request);
      return sendScriptPage(reply.code(status), page(site, title, '/desk', html`
<p>${why}</p>
${sentWords(request, to)}<p>You are signed in as <strong>${personOf(request).name}</strong>.</p>
${alert(problem)}${account === null ? null : factorsOf(context, request, account, path, to)}
${button('/sign-out', 'Sign out', {}, true)}`));
    };

    app.get(path, { config }, (request, reply) => show(request, reply, queryTo(request), null, 200));

    app.post(path, { config }, async (request, reply) => {
      if (request.session === null) return noSession(request, reply);
      const fields = fieldsOf(request);
      const to = safeTo(fields.get('to'));
      const done = await again(context, request, request.session, fields);
      if (done === 'elsewhere') return answerProblem(request, reply, 'notPermitted', { detail: 'An invented person can be signed in as with one click on the loopback demonstration only.', reasonCode: 'PERSONA_ELSEWHERE' });
      if (done === 'tooMany') return show(request, reply.header('retry-after', '60'), to, signInWords.tooMany, 429);
      if (!done.ok) return show(request, reply, to, signInWords[done.why], 401);
      renewSession(context, reply, done.cookie);
      return reply.redirect(to, 303);
    });
  }
}

/** What became of a form that was sent and led here. */
function sentWords({ query }: FastifyRequest, to: string): Html | null {
  if (to.startsWith('/kept/')) return html`<p class="card warn">What you sent was not done yet. What you filled in is kept, and comes back in its form.</p>
`;
  return (query as { readonly lost?: unknown }).lost === 'yes' ? html`<p class="card warn">What you sent was not done, and is not kept: a file or a password is given again, and a button pressed again.</p>
` : null;
}

async function again(context: PeopleContext, request: FastifyRequest, session: string, fields: URLSearchParams): Promise<SignIn | 'elsewhere' | 'tooMany'> {
  const { people: { accounts, personas } } = context;
  const { account } = personOf(request);
  if (context.tries.take(`${request.ip} ${account}`) !== null) return 'tooMany';
  if (field(fields, 'with', 20) !== 'persona') return await accounts.again(session, { password: (fields.get('password') ?? '').slice(0, 1_000), code: codeOf(fields) }, fromOf(request));
  if (!allowsPersonas(context, request) || !personas.some((one) => one.account === account)) return 'elsewhere';
  return await accounts.againProved(session, account, ['persona'], fromOf(request));
}

/** The ways that an account has to show all its factors. */
function factorsOf(context: PeopleContext, request: FastifyRequest, { kind, factors, account, name }: AccountView, path: string, to: string): Html | null {
  if (kind === 'persona') {
    const offered = allowsPersonas(context, request) && context.people.personas.some((one) => one.account === account);
    return offered ? html`<p>Invented people have no password: on this machine, a click stands for it.</p>${button(path, `Go on as ${name}`, { with: 'persona', to })}` : null;
  }
  if (kind === 'oidc') return providerLinks(context, 'again', to);
  return html`<form method="post" action="${path}">${hidden({ to })}
${input({ name: 'password', label: 'Password', type: 'password', autocomplete: 'current-password', max: 1_000 })}${input({ name: 'code', label: 'One-time code', hint: 'Six digits, from your authenticator.', autocomplete: 'one-time-code', inputmode: 'numeric', max: 20 })}
<p><button type="submit">Go on</button></p></form>
${factors.includes('passkey') ? passkeyBox('again', to) : null}`;
}

function noSession(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return answerProblem(request, reply, 'signInNeeded', { detail: 'That is of a session in a browser, and a token has none.' });
}
