import type { FastifyInstance } from 'fastify';

import type { ServerDeps } from '../deps.ts';
import type { PeopleDeps } from '../gate/deps.ts';
import type { Site } from '../pages/layout.ts';
import { addResidentsApi } from './api.ts';
import { addResidentPages } from './pages.ts';

/** Who looked me up: for residents, and for the office that answers them. */
export function addResidents(app: FastifyInstance, deps: ServerDeps, people: PeopleDeps, site: Site): void {
  addResidentsApi(app, people);
  addResidentPages(app, deps, people, site);
}
