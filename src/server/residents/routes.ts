import type { FastifyInstance } from 'fastify';

import type { ServerDeps } from '../deps.ts';
import type { PeopleDeps } from '../gate/deps.ts';
import { networkOf, tries } from '../gate/tries.ts';
import type { Site } from '../pages/layout.ts';
import { sendProblemPage } from '../pages/problem.ts';
import { sendProblem } from '../send.ts';
import { addResidentsApi } from './api.ts';
import { addResidentPages } from './pages.ts';

/** Who looked me up: for residents, and for the office that answers them. */
export function addResidents(app: FastifyInstance, deps: ServerDeps, people: PeopleDeps, site: Site): void {
  // Anybody may ask and do steps: each leaves rows and acts, and a look into the owner's records or a program that is run.
  const strangers = tries(30, 60_000);
  void app.register((scope, _options, done) => {
    scope.addHook('onRequest', (request, reply, next) => {
      const { action } = request.routeOptions.config;
      const wait = request.method === 'POST' && (action === 'resident.ask' || action === 'resident.own') ? strangers.take(networkOf(request.ip)) : null;
      if (wait === null) {
        next();
        return;
      }
      reply.header('retry-after', String(wait));
      if (request.url.startsWith('/v1/')) sendProblem(request, reply, 'tooManyTries');
      else sendProblemPage(request, reply, 'tooManyTries', { detail: `More was sent from your network than is taken in a minute. Wait ${String(wait)} seconds, then go back and send it again: what you filled in is still there.` });
    });
    addResidentsApi(scope, people);
    addResidentPages(scope, deps, people, site);
    done();
  });
}
