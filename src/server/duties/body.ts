import type { FastifyInstance } from 'fastify';

/** The text of a certification has at most 20,000 characters, each of which may be written as six bytes of JSON. */
const bodyLimit = 160 * 1024;

/** Takes JSON; the schema of the route checks it. Where a route has no schema for a body, none is needed. */
export function takeDutyBodies(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('application/json', { parseAs: 'string', bodyLimit }, (_request, body, next) => {
    try {
      next(null, body === '' ? null : JSON.parse(String(body)));
    } catch {
      next(Object.assign(new Error('the body is not JSON'), { code: 'FST_ERR_CTP_INVALID_JSON_BODY', statusCode: 400 }));
    }
  });
}
