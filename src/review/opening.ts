import { conflictOf, ownFacts } from './conflict.ts';
import { onDuty } from './deputies.ts';
import { personalOf, recorded, unknownTicket, type Parts, type TicketRow } from './parts.ts';
import { assertDesk, conflictError, ticketIn } from './rows.ts';
import { HeldError, type Opened, type Reviewer } from './types.ts';

/** The resident's data of a request. The opening is in the ledger before anything is shown; where that cannot be, nothing is. */
export async function open(parts: Parts, owner: string, ticket: string, reviewer: Reviewer): Promise<Opened> {
  const row = await mayOpen(parts, owner, ticket, reviewer);
  await recorded(parts.acts.record({ act: 'heldOpened', owner, who: reviewer.account, role: reviewer.role, on: ticket }));
  const { subject, user, caseNumber, warrant, attention } = personalOf(parts, documentOf(row));
  return { subject, user, caseNumber, warrant, attention };
}

/** Who may decide a request may open it, before and after it is decided, and nobody else. A refusal is an act. */
export async function mayOpen(parts: Parts, owner: string, ticket: string, reviewer: Reviewer): Promise<TicketRow> {
  const row = await ticketIn(parts.sql, owner, ticket);
  const document = documentOf(row);
  const [own, rota] = await Promise.all([ownFacts(parts, reviewer), onDuty(parts, owner)]);
  try {
    const conflict = conflictOf(parts, document, personalOf(parts, document), reviewer, own);
    if (conflict !== null) throw conflictError(conflict);
    assertDesk(row, reviewer, rota, parts.now());
  } catch (error) {
    if (error instanceof HeldError) {
      const { code } = error;
      await parts.sql.begin((tx) => parts.acts.put(tx, { act: 'heldOpened', owner, who: reviewer.account, role: reviewer.role, on: ticket, result: 'refused', detail: { code } }));
    }
    throw error;
  }
  return row;
}

function documentOf({ document }: TicketRow): NonNullable<TicketRow['document']> {
  if (document === null) throw unknownTicket();
  return document;
}
