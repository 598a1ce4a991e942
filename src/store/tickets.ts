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
    // What was asked, answered and handed in first: it changes nothing of a ticket that is decided.
    for (const { entry } of later) if (entry.type === 'act' && entry.act !== 'heldLapsed') await applyAct(tx, entry);
    const lapses = later.flatMap(({ entry }) => (entry.type === 'act' && entry.act === 'heldLapsed' ? [entry] : []));
    const verdicts = later.flatMap(({ index, entry }) => (entry.type === 'verdict' ? [{ index, entry }] : []));
    // In one order, so that two processes that read the same never wait for each other.
    const ended = [...lapses.map(({ on }) => on), ...verdicts.map(({ entry }) => entry.ticket)];
    if (ended.length > 0) await tx`select 1 from ticket where id = any(${ended}) order by id for update`;
    await applyLapses(tx, lapses);
    await applyVerdicts(tx, verdicts);
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

/**
 * The first verdict on a ticket in the ledger is the verdict, whatever the row says; a late answer made for any other is none. For many with a few statements: a clock that decides hundreds in a second
 * reads them all here again.
 */
async function applyVerdicts(sql: TransactionSql, noted: readonly Noted<VerdictEntry>[]): Promise<void> {
  const firsts = new Map(noted.map((one) => [`${one.entry.ticket} ${one.entry.owner}`, one] as const).reverse());
  if (firsts.size === 0) return;
  const rows = [...firsts.values()].map(({ index, entry }) => {
    const { ticket, owner, verdict, reason, who, at, id } = entry;
    return { ticket, owner, verdict, reason, who, at, id, document: entry, sequence: index };
  });
  const done = await sql<{ ticket: string; verdict: string }[]>`
    update ticket t set state = 'decided', verdict = v.verdict, reason = v.reason, decided_by = v.who, decided_at = v.at, verdict_id = v.id, verdict_document = v.document, verdict_sequence = v.sequence
    from json_to_recordset(${sql.json(rows as unknown as JSONValue)}::json) as v(ticket text, owner text, verdict text, reason text, who text, at timestamptz, id text, document json, sequence bigint)
    where t.id = v.ticket and t.owner = v.owner and (t.verdict_sequence is null or t.verdict_sequence > v.sequence) returning t.id as ticket, t.verdict_id as verdict`;
  if (done.length === 0) return;
  await sql`delete from late_answer l using json_to_recordset(${sql.json(done)}::json) as d(ticket text, verdict text) where l.ticket = d.ticket and l.verdict <> d.verdict`;
  await sql`update late_answer set recorded = true where ticket = any(${done.map(({ ticket }) => ticket)}) and not recorded`;
}

/** Emergencies that nobody looked at in time. */
async function applyLapses(sql: TransactionSql, acts: readonly ActEntry[]): Promise<void> {
  if (acts.length === 0) return;
  await sql`
    update ticket t set overdue_at = a.at from json_to_recordset(${sql.json(acts as unknown as JSONValue)}::json) as a(at timestamptz, owner text, "on" text)
    where t.id = a."on" and t.owner = a.owner and t.kind = 'exigent' and t.overdue_at is null`;
}

/** Brings back what stands in acts alone: questions, answers, papers, an escalation. Each is there already, but after a loss. */
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
