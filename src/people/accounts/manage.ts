import type { TransactionSql } from 'postgres';

import { AccountError } from './errors.ts';
import type { Context } from './parts.ts';
import type { Actor } from './types.ts';

/** What an actor may do about other people's accounts, by the roles that the database has for them now: what the caller says of a role is not asked. */
export interface Power {
  /** The command line on the machine. */
  readonly all: boolean;
  /** A directory, or the clock. */
  readonly system: boolean;
  /** An account with the role of operator: may unlock, disable and enable, and gives no role. */
  readonly machine: boolean;
  /** `owner WA` of an official, `agency ZZ0000101` of a coordinator. */
  readonly scopes: ReadonlySet<string>;
  /** The human being; null where it is no account. */
  readonly person: string | null;
}

export async function powerOf(tx: TransactionSql, { who }: Actor): Promise<Power> {
  const none = { all: false, system: false, machine: false, scopes: new Set<string>(), person: null };
  if (who === 'operator') return { ...none, all: true };
  if (!who.startsWith('A-')) return { ...none, system: true };
  const rows = await tx<{ person: string; role: string | null; scope: string | null }[]>`
    select a.person, g.role, g.scope from account a left join role_grant g on g.account = a.id and g.ended_at is null
    where a.id = ${who} and a.disabled_at is null and a.locked_at is null`;
  const scopes = rows.filter(({ role }) => role === 'ownerOfficial' || role === 'agencyCoordinator').map(({ scope }) => scope ?? '');
  return { ...none, machine: rows.some(({ role, scope }) => role === 'operator' && scope === 'machine'), scopes: new Set(scopes), person: rows[0]?.person ?? null };
}

/**
 * Null where the actor may disable, enable or unlock the account, or end what is of it. An official or coordinator: only where every role of the account is in their own scope. The refusal is on the record.
 * `ACCOUNT_UNKNOWN`, `ACCOUNT_ROLE`.
 */
export async function mayManage(tx: TransactionSql, { acts }: Context, actor: Actor, account: string): Promise<AccountError | null> {
  const [found] = await tx<{ person: string; scopes: string[] }[]>`
    select person, array(select scope from role_grant where account = account.id and ended_at is null) as scopes from account where id = ${account}`;
  if (found === undefined) return unknownAccount();
  const power = await powerOf(tx, actor);
  if (power.all || power.system || power.machine) return null;
  if (power.scopes.size > 0 && found.scopes.every((scope) => power.scopes.has(scope))) return null;
  await acts.put(tx, { act: 'refused', owner: null, who: actor.who, role: actor.role, on: account, result: 'refused', detail: { why: 'otherScope' } });
  return new AccountError('ACCOUNT_ROLE', 'the account has roles beyond those that you keep', 'Ask the operator, or an official of the other owner.');
}

export function unknownAccount(): AccountError {
  return new AccountError('ACCOUNT_UNKNOWN', 'there is no such account', 'Look up its number in the list of people.');
}
