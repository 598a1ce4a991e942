import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';

import { documentationPage, documentationScript, documentationStyle } from '../pages/documentation.ts';
import type { Site } from '../pages/layout.ts';
import { pagePolicy, scriptPolicy } from '../pages/policies.ts';
import { describe } from './describe.ts';
import { openapiSchema } from './schemas.ts';

/** `GET /openapi.json`, and `GET /docs`, which shows it: all files come from here, and the page asks no other host for anything. */
export function addDocumentation(app: FastifyInstance, site: Site): void {
  const schema = describe({
    operationId: 'openapi', tag: 'status', summary: 'This description', description: 'OpenAPI 3.1, made from the schemas that validate.',
    ok: { description: 'The document.', schema: openapiSchema }, problems: [],
  });
  let document: string | null = null;
  app.get('/openapi.json', { schema, config: { action: 'site.read' } }, (_request, reply) => {
    document ??= JSON.stringify(queriesFirst(app.swagger()));
    return reply.header('content-type', 'application/json; charset=utf-8').send(document);
  });
  app.get('/docs', { config: { action: 'site.read' } }, (_request, reply) => reply
    .header('content-security-policy', scriptPolicy)
    .header('content-type', 'text/html; charset=utf-8')
    .send(documentationPage(site)));
  app.get('/docs/page.css', { config: { action: 'site.read' } }, (_request, reply) => reply.header('content-type', 'text/css; charset=utf-8').send(documentationStyle));
  app.get('/docs/start.js', { config: { action: 'site.read' } }, (_request, reply) => reply.header('content-type', 'text/javascript; charset=utf-8').send(documentationScript));
  void app.register(swaggerUi, {
    routePrefix: '/docs/files',
    staticCSP: pagePolicy,
    // The page that the package makes by itself is not ours: whoever finds it is sent to the page above.
    uiHooks: { onRequest: (_request, reply) => void reply.redirect('/docs') },
  });
}

/** Routes are described in the order in which they were added; what most readers come for goes first. */
function queriesFirst<D extends { readonly paths?: object }>(document: D): D {
  const paths = { ...document.paths } as Record<string, unknown>;
  return { ...document, paths: { '/v1/inquiries': paths['/v1/inquiries'], ...paths } };
}
