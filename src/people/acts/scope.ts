import type { Fragment, Sql } from 'postgres';
import { noOwner, type Act } from './acts.ts';

/**
 * Whose acts are read.
 * - `owner`: those in its own log, and what its people did at sign-in, or was done to their accounts, while they had a role of it. `00` is the exchange's own log alone.
 * - `agency`: what its people did in a role of it, what they did at sign-in, or was done to their accounts, while they had one, and who gave or took a role of it. Where
 *   somebody had a role of another agency too, only acts that name this one: which agency they acted for is not known of others.
 * - `account`: what one did oneself.
 * - Null: all, for the machine.
 */
export type ActScope = { readonly owner: string } | { readonly agency: string } | { readonly account: string } | null;

/** What is read of the acts in a scope. Each branch reads its own index in order, so that a page costs a page. */
export interface ActReading {
  readonly columns: Fragment;
  /** Conditions on the columns of `act`. */
  readonly where: Fragment;
  readonly limit: number;
  /** The newest first; else in any order. */
  readonly ordered: boolean;
}

/** What people do about their own sessions and factors, and what is done to accounts. It stands in the log of no owner; those of an owner's people are for its auditors too. */
export const signInActs = [
  'signedIn', 'signInFailed', 'lockedOut', 'unlocked', 'signedOut', 'sessionEnded', 'screenLocked', 'freshSignIn', 'noticeAccepted', 'refused', 'replayed', 'foreignOrigin',
  'factorAdded', 'factorRemoved', 'passwordChanged', 'invitationUsed', 'accountDisabled', 'accountEnabled', 'accountIdle', 'tokenMade', 'tokenRevoked', 'tokenRefused', 'leaverRemoved',
] as const satisfies readonly Act[];

/** Acts about an agency's people that say in `detail` which agency it is, whoever did them. */
export const agencyActs = ['roleGiven', 'roleTaken', 'userReviewBegun', 'userReviewed', 'userReviewClosed'] as const satisfies readonly Act[];

/** A role is given, and the account made or ended with it, in moments that lie milliseconds apart. */
const grace = '1 minute';

/** The acts in a scope as a statement without double rows; at most `limit` from each of its branches. */
export function actsIn(sql: Sql, scope: ActScope, reading: ActReading): Fragment {
  const { columns, where, limit } = reading;
  const order = orderOf(sql, reading);
  if (scope === null) return sql`(select ${columns} from act where ${where} ${order} limit ${limit})`;
  if ('account' in scope) return sql`(select ${columns} from act where who = ${scope.account} and ${where} ${order} limit ${limit})`;
  if ('owner' in scope) {
    return sql`
      (select ${columns} from act where owner = ${scope.owner} and ${where} ${order} limit ${limit})
      union all ${scope.owner === noOwner ? sql`(select ${columns} from act where false)` : signInsOf(sql, `owner ${scope.owner}`, reading)}`;
  }
  const held = `agency ${scope.agency}`;
  const inRole = sql`
    role in ('agencyCoordinator', 'agencyUser') and not (owner = '00' and act = any(${[...signInActs, ...agencyActs]})) and people.spans @> at
    and (coalesce(about = ${scope.agency} or detail ->> 'ori' = ${scope.agency} or detail ->> 'scope' = ${held}, false) or not coalesce(people.elsewhere @> at, false))`;
  return sql`
    ${signInsOf(sql, held, reading)}
    union all ${byPerson(sql, agencyPeopleOf(sql, held), sql`who`, inRole, reading)}
    union all
    (select ${columns} from act where detail ->> 'scope' = ${held} and owner = '00' and act = any(${[...agencyActs]}) and ${where} ${order} limit ${limit})`;
}

/** Sign-ins of those who had a role of the scope then, and what was done to their accounts. */
function signInsOf(sql: Sql, held: string, reading: ActReading): Fragment {
  return byPerson(sql, peopleOf(sql, held), sql`subject`, sql`owner = '00' and act = any(${[...signInActs]}) and people.spans @> at`, reading);
}

/** The acts of people, by `column`, which is who did them or whom they are about. All of them are counted anyway, so nothing is gained by reading a page of each person apart. */
function byPerson(sql: Sql, people: Fragment, column: Fragment, wanted: Fragment, reading: ActReading): Fragment {
  const { columns, where, limit } = reading;
  return sql`(select ${columns} from act join (${people}) people on people.account = act.${column} where ${wanted} and ${where} ${orderOf(sql, reading)} limit ${limit})`;
}

function orderOf(sql: Sql, { ordered }: Pick<ActReading, 'ordered'>): Fragment {
  return ordered ? sql`order by at desc, id desc` : sql``;
}

/** Who has or had a role of the scope, and when. */
function peopleOf(sql: Sql, held: string): Fragment {
  return sql`select g.account, range_agg(${spanOf(sql)}) as spans from role_grant g where g.scope = ${held} group by g.account`;
}

/** The same, with the times when they had a role of another agency. */
function agencyPeopleOf(sql: Sql, held: string): Fragment {
  return sql`select own.*, (select range_agg(${spanOf(sql)}) from role_grant g where g.account = own.account and g.scope like 'agency %' and g.scope <> ${held}) as elsewhere from (${peopleOf(sql, held)}) own`;
}

function spanOf(sql: Sql): Fragment {
  return sql`tstzrange(g.given_at - ${grace}::interval, case when g.ended_at is not null then greatest(g.ended_at, g.given_at) + ${grace}::interval end, '[]')`;
}
