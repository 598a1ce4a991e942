import type { Role } from '../people/roles/index.ts';
import type { Connection } from './parts.ts';
import { needsOf, stricterRule } from './rule.ts';
import type { ApprovalRule, Checks, CommentView, DraftView, Effect, ProposalState, ProposalView } from './types.ts';

export interface DraftRow {
  readonly id: string;
  readonly owner: string;
  readonly title: string;
  readonly text: string;
  readonly etag: number;
  readonly author: string;
  readonly author_name: string;
  /** Everybody who wrote of the text. */
  readonly persons: readonly string[];
  readonly saved_at: Date;
  readonly checks: Checks | null;
  readonly newest: number | null;
}

export interface ProposalRow {
  readonly id: string;
  readonly owner: string;
  readonly kind: ProposalView['kind'];
  readonly state: ProposalState;
  /** Counts how often its checks changed so that approvals had to begin anew. */
  readonly round: number;
  readonly hash: string;
  readonly version: number | null;
  readonly text: string;
  readonly effect: Effect;
  readonly author: string;
  readonly author_name: string;
  readonly persons: readonly string[];
  readonly reason: string;
  /** The rule of approval when it was made, and the hash of it. */
  readonly rule: ApprovalRule;
  readonly base_rule: string;
  readonly proposed_at: Date;
  readonly lapses_at: Date;
  readonly starts_at: Date | null;
  readonly ends_at: Date | null;
  readonly in_force_at: Date | null;
  readonly closed_at: Date | null;
  /** The version whose rules come back when it ends; null where there was none. */
  readonly restores: number | null;
  readonly checks: Checks | null;
  readonly newest: number | null;
  /** The rule by which it was approved. */
  readonly approved_rule: ApprovalRule | null;
}

export interface ApprovalRow {
  readonly round: number;
  readonly account: string;
  readonly person: string;
  /** The person whose approval it is: who did it, or whose deputy they were. */
  readonly seat: string;
  readonly deputy_of: string | null;
  readonly name: string;
  readonly role: Role;
  readonly decision: 'approve' | 'return' | 'reject';
  readonly reason: string;
  readonly at: Date;
  readonly salt: string;
  readonly statement: string;
  readonly event_key: string;
}

export async function draftRow(sql: Connection, owner: string, id: string): Promise<DraftRow | null> {
  const [row] = await sql<DraftRow[]>`select * from policy_draft where owner = ${owner} and id = ${id} and dropped_at is null`;
  return row ?? null;
}

/** Locked for the rest of the transaction where `lock` is given. */
export async function proposalRow(sql: Connection, owner: string, id: string, lock = false): Promise<ProposalRow | null> {
  const [row] = await sql<ProposalRow[]>`select * from policy_proposal where owner = ${owner} and id = ${id} ${lock ? sql`for update` : sql``}`;
  return row ?? null;
}

/** What was decided in the round that counts, in order. */
export async function approvalRows(sql: Connection, { id, round }: Pick<ProposalRow, 'id' | 'round'>): Promise<readonly ApprovalRow[]> {
  return sql<ApprovalRow[]>`
    select round, account, person, seat, deputy_of, name, role, decision, reason, at, salt, statement, event_key from policy_approval
    where proposal = ${id} and round = ${round} order by policy_approval.id`;
}

export async function commentRows(sql: Connection, on: { readonly draft: string } | { readonly proposal: string }): Promise<readonly CommentView[]> {
  const rows = await sql<{ id: string; rule: string | null; by_account: string; by_name: string; at: Date; text: string }[]>`
    select id, rule, by_account, by_name, at, text from policy_comment where ${'draft' in on ? sql`draft = ${on.draft}` : sql`proposal = ${on.proposal}`} order by at, id`;
  return rows.map(({ by_account: by, by_name: byName, at, ...rest }) => ({ ...rest, by, byName, at: at.toISOString() }));
}

export function draftHead({ id, owner, title, etag, author, author_name: authorName, saved_at: savedAt, checks }: Omit<DraftRow, 'text' | 'persons' | 'newest'>): Omit<DraftView, 'text' | 'comments'> {
  return { id, owner, title, etag, author, authorName, savedAt: savedAt.toISOString(), checks };
}

export async function draftView(sql: Connection, row: DraftRow): Promise<DraftView> {
  return { ...draftHead(row), text: row.text, comments: await commentRows(sql, { draft: row.id }) };
}

/** `rule` is the one in force: a proposal needs what is stricter of that and of the one it was made under. */
export async function proposalView(sql: Connection, row: ProposalRow, rule: ApprovalRule): Promise<ProposalView> {
  const approvals = await approvalRows(sql, row);
  const { id, owner, kind, state, round, hash, version, text, effect, author, author_name: authorName, reason, checks } = row;
  return {
    id, owner, kind, state, round, hash, version, text, effect, author, authorName, reason, checks,
    needs: row.kind === 'emergency' ? { approvals: 0, privacy: 0 } : needsOf(row.approved_rule ?? stricterRule(row.rule, rule), effect),
    proposedAt: row.proposed_at.toISOString(), lapsesAt: row.lapses_at.toISOString(), startsAt: row.starts_at?.toISOString() ?? null, endsAt: row.ends_at?.toISOString() ?? null,
    approvals: approvals.map((one) => ({ account: one.account, name: one.name, role: one.role, decision: one.decision, reason: one.reason, at: one.at.toISOString() })),
    comments: await commentRows(sql, { proposal: id }),
  };
}
