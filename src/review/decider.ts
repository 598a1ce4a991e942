import type { TransactionSql } from 'postgres';
import { conflictOf, ownFacts, type OwnFacts } from './conflict.ts';
import { onDuty } from './deputies.ts';
import { itemOf } from './item.ts';
import { personalOf, unknownTicket, wrongState, type Parts, type TicketRow } from './parts.ts';
import { assertDesk, conflictError, countsOf, isOpen, ticketIn } from './rows.ts';
import type { HeldItem, Reviewer } from './types.ts';

/** A reviewer with what is known of them. */
export interface Decider {
  readonly own: OwnFacts;
  /** Of a row that the caller's transaction holds: open, no conflict, of their desk. Throws `HELD_UNKNOWN`, `HELD_STATE`, `HELD_CONFLICT` and `HELD_DESK`. */
  readonly check: (row: TicketRow, at: number) => void;
}

/** Reads what is known of a reviewer, before a transaction is begun. */
export async function deciderOf(parts: Parts, owner: string, reviewer: Reviewer): Promise<Decider> {
  const [own, rota] = await Promise.all([ownFacts(parts, reviewer), onDuty(parts, owner)]);
  return {
    own,
    check: (row, at) => {
      if (!isOpen(row, at)) throw wrongState();
      if (row.document === null) throw unknownTicket();
      const conflict = conflictOf(parts, row.document, personalOf(parts, row.document), reviewer, own);
      if (conflict !== null) throw conflictError(conflict);
      assertDesk(row, reviewer, rota, at);
    },
  };
}

/** The item as the transaction leaves it. */
export async function itemAfter(parts: Parts, tx: TransactionSql, owner: string, ticket: string): Promise<HeldItem> {
  return itemOf(parts, await ticketIn(tx, owner, ticket), await countsOf(tx, ticket));
}
