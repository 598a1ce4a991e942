import { allActions, factsOf, roleFor, type Action, type Grant, type Person } from '../roles/index.ts';
import { holdAccount } from './attempts.ts';
import { AccountError } from './errors.ts';
import { mayManage, unknownAccount } from './manage.ts';
import { settle, type Context } from './parts.ts';
import { hashOf, newNumber, newSecret } from './secrets.ts';
import { grantsOf, type GrantRow } from './sessions.ts';
import { whyNot } from './signIn.ts';
import type { Actor, TokenView } from './types.ts';

/** Tokens of one account that are good at one time, at most. */
const most = 50;
/** How often it is noted that a token was used, in milliseconds. */
const seenEvery = 60_000;

interface TokenRow {
  readonly id: string;
  readonly account: string;
  readonly actions: readonly string[];
  readonly expiresAt: Date;
  readonly usedAt: Date | null;
  readonly revokedAt: Date | null;
  readonly barred: boolean;
  readonly person: string;
  readonly name: string;
  readonly employer: string | null;
  readonly grants: readonly GrantRow[] | null;
}

/** The person whom a token speaks for, with the roles of this moment and never more than the token is for. A token that is revoked, past its end, or of an account that is disabled or locked, is on the record. */
export async function byToken({ sql, acts, ...context }: Context, secret: string, now = context.now()): Promise<Person | null> {
  if (!/^weir_[A-Za-z0-9_-]{43}$/.test(secret)) return null;
  const hash = hashOf(secret);
  const [row] = await sql<TokenRow[]>`
    select t.id, t.account, t.actions, t.expires_at as "expiresAt", t.used_at as "usedAt", t.revoked_at as "revokedAt", (a.disabled_at is not null or a.locked_at is not null) as barred, p.id as person, p.name, p.employer,
      (select json_agg(json_build_object('role', g.role, 'scope', g.scope, 'desks', g.desks) order by g.id) from role_grant g where g.account = a.id and g.ended_at is null) as grants
    from service_token t join account a on a.id = t.account join person p on p.id = a.person where t.secret = ${hash}`;
  if (row === undefined) return null;
  const why = row.revokedAt !== null ? 'revoked' : row.barred ? 'account' : row.expiresAt.getTime() <= now ? 'expired' : null;
  if (why !== null) {
    await sql.begin(async (tx) => {
      await acts.put(tx, { act: 'tokenRefused', owner: null, who: row.account, on: row.id, result: 'refused', detail: { why } });
    });
    return null;
  }
  if (row.usedAt === null || now - row.usedAt.getTime() >= seenEvery) await sql`update service_token set used_at = greatest(used_at, ${new Date(now)}) where secret = ${hash}`;
  const only = row.actions.filter((action): action is Action => (allActions as readonly string[]).includes(action));
  return { person: row.person, account: row.account, name: row.name, employer: row.employer, grants: grantsOf(row.grants), via: 'token', session: row.id, shownAt: null, only };
}

/**
 * Makes a token of one's own. It is for the actions that it names, each of which a role of the account must allow now; none that asks for a fresh sign-in, and none about the account itself.
 * `ACCOUNT_TOKEN`, `ACCOUNT_FIELD`, `ACCOUNT_UNKNOWN`, `ACCOUNT_DISABLED`.
 */
