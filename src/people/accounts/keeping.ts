import type { TransactionSql } from 'postgres';

import { readScope, scopeText, type Role, type Scope } from '../roles/index.ts';
import { forgive, holdAccount, type HeldAccount } from './attempts.ts';
import { AccountError } from './errors.ts';
import { endAll } from './invitations.ts';
import { mayManage, powerOf, unknownAccount } from './manage.ts';
import { settle, type Context } from './parts.ts';
import type { AccountView, Actor } from './types.ts';

interface GrantRow {
  readonly id: string;
  readonly role: Role;
  readonly scope: string;
  readonly desks: readonly string[];
  readonly source: string;
  readonly givenAt: string;
  readonly reviewedAt: string | null;
}

interface ViewRow extends Omit<AccountView, 'grants' | 'factors'> {
  readonly grants: readonly GrantRow[] | null;
  readonly password: boolean;
  readonly totp: boolean;
  readonly keys: number;
}

/** One account, with its roles of now; null where there is none. */
export async function account(context: Context, id: string): Promise<AccountView | null> {
  const [view] = await views(context, id, null);
  return view ?? null;
}

/** Accounts with a role in a scope, or all; disabled ones too. In the order of names. */
export async function list(context: Context, scope: Scope | null): Promise<readonly AccountView[]> {
  return await views(context, null, scope === null ? null : scopeText(scope));
}

/** Ends the lock of too many failures. `ACCOUNT_UNKNOWN`, `ACCOUNT_ROLE`, `ACCOUNT_SELF`. Nothing where it is not locked. */
export async function unlock(context: Context, id: string, actor: Actor): Promise<void> {
  const { sql, acts } = context;
  await settle(sql, async (tx) => {
    const held = await holdOther(tx, context, id, actor);
    if (held instanceof AccountError) return held;
    if (held.lockedAt === null) return null;
    await tx`update account set locked_at = null where id = ${id}`;
    await forgive(tx, context, id);
    await acts.put(tx, { act: 'unlocked', owner: null, who: actor.who, role: actor.role, on: id });
    return null;
  });
}

/** Disables an account; its sessions and tokens end in the same transaction, and are refused at their next request. `ACCOUNT_UNKNOWN`, `ACCOUNT_ROLE`, `ACCOUNT_FIELD`. Nothing where it is disabled. */
export async function disable(context: Context, id: string, why: string, actor: Actor): Promise<void> {
  const { sql, acts, now } = context;
  const reason = why.normalize('NFKC').trim();
  if (reason === '' || reason.length > 500 || /\p{Cc}/u.test(reason)) throw new AccountError('ACCOUNT_FIELD', 'the reason cannot be taken', 'Give one line of 1 to 500 characters.');
  await settle(sql, async (tx) => {
    const held = await holdAccount(tx, id);
    if (held === null) return unknownAccount();
    const refused = actor.who === id ? null : await mayManage(tx, context, actor, id);
    if (refused !== null) return refused;
    if (held.disabledAt !== null) return null;
    const at = new Date(now());
    await tx`update account set disabled_at = ${at}, disabled_why = ${reason}, disabled_by = ${actor.who}, version = version + 1 where id = ${id}`;
    const ended = await endAll(tx, held, at);
    await acts.put(tx, { act: 'accountDisabled', owner: null, who: actor.who, role: actor.role, on: id, detail: { ...ended }, words: { why: reason } });
    return null;
  });
}

/** Enables an account again; what ended stays ended. `ACCOUNT_UNKNOWN`, `ACCOUNT_ROLE`, `ACCOUNT_SELF`, `ACCOUNT_TAKEN` where the login is another's by now. Nothing where it is enabled. */
export async function enable(context: Context, id: string, actor: Actor): Promise<void> {
  const { sql, acts, now } = context;
  await settle(sql, async (tx) => {
    const held = await holdOther(tx, context, id, actor);
    if (held instanceof AccountError) return held;
    if (held.disabledAt === null) return null;
    await tx`select pg_advisory_xact_lock(hashtext('weir login'))`;
    const taken = held.kind !== 'local' ? [] : await tx`select 1 from account where kind = 'local' and lower(login) = lower(${held.login}) and disabled_at is null and id <> ${id} limit 1`;
    if (taken.length > 0) return new AccountError('ACCOUNT_TAKEN', 'the login is another account\'s by now', 'Invite the person with another login.');
    await tx`update account set disabled_at = null, disabled_why = null, disabled_by = null, enabled_at = ${new Date(now())}, version = version + 1 where id = ${id}`;
    await acts.put(tx, { act: 'accountEnabled', owner: null, who: actor.who, role: actor.role, on: id });
    return null;
  });
}

/** Holds the account of another person, which the actor may manage; why not, where they may not. */
async function holdOther(tx: TransactionSql, context: Context, id: string, actor: Actor): Promise<HeldAccount | AccountError> {
  const held = await holdAccount(tx, id);
  if (held === null) return unknownAccount();
  const refused = await mayManage(tx, context, actor, id);
  if (refused !== null) return refused;
  if ((await powerOf(tx, actor)).person !== held.person) return held;
  return new AccountError('ACCOUNT_SELF', 'this is an account of your own', 'Ask another official, or the operator.');
}

async function views({ sql }: Context, id: string | null, scope: string | null): Promise<AccountView[]> {
  const rows = await sql<ViewRow[]>`
    select a.id as account, a.person, p.name, p.email, a.kind, a.login, p.employer, a.last_at as "lastAt", a.disabled_at as "disabledAt", a.disabled_why as "disabledWhy", a.locked_at as "lockedAt",
      a.password is not null as password, a.totp is not null as totp, (select count(*)::int from passkey k where k.account = a.id) as keys,
      (select json_agg(json_build_object('id', g.id::text, 'role', g.role, 'scope', g.scope, 'desks', g.desks, 'source', g.source, 'givenAt', g.given_at, 'reviewedAt', g.reviewed_at) order by g.id)
        from role_grant g where g.account = a.id and g.ended_at is null) as grants
    from account a join person p on p.id = a.person
    where (${id}::text is null or a.id = ${id}) and (${scope}::text is null or exists (select 1 from role_grant g where g.account = a.id and g.scope = ${scope} and g.ended_at is null))
    order by lower(p.name), a.id`;
  return rows.map(({ grants, password, totp, keys, ...view }) => ({
    ...view,
    grants: (grants ?? []).flatMap(({ scope: text, givenAt, reviewedAt, ...grant }) => {
      const read = readScope(text);
      return read === null ? [] : [{ ...grant, scope: read, givenAt: new Date(givenAt), reviewedAt: reviewedAt === null ? null : new Date(reviewedAt) }];
    }),
    factors: [...(password ? ['password' as const] : []), ...(totp ? ['totp' as const] : []), ...(keys > 0 ? ['passkey' as const] : [])],
  }));
}

