import type { TransactionSql } from 'postgres';

import { roles, scopeText, type Grant } from '../roles/index.ts';
import { holdAccount } from './attempts.ts';
import { AccountError } from './errors.ts';
import { powerOf, unknownAccount, type Power } from './manage.ts';
import { settle, type Context } from './parts.ts';
import type { Actor, GrantSource } from './types.ts';

/**
 * Gives a role. Nobody gives one to themselves, by any account of theirs; an official gives only roles of their own owner, a coordinator only those of their own agency. What is refused is on the record.
 * The same role again changes its desks, or nothing. `ACCOUNT_UNKNOWN`, `ACCOUNT_DISABLED`, `ACCOUNT_ROLE`, `ACCOUNT_SELF`.
 */
export async function give(context: Context, id: string, grant: Grant, source: GrantSource, actor: Actor): Promise<void> {
  checkGrant(context, grant);
  await settle(context.sql, async (tx) => {
    const account = await holdAccount(tx, id);
    if (account === null) return unknownAccount();
    const refused = await refuseGrant(tx, context, await powerOf(tx, actor), { person: account.person, account: id }, grant, source, actor);
    if (refused !== null) return refused;
    if (account.disabledAt !== null) return new AccountError('ACCOUNT_DISABLED', 'the account is disabled', 'Enable it first.');
    await putGrant(tx, context, id, grant, source, actor);
    return null;
  });
}

/** Why somebody may not give a role, on the record; null where they may. `to`: who is to have it, as far as they are there already. */
export async function refuseGrant(
  tx: TransactionSql, { acts }: Context, power: Power, to: { readonly person: string | null; readonly account: string | null }, grant: Grant, source: GrantSource, actor: Actor,
): Promise<AccountError | null> {
  const refused = to.person !== null && power.person === to.person
    ? new AccountError('ACCOUNT_SELF', 'nobody gives a role to themselves', 'Ask another official.')
    : mayGive(power, grant, source) ? null : new AccountError('ACCOUNT_ROLE', 'this role is not yours to give', 'An official gives roles of their own owner, a coordinator those of their own agency.');
  if (refused !== null) {
    await acts.put(tx, { act: 'roleGiven', owner: ownerOf(grant), who: actor.who, role: actor.role, on: to.account, result: 'refused', detail: { role: grant.role, scope: scopeText(grant.scope), why: refused.code } });
  }
  return refused;
}

/** Takes a role away, at once. `ACCOUNT_UNKNOWN`, `ACCOUNT_ROLE`, `ACCOUNT_LAST` where the owner would have no official left. */
export async function take(context: Context, id: string, grantId: string, actor: Actor): Promise<void> {
  await settle(context.sql, async (tx) => {
    if (await holdAccount(tx, id) === null) return unknownAccount();
    if (!/^\d{1,18}$/.test(grantId)) return noGrant();
    const [row] = await tx<{ role: Grant['role']; scope: string; source: GrantSource }[]>`select role, scope, source from role_grant where id = ${grantId} and account = ${id} and ended_at is null`;
    if (row === undefined) return noGrant();
    const power = await powerOf(tx, actor);
    const may = power.all || power.scopes.has(row.scope) || (power.system && (row.source === 'directory' || row.source === 'persona'));
    // Two officials who take each other's role at once: the second finds that theirs is the last.
    if (may && row.role === 'ownerOfficial') await tx`select pg_advisory_xact_lock(hashtext(${`weir officials ${row.scope}`}))`;
    const refused = !may ? new AccountError('ACCOUNT_ROLE', 'this role is not yours to take away', 'Ask an official of the owner, or the coordinator of the agency.')
      : row.role === 'ownerOfficial' && !power.all && !power.system && await isLastOfficial(tx, row.scope, id) ? new AccountError('ACCOUNT_LAST', 'the owner would have no official left', 'Give the role to somebody else first.') : null;
    if (refused !== null) {
      await context.acts.put(tx, { act: 'roleTaken', owner: ownerOfText(row.scope), who: actor.who, role: actor.role, on: id, result: 'refused', detail: { role: row.role, scope: row.scope, why: refused.code } });
      return refused;
    }
    await endGrant(tx, context, id, grantId, actor);
    return null;
  });
}

