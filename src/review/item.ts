import { heldClasses } from '../exchange/held.ts';
import { unknownTicket, type Parts, type TicketRow } from './parts.ts';
import type { HeldItem } from './types.ts';

/** A ticket as the inbox shows it, without anything of the resident. Throws `HELD_UNKNOWN` where all but the verdict was dropped, long after it. */
export function itemOf({ agencyName }: Pick<Parts, 'agencyName'>, row: TicketRow, counts: { readonly papers: number; readonly questions: number }): HeldItem {
  const { document } = row;
  if (document === null) throw unknownTicket();
  const { requester, onBehalfOf, delegated, credential, marks, key, purpose, evidence } = document;
  return {
    ticket: row.id, owner: row.owner, inquiry: row.inquiry, kind: row.kind, state: row.state, asked: row.created_at.toISOString(), deadline: row.deadline.toISOString(),
    onTimeout: row.on_timeout, desk: row.by, harm: row.harm, requester: { ...requester, name: agencyName(requester.ori) ?? requester.ori }, onBehalfOf, delegated,
    verified: credential === null ? 'demonstration' : 'certificate', userNamed: marks?.user !== undefined && marks.user !== null, key, purpose, evidence, held: heldClasses(document), ...counts, verdict: row.verdict,
  };
}
