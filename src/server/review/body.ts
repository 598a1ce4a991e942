import type { FastifyInstance } from 'fastify';

/** Lets the routes of a scope take JSON, up to 64 KiB; the schema of the route checks it. A route without a schema for one needs no body. */
export function takeJson(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('application/json', { parseAs: 'string', bodyLimit: 65_536 }, (_request, body, next) => {
    if (body === '') {
      next(null, null);
      return;
    }
    try {
      next(null, JSON.parse(String(body)));
    } catch {
      next(Object.assign(new Error('the body is not JSON'), { code: 'FST_ERR_CTP_INVALID_JSON_BODY', statusCode: 400 }));
    }
  });
}
