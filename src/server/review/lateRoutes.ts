import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Type, type Static } from 'typebox';

import { openMessages, type DeliveryKind } from '../../review/delivery/index.ts';
import type { Asker, LateAnswer } from '../../review/types.ts';
import { describe } from '../api/describe.ts';
import { ticketIdSchema } from '../api/schemas.ts';
import type { CredentialOf } from '../credential.ts';
import { actorOf } from '../gate/actor.ts';
import type { PeopleDeps } from '../gate/deps.ts';
import { sendProblem } from '../send.ts';
import { takeJson } from './body.ts';
import { answerHeld } from './faults.ts';
import { agencyParams, deliveriesSchema, deliveryBody, deliveryQuery, deliverySetSchema, doneSchema, paperSchema, replyBody, ticketParams } from './schemas.ts';
import { letGo, readPaper, refusePaper, takePapers, uploadWords } from './upload.ts';
import { askerOf } from './who.ts';

type TicketRequest<B = unknown> = { Params: Static<typeof ticketParams>; Body: B };
const asking = ['badParameter', 'unknownCertificate', 'signInNeeded', 'unknownTicket', 'notRecorded'] as const;

/** What an asker does with a ticket: takes the late answer, answers a question, hands in papers; and says where late answers go. */
export function addLateRoutes(app: FastifyInstance, people: PeopleDeps, credentialOf: CredentialOf): void {
  void app.register((scope, _options, done) => {
    takeJson(scope);
    addAnswers(scope, people, credentialOf);
    addReplies(scope, people, credentialOf);
    addDeliveries(scope, people);
    done();
  });
  void app.register((scope, _options, done) => {
    takePapers(scope);
    addPapers(scope, people, credentialOf);
    done();
  });
}

function addAnswers(scope: FastifyInstance, { review, sql }: PeopleDeps, credentialOf: CredentialOf): void {
  const bytes = Type.String({ description: 'The answer in the format of the question, with the same control field.' });
  scope.get<TicketRequest>('/v1/tickets/:id/answer', {
    config: { action: 'ticket.read' }, exposeHeadRoute: false,
    schema: describe({
      operationId: 'lateAnswer', tag: 'queries', summary: 'The late answer to a held request', params: ticketParams, ok: { description: 'As text, XML or JSON, like the question.', schema: bytes, type: 'text/plain' },
      description: 'Once it is decided, for seven days, as often as it is asked for. Each time is on the record before a byte is given.', problems: [...asking, 'stateChanged', 'unknownObject'],
    }),
  }, (request, reply) => forAsker(credentialOf, request, reply, async (asker) => {
    const { id } = request.params;
    const answer = await review.answer(id, asker);
    if (answer !== null) return sendLate(reply, answer);
    const view = await review.ticket(id, asker);
    if (view === null) return sendProblem(request, reply, 'unknownTicket');
    if (view.status === 'held') return sendProblem(request, reply, 'stateChanged', { detail: `Nobody has decided yet; that is done by ${view.deadline}. Ask again then, or see the ticket.`, reasonCode: 'HELD_STATE' });
    return sendProblem(request, reply, 'unknownObject', { detail: 'There is no late answer to take now: it is given for seven days. If it was decided this moment, ask again in a second.', reasonCode: 'HELD_UNKNOWN' });
  }));

  const messages = openMessages(sql, review);
  scope.get('/v1/messages', {
    config: { action: 'ticket.read' }, exposeHeadRoute: false,
    schema: describe({
      operationId: 'nextMessage', tag: 'queries', summary: 'The oldest late message that was not taken', ok: { description: 'As it would come on the line; `weir-ticket` names the ticket. 204 where nothing waits.', schema: bytes, type: 'text/plain' },
      description: 'For peers that cannot listen. The same message is given until it is said to be taken.', problems: asking,
    }),
  }, (request, reply) => forAsker(credentialOf, request, reply, async (asker) => {
    const message = await messages.next(asker);
    return message === null ? reply.code(204).send() : sendLate(reply, message);
  }));

  scope.post<{ Params: { readonly ticket: string } }>('/v1/messages/:ticket/taken', {
    config: { action: 'ticket.read' },
    schema: describe({
      operationId: 'messageTaken', tag: 'queries', summary: 'Say that a late message was taken', params: Type.Object({ ticket: ticketIdSchema }), description: 'The next one is given then. Twice is as once.',
      ok: { description: 'It is noted.', schema: doneSchema }, problems: asking,
    }),
  }, (request, reply) => forAsker(credentialOf, request, reply, async (asker) => ((await messages.taken(request.params.ticket, asker)) ? reply.send({ done: true }) : sendProblem(request, reply, 'unknownTicket'))));
}

function addReplies(scope: FastifyInstance, { review }: PeopleDeps, credentialOf: CredentialOf): void {
  scope.post<TicketRequest<Static<typeof replyBody>>>('/v1/tickets/:id/replies', {
    config: { action: 'ticket.answer' },
    schema: describe({
      operationId: 'answerQuestion', tag: 'queries', summary: 'Answer a question that was put back', params: ticketParams, body: replyBody, description: 'Once for each question. The clock goes on.',
      ok: { description: 'It is noted.', schema: doneSchema }, problems: [...asking, 'badBody', 'unknownObject', 'stateChanged', 'fieldWrong'],
    }),
  }, (request, reply) => forAsker(credentialOf, request, reply, async (asker) => {
    const { id } = request.params;
    if ((await review.ticket(id, asker)) === null) return sendProblem(request, reply, 'unknownTicket');
    await review.reply(id, request.body.question, request.body.text, asker);
    return reply.send({ done: true });
  }));
}

