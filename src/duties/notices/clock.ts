import { putEvent } from '../../store/outbox.ts';
import type { Room } from '../parts.ts';

/** How many are noted in one transaction. */
const most = 200;
/** Two numbers of the advisory lock under which clocks are noted: "we" and "no". */
const lockClass = 0x7765;
const lockNumber = 0x6e6f;

/**
 * Puts on the record, once each and in the order of time, which notices were not sent in time, and of which the delay is over. Who comes while another does it
 * does nothing. Returns how many were noted.
 */
export async function noteClocks({ sql, acts }: Room, now: number): Promise<number> {
  const at = new Date(now);
  let total = 0;
  for (;;) {
    const done = await sql.begin(async (tx) => {
      const [lock] = await tx<{ got: boolean }[]>`select pg_try_advisory_xact_lock(${lockClass}, ${lockNumber}) as got`;
      if (lock?.got !== true) return 0;
      const rows = await tx<{ id: string; owner: string; due_at: Date; delay_until: Date | null; over: boolean }[]>`
        select id, owner, due_at, delay_until, due_at < ${at} as over from notice
        where sent_at is null and ((due_at < ${at} and missed_at is null) or (delay_until <= ${at} and again_at is null))
        order by least(due_at, coalesce(delay_until, due_at)), id limit ${most} for update`;
      for (const { id, owner, due_at: due, delay_until: until, over } of rows) {
        if (until !== null) {
          const again = await tx`update notice set again_at = ${at} where id = ${id} and again_at is null and delay_until <= ${at}`;
          if (again.count === 1) await acts.put(tx, { act: 'noticeDue', owner, who: 'clock', on: id, detail: { dueAt: due.toISOString() } });
        }
        if (!over) continue;
        const missed = await tx`update notice set missed_at = ${at} where id = ${id} and missed_at is null`;
        if (missed.count === 0) continue;
        await acts.put(tx, { act: 'noticeMissed', owner, who: 'clock', on: id, detail: { dueAt: due.toISOString() } });
        await putEvent(tx, `noticeMissed ${id} ${due.toISOString()}`, { event: 'noticeMissed', subject: id, hash: null, detail: { owner, dueAt: due.toISOString() } });
      }
      return rows.length;
    });
    total += done;
    if (done < most) return total;
  }
}
