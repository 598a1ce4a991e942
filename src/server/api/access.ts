import type { FastifyReply, FastifyRequest } from 'fastify';

import type { Credential } from '../../exchange/exchange.ts';
import type { CredentialOf } from '../credential.ts';
import { sendProblem } from '../send.ts';

/** The enrolled asker, or null after the problem was sent. */
export function enrolledOnly(credentialOf: CredentialOf, request: FastifyRequest, reply: FastifyReply): Credential | null {
  const credential = credentialOf(request.raw.socket);
  if (credential === null) sendProblem(request, reply, 'unknownCertificate');
  return credential;
}
