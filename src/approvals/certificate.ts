import type { Recorded } from '../exchange/ports.ts';
import { actOf, mustBe, type ChangesParts } from './parts.ts';
import { approvalRows, proposalRow } from './rows.ts';
import type { Certificate, ChangeActor } from './types.ts';

/** The certificate of a proposal that was approved; null before, and of an emergency change, which nobody approved. That it was made is on the record. */
export async function certificateOf({ sql, acts }: ChangesParts, owner: string, id: string, actor: ChangeActor): Promise<Certificate | null> {
  mustBe(actor, 'change.certificate');
  const row = await proposalRow(sql, owner, id);
  if (row === null || row.approved_rule === null) return null;
  const { kind, version, hash, effect, approved_rule: rule, reason, author, author_name: name } = row;
  const approvals = (await approvalRows(sql, row)).filter(({ decision }) => decision === 'approve');
  const places = await anchored(sql, approvals.map(({ event_key: key }) => key));
  await sql.begin(async (tx) => acts.put(tx, actOf(owner, actor, 'certificateMade', id, { hash })));
  return {
    weir: 'approval/v1', owner, proposal: id, kind, version, hash, effect, rule, reason, author: { account: author, name },
    proposedAt: row.proposed_at.toISOString(), inForceAt: row.in_force_at?.toISOString() ?? null,
    approvals: approvals.map((one) => ({
      account: one.account, name: one.name, role: one.role, deputyOf: one.deputy_of, reason: one.reason, at: one.at.toISOString(), salt: one.salt, statement: one.statement, anchor: places.get(one.event_key) ?? null,
    })),
  };
}

/** Where events stand in the anchor log, by their keys: those that were recorded. */
async function anchored(sql: ChangesParts['sql'], keys: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const rows = await sql<{ key: string; recorded: Recorded | null }[]>`select key, recorded from ledger_outbox where key = any(${[...keys]}) and recorded is not null`;
  return new Map(rows.flatMap(({ key, recorded }) => (recorded === null ? [] : [[key, recorded.receipt.index] as const])));
}
