import type { FastifyRequest } from 'fastify';

import { AccountError } from '../../people/accounts/errors.ts';
import type { AccountView, Actor } from '../../people/accounts/types.ts';
import { allRoles, roles, type Action, type Grant, type Role, type Scope } from '../../people/roles/index.ts';
import { actorOf } from '../gate/actor.ts';
import type { PeopleDeps } from '../gate/deps.ts';

/** The two places that have people: an owner and an agency. What is done there is the same, by other roles. */
export interface Place {
  readonly page: '/desk/:owner/people' | '/agency/:ori/people';
  readonly api: '/v1/owners/:owner/people' | '/v1/agencies/:ori/people';
  readonly read: Action;
  readonly manage: Action;
  /** The roles that are given there. */
  readonly roles: readonly Role[];
  readonly source: 'official' | 'coordinator';
  readonly scope: (request: FastifyRequest) => Scope;
}

export const places: readonly Place[] = [
  {
    page: '/desk/:owner/people', api: '/v1/owners/:owner/people', read: 'people.read', manage: 'people.manage', roles: allRoles.filter((role) => roles[role].scope === 'owner'), source: 'official',
    scope: (request) => ({ kind: 'owner', owner: (request.params as { readonly owner: string }).owner.toUpperCase() }),
  },
  {
    page: '/agency/:ori/people', api: '/v1/agencies/:ori/people', read: 'people.agency.read', manage: 'people.agency.manage', roles: allRoles.filter((role) => roles[role].scope === 'agency'), source: 'coordinator',
    scope: (request) => ({ kind: 'agency', ori: (request.params as { readonly ori: string }).ori }),
  },
];

/** The address of the page of a place. */
export function addressOf(scope: Scope): string {
  if (scope.kind === 'owner') return `/desk/${scope.owner}/people`;
  return scope.kind === 'agency' ? `/agency/${scope.ori}/people` : '/desk';
}

/** Whoever acts, as it stands on the record. */
export function actorFor(request: FastifyRequest): Actor {
  const { account, role } = actorOf(request);
  return { who: account, role };
}

/** The account, where it has a role in the place: nobody looks up or ends those of others. Throws `ACCOUNT_UNKNOWN`. */
export async function inPlace({ accounts }: PeopleDeps, scope: Scope, id: string): Promise<AccountView> {
  const found = (await accounts.list(scope)).find(({ account }) => account === id);
  if (found === undefined) throw new AccountError('ACCOUNT_UNKNOWN', 'there is no such account here', 'Look up its number in the list of people.');
  return found;
}

/** Takes one role away that is held in the place. The grants of other places are not to be reached from here. */
export async function takeInPlace(people: PeopleDeps, scope: Scope, id: string, grant: string, actor: Actor): Promise<void> {
  const found = await inPlace(people, scope, id);
  if (!grantsIn(found, scope).some((one) => one.id === grant)) throw new AccountError('ACCOUNT_UNKNOWN', 'the account has no such role here', 'Look at its roles again.');
  await people.accounts.take(id, grant, actor);
}

/** The roles of an account in one place. */
export function grantsIn({ grants }: AccountView, scope: Scope): AccountView['grants'] {
  return grants.filter((grant) => JSON.stringify(grant.scope) === JSON.stringify(scope));
}

/** A role of the place from what was sent; null where it is none that is given there. */
export function grantFrom(place: Place, scope: Scope, role: string, desks: readonly string[]): Grant | null {
  const known = place.roles.find((one) => one === role);
  return known === undefined ? null : { role: known, scope, desks: known === 'reviewer' ? desks : [] };
}

export interface Invited {
  readonly account: string;
  readonly secret: string;
  readonly expiresAt: Date;
}

/** Makes an account with its first role and an invitation, or nothing. */
export async function inviteTo(
  { accounts }: PeopleDeps, place: Place, grant: Grant, person: { readonly name: string; readonly email: string | null; readonly employer: string | null; readonly employeeNumber: string | null }, login: string, actor: Actor,
): Promise<Invited> {
  return await accounts.invite(person, login, actor, { grants: [grant], source: place.source });
}
