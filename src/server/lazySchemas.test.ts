import { fastify } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';

import { buildServer } from './app.ts';
import type { Listener } from './deps.ts';
import { lazySchemas } from './lazySchemas.ts';
import { testAuthority } from './testing/certificates.ts';
import { testPeople } from './testing/people.ts';
import { stopAll, testDeps } from './testing/server.ts';

afterEach(stopAll);

const number = { type: 'object', properties: { n: { type: 'integer', minimum: 1 } }, required: ['n'], additionalProperties: false } as const;

function small(schemas = lazySchemas()) {
  const app = fastify({ schemaController: { compilersFactory: schemas.compilersFactory }, ajv: { customOptions: { coerceTypes: false, removeAdditional: false, useDefaults: false } } });
  app.addSchema({ $id: 'Number', ...number });
  app.post('/n', { schema: { body: { $ref: 'Number#' }, response: { 200: { $ref: 'Number#' } } } }, (request, reply) => reply.send({ ...(request.body as object), secret: 'x' }));
  app.get('/bad', { schema: { response: { 200: { type: 'object', properties: { a: { $ref: 'Nothing#' } } } } } }, (_request, reply) => reply.send({ a: 1 }));
  app.post('/wrong', { schema: { body: { type: 'nothing' } } }, (_request, reply) => reply.send({}));
  return { app, schemas };
}

describe('schemas that are compiled when they are first used', () => {
  it('check what comes in and drop what is not said of what goes out, from the first request on', async () => {
    const { app } = small();
    for (const payload of [{ n: 0 }, { n: '1' }, {}, { n: 1, m: 2 }, [], 'text', null]) {
      const refused = await app.inject({ method: 'POST', url: '/n', headers: { 'content-type': 'application/json' }, payload: JSON.stringify(payload) });
      expect(refused.statusCode, JSON.stringify(payload)).toBe(400);
      expect((JSON.parse(refused.body) as { code: string }).code).toBe('FST_ERR_VALIDATION');
    }
    const taken = await app.inject({ method: 'POST', url: '/n', payload: { n: 1 } });
    expect([taken.statusCode, taken.body]).toEqual([200, '{"n":1}']);
  });

  it('fail only their own route where they cannot be compiled, each time, and let nothing through', async () => {
    const { app, schemas } = small();
    for (let i = 0; i < 2; i += 1) {
      expect((await app.inject('/bad')).statusCode).toBe(500);
      expect((await app.inject({ method: 'POST', url: '/wrong', payload: { a: 1 } })).statusCode).toBe(500);
    }
    expect((await app.inject({ method: 'POST', url: '/n', payload: { n: 1 } })).statusCode).toBe(200);
    expect(() => small(schemas)).not.toThrow();
  });

  it('tell by `compileAll` that one of them cannot be', async () => {
    const { app, schemas } = small();
    await app.ready();
    expect(() => schemas.compileAll()).toThrow();
  });

  it('can all be compiled, on every listener', async () => {
    const authority = await testAuthority('test');
    const { key, cert } = await authority.issue('localhost', 'server');
    const people = testPeople([]);
    const listeners: readonly Listener[] = [{ kind: 'http' }, { kind: 'people', key, cert }, { kind: 'public' }, { kind: 'mtls', key, cert, ca: [authority.cert] }];
    for (const listener of listeners) {
      const app = buildServer(testDeps({ people, listener, mode: listener.kind === 'people' ? 'production' : 'demonstration' }));
      await app.ready();
      expect(() => app.compileSchemas(), listener.kind).not.toThrow();
      await app.close();
    }
  });
});
