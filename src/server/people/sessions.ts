import type { FastifyReply, FastifyRequest } from 'fastify';

import type { Accounts, SignIn } from '../../people/accounts/types.ts';
import type { Listener } from '../deps.ts';
import { setCookie } from '../gate/cookie.ts';
import type { PeopleContext } from './context.ts';

/** Why a sign-in did not go on, for screens. Which accounts there are nobody learns. */
export const signInWords: Readonly<Record<Extract<SignIn, { readonly ok: false }>['why'] | 'tooMany', string>> = {
  refused: 'What was given is not right, or the account is locked or disabled. After five failures in fifteen minutes an account is locked, until an official or the operator unlocks it.',
  expired: 'It took longer than five minutes. Begin again.',
  replayed: 'This was used already: a code can be used once. Wait for the next code, or begin again.',
  tooMany: 'Too many tries from here. Wait a minute.',
};

/** Puts a new session into the browser. The one that was there before ends: nobody goes on with a cookie that they were given. */
export async function putSession({ deps, people }: PeopleContext, request: FastifyRequest, reply: FastifyReply, cookie: string): Promise<void> {
  const old = request.session;
  if (old !== null && old !== cookie) await people.accounts.signOut(old);
  addCookie(reply, setCookie(deps.listener, cookie, people.accounts.settings.sessionFor));
}

/** After `again`, where the session is the same and its secret another. */
export function renewSession({ deps, people }: PeopleContext, reply: FastifyReply, cookie: string): void {
  addCookie(reply, setCookie(deps.listener, cookie, people.accounts.settings.sessionFor));
}

export function dropSession({ deps }: PeopleContext, reply: FastifyReply): void {
  addCookie(reply, setCookie(deps.listener, '', 0));
}

const stepName = 'weir-step';

/** The secret between the first and the second factor, for five minutes: in no address, and sent only where the code goes. An empty one ends it. */
export function setStep(reply: FastifyReply, listener: Listener, flow: string): void {
  addCookie(reply, `${stepName}=${flow}; Path=/sign-in/code; HttpOnly; SameSite=Strict; Max-Age=${flow === '' ? 0 : 300}${listener.kind === 'http' ? '' : '; Secure'}`);
}

export function stepOf({ headers }: FastifyRequest): string | null {
  return /(?:^|;\s*)weir-step=([\w-]{20,100})(?:;|$)/.exec(headers.cookie ?? '')?.[1] ?? null;
}

/** Whether somebody sits at this very machine, and all people are invented: the only place for a sign-in with one click. */
export function allowsPersonas({ deps }: PeopleContext, request: FastifyRequest): boolean {
  return deps.mode === 'demonstration' && deps.listener.kind === 'http' && /^(?:127\.|::1$|::ffff:127\.)/.test(request.ip);
}

/** The account behind a locked, new or open session. */
export async function ownAccount(accounts: Accounts, request: FastifyRequest): Promise<Awaited<ReturnType<Accounts['account']>>> {
  return request.person === null ? null : await accounts.account(request.person.account);
}

function addCookie(reply: FastifyReply, value: string): void {
  const had = reply.getHeader('set-cookie');
  void reply.removeHeader('set-cookie').header('set-cookie', [...(Array.isArray(had) ? had : had === undefined ? [] : [String(had)]), value]);
}
