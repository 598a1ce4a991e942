import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { factsOf, mayDo, type Action, type ActionFacts, type Person, type Role, type Scope } from '../../people/roles/index.ts';
import type { Listener, ServerDeps } from '../deps.ts';
import type { ProblemExtras } from '../problem.ts';
import type { ProblemName } from '../problems.ts';
import { sendProblemPage } from '../pages/problem.ts';
import { sendProblem } from '../send.ts';
import { cookieName, cookieOf } from './cookie.ts';
import type { PeopleDeps } from './deps.ts';
import { KeptForms, showOnly, type Sender } from './kept.ts';
import type { RouteLine } from './rolesText.ts';
import { tries, type Tries } from './tries.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the route does, by the table of actions. A route without one is not served: the server does not start. */
    action?: Action;
    /** Can be done while the screen is locked or the notice is not accepted yet: only what ends just that. */
    closed?: true;
    /** A form that is kept while its sender shows all factors again. The route then only shows it, where `shownAgain` says so, and does nothing. */
    keeps?: true;
  }
  interface FastifyInstance {
    /** Every route with its action, as they were added. */
    routeLines: readonly RouteLine[];
    /** Forms whose senders show all factors again. */
    keptForms: KeptForms;
  }
  interface FastifyRequest {
    /** Who acts, where the request has a good session or token. */
    person: Person | null;
    /** The role by which the table allows it; null where none is needed. */
    role: Role | null;
    /** The secret of the session, for what changes the session itself. */
    session: string | null;
    /** Null without a good session or token. */
    sessionState: 'open' | 'locked' | 'notice' | null;
    /** Where all factors must be shown before the form is taken: who sent it, and why. Nothing is done with the request but to keep the form. */
    late: Late | null;
    /** The form is only to be shown, filled in. */
    shownAgain: boolean;
  }
}

interface Late {
  readonly sender: Sender;
  readonly problem: 'sessionLocked' | 'freshSignInNeeded';
}

/**
 * The one door between routes and people. Default deny: before a route runs, its action is looked up, the person is found by the session or token, and the table of roles is asked for
 * the scope in the address (`:owner`, `:ori`). What is refused to a person is on the record.
 */
export function addGate(app: FastifyInstance, deps: ServerDeps): void {
  app.decorateRequest('person', null);
  app.decorateRequest('role', null);
  app.decorateRequest('session', null);
  app.decorateRequest('sessionState', null);
  app.decorateRequest('late', null);
  app.decorateRequest('shownAgain', false);
  app.decorate('keptForms', new KeptForms());
  app.decorate('site', deps.people === undefined ? null : { demonstration: deps.mode === 'demonstration', byHand: deps.listener.kind === 'http', version: deps.version, people: true });
  const lines: RouteLine[] = [];
  app.decorate('routeLines', lines);
  app.addHook('onRoute', (route) => {
    if (route.url.startsWith('/docs/files')) return;
    const { action } = route.config ?? {};
    if (route.config?.keeps === true) route.preValidation = [keepOrShow, ...[route.preValidation ?? []].flat()];
    if (action !== undefined) {
      for (const method of [route.method].flat()) if (method !== 'HEAD') lines.push({ method, url: route.url, action });
      return;
    }
    throw new Error(`the route ${String(route.method)} ${route.url} names no action of the table of roles`);
  });
  const { people } = deps;
  const name = cookieName(deps.listener);
  const strangers = tries(10, 60_000);
  app.addHook('onRequest', (request, reply, next) => {
    const { action } = request.routeOptions.config;
    if (action === undefined) {
      next();
      return;
    }
    const facts = factsOf(action);
    const cookie = cookieOf(request.headers.cookie, name);
    const bearer = bearerOf(request);
    // Signing somebody in from another site is refused too; what is no browser sends neither header.
    if (deps.listener.kind === 'people' && saysWhere(request) && isForeign(request, deps.listener)) {
      if (people === undefined) return void sendProblem(request, reply, 'foreignOrigin');
      turnAway(people, strangers, request, reply, action, cookie).catch(next);
      return;
    }
    // A system comes without either; the route itself asks for its certificate. Nothing is waited for on the path of queries.
    if (cookie === null && bearer === null && isOpen(facts, deps.listener)) {
      next();
      return;
    }
    if (people === undefined) {
      if (isOpen(facts, deps.listener)) next();
      else sendProblem(request, reply, 'signInNeeded');
      return;
    }
    pass(people, deps.listener, request, reply, action, facts, cookie, bearer).then((passed) => { if (passed) next(); }, next);
  });
}

