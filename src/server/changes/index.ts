import type { FastifyInstance } from 'fastify';

import type { ServerDeps } from '../deps.ts';
import type { PeopleDeps } from '../gate/deps.ts';
import type { Site } from '../pages/layout.ts';
import { takeChanges } from './answer.ts';
import { addCertificateRoutes } from './certificateRoutes.ts';
import { changeChecker } from './checker.ts';
import { addDraftRoutes } from './draftRoutes.ts';
import { addChangePages } from './pages.ts';
import { addProposalRoutes } from './proposalRoutes.ts';
import { addRuleRoutes } from './ruleRoutes.ts';
import { addSettingPages } from './settingPages.ts';

/** All that changes of policies are: the interface under `/v1/owners/:owner/changes`, and the pages under `/desk/:owner/changes`. */
export function addChanges(app: FastifyInstance, deps: ServerDeps, people: PeopleDeps, site: Site): void {
  void app.register((scope, _options, done) => {
    takeChanges(scope);
    addDraftRoutes(scope, people);
    addProposalRoutes(scope, people);
    addRuleRoutes(scope, people);
    addCertificateRoutes(scope, people);
    done();
  });
  void app.register((scope, _options, done) => {
    addChangePages(scope, { people, site });
    addSettingPages(scope, { people, site, checker: changeChecker({ proof: deps.policyDesk, insight: deps.insight }) });
    done();
  });
}
