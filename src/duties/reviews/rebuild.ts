import type { TransactionSql } from 'postgres';
import type { ActEntry } from '../../model/index.ts';
import { detailNumber, detailText } from '../../store/actFollower.ts';
import { actWords, type Room } from '../parts.ts';
import type { ListedItem } from './clock.ts';
import { reviewDue } from './quarter.ts';

/** The acts of reviews of users that are read into rows. */
export const reviewActs = ['userReviewBegun', 'userReviewed', 'userReviewClosed'] as const;

/** Takes over what one act says of a review of users, where the rows do not have it. A role that is not there any more leaves an item that can only be said to be removed. */
export async function rebuildReview(tx: TransactionSql, room: Room, act: ActEntry): Promise<void> {
  if (act.act === 'userReviewBegun') await rebuildBegun(tx, room, act);
  else if (act.act === 'userReviewed') await rebuildDecision(tx, room, act);
  else if (act.result === 'done') await tx`update user_review set closed_at = ${act.at} where id = ${act.on} and closed_at is null`;
  else await tx`update user_review set overdue_at = ${act.at} where id = ${act.on} and overdue_at is null`;
}

async function rebuildBegun(tx: TransactionSql, room: Room, act: ActEntry): Promise<void> {
  const [scope, quarter] = [detailText(act, 'scope'), detailText(act, 'quarter')];
  if (act.on === null || !/^\d{4}-Q[1-4]$/.test(quarter) || scope === '') return;
  await tx`insert into duty_quarter (quarter, begun_at) values (${quarter}, ${act.at}) on conflict do nothing`;
  await tx`
    insert into user_review (id, scope, quarter, begun_at, due_at) values (${act.on}, ${scope}, ${quarter}, ${act.at}, ${detailText(act, 'dueAt') || reviewDue(Date.parse(act.at)).toISOString()}) on conflict do nothing`;
  const [known] = await tx`select 1 from user_review where id = ${act.on}`;
  const text = actWords(room, act)?.['items'];
  if (known === undefined || typeof text !== 'string') return;
  for (const item of JSON.parse(text) as readonly ListedItem[]) await rebuildItem(tx, act.on, scope, item);
}

/** The grant is taken up again only where it is still that role of that account. */
async function rebuildItem(tx: TransactionSql, review: string, scope: string, [item, account, role, grant]: ListedItem): Promise<void> {
  const [there] = await tx`select 1 from user_review_item where review = ${review} and account = ${account} and role = ${role}`;
  if (there !== undefined) return;
  await tx`
    insert into user_review_item (id, review, role_grant, account, role) overriding system value
    values (${await freeId(tx, 'user_review_item', item)}, ${review}, (select id from role_grant where id = ${grant} and account = ${account} and role = ${role} and scope = ${scope}), ${account}, ${role})
    on conflict do nothing`;
}

async function rebuildDecision(tx: TransactionSql, room: Room, act: ActEntry): Promise<void> {
  const [review, role, scope, decision] = [detailText(act, 'review'), detailText(act, 'role'), detailText(act, 'scope'), detailText(act, 'decision')];
  const [known] = await tx`select 1 from user_review where id = ${review}`;
  if (known === undefined || act.on === null || (decision !== 'keep' && decision !== 'remove')) return;
  const item = detailNumber(act, 'item');
  // An act from before its review named its items.
  await rebuildItem(tx, review, scope, [item ?? 0, act.on, role, 0]);
  const reason = actWords(room, act)?.['reason'];
  await tx`
    update user_review_item set decision = ${decision}, decided_by = ${detailText(act, 'by') || act.who}, decided_at = ${detailText(act, 'at') || act.at}, reason = ${typeof reason === 'string' ? room.seal(act.owner, reason) : null}
    where review = ${review} and account = ${act.on} and role = ${role} and decision is null`;
}

/** The number that an item had, where no other has it by now; else a new one. New ones come after it either way. */
export async function freeId(tx: TransactionSql, table: 'user_review_item' | 'recertification_item', wanted: number): Promise<string> {
  const [taken] = await tx`select 1 from ${tx(table)} where id = ${wanted}`;
  const [next] = await tx<{ next: string }[]>`select nextval(pg_get_serial_sequence(${table}, 'id')) as next`;
  const fresh = next?.next ?? '0';
  if (wanted <= 0 || taken !== undefined) return fresh;
  if (wanted > Number(fresh)) await tx`select setval(pg_get_serial_sequence(${table}, 'id'), ${wanted})`;
  return String(wanted);
}
