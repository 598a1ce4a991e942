import type { TransactionSql } from 'postgres';

import { holdAccount, type HeldAccount } from './attempts.ts';
import { AccountError } from './errors.ts';
import { checkGrant, putGrant, refuseGrant } from './grants.ts';
import { powerOf, mayManage, unknownAccount } from './manage.ts';
import { settle, type Context, type Db } from './parts.ts';
import { checkPassword, hashPassword } from './passwords.ts';
import { checkPerson, personFor } from './persons.ts';
import { hashOf, newNumber, newSecret } from './secrets.ts';
import { replayed, sealTotp } from './signIn.ts';
import { inGroups, newTotpKey, readTotpKey, totpAddress, totpStep } from './totp.ts';
import type { Actor, FirstRoles, NewPerson } from './types.ts';

/** How long a login that was somebody's is nobody else's: a year (CJIS IA-4). In milliseconds. */
const loginRest = 365 * 86_400_000;

export interface Invited {
  readonly account: string;
  readonly secret: string;
  readonly expiresAt: Date;
}

interface InvitationRow {
  readonly account: string;
  readonly login: string;
  readonly name: string;
  readonly email: string | null;
  readonly good: boolean;
}

/**
 * Makes a local account without a password, with its first roles or without one, and an invitation to it: an address that is good once. Officials, coordinators and the operator may.
 * All of it or nothing: where a role is refused there is no account, and the login is free.
 * `ACCOUNT_FIELD`, `ACCOUNT_TAKEN` where the login is, or was less than a year ago, somebody's, `ACCOUNT_ROLE`, `ACCOUNT_SELF`.
 */
export async function invite(context: Context, given: NewPerson, login: string, actor: Actor, { grants, source }: FirstRoles = { grants: [], source: 'machine' }): Promise<Invited> {
  const person = checkPerson(given);
  for (const grant of grants) checkGrant(context, grant);
  const name = login.normalize('NFKC').trim();
  if (!/^[\p{L}\p{N}][\p{L}\p{N}._@+-]{2,99}$/u.test(name)) throw new AccountError('ACCOUNT_FIELD', 'the login cannot be taken', 'Give 3 to 100 letters, digits, dots, hyphens or an e-mail address.');
  const { sql, acts, now } = context;
  return await settle<Invited>(sql, async (tx) => {
    const power = await powerOf(tx, actor);
    if (!power.all && power.scopes.size === 0) {
      await acts.put(tx, { act: 'invitationMade', owner: null, who: actor.who, role: actor.role, result: 'refused' });
      return new AccountError('ACCOUNT_ROLE', 'inviting people is not yours to do', 'Ask an official of the owner, or the coordinator of the agency.');
    }
    for (const grant of grants) {
      const refused = await refuseGrant(tx, context, power, { person: null, account: null }, grant, source, actor);
      if (refused !== null) return refused;
    }
    const at = new Date(now());
    await tx`select pg_advisory_xact_lock(hashtext('weir login'))`;
    const taken = await tx`
      select 1 from account where kind = 'local' and lower(login) = lower(${name}) and (disabled_at is null or disabled_at > ${new Date(at.getTime() - loginRest)}) limit 1`;
    if (taken.length > 0) return new AccountError('ACCOUNT_TAKEN', 'the login is taken, or was somebody\'s within the last year', 'Take another login.');
    const whose = await personFor(tx, context, person);
    if (whose instanceof AccountError) return whose;
    for (const grant of grants) {
      const refused = await refuseGrant(tx, context, power, { person: whose, account: null }, grant, source, actor);
      if (refused !== null) return refused;
    }
    const account = newNumber('A');
    await tx`insert into account (id, person, kind, login, created_at) values (${account}, ${whose}, 'local', ${name}, ${at})`;
    await acts.put(tx, { act: 'accountMade', owner: null, who: actor.who, role: actor.role, on: account, detail: { kind: 'local' } });
    const invited = await openInvitation(tx, context, account, actor);
    for (const grant of grants) await putGrant(tx, context, account, grant, source, actor);
    return invited;
  });
}

