import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { JournalError } from '../exchange/errors.ts';
import { isDatabaseAway } from '../store/driver/index.ts';
import { badFieldOf } from './badField.ts';
import type { ServerDeps } from './deps.ts';
import { problems, type ProblemName } from './problems.ts';
import { answerProblem, isForBrowser } from './people/faults.ts';
import { sendProblem } from './send.ts';

/** Which problem a code of the web framework stands for; what is not here is a fault of ours. */
const frameworkProblems: Readonly<Record<string, ProblemName>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupportedMediaType',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'malformedRequest',
  FST_ERR_CTP_BODY_TOO_LARGE: 'bodyTooLarge',
  FST_ERR_CTP_EMPTY_TYPE: 'unsupportedMediaType',
  FST_ERR_VALIDATION: 'badParameter',
  FST_ERR_CTP_INVALID_JSON_BODY: 'badBody',
  FST_ERR_BAD_URL: 'malformedRequest',
  FST_ERR_MAX_PARAM_LENGTH: 'badParameter',
  ECONNRESET: 'malformedRequest',
};

/** Every fault, every unknown address and every wrong method becomes a problem of ours, for a person with a browser as a page: no default body and no stack reaches anyone. */
export function addFaults(app: FastifyInstance, deps: ServerDeps): void {
  const routes: { readonly pattern: RegExp; readonly method: string }[] = [];
  app.addHook('onRoute', ({ url, method }) => {
    const pattern = new RegExp(`^${url.split('/').map((part) => (part.startsWith(':') ? '[^/]+' : part.replace('*', '.*').replace(/[.+?^${}()|[\]\\]/g, (c) => (c === '.' ? c : `\\${c}`)))).join('/')}$`);
    for (const one of [method].flat()) routes.push({ pattern, method: one });
  });

  app.setErrorHandler((error: FastifyError, request, reply) => {
    // What must be on the record first, and cannot be put there, was not done.
    const name = error instanceof JournalError ? 'notRecorded' : isDatabaseAway(error) ? 'databaseDown' : problemOfFault(error);
    if (name === 'databaseDown') deps.log.warn({ code: error.code, route: request.routeOptions.url ?? 'none' }, 'the database could not be used');
    if (name === 'internal') deps.log.error({ error, route: request.routeOptions.url ?? 'none' }, 'a request met a fault');
    const field = name === 'badBody' ? badFieldOf(error.validation) : null;
    return answerProblem(request, reply, name, field === null ? {} : { detail: `${field}. ${problems.badBody.mend}` });
  });

  app.setNotFoundHandler((request, reply) => {
    const path = (request.raw.url ?? '/').split('?', 1)[0] ?? '/';
    const methods = [...new Set(routes.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method))];
    // A pattern that takes this method found nothing behind it, such as a file that is not there.
    if (methods.length === 0 || methods.includes(request.method)) return answerProblem(request, reply, 'notFound', isForBrowser(request) ? { detail: 'Check the address, or begin at the desk.' } : {});
    return answerProblem(request, reply.header('allow', methods.join(', ')), 'methodNotAllowed');
  });
}

function problemOfFault({ code, statusCode, validationContext }: FastifyError): ProblemName {
  if (validationContext === 'body') return 'badBody';
  const known = frameworkProblems[code];
  if (known !== undefined) return known;
  // The files of the documentation page: what may not be read is not there.
  return statusCode === 403 || statusCode === 404 ? 'notFound' : 'internal';
}

/** What the framework rejects before a route is known, such as a path that is not well encoded. */
export function answerFrameworkFault(error: FastifyError, request: FastifyRequest, reply: FastifyReply, headers: Readonly<Record<string, string>>): void {
  sendProblem(request, reply.headers(headers), frameworkProblems[error.code] ?? 'malformedRequest');
}
