import type { FastifyInstance } from 'fastify';
import { Type, type Static } from 'typebox';

import type { CredentialOf } from '../credential.ts';
import type { ServerDeps } from '../deps.ts';
import { sendProblem } from '../send.ts';
import { enrolledOnly } from './access.ts';
import { describe } from './describe.ts';
import { ticketIdSchema, ticketSchema } from './schemas.ts';

const params = Type.Object({ id: ticketIdSchema });

/** `GET /v1/tickets/:id`. A ticket of another agency is answered as one that does not exist. */
export function addTickets(app: FastifyInstance, deps: ServerDeps, credentialOf: CredentialOf): void {
  const schema = describe({
    operationId: 'ticket', tag: 'queries', summary: 'What became of a held request', params,
    description: 'For the agency that made the request, by the ORIs of its certificate.',
    ok: { description: 'The ticket.', schema: ticketSchema },
    problems: ['badParameter', 'unknownCertificate', 'unknownTicket'],
  });
  app.get<{ Params: Static<typeof params> }>('/v1/tickets/:id', { schema, config: { action: 'ticket.read' } }, async (request, reply) => {
    const credential = enrolledOnly(credentialOf, request, reply);
    if (credential === null) return reply;
    const ticket = await deps.tickets.find(request.params.id);
    if (ticket === null || credential.oris?.has(ticket.requester) === false) return sendProblem(request, reply, 'unknownTicket');
    return reply.send(ticket);
  });
}
