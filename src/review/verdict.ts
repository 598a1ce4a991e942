import type { TransactionSql } from 'postgres';
import { inquiryId } from '../exchange/ids.ts';
import type { Late } from '../exchange/late.ts';
import type { ClassDecision, DecisionEntry, VerdictEntry } from '../model/index.ts';
import { contentTypeOf } from '../wire/index.ts';
import { putEntries, putLapses } from './entries.ts';
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
 * Puts a person's verdict down in the caller's transaction, which holds the ticket: the late answer sealed, the entry for the ledger, the act, the state. Nothing of it can be seen
 * before the transaction is done, and the late answer not before the entry is in the ledger.
 */
export async function putVerdict(tx: TransactionSql, parts: Parts, ending: Ending): Promise<void> {
  const { row, who, role, verdict, reason, note } = ending;
  await writeVerdicts(tx, parts, [ending]);
  await parts.acts.put(tx, { act: 'verdictGiven', owner: row.owner, who, role, on: row.id, detail: { verdict, reason }, words: note === null ? null : { note } });
}

/** The same of the clock, for many at once: in as many statements as for one. */
export async function putVerdicts(tx: TransactionSql, parts: Parts, endings: readonly Ending[]): Promise<void> {
  if (endings.length === 0) return;
  await writeVerdicts(tx, parts, endings);
  await putLapses(tx, endings.map(({ row, verdict, at }) => ({ owner: row.owner, ticket: row.id, detail: { verdict, reason: 'clock' }, at })));
}

/** Keeps a late answer, readable once its verdict is recorded. `outbox` is null where the ledger has it already. */
export async function putLate(tx: TransactionSql, parts: Pick<Parts, 'sealer'>, document: DecisionEntry, verdict: VerdictEntry, late: Late, outbox: string | null): Promise<void> {
  await insertLate(tx, [lateRow(parts, document, verdict, late, outbox)]);
}

async function writeVerdicts(tx: TransactionSql, parts: Parts, endings: readonly Ending[]): Promise<void> {
  const made = endings.map((ending) => ({ ending, entry: entryOf(parts, ending) }));
  const ids = await putEntries(tx, made.map(({ entry }) => entry));
  const rows = made.map(({ ending, entry }) => ({
    id: ending.row.id, verdict: entry.verdict, reason: entry.reason, decided_by: entry.who, decided_at: entry.at, verdict_id: entry.id, verdict_document: entry, outbox: ids.get(entry.id) ?? null,
  }));
  await tx`
    update ticket t set state = 'decided', verdict = v.verdict, reason = v.reason, decided_by = v.decided_by, decided_at = v.decided_at, verdict_id = v.verdict_id,
      verdict_document = v.verdict_document, outbox = v.outbox, retry_at = null
    from json_to_recordset(${json(tx, rows)}::json) as v(id text, verdict text, reason text, decided_by text, decided_at timestamptz, verdict_id text, verdict_document json, outbox bigint) where t.id = v.id`;
  await insertLate(tx, made.flatMap(({ ending: { row, late }, entry }) => (late === null || row.document === null ? [] : [lateRow(parts, row.document, entry, late, ids.get(entry.id) ?? null)])));
}

type LateRow = ReturnType<typeof lateRow>;

function lateRow({ sealer }: Pick<Parts, 'sealer'>, { owner, requester, format }: DecisionEntry, verdict: VerdictEntry, late: Late, outbox: string | null) {
  return {
    ticket: verdict.ticket, verdict: verdict.id, owner, requester: requester.ori, format, content_type: contentTypeOf(format), sealed: sealer.seal(owner, keptText(late.answer)), outbox, recorded: outbox === null,
    made_at: verdict.at, expires_at: new Date(Date.parse(verdict.at) + lateFor).toISOString(),
  };
}

async function insertLate(tx: TransactionSql, rows: readonly LateRow[]): Promise<void> {
  if (rows.length > 0) await tx`insert into late_answer ${tx(rows)} on conflict (ticket) do nothing`;
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
