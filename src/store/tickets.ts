import type { JSONValue, Sql, TransactionSql } from 'postgres';
import type { ActEntry, DecisionEntry, VerdictEntry } from '../model/index.ts';
import { harmOf, heldClasses } from '../exchange/held.ts';
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
  /** Reads the journal from the watermark on, and moves the watermark. Returns how many tickets were read. */
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
    note: (entries) => insertTickets(sql, entries),
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
      if (end <= from) return 0;
      let added = 0;
      let pile: Pile = { tickets: [], later: [] };
      for await (const { index, entry } of journal.read(from, { end, where: isOurs })) {
        if (hasTicket(entry)) added += pile.tickets.push({ index, entry }) > 0 ? 1 : 0;
        else if (isVerdict(entry) || isHeldAct(entry)) pile.later.push({ index, entry });
        if (pile.tickets.length + pile.later.length < pileSize) continue;
        await project(sql, pile, index + 1);
        pile = { tickets: [], later: [] };
      }
      await project(sql, pile, end);
      return added;
    },
  };
}

interface Noted<E> {
  readonly index: number;
  readonly entry: E;
}

/** What was read and is not written yet. A ticket stands before all that is said of it, so tickets are written first. */
interface Pile {
  readonly tickets: Noted<DecisionEntry>[];
  readonly later: Noted<VerdictEntry | ActEntry>[];
}

const pileSize = 500;

/** With the watermark in one transaction: a long catching up that is ended goes on where it was. */
async function project(sql: Sql, { tickets, later }: Pile, watermark: number): Promise<void> {
  await sql.begin(async (tx) => {
    await insertTickets(tx, tickets);
    for (const { index, entry } of later) await (entry.type === 'verdict' ? applyVerdict(tx, index, entry) : applyAct(tx, entry));
    await tx`insert into projection (name, watermark) values ('ticket', ${watermark}) on conflict (name) do update set watermark = greatest(projection.watermark, excluded.watermark)`;
  });
}

/** Once for each ticket; a row from before documents were kept gets its own. */
async function insertTickets(sql: Sql | TransactionSql, entries: readonly Noted<DecisionEntry>[]): Promise<void> {
  const rows = entries.flatMap(({ index, entry }) => {
    if (entry.ticket === null) return [];
    const { id, deadline, onTimeout, by, exigent } = entry.ticket;
    const after = exigent === true;
    return [{
      id, owner: entry.owner, requester: entry.requester.ori, inquiry: entry.inquiry, entry: index, deadline, on_timeout: onTimeout, by, created_at: entry.at,
      classes: heldClasses(entry).map((one) => one.dataClass),
      document: sql.json(entry as unknown as JSONValue), kind: after ? 'exigent' : 'hold', harm: after ? 0 : harmOf(entry.purpose), due_hour: Math.floor(Date.parse(deadline) / 3_600_000), purpose: entry.purpose,
    }];
  });
  const once = [...new Map(rows.map((row) => [row.id, row])).values()];
  if (once.length === 0) return;
  await sql`
    insert into ticket ${sql(once as never)} on conflict (id) do update
    set document = excluded.document, kind = excluded.kind, harm = excluded.harm, purpose = excluded.purpose, classes = excluded.classes
    where ticket.document is null and ticket.owner = excluded.owner`;
}

/** The first verdict on a ticket in the ledger is the verdict, whatever the row says; a late answer made for any other is none. */
async function applyVerdict(sql: TransactionSql, index: number, entry: VerdictEntry): Promise<void> {
  const done = await sql`
    update ticket set state = 'decided', verdict = ${entry.verdict}, reason = ${entry.reason}, decided_by = ${entry.who}, decided_at = ${entry.at}, verdict_id = ${entry.id},
      verdict_document = ${sql.json(entry as unknown as JSONValue)}, verdict_sequence = ${index}
    where id = ${entry.ticket} and owner = ${entry.owner} and (verdict_sequence is null or verdict_sequence > ${index})`;
  if (done.count === 0) return;
  await sql`delete from late_answer where ticket = ${entry.ticket} and verdict <> ${entry.id}`;
  await sql`update late_answer set recorded = true where ticket = ${entry.ticket}`;
}

/** Brings back what stands in acts alone: questions, answers, papers, an escalation, an emergency that nobody looked at in time. Each is there already, but after a loss. */
async function applyAct(sql: TransactionSql, { act, at, owner, on, hash, detail, sealed }: ActEntry): Promise<void> {
  const text = (name: string): string => String(detail?.[name] ?? '');
  if (act === 'moreAsked' && sealed !== null) {
    await sql`insert into held_question (id, ticket, owner, at, sealed) values (${text('question')}, ${on}, ${owner}, ${at}, ${sealed}) on conflict (id) do nothing`;
    await sql`update ticket set state = 'asked' where id = ${on} and owner = ${owner} and state = 'waiting'
      and exists (select 1 from held_question where id = ${text('question')} and answered_at is null)`;
  }
  if (act === 'moreAnswered' && sealed !== null) {
    await sql`update held_question set answered_at = ${at}, answer = ${sealed} where id = ${text('question')} and owner = ${owner} and answered_at is null`;
    await sql`update ticket set state = 'waiting' where id = ${on} and owner = ${owner} and state = 'asked' and not exists (select 1 from held_question where ticket = ${on} and answered_at is null)`;
  }
  if (act === 'paperReceived' && sealed !== null) {
    await sql`insert into held_paper (id, ticket, owner, at, hash, bytes, key) values (${text('paper')}, ${on}, ${owner}, ${at}, ${hash}, ${Number(text('bytes'))}, ${sealed}) on conflict (id) do nothing`;
  }
  if (act === 'escalated') await sql`update ticket set state = 'escalated' where id = ${on} and owner = ${owner} and state in ('waiting', 'asked')`;
  if (act === 'heldLapsed') await sql`update ticket set overdue_at = ${at} where id = ${on} and owner = ${owner} and kind = 'exigent' and overdue_at is null`;
}

const heldActs: readonly string[] = ['moreAsked', 'moreAnswered', 'paperReceived', 'escalated', 'heldLapsed'];

/** What is neither a ticket nor about one is not even parsed. */
function isOurs(text: Buffer): boolean {
  return text.includes('"ticket":{') || text.includes('"type":"verdict"') || (text.includes('"type":"act"') && heldActs.some((act) => text.includes(`"act":"${act}"`)));
}

function hasTicket(entry: unknown): entry is DecisionEntry {
  const e = entry as Partial<DecisionEntry>;
  return e.type === 'decision' && e.ticket !== null && e.ticket !== undefined;
}

function isVerdict(entry: unknown): entry is VerdictEntry {
  return (entry as Partial<VerdictEntry>).type === 'verdict';
}

function isHeldAct(entry: unknown): entry is ActEntry {
  const e = entry as Partial<ActEntry>;
  return e.type === 'act' && e.result === 'done' && e.on !== null && heldActs.includes(e.act ?? '');
}
