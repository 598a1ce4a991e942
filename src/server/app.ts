import { randomBytes } from 'node:crypto';

import { fastify, type FastifyInstance } from 'fastify';
import type { Logger } from 'pino';

import { addAgencies } from './api/agencies.ts';
import { addDocumentation } from './api/documentation.ts';
import { addInquiries } from './api/inquiries.ts';
import { addOpenapi } from './api/openapi.ts';
import { addOwners } from './api/owners.ts';
import { addPolicies } from './api/policies.ts';
import { addProofs } from './api/proofs.ts';
import { addStatus } from './api/status.ts';
import { addTickets } from './api/tickets.ts';
import { addVocabulary } from './api/vocabulary.ts';
import { credentialReader, type CredentialOf } from './credential.ts';
import type { ServerDeps } from './deps.ts';
import { addDoor, standingHeaders } from './door.ts';
import { addGate } from './gate/gate.ts';
import { ListenError } from './errors.ts';
import { addFaults, answerFrameworkFault } from './faults.ts';
import { defaultLimits } from './limits.ts';
import { lazySchemas } from './lazySchemas.ts';
import { addLogFiles } from './log/files.ts';
import { addEntryOpening } from './log/opening.ts';
import { frameworkLog, noRequestLines, type RequestLine } from './logging.ts';
import { addBriefings } from './pages/briefings.ts';
import { addPages } from './pages/routes.ts';
import { addChanges } from './changes/index.ts';
import type { PeopleDeps } from './gate/deps.ts';
import type { Site } from './pages/layout.ts';
import { addPeople } from './people/routes.ts';
import { addDuties } from './duties/index.ts';
import { addProviders } from './provider/routes.ts';
import { addReview } from './review/index.ts';
import { addScim } from './scim/routes.ts';
import { addResidents } from './residents/routes.ts';
import { addVerifyPage } from './pages/verify.ts';
import { createTransport } from './transport.ts';

/**
 * One listener, ready to be started by `startListener`. Several may share the same exchange.
 * Throws `ListenError`: `PLAIN_HTTP_IN_PRODUCTION`, `BAD_TLS_FILES`.
 */
export function buildServer(deps: ServerDeps): FastifyInstance {
  if (deps.listener.kind === 'http' && deps.mode !== 'demonstration') {
    throw new ListenError('PLAIN_HTTP_IN_PRODUCTION', 'plain HTTP is for the demonstration only', 'Configure mutual TLS: a key, a certificate and the authorities of agencies.');
  }
  const limits = { ...defaultLimits, ...deps.limits };
  const headers = standingHeaders(deps.mode, deps.listener);
  const schemas = lazySchemas();
  const app: FastifyInstance = fastify({
    loggerInstance: frameworkLog(deps.log),
    logController: noRequestLines,
    genReqId: requestIds(),
    requestIdHeader: false,
    trustProxy: false,
    bodyLimit: limits.body,
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    exposeHeadRoutes: true,
    routerOptions: { maxParamLength: 128, ignoreTrailingSlash: false, caseSensitive: true },
    schemaController: { compilersFactory: schemas.compilersFactory },
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false, useDefaults: false } },
    frameworkErrors: (error, request, reply) => answerFrameworkFault(error, request, reply, headers),
    serverFactory: (handler) => createTransport(deps.listener, limits, deps.metrics, handler),
  });
  app.decorateReply('inquiry', null);
  app.decorate('countProblem', (name: string) => deps.metrics.problem(name));
  app.decorate('compileSchemas', schemas.compileAll);
  app.removeAllContentTypeParsers();

  const { credentialOf, enrolmentOf } = credentialReader(deps.listener, deps.credentials);
  const site = { demonstration: deps.mode === 'demonstration', byHand: deps.listener.kind === 'http', version: deps.version, people: deps.people !== undefined && (deps.listener.kind === 'http' || deps.listener.kind === 'people'), isInvented: (account: string): boolean => deps.people?.personas.some((one) => one.account === account) ?? false, agencyName: (ori: string): string | null => deps.people?.agencyName(ori) ?? null };
  addDoor(app, deps.mode, deps.listener);
  addGate(app, deps);
  addFaults(app, deps);
  addLines(app, deps.log);
  addOpenapi(app, deps.version);
  // Routes come in a scope of their own, after the plugin that describes them.
  void app.register((scope, _options, done) => {
    if (deps.listener.kind === 'public') {
      addLogFiles(scope, deps.logDesk);
      addVerifyPage(scope, site);
      done();
      return;
    }
    addInquiries(scope, deps, credentialOf, limits.body);
    addTickets(scope, deps, credentialOf);
    addAgencies(scope, deps, credentialOf);
    addOwners(scope, deps, credentialOf);
    addVocabulary(scope, credentialOf);
    addPolicies(scope, deps, credentialOf, enrolmentOf);
    addProofs(scope, deps, credentialOf, enrolmentOf);
    addStatus(scope, deps, enrolmentOf);
    addLogFiles(scope, deps.logDesk);
    addEntryOpening(scope, deps.logDesk, credentialOf);
    addDocumentation(scope, site);
    addPages(scope, deps, site);
    addBriefings(scope, deps, site, enrolmentOf);
    if (deps.people !== undefined) addPeopleParts(scope, deps, deps.people, site, credentialOf);
    done();
  });
  return app;
}

/** All that people come for: each part has its routes and pages. */
function addPeopleParts(scope: FastifyInstance, deps: ServerDeps, people: PeopleDeps, site: Site, credentialOf: CredentialOf): void {
  addReview(scope, people, site, credentialOf);
  // Systems come in by mutual TLS, people and directories by the listener for people: no route is made where nobody comes for it.
  if (deps.listener.kind === 'mtls') return;
  addPeople(scope, deps, people, site);
  addChanges(scope, deps, people, site);
  addResidents(scope, deps, people, site);
  addDuties(scope, deps, people, site);
  const { providerDesk: providers, scim, accounts, acts, sql } = people;
  if (providers !== undefined) addProviders(scope, { providers, accounts, listener: deps.listener }, site);
  if (scim !== undefined) addScim(scope, { scim, sql, acts, listener: deps.listener, onFault: (error) => deps.log.error({ error }, 'a request of a directory failed') });
}

/** An id that is unique among processes, cannot be guessed from outside its run, and is nothing that the asker sent. */
function requestIds(): () => string {
  const run = randomBytes(6).toString('hex');
  let count = 0;
  return () => `${run}-${(count += 1).toString(36)}`;
}

/** After the answer a line is logged, where the level asks for it: without the hook, no listener is made for a request. */
function addLines(app: FastifyInstance, log: Logger): void {
  if (!log.isLevelEnabled('info')) return;
  app.addHook('onResponse', (request, reply, next) => {
    const line: RequestLine = {
      method: request.method,
      route: request.routeOptions.url ?? 'none',
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 1000) / 1000,
      inquiry: reply.inquiry,
    };
    log.info(line, 'answered');
    next();
  });
}
