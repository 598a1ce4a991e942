import type { TransactionSql } from 'postgres';
import { scopeText } from '../people/roles/index.ts';
import { ticketNumber } from './numbers.ts';
import type { Parts } from './parts.ts';
import { noRota } from './readRota.ts';
import { wrongField } from './texts.ts';
import { HeldError, type Delegation, type NewDelegation, type OnDuty, type Reviewer, type Rota } from './types.ts';

/** The longest absence for which a deputy is named at once. */
export const mostDelegationDays = 92;
/** How many are told of one owner: those in force and to come first, then the latest. */
const most = 500;

type Room = Pick<Parts, 'sql' | 'acts' | 'now'>;
/** Who ends a delegation: a person, or the operator on the machine. */
export type Ender = Pick<Reviewer, 'account' | 'person'> & { readonly role: Reviewer['role'] | null };

interface Row {
  readonly id: string;
  readonly owner: string;
  readonly desk: string;
  readonly account: string;
  readonly deputy: string;
  readonly from_at: Date;
  readonly until_at: Date;
  readonly given_by: string;
  readonly given_at: Date;
  readonly ended_at: Date | null;
  readonly ended_by: string | null;
  readonly ended_why: Delegation['endedWhy'];
}

/** Who is on duty at desks now, and who stands in for somebody who may themself decide there: by their own role, with an account that was good ever since. A deputy's deputy is none. */
export async function onDuty({ sql, now }: Pick<Parts, 'sql' | 'now'>, owner: string): Promise<OnDuty> {
  const at = new Date(now());
  const [[row], deputies] = await Promise.all([
    sql<{ rota: Rota }[]>`select rota from held_rota where owner = ${owner}`,
    sql<Row[]>`select d.* from held_deputy d where d.owner = ${owner} and d.ended_at is null and d.from_at <= ${at} and d.until_at > ${at} and ${isGood(sql)}`,
  ]);
  return { spans: row?.rota.spans ?? noRota.spans, deputies: deputies.map(({ desk, account, deputy, until_at: until }) => ({ desk, account, deputy, until: until.toISOString() })) };
}

/** The delegations of an owner, with who gave each; those that ended too where `ended`. */
export async function listDelegations({ sql, now }: Pick<Parts, 'sql' | 'now'>, owner: string, { ended }: { readonly ended: boolean }): Promise<readonly Delegation[]> {
  const at = now();
  const rows = await sql<(Row & { readonly account_name: string | null; readonly deputy_name: string | null; readonly good: boolean })[]>`
    select d.*, p.name as account_name, q.name as deputy_name, ${isGood(sql)} as good from held_deputy d
    left join account a on a.id = d.account left join person p on p.id = a.person left join account b on b.id = d.deputy left join person q on q.id = b.person
    where d.owner = ${owner} ${ended ? sql`` : sql`and d.ended_at is null and d.until_at > ${new Date(at)}`}
    order by (d.ended_at is null and d.until_at > ${new Date(at)}) desc, d.until_at desc, d.id limit ${most}`;
  return rows.map((row): Delegation => ({
    id: row.id, desk: row.desk, account: row.account, accountName: row.account_name, deputy: row.deputy, deputyName: row.deputy_name, from: row.from_at.toISOString(), until: row.until_at.toISOString(),
    by: row.given_by, at: row.given_at.toISOString(), endedAt: row.ended_at?.toISOString() ?? null, endedBy: row.ended_by, endedWhy: row.ended_why, state: stateOf(row, row.good, at),
  }));
}

/**
 * Names a deputy for a desk. A reviewer names theirs; an official of the owner may for somebody who is away, and never themself. Who is stood in for decides at that desk by their own role, both accounts are good, of two
 * persons, and both are reviewers of the owner. Throws `HELD_FIELD` and `HELD_DESK`; the input is the caller's.
 */
export async function delegate(room: Room, owner: string, request: NewDelegation, by: Reviewer): Promise<Delegation> {
  const id = await room.sql.begin(async (tx) => {
    await lockDuty(tx, owner);
    return await putDelegation(tx, room, owner, request, by);
  });
  const found = (await listDelegations(room, owner, { ended: true })).find((one) => one.id === id);
  if (found === undefined) throw unknownDelegation();
  return found;
}

