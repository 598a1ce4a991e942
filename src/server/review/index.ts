import type { FastifyInstance } from 'fastify';

import type { CredentialOf } from '../credential.ts';
import type { PeopleDeps } from '../gate/deps.ts';
import type { Site } from '../pages/layout.ts';
import { addDeliveryPages } from './deliveryPage.ts';
import { addHeldPages } from './heldPages.ts';
import { addHeldRoutes } from './heldRoutes.ts';
import { addLateRoutes } from './lateRoutes.ts';
import { addTicketPages } from './ticketPages.ts';

/** All of held requests: the inbox under `/v1/owners/:owner/held` and `/desk/:owner/held` for reviewers; tickets, late answers and where they go for agencies. */
export function addReview(app: FastifyInstance, people: PeopleDeps, site: Site, credentialOf: CredentialOf): void {
  addHeldRoutes(app, people.review);
  addLateRoutes(app, people, credentialOf);
  addHeldPages(app, people.review, site);
  addTicketPages(app, people, site, credentialOf);
  if (people.delivery !== undefined) addDeliveryPages(app, people.delivery, site);
}
