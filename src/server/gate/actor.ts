import type { FastifyRequest } from 'fastify';

import type { Person, Role } from '../../people/roles/index.ts';
import type { From } from '../../people/accounts/types.ts';

/** Who acts, with the role that the gate found. Only behind the gate, on routes that need a person: throws elsewhere. */
export function actorOf(request: FastifyRequest): { readonly account: string; readonly person: string; readonly name: string; readonly role: Role; readonly employer: string | null; readonly desks: readonly string[] } {
  const { person, role } = request;
  if (person === null || role === null) throw new Error('a route that needs a person with a role was reached without');
  const { owner } = request.params as { readonly owner?: string };
  const held = person.grants.filter((grant) => grant.role === role && (grant.scope.kind !== 'owner' || grant.scope.owner === owner?.toUpperCase()));
  return { account: person.account, person: person.person, name: person.name, role, employer: person.employer, desks: held.some(({ desks }) => desks.length === 0) ? [] : held.flatMap(({ desks }) => desks) };
}

/** The person behind the gate. */
export function personOf(request: FastifyRequest): Person {
  if (request.person === null) throw new Error('a route that needs a person was reached without');
  return request.person;
}

/** The agencies that a person works for. */
export function orisOf({ grants }: Person): ReadonlySet<string> {
  return new Set(grants.flatMap(({ scope }) => (scope.kind === 'agency' ? [scope.ori] : [])));
}

/** Where a request came from, for the record. */
export function fromOf(request: FastifyRequest): From {
  return { address: request.ip, agent: (request.headers['user-agent'] ?? '').slice(0, 200) };
}
