import type { Sql } from '../../store/index.ts';
import type { Asker, LateAnswer, Review } from '../types.ts';

/** For peers that cannot listen: late messages one by one, oldest first, until each is said to be taken. */
export interface Messages {
  /** The oldest that was neither sent nor taken; null where nothing waits. Given again until it is taken. */
  next(asker: Asker): Promise<LateAnswer | null>;
  /** False where it is no ticket of the asker, or has no late message. Twice is as once. */
  taken(ticket: string, asker: Asker): Promise<boolean>;
}

/** Late messages over the entries of verdicts, and over tickets that were read in the ledger after a loss: only what stands in the ledger is there. Their reading is on the record by `review.answer`. */
export function openMessages(sql: Sql, review: Pick<Review, 'answer' | 'ticket'>): Messages {
  return {
    async next(asker) {
      let after = new Date(0);
      let seen: readonly string[] = [];
      for (let page = 0; page < mostPages; page += 1) {
        const rows = await waiting(sql, asker, after, seen);
        for (const { ticket } of rows) {
          const answer = await review.answer(ticket, asker);
          if (answer !== null) return answer;
        }
        const last = rows.at(-1);
        if (last === undefined || rows.length < pageSize) return null;
        seen = rows.filter(({ at }) => at.getTime() === last.at.getTime()).map(({ ticket }) => ticket);
        after = last.at;
      }
      return null;
    },
    async taken(ticket, asker) {
      const view = await review.ticket(ticket, asker);
      if (view?.answer !== true) return false;
      await sql`insert into message_taken (ticket, who) values (${ticket}, ${asker.who}) on conflict (ticket) do nothing`;
      return true;
    },
  };
}

const pageSize = 50;
const mostPages = 20;

async function waiting(sql: Sql, { oris }: Asker, after: Date, seen: readonly string[]): Promise<readonly { readonly ticket: string; readonly at: Date }[]> {
  return await sql<{ ticket: string; at: Date }[]>`
    select m.ticket, m.at from (
      select o.entry ->> 'ticket' as ticket, date_trunc('milliseconds', o.recorded_at) as at, o.id as place from ledger_outbox o
      where o.entry ->> 'type' = 'verdict' and o.recorded_at > now() - interval '7 days' and o.entry ->> 'verdict' not in ('affirmed', 'disapproved')
        ${oris === null ? sql`` : sql`and o.entry ->> 'requester' = any(${[...oris]})`}
      union all
      select t.id, date_trunc('milliseconds', t.decided_at), t.verdict_sequence from ticket t
      where t.state = 'decided' and t.document is not null and t.kind = 'hold' and t.outbox is null and t.verdict_sequence is not null and t.decided_at > now() - interval '7 days'
        ${oris === null ? sql`` : sql`and t.requester = any(${[...oris]})`}) m
    where m.at >= ${after} and not (m.ticket = any(${[...seen]}))
      and not exists (select 1 from message_taken t where t.ticket = m.ticket)
      and not exists (select 1 from delivery d where d.ticket = m.ticket and d.kind = 'message' and d.state = 'sent')
    order by m.at, m.place limit ${pageSize}`;
}
