import { allRoles, readScope, type Grant, type Person, type Role } from '../roles/index.ts';
import { mayManage } from './manage.ts';
import { settle, type Context } from './parts.ts';
import { hashOf } from './secrets.ts';
import type { Actor, SessionState, SessionView } from './types.ts';

/** How often it is noted that a session was used, in milliseconds. */
const seenEvery = 10_000;
/** How far the clocks of several processes may be apart, in milliseconds. */
const apart = 60_000;

export interface GrantRow {
  readonly role: string;
  readonly scope: string;
  readonly desks: readonly string[];
}

interface SessionRow {
  readonly id: string;
  readonly account: string;
  readonly shownAt: Date;
  readonly seenAt: Date;
  readonly expiresAt: Date;
  readonly noticeAt: Date | null;
  readonly lockedAt: Date | null;
  readonly endedAt: Date | null;
  readonly barred: boolean;
  readonly person: string;
  readonly name: string;
  readonly employer: string | null;
  readonly grants: readonly GrantRow[] | null;
}

/** The session of a cookie, with its person and the roles of this moment: a role that is taken away, or an account that is disabled, is felt here at once. */
export async function session(context: Context, cookie: string, now = context.now()): Promise<SessionState> {
  const { sql, settings } = context;
  const secret = hashOf(cookie);
  const [row] = await sql<SessionRow[]>`
    select s.id, s.account, s.shown_at as "shownAt", s.seen_at as "seenAt", s.expires_at as "expiresAt", s.notice_at as "noticeAt", s.locked_at as "lockedAt", s.ended_at as "endedAt",
      (a.disabled_at is not null or a.locked_at is not null) as barred, p.id as person, p.name, p.employer,
      (select json_agg(json_build_object('role', g.role, 'scope', g.scope, 'desks', g.desks) order by g.id) from role_grant g where g.account = a.id and g.ended_at is null) as grants
    from session s join account a on a.id = s.account join person p on p.id = a.person where s.secret = ${secret}`;
  if (row === undefined) {
    await noteReplaced(context, secret);
    return { state: 'none' };
  }
  if (row.endedAt !== null) await noteUse(context, row.account, row.id);
  if (row.endedAt !== null || row.barred || row.expiresAt.getTime() <= now) return { state: 'none' };
  if (row.seenAt.getTime() - now > apart) {
    await endBehind(context, secret);
    return { state: 'none' };
  }
  const person: Person = {
    person: row.person, account: row.account, name: row.name, employer: row.employer, grants: grantsOf(row.grants), via: 'session', session: row.id, shownAt: row.shownAt.getTime(), only: null,
  };
  if (row.lockedAt !== null) return { state: 'locked', person };
  if (now - row.seenAt.getTime() >= settings.idleFor * 1_000) {
    await lock(context, secret, now, { after: settings.idleFor });
    return { state: 'locked', person };
  }
  if (now - row.seenAt.getTime() >= seenEvery) await sql`update session set seen_at = greatest(seen_at, ${new Date(now)}) where secret = ${secret} and ended_at is null and locked_at is null`;
  return { state: row.noticeAt === null ? 'notice' : 'open', person };
}

/** The session was used later than it is now: somebody set the clock back, and what is counted from it would last longer by as much. */
async function endBehind({ sql, acts }: Context, secret: string): Promise<void> {
  await sql.begin(async (tx) => {
    const [row] = await tx<{ id: string; account: string }[]>`update session set ended_at = seen_at where secret = ${secret} and ended_at is null returning id, account`;
    if (row !== undefined) await acts.put(tx, { act: 'sessionEnded', owner: null, who: 'clock', on: row.id, detail: { why: 'clockSetBack' } });
  });
}

/** Roles as the database keeps them. A word that is none, or a scope that is none, is no role. */
export function grantsOf(rows: readonly GrantRow[] | null): Grant[] {
  return (rows ?? []).flatMap(({ role, scope, desks }) => {
    const read = readScope(scope);
    return read === null || !(allRoles as readonly string[]).includes(role) ? [] : [{ role: role as Role, scope: read, desks }];
  });
}

/** The secret was good until the factors were shown again, and was then replaced. */
async function noteReplaced(context: Context, secret: string): Promise<void> {
  const [past] = await context.sql<{ account: string; session: string }[]>`select s.account, s.id as session from session_past p join session s on s.id = p.session where p.secret = ${secret}`;
  if (past !== undefined) await noteUse(context, past.account, past.session);
}

async function noteUse({ sql, acts }: Context, account: string, id: string): Promise<void> {
  await sql.begin(async (tx) => {
    await acts.put(tx, { act: 'replayed', owner: null, who: account, on: id, result: 'refused', detail: { what: 'session' } });
  });
}

export async function acceptNotice({ sql, acts, now }: Context, cookie: string): Promise<void> {
  await sql.begin(async (tx) => {
    const at = new Date(now());
    const [row] = await tx<{ id: string; account: string }[]>`
      update session set notice_at = ${at} where secret = ${hashOf(cookie)} and notice_at is null and ended_at is null and locked_at is null and expires_at > ${at} returning id, account`;
    if (row !== undefined) await acts.put(tx, { act: 'noticeAccepted', owner: null, who: row.account, on: row.id });
  });
}

export async function lockScreen(context: Context, cookie: string): Promise<void> {
  await lock(context, hashOf(cookie), context.now(), null);
}

async function lock({ sql, acts }: Context, secret: string, now: number, detail: { readonly after: number } | null): Promise<void> {
  await sql.begin(async (tx) => {
    const [row] = await tx<{ id: string; account: string }[]>`
      update session set locked_at = ${new Date(now)} where secret = ${secret} and locked_at is null and ended_at is null returning id, account`;
    if (row !== undefined) await acts.put(tx, { act: 'screenLocked', owner: null, who: row.account, on: row.id, detail });
  });
}

export async function signOut({ sql, acts, now }: Context, cookie: string): Promise<void> {
  await sql.begin(async (tx) => {
    const [row] = await tx<{ id: string; account: string }[]>`update session set ended_at = ${new Date(now())} where secret = ${hashOf(cookie)} and ended_at is null returning id, account`;
    if (row !== undefined) await acts.put(tx, { act: 'signedOut', owner: null, who: row.account, on: row.id });
  });
}

/** Those that have not ended, newest first. */
export async function sessions({ sql, now }: Context, account: string): Promise<readonly SessionView[]> {
  return await sql<SessionView[]>`
    select id, begun_at as "begunAt", seen_at as "seenAt", factors, device from session where account = ${account} and ended_at is null and expires_at > ${new Date(now())} order by begun_at desc, id`;
}

/** Ends one session of an account. Nothing where it has ended, or is another account's. */
export async function endSession(context: Context, account: string, id: string, actor: Actor): Promise<void> {
  const { sql, acts, now } = context;
  await settle(sql, async (tx) => {
    const refused = actor.who === account ? null : await mayManage(tx, context, actor, account);
    if (refused !== null) return refused;
    const done = await tx`update session set ended_at = ${new Date(now())} where id = ${id} and account = ${account} and ended_at is null`;
    if (done.count === 1) await acts.put(tx, { act: 'sessionEnded', owner: null, who: actor.who, role: actor.role, on: id });
    return null;
  });
}
