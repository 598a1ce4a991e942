import type { FastifyReply, FastifyRequest } from 'fastify';

import { AccountError } from '../../people/accounts/errors.ts';
import type { AccountErrorCode } from '../../people/accounts/types.ts';
import { sendProblemPage } from '../pages/problem.ts';
import type { ProblemExtras } from '../problem.ts';
import type { ProblemName } from '../problems.ts';
import { sendProblem } from '../send.ts';

/** Which problem an error of accounts is to whoever asked. */
const problemOfCode: Readonly<Record<AccountErrorCode, ProblemName>> = {
  ACCOUNT_UNKNOWN: 'unknownObject', ACCOUNT_TAKEN: 'stateChanged', ACCOUNT_DISABLED: 'stateChanged', ACCOUNT_LAST: 'stateChanged', ACCOUNT_SELF: 'ownWork', ACCOUNT_ROLE: 'notPermitted',
  ACCOUNT_FIELD: 'fieldWrong', ACCOUNT_PASSWORD_SHORT: 'fieldWrong', ACCOUNT_PASSWORD_COMMON: 'fieldWrong', ACCOUNT_INVITATION: 'fieldWrong', ACCOUNT_CODE: 'fieldWrong', ACCOUNT_PASSKEY: 'fieldWrong',
  ACCOUNT_TOKEN: 'fieldWrong', ACCOUNT_FACTOR: 'fieldWrong',
};

/** The problem that an error of accounts is; null for a fault of ours. */
export function problemOfError(error: unknown): { readonly name: ProblemName; readonly extras: ProblemExtras } | null {
  if (!(error instanceof AccountError)) return null;
  return { name: problemOfCode[error.code], extras: { detail: `${error.message.charAt(0).toUpperCase()}${error.message.slice(1)}. ${error.mend}`, reasonCode: error.code } };
}

/** Answers with a problem: a page for a person with a browser, else `application/problem+json`. */
export function answerProblem(request: FastifyRequest, reply: FastifyReply, name: ProblemName, extras: ProblemExtras = {}): FastifyReply {
  return isForBrowser(request) ? sendProblemPage(request, reply, name, extras) : sendProblem(request, reply, name, extras);
}

/** Whether a page is wanted, and not a document for a program. */
export function isForBrowser({ url, headers }: FastifyRequest): boolean {
  return !url.startsWith('/v1/') && (headers.accept ?? '').includes('text/html');
}
