import type { JSONValue } from 'postgres';
import { areFresh, standingNow } from './basis.ts';
import { clockAct, underLock, type ChangesParts } from './parts.ts';
import { proposalRow, type ProposalRow } from './rows.ts';
import { tell } from './settle.ts';
import type { Checks } from './types.ts';

/** Whether what was checked and shown is what stands: else nobody approves it, and nothing comes into force by it. */
export async function stands({ sql, now }: Pick<ChangesParts, 'now'> & { readonly sql: Parameters<typeof standingNow>[0] }, row: ProposalRow, ruleHashNow: string): Promise<boolean> {
  if (row.kind === 'rule') return row.base_rule === ruleHashNow;
  const standing = await standingNow(sql, row.owner, now());
  return row.checks !== null && row.checks.ok && row.version !== null && row.version > standing.newest && areFresh(row.checks, row.newest, standing, now());
}

/** One at a time for each proposal in this process: others wait for the same result. */
const running = new Map<string, Promise<void>>();

/**
 * Checks a proposal again where what it was compared with has changed. Where it passes as before, with the same policy in force and the same effect, approvals that were
 * given stand. Else it is open again in a new round: whoever approved it did not see this. A proposal whose number is taken stays as it is.
 */
export async function refresh(parts: ChangesParts, row: ProposalRow, ruleHashNow: string): Promise<void> {
  if (row.kind === 'rule' || row.kind === 'emergency' || await stands(parts, row, ruleHashNow)) return;
  const known = running.get(row.id);
  if (known !== undefined) return known;
  const work = again(parts, row).finally(() => running.delete(row.id));
  running.set(row.id, work);
  return work;
}

async function again(parts: ChangesParts, { owner, id, text, version }: ProposalRow): Promise<void> {
  const { sql, checker, now } = parts;
  const before = await standingNow(sql, owner, now());
  if (version === null || version <= before.newest) return;
  const assessed = await checker.assess(owner, text);
  await underLock(parts, owner, null, async (tx) => {
    const row = await proposalRow(tx, owner, id, true);
    if (row === null || (row.state !== 'open' && row.state !== 'scheduled')) return;
    const checks: Checks = { ...assessed, backtest: row.checks?.backtest ?? null };
    const sameBase = row.checks?.base?.hash === checks.base?.hash && row.checks?.base?.version === checks.base?.version;
    if (checks.ok && sameBase && checks.effect === row.effect) {
      await tx`update policy_proposal set checks = ${tx.json(checks as unknown as JSONValue)}, newest = ${before.newest} where id = ${id}`;
      return;
    }
    const lapses = new Date(Math.max(row.lapses_at.getTime(), row.state === 'scheduled' ? now() + row.rule.lapsesAfterDays * 86_400_000 : 0));
    await tx`
      update policy_proposal set state = 'open', round = round + 1, effect = ${checks.effect}, checks = ${tx.json(checks as unknown as JSONValue)}, newest = ${before.newest}, lapses_at = ${lapses}, approved_rule = null where id = ${id}`;
    const next = { ...row, round: row.round + 1, effect: checks.effect };
    await parts.acts.put(tx, clockAct(owner, 'draftChecked', id, { hash: row.hash, detail: { round: next.round, ok: checks.ok ? 'yes' : 'no', effect: checks.effect } }));
    await tell(tx, next, 'policyProposed', { kind: row.kind, author: row.author, effect: checks.effect, rule: row.base_rule, round: next.round });
  });
}