/** Ends a delegation at once: by who gave it, who is stood in for, who stands in, an official of the owner, or the operator. Throws `HELD_UNKNOWN`, `HELD_STATE` where it is over, `HELD_DESK`. */
export async function endDelegation(room: Room, owner: string, id: string, by: Ender): Promise<void> {
  await room.sql.begin(async (tx) => {
    await lockDuty(tx, owner);
    const [row] = await tx<Row[]>`select * from held_deputy where id = ${id} and owner = ${owner} for update`;
    if (row === undefined) throw unknownDelegation();
    await putEnd(tx, room, row, by);
  });
}

/** In the transaction of whoever changes the rota of an owner: one change after the other. */
export async function lockDuty(tx: TransactionSql, owner: string): Promise<void> {
  await tx`select pg_advisory_xact_lock(hashtextextended(${`held rota ${owner}`}, 0))`;
}

/** Those that are neither ended nor over, held until the transaction is done. */
export async function openDelegations(tx: TransactionSql, owner: string, at: number): Promise<readonly Row[]> {
  return await tx<Row[]>`select * from held_deputy where owner = ${owner} and ended_at is null and until_at > ${new Date(at)} order by desk, account, deputy, until_at, id for update`;
}

/** The same in the caller's transaction, which holds the rota. Returns its number. */
export async function putDelegation(tx: TransactionSql, { acts, now }: Room, owner: string, request: NewDelegation, by: Reviewer): Promise<string> {
  const at = now();
  const [from, until] = [request.from === null ? at : Date.parse(request.from), Date.parse(request.until)];
  if (!(until > at && until > from && until <= at + mostDelegationDays * 86_400_000)) throw wrongField(`a deputy is named until a time to come, at most ${mostDelegationDays} days ahead`, 'Give another end.');
  const people = await tx<{ id: string; person: string; good: boolean; reviewer: boolean; at_desk: boolean }[]>`
    select a.id, a.person, a.disabled_at is null as good, bool_or(g.id is not null) as reviewer, bool_or(g.id is not null and (g.desks = '{}' or ${request.desk} = any(g.desks))) as at_desk
    from account a left join role_grant g on g.account = a.id and g.role = 'reviewer' and g.scope = ${scopeText({ kind: 'owner', owner })} and g.ended_at is null
    where a.id in (${request.account}, ${request.deputy}) group by a.id`;
  const [self, deputy] = [people.find(({ id }) => id === request.account), people.find(({ id }) => id === request.deputy)];
  if (self?.good !== true || !self.at_desk) throw wrongField('who is stood in for is no reviewer of that desk', 'Name somebody who decides there by their own role: a deputy\'s deputy is none.');
  if (deputy?.good !== true || !deputy.reviewer) throw wrongField('who is to stand in is no reviewer of this owner', 'Name a reviewer, of whatever desk.');
  if (self.person === deputy.person) throw wrongField('nobody is their own deputy, by any account', 'Name another person.');
  const own = self.person === by.person || self.id === by.account;
  if (!own && (by.role !== 'ownerOfficial' || deputy.person === by.person)) {
    throw new HeldError('HELD_DESK', 'a reviewer names their own deputy; an official may for somebody else, and not themself', 'Ask who is to be stood in for, or another official of the owner.');
  }
  const [same] = await tx<{ id: string }[]>`
    select id from held_deputy where owner = ${owner} and desk = ${request.desk} and account = ${self.id} and deputy = ${deputy.id} and until_at = ${new Date(until)} and ended_at is null and from_at <= ${new Date(from)} limit 1`;
  if (same !== undefined) return same.id;
  const id = ticketNumber('D');
  const detail = { kind: 'held', desk: request.desk, for: self.id, deputy: deputy.id, from: new Date(from).toISOString(), until: new Date(until).toISOString(), at: new Date(at).toISOString() };
  await tx`
    insert into held_deputy (id, owner, desk, account, deputy, from_at, until_at, given_by, given_at)
    values (${id}, ${owner}, ${request.desk}, ${self.id}, ${deputy.id}, ${detail.from}, ${detail.until}, ${by.account}, ${detail.at})`;
  await acts.put(tx, { act: 'delegated', owner, who: by.account, role: by.role, on: id, detail });
  return id;
}

