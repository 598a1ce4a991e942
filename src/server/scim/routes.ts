import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import type { Acts } from '../../people/acts/index.ts';
import {
  directoryOf, listOf, mostPerPage, project, resourceTypes, schemas, ScimError, scimErrorBody, serviceProviderConfig, type Directory, type Page, type Query, type Scim, type ScimType, type Shown,
} from '../../people/scim/index.ts';
import type { Sql } from '../../store/index.ts';
import type { Listener } from '../deps.ts';
import { tries } from '../gate/tries.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Whose secret came with a request under `/scim/v2`. */
    directory: Directory | null;
  }
}

export interface ScimRoutesDeps {
  readonly scim: Scim;
  readonly sql: Sql;
  readonly acts: Pick<Acts, 'record'>;
  readonly listener: Listener;
  /** A fault that is ours: for the log, without any part of the request. */
  readonly onFault: (error: unknown) => void;
}

const scimType = 'application/scim+json';
/** Bytes of a request. */
const mostBytes = 1_048_576;
const root = '/scim/v2';
const config = { action: 'people.provision' } as const;
type ById = { Params: { readonly id: string } };

/**
 * SCIM 2.0 (RFC 7644) under `/scim/v2`, for directories. The secret is looked up at every request, before a body is read; whatever goes wrong is answered in the words of SCIM.
 * The description is of the standard: these routes are not in the OpenAPI document.
 */
export function addScim(app: FastifyInstance, deps: ScimRoutesDeps): void {
  const { scim } = deps;
  void app.register((scope, _options, done) => {
    scope.decorateRequest('directory', null);
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser([scimType, 'application/json'], { parseAs: 'string', bodyLimit: mostBytes }, (_request, body, next) => {
      try {
        next(null, JSON.parse(String(body)));
      } catch (error) {
        next(new ScimError(400, 'invalidSyntax', 'The body is not JSON.', { cause: error }));
      }
    });
    scope.setErrorHandler((error: FastifyError | ScimError, _request, reply) => sendFault(reply, error, deps.onFault));
    addSecret(scope, deps);

    const schema = { hide: true };
    const get = (path: string, answer: (base: string, request: FastifyRequest) => object): void => {
      scope.get(`${root}${path}`, { schema, config }, (request, reply) => reply.type(scimType).send(answer(baseOf(request, deps.listener), request)));
    };
    get('/ServiceProviderConfig', serviceProviderConfig);
    get('/ResourceTypes', (base) => listOf(resourceTypes(base)));
    get('/ResourceTypes/:id', (base, request) => named(resourceTypes(base), request));
    get('/Schemas', (base) => listOf(schemas(base)));
    get('/Schemas/:id', (base, request) => named(schemas(base), request));

    for (const [path, kind] of [['/Users', scim.users], ['/Groups', scim.groups]] as const) {
      const at = (request: FastifyRequest): readonly [Directory, string] => [directoryFor(request), baseOf(request, deps.listener)];
      scope.get(`${root}${path}`, { schema, config }, async (request, reply) => {
        const [directory, base] = at(request);
        return sendPage(request, reply, await kind.list(directory, base, queryOf(request)));
      });
      scope.post(`${root}${path}`, { schema, config }, async (request, reply) => {
        const shown = await kind.create(...at(request), request.body);
        return send(request, reply.code(201).header('location', `${at(request)[1]}${path}/${shown.body.id}`), shown);
      });
      scope.get<ById>(`${root}${path}/:id`, { schema, config }, async (request, reply) => {
        const shown = await kind.read(...at(request), request.params.id);
        if (request.headers['if-none-match'] === shown.etag) return reply.code(304).header('etag', shown.etag).send();
        return send(request, reply, shown);
      });
      scope.put<ById>(`${root}${path}/:id`, { schema, config }, async (request, reply) => send(request, reply, await kind.replace(...at(request), request.params.id, request.body, ifMatch(request))));
      scope.patch<ById>(`${root}${path}/:id`, { schema, config }, async (request, reply) => send(request, reply, await kind.patch(...at(request), request.params.id, request.body, ifMatch(request))));
      scope.delete<ById>(`${root}${path}/:id`, { schema, config }, async (request, reply) => {
        await kind.remove(directoryFor(request), request.params.id, ifMatch(request));
        return reply.code(204).send();
      });
    }
    done();
  });
}

