import type { TransactionSql } from 'postgres';
import { inquiryId } from '../exchange/ids.ts';
import type { Late } from '../exchange/late.ts';
import type { ClassDecision, DecisionEntry, VerdictEntry } from '../model/index.ts';
import { putEntry } from '../store/outbox.ts';
import { contentTypeOf } from '../wire/index.ts';
import { keptText } from './kept.ts';
import { json, type Parts, type TicketRow } from './parts.ts';

/** How long a late answer can be taken, in milliseconds. */
export const lateFor = 7 * 86_400_000;

/** A verdict to be put down: all of it, or nothing. */
export interface Ending {
  readonly row: TicketRow;
  readonly verdict: VerdictEntry['verdict'];
  /** Null for an emergency, which was answered, and where nothing is known of the request any more. */
  readonly late: Late | null;
  readonly decisions: readonly ClassDecision[];
  readonly who: string;
  readonly role: string | null;
  readonly reason: string;
  readonly note: string | null;
  readonly policy: { readonly version: number; readonly hash: string } | null;
  readonly at: number;
}

/**
 * Puts a verdict down in the caller's transaction, which holds the ticket: the late answer sealed, the entry for the ledger, the act, the state. Nothing of it can be seen
 * before the transaction is done, and the late answer not before the entry is in the ledger.
 */
export async function putVerdict(tx: TransactionSql, parts: Parts, ending: Ending): Promise<VerdictEntry> {
  const { row, late, at, reason, who } = ending;
  const entry = entryOf(parts, ending);
  const outbox = await putEntry(tx, entry);
  const writes: PromiseLike<unknown>[] = [
    parts.acts.put(tx, {
      act: who === 'clock' ? 'heldLapsed' : 'verdictGiven', owner: row.owner, who, role: ending.role, on: row.id, detail: { verdict: ending.verdict, reason },
      words: ending.note === null ? null : { note: ending.note },
    }),
    tx`update ticket set state = 'decided', verdict = ${entry.verdict}, reason = ${reason}, decided_by = ${who}, decided_at = ${new Date(at)}, verdict_id = ${entry.id},
      verdict_document = ${json(tx, entry)}, outbox = ${outbox}, retry_at = null where id = ${row.id}`,
  ];
  if (late !== null && row.document !== null) writes.push(putLate(tx, parts, row.document, entry, late, outbox));
  await Promise.all(writes);
  return entry;
}

/** Keeps a late answer, readable once its verdict is recorded. `outbox` is null where the ledger has it already. */
export async function putLate(tx: TransactionSql, { sealer }: Pick<Parts, 'sealer'>, { owner, requester, format }: DecisionEntry, verdict: VerdictEntry, late: Late, outbox: string | null): Promise<void> {
  const made = Date.parse(verdict.at);
  await tx`
    insert into late_answer (ticket, verdict, owner, requester, format, content_type, sealed, outbox, recorded, made_at, expires_at)
    values (${verdict.ticket}, ${verdict.id}, ${owner}, ${requester.ori}, ${format}, ${contentTypeOf(format)}, ${sealer.seal(owner, keptText(late.answer))}, ${outbox}, ${outbox === null},
      ${new Date(made)}, ${new Date(made + lateFor)})
    on conflict (ticket) do nothing`;
}

function entryOf({ sealer }: Parts, { row, verdict, late, decisions, who, role, reason, note, policy, at }: Ending): VerdictEntry {
  const { document } = row;
  return {
    type: 'verdict', v: 1, id: `verdict-${inquiryId(at)}`, at: new Date(at).toISOString(), inquiry: row.inquiry, ticket: row.id, entry: document?.id ?? `${row.inquiry}/${row.owner}`,
    requester: row.requester, verdict, who, role, reason, decisions, released: late?.released ?? [], records: late?.records ?? 0, releasedHash: late?.releasedHash ?? null,
    policyVersion: policy?.version ?? null, policyHash: policy?.hash ?? null, subjectTag: document?.subjectTag ?? null, recordTags: late?.recordTags ?? [],
    sealed: note === null || note === '' ? null : sealer.seal(row.owner, JSON.stringify({ note })), owner: row.owner,
  };
}