/** The same in the caller's transaction, which holds the row. */
export async function putEnd(tx: TransactionSql, room: Room, row: Row, by: Ender): Promise<void> {
  const at = room.now();
  if (row.ended_at !== null || row.until_at.getTime() <= at) throw new HeldError('HELD_STATE', 'this delegation is over already', 'Load the list again.');
  const own = await tx`select 1 from account where id in (${row.given_by}, ${row.account}, ${row.deputy}) and (id = ${by.account} or person = ${by.person}) limit 1`;
  if (own.length === 0 && by.account !== 'operator' && by.role !== 'ownerOfficial') throw new HeldError('HELD_DESK', 'this delegation is not yours to end', 'Ask who gave it, one of the two, or an official of the owner.');
  await end(tx, room, row, { who: by.account, role: by.role, why: 'ended', at });
}

/** Ends what is over: its time passed, or who is stood in for is disabled, was so meanwhile, or may not decide at that desk any more. Each once, whoever calls. Returns how many. */
export async function endVoid(room: Room, now: number): Promise<number> {
  const { sql } = room;
  const [any] = await sql`select 1 from held_deputy d where d.ended_at is null and (d.until_at <= ${new Date(now)} or not ${isGood(sql)}) limit 1`;
  if (any === undefined) return 0;
  return await sql.begin(async (tx) => {
    const rows = await tx<(Row & { readonly why: 'time' | 'disabled' | 'role' })[]>`
      select d.*, case when d.until_at <= ${new Date(now)} then 'time' when exists (select 1 from account a where a.id = d.account and a.disabled_at is null and (a.enabled_at is null or a.enabled_at <= d.given_at)) then 'role' else 'disabled' end as why
      from held_deputy d where d.ended_at is null and (d.until_at <= ${new Date(now)} or not ${isGood(sql)}) order by d.until_at, d.id limit 500 for update of d skip locked`;
    for (const row of rows) await end(tx, room, row, { who: 'clock', role: null, why: row.why, at: row.why === 'time' ? row.until_at.getTime() : now });
    return rows.length;
  });
}

/** Of a row `d`: who is stood in for decides there by their own role, and their account was not disabled since. */
function isGood(sql: Parts['sql']): ReturnType<Parts['sql']> {
  return sql`exists (
    select 1 from account a join role_grant g on g.account = a.id
    where a.id = d.account and a.disabled_at is null and (a.enabled_at is null or a.enabled_at <= d.given_at)
      and g.role = 'reviewer' and g.scope = 'owner ' || d.owner and g.ended_at is null and (g.desks = '{}' or d.desk = any(g.desks)))`;
}

async function end(tx: TransactionSql, { acts }: Room, { id, owner }: Row, { who, role, why, at }: { readonly who: string; readonly role: Ender['role']; readonly why: NonNullable<Delegation['endedWhy']>; readonly at: number }): Promise<void> {
  const text = new Date(at).toISOString();
  await tx`update held_deputy set ended_at = ${text}, ended_by = ${who}, ended_why = ${why} where id = ${id}`;
  await acts.put(tx, { act: 'delegationEnded', owner, who, role, on: id, detail: { kind: 'held', why, at: text } });
}

function stateOf({ ended_at: ended, from_at: from, until_at: until }: Row, good: boolean, at: number): Delegation['state'] {
  if (ended !== null || until.getTime() <= at) return 'over';
  if (!good) return 'void';
  return from.getTime() > at ? 'toCome' : 'inForce';
}

function unknownDelegation(): HeldError {
  return new HeldError('HELD_UNKNOWN', 'there is no such delegation here', 'Look at the list of who stands in for whom.');
}
