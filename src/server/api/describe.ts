import type { FastifySchema } from 'fastify';
import type { TSchema } from 'typebox';

import { problemContentType, problemOf } from '../problem.ts';
import { problems, type ProblemName } from '../problems.ts';

/** What is said of one route: what validates, what is answered, and what can go wrong. */
export interface RouteFacts {
  readonly operationId: string;
  readonly tag: 'queries' | 'registry' | 'policies' | 'status' | 'people' | 'changes' | 'review' | 'duties' | 'residents';
  readonly summary: string;
  readonly description: string;
  readonly params?: TSchema;
  readonly querystring?: TSchema;
  readonly body?: TSchema;
  readonly ok: { readonly description: string; readonly schema: TSchema; /** JSON where it is left out. */ readonly type?: string };
  readonly problems: readonly ProblemName[];
}

/** The schema of a route, for the validator, the serialiser and the OpenAPI document alike. */
export function describe(facts: RouteFacts): FastifySchema & Record<string, unknown> {
  const { description, schema, type = 'application/json' } = facts.ok;
  return {
    operationId: facts.operationId,
    tags: [facts.tag],
    summary: facts.summary,
    description: facts.description,
    ...(facts.params === undefined ? {} : { params: facts.params }),
    ...(facts.querystring === undefined ? {} : { querystring: facts.querystring }),
    ...(facts.body === undefined ? {} : { body: facts.body }),
    response: { 200: { description, content: { [type]: { schema } } }, ...problemResponses([...facts.problems, 'internal']) },
  };
}

/** One response for each status, with an example for each problem that has it. */
export function problemResponses(names: readonly ProblemName[]): Record<string, ProblemResponse> {
  const responses: Record<string, ProblemResponse> = {};
  for (const name of names) {
    const { status, title } = problems[name];
    const known = responses[status];
    const examples = { ...known?.content[problemContentType].examples, [name]: { value: problemOf(name, '5f1c0a9be2d4-1') } };
    responses[status] = {
      description: known === undefined ? title : `${known.description}; or ${title.charAt(0).toLowerCase()}${title.slice(1)}`,
      content: { [problemContentType]: { schema: { $ref: 'Problem#' }, examples } },
    };
  }
  return responses;
}

export interface ProblemResponse {
  readonly description: string;
  readonly content: { readonly [problemContentType]: { readonly schema: { readonly $ref: string }; readonly examples: Readonly<Record<string, { readonly value: unknown }>> } };
}
