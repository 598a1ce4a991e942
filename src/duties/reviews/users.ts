import { asNumber, iso, unknown, wordsOf, type Room } from '../parts.ts';
import { DutyError, type DutyActor, type UserReviewView } from '../types.ts';
import { closeIfDone, ownerOfScope } from './clock.ts';

interface ReviewRow {
  readonly id: string;
  readonly scope: string;
  readonly quarter: string;
  readonly due_at: Date;
  readonly closed_at: Date | null;
}

interface ItemRow {
  readonly review: string;
  readonly id: string;
  readonly account: string;
  readonly name: string;
  readonly role: string;
  readonly last_at: Date | null;
  readonly decision: 'keep' | 'remove' | null;
  readonly decided_by: string | null;
  readonly reason: string | null;
}

/** How many reviews of a scope are told: two years of them. */
const most = 8;
/** Without one of these a scope can do nothing any more. */
const needed: ReadonlySet<string> = new Set(['ownerOfficial', 'agencyCoordinator']);

/** The reviews of a scope (`owner WA`, `agency ZZ0000101`), the newest first. No answer is chosen before. */
export async function listReviews({ sql, unseal, now }: Room, scope: string, only: string | null = null): Promise<readonly UserReviewView[]> {
  const reviews = await sql<ReviewRow[]>`
    select id, scope, quarter, due_at, closed_at from user_review where scope = ${scope} ${only === null ? sql`` : sql`and id = ${only}`} order by quarter desc limit ${most}`;
  if (reviews.length === 0) return [];
  const items = await sql<ItemRow[]>`
    select i.review, i.id::text, i.account, coalesce(p.name, i.account) as name, i.role, a.last_at, i.decision, i.decided_by, i.reason
    from user_review_item i left join account a on a.id = i.account left join person p on p.id = a.person where i.review = any(${reviews.map(({ id }) => id)}) order by p.name, i.account, i.role`;
  const at = now();
  const owner = ownerOfScope(scope) ?? noOwner;
  return reviews.map(({ id, quarter, due_at: due, closed_at: closed }): UserReviewView => ({
    id, scope, quarter, dueAt: due.toISOString(), state: closed !== null ? 'done' : at > due.getTime() ? 'overdue' : 'open',
    items: items.filter(({ review }) => review === id).map((item) => ({
      id: item.id, account: item.account, name: item.name, role: item.role, lastAt: iso(item.last_at), decision: item.decision, by: item.decided_by,
      reason: item.reason === null ? null : unseal(owner, item.reason),
    })),
  }));
}

/** Under whose key the reasons of an agency's review are sealed: the exchange's own. */
const noOwner = '00';

/**
 * Keeps or removes one role of one account. What is removed ends in the same transaction, and is felt at the next request. Throws `DUTY_UNKNOWN`, `DUTY_FIELD`; `DUTY_OWN` for a role of one's own, by
 * whatever account; `DUTY_STATE` where it is decided, or it is the last who can keep the people of this scope.
 */
export async function reviewUser(room: Room, scope: string, review: string, item: string, request: { readonly decision: string; readonly reason: string }, actor: DutyActor): Promise<UserReviewView> {
  const { decision } = request;
  if (decision !== 'keep' && decision !== 'remove') throw new DutyError('DUTY_FIELD', 'the field decision is neither keep nor remove', 'Give one of the two; none is chosen before.');
  const reason = wordsOf(request.reason, 'reason', 3, 2_000);
  const { sql, acts, seal, now, caughtUp } = room;
  await caughtUp();
  const owner = ownerOfScope(scope);
  const at = new Date(now());
  await sql.begin(async (tx) => {
    const [open] = await tx<ReviewRow[]>`select * from user_review where id = ${review} and scope = ${scope} for update`;
    if (open === undefined) throw unknown('review');
    const [found] = await tx<{ id: string; role_grant: string | null; account: string; role: string; person: string | null; decision: string | null; ended: boolean }[]>`
      select i.id::text, g.id::text as role_grant, i.account, i.role, a.person, i.decision, (g.id is null or g.ended_at is not null) as ended
      from user_review_item i left join account a on a.id = i.account left join role_grant g on g.id = i.role_grant where i.review = ${review} and i.id = ${asNumber(item)} for update of i`;
    if (found === undefined) throw unknown('item of this review');
    if (found.person === actor.person || found.account === actor.account) throw new DutyError('DUTY_OWN', 'nobody reviews their own roles, by any account', 'Another person must do it.');
    if (found.decision !== null || open.closed_at !== null) throw new DutyError('DUTY_STATE', 'this was decided already', 'Read it again.');
    if (found.ended && decision === 'keep') throw new DutyError('DUTY_STATE', 'this role ended meanwhile and cannot be kept', 'Read it again.');
    if (decision === 'remove' && !found.ended && needed.has(found.role)) {
      // Locked, so that two who remove one another do not both find the other.
      const others = await tx`
        select g.id from role_grant g join account a on a.id = g.account where g.scope = ${scope} and g.role = ${found.role} and g.ended_at is null and a.disabled_at is null and g.id <> ${found.role_grant} for update of g`;
      if (others.length === 0) throw new DutyError('DUTY_STATE', 'this is the last who keeps the people here', 'Give the role to another person first.');
    }
    await tx`update user_review_item set decision = ${decision}, decided_by = ${actor.account}, decided_at = ${at}, reason = ${seal(owner ?? noOwner, reason)} where id = ${found.id}`;
    await acts.put(tx, { act: 'userReviewed', owner, who: actor.account, role: actor.role, on: found.account, detail: { review, item: Number(found.id), role: found.role, scope, decision, at: at.toISOString() }, words: { reason } });
    if (decision === 'keep') await tx`update role_grant set reviewed_at = ${at} where id = ${found.role_grant} and ended_at is null`;
    else {
      const ended = await tx`update role_grant set ended_at = ${at}, ended_by = ${actor.account} where id = ${found.role_grant} and ended_at is null`;
      if (ended.count === 1) await acts.put(tx, { act: 'roleTaken', owner, who: actor.account, role: actor.role, on: found.account, detail: { role: found.role, scope, review } });
    }
    await closeIfDone(tx, room, review);
  });
  const [view] = await listReviews(room, scope, review);
  if (view === undefined) throw unknown('review');
  return view;
}
