import type { FastifyReply, FastifyRequest } from 'fastify';

import { JournalError } from '../../exchange/errors.ts';
import { html } from '../../drawing/html.ts';
import { DeliveryError } from '../../review/delivery/index.ts';
import { HeldError, type HeldErrorCode } from '../../review/types.ts';
import { deskPage, sendPage } from '../pages/desk.ts';
import type { Site } from '../pages/layout.ts';
import type { ProblemExtras } from '../problem.ts';
import { problems, type ProblemName } from '../problems.ts';
import { sendProblem } from '../send.ts';

/** Which problem each code is. */
export const heldProblems: Readonly<Record<HeldErrorCode, ProblemName>> = {
  HELD_UNKNOWN: 'unknownObject', HELD_STATE: 'stateChanged', HELD_CONFLICT: 'ownWork', HELD_DESK: 'notPermitted', HELD_RULE: 'ruleForbids', HELD_FIELD: 'fieldWrong', HELD_SOURCE: 'recordsDown',
  HELD_LEDGER: 'notRecorded', HELD_PAPER: 'paperRefused',
};

/** What is known to go wrong. Anything else is a fault of ours, and thrown on. */
export interface Fault {
  readonly name: ProblemName;
  readonly extras: ProblemExtras;
}

/** The problem that an error is; null for a fault of ours. */
export function faultOf(error: unknown): Fault | null {
  if (error instanceof JournalError) return { name: 'notRecorded', extras: {} };
  if (error instanceof DeliveryError) return { name: 'fieldWrong', extras: { detail: sentenceOf(error), reasonCode: error.code } };
  if (error instanceof HeldError) return { name: heldProblems[error.code], extras: { detail: sentenceOf(error), reasonCode: error.code } };
  return null;
}

/** Does the work of a route; what the rules of held requests refuse becomes its problem, with its code. Null from the work is what does not exist for this asker. */
export async function answerHeld<T>(request: FastifyRequest, reply: FastifyReply, work: () => Promise<T | null>, send: (found: T) => FastifyReply = (found) => reply.send(found)): Promise<FastifyReply> {
  try {
    const found = await work();
    return await (found === null ? sendProblem(request, reply, 'unknownObject', { reasonCode: 'HELD_UNKNOWN' }) : send(found));
  } catch (error) {
    const fault = faultOf(error);
    if (fault === null) throw error;
    return sendProblem(request, reply, fault.name, fault.extras);
  }
}

/** A problem for a person with a browser. */
export function sendFaultPage(site: Site, request: FastifyRequest, reply: FastifyReply, { name, extras }: Fault, back: readonly [address: string, text: string]): FastifyReply {
  const { status, title, mend } = problems[name];
  request.server.countProblem(name);
  return sendPage(reply.code(status), deskPage(site, request, title, html`<section class="card bad" role="alert"><p>${extras.detail ?? mend}</p></section>
<p><a href="${back[0]}">${back[1]}</a></p>
<p class="quiet">For the operator: <code>${extras.reasonCode ?? name}</code>, request <code>${request.id}</code>.</p>`));
}

export function sentenceOf({ message, mend }: { readonly message: string; readonly mend: string }): string {
  const end = /[.!?]$/.test(message) ? '' : '.';
  return `${message.charAt(0).toUpperCase()}${message.slice(1)}${end} ${mend}`.trim();
}
