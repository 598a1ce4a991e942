import type { FastifyReply, FastifyRequest } from 'fastify';

import { AccountError } from '../../people/accounts/errors.ts';
import type { AccountErrorCode } from '../../people/accounts/types.ts';
import { sendProblemPage } from '../pages/problem.ts';
import type { ProblemExtras } from '../problem.ts';
import type { ProblemName } from '../problems.ts';
import { refusalsOf } from '../refusals.ts';
import { sendProblem } from '../send.ts';

/** The problem that an error of accounts is to whoever asked; null for a fault of ours. */
export const problemOfError = refusalsOf<AccountErrorCode>(AccountError, {
  ACCOUNT_UNKNOWN: 'unknownObject', ACCOUNT_TAKEN: 'stateChanged', ACCOUNT_DISABLED: 'stateChanged', ACCOUNT_LAST: 'stateChanged', ACCOUNT_SELF: 'ownWork', ACCOUNT_ROLE: 'notPermitted',
  ACCOUNT_FIELD: 'fieldWrong', ACCOUNT_PASSWORD_SHORT: 'fieldWrong', ACCOUNT_PASSWORD_COMMON: 'fieldWrong', ACCOUNT_INVITATION: 'fieldWrong', ACCOUNT_CODE: 'fieldWrong', ACCOUNT_PASSKEY: 'fieldWrong',
  ACCOUNT_TOKEN: 'fieldWrong', ACCOUNT_FACTOR: 'fieldWrong', ACCOUNT_BUSY: 'tooManyTries',
});

/** Answers with a problem: a page for a person with a browser, else `application/problem+json`. */
export function answerProblem(request: FastifyRequest, reply: FastifyReply, name: ProblemName, extras: ProblemExtras = {}): FastifyReply {
  return isForBrowser(request) ? sendProblemPage(request, reply, name, extras) : sendProblem(request, reply, name, extras);
}

/** Whether a page is wanted, and not a document for a program. */
export function isForBrowser({ url, headers }: FastifyRequest): boolean {
  return !url.startsWith('/v1/') && (headers.accept ?? '').includes('text/html');
}
