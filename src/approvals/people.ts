import { scopeText, type Role } from '../people/roles/index.ts';
import type { Connection } from './parts.ts';
import type { ApprovalRow, ProposalRow } from './rows.ts';
import { ChangeError, type ChangeActor } from './types.ts';

export type Approver = 'policyApprover' | 'privacyApprover';

/** By which role somebody decides, and whose approval it is. */
export interface Seat {
  readonly role: Approver;
  /** The person whose approval it is. */
  readonly person: string;
  /** The account whose deputy they are; null where they decide by a role of their own. */
  readonly deputyOf: string | null;
}

/** The persons behind an actor and the accounts of theirs: as the session says, and as the accounts stand now. */
export async function personsOf(sql: Connection, persons: readonly string[], accounts: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await sql<{ person: string }[]>`select person from account where id = any(${[...accounts]})`;
  return new Set([...persons, ...rows.map(({ person }) => person)]);
}

/** Whoever wrote of the text or proposed it, by whatever account. */
export async function isAuthor(sql: Connection, proposal: ProposalRow, actor: ChangeActor): Promise<boolean> {
  const [authors, own] = [await personsOf(sql, proposal.persons, [proposal.author]), await personsOf(sql, [actor.person], [actor.account])];
  return [...own].some((person) => authors.has(person));
}

/** Whether one of these approvals is this person's already: given by them, or by somebody in their place. */
export async function hasApproved(sql: Connection, approvals: readonly ApprovalRow[], actor: ChangeActor): Promise<boolean> {
  const given = approvals.filter(({ decision }) => decision === 'approve');
  const [theirs, own] = [await personsOf(sql, given.flatMap(({ person, seat }) => [person, seat]), given.map(({ account }) => account)), await personsOf(sql, [actor.person], [actor.account])];
  return [...own].some((person) => theirs.has(person));
}

/** The seat that somebody decides in. In the place of another only where that one still has the role, is no author and has not approved. Throws `CHANGE_ROLE`. */
export async function seatOf(sql: Connection, proposal: ProposalRow, approvals: readonly ApprovalRow[], actor: ChangeActor, now: number, wantsPrivacy: boolean): Promise<Seat> {
  const own: Seat | null = isApprover(actor.role) ? { role: actor.role, person: actor.person, deputyOf: null } : null;
  if (own?.role === 'privacyApprover' || (own !== null && !wantsPrivacy)) return own;
  if (own !== null && await holds(sql, proposal.owner, actor.account, 'privacyApprover')) return { ...own, role: 'privacyApprover' };
  const taken = await personsOf(sql, [...proposal.persons, actor.person, ...approvals.flatMap(({ person, seat }) => [person, seat])], [proposal.author]);
  const seats = (await deputySeats(sql, proposal.owner, actor, now)).filter(({ person }) => !taken.has(person));
  const found = seats.find(({ role }) => role === 'privacyApprover' && wantsPrivacy) ?? own ?? seats[0];
  if (found === undefined) throw new ChangeError('CHANGE_ROLE', 'only an approver, or their deputy, decides on a proposal', 'Ask an approver of this owner.');
  return found;
}

/** Who has both roles comes with the first of them: where the privacy office is wanted, they are it. */
async function holds(sql: Connection, owner: string, account: string, role: Approver): Promise<boolean> {
  const rows = await sql`select from role_grant where account = ${account} and role = ${role} and scope = ${scopeText({ kind: 'owner', owner })} and ended_at is null`;
  return rows.length > 0;
}

async function deputySeats(sql: Connection, owner: string, actor: ChangeActor, now: number): Promise<readonly Seat[]> {
  const rows = await sql<{ role: Approver; person: string; from: string }[]>`
    select d.role, f.person, d.from_account as "from" from approval_deputy as d
    join account as f on f.id = d.from_account and f.disabled_at is null
    join account as t on t.id = d.to_account
    join role_grant as g on g.account = f.id and g.role = d.role and g.scope = ${scopeText({ kind: 'owner', owner })} and g.ended_at is null
    where d.owner = ${owner} and d.ended_at is null and d.until > ${new Date(now)} and (d.to_account = ${actor.account} or t.person = ${actor.person}) order by d.id`;
  return rows.map(({ role, person, from }) => ({ role, person, deputyOf: from }));
}

export function isApprover(role: Role): role is Approver {
  return role === 'policyApprover' || role === 'privacyApprover';
}