/** Who asks. An unknown or revoked secret is refused and on the record, ten times a minute of one address: more say nothing more. */
function addSecret(scope: FastifyInstance, { sql, acts }: ScimRoutesDeps): void {
  const strangers = tries(10, 60_000);
  scope.addHook('onRequest', async (request, reply) => {
    const secret = /^Bearer ([\x21-\x7e]{1,200})$/i.exec(request.headers.authorization ?? '')?.[1];
    request.directory = secret === undefined ? null : await directoryOf(sql, secret);
    if (request.directory !== null) return;
    if (secret !== undefined && strangers.take(request.ip) === null) {
      await acts.record({ act: 'tokenRefused', owner: null, who: 'nobody', result: 'refused', detail: { way: 'scim' }, words: { address: request.ip } });
    }
    reply.header('www-authenticate', 'Bearer');
    throw new ScimError(401, null, 'The secret is not that of a connected directory.');
  });
}

function directoryFor({ directory }: FastifyRequest): Directory {
  if (directory === null) throw new Error('a route of directories was reached without one');
  return directory;
}

/** The address of these routes, as the directory reached them. The host comes from the directory, and goes back to nobody else. */
function baseOf({ headers }: FastifyRequest, listener: Listener): string {
  const host = headers.host ?? '';
  return `${listener.kind === 'http' ? 'http' : 'https'}://${/^[A-Za-z0-9.:[\]-]{1,255}$/.test(host) ? host : 'localhost'}${root}`;
}

function queryOf({ query }: FastifyRequest): Query {
  const asked = query as Readonly<Record<string, unknown>>;
  return { filter: textOf(asked['filter']), startIndex: numberOf(asked['startIndex'], 1), count: numberOf(asked['count'], 100) };
}

function numberOf(value: unknown, otherwise: number): number {
  if (value === undefined) return otherwise;
  if (typeof value !== 'string' || !/^-?\d{1,9}$/.test(value)) throw new ScimError(400, 'invalidValue', 'startIndex and count are whole numbers.');
  return Number(value);
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value : null;
}

function ifMatch({ headers }: FastifyRequest): string | null {
  return headers['if-match'] ?? null;
}

function send(request: FastifyRequest, reply: FastifyReply, { body, etag }: Shown): FastifyReply {
  return reply.type(scimType).header('etag', etag).send(projected(request, body));
}

function sendPage(request: FastifyRequest, reply: FastifyReply, { resources, total, startIndex }: Page): FastifyReply {
  if (resources.length > mostPerPage) throw new Error('a page is larger than a page may be');
  return reply.type(scimType).send(listOf(resources.map((one) => projected(request, one as Readonly<Record<string, unknown>>)), total, startIndex));
}

function projected({ query }: FastifyRequest, body: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { attributes, excludedAttributes } = query as Readonly<Record<string, unknown>>;
  return project(body, textOf(attributes), textOf(excludedAttributes));
}

function named(all: readonly object[], { params }: FastifyRequest): object {
  const { id } = params as { readonly id: string };
  const found = all.find((one) => (one as { readonly id: string }).id.toLowerCase() === id.toLowerCase());
  if (found === undefined) throw new ScimError(404, null, 'There is nothing of this name.');
  return found;
}

/** Statuses of what the framework refuses before a route runs. */
const frameworkFaults: Readonly<Record<string, readonly [ScimError['status'], ScimType | null, string]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: [413, null, 'A request has at most 1 MiB.'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [415, null, 'Send application/scim+json.'],
  FST_ERR_CTP_EMPTY_TYPE: [415, null, 'Send application/scim+json.'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: [400, 'invalidSyntax', 'The length of the body is not the one that was stated.'],
  FST_ERR_CTP_EMPTY_JSON_BODY: [400, 'invalidSyntax', 'The request has no body.'],
  FST_ERR_MAX_PARAM_LENGTH: [404, null, 'There is nothing of this id.'],
};

function sendFault(reply: FastifyReply, error: FastifyError | ScimError, onFault: (error: unknown) => void): FastifyReply {
  if (error instanceof ScimError) return reply.code(error.status).type(scimType).send(scimErrorBody(error.status, error.scimType, error.message));
  const known = frameworkFaults[error.code];
  if (known !== undefined) return reply.code(known[0]).type(scimType).send(scimErrorBody(...known));
  onFault(error);
  return reply.code(500).type(scimType).send(scimErrorBody(500, null, 'The exchange failed. Nothing was answered; ask again.'));
}