function addPapers(scope: FastifyInstance, people: PeopleDeps, credentialOf: CredentialOf): void {
  const schema = describe({
    operationId: 'addPaper', tag: 'queries', summary: 'Hand in a paper', params: ticketParams, description: 'The PDF is the body, of at most 10 MiB; 10 for one ticket. It is kept encrypted and never opened here; its hash stands in the ledger.',
    ok: { description: 'The paper.', schema: paperSchema }, problems: [...asking, 'stateChanged', 'paperRefused', 'tooManyTries'],
  });
  const body = { content: { 'application/pdf': { schema: { type: 'string', format: 'binary' } } } };
  scope.post<TicketRequest>('/v1/tickets/:id/papers', {
    schema, config: { action: 'ticket.answer', swaggerTransform: () => ({ schema: { ...schema, body }, url: '/v1/tickets/:id/papers' }) },
  }, (request, reply) => forAsker(credentialOf, request, reply, async (asker) => {
    const ticket = await people.review.ticket(request.params.id, asker);
    if (ticket === null) {
      letGo(request);
      return sendProblem(request, reply, 'unknownTicket');
    }
    const upload = await readPaper(request);
    if (upload.ok) return reply.send(await people.review.addPaper(ticket.id, upload.bytes, asker));
    if (upload.why === 'busy') {
      letGo(request);
      return sendProblem(request, reply.header('retry-after', '5'), 'tooManyTries', { detail: uploadWords.busy });
    }
    await refusePaper(people, request, asker, ticket, upload.why);
    return sendProblem(request, reply, 'paperRefused', { detail: uploadWords[upload.why], reasonCode: 'HELD_PAPER' });
  }));
}

/** `/v1/agencies/:ori/deliveries`: where the late answers of an agency go. */
function addDeliveries(scope: FastifyInstance, { delivery }: PeopleDeps): void {
  if (delivery === undefined) return;
  const problems = ['badParameter', 'signInNeeded', 'freshSignInNeeded', 'notPermitted'] as const;
  type Agency = { Params: Static<typeof agencyParams> };
  const config = { action: 'delivery.manage' } as const;

  scope.get<Agency>('/v1/agencies/:ori/deliveries', {
    config, schema: describe({ operationId: 'listDeliveries', tag: 'review', summary: 'Where late answers go, and the latest of them', params: agencyParams, description: 'Without secrets. Of what a receiver answered there is only the status.', ok: { description: 'Addresses, and the latest deliveries with their attempts.', schema: deliveriesSchema }, problems }),
  }, async (request, reply) => {
    const { ori } = request.params;
    const [addresses, latest] = await Promise.all([delivery.addresses(ori), delivery.lines(ori, 50)]);
    return reply.send({
      addresses: addresses.map(addressOf),
      latest: latest.map(({ queuedAt, nextAt, attempts, ...rest }) => ({ ...rest, queuedAt: queuedAt.toISOString(), nextAt: nextAt?.toISOString() ?? null, attempts: attempts.map(({ at, ...tried }) => ({ at: at.toISOString(), ...tried })) })),
    });
  });

  scope.put<Agency & { Body: Static<typeof deliveryBody> }>('/v1/agencies/:ori/deliveries', {
    config, schema: describe({
      operationId: 'setDelivery', tag: 'review', summary: 'Say where late answers go', params: agencyParams, body: deliveryBody, description: 'One address of each kind. The secret is given once, when it is made; with `newSecret` the one before signs beside it for a day.',
      ok: { description: 'The address.', schema: deliverySetSchema }, problems: [...problems, 'badBody', 'fieldWrong'],
    }),
  }, (request, reply) => answerHeld(request, reply, async () => {
    const { account: who, role } = actorOf(request);
    const { kind, url, ca = null, newSecret = false } = request.body;
    const { address, secret } = await delivery.set(request.params.ori, { kind, url, ca: ca as string | null, newSecret }, { who, role });
    return { address: addressOf(address), secret };
  }));

  scope.delete<Agency & { Querystring: { readonly kind: DeliveryKind } }>('/v1/agencies/:ori/deliveries', {
    config, schema: describe({ operationId: 'removeDelivery', tag: 'review', summary: 'Send late answers there no more', params: agencyParams, querystring: deliveryQuery, description: 'What waits to be sent there is dropped; it can be fetched.', ok: { description: 'It was taken away.', schema: doneSchema }, problems: [...problems, 'unknownObject'] }),
  }, (request, reply) => answerHeld(request, reply, async () => {
    const { account: who, role } = actorOf(request);
    return (await delivery.remove(request.params.ori, request.query.kind, { who, role })) ? { done: true } : null;
  }));
}

function addressOf({ kind, url, ca, setBy, setAt }: { readonly kind: DeliveryKind; readonly url: string; readonly ca: string | null; readonly setBy: string; readonly setAt: Date }): Record<string, string | null> {
  return { kind, url, ca, setBy, setAt: setAt.toISOString() };
}

/** Finds who asks, and does the work; what the rules refuse becomes its problem. */
async function forAsker(credentialOf: CredentialOf, request: FastifyRequest, reply: FastifyReply, work: (asker: Asker) => Promise<FastifyReply>): Promise<FastifyReply> {
  const asker = askerOf(credentialOf, request, reply);
  if (asker === null) return reply;
  return await answerHeld(request, reply, () => work(asker), (sent) => sent);
}

function sendLate(reply: FastifyReply, { ticket, contentType, body }: LateAnswer): FastifyReply {
  return reply.headers({ 'content-type': contentType, 'weir-ticket': ticket }).send(Buffer.from(body.buffer, body.byteOffset, body.byteLength));
}
