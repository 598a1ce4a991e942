import type { Action } from '../../people/roles/index.ts';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { caps } from '../../policy/index.ts';

/** The types in which a policy text comes. */
export const policyTypes = ['application/yaml', 'application/x-yaml', 'text/yaml', 'text/plain', 'application/json'] as const;

/** The largest question that is asked in JSON. */
const questionLimit = 64 * 1024;

/** Takes the body as text: what is in it, the policy room reads, once, and apart from the queries. */
export function takePolicyText(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser([...policyTypes], { parseAs: 'string', bodyLimit: caps.bytes }, (_request, body, next) => next(null, body));
}

/** Takes a question in JSON; the schema of the route checks it. */
export function takeQuestion(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('application/json', { parseAs: 'string', bodyLimit: questionLimit }, (_request, body, next) => {
    try {
      next(null, JSON.parse(String(body)));
    } catch {
      next(Object.assign(new Error('the body is not JSON'), { code: 'FST_ERR_CTP_INVALID_JSON_BODY', statusCode: 400 }));
    }
  });
}

/** The text of a policy in the body; null where there is none. */
export function policyText(request: FastifyRequest): string | null {
  return typeof request.body === 'string' && request.body !== '' ? request.body : null;
}

/** False for a content coding, which is not undone here. */
export function isPlain({ headers }: FastifyRequest): boolean {
  const coding = headers['content-encoding'];
  return coding === undefined || coding === 'identity';
}

/** How a route that takes a policy text is described. It has no schema that validates: the policy room reads the text, and says what is wrong with it. */
export function describedWithText<S extends object>(schema: S, url: string, action: Action): { schema: S; config: { action: Action; swaggerTransform: () => { schema: S; url: string } } } {
  const body = { content: Object.fromEntries(policyTypes.map((type) => [type, { schema: { type: 'string', description: 'A policy as YAML or JSON.' } }])) };
  return { schema, config: { action, swaggerTransform: () => ({ schema: { ...schema, body }, url }) } };
}
