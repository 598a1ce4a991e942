import type { FastifyInstance } from 'fastify';
import { Type, type Static } from 'typebox';

import { scopeText } from '../../people/roles/index.ts';
import { describe } from '../api/describe.ts';
import { sendProblem } from '../send.ts';
import { iso } from './apiMe.ts';
import { accountParam, doneSchema, idParam, invitedSchema, inviteBody, machinePeopleSchema, oriParam, ownerParam, peopleSchema, roleBody, whyBody } from './apiSchemas.ts';
import type { PeopleContext } from './context.ts';
import { machineWorks } from './machine.ts';
import { actorFor, grantFrom, grantsIn, inPlace, inviteTo, places, takeInPlace, type Place } from './place.ts';

type AccountParams = { readonly account: string };

/** The people of an owner or agency, and of the machine, for programs. */
export function addPeopleApi(app: FastifyInstance, context: PeopleContext): void {
  for (const place of places) addPlaceApi(app, context, place);
  addMachineApi(app, context);
}

function addPlaceApi(app: FastifyInstance, { people }: PeopleContext, place: Place): void {
  const { accounts } = people;
  const of = place.source === 'official' ? 'Owner' : 'Agency';
  const whose = place.source === 'official' ? 'an owner' : 'an agency';
  const scopeParams = place.source === 'official' ? { owner: ownerParam } : { ori: oriParam };
  const accountParams = { ...scopeParams, account: accountParam };
  const manage = { action: place.manage };
  const managed = ['signInNeeded', 'freshSignInNeeded', 'notPermitted', 'foreignOrigin', 'unknownObject', 'stateChanged'] as const;

  app.get(place.api, {
    config: { action: place.read },
    schema: describe({ operationId: `people${of}`, tag: 'people', summary: `Who has which role for ${whose}`, description: 'Disabled accounts too.', params: Type.Object(scopeParams), ok: { description: 'The people, with their roles here.', schema: peopleSchema }, problems: ['badParameter', 'signInNeeded', 'notPermitted'] }),
  }, async (request, reply) => {
    const scope = place.scope(request);
    const list = await accounts.list(scope);
    return reply.send({
      people: list.map((one) => ({
        account: one.account, name: one.name, kind: one.kind, employer: one.employer, lastAt: iso(one.lastAt), disabledAt: iso(one.disabledAt), lockedAt: iso(one.lockedAt),
        roles: grantsIn(one, scope).map(({ id, role, desks, source, givenAt, reviewedAt }) => ({ id, role, desks, source, givenAt: givenAt.toISOString(), reviewedAt: iso(reviewedAt) })),
      })),
    });
  });

  app.post<{ Body: Static<typeof inviteBody> }>(place.api, {
    config: manage,
    schema: describe({
      operationId: `invite${of}`, tag: 'people', summary: `Invite somebody to ${whose}`, description: 'Makes an account with one role and an invitation. Needs a fresh sign-in.', params: Type.Object(scopeParams), body: inviteBody,
      ok: { description: 'The invitation, this once.', schema: invitedSchema }, problems: ['badBody', ...managed, 'ownWork', 'fieldWrong'],
    }),
  }, async (request, reply) => {
    const scope = place.scope(request);
    const { name, login, role, email = null, employer = null, employeeNumber = null, desks = [] } = request.body;
    const grant = grantFrom(place, scope, role, desks);
    if (grant === null) return sendProblem(request, reply, 'fieldWrong', { detail: `The roles that are given here: ${place.roles.join(', ')}.`, reasonCode: 'ROLE_ELSEWHERE' });
    const invited = await inviteTo(people, place, grant, { name, email, employer: scope.kind === 'agency' ? scope.ori : employer, employeeNumber }, login, actorFor(request));
    return reply.send({ account: invited.account, invitation: `/invitation/${invited.secret}`, expiresAt: invited.expiresAt.toISOString() });
  });

  app.post<{ Params: AccountParams; Body: Static<typeof roleBody> }>(`${place.api}/:account/roles`, {
    config: manage,
    schema: describe({
      operationId: `giveRole${of}`, tag: 'people', summary: `Give a role of ${whose}`, description: 'Nobody gives a role to themselves, by any account of theirs. Needs a fresh sign-in.', params: Type.Object(accountParams), body: roleBody,
      ok: { description: 'It holds from the next request on.', schema: doneSchema }, problems: ['badBody', ...managed, 'ownWork', 'fieldWrong'],
    }),
  }, async (request, reply) => {
    const grant = grantFrom(place, place.scope(request), request.body.role, request.body.desks ?? []);
    if (grant === null) return sendProblem(request, reply, 'fieldWrong', { detail: `The roles that are given here: ${place.roles.join(', ')}.`, reasonCode: 'ROLE_ELSEWHERE' });
    await accounts.give(request.params.account, grant, place.source, actorFor(request));
    return reply.send({ done: true });
  });

  app.delete<{ Params: AccountParams & { readonly grant: string } }>(`${place.api}/:account/roles/:grant`, {
    config: manage,
    schema: describe({
      operationId: `takeRole${of}`, tag: 'people', summary: `Take a role of ${whose} away`, description: 'Holds from the next request on. Needs a fresh sign-in.', params: Type.Object({ ...accountParams, grant: idParam('The id of the role, from the list.') }),
      ok: { description: 'Taken.', schema: doneSchema }, problems: managed,
    }),
  }, async (request, reply) => {
    await takeInPlace(people, place.scope(request), request.params.account, request.params.grant, actorFor(request));
    return reply.send({ done: true });
  });

  app.post<{ Params: AccountParams; Body: Static<typeof whyBody> }>(`${place.api}/:account/disable`, {
    config: manage,
    schema: describe({
      operationId: `disable${of}`, tag: 'people', summary: `Disable an account of ${whose}`, description: 'Ends its sessions and tokens at once. Only where all its roles are here. Needs a fresh sign-in.', params: Type.Object(accountParams), body: whyBody,
      ok: { description: 'It can do nothing from the next request on.', schema: doneSchema }, problems: ['badBody', ...managed],
    }),
  }, async (request, reply) => {
    await inPlace(people, place.scope(request), request.params.account);
    await accounts.disable(request.params.account, request.body.why, actorFor(request));
    return reply.send({ done: true });
  });
}

