import type { FastifyReply, FastifyRequest } from 'fastify';

import { html, type Html } from '../../drawing/html.ts';
import { freshFor, mayDo, type Action } from '../../people/roles/index.ts';
import { personOf } from '../gate/actor.ts';
import type { PeopleDeps } from '../gate/deps.ts';
import { shownAgainWords } from '../gate/kept.ts';
import { field, fieldsOf } from '../pages/forms.ts';
import type { Site } from '../pages/layout.ts';
import { answerProblem } from '../people/faults.ts';
import { problems } from '../problems.ts';
import { dutyRefusal, ownerOf, partOf } from './answer.ts';

/** What every page of duties is made with. */
export interface PageParts {
  readonly people: PeopleDeps;
  readonly site: Site;
}

/** Does what a form wants and leads on to a page; what is refused is told on the page that the form was on. A form that comes back from a sign-in is only shown. */
export async function orTold(request: FastifyRequest, reply: FastifyReply, work: () => Promise<string>, show: (fault: string) => Promise<FastifyReply>): Promise<FastifyReply> {
  if (request.shownAgain) return await show(shownAgainWords);
  try {
    const to = await work();
    return await reply.redirect(to, 303);
  } catch (error) {
    const refusal = dutyRefusal(error);
    if (refusal === null) throw error;
    const { name, extras } = refusal;
    if (name === 'unknownObject') return answerProblem(request, reply, name, extras);
    reply.code(problems[name].status);
    return await show(extras.detail ?? problems[name].mend);
  }
}

/** What was typed into a form that was not taken, to be shown again; `of`: only into the form of that item, where a page has several. */
export type Typed = (name: string, of?: string) => string;

/** Reads it from the request whose form is told of; of a page that is only looked at it is empty. */
export function typedOf(request: FastifyRequest): Typed {
  const { item, id } = request.params as { readonly item?: string; readonly id?: string };
  return (name, of) => (request.method === 'POST' && (of === undefined || of === (item ?? id)) ? field(fieldsOf(request), name, 20_000) : '');
}

/** Whether the table lets this person do it here; also where all factors must be shown again first. */
export function may(request: FastifyRequest, action: Action): boolean {
  const { owner, ori } = request.params as { readonly owner?: string; readonly ori?: string };
  const scope = owner !== undefined ? { kind: 'owner', owner: ownerOf(request) } as const : ori !== undefined ? { kind: 'agency', ori: partOf(request, 'ori') } as const : null;
  const found = mayDo(personOf(request), action, scope, Date.now());
  return found.ok || found.why === 'stale';
}

/** Says, where the last sign-in is too old for what a form does, that it will be asked for. */
export function freshHint(request: FastifyRequest, to: string): Html | null {
  const { shownAt } = personOf(request);
  const left = shownAt === null ? 0 : shownAt + freshFor - Date.now();
  return left > 60_000 ? null : html`<p class="card warn">This needs a sign-in of the last five minutes. <a href="/again?to=${encodeURIComponent(to)}">Show all factors again</a> now, or when you are asked: what you filled in comes back then.</p>`;
}
