import type { FastifyInstance } from 'fastify';

import type { PeopleDeps } from '../gate/deps.ts';
import { takeForms } from '../pages/forms.ts';
import type { Site } from '../pages/layout.ts';
import { addCertificationPages } from './certificationPages.ts';
import { addNoticePages } from './noticePages.ts';
import { addReviewPages } from './reviewPages.ts';

/** What every page of duties is made with. */
export interface PageParts {
  readonly people: PeopleDeps;
  readonly site: Site;
}

/** The pages of duties. Each is made by the server; what changes something is a form. */
export function addDutyPages(scope: FastifyInstance, parts: PageParts): void {
  takeForms(scope, 128 * 1024);
  addNoticePages(scope, parts);
  addCertificationPages(scope, parts);
  addReviewPages(scope, parts);
}
