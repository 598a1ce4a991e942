import type { FastifyInstance } from 'fastify';
import { Type, type Static } from 'typebox';

import type { CredentialOf } from '../credential.ts';
import type { ServerDeps } from '../deps.ts';
import { answerHeld } from '../review/faults.ts';
import { askerOf } from '../review/who.ts';
import { sendProblem } from '../send.ts';
import { describe } from './describe.ts';
import { ticketIdSchema, ticketSchema } from './schemas.ts';

const params = Type.Object({ id: ticketIdSchema });

/** `GET /v1/tickets/:id`. A ticket of another agency is answered as one that does not exist. */
export function addTickets(app: FastifyInstance, deps: ServerDeps, credentialOf: CredentialOf): void {
  const schema = describe({
    operationId: 'ticket', tag: 'queries', summary: 'What became of a held request', params,
    description: 'For the agency that made the request, by the ORIs of its certificate: its clock, the questions put back, and whether there is a late answer to fetch.',
    ok: { description: 'The ticket.', schema: ticketSchema },
    problems: ['badParameter', 'unknownCertificate', 'unknownTicket', 'notRecorded'],
  });
  app.get<{ Params: Static<typeof params> }>('/v1/tickets/:id', { schema, config: { action: 'ticket.read' } }, async (request, reply) => {
    const asker = askerOf(credentialOf, request, reply);
    if (asker === null) return reply;
    const { id } = request.params;
    return await answerHeld(request, reply, async () => {
      if (deps.people !== undefined) return { found: await deps.people.review.ticket(id, asker) };
      const ticket = await deps.tickets.find(id);
      return { found: ticket === null || asker.oris?.has(ticket.requester) === false ? null : ticket };
    }, ({ found }) => (found === null ? sendProblem(request, reply, 'unknownTicket') : reply.send(found)));
  });
}