function addMachineApi(app: FastifyInstance, { people: { accounts } }: PeopleContext): void {
  const config = { action: 'people.machine' } as const;
  app.get('/v1/machine/people', {
    config,
    schema: describe({ operationId: 'machinePeople', tag: 'people', summary: 'All accounts by their numbers', description: 'For the operator: no name stands here. Needs a fresh sign-in.', ok: { description: 'The accounts.', schema: machinePeopleSchema }, problems: ['signInNeeded', 'freshSignInNeeded', 'notPermitted'] }),
  }, async (_request, reply) => {
    const list = await accounts.list(null);
    return reply.send({
      accounts: list.map(({ account, kind, grants, lastAt, disabledAt, lockedAt }) => ({ account, kind, roles: grants.map(({ role, scope }) => ({ role, scope: scopeText(scope) })), lastAt: iso(lastAt), disabledAt: iso(disabledAt), lockedAt: iso(lockedAt) })),
    });
  });
  for (const [name, summary] of [['unlock', 'Unlock an account'], ['disable', 'Disable an account'], ['enable', 'Enable an account']] as const) {
    app.post<{ Params: AccountParams }>(`/v1/machine/people/:account/${name}`, {
      config,
      schema: describe({ operationId: `machine${summary.split(' ')[0] ?? ''}`, tag: 'people', summary, description: 'By the operator. Needs a fresh sign-in.', params: Type.Object({ account: accountParam }), ok: { description: 'Done.', schema: doneSchema }, problems: ['signInNeeded', 'freshSignInNeeded', 'notPermitted', 'foreignOrigin', 'unknownObject', 'stateChanged'] }),
    }, async (request, reply) => {
      await machineWorks[name](accounts, request.params.account, actorFor(request), 'operator');
      return reply.send({ done: true });
    });
  }
}