/**
 * A new invitation to an account that is there: those before it are good no more. For an account that has a password this gives it into other hands, and only the operator on the machine may.
 * `ACCOUNT_UNKNOWN`, `ACCOUNT_DISABLED`, `ACCOUNT_FACTOR` where a provider keeps the account, `ACCOUNT_ROLE`.
 */
export async function inviteAgain(context: Context, id: string, actor: Actor): Promise<Invited> {
  return await settle<Invited>(context.sql, async (tx) => {
    const account = await holdAccount(tx, id);
    if (account === null) return unknownAccount();
    const refused = await mayManage(tx, context, actor, id);
    if (refused !== null) return refused;
    if (account.kind !== 'local') return new AccountError('ACCOUNT_FACTOR', 'a provider keeps this account', 'Its people sign in there.');
    if (account.disabledAt !== null) return new AccountError('ACCOUNT_DISABLED', 'the account is disabled', 'Enable it first.');
    if (account.password !== null && actor.who !== 'operator') return new AccountError('ACCOUNT_ROLE', 'the account was taken up', 'Only the operator on the machine can have it taken up anew.');
    return await openInvitation(tx, context, id, actor);
  });
}

/** What an invitation is for; null where it is not good. */
export async function invitation(context: Context, secret: string): Promise<{ readonly account: string; readonly name: string; readonly login: string } | null> {
  const row = await findInvitation(context.sql, context, secret);
  return row?.good === true ? { account: row.account, name: row.name, login: row.login } : null;
}

/** A new key to be shown once. It is kept only when it is sent back with a code of it. `ACCOUNT_INVITATION`. */
export async function totpKey(context: Context, secret: string): Promise<{ readonly key: string; readonly address: string }> {
  const row = await findInvitation(context.sql, context, secret);
  if (row?.good !== true) throw notGood();
  const key = newTotpKey();
  return { key: inGroups(key), address: totpAddress(key, context.rp.name, row.login) };
}

/**
 * Takes up an invitation, once: sets password and second factor, and ends whatever the account had before. `ACCOUNT_INVITATION`, `ACCOUNT_CODE`, `ACCOUNT_PASSWORD_SHORT`, `ACCOUNT_PASSWORD_COMMON`, `ACCOUNT_FIELD`;
 * after all but the first the invitation is as good as before.
 */
export async function takeUp(context: Context, secret: string, { password, totp }: { readonly password: string; readonly totp: { readonly key: string; readonly code: string } }): Promise<{ readonly account: string }> {
  const { sql, acts, settings, now, wall } = context;
  const row = await findInvitation(sql, context, secret);
  if (row === null) throw notGood();
  let kept: string | null = null;
  const key = readTotpKey(totp.key);
  if (row.good) {
    checkPassword(password, [row.login, row.name, row.email ?? ''], settings.passwordLength);
    // That the code is of the key says that the device has it. It is not counted as used: who saw it on its way saw the key too.
    if (key === null || totpStep(key, totp.code, wall()) === null) throw new AccountError('ACCOUNT_CODE', 'the code is not one of this key', 'Type the six digits that the device shows now; its clock must be right.');
    kept = await hashPassword(password);
  }
  return await settle<{ readonly account: string }>(sql, async (tx) => {
    const account = await holdAccount(tx, row.account);
    const at = new Date(now());
    const hash = hashOf(secret);
    const done = kept === null || account === null || account.disabledAt !== null
      ? { count: 0 } : await tx`update invitation set used_at = ${at} where secret = ${hash} and used_at is null and expires_at > ${at}`;
    if (done.count === 0 || account === null || key === null) {
      const used = await tx`select 1 from invitation where secret = ${hash} and used_at is not null`;
      if (used.length > 0) await replayed(tx, context, row.account, 'invitation', null);
      return notGood();
    }
    await endAll(tx, account, at);
    await tx`delete from passkey where account = ${account.id}`;
    await tx`update account set password = ${kept}, password_at = ${at}, totp = ${sealTotp(context, account.id, key)}, totp_step = null, locked_at = null, version = version + 1 where id = ${account.id}`;
    await tx`insert into attempt (login, at, ok) values (${account.id}, ${at}, true)`;
    await acts.put(tx, { act: 'invitationUsed', owner: null, who: account.id, on: account.id, detail: { factors: 'password+totp' } });
    return { account: account.id };
  });
}

