import { createHash } from 'node:crypto';
import type { TransactionSql } from 'postgres';
import type { Acts } from '../../people/acts/index.ts';
import type { Sql } from '../../store/index.ts';
import type { DeliveryKind, DeliveryLine, LateStatus, SendFault } from './types.ts';

/** One delivery that this process has taken in hand. `n` counts its attempts from 1. */
export interface Job {
  readonly id: string;
  readonly ticket: string;
  readonly ori: string;
  readonly kind: DeliveryKind;
  readonly owner: string;
  readonly inquiry: string;
  readonly status: LateStatus;
  readonly decidedAt: Date;
  readonly queuedAt: Date;
  readonly n: number;
}

/** What came of an attempt. */
export interface Tried {
  readonly at: number;
  readonly ms: number;
  readonly status: number | null;
  readonly why: SendFault | null;
  /** The receiver says that nothing more is wanted there (410), or there is nothing to send. */
  readonly final: boolean;
  /** Seconds to wait, where the receiver names some. */
  readonly retryAfter: number | null;
}

/** How long a process keeps a delivery in hand: after it, its attempt counts as lost, and another begins. */
export const claimFor = 60_000;
/** From the first attempt to giving up. */
export const giveUpAfter = 86_400_000;
/** Verdicts older than this are not queued any more: the late answer itself expires then. */
const lookBack = '7 days';
/** Of one agency's address at once, so that one that is slow keeps no other waiting. */
const mostOfOne = 4;

/**
 * Makes a delivery for each verdict that stands in the ledger and each address of its agency that was there by then; once, whoever calls, and whatever was interrupted. Returns how many were made.
 * A review after an emergency releases nothing, so it has an event and no message.
 */
export async function queueVerdicts(sql: Sql, now: number): Promise<number> {
  const found = await sql<Omit<Found, 'id'>[]>`
    select o.entry ->> 'ticket' as ticket, a.ori, a.kind, o.entry ->> 'owner' as owner, o.entry ->> 'inquiry' as inquiry, o.entry ->> 'verdict' as verdict, o.entry ->> 'who' as who, o.entry ->> 'at' as at
    from ledger_outbox o join delivery_address a on a.ori = o.entry ->> 'requester'
    where o.entry ->> 'type' = 'verdict' and o.recorded_at > now() - ${lookBack}::interval and o.recorded_at >= a.created_at
      and (a.kind = 'event' or o.entry ->> 'verdict' not in ('affirmed', 'disapproved'))
      and not exists (select 1 from delivery d where d.ticket = o.entry ->> 'ticket' and d.ori = a.ori and d.kind = a.kind)
    order by o.recorded_at limit 500`;
  return await queue(sql, found, now);
}

/** The same for verdicts that were read in the ledger, because the database that had them was lost; what arrived before is known from the ledger too. */
export async function queueRebuilt(sql: Sql, now: number): Promise<number> {
  return await queue(sql, await sql<Omit<Found, 'id'>[]>`
    select t.id as ticket, a.ori, a.kind, t.owner, t.inquiry, t.verdict, t.decided_by as who, to_char(t.decided_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at
    from ticket t join delivery_address a on a.ori = t.requester
    where t.state = 'decided' and t.document is not null and t.outbox is null and t.verdict_sequence is not null and t.decided_at > ${new Date(now)}::timestamptz - ${lookBack}::interval and t.decided_at >= a.created_at
      and (a.kind = 'event' or t.verdict not in ('affirmed', 'disapproved')) and not exists (select 1 from delivery d where d.ticket = t.id and d.ori = a.ori and d.kind = a.kind)
    order by t.decided_at limit 500`, now);
}

async function queue(sql: Sql, found: readonly Omit<Found, 'id'>[], now: number): Promise<number> {
  if (found.length === 0) return 0;
  const at = new Date(now);
  const rows = found.map(({ ticket, ori, kind, owner, inquiry, verdict, who, at: decided }) => ({
    id: deliveryId(ticket, ori, kind), ticket, ori, kind, owner, inquiry, status: verdict === 'refused' && who === 'clock' ? 'expired' : verdict, decided_at: decided, queued_at: at, next_at: at,
  }));
  return (await sql`insert into delivery ${sql(rows)} on conflict (ticket, ori, kind) do nothing`).count;
}

interface Found {
  readonly ticket: string;
  readonly ori: string;
  readonly kind: DeliveryKind;
  readonly owner: string;
  readonly inquiry: string;
  readonly verdict: string;
  readonly who: string;
  readonly at: string;
}

/** Takes in hand what is due, `most` at most; nobody else takes it for a minute. */
export async function claimDue(sql: Sql, now: number, most: number): Promise<readonly Job[]> {
  const at = new Date(now);
  return await sql<Job[]>`
    update delivery set attempts = attempts + 1, claimed_until = ${new Date(now + claimFor)}
    where id in (
      select id from delivery
      where state = 'waiting' and next_at <= ${at} and (claimed_until is null or claimed_until <= ${at})
        and id in (select id from (select id, row_number() over (partition by ori, kind order by next_at, id) as place from delivery where state = 'waiting' and next_at <= ${at}) as due where place <= ${mostOfOne})
      order by next_at, id limit ${most} for update skip locked)
    returning id, ticket, ori, kind, owner, inquiry, status, decided_at as "decidedAt", queued_at as "queuedAt", attempts as n`;
}

