import type { JSONValue, TransactionSql } from 'postgres';
import { putEvent } from '../store/outbox.ts';
import { activatePolicyIn, readPolicy } from '../store/policies.ts';
import type { SystemEvent } from '../model/index.ts';
import type { Sql } from 'postgres';
import { day, standingNow } from './basis.ts';
import { emptyPolicy, numbered } from './numbered.ts';
import { actOf, clockAct, newId, type ChangesParts } from './parts.ts';
import { ruleHash } from './rule.ts';
import type { ProposalRow } from './rows.ts';
import type { ApprovalRule, ChangeActor, ProposalState } from './types.ts';

/** `WA 15 P-…`, or `WA rule P-…`: what an event of a proposal is about, in the anchor log. */
export function subjectOf({ owner, version, id }: Pick<ProposalRow, 'owner' | 'version' | 'id'>): string {
  return `${owner} ${version ?? 'rule'} ${id}`;
}

/** Puts an event of a proposal into the anchor log, in the transaction of what it tells of. */
export async function tell(tx: TransactionSql, proposal: ProposalRow, event: SystemEvent, detail: Readonly<Record<string, string | number>> | null, key = `${event} ${proposal.id} ${proposal.round}`): Promise<void> {
  await putEvent(tx, key, { event, subject: subjectOf(proposal), hash: proposal.hash, detail });
}

/** Ends a proposal that is not in force. */
export async function close(tx: TransactionSql, { id }: ProposalRow, state: Extract<ProposalState, 'returned' | 'rejected' | 'withdrawn' | 'lapsed' | 'superseded'>, now: number): Promise<void> {
  await tx`update policy_proposal set state = ${state}, closed_at = ${new Date(now)} where id = ${id}`;
}

/** After the last approval: kept for its time, or put in force. */
export async function settle(tx: TransactionSql, parts: ChangesParts, proposal: ProposalRow, actor: ChangeActor, rule: ApprovalRule): Promise<void> {
  await tx`update policy_proposal set approved_rule = ${tx.json({ ...rule })}, state = 'approved' where id = ${proposal.id}`;
  if (proposal.starts_at === null || proposal.starts_at.getTime() <= parts.now()) return putInForce(tx, parts, proposal, actor);
  await tx`update policy_proposal set state = 'scheduled' where id = ${proposal.id}`;
  await parts.acts.put(tx, actOf(proposal.owner, actor, 'scheduled', proposal.id, { hash: proposal.hash, detail: { version: proposal.version ?? 0, from: proposal.starts_at.toISOString() } }));
  await tell(tx, proposal, 'policyScheduled', { from: proposal.starts_at.toISOString() });
}

/**
 * Puts a proposal in force in the transaction that is given: the policy and the state of the proposal change together, or neither. `actor` is null where time did it.
 * What was in force by a proposal until then is `superseded`.
 */
export async function putInForce(tx: TransactionSql, parts: ChangesParts, proposal: ProposalRow, actor: ChangeActor | null): Promise<void> {
  const { acts, now } = parts;
  const { id, owner, kind, hash, version } = proposal;
  const at = new Date(now());
  await supersede(tx, parts, proposal);
  if (kind === 'rule') {
    const rule = JSON.parse(proposal.text) as ApprovalRule;
    await tx`
      insert into approval_rule (owner, rule, hash, proposal, set_at) values (${owner}, ${tx.json({ ...rule })}, ${ruleHash(rule)}, ${id}, ${at})
      on conflict (owner) do update set rule = excluded.rule, hash = excluded.hash, proposal = excluded.proposal, set_at = excluded.set_at`;
    await tx`update policy_proposal set state = 'inForce', in_force_at = ${at} where id = ${id}`;
    await acts.put(tx, actor === null ? clockAct(owner, 'ruleSet', id, { hash, detail: { ...rule } }) : actOf(owner, actor, 'ruleSet', id, { hash, detail: { ...rule } }));
    return tell(tx, proposal, 'approvalRuleSet', { ...rule });
  }
  const { base } = await standingNow(tx, owner, now());
  await activatePolicyIn(tx, proposal.text, { author: `proposal ${id}`, at });
  await tx`update policy_proposal set state = 'inForce', in_force_at = ${at}, restores = coalesce(restores, ${base?.version ?? null}) where id = ${id}`;
  const act = kind === 'stepBack' ? 'steppedBack' : kind === 'emergency' ? 'emergencyBegun' : 'activated';
  const detail = { version: version ?? 0, ...(proposal.ends_at === null ? {} : { until: proposal.ends_at.toISOString() }) };
  await acts.put(tx, actor === null ? clockAct(owner, act, id, { hash, detail }) : actOf(owner, actor, act, id, { hash, detail, ...(kind === 'emergency' ? { words: { reason: proposal.reason } } : {}) }));
}

