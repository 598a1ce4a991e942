import { scopeText } from '../people/roles/index.ts';
import { instantOf, unknown, wordsOf, wrong } from './fields.ts';
import { actOf, underLock, type ChangesParts } from './parts.ts';
import type { Approver } from './people.ts';
import { ChangeError, type ChangeActor } from './types.ts';

/** The longest absence for which a deputy is named at once. */
const mostDays = 92;

export interface NewDeputy {
  readonly from: string;
  readonly to: string;
  readonly role: Approver;
  readonly until: string;
  readonly reason: string;
}

/**
 * Names a deputy. An approver names theirs; an official of the owner may for somebody who is away, and never themself. Both must have accounts that are good, be different persons,
 * and the first must have the role. A later one for the same takes the place of the earlier.
 */
export async function delegate(parts: ChangesParts, owner: string, request: NewDeputy, actor: ChangeActor): Promise<void> {
  const { acts, now } = parts;
  const [until, reason] = [instantOf(request.until, 'end of the time') ?? 0, wordsOf(request.reason, 'reason')];
  if (until <= now() || until > now() + mostDays * 86_400_000) throw new ChangeError('CHANGE_TIME', `a deputy is named until a time to come, at most ${mostDays} days ahead`, 'Give another day.');
  await underLock(parts, owner, { act: 'delegated', on: null, actor }, async (tx) => {
    const people = await tx<{ id: string; person: string; good: boolean; has: boolean }[]>`
      select id, person, disabled_at is null as good,
        exists (select from role_grant as g where g.account = account.id and g.role = ${request.role} and g.scope = ${scopeText({ kind: 'owner', owner })} and g.ended_at is null) as has
      from account where id in (${request.from}, ${request.to})`;
    const [from, to] = [people.find(({ id }) => id === request.from), people.find(({ id }) => id === request.to)];
    if (from === undefined || to === undefined || !to.good) throw unknown('account');
    const own = from.id === actor.account || from.person === actor.person;
    if (!own && (actor.role !== 'ownerOfficial' || to.person === actor.person)) throw new ChangeError('CHANGE_ROLE', 'an approver names their own deputy; an official may for somebody else, and not themself', 'Ask the approver, or an official of the owner.');
    if (!from.has) throw new ChangeError('CHANGE_ROLE', 'who is to be represented does not have that role for this owner', 'Look at who has which role.');
    if (from.person === to.person) throw wrong('a person cannot be their own deputy', 'Name somebody else.');
    await tx`update approval_deputy set ended_at = ${new Date(now())} where owner = ${owner} and from_account = ${from.id} and role = ${request.role} and ended_at is null`;
    await tx`
      insert into approval_deputy (owner, from_account, to_account, role, until, given_by, given_at)
      values (${owner}, ${from.id}, ${to.id}, ${request.role}, ${new Date(until)}, ${actor.account}, ${new Date(now())})`;
    await acts.put(tx, actOf(owner, actor, 'delegated', from.id, { detail: { to: to.id, role: request.role, until: new Date(until).toISOString() }, words: { reason } }));
  });
}
