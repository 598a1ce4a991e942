import { lateAnswer, type Late } from '../exchange/late.ts';
import type { Recorded } from '../exchange/index.ts';
import { encodeAnswer } from '../wire/index.ts';
import { keptAnswer } from './kept.ts';
import { clockWords } from './lapse.ts';
import { papersOf } from './papers.ts';
import { personalOf, recorded, ticketColumns, unknownTicket, type Parts, type TicketRow } from './parts.ts';
import { questionsOf } from './questions.ts';
import { lateNumber } from './rows.ts';
import { reasons, type Asker, type AskerView, type LateAnswer } from './types.ts';
import { lateFor, putLate } from './verdict.ts';

/** A ticket of the asker's own; null for any other, which is answered as one that does not exist. The number is the asker's input. */
export async function ticketOf({ sql }: Parts, id: string, { oris }: Asker): Promise<TicketRow | null> {
  const [row] = await sql<TicketRow[]>`select ${sql.unsafe(ticketColumns)} from ticket t where t.id = ${id}`;
  return row === undefined || oris?.has(row.requester) === false ? null : row;
}

/** The same, for what is done about it. Throws `HELD_UNKNOWN`. */
export async function ownTicket(parts: Parts, id: string, asker: Asker): Promise<TicketRow> {
  const row = await ticketOf(parts, id, asker);
  if (row === null) throw unknownTicket();
  return row;
}

/** What the asker is told. A verdict counts once it is in the ledger: until then it is still held. */
export async function viewOf(parts: Parts, id: string, asker: Asker): Promise<AskerView | null> {
  const row = await ticketOf(parts, id, asker);
  if (row === null) return null;
  const decided = await isRecorded(parts, row);
  const [questions, papers] = await Promise.all([questionsOf(parts, row.owner, id), papersOf(parts.sql, id)]);
  return {
    id, inquiry: row.inquiry, owner: row.owner, requester: row.requester, asked: row.created_at.toISOString(), deadline: row.deadline.toISOString(), onTimeout: row.on_timeout,
    status: statusOf(row, decided), questions, papers, answer: decided && row.kind === 'hold' && row.decided_at !== null && parts.now() < row.decided_at.getTime() + lateFor,
  };
}

/** An emergency was answered at once: to its asker it was released, whatever is said of it afterwards. */
function statusOf({ kind, verdict, reason }: TicketRow, decided: boolean): AskerView['status'] {
  if (kind === 'exigent') return 'released';
  if (!decided || verdict === null) return 'held';
  if (verdict === 'refused') return reason === 'clock' ? 'expired' : 'refused';
  return verdict === 'affirmed' || verdict === 'disapproved' ? 'released' : verdict;
}

/** Whether the verdict of a row stands in the ledger. */
async function isRecorded({ sql }: Parts, { state, verdict_sequence: sequence, outbox }: TicketRow): Promise<boolean> {
  if (state !== 'decided') return false;
  if (sequence !== null || outbox === null) return sequence !== null;
  const [row] = await sql`select 1 from ledger_outbox where id = ${outbox} and recorded_at is not null`;
  return row !== undefined;
}

interface LateRow {
  readonly owner: string;
  readonly requester: string;
  readonly format: 'legacy' | 'niem' | 'json';
  readonly content_type: string;
  readonly sealed: string;
  readonly receipt: Recorded | null;
}

/**
 * The late answer as it goes out, with the receipt of its verdict; null where there is none, where it has expired, and until the verdict is in the ledger (invariant 1). Records no act: whoever
 * gives it to somebody does that first.
 */
export async function lateOf(parts: Parts, ticket: string): Promise<LateAnswer | null> {
  const row = (await lateRow(parts, ticket)) ?? (await madeAgain(parts, ticket));
  if (row === null) return null;
  const { owner, requester, format, content_type: contentType, sealed, receipt } = row;
  const body = encodeAnswer(format, keptAnswer(parts.sealer.unseal(owner, sealed), receipt?.receipt ?? null), parts.wire, parts.peer(requester));
  return { ticket, requester, contentType, body: Buffer.from(body) };
}

/** The asker takes the late answer: that is in the ledger before a byte of it is given. */
export async function takeAnswer(parts: Parts, id: string, asker: Asker): Promise<LateAnswer | null> {
  const row = await ticketOf(parts, id, asker);
  if (row === null) return null;
  const late = await lateOf(parts, id);
  if (late === null) return null;
  await recorded(parts.acts.record({ act: 'lateAnswerTaken', owner: row.owner, who: asker.who, role: asker.role, on: id }));
  return late;
}

async function lateRow({ sql, now }: Parts, ticket: string): Promise<LateRow | null> {
  const [row] = await sql<LateRow[]>`
    select l.owner, l.requester, l.format, l.content_type, l.sealed, o.recorded as receipt from late_answer l left join ledger_outbox o on o.id = l.outbox
    where l.ticket = ${ticket} and l.expires_at > ${new Date(now())} and (l.recorded or o.recorded_at is not null)`;
  return row ?? null;
}

/**
 * A verdict that the ledger has, whose late answer was lost with the database: it is fetched again, and given only where it is to the byte what the verdict says was released. Null where
 * the record is another by now, or cannot be reached.
 */
async function madeAgain(parts: Parts, ticket: string): Promise<LateRow | null> {
  const { sql } = parts;
  const [row] = await sql<TicketRow[]>`
    select ${sql.unsafe(ticketColumns)} from ticket t where t.id = ${ticket} and t.kind = 'hold' and t.state = 'decided' and t.verdict_sequence is not null
    and t.decided_at > ${new Date(parts.now() - lateFor)} and not exists (select 1 from late_answer l where l.ticket = t.id)`;
  if (row === undefined) return null;
  const { document, verdict_document: verdict } = row;
  if (document === null || verdict === null) return null;
  const late = await carriedOut(parts, row, verdict.decisions, Date.parse(verdict.at));
  if (late === null || late.verdict !== verdict.verdict || late.releasedHash !== verdict.releasedHash) return null;
  await sql.begin((tx) => putLate(tx, parts, document, verdict, late, null));
  return lateRow(parts, ticket);
}

async function carriedOut(parts: Parts, row: TicketRow, decisions: Parameters<typeof lateAnswer>[2]['decisions'], at: number): Promise<Late | null> {
  const { document, reason } = row;
  if (document === null) return null;
  const number = await parts.sql.begin((tx) => lateNumber(tx));
  const words = reason !== null && Object.hasOwn(reasons, reason) ? reasons[reason as keyof typeof reasons] : clockWords;
  return lateAnswer(parts, parts.sources.of(row.owner), {
    entry: document, personal: personalOf(parts, document), ticket: row.id, decisions, reason: words, policyVersion: row.verdict_document?.policyVersion ?? null, at, number,
  });
}
