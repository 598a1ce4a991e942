import type { FastifyReply, FastifyRequest } from 'fastify';

import { JournalError } from '../../exchange/errors.ts';
import { html } from '../../drawing/html.ts';
import { DeliveryError, type DeliveryErrorCode } from '../../review/delivery/index.ts';
import { HeldError, type HeldErrorCode } from '../../review/types.ts';
import { deskPage, sendPage } from '../pages/desk.ts';
import type { Site } from '../pages/layout.ts';
import { problems, type ProblemName } from '../problems.ts';
import { answerWork, refusalsOf, type Refusal } from '../refusals.ts';

/** Which problem each code is. */
export const heldProblems: Readonly<Record<HeldErrorCode, ProblemName>> = {
  HELD_UNKNOWN: 'unknownObject', HELD_STATE: 'stateChanged', HELD_CONFLICT: 'ownWork', HELD_DESK: 'notPermitted', HELD_RULE: 'ruleForbids', HELD_FIELD: 'fieldWrong', HELD_SOURCE: 'recordsDown',
  HELD_LEDGER: 'notRecorded', HELD_PAPER: 'paperRefused',
};

const heldRefusal = refusalsOf(HeldError, heldProblems);
const deliveryRefusal = refusalsOf<DeliveryErrorCode>(DeliveryError, { DELIVERY_URL: 'fieldWrong', DELIVERY_KIND: 'fieldWrong', DELIVERY_CA: 'fieldWrong', DELIVERY_ORI: 'fieldWrong' });

/** The problem that an error of held requests is, for a route or a page; null for a fault of ours. */
export function faultOf(error: unknown): Refusal | null {
  return error instanceof JournalError ? { name: 'notRecorded', extras: {} } : heldRefusal(error) ?? deliveryRefusal(error);
}

/** Does the work of a route of held requests and sends what it gives, or the problem. Null from the work is what does not exist for this asker. */
export function answerHeld<T>(request: FastifyRequest, reply: FastifyReply, work: () => Promise<T | null>, send?: (found: T) => FastifyReply): Promise<FastifyReply> {
  return answerWork(request, reply, faultOf, work, { unknown: 'HELD_UNKNOWN', ...(send === undefined ? {} : { send }) });
}

/** A problem for a person with a browser. */
export function sendFaultPage(site: Site, request: FastifyRequest, reply: FastifyReply, { name, extras }: Refusal, back: readonly [address: string, text: string]): FastifyReply {
  const { status, title, mend } = problems[name];
  request.server.countProblem(name);
  return sendPage(reply.code(status), deskPage(site, request, title, html`<section class="card bad" role="alert"><p>${extras.detail ?? mend}</p></section>
<p><a href="${back[0]}">${back[1]}</a></p>
<p class="quiet">For the operator: <code>${extras.reasonCode ?? name}</code>, request <code>${request.id}</code>.</p>`));
}
