import type { TransactionSql } from 'postgres';
import { inParts } from '../../store/actFollower.ts';
import { putEvent } from '../../store/outbox.ts';
import { newId, sha256, type Room } from '../parts.ts';
import { quarterOf, reviewDue } from './quarter.ts';

/**
 * At the first call of a quarter, one review for each owner and agency that has users, with one item for each role of each account; and, once each, which reviews were not done in
 * time. Whoever comes with others at once waits for the first and does nothing. Returns how many were begun or noted.
 */
export async function noteReviews(room: Room, now: number): Promise<number> {
  return (await begin(room, now)) + (await settle(room)) + (await overdue(room, now));
}

/** An item as the act by which its review began has it: its number, account, role, and the number of the grant. */
export type ListedItem = readonly [item: number, account: string, role: string, grant: number];

/** The scope of an act: an agency's stand in the exchange's own log. */
export function ownerOfScope(scope: string): string | null {
  return /^owner ([A-Z]{2})$/.exec(scope)?.[1] ?? null;
}

/**
 * Closes a review of which nothing is open any more. A role that ended otherwise needs no decision. In the transaction of whoever decided the last one.
 * Returns true where it was closed.
 */
export async function closeIfDone(tx: TransactionSql, { acts, now }: Pick<Room, 'acts' | 'now'>, review: string): Promise<boolean> {
  const ended = await tx<{ id: string; account: string; role: string; scope: string; by: string; at: Date }[]>`
    update user_review_item i set decision = 'remove', decided_by = coalesce(g.ended_by, 'clock'), decided_at = g.ended_at from role_grant g
    where i.review = ${review} and i.decision is null and g.id = i.role_grant and g.ended_at is not null
    returning i.id::text, i.account, i.role, g.scope, i.decided_by as by, i.decided_at as at`;
  for (const { id, account, role, scope, by, at } of ended) {
    await acts.put(tx, { act: 'userReviewed', owner: ownerOfScope(scope), who: 'clock', on: account, detail: { review, item: Number(id), role, scope, decision: 'remove', why: 'ended', by, at: at.toISOString() } });
  }
  const [row] = await tx<{ scope: string; quarter: string }[]>`
    update user_review set closed_at = ${new Date(now())} where id = ${review} and closed_at is null and not exists (select 1 from user_review_item where review = ${review} and decision is null)
    returning scope, quarter`;
  if (row === undefined) return false;
  const items = await tx<{ account: string; role: string; decision: string; by: string }[]>`select account, role, decision, decided_by as by from user_review_item where review = ${review} order by account, role`;
  const hash = sha256(JSON.stringify(items.map(({ account, role, decision, by }) => [account, role, decision, by])));
  const removed = items.filter(({ decision }) => decision === 'remove').length;
  await acts.put(tx, { act: 'userReviewClosed', owner: ownerOfScope(row.scope), who: 'clock', on: review, hash, detail: { scope: row.scope, quarter: row.quarter, users: items.length, removed } });
  await putEvent(tx, `usersReviewed ${review}`, { event: 'usersReviewed', subject: `${row.scope} ${row.quarter}`, hash, detail: { review, users: items.length, removed } });
  return true;
}

async function begin({ sql, acts }: Room, now: number): Promise<number> {
  const quarter = quarterOf(now);
  const [known] = await sql`select 1 from duty_quarter where quarter >= ${quarter}`;
  if (known !== undefined) return 0;
  return await sql.begin(async (tx) => {
    const at = new Date(now);
    // Nobody has a role yet: the quarter begins with the first who has.
    const scopes = await tx<{ scope: string }[]>`
      select distinct g.scope from role_grant g join account a on a.id = g.account
      where g.ended_at is null and a.disabled_at is null and (g.scope like 'owner %' or g.scope like 'agency %') order by g.scope`;
    if (scopes.length === 0) return 0;
    const first = await tx`insert into duty_quarter (quarter, begun_at) values (${quarter}, ${at}) on conflict do nothing`;
    if (first.count === 0) return 0;
    for (const { scope } of scopes) {
      const id = newId('Q', null);
      const made = await tx`insert into user_review (id, scope, quarter, begun_at, due_at) values (${id}, ${scope}, ${quarter}, ${at}, ${reviewDue(now)}) on conflict do nothing`;
      if (made.count === 0) continue;
      const items = await tx<{ id: string; account: string; role: string; role_grant: string }[]>`
        insert into user_review_item (review, role_grant, account, role) select ${id}, g.id, g.account, g.role from role_grant g join account a on a.id = g.account
        where g.scope = ${scope} and g.ended_at is null and a.disabled_at is null returning id::text, account, role, role_grant::text`;
      const listed = inParts(items.map((item): ListedItem => [Number(item.id), item.account, item.role, Number(item.role_grant)]));
      for (const [part, some] of listed.entries()) {
        const detail = { scope, quarter, users: items.length, dueAt: reviewDue(now).toISOString(), ...(part === 0 ? {} : { part: part + 1 }) };
        await acts.put(tx, { act: 'userReviewBegun', owner: ownerOfScope(scope), who: 'clock', on: id, detail, words: { items: JSON.stringify(some) } });
      }
    }
    return scopes.length;
  });
}

/** Reviews of which the last open role ended without a decision. */
async function settle(room: Room): Promise<number> {
  const rows = await room.sql<{ id: string }[]>`
    select r.id from user_review r where r.closed_at is null
      and not exists (select 1 from user_review_item i left join role_grant g on g.id = i.role_grant where i.review = r.id and i.decision is null and g.ended_at is null) limit 200`;
  let closed = 0;
  for (const { id } of rows) {
    const done = await room.sql.begin(async (tx) => {
      await tx`select 1 from user_review where id = ${id} for update`;
      return await closeIfDone(tx, room, id);
    });
    if (done) closed += 1;
  }
  return closed;
}

async function overdue({ sql, acts }: Room, now: number): Promise<number> {
  const at = new Date(now);
  return await sql.begin(async (tx) => {
    const rows = await tx<{ id: string; scope: string; quarter: string; due_at: Date }[]>`
      update user_review set overdue_at = ${at} where id in (
        select id from user_review where closed_at is null and overdue_at is null and due_at < ${at} order by due_at, id limit 500 for update skip locked)
      returning id, scope, quarter, due_at`;
    for (const { id, scope, quarter, due_at: due } of rows) {
      await acts.put(tx, { act: 'userReviewClosed', owner: ownerOfScope(scope), who: 'clock', on: id, result: 'failed', detail: { scope, quarter, why: 'overdue', dueAt: due.toISOString() } });
    }
    return rows.length;
  });
}
