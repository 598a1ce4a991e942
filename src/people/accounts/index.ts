import type { Grant } from '../roles/index.ts';
import { again, againProved } from './again.ts';
import { checkGrant, give, take } from './grants.ts';
import { disableIdle } from './idle.ts';
import { changePassword, invitation, invite, inviteAgain, takeUp, totpKey } from './invitations.ts';
import { account, disable, enable, list, unlock } from './keeping.ts';
import { typed, type AccountsParts, type Context } from './parts.ts';
import { addPasskey, finishWithPasskey, passkeyChallenge, passkeyRegistration, passkeys, removePasskey } from './passkeys.ts';
import { warmUp } from './passwords.ts';
import { provision } from './provision.ts';
import { acceptNotice, endSession, lockScreen, session, sessions, signOut } from './sessions.ts';
import { begin, finishWithCode, signInProved } from './signIn.ts';
import { byToken, makeToken, revokeToken, tokens } from './tokens.ts';
import { defaultSignIn, type Accounts, type Actor } from './types.ts';

export { AccountError } from './errors.ts';
export type { Invited } from './invitations.ts';
export type { AccountsParts } from './parts.ts';
export { personaIssuer } from './provision.ts';
export { defaultSignIn } from './types.ts';
export type * from './types.ts';

/** `Accounts`, and what only the exchange itself and the command line need. */
export interface OpenAccounts extends Accounts {
  /** A new invitation to an account that is there; the ones before it are good no more. */
  inviteAgain(account: string, actor: Actor): ReturnType<Accounts['invite']>;
  /** Throws `ACCOUNT_ROLE` where nobody could be given this role: before an account is made for it. */
  checkRole(grant: Grant): void;
  /** `keep`: id of the session that goes on; the others end. */
  changePassword(account: string, password: string, keep?: string): Promise<void>;
}

/**
 * People, accounts, sessions and tokens over the database, whose schema must be up to date. Keeps nothing in memory: any number of processes may have them open, and what one changes the
 * others find at their next request. Methods that change something reject with an `AccountError`; those of signing in return why not.
 */
export function openAccounts({ sql, acts, settings = {}, seal, unseal, rp, isOwner = () => true, now = Date.now, wall = now }: AccountsParts): OpenAccounts {
  const context: Context = { sql, acts, settings: { ...defaultSignIn, ...settings }, seal, unseal, rp, isOwner, now, wall };
  // A fault here shows itself at the first sign-in.
  warmUp().catch(() => undefined);
  return {
    settings: context.settings,
    begin: (login, password, from) => begin(context, login, password, from),
    finishWithCode: (flow, code, from) => finishWithCode(context, flow, code, from),
    passkeyChallenge: (flow) => passkeyChallenge(context, flow),
    finishWithPasskey: (flow, response, from) => finishWithPasskey(context, flow, response, from),
    signInProved: (id, factors, from) => signInProved(context, typed(id), factors, from),
    session: (cookie, at) => session(context, cookie, at),
    acceptNotice: (cookie) => acceptNotice(context, cookie),
    lockScreen: (cookie) => lockScreen(context, cookie),
    again: (cookie, proof, from) => again(context, cookie, proof, from),
    againProved: (cookie, id, factors, from) => againProved(context, cookie, typed(id), factors, from),
    signOut: (cookie) => signOut(context, cookie),
    sessions: (id) => sessions(context, typed(id)),
    endSession: (id, which, actor) => endSession(context, typed(id), typed(which), actor),
    byToken: (secret, at) => byToken(context, secret, at),
    makeToken: (id, request, actor) => makeToken(context, typed(id), request, actor),
    tokens: (id) => tokens(context, typed(id)),
    revokeToken: (id, which, actor) => revokeToken(context, typed(id), typed(which), actor),
    invite: (person, login, actor, first) => invite(context, person, login, actor, first),
    checkRole: (grant) => { checkGrant(context, grant); },
    inviteAgain: (id, actor) => inviteAgain(context, typed(id), actor),
    invitation: (secret) => invitation(context, secret),
    totpKey: (secret) => totpKey(context, secret),
    takeUp: (secret, request) => takeUp(context, secret, request),
    passkeyRegistration: (id) => passkeyRegistration(context, typed(id)),
    addPasskey: (id, flow, name, response) => addPasskey(context, typed(id), flow, name, response),
    removePasskey: (id, which) => removePasskey(context, typed(id), typed(which)),
    passkeys: (id) => passkeys(context, typed(id)),
    changePassword: (id, password, keep) => changePassword(context, typed(id), password, keep),
    account: (id) => account(context, typed(id)),
    list: (scope) => list(context, scope),
    unlock: (id, actor) => unlock(context, typed(id), actor),
    disable: (id, why, actor) => disable(context, typed(id), why, actor),
    enable: (id, actor) => enable(context, typed(id), actor),
    disableIdle: (at) => disableIdle(context, at),
    give: (id, grant, source, actor) => give(context, typed(id), grant, source, actor),
    take: (id, grant, actor) => take(context, typed(id), typed(grant), actor),
    provision: (request, actor) => provision(context, request, actor),
  };
}