/** Notes what came of an attempt: sent, tried again later, or given up with its act. Nothing where somebody else went on with it since. */
export async function noteTried(sql: Sql, acts: Acts, job: Job, tried: Tried, random: () => number): Promise<'sent' | 'waiting' | 'failed'> {
  return await sql.begin(async (tx) => {
    const [row] = await tx<{ state: string }[]>`select state from delivery where id = ${job.id} and attempts = ${job.n} for update`;
    await tx`
      insert into delivery_attempt (delivery, n, at, ms, status, why) values (${job.id}, ${job.n}, ${new Date(tried.at)}, ${Math.round(tried.ms)}, ${tried.status}, ${tried.why})
      on conflict (delivery, n) do nothing`;
    if (tried.why === null) {
      // It arrived: whoever else has it in hand may find out that it did.
      if (await finish(tx, job, 'sent', tried.at)) await acts.put(tx, { act: 'lateAnswerArrived', owner: job.owner, who: 'clock', on: job.ticket, detail: detailOf(job) });
      return 'sent';
    }
    if (row === undefined || row.state !== 'waiting') return 'waiting';
    const next = tried.at + waitFor(job.n, tried.retryAfter, random);
    if (!tried.final && next <= job.queuedAt.getTime() + giveUpAfter) {
      await tx`update delivery set next_at = ${new Date(next)}, claimed_until = null where id = ${job.id}`;
      return 'waiting';
    }
    await finish(tx, job, 'failed', tried.at);
    await acts.put(tx, { act: 'lateAnswerFailed', owner: job.owner, who: 'clock', on: job.ticket, result: 'failed', detail: { ...detailOf(job), why: tried.why, ...(tried.status === null ? {} : { status: tried.status }) } });
    return 'failed';
  });
}

/** What no address wants any more. */
export async function dropJob(sql: Sql, job: Job, now: number): Promise<void> {
  await finish(sql, job, 'dropped', now);
}

/** Gives back what was not tried, as if it had not been taken in hand. */
export async function giveBack(sql: Sql, job: Job, now: number): Promise<void> {
  await sql`update delivery set claimed_until = null, attempts = attempts - 1, next_at = ${new Date(now)} where id = ${job.id} and attempts = ${job.n} and state = 'waiting'`;
}

/** Forgets what was done a month ago: the acts stay in the ledger. */
export async function forgetOld(sql: Sql, now: number): Promise<void> {
  const before = new Date(now - 30 * 86_400_000);
  await sql`delete from delivery where done_at < ${before}`;
  await sql`delete from message_taken where at < ${before}`;
}

/** The latest deliveries of an agency, with their attempts. */
export async function deliveryLines(sql: Sql, ori: string, limit: number): Promise<readonly DeliveryLine[]> {
  return await sql.begin('isolation level repeatable read read only', async (tx) => {
    const rows = await tx<Omit<DeliveryLine, 'attempts'>[]>`
      select id, ticket, kind, state, queued_at as "queuedAt", case when state = 'waiting' then next_at end as "nextAt" from delivery where ori = ${ori} order by queued_at desc, id limit ${limit}`;
    const tries = await tx<{ delivery: string; at: Date; ms: number; status: number | null; why: SendFault | null }[]>`
      select delivery, at, ms, status, why from delivery_attempt where delivery = any(${rows.map(({ id }) => id)}) order by delivery, n`;
    return rows.map((row) => ({ ...row, attempts: tries.filter(({ delivery }) => delivery === row.id).map(({ at, ms, status, why }) => ({ at, ms, status, why })) }));
  });
}

/** What the ledger is told of a delivery that is done, so that its row can be made again: by `rebuild.ts`. */
function detailOf({ id, ori, kind, inquiry, status, decidedAt, n }: Job): Readonly<Record<string, string | number>> {
  return { kind, ori, delivery: id, inquiry, late: status, decidedAt: decidedAt.toISOString(), attempts: n };
}

async function finish(sql: Sql | TransactionSql, { id }: Job, state: 'sent' | 'failed' | 'dropped', at: number): Promise<boolean> {
  return (await sql`update delivery set state = ${state}, done_at = ${new Date(at)}, claimed_until = null where id = ${id} and state = 'waiting'`).count === 1;
}

/** 5 seconds, then three times as long each time, up to two hours; a fifth more or less, so that not all come at once. In milliseconds. */
function waitFor(n: number, retryAfter: number | null, random: () => number): number {
  const wait = Math.min(5_000 * 3 ** (n - 1), 7_200_000) * (0.8 + 0.4 * random());
  return Math.max(wait, Math.min(retryAfter ?? 0, 7_200) * 1000);
}

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** The number of a delivery: of a ticket, which nobody guesses, and where it goes; so the same when it is queued again after a loss, and a receiver knows a repetition. */
function deliveryId(ticket: string, ori: string, kind: DeliveryKind): string {
  const bytes = createHash('sha512').update(`${ticket}\n${ori}\n${kind}`).digest();
  return `msg_${Array.from(bytes.subarray(0, 24), (byte) => alphabet[byte % 62]).join('')}`;
}
