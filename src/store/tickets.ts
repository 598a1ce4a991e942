import type { Sql } from 'postgres';
import type { DecisionEntry } from '../model/index.ts';
import type { Tickets } from '../exchange/ports.ts';
import type { JournalReader } from './journalReader.ts';

/** A held request, as its asker may see it. */
export interface TicketView {
  readonly id: string;
  readonly owner: string;
  readonly requester: string;
  readonly inquiry: string;
  /** RFC 3339, UTC. */
  readonly asked: string;
  readonly deadline: string;
  readonly onTimeout: 'deny' | 'release';
  readonly classes: readonly string[];
  /** `waiting` until the deadline, then `lapsed`. */
  readonly state: 'waiting' | 'lapsed';
}

/** The projection of held requests. The journal is the truth: `catchUp` fills in whatever a crash or a lost database left out. */
export interface TicketBook extends Tickets {
  find(id: string, now: Date): Promise<TicketView | null>;
  /** Reads the journal from the watermark on, and moves the watermark. Returns how many tickets were added. */
  catchUp(journal: JournalReader): Promise<number>;
}

interface Row {
  readonly id: string;
  readonly owner: string;
  readonly requester: string;
  readonly inquiry: string;
  readonly created_at: Date;
  readonly deadline: Date;
  readonly on_timeout: 'deny' | 'release';
  readonly classes: string[];
}

export function postgresTickets(sql: Sql): TicketBook {
  return {
    note: (entries) => insert(sql, entries),
    async find(id, now) {
      const [row] = await sql<Row[]>`select id, owner, requester, inquiry, created_at, deadline, on_timeout, classes from ticket where id = ${id}`;
      if (row === undefined) return null;
      const { owner, requester, inquiry, created_at: asked, deadline, on_timeout: onTimeout, classes } = row;
      return { id, owner, requester, inquiry, asked: asked.toISOString(), deadline: deadline.toISOString(), onTimeout, classes, state: deadline > now ? 'waiting' : 'lapsed' };
    },
    async catchUp(journal) {
      const [mark] = await sql<{ watermark: string }[]>`select watermark from projection where name = 'ticket'`;
      const from = Number(mark?.watermark ?? 0);
      const end = journal.size;
      let added = 0;
      for await (const { index, entry } of journal.read(from, { end, where: (text) => text.includes('"ticket":{') })) {
        if (!hasTicket(entry)) continue;
        await insert(sql, [{ index, entry }]);
        added += 1;
      }
      if (end > from) {
        await sql`insert into projection (name, watermark) values ('ticket', ${end})
          on conflict (name) do update set watermark = greatest(projection.watermark, excluded.watermark)`;
      }
      return added;
    },
  };
}

async function insert(sql: Sql, entries: readonly { readonly index: number; readonly entry: DecisionEntry }[]): Promise<void> {
  const rows = entries.flatMap(({ index, entry }) =>
    entry.ticket === null ? [] : [{
      id: entry.ticket.id, owner: entry.owner, requester: entry.requester.ori, inquiry: entry.inquiry, entry: index, deadline: entry.ticket.deadline,
      on_timeout: entry.ticket.onTimeout, by: entry.ticket.by, created_at: entry.at,
      classes: entry.decisions.filter((d) => d.outcome === 'hold').map((d) => d.dataClass),
    }]);
  if (rows.length > 0) await sql`insert into ticket ${sql(rows)} on conflict (id) do nothing`;
}

function hasTicket(entry: unknown): entry is DecisionEntry {
  const e = entry as Partial<DecisionEntry>;
  return e.type === 'decision' && e.ticket !== null && e.ticket !== undefined;
}
