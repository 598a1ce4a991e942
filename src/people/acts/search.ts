import type { Fragment, Sql } from 'postgres';
import type { ActEntry } from '../../model/index.ts';
import { noOwner, type Act } from './acts.ts';
import type { ActQuery } from './query.ts';

/**
 * Whose acts are searched. `owner`: those about its records and settings, and what its own people did at sign-in, which concerns no owner.
 * `account`: what one did oneself. Null: all, for the machine.
 */
export type ActScope = { readonly owner: string } | { readonly account: string } | null;

/** One act as it is shown. It names nobody. */
export interface FoundAct {
  readonly id: string;
  /** RFC 3339, UTC. */
  readonly at: string;
  /** Null where it concerns none. */
  readonly owner: string | null;
  readonly act: string;
  readonly who: string;
  readonly role: string | null;
  readonly on: string | null;
  readonly result: ActEntry['result'];
  readonly hash: string | null;
  readonly detail: ActEntry['detail'];
  /** Whether there are words of people under the owner's key. */
  readonly words: boolean;
}

export interface ActPage {
  readonly acts: readonly FoundAct[];
  /** For the next page, the older acts; null at the end. */
  readonly next: string | null;
  /** How many there are from here on; `atLeast` where counting was given up. */
  readonly total: number;
  readonly atLeast: boolean;
}

interface Row {
  readonly id: string;
  readonly at: Date;
  readonly owner: string;
  readonly act: string;
  readonly who: string;
  readonly role: string | null;
  readonly about: string | null;
  readonly result: ActEntry['result'];
  readonly hash: string | null;
  readonly detail: ActEntry['detail'];
  readonly sealed: string | null;
}

/** What people do about their own sessions and factors. It stands in the log of no owner; those of an owner's people are for its auditors too. */
export const signInActs = [
  'signedIn', 'signInFailed', 'lockedOut', 'unlocked', 'signedOut', 'sessionEnded', 'screenLocked', 'freshSignIn', 'noticeAccepted', 'refused', 'replayed', 'foreignOrigin',
  'factorAdded', 'factorRemoved', 'passwordChanged', 'invitationUsed', 'accountDisabled', 'accountEnabled', 'accountIdle', 'tokenMade', 'tokenRevoked', 'tokenRefused', 'leaverRemoved',
] as const satisfies readonly Act[];

const perPage = 50;
const countTo = 10_000;

/** The acts that fit, the newest first, a page at a time. `cursor` is one that a page gave; another is taken as the beginning. */
export async function searchActs(sql: Sql, scope: ActScope, query: ActQuery, cursor: string | null, size = perPage): Promise<ActPage> {
  const after = cursor === null ? null : readCursor(cursor);
  const where = sql`${wanted(sql, query)} ${after === null ? sql`` : sql`and (at, id) < (${after.at}::timestamptz, ${after.id})`}`;
  const rows = await sql<Row[]>`select * from (${branches(sql, scope, where, size + 1)}) found order by at desc, id desc limit ${size + 1}`;
  const shown = rows.slice(0, size);
  const last = shown.at(-1);
  const more = rows.length > size && last !== undefined;
  const total = more ? await count(sql, scope, where) : rows.length;
  return { acts: shown.map(found), next: more ? cursorOf(last) : null, total: Math.min(total, countTo), atLeast: total > countTo };
}

/** One act in the scope, with what is sealed of it and under whose key; null where there is none there. `id` comes from an address. */
export async function findAct(sql: Sql, scope: ActScope, id: string): Promise<{ readonly act: FoundAct; readonly sealed: string | null; readonly keyOf: string } | null> {
  const [row] = await sql<Row[]>`${branches(sql, scope, sql`id = ${id}`, 1)}`;
  return row === undefined ? null : { act: found(row), sealed: row.sealed, keyOf: row.owner };
}

/** Each branch reads its own index in order, so that a page costs a page. */
function branches(sql: Sql, scope: ActScope, where: Fragment, limit: number): Fragment {
  if (scope === null) return sql`select * from act where ${where} order by at desc, id desc limit ${limit}`;
  if ('account' in scope) return sql`select * from act where who = ${scope.account} and ${where} order by at desc, id desc limit ${limit}`;
  return sql`
    (select * from act where owner = ${scope.owner} and ${where} order by at desc, id desc limit ${limit})
    union all
    (select * from act where owner = ${noOwner} and act = any(${[...signInActs]}) and who in (select account from role_grant where scope = ${`owner ${scope.owner}`}) and ${where}
      order by at desc, id desc limit ${limit})`;
}

async function count(sql: Sql, scope: ActScope, where: Fragment): Promise<number> {
  const [row] = await sql<{ n: number }[]>`select count(*)::int as n from (${branches(sql, scope, where, countTo + 1)}) counted`;
  return row?.n ?? 0;
}

function wanted(sql: Sql, { is, not, from, to }: ActQuery): Fragment {
  const one = (column: Fragment, values: readonly string[], wrong: readonly string[]) => sql`
    ${values.length === 0 ? sql`` : sql`and ${column} = any(${[...values]})`} ${wrong.length === 0 ? sql`` : sql`and (${column} is null or ${column} <> all(${[...wrong]}))`}`;
  return sql`true
    ${one(sql`who`, is.who, not.who)} ${one(sql`act`, is.act, not.act)} ${one(sql`about`, is.on, not.on)} ${one(sql`result`, is.result, not.result)} ${one(sql`role`, is.role, not.role)}
    ${from === null ? sql`` : sql`and at >= ${from}::timestamptz`} ${to === null ? sql`` : sql`and at < ${to}::timestamptz`}`;
}

function found({ id, at, owner, act, who, role, about, result, hash, detail, sealed }: Row): FoundAct {
  return { id, at: at.toISOString(), owner: owner === noOwner ? null : owner, act, who, role, on: about, result, hash, detail, words: sealed !== null };
}

function cursorOf({ at, id }: Row): string {
  return Buffer.from(`${at.toISOString()} ${id}`).toString('base64url');
}

function readCursor(cursor: string): { readonly at: string; readonly id: string } | null {
  const [, at, id] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) ([\w-]{1,80})$/.exec(Buffer.from(cursor.slice(0, 200), 'base64url').toString()) ?? [];
  return at === undefined || id === undefined || Number.isNaN(Date.parse(at)) ? null : { at, id };
}
