import type { FastifyInstance } from 'fastify';

import { takeForms } from '../pages/forms.ts';
import { addCertificationPages } from './certificationPages.ts';
import type { PageParts } from './forms.ts';
import { addNoticePages } from './noticePages.ts';
import { addReviewPages } from './reviewPages.ts';

/** The pages of duties. Each is made by the server; what changes something is a form. */
export function addDutyPages(scope: FastifyInstance, parts: PageParts): void {
  takeForms(scope, 128 * 1024);
  addNoticePages(scope, parts);
  addCertificationPages(scope, parts);
  addReviewPages(scope, parts);
}
