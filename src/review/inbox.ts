import { recorded, ticketColumns, type Parts, type TicketRow } from './parts.ts';
import { itemOf } from './item.ts';
import type { HeldItem, Review, Reviewer } from './types.ts';
import { wrongField } from './texts.ts';

/** The most of one page. */
const mostItems = 200;

type Listed = TicketRow & { readonly papers: number; readonly questions: number };

/**
 * The inbox, in order of the hour of the deadline, then harm, then the deadline itself. Open requests whose clock runs, and emergencies that nobody looked at in time; with `all` those
 * that ended too. On the record before it is shown. Throws `HELD_FIELD` and `HELD_LEDGER`.
 */
export async function list(parts: Parts, owner: string, query: Parameters<Review['list']>[1], reviewer: Reviewer): Promise<readonly HeldItem[]> {
  const { sql } = parts;
  const { desk = null, state = null, after = null, all = false } = query;
  if (!Number.isInteger(query.limit) || query.limit < 1 || query.limit > mostItems) throw wrongField(`a page has 1 to ${mostItems} requests`, 'Ask for fewer.');
  const rows = await sql<Listed[]>`
    select ${sql.unsafe(ticketColumns)}, (select count(*)::int from held_paper p where p.ticket = t.id) as papers, (select count(*)::int from held_question q where q.ticket = t.id) as questions
    from ticket t where t.owner = ${owner} and t.document is not null
      ${all ? sql`` : sql`and t.state <> 'decided' and (t.deadline > ${new Date(parts.now())} or t.overdue_at is not null)`}
      ${desk === null ? sql`` : sql`and t.by = ${desk}`} ${state === null ? sql`` : sql`and t.state = ${state}`}
      ${after === null ? sql`` : sql`and (t.due_hour, t.harm, t.deadline, t.id) > (select due_hour, harm, deadline, id from ticket where id = ${after} and owner = ${owner})`}
    order by t.due_hour, t.harm, t.deadline, t.id limit ${query.limit}`;
  await recorded(parts.acts.record({ act: 'heldListed', owner, who: reviewer.account, role: reviewer.role, detail: { shown: rows.length } }));
  return rows.map((row) => itemOf(parts, row, { papers: row.papers, questions: row.questions }));
}
