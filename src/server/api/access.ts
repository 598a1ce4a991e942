import type { FastifyReply, FastifyRequest } from 'fastify';

import type { Credential } from '../../exchange/exchange.ts';
import type { CredentialOf, EnrolmentOf } from '../credential.ts';
import type { ServerDeps } from '../deps.ts';
import { orisOf } from '../gate/actor.ts';
import { sendProblem } from '../send.ts';

/** The enrolled asker, or null after the problem was sent. */
export function enrolledOnly(credentialOf: CredentialOf, request: FastifyRequest, reply: FastifyReply): Credential | null {
  // A person whom the gate let through asks for the agencies that they work for.
  if (request.person !== null && credentialOf(request.raw.socket) === null) return { fingerprint: null, oris: orisOf(request.person) };
  const credential = credentialOf(request.raw.socket);
  if (credential === null) sendProblem(request, reply, 'unknownCertificate');
  return credential;
}

/** False after the problem was sent: what tells of all agencies together is for operators. On the demonstration everybody is one. */
export function operatorOnly(deps: ServerDeps, enrolmentOf: EnrolmentOf, request: FastifyRequest, reply: FastifyReply): boolean {
  if (mayReadOfAll(deps, enrolmentOf, request)) return true;
  sendProblem(request, reply, 'operatorsOnly');
  return false;
}

/** Whether the asker may be told of agencies that are not its own. */
export function mayReadOfAll(deps: ServerDeps, enrolmentOf: EnrolmentOf, request: FastifyRequest): boolean {
  if (deps.listener.kind === 'people') return request.person !== null && request.role !== null;
  return deps.listener.kind !== 'mtls' || enrolmentOf(request.raw.socket)?.operator === true;
}