export async function makeToken(context: Context, account: string, { name, actions, days }: { readonly name: string; readonly actions: readonly Action[]; readonly days: number }, actor: Actor): Promise<{ readonly secret: string; readonly token: TokenView }> {
  const { sql, acts, settings } = context;
  const called = name.normalize('NFKC').trim();
  if (called === '' || called.length > 100 || /\p{Cc}/u.test(called)) throw new AccountError('ACCOUNT_FIELD', 'the name of the token cannot be taken', 'Give 1 to 100 characters that say what it is for.');
  if (!Number.isInteger(days) || days < 1 || days > settings.tokenDays) throw new AccountError('ACCOUNT_TOKEN', `a token is good for 1 to ${settings.tokenDays} days`, 'Give a whole number of days.');
  if (actor.who !== account) throw new AccountError('ACCOUNT_TOKEN', 'a token is made by its own account', 'Sign in with the account that it is to speak for.');
  const wanted = [...new Set(actions)];
  if (wanted.length === 0) throw new AccountError('ACCOUNT_TOKEN', 'a token is for one action at least', 'Name what it may do.');
  return await settle(sql, async (tx) => {
    const held = await holdAccount(tx, account);
    if (held === null) return unknownAccount();
    if (whyNot(held) !== null) return new AccountError('ACCOUNT_DISABLED', 'the account is disabled or locked', 'Ask an official, or the operator.');
    const grants = grantsOf(await tx<GrantRow[]>`select role, scope, desks from role_grant where account = ${account} and ended_at is null order by id`);
    const wrong = wanted.find((action) => !isFor(grants, action));
    if (wrong !== undefined) return new AccountError('ACCOUNT_TOKEN', `a token of this account cannot be for ${wrong.slice(0, 40)}`, 'Name actions of your roles that need no fresh sign-in; docs/roles.md has the table.');
    const at = new Date(context.now());
    const [count] = await tx<{ count: number }[]>`select count(*)::int as count from service_token where account = ${account} and revoked_at is null and expires_at > ${at}`;
    if ((count?.count ?? 0) >= most) return new AccountError('ACCOUNT_TOKEN', `the account has ${most} tokens`, 'Revoke those that are no more used.');
    const secret = `weir_${newSecret()}`;
    const token: TokenView = { id: newNumber('T'), account, name: called, actions: wanted, createdAt: at, expiresAt: new Date(at.getTime() + days * 86_400_000), usedAt: null, revokedAt: null };
    await tx`
      insert into service_token (secret, id, account, name, actions, created_at, expires_at) values (${hashOf(secret)}, ${token.id}, ${account}, ${called}, ${wanted}, ${at}, ${token.expiresAt})`;
    await acts.put(tx, { act: 'tokenMade', owner: null, who: account, role: actor.role, on: token.id, detail: { actions: wanted.join(' ').slice(0, 1_000), days } });
    return { secret, token };
  });
}

/** Every token of an account, newest first; also those that are no longer good. */
export async function tokens({ sql }: Context, account: string): Promise<readonly TokenView[]> {
  return await sql<TokenView[]>`
    select id, account, name, actions, created_at as "createdAt", expires_at as "expiresAt", used_at as "usedAt", revoked_at as "revokedAt" from service_token where account = ${account} order by created_at desc, id`;
}

/** Ends a token at once. Nothing where it was revoked before. `ACCOUNT_UNKNOWN` where the account has no such token. */
export async function revokeToken(context: Context, account: string, id: string, actor: Actor): Promise<void> {
  const { sql, acts, now } = context;
  await settle(sql, async (tx) => {
    const refused = actor.who === account ? null : await mayManage(tx, context, actor, account);
    if (refused !== null) return refused;
    const [row] = await tx<{ revoked: boolean }[]>`select revoked_at is not null as revoked from service_token where id = ${id} and account = ${account} for update`;
    if (row === undefined) return new AccountError('ACCOUNT_UNKNOWN', 'the account has no such token', 'Look at its tokens again.');
    if (row.revoked) return null;
    await tx`update service_token set revoked_at = ${new Date(now())} where id = ${id}`;
    await acts.put(tx, { act: 'tokenRevoked', owner: null, who: actor.who, role: actor.role, on: id });
    return null;
  });
}

/** Whether a token can be for an action: one of the table, that a role allows, not fresh, and not about the account itself. */
function isFor(grants: readonly Grant[], action: Action): boolean {
  if (!(allActions as readonly string[]).includes(action) || action.startsWith('session.') || action.startsWith('token.')) return false;
  const facts = factsOf(action);
  if (facts.fresh === true) return false;
  return facts.to.includes('signedIn') || grants.some((grant) => roleFor([grant], action, grant.scope) !== null);
}