/** Checks that a role is held where such roles are held. Throws `ACCOUNT_ROLE`. */
export function checkGrant({ isOwner }: Context, { role, scope, desks }: Grant): void {
  const facts = (roles as Partial<typeof roles>)[role];
  if (facts === undefined) throw new AccountError('ACCOUNT_ROLE', 'there is no such role', `Roles: ${Object.keys(roles).join(', ')}.`);
  if (facts.scope !== scope.kind) throw new AccountError('ACCOUNT_ROLE', `the role ${role} is held for: ${facts.scope}`, 'Name the owner for roles of an owner, the ORI for roles of an agency.');
  if (role === 'resident') throw new AccountError('ACCOUNT_ROLE', 'residents have no account', 'A resident asks by number and secret.');
  if (scope.kind === 'owner' && !(/^[A-Z]{2}$/.test(scope.owner) && isOwner(scope.owner))) throw new AccountError('ACCOUNT_ROLE', 'there is no such owner here', 'Give the two letters of an owner.');
  if (scope.kind === 'agency' && !/^[A-Z0-9]{9}$/.test(scope.ori)) throw new AccountError('ACCOUNT_ROLE', 'this is no ORI', 'An ORI is nine letters or digits.');
  if (desks.length > 0 && role !== 'reviewer') throw new AccountError('ACCOUNT_ROLE', 'only reviewers work for desks', 'Leave the desks out.');
  if (desks.length > 50 || desks.some((desk) => !/^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,99}$/u.test(desk))) throw new AccountError('ACCOUNT_ROLE', 'a desk is not as policies name them', 'Give letters, digits, spaces, dots and hyphens, 100 at most.');
}

/** Notes a role that was found right. Returns whether anything changed. The account must be held. */
export async function putGrant(tx: TransactionSql, context: Context, account: string, grant: Grant, source: GrantSource, actor: Actor): Promise<boolean> {
  const { role, scope } = grant;
  const desks = [...new Set(grant.desks)].sort();
  const [held] = await tx<{ id: string; desks: string[]; source: GrantSource }[]>`select id, desks, source from role_grant where account = ${account} and role = ${role} and scope = ${scopeText(scope)} and ended_at is null`;
  if (held !== undefined) {
    // What a person gave is not changed by a directory.
    if (JSON.stringify([...held.desks].sort()) === JSON.stringify(desks) || (source === 'directory' && held.source !== 'directory')) return false;
    await endGrant(tx, context, account, held.id, actor);
  }
  await tx`
    insert into role_grant (account, role, scope, desks, source, given_by, given_at) values (${account}, ${role}, ${scopeText(scope)}, ${desks}, ${source}, ${actor.who}, ${new Date(context.now())})`;
  await context.acts.put(tx, { act: 'roleGiven', owner: ownerOf(grant), who: actor.who, role: actor.role, on: account, detail: { role, scope: scopeText(scope), source, desks: desks.length } });
  return true;
}

export async function endGrant(tx: TransactionSql, { acts, now }: Context, account: string, grantId: string, actor: Actor): Promise<void> {
  const [row] = await tx<{ role: string; scope: string }[]>`
    update role_grant set ended_at = ${new Date(now())}, ended_by = ${actor.who} where id = ${grantId} and account = ${account} and ended_at is null returning role, scope`;
  if (row !== undefined) await acts.put(tx, { act: 'roleTaken', owner: ownerOfText(row.scope), who: actor.who, role: actor.role, on: account, detail: { role: row.role, scope: row.scope } });
}

function mayGive(power: Power, { role, scope }: Grant, source: GrantSource): boolean {
  switch (source) {
    case 'machine': return power.all;
    case 'official': return scope.kind === 'owner' && power.scopes.has(scopeText(scope));
    case 'coordinator': return (role === 'agencyCoordinator' || role === 'agencyUser') && power.scopes.has(scopeText(scope));
    case 'directory':
    case 'persona': return power.all || power.system;
  }
}

async function isLastOfficial(tx: TransactionSql, scope: string, account: string): Promise<boolean> {
  const rows = await tx`
    select 1 from role_grant g join account a on a.id = g.account where g.role = 'ownerOfficial' and g.scope = ${scope} and g.ended_at is null and a.disabled_at is null and g.account <> ${account} limit 1`;
  return rows.length === 0;
}

function ownerOf({ scope }: Grant): string | null {
  return scope.kind === 'owner' ? scope.owner : null;
}

function ownerOfText(scope: string): string | null {
  return scope.startsWith('owner ') ? scope.slice(6) : null;
}

function noGrant(): AccountError {
  return new AccountError('ACCOUNT_UNKNOWN', 'the account has no such role now', 'Look at its roles again.');
}