/** Before a route that keeps its form: a late one is kept instead of taken, and one that comes back says that it is only to be shown. */
function keepOrShow(request: FastifyRequest, reply: FastifyReply, next: () => void): void {
  if (request.late !== null) keep(request, reply, request.late);
  else {
    request.shownAgain = typeof request.body === 'string' && new URLSearchParams(request.body).has(showOnly);
    next();
  }
}

/** A form that can be kept goes on until it was read (`keep`); with nobody as its person, so that nothing can be done by it. Everything else is denied at once. */
function late(request: FastifyRequest, reply: FastifyReply, { account, session }: Person, problem: Late['problem']): boolean {
  const { config } = request.routeOptions;
  if (config.keeps !== true || !isPage(request) || !(request.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded')) return deny(request, reply, problem);
  request.person = null;
  request.role = null;
  request.late = { sender: { account, session }, problem };
  return true;
}

function keep(request: FastifyRequest, reply: FastifyReply, { sender, problem }: Late): void {
  const id = typeof request.body === 'string' ? request.server.keptForms.put(sender, { url: request.url.replace(/\?.*$/, ''), body: request.body }) : null;
  deny(request, reply, problem, id === null ? null : `/kept/${id}`);
}

/** Whether nobody need be signed in: it is for everybody, or for systems, which the route itself knows by their certificate, or believes on the loopback demonstration. */
function isOpen({ to }: ActionFacts, listener: Listener): boolean {
  if (to.includes('anybody')) return true;
  return listener.kind !== 'people' && (to.includes('system') || to.includes('operatorSystem'));
}

async function pass(
  people: PeopleDeps, listener: Listener, request: FastifyRequest, reply: FastifyReply, action: Action, facts: ActionFacts, cookie: string | null, bearer: string | null,
): Promise<boolean> {
  const open = isOpen(facts, listener);
  const found = await find(people, cookie, bearer);
  if (found === null) return open || deny(request, reply, 'signInNeeded');
  const { person, state } = found;
  request.session = bearer === null ? cookie : null;
  request.sessionState = state;
  // A browser sends the cookie whoever made it send the request.
  if (bearer === null && isForeign(request, listener)) return refuse(people, request, reply, person, action, 'foreignOrigin', 'foreignOrigin');
  // Behind a locked screen there is nobody: what is for everybody is shown as to everybody.
  if (state !== 'open' && request.routeOptions.config.closed !== true) return open || (state === 'locked' ? late(request, reply, person, 'sessionLocked') : deny(request, reply, 'noticeDue'));
  request.person = person;
  const scope = scopeOf(request, facts);
  if (scope === 'wrong') return open || deny(request, reply, 'badParameter');
  const may = mayDo(person, action, scope, (people.now ?? Date.now)());
  if (may.ok) {
    request.role = may.role;
    return true;
  }
  if (open) return true;
  if (may.why === 'stale') return late(request, reply, person, 'freshSignInNeeded');
  return refuse(people, request, reply, person, action, 'notPermitted', 'refused', may.why === 'token' ? { detail: `The token is not for ${action}. Make one that is, at /account/tokens.`, reasonCode: 'TOKEN_ACTIONS' } : {});
}

async function find({ accounts }: PeopleDeps, cookie: string | null, bearer: string | null): Promise<{ readonly person: Person; readonly state: 'open' | 'locked' | 'notice' } | null> {
  if (bearer !== null) {
    const person = await accounts.byToken(bearer);
    return person === null ? null : { person, state: 'open' };
  }
  const found = cookie === null ? null : await accounts.session(cookie);
  return found === null || found.state === 'none' ? null : found;
}

/** The scope in the address. */
function scopeOf(request: FastifyRequest, { scope }: ActionFacts): Scope | null | 'wrong' {
  const { owner, ori } = request.params as { readonly owner?: unknown; readonly ori?: unknown };
  switch (scope) {
    case 'none': return null;
    case 'person': return { kind: 'person' };
    case 'machine': return { kind: 'machine' };
    case 'owner': return typeof owner === 'string' && /^[A-Za-z]{2}$/.test(owner) ? { kind: 'owner', owner: owner.toUpperCase() } : 'wrong';
    case 'agency': return typeof ori === 'string' && /^[A-Z0-9]{9}$/.test(ori) ? { kind: 'agency', ori } : 'wrong';
  }
}

/** Something is changed, and neither `Origin` nor `Sec-Fetch-Site` says that the page was ours. Both are set by the browser, not by the page. */
function isForeign({ method, headers }: FastifyRequest, listener: Listener): boolean {
  if (method === 'GET' || method === 'HEAD' || method === 'OPTIONS') return false;
  const own = `${listener.kind === 'http' ? 'http' : 'https'}://${(headers.host ?? '').toLowerCase()}`;
  if (headers.origin !== undefined) return headers.origin.toLowerCase() !== own;
  return headers['sec-fetch-site'] !== 'same-origin';
}

function saysWhere({ headers }: FastifyRequest): boolean {
  return headers.origin !== undefined || headers['sec-fetch-site'] !== undefined;
}

function bearerOf({ headers }: FastifyRequest): string | null {
  return /^Bearer ([\x21-\x7e]{20,200})$/.exec(headers.authorization ?? '')?.[1] ?? null;
}

/** Sent from another site: on the record, by whom it would have been done. What nobody is signed in for, so many times a minute from one address, or anybody could fill the ledger. */
async function turnAway(people: PeopleDeps, strangers: Tries, request: FastifyRequest, reply: FastifyReply, action: Action, cookie: string | null): Promise<void> {
  const found = await find(people, cookie, null);
  if (found !== null) await refuse(people, request, reply, found.person, action, 'foreignOrigin', 'foreignOrigin');
  else {
    if (strangers.take(request.ip) === null) await people.acts.record({ act: 'foreignOrigin', owner: null, who: 'nobody', result: 'refused', detail: { action, method: request.method }, words: { address: request.ip } });
    deny(request, reply, 'foreignOrigin');
  }
}

async function refuse(people: PeopleDeps, request: FastifyRequest, reply: FastifyReply, person: Person, action: Action, problem: ProblemName, act: 'refused' | 'foreignOrigin', extras: ProblemExtras = {}): Promise<false> {
  const { owner: named } = request.params as { readonly owner?: string };
  // As the scope reads it: whoever writes it small is on the same owner's record.
  const owner = named?.toUpperCase() ?? '';
  await people.acts.record({
    act, owner: /^[A-Z]{2}$/.test(owner) && people.isOwner(owner) ? owner : null, who: person.account, result: 'refused', detail: { action, method: request.method },
    words: { address: request.ip },
  });
  return deny(request, reply, problem, null, extras);
}

/** The page whose form was sent, where the browser says it: it is shown again after the way round. */
function pageBefore({ headers }: FastifyRequest): string {
  const { referer, host } = headers;
  if (referer === undefined || !URL.canParse(referer)) return '/desk';
  const { host: of, pathname, search } = new URL(referer);
  return of === host ? `${pathname}${search}` : '/desk';
}

/** Of a person with a browser. */
function isPage({ url, headers }: FastifyRequest): boolean {
  return !url.startsWith('/v1/') && (headers.accept ?? '').includes('text/html');
}

/** A person with a browser is led to where they can go on, with what was sent (`kept`) or without; a program is told the problem. */
function deny(request: FastifyRequest, reply: FastifyReply, problem: ProblemName, kept: string | null = null, extras: ProblemExtras = {}): false {
  const lead = ({ signInNeeded: '/sign-in', sessionLocked: '/unlock', noticeDue: '/notice', freshSignInNeeded: '/again' } as Partial<Record<ProblemName, string>>)[problem];
  const page = isPage(request);
  if (page && lead !== undefined) {
    const to = request.method === 'GET' ? request.url : (kept ?? pageBefore(request));
    reply.code(303).header('location', `${lead}?to=${encodeURIComponent(to.slice(0, 500))}${request.method === 'GET' || kept !== null ? '' : '&lost=yes'}`).send();
  } else if (page) sendProblemPage(request, reply, problem, extras);
  else sendProblem(request, reply, problem, extras);
  return false;
}
