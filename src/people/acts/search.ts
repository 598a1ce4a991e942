import type { Fragment, Sql } from 'postgres';
import type { ActEntry } from '../../model/index.ts';
import type { ActPeriod, ActQuery } from './query.ts';
import { actsIn, type ActScope } from './scope.ts';
import { noOwner } from './acts.ts';

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
  /** How they divide, from here on, over as many as were counted. */
  readonly facets: ActFacets;
}

/** Each with its number, the most first; of many, the first twelve. */
export interface ActFacets {
  readonly act: readonly ActFacet[];
  readonly outcome: readonly ActFacet[];
  readonly role: readonly ActFacet[];
  readonly who: readonly ActFacet[];
}

export interface ActFacet {
  readonly value: string;
  readonly count: number;
}

/** Where a page ended: the last act on it. */
export interface ActPlace {
  readonly at: string;
  readonly id: string;
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

const perPage = 50;
const countTo = 1_000_000;

/** The acts that fit, the newest first, a page at a time. `cursor` is one that a page gave; another is taken as the beginning. */
export async function searchActs(sql: Sql, scope: ActScope, query: ActQuery, cursor: string | null, size = perPage, most = countTo): Promise<ActPage> {
  const after = cursor === null ? null : readCursor(cursor);
  const [found, counted] = await Promise.all([actsAfter(sql, scope, query, after, size + 1), countedBy(sql, scope, query, after, most)]);
  const acts = found.slice(0, size);
  const last = acts.at(-1);
  return { acts, next: found.length > size && last !== undefined ? cursorOf(last) : null, ...counted };
}

/** As many as `size` acts, the newest first, that are older than `after`: acts that are added meanwhile move nothing. */
export async function actsAfter(sql: Sql, scope: ActScope, query: ActQuery, after: ActPlace | null, size: number): Promise<readonly FoundAct[]> {
  const where = sql`${wanted(sql, query)} ${olderThan(sql, after)}`;
  const rows = await sql<Row[]>`select * from (${actsIn(sql, scope, { columns: columnsOf(sql), where, limit: size, ordered: true })}) found order by at desc, id desc limit ${size}`;
  return rows.map(found);
}

/** How many fit that are older than `after`, counted up to `most`. */
export async function countActs(sql: Sql, scope: ActScope, query: ActQuery, most: number, after: ActPlace | null = null): Promise<{ readonly total: number; readonly atLeast: boolean }> {
  const [row] = await sql<{ n: number }[]>`select count(*)::int as n from (${actsIn(sql, scope, { columns: sql`id`, where: sql`${wanted(sql, query)} ${olderThan(sql, after)}`, limit: most + 1, ordered: false })}) counted`;
  const n = row?.n ?? 0;
  return { total: Math.min(n, most), atLeast: n > most };
}

/** One act in the scope, with what is sealed of it and under whose key; null where there is none there. `id` comes from an address. */
export async function findAct(sql: Sql, scope: ActScope, id: string): Promise<{ readonly act: FoundAct; readonly sealed: string | null; readonly keyOf: string } | null> {
  const [row] = await sql<Row[]>`${actsIn(sql, scope, { columns: columnsOf(sql), where: sql`id = ${id}`, limit: 1, ordered: false })}`;
  return row === undefined ? null : { act: found(row), sealed: row.sealed, keyOf: row.owner };
}

const facetOf = { 7: 'act', 11: 'outcome', 13: 'role', 14: 'who' } as const satisfies Readonly<Record<number, keyof ActFacets>>;

/** Counts and facets in one pass. */
async function countedBy(sql: Sql, scope: ActScope, query: ActQuery, after: ActPlace | null, most: number): Promise<Pick<ActPage, 'total' | 'atLeast' | 'facets'>> {
  const where = sql`${wanted(sql, query)} ${olderThan(sql, after)}`;
  const rows = await sql<{ g: keyof typeof facetOf; value: string | null; n: number }[]>`
    with groups as (
      select act, result, role, who, count(*)::int as n from (${actsIn(sql, scope, { columns: sql`act, result, role, who`, where, limit: most + 1, ordered: false })}) counted group by act, result, role, who
    ), facets as (
      select grouping(act, result, role, who)::int as g, coalesce(act, result, role, who) as value, sum(n)::int as n from groups group by grouping sets ((act), (result), (role), (who))
    )
    select g, value, n from (select *, row_number() over (partition by g order by n desc, value) as place from facets) placed where place <= 12 order by g, place`;
  const of = (name: keyof ActFacets): readonly ActFacet[] => rows.flatMap(({ g, value, n }) => (facetOf[g] === name && value !== null ? [{ value, count: n }] : []));
  const facets = { act: of('act'), outcome: of('outcome'), role: of('role'), who: of('who') };
  const total = facets.outcome.reduce((sum, { count }) => sum + count, 0);
  return { total: Math.min(total, most), atLeast: total > most, facets };
}

function columnsOf(sql: Sql): Fragment {
  return sql`id, at, owner, act, who, role, about, result, hash, detail, sealed`;
}

function wanted(sql: Sql, { is, not, created, notCreated }: ActQuery): Fragment {
  const one = (column: Fragment, values: readonly string[], wrong: readonly string[]) => sql`
    ${values.length === 0 ? sql`` : sql`and ${column} = any(${[...values]})`} ${wrong.length === 0 ? sql`` : sql`and (${column} is null or ${column} <> all(${[...wrong]}))`}`;
  return sql`true
    ${one(sql`who`, is.who, not.who)} ${one(sql`act`, is.act, not.act)} ${one(sql`about`, is.about, not.about)} ${one(sql`result`, is.outcome, not.outcome)} ${one(sql`role`, is.role, not.role)}
    ${created.length === 0 ? sql`` : sql`and (false ${created.map((period) => sql`or ${within(sql, period)}`)})`} ${notCreated.length === 0 ? sql`` : notCreated.map((period) => sql`and not ${within(sql, period)}`)}`;
}

function within(sql: Sql, { from, to }: ActPeriod): Fragment {
  return sql`(true ${from === null ? sql`` : sql`and at >= ${from}::timestamptz`} ${to === null ? sql`` : sql`and at < ${to}::timestamptz`})`;
}

function olderThan(sql: Sql, after: ActPlace | null): Fragment {
  return after === null ? sql`` : sql`and (at, id) < (${after.at}::timestamptz, ${after.id})`;
}

function found({ id, at, owner, act, who, role, about, result, hash, detail, sealed }: Row): FoundAct {
  return { id, at: at.toISOString(), owner: owner === noOwner ? null : owner, act, who, role, on: about, result, hash, detail, words: sealed !== null };
}

function cursorOf({ at, id }: ActPlace): string {
  return Buffer.from(`${at} ${id}`).toString('base64url');
}

function readCursor(cursor: string): ActPlace | null {
  const [, at, id] = /^((?:19|2\d)\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) ([\w-]{1,80})$/.exec(Buffer.from(cursor.slice(0, 200), 'base64url').toString()) ?? [];
  return at === undefined || id === undefined || Number.isNaN(Date.parse(at)) ? null : { at, id };
}
