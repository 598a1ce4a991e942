import { randomBytes } from 'node:crypto';
import type { TransactionSql } from 'postgres';
import { notChecked } from './basis.ts';
import { canonicalJson, sha256 } from './canonical.ts';
import { unknown, wordsOf, wrong } from './fields.ts';
import { actOf, recordingRefusal, underLock, type ChangesParts } from './parts.ts';
import { hasApproved, isAuthor, seatOf, type Seat } from './people.ts';
import { refresh, stands } from './refresh.ts';
import { needsOf, readRule, ruleHash, stricterRule } from './rule.ts';
import { approvalRows, proposalRow, proposalView, type ApprovalRow, type ProposalRow } from './rows.ts';
import { close, settle, subjectOf } from './settle.ts';
import { putEvent } from '../store/outbox.ts';
import { ChangeError, type ApprovalRule, type ChangeActor, type Changes, type ProposalView } from './types.ts';

type Decision = Parameters<Changes['decide']>[2];

/**
 * One person's decision on a proposal, bound to the hash that they were shown. In order it is refused for who may not decide, for a proposal that is not open, for another hash,
 * for an author, for a person who approved already, for checks that are of something else, and for a role that cannot bring what is missing. Every refusal is on the record.
 * The last approval that is needed settles it in the same transaction.
 */
export async function decide(parts: ChangesParts, owner: string, id: string, request: Decision, actor: ChangeActor): Promise<ProposalView> {
  const reason = wordsOf(request.reason, 'reason');
  if (!/^[0-9a-f]{64}$/.test(request.hash)) throw wrong('the hash is not a SHA-256', 'Send the hash of the proposal that was shown.');
  if (!['approve', 'return', 'reject'].includes(request.decision)) throw wrong('the decision is none of approve, return and reject', 'Send one of the three.');
  const refused = { act: 'approvalRefused', on: id, actor } as const;
  const seen = await recordingRefusal(parts, owner, refused, async () => {
    const row = await proposalRow(parts.sql, owner, id);
    if (row !== null && request.decision === 'approve' && row.state === 'open' && row.hash === request.hash) await refresh(parts, row, ruleHash(await readRule(parts.sql, owner)));
    return request.round ?? row?.round;
  });
  return underLock(parts, owner, refused, async (tx) => {
    const row = await proposalRow(tx, owner, id, true);
    if (row === null) throw unknown('proposal');
    const rule = await readRule(tx, owner);
    const approvals = await approvalRows(tx, row);
    const applied = stricterRule(row.rule, rule);
    const seat = await mayDecide(tx, parts, { row, approvals, rule, applied, request, actor, seen });
    await keep(tx, parts, { row, seat, applied, request, reason, actor });
    if (request.decision === 'approve') {
      const given = [...approvals.filter(({ decision }) => decision === 'approve').map(({ role }) => role), seat.role];
      const needs = needsOf(applied, row.effect);
      if (given.length >= needs.approvals && given.filter((role) => role === 'privacyApprover').length >= needs.privacy) await settle(tx, parts, row, actor, applied);
    } else await close(tx, row, request.decision === 'return' ? 'returned' : 'rejected', parts.now());
    const done = await proposalRow(tx, owner, id);
    if (done === null) throw unknown('proposal');
    return proposalView(tx, done, await readRule(tx, owner));
  });
}

interface Asked {
  readonly row: ProposalRow;
  readonly approvals: readonly ApprovalRow[];
  readonly rule: ApprovalRule;
  readonly applied: ApprovalRule;
  readonly request: Decision;
  readonly actor: ChangeActor;
  /** The round that was shown. */
  readonly seen: number | undefined;
}