/** Sets another password. `keep`: the session that goes on; where it is given, the others end. `ACCOUNT_PASSWORD_SHORT`, `ACCOUNT_PASSWORD_COMMON`, `ACCOUNT_FIELD`, `ACCOUNT_UNKNOWN`, `ACCOUNT_FACTOR`. */
export async function changePassword(context: Context, id: string, password: string, keep?: string): Promise<void> {
  const { sql, acts, settings, now } = context;
  const [found] = await sql<{ login: string; name: string; email: string | null }[]>`select a.login, p.name, p.email from account a join person p on p.id = a.person where a.id = ${id}`;
  if (found === undefined) throw unknownAccount();
  checkPassword(password, [found.login, found.name, found.email ?? ''], settings.passwordLength);
  const kept = await hashPassword(password);
  await settle(sql, async (tx) => {
    const account = await holdAccount(tx, id);
    if (account === null || account.password === null || account.disabledAt !== null) return new AccountError('ACCOUNT_FACTOR', 'the account has no password here', 'It is set by taking up an invitation.');
    const at = new Date(now());
    await tx`update account set password = ${kept}, password_at = ${at}, version = version + 1 where id = ${id}`;
    const ended = keep === undefined ? 0 : (await tx`update session set ended_at = ${at} where account = ${id} and id <> ${keep} and ended_at is null`).count;
    // A sign-in that began with the password before does not go on.
    await tx`update sign_in_step set used_at = ${at} where account = ${id} and kind = 'first' and used_at is null`;
    await acts.put(tx, { act: 'passwordChanged', owner: null, who: id, on: id, detail: { ended } });
    return null;
  });
}

/** Ends the sessions, tokens and invitations of an account, and every sign-in that is under way. Returns how many sessions and tokens there were. */
export async function endAll(tx: TransactionSql, { id }: Pick<HeldAccount, 'id'>, at: Date): Promise<{ readonly sessions: number; readonly tokens: number }> {
  const sessions = await tx`update session set ended_at = ${at} where account = ${id} and ended_at is null and expires_at > ${at}`;
  const tokens = await tx`update service_token set revoked_at = ${at} where account = ${id} and revoked_at is null and expires_at > ${at}`;
  await tx`update sign_in_step set used_at = ${at} where account = ${id} and used_at is null`;
  await tx`update invitation set expires_at = ${at} where account = ${id} and used_at is null and expires_at > ${at}`;
  return { sessions: sessions.count, tokens: tokens.count };
}

async function openInvitation(tx: TransactionSql, { acts, settings, now }: Context, account: string, actor: Actor): Promise<Invited> {
  const at = new Date(now());
  const secret = newSecret();
  const expiresAt = new Date(at.getTime() + settings.invitationFor * 1_000);
  await tx`update invitation set expires_at = ${at} where account = ${account} and used_at is null and expires_at > ${at}`;
  await tx`insert into invitation (secret, account, expires_at) values (${hashOf(secret)}, ${account}, ${expiresAt})`;
  await acts.put(tx, { act: 'invitationMade', owner: null, who: actor.who, role: actor.role, on: account });
  return { account, secret, expiresAt };
}

async function findInvitation(db: Db, { now }: Context, secret: string): Promise<InvitationRow | null> {
  const [row] = await db<InvitationRow[]>`
    select i.account, a.login, p.name, p.email, (i.used_at is null and i.expires_at > ${new Date(now())} and a.disabled_at is null) as good
    from invitation i join account a on a.id = i.account join person p on p.id = a.person where i.secret = ${hashOf(secret)}`;
  return row ?? null;
}

function notGood(): AccountError {
  return new AccountError('ACCOUNT_INVITATION', 'the invitation is not good, or not any more', 'Ask whoever invited you for a new one.');
}
