import type { TransactionSql } from 'postgres';
import { mayDecide } from './desk.ts';
import { ticketColumns, unknownTicket, type Parts, type TicketRow } from './parts.ts';
import { HeldError, type Reviewer, type Rota } from './types.ts';

/** Whether a person may still decide: what was held until its deadline; an emergency for as long as nobody did. */
export function isOpen({ state, kind, deadline }: Pick<TicketRow, 'state' | 'kind' | 'deadline'>, at: number): boolean {
  return state !== 'decided' && (kind === 'exigent' || at < deadline.getTime());
}

/** Throws `HELD_DESK` where this reviewer may not decide what lies there. */
export function assertDesk(row: Pick<TicketRow, 'by' | 'state'>, reviewer: Reviewer, rota: Rota, at: number): void {
  if (!mayDecide(row, reviewer, rota, at)) throw new HeldError('HELD_DESK', 'this lies at a desk where you may not decide now', 'Ask who is on duty there, or an official to change the rota.');
}

/** Own agency or own record. */
export function conflictError(conflict: 'ownAgency' | 'ownRecord'): HeldError {
  const message = conflict === 'ownAgency' ? 'this is a request of your own agency' : 'this is a request about yourself';
  return new HeldError('HELD_CONFLICT', `${message}, so another person decides it`, 'Leave it to another reviewer, who sees it in the inbox.');
}

/** Holds the row until the transaction is done. Throws `HELD_UNKNOWN`. */
export async function lockTicket(tx: TransactionSql, owner: string, ticket: string): Promise<TicketRow> {
  const [row] = await tx<TicketRow[]>`select ${tx.unsafe(ticketColumns)} from ticket t where t.id = ${ticket} and t.owner = ${owner} for update of t`;
  if (row === undefined) throw unknownTicket();
  return row;
}

/** A ticket of an owner. Throws `HELD_UNKNOWN`. */
export async function ticketIn(sql: Parts['sql'] | TransactionSql, owner: string, ticket: string): Promise<TicketRow> {
  const [row] = await sql<TicketRow[]>`select ${sql.unsafe(ticketColumns)} from ticket t where t.id = ${ticket} and t.owner = ${owner}`;
  if (row === undefined) throw unknownTicket();
  return row;
}

export async function countsOf(sql: Parts['sql'] | TransactionSql, ticket: string): Promise<{ readonly papers: number; readonly questions: number }> {
  const [row] = await sql<{ papers: number; questions: number }[]>`
    select (select count(*)::int from held_paper where ticket = ${ticket}) as papers, (select count(*)::int from held_question where ticket = ${ticket}) as questions`;
  return row ?? { papers: 0, questions: 0 };
}

/** The next number of the line for late answers. */
export async function lateNumber(tx: TransactionSql): Promise<number> {
  const [row] = await tx<{ n: string }[]>`select nextval('late_number') as n`;
  return Number(row?.n ?? 0);
}