/** What this one takes the place of. An emergency that is replaced by a proposal ends so. */
async function supersede(tx: TransactionSql, { acts, now }: ChangesParts, by: ProposalRow): Promise<void> {
  const rows = await tx<ProposalRow[]>`
    update policy_proposal set state = 'superseded', closed_at = ${new Date(now())} where owner = ${by.owner} and state = 'inForce' and (kind = 'rule') = ${by.kind === 'rule'} returning *`;
  for (const row of rows.filter(({ kind }) => kind === 'emergency')) {
    await acts.put(tx, clockAct(row.owner, 'emergencyEnded', row.id, { hash: row.hash, detail: { by: by.id } }));
    await tell(tx, row, 'emergencyEnded', { by: by.id });
  }
}

/** A change for a time is over: what stood before is in force again under the next number, unless something else took its place meanwhile. */
export async function endInForce(tx: TransactionSql, { acts, now }: ChangesParts, proposal: ProposalRow): Promise<void> {
  const { id, owner, version, restores, kind } = proposal;
  const at = new Date(now());
  const { base, newest } = await standingNow(tx, owner, now());
  const replaced = base === null || base.version !== version;
  const back = replaced ? null : newest + 1;
  const under = back === null ? null : await whatStoodBefore(tx, owner, restores, now());
  if (back !== null) {
    const stored = under === null || under.version === null ? null : await readPolicy(tx as unknown as Sql, owner, under.version);
    const text = stored === null ? emptyPolicy(owner, back, day(now())) : numbered(stored.text, back);
    await activatePolicyIn(tx, text, { author: `end of ${id}`, at });
  }
  await tx`update policy_proposal set state = ${replaced ? 'superseded' : 'ended'}, closed_at = ${at} where id = ${id}`;
  const detail = back === null ? { by: 'activation' } : { restored: under?.version ?? 0, as: back };
  await acts.put(tx, clockAct(owner, kind === 'emergency' ? 'emergencyEnded' : 'activated', id, { hash: proposal.hash, detail }));
  if (kind === 'emergency') await tell(tx, proposal, 'emergencyEnded', detail);
  if (back !== null && under !== null && under.until !== null) await goOn(tx, under.until, back, at);
}

/** The version that comes back. One that was itself for a time comes back with its end, and where that is past, what stood before it does. */
async function whatStoodBefore(tx: TransactionSql, owner: string, version: number | null, now: number): Promise<{ readonly version: number | null; readonly until: ProposalRow | null }> {
  const [timed] = await tx<ProposalRow[]>`select * from policy_proposal where owner = ${owner} and version = ${version} and state = 'superseded' and ends_at is not null and kind <> 'emergency' order by in_force_at desc limit 1`;
  if (timed === undefined || timed.ends_at === null) return { version, until: null };
  return timed.ends_at.getTime() > now ? { version, until: timed } : whatStoodBefore(tx, owner, timed.restores, now);
}

/** A change for a time that an emergency had interrupted is in force again, under its new number, until its end. */
async function goOn(tx: TransactionSql, timed: ProposalRow, version: number, at: Date): Promise<void> {
  const [stored] = await tx<{ hash: string; text: string }[]>`select hash, text from policy_version where owner = ${timed.owner} and version = ${version}`;
  if (stored === undefined) return;
  await tx`
    insert into policy_proposal ${tx({ ...timed, ...stored, id: newId('P'), version, state: 'inForce', in_force_at: at, closed_at: null, persons: [...timed.persons], rule: tx.json({ ...timed.rule }), checks: tx.json(timed.checks as unknown as JSONValue), approved_rule: null })}`;
}

