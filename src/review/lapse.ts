import { setTimeout as pause } from 'node:timers/promises';
import { heldNow } from '../exchange/heldNow.ts';
import { lateAnswer } from '../exchange/late.ts';
import { putLapses } from './entries.ts';
import { grantsAtEnd, refusedAll } from './grants.ts';
import { personalOf, ticketColumns, type Parts, type TicketRow } from './parts.ts';
import { putVerdicts, type Ending } from './verdict.ts';

/** How many are decided in one transaction. */
const batch = 200;
/** Releases are fetched from an owner's records, so fewer are held at once. */
const releaseBatch = 40;
/** How long what could not be done is left alone, in milliseconds. */
const retryAfter = 1_000;

/** In words, for the asker, where nobody decided in time. */
export const clockWords = 'nobody decided in time';

/**
 * Decides what is due at `now`, and says what is overdue. Several processes may do it at once: a row that one holds is passed over by the others, and a row that was decided is due no more.
 * What fails is tried again after a second and keeps nothing else back. Returns how many were decided or marked.
 */
export async function lapse(parts: Parts, now: number): Promise<number> {
  const began = performance.now();
  // Time goes on while much is decided: what falls due meanwhile does not wait for the end of it.
  const at = (): number => Math.max(now, Math.min(parts.now(), now + (performance.now() - began)));
  let busy: number = lanes.length;
  const run = async (lane: (typeof lanes)[number]): Promise<number> => {
    let total = 0;
    let time = now;
    for (let idle = false; ; time = at()) {
      const done = await lane(parts, time);
      total += done;
      if ((done === 0) !== idle) {
        idle = done === 0;
        busy += idle ? -1 : 1;
      }
      if (busy === 0 || performance.now() - began > longest) return total;
      if (idle) await pause(10);
      if (busy === 0) return total;
    }
  };
  // Beside each other, so that many of one kind keep none of another waiting.
  const done = await Promise.all(lanes.map(run));
  return done.reduce((sum, one) => sum + one, 0);
}

/** A turn ends after so many milliseconds, whatever is due still: the next one begins at once. */
const longest = 2_000;
const lanes = [refuseDue, releaseDue, markOverdue] as const;

/** Where the policy refuses at the end, nothing is fetched; so it is with what nothing is known of any more. */
async function refuseDue(parts: Parts, now: number): Promise<number> {
  return untilNone(batch, () => together(parts, now, batch, `(t.on_timeout = 'deny' or t.document is null)`, null, (row) => refusal(parts, row, now)));
}

/** Owner by owner, so that one whose records are slow keeps no other waiting; a few owners at once. */
async function releaseDue(parts: Parts, now: number): Promise<number> {
  const waiting = await parts.sql<{ owner: string }[]>`
    select distinct owner from ticket where state <> 'decided' and overdue_at is null and kind = 'hold' and on_timeout = 'release' and document is not null
    and deadline <= ${new Date(now)} and (retry_at is null or retry_at <= ${new Date(now)})`;
  let done = 0;
  const owners = waiting.map(({ owner }) => owner);
  const work = async (): Promise<void> => {
    for (let owner = owners.shift(); owner !== undefined; owner = owners.shift()) {
      const one = owner;
      done += await untilNone(releaseBatch, () => together(parts, now, releaseBatch, `t.on_timeout = 'release' and t.document is not null`, one, (row) => release(parts, row, now)));
    }
  };
  await Promise.all([work(), work()]);
  return done;
}

/** An emergency that nobody looked at stays open, and is said to be overdue: never affirmed by itself. */
async function markOverdue(parts: Parts, now: number): Promise<number> {
  return untilNone(batch, async () => parts.sql.begin(async (tx) => {
    const rows = await tx<{ id: string; owner: string }[]>`
      update ticket set overdue_at = ${new Date(now)} where id in (
        select id from ticket where kind = 'exigent' and state <> 'decided' and overdue_at is null and deadline <= ${new Date(now)} order by deadline limit ${batch} for update skip locked)
      returning id, owner`;
    await putLapses(tx, rows.map(({ id, owner }) => ({ owner, ticket: id, detail: { overdue: 1 }, at: now })));
    return { seen: rows.length, done: rows.length };
  }));
}

/** What the clock does with one row; null where it cannot be done now. */
type Ends = (row: TicketRow) => Promise<Ending | null>;

interface Turn {
  readonly seen: number;
  readonly done: number;
}

