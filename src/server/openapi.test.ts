import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterEach, describe, expect, it } from 'vitest';

import { decode, formatOf } from '../wire/index.ts';
import { call } from './testing/call.ts';
import { agency, startTest, stopAll, testDeps, ticket } from './testing/server.ts';

afterEach(stopAll);

interface Media { readonly schema?: Schema; readonly example?: unknown; readonly examples?: Record<string, { readonly value: unknown }> }
type Schema = Record<string, unknown>;
interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly description?: string; readonly schema: Schema; readonly required: boolean; readonly example?: unknown }[];
  readonly requestBody?: { readonly content: Record<string, Media> };
  readonly responses: Record<string, { readonly description: string; readonly content?: Record<string, Media> }>;
}
interface Document {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string };
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly schemas: Record<string, Schema>; readonly securitySchemes: object };
  readonly security: readonly object[];
}

async function read(): Promise<{ readonly document: Document; readonly url: string; readonly operations: readonly (readonly [string, Operation])[] }> {
  const { url } = await startTest(testDeps());
  const answer = await call(`${url}/openapi.json`);
  expect(answer.headers['content-type']).toMatch(/^application\/json/);
  const document = JSON.parse(answer.body) as Document;
  const operations = Object.entries(document.paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => [`${method} ${path}`, operation] as const));
  return { document, url, operations };
}

