import type { FastifyRequest } from 'fastify';

import type { ActScope } from '../../people/acts/index.ts';
import type { Action, Scope } from '../../people/roles/index.ts';
import { isJurisdiction, jurisdictionName } from '../../vocabulary/index.ts';
import { personOf } from '../gate/actor.ts';

/** Where acts are read: at the desk of an owner, of an agency, or as one's own. The gate has asked the table of roles for the scope in the address. */
export interface ActPlaceKind {
  readonly page: '/desk/:owner/acts' | '/agency/:ori/acts' | '/account/acts';
  readonly api: '/v1/owners/:owner/acts' | '/v1/agencies/:ori/acts' | '/v1/me/acts';
  readonly read: Action;
  readonly export: Action;
  /** That somebody searched is on the record. What one did oneself is read freely. */
  readonly recorded: boolean;
  readonly of: (request: FastifyRequest) => ActPlaceOf;
}

/** The place of one request. */
export interface ActPlaceOf {
  /** Of its pages. */
  readonly base: string;
  readonly scope: Exclude<ActScope, null>;
  /** `owner WA`, `agency ZZ0000101`, `own`. */
  readonly place: string;
  /** In whose log it stands that somebody read here; null for the exchange's own. */
  readonly owner: string | null;
  readonly ori: string | null;
  /** Whose people's names may be shown; null for nobody's. */
  readonly people: Scope | null;
  /** Of an agency without its name, which the registry has. */
  readonly title: string;
  readonly says: string;
}

export const actPlaces: readonly ActPlaceKind[] = [
  { page: '/desk/:owner/acts', api: '/v1/owners/:owner/acts', read: 'act.search', export: 'act.export', recorded: true, of: ofOwner },
  { page: '/agency/:ori/acts', api: '/v1/agencies/:ori/acts', read: 'act.agency', export: 'act.agency', recorded: true, of: ofAgency },
  { page: '/account/acts', api: '/v1/me/acts', read: 'act.own', export: 'act.own', recorded: false, of: ofOneself },
];

function ofOwner(request: FastifyRequest): ActPlaceOf {
  const owner = (request.params as { readonly owner: string }).owner.toUpperCase();
  return {
    base: `/desk/${owner}/acts`, scope: { owner }, place: `owner ${owner}`, owner, ori: null, people: { kind: 'owner', owner }, title: `Acts: ${isJurisdiction(owner) ? jurisdictionName(owner) : owner}`,
    says: 'What people did about the records and settings of this owner, and the sign-ins of its people. Each search is itself on the record.',
  };
}

function ofAgency(request: FastifyRequest): ActPlaceOf {
  const { ori } = request.params as { readonly ori: string };
  return {
    base: `/agency/${ori}/acts`, scope: { agency: ori }, place: `agency ${ori}`, owner: null, ori, people: { kind: 'agency', ori }, title: 'Acts',
    says: 'What the people of this agency did in a role of it, and their sign-ins. Of those who work for another agency too, only what names this one. Each search is itself on the record.',
  };
}

function ofOneself(request: FastifyRequest): ActPlaceOf {
  const { account } = personOf(request);
  return { base: '/account/acts', scope: { account }, place: 'own', owner: null, ori: null, people: null, title: 'What you did', says: 'All of it is on the record, and stays there.' };
}
