import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Type, type Static } from 'typebox';

import { html } from '../../drawing/html.ts';
import { flowFor, type ProviderErrorCode, type Providers } from '../../people/provider/index.ts';
import type { Listener } from '../deps.ts';
import { fromOf } from '../gate/actor.ts';
import { cookieOf, setCookie } from '../gate/cookie.ts';
import type { PeopleDeps } from '../gate/deps.ts';
import { tries } from '../gate/tries.ts';
import { sendPage } from '../pages/desk.ts';
import { safeTo } from '../pages/forms.ts';
import { page, type Site } from '../pages/layout.ts';
import { sendProblem } from '../send.ts';

const params = Type.Object({ provider: Type.String({ maxLength: 40 }) });
type ByProvider = { Params: Static<typeof params> };

/**
 * `GET /sign-in/with/:provider?to=…` leads to the provider of a state; `GET /sign-in/with/:provider/back` is where it sends the browser back; `GET /again/with/:provider`
 * shows all factors again. None answers HEAD: a look at the address would use up what counts once.
 */
export function addProviders(app: FastifyInstance, { providers, accounts, listener }: { readonly providers: Providers; readonly accounts: Pick<PeopleDeps['accounts'], 'settings'>; readonly listener: Listener }, site: Site): void {
  // An office may sit behind one address; whoever writes rows for nothing is held up.
  const tried = tries(300, 60_000);
  const begin = async (request: FastifyRequest<ByProvider>, reply: FastifyReply, purpose: 'signIn' | 'again'): Promise<FastifyReply> => {
    const wait = tried.take(request.ip);
    if (wait !== null) return sendProblem(request, reply.header('retry-after', String(wait)), 'tooManyTries');
    const { to } = request.query as { readonly to?: unknown };
    const begun = await providers.begin(request.params.provider, { to: safeTo(typeof to === 'string' ? to : null), purpose, session: request.session });
    if (!begun.ok) return problemPage(reply, site, begun.code);
    return reply.code(303).header('cache-control', 'no-store').header('set-cookie', flowCookie(listener, begun.flow)).header('location', begun.address).send();
  };
  app.get<ByProvider>('/sign-in/with/:provider', { schema: { params, hide: true }, config: { action: 'session.begin' }, exposeHeadRoute: false }, async (request, reply) => await begin(request, reply, 'signIn'));
  app.get<ByProvider>('/again/with/:provider', { schema: { params, hide: true }, config: { action: 'session.own', closed: true }, exposeHeadRoute: false }, async (request, reply) => await begin(request, reply, 'again'));
  app.get<ByProvider>('/sign-in/with/:provider/back', { schema: { params, hide: true }, config: { action: 'session.begin' }, exposeHeadRoute: false }, async (request, reply) => {
    // The host of the address is not looked at: what counts is what the provider put behind the question mark.
    const current = new URL(request.url, 'http://localhost');
    const finished = await providers.finish(request.params.provider, current, cookieOf(request.headers.cookie, flowCookieName(listener)), fromOf(request), request.session);
    const ended = flowCookie(listener, '');
    if (!finished.ok) return problemPage(reply.header('set-cookie', ended), site, finished.code);
    return reply.code(303).header('cache-control', 'no-store').header('set-cookie', [ended, setCookie(listener, finished.cookie, accounts.settings.sessionFor)]).header('location', safeTo(finished.to)).send();
  });
}

/** `Lax`, since the provider sends the browser here from its own site. The path keeps it from every other page. */
function flowCookie(listener: Listener, secret: string): string {
  return `${flowCookieName(listener)}=${secret}; Path=/sign-in; HttpOnly; SameSite=Lax; Max-Age=${secret === '' ? 0 : flowFor}${listener.kind === 'http' ? '' : '; Secure'}`;
}

function flowCookieName(listener: Listener): string {
  return listener.kind === 'http' ? 'weir-flow' : '__Secure-weir-flow';
}

/** What a person is told, by code: what happened, and what to do. */
const told: Readonly<Partial<Record<ProviderErrorCode, readonly [status: number, happened: string, mend: string]>>> = {
  PROVIDER_UNKNOWN: [404, 'This exchange knows no such provider.', 'Choose one of those on the page for signing in.'],
  PROVIDER_DOWN: [503, 'The provider does not answer now.', 'Try again in a minute, or sign in another way: with an account of this exchange, where you have one.'],
  PROVIDER_FLOW: [403, 'This sign-in was not begun in this browser.', 'Begin again, with cookies allowed, and in one window.'],
  PROVIDER_REPLAY: [403, 'This sign-in was used already.', 'Nobody was signed in by it now. Begin again.'],
  PROVIDER_EXPIRED: [403, 'The sign-in took longer than ten minutes.', 'Begin again.'],
  PROVIDER_DENIED: [403, 'The provider did not let you sign in.', 'Ask those who run it.'],
  PROVIDER_EMAIL: [403, 'The provider did not confirm an e-mail address of yours.', 'Ask those who run it: a confirmed address, of a domain that this exchange expects, is needed.'],
  PROVIDER_NAME: [403, 'The provider did not tell your name.', 'Ask those who run it.'],
  PROVIDER_FACTORS: [403, 'The provider did not say that you showed a second factor.', 'Sign in there with a key, a card or a code; ask those who run it where that is not offered.'],
  PROVIDER_STALE: [403, 'The provider signed you in from an earlier time, without asking again.', 'Sign in there anew.'],
  PROVIDER_GROUPS: [403, 'You are in none of the groups that may do something here.', 'Ask whoever keeps the groups of your office.'],
  PROVIDER_ACCOUNT: [403, 'Your account here may not be used.', 'It is disabled, or not known, or not the one that you are signed in with. An official of the owner, or the coordinator of the agency, can tell.'],
};

function problemPage(reply: FastifyReply, site: Site, code: ProviderErrorCode): FastifyReply {
  const [status, happened, mend] = told[code] ?? [403, 'The answer of the provider was not what was asked for.', 'Begin again. Where it happens twice, tell those who run this exchange the code below.'];
  return sendPage(reply.code(status), page(site, 'You are not signed in', '/sign-in', html`
<p>${happened} ${mend}</p>
<p><a href="/sign-in">Other ways to sign in</a></p>
<p class="quiet">Code: <code>${code}</code>. What was tried is on the record.</p>`));
}
