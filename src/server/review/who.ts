import type { FastifyReply, FastifyRequest } from 'fastify';

import { roleFor, type Action } from '../../people/roles/index.ts';
import type { Asker, Reviewer } from '../../review/types.ts';
import { enrolledOnly } from '../api/access.ts';
import type { CredentialOf } from '../credential.ts';
import { actorOf, orisOf, personOf } from '../gate/actor.ts';

/** Who reads or decides a held request. Whoever has several roles there acts as a reviewer where they are one: that is what decides. */
export function reviewerOf(request: FastifyRequest): Reviewer {
  const actor = actorOf(request);
  const { owner } = request.params as { readonly owner: string };
  const grants = personOf(request).grants.filter(({ role, scope }) => role === 'reviewer' && scope.kind === 'owner' && scope.owner === owner.toUpperCase());
  if (grants.length === 0) return { ...actor, desks: [] };
  return { ...actor, role: 'reviewer', desks: grants.some(({ desks }) => desks.length === 0) ? [] : [...new Set(grants.flatMap(({ desks }) => desks))] };
}

/** Who keeps the rota and names deputies. Whoever has several roles there acts as an official where they are one: an official may more. */
export function keeperOf(request: FastifyRequest): Reviewer {
  const { owner } = request.params as { readonly owner: string };
  const official = personOf(request).grants.some(({ role, scope }) => role === 'ownerOfficial' && scope.kind === 'owner' && scope.owner === owner.toUpperCase());
  return official ? { ...actorOf(request), role: 'ownerOfficial', desks: [] } : reviewerOf(request);
}

/** Whether the person may do something with held requests of the owner in the address, so that it is offered. The gate asks again when it is done. */
export function mayHere(request: FastifyRequest, action: Action): boolean {
  const { owner } = request.params as { readonly owner: string };
  return roleFor(personOf(request).grants, action, { kind: 'owner', owner: owner.toUpperCase() }) !== null;
}

/** Who asks for an agency: its system by its certificate, one of its people, or on the loopback demonstration anybody. Null after the problem was sent. */
export function askerOf(credentialOf: CredentialOf, request: FastifyRequest, reply: FastifyReply): Asker | null {
  const credential = enrolledOnly(credentialOf, request, reply);
  if (credential === null) return null;
  if (credential.fingerprint !== null) return { oris: credential.oris, who: `certificate ${credential.fingerprint.slice(0, 16)}`, role: null };
  const { person, role } = request;
  if (person === null) return { oris: credential.oris, who: 'nobody', role: null };
  // On the demonstration a person of an agency is held to their own, like elsewhere; for anybody else there the message is believed.
  const own = role === 'agencyUser' || role === 'agencyCoordinator';
  return { oris: own ? orisOf(person) : credential.oris, who: person.account, role };
}