async function mayDecide(tx: TransactionSql, { now }: ChangesParts, { row, approvals, rule, applied, request, actor, seen }: Asked): Promise<Seat> {
  const given = approvals.filter(({ decision }) => decision === 'approve');
  const needs = needsOf(applied, row.effect);
  const missingPrivacy = Math.max(0, needs.privacy - given.filter(({ role }) => role === 'privacyApprover').length);
  const seat = await seatOf(tx, row, given, actor, now(), missingPrivacy > 0);
  if (row.state !== 'open' || row.lapses_at.getTime() <= now()) throw new ChangeError('CHANGE_STATE', row.state === 'open' ? 'the proposal has lapsed' : `the proposal is ${row.state}, and not open`, 'Look at it again.');
  if (row.hash !== request.hash) throw new ChangeError('CHANGE_STALE', 'what was shown is not what is proposed', 'Read the proposal again: an approval is of exactly one text.');
  if (await isAuthor(tx, row, actor)) throw new ChangeError('CHANGE_OWN', 'who wrote of a text, or proposed it, does not decide on it', 'Another person must: an author can withdraw it.');
  if (request.decision !== 'approve') return seat;
  if (await hasApproved(tx, given, actor)) throw new ChangeError('CHANGE_TWICE', 'the same person, or their deputy, approved it already', 'Another person must approve it.');
  if (!(await stands({ sql: tx, now }, row, ruleHash(rule)))) throw notChecked('the checks did not pass, or are of another policy in force or registry', 'Look at what it would do now; where its number is taken, withdraw it and propose it again.');
  if (seen !== row.round) throw notChecked('what it would do has changed since it was shown, and approvals begin anew', 'Look at it again, and approve it if it is still right.');
  if (needs.approvals - given.length <= missingPrivacy && missingPrivacy > 0 && seat.role !== 'privacyApprover') {
    throw new ChangeError('CHANGE_ROLE', 'what is missing is an approval of the privacy or legal office', 'Ask a privacy or legal approver.');
  }
  return seat;
}

/** What somebody states, with a salt, so that its hash on the anchor log tells nothing to whoever does not have it. */
export interface Statement {
  readonly salt: string;
  readonly owner: string;
  readonly proposal: string;
  readonly hash: string;
  readonly account: string;
  readonly name: string;
  readonly role: string;
  readonly deputyOf: string | null;
  readonly decision: string;
  readonly reason: string;
  readonly at: string;
}

export function statementHash(statement: Statement): string {
  return sha256(canonicalJson(statement));
}

async function keep(tx: TransactionSql, { acts, now }: ChangesParts, { row, seat, applied, request, reason, actor }: {
  readonly row: ProposalRow; readonly seat: Seat; readonly applied: ApprovalRule; readonly request: Decision; readonly reason: string; readonly actor: ChangeActor;
}): Promise<void> {
  const { id, owner, round, hash } = row;
  const { decision } = request;
  const [at, salt] = [new Date(now()), randomBytes(32).toString('hex')];
  const { account, name } = actor;
  const statement = statementHash({ salt, owner, proposal: id, hash, account, name, role: seat.role, deputyOf: seat.deputyOf, decision, reason, at: at.toISOString() });
  const event = decision === 'approve' ? 'policyApproved' : decision === 'return' ? 'policyReturned' : 'policyRejected';
  const key = `${event} ${id} ${round} ${account}`;
  await tx`
    insert into policy_approval (proposal, round, account, person, seat, deputy_of, name, role, decision, reason, at, salt, statement, event_key)
    values (${id}, ${round}, ${account}, ${actor.person}, ${seat.person}, ${seat.deputyOf}, ${name}, ${seat.role}, ${decision}, ${reason}, ${at}, ${salt}, ${statement}, ${key})`;
  const act = decision === 'approve' ? 'approved' : decision === 'return' ? 'returned' : 'rejected';
  await acts.put(tx, { ...actOf(owner, actor, act, id, { hash, detail: { statement, ...(seat.deputyOf === null ? {} : { for: seat.deputyOf }) }, words: { reason } }), role: seat.role });
  await putEvent(tx, key, { event, subject: subjectOf(row), hash, detail: { account, role: seat.role, statement, effect: row.effect, rule: ruleHash(applied), ...(seat.deputyOf === null ? {} : { for: seat.deputyOf }) } });
}