describe('/openapi.json', () => {
  it('is OpenAPI 3.1 and describes every route for programs', async () => {
    const { document, operations } = await read();
    expect(document.openapi).toBe('3.1.0');
    expect(document.info).toMatchObject({ title: 'Weir', version: '0.0.0-test' });
    expect(operations.map(([name]) => name)).toEqual([
      'post /v1/inquiries', 'get /v1/tickets/{id}', 'get /v1/registry/agencies/{ori}', 'get /v1/owners', 'get /v1/vocabulary', 'get /v1/policies/{owner}', 'get /v1/policies/{owner}/page', 'get /v1/policies/{owner}/export',
      'get /v1/policies/{owner}/claims', 'get /v1/policies/{owner}/access', 'get /v1/policies/{owner}/paths', 'get /healthz', 'get /readyz', 'get /metrics', 'get /log', 'get /log/{name}/checkpoint', 'get /log/{name}/cosigned', 'get /log/{name}/tile/{*}', 'get /log/policy',
      'get /log/{name}/proof/{index}', 'get /v1/entries/{log}/{index}/opening', 'get /openapi.json',
      'post /v1/policy/check', 'post /v1/policies/{owner}/ask', 'post /v1/policies/{owner}/prove', 'post /v1/policies/{owner}/diff',
    ]);
    expect(document.security).toContainEqual({ mutualTls: [] });
  });

  it('says of each what it is, what comes back and what can go wrong', async () => {
    const { operations } = await read();
    expect(new Set(operations.map(([, { operationId }]) => operationId)).size).toBe(operations.length);
    for (const [name, operation] of operations) {
      expect(operation.summary, name).toMatch(/^[A-Z].+[^.]$/);
      expect(operation.description, name).toMatch(/\.$/);
      expect(operation.tags, name).toHaveLength(1);
      expect(Object.keys(operation.responses), name).toEqual(expect.arrayContaining(['200', '500']));
      for (const [status, response] of Object.entries(operation.responses)) {
        expect(response.description, `${name} ${status}`).toMatch(/^[A-Z]/);
        if (status !== '200') expect(Object.keys(response.content ?? {}), `${name} ${status}`).toContain('application/problem+json');
      }
      for (const parameter of operation.parameters ?? []) expect(parameter.description, `${name} ${parameter.name}`).toBeDefined();
      const inPath = [...name.matchAll(/\{([\w*]+)\}/g)].map(([, parameter]) => parameter);
      expect((operation.parameters ?? []).filter((parameter) => parameter.in === 'path').map((parameter) => parameter.name), name).toEqual(inPath);
    }
  });

  it('refers only to schemas that it has, and each of them is valid', async () => {
    const { document } = await read();
    const text = JSON.stringify(document);
    const refs = new Set([...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, ref]) => ref ?? ''));
    expect(refs).toContain('#/components/schemas/Problem');
    const ajv = compiler(document);
    for (const ref of refs) {
      expect(ref).toMatch(/^#\/components\/schemas\/\w+$/);
      expect(ajv.getSchema(`weir${ref}`), ref).toBeDefined();
    }
  });

  it('has examples that fit: of messages, which the wire reads, and of problems', async () => {
    const { document, operations } = await read();
    const ajv = compiler(document);
    const bodies = Object.entries(operations[0]?.[1].requestBody?.content ?? {});
    expect(bodies).toHaveLength(6);
    for (const [type, media] of bodies) {
      const example = media.example ?? (media.schema?.['examples'] as unknown[] | undefined)?.[0];
      const format = formatOf(type);
      expect(format).not.toBeNull();
      const decoded = decode(format!, Buffer.from(typeof example === 'string' ? example : JSON.stringify(example)));
      expect(decoded, type).toMatchObject({ ok: true, value: { key: 'DQ', requester: 'ZZ0000101' } });
      if (format === 'json') expect(ajv.validate({ $ref: 'weir#/components/schemas/Inquiry' }, example)).toBe(true);
    }
    let problems = 0;
    for (const [name, { responses }] of operations) {
      for (const { value } of Object.values(responses).flatMap(({ content }) => Object.values(content?.['application/problem+json']?.examples ?? {}))) {
        problems += 1;
        expect(ajv.validate({ $ref: 'weir#/components/schemas/Problem' }, value), name).toBe(true);
      }
    }
    expect(problems).toBeGreaterThan(15);
  });

  it('tells the truth: what the routes answer fits it', async () => {
    const { document, url, operations } = await read();
    const ajv = compiler(document);
    const paths: Record<string, string> = { id: ticket.id, ori: agency.ori, owner: 'WA', name: 'wa', log: 'wa', index: '0', '*': '0/000' };
    for (const [name, operation] of operations.filter(([one]) => one.startsWith('get '))) {
      const path = name.slice(4).replace(/\{([\w*]+)\}/g, (_whole, parameter: string) => paths[parameter] ?? '');
      const query = (operation.parameters ?? []).filter((parameter) => parameter.in === 'query' && parameter.required).map(({ name: key, example }) => `${key}=${String(example)}`).join('&');
      const { status, body, headers } = await call(`${url}${path}${query === '' ? '' : `?${query}`}`);
      expect(status, name).toBe(200);
      const [type = '', media] = Object.entries(operation.responses['200']?.content ?? {})[0] ?? [];
      expect(headers['content-type'], name).toContain(type);
      if (type === 'application/json') expect(ajv.validate(media?.schema as object, JSON.parse(body)), `${name}: ${ajv.errorsText()}`).toBe(true);
    }
    const wrong = await call(`${url}/v1/registry/agencies/lower`);
    expect(ajv.validate({ $ref: 'weir#/components/schemas/Problem' }, JSON.parse(wrong.body))).toBe(true);
  });

  it('is shown at /docs from here alone', async () => {
    const { url } = await read();
    const page = await call(`${url}/docs`);
    expect(page.status).toBe(200);
    expect(page.headers['content-security-policy']).toMatch(/default-src 'none'.*script-src 'self'/);
    expect(page.headers['content-security-policy']).not.toMatch(/https?:|unsafe-eval|script-src[^;]*unsafe/);
    const files = [...page.body.matchAll(/(?:src|href)="(\/docs[^"]*)"/g)].map(([, file]) => file ?? '');
    expect(files).toHaveLength(4);
    for (const file of files) expect((await call(`${url}${file}`)).status, file).toBe(200);
    expect(page.body).not.toMatch(/https?:\/\//);
    expect((await call(`${url}/docs/files`)).headers.location).toBe('/docs');
    expect((await call(`${url}/docs/files/json`)).headers.location).toBe('/docs');
  });
});

function compiler(document: Document): Ajv2020 {
  const ajv = new Ajv2020({ strict: false, formats: { 'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/ } });
  ajv.addSchema({ $id: 'weir', ...document });
  return ajv;
}
