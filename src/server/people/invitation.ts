import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { renderSVG } from 'uqr';

import { html } from '../../drawing/html.ts';
import { sendPage } from '../pages/desk.ts';
import { fieldsOf } from '../pages/forms.ts';
import { page } from '../pages/layout.ts';
import type { PeopleContext } from './context.ts';
import { answerProblem, problemOfError } from './faults.ts';
import { alert, hidden, input } from './parts.ts';
import { signInWords } from './sessions.ts';
import { codeOf } from './signIn.ts';

/** `/invitation/:secret`: one sets the password and the second factor, both at once. The secret is good once, and for so many hours; what logs a request has only the pattern of its address. */
export function addInvitation(app: FastifyInstance, context: PeopleContext): void {
  const { people: { accounts }, site } = context;
  const config = { action: 'session.begin' } as const;

  app.get('/invitation', { config }, (_request, reply) => sendPage(reply, page(site, 'You were invited', '/desk', html`
<form method="post" action="/invitation/open">${input({ name: 'secret', label: 'The invitation', hint: 'the link that you were given, or its last part', max: 300 })}
<p><button type="submit">Go on</button></p></form>`)));

  app.post('/invitation/open', { config }, (request, reply) => show(context, request, reply, secretOf(fieldsOf(request)), null));

  app.get<{ Params: { readonly secret: string } }>('/invitation/:secret', { config }, (request, reply) => show(context, request, reply, request.params.secret.slice(0, 200), null));

  app.post('/invitation', { config }, async (request, reply) => {
    const fields = fieldsOf(request);
    const secret = secretOf(fields);
    const key = (fields.get('key') ?? '').replace(/\s/g, '').slice(0, 100);
    const [password, repeated] = [fields.get('password') ?? '', fields.get('repeated') ?? ''];
    const wait = context.tries.take(`${request.ip} ${secret}`);
    if (wait !== null) return answerProblem(request, reply.header('retry-after', String(wait)), 'tooManyTries', { detail: signInWords.tooMany });
    if (password !== repeated) return show(context, request, reply, secret, 'The two passwords are not the same.', key);
    try {
      await accounts.takeUp(secret, { password: password.slice(0, 1_000), totp: { key, code: codeOf(fields) } });
    } catch (error) {
      const problem = problemOfError(error);
      if (problem === null) throw error;
      return show(context, request, reply, secret, problem.extras.detail ?? null, key);
    }
    return sendPage(reply, page(site, 'Your account is ready', '/desk', html`<section class="card good"><p>Password and one-time codes are set. The invitation cannot be used again.</p></section>
<p><a href="/sign-in">Sign in</a></p>`));
  });
}

/** The page of an invitation. With `again` the key that was shown before is kept, so that nobody must scan another. */
async function show({ people: { accounts }, site }: PeopleContext, request: FastifyRequest, reply: FastifyReply, secret: string, problem: string | null, again?: string): Promise<FastifyReply> {
  const invited = await accounts.invitation(secret);
  if (invited === null) {
    request.server.countProblem('unknownObject');
    return sendPage(reply.code(404), page(site, 'This invitation is not good', '/desk', html`<p>It was used, or its time is over, or a part of the link is missing. Whoever invited you can make another.</p><p><a href="/invitation">Give it here</a></p>`));
  }
  const { key, address } = await keyOf(accounts.totpKey(secret), again);
  const picture = `data:image/svg+xml;base64,${Buffer.from(renderSVG(address, { ecc: 'M', border: 2 })).toString('base64')}`;
  return sendPage(reply.code(problem === null ? 200 : 422), page(site, 'Welcome to Weir', '/desk', html`
${alert(problem)}<p>This account is for <strong>${invited.name}</strong>. Your login is <code>${invited.login}</code>.</p>
<form method="post" action="/invitation" autocomplete="off">${hidden({ secret, key })}<input type="hidden" name="username" autocomplete="username" value="${invited.login}">
<h2>1. A password</h2>
<p>At least ${accounts.settings.passwordLength} characters. A few words that do not belong together are good; one that is often used is not taken.</p>
${input({ name: 'password', label: 'Password', type: 'password', autocomplete: 'new-password', max: 1_000 })}${input({ name: 'repeated', label: 'The password again', type: 'password', autocomplete: 'new-password', max: 1_000 })}
<h2>2. One-time codes</h2>
<p>Take this key into an authenticator on your telephone or computer: scan the picture, <a href="${address}">open it here</a>, or type the key.</p>
<p><img class="qr" src="${picture}" width="200" height="200" alt="The key below, as a QR code"></p>
<p>Key: <code class="secret">${key.match(/.{1,4}/g)?.join(' ') ?? key}</code></p>
${input({ name: 'code', label: 'The code that it shows', hint: 'Six digits.', autocomplete: 'one-time-code', inputmode: 'numeric', max: 20 })}
<p><button type="submit">Set both</button></p></form>`));
}

async function keyOf(made: Promise<{ readonly key: string; readonly address: string }>, again: string | undefined): Promise<{ readonly key: string; readonly address: string }> {
  const fresh = await made;
  const key = fresh.key.replace(/\s/g, '');
  if (again === undefined || !/^[A-Z2-7]{16,64}$/.test(again) || again === key) return { ...fresh, key };
  const address = new URL(fresh.address);
  address.searchParams.set('secret', again);
  return { key: again, address: address.toString() };
}

/** The last part of a link, or the secret by itself. */
function secretOf(fields: URLSearchParams): string {
  return ((fields.get('secret') ?? '').trim().split('/').at(-1) ?? '').slice(0, 200);
}