async function untilNone(size: number, turn: () => Promise<Turn>): Promise<number> {
  let total = 0;
  for (;;) {
    const { seen, done } = await turn();
    total += done;
    if (seen < size) return total;
  }
}

/** One transaction for as many as are due. Where it fails, each is tried alone, so that one that cannot be done keeps no other back. `where` is fixed text of this file. */
async function together(parts: Parts, now: number, most: number, where: string, owner: string | null, ends: Ends): Promise<Turn> {
  try {
    return await attempt(parts, now, most, where, owner, ends);
  } catch (error) {
    parts.onFault(error);
  }
  const turns: Turn[] = [];
  const due = await parts.sql<{ id: string }[]>`select t.id from ticket t where ${parts.sql.unsafe(`${isDue} and ${where}`)} and t.deadline <= ${new Date(now)}
    and (t.retry_at is null or t.retry_at <= ${new Date(now)}) and (${owner}::text is null or t.owner = ${owner}) order by t.deadline limit ${most}`;
  for (const { id } of due) {
    try {
      turns.push(await attempt(parts, now, 1, where, owner, ends, id));
    } catch (error) {
      parts.onFault(error);
      await parts.sql`update ticket set retry_at = ${new Date(now + retryAfter)} where id = ${id} and state <> 'decided'`;
    }
  }
  return { seen: due.length, done: turns.reduce((sum, { done }) => sum + done, 0) };
}

const isDue = `t.state <> 'decided' and t.overdue_at is null and t.kind = 'hold'`;

async function attempt(parts: Parts, now: number, most: number, where: string, owner: string | null, ends: Ends, only: string | null = null): Promise<Turn> {
  return parts.sql.begin(async (tx) => {
    const rows = await tx<TicketRow[]>`
      select ${tx.unsafe(ticketColumns)} from ticket t where ${tx.unsafe(`${isDue} and ${where}`)} and t.deadline <= ${new Date(now)} and (t.retry_at is null or t.retry_at <= ${new Date(now)})
      and (${owner}::text is null or t.owner = ${owner}) and (${only}::text is null or t.id = ${only}) order by t.deadline limit ${most} for update of t skip locked`;
    const endings = await Promise.all(rows.map(async (row) => ({ row, ending: await ends(row) })));
    const done = endings.flatMap(({ ending }) => (ending === null ? [] : [ending]));
    const later = endings.flatMap(({ row, ending }) => (ending === null ? [row.id] : []));
    await putVerdicts(tx, parts, done);
    if (later.length > 0) await tx`update ticket set retry_at = ${new Date(now + retryAfter)} where id = any(${later})`;
    return { seen: rows.length, done: done.length };
  });
}

async function refusal(parts: Parts, row: TicketRow, now: number): Promise<Ending> {
  const common = { row, who: 'clock', role: null, reason: 'clock', note: null, at: now };
  const { document } = row;
  if (document === null) {
    const decisions = row.classes.map((dataClass) => ({ dataClass: dataClass as Ending['decisions'][number]['dataClass'], outcome: 'deny' as const, rules: [], treatment: null, review: null }));
    return { ...common, verdict: 'refused', late: null, decisions, policy: null };
  }
  const policy = parts.policies.of(row.owner);
  const decisions = refusedAll(document);
  const order = { entry: document, personal: personalOf(parts, document), ticket: row.id, decisions, reason: clockWords, policyVersion: policy?.version ?? null, at: now, number: numberOf(row) };
  // A refusal asks no source.
  const late = await lateAnswer(parts, null, order);
  return { ...common, verdict: 'refused', late, decisions, policy };
}

async function release(parts: Parts, row: TicketRow, now: number): Promise<Ending | null> {
  const { document } = row;
  if (document === null) return null;
  const personal = personalOf(parts, document);
  const { policy, classes } = heldNow(parts, document, personal, new Date(now));
  const decisions = grantsAtEnd(document, classes);
  const late = await lateAnswer(parts, parts.sources.of(row.owner), {
    entry: document, personal, ticket: row.id, decisions, reason: clockWords, policyVersion: policy?.version ?? null, at: now, number: numberOf(row),
  });
  if (late === null) return null;
  return { row, verdict: late.verdict, late, decisions, who: 'clock', role: null, reason: 'clock', note: null, policy, at: now };
}

/** A number of the line for what the clock answers: opaque to readers, and spread as they are. */
function numberOf({ deadline }: TicketRow): number {
  return Math.floor(deadline.getTime() / 10) % 100_000;
}
