import type { FastifyError, FastifyInstance } from 'fastify';

import { takeQuestion } from '../api/policyBody.ts';
import type { ServerDeps } from '../deps.ts';
import type { PeopleDeps } from '../gate/deps.ts';
import { takeForms } from '../pages/forms.ts';
import type { Site } from '../pages/layout.ts';
import { sendProblem } from '../send.ts';
import { addAccount } from './account.ts';
import { addActPages } from './acts.ts';
import { addExportPages } from './actExportRoutes.ts';
import { addActsApi } from './apiActs.ts';
import { addMeApi } from './apiMe.ts';
import { addPeopleApi } from './apiPeople.ts';
import { addSessionApi } from './apiSession.ts';
import { contextOf } from './context.ts';
import { addDesk } from './desk.ts';
import { answerProblem, problemOfError } from './faults.ts';
import { addInvitation } from './invitation.ts';
import { addKeptPage } from './keptPage.ts';
import { addMachinePages } from './machine.ts';
import { addPasskeyScript } from './passkeyPage.ts';
import { addPeoplePages } from './people.ts';
import { addSignIn } from './signIn.ts';
import { addStanding } from './standing.ts';

/** Signing in, accounts, people and acts: pages for persons, and the same for programs under `/v1`. Pages take forms and nothing else; the others JSON and nothing else. */
export function addPeople(app: FastifyInstance, deps: ServerDeps, people: PeopleDeps, site: Site): void {
  const context = contextOf(deps, people, site);
  void app.register((pages, _options, done) => {
    pages.removeAllContentTypeParsers();
    takeForms(pages);
    const pageFaults = pages.errorHandler;
    pages.setErrorHandler((error: FastifyError, request, reply) => {
      const problem = problemOfError(error);
      if (problem === null) pageFaults(error, request, reply);
      else answerProblem(request, reply, problem.name, problem.extras);
    });
    addPasskeyScript(pages);
    addSignIn(pages, context);
    addStanding(pages, context);
    addKeptPage(pages, context);
    addInvitation(pages, context);
    addAccount(pages, context);
    addDesk(pages, context);
    addPeoplePages(pages, context);
    addActPages(pages, context);
    addExportPages(pages, context);
    addMachinePages(pages, context);
    done();
  });
  void app.register((api, _options, done) => {
    takeQuestion(api);
    const otherFaults = api.errorHandler;
    api.setErrorHandler((error: FastifyError, request, reply) => {
      const problem = problemOfError(error);
      if (problem === null) otherFaults(error, request, reply);
      else sendProblem(request, reply, problem.name, problem.extras);
    });
    addSessionApi(api, context);
    addMeApi(api, context);
    addPeopleApi(api, context);
    addActsApi(api, context);
    done();
  });
}
