import type { FastifyInstance } from 'fastify';

import type { ServerDeps } from '../deps.ts';
import type { PeopleDeps } from '../gate/deps.ts';
import type { Site } from '../pages/layout.ts';
import { addCertificationRoutes } from './certificationRoutes.ts';
import { addNoticeRoutes } from './noticeRoutes.ts';
import { addDutyPages } from './pages.ts';
import { addReviewRoutes } from './reviewRoutes.ts';
import { takeDutyBodies } from './body.ts';

/** All that duties with a clock are: the interface under `/v1/owners/:owner` and `/v1/agencies/:ori`, and the pages under `/desk/:owner/duties` and `/agency/:ori`. */
export function addDuties(app: FastifyInstance, _deps: ServerDeps, people: PeopleDeps, site: Site): void {
  void app.register((scope, _options, done) => {
    takeDutyBodies(scope);
    addNoticeRoutes(scope, people);
    addCertificationRoutes(scope, people);
    addReviewRoutes(scope, people);
    done();
  });
  void app.register((scope, _options, done) => {
    addDutyPages(scope, { people, site });
    done();
  });
}
