import { enterpriseSchema, groupKind, groupSchema, justiceSchema, userKind, userSchema, type ResourceKind, type Schema } from './schema.ts';

/** How many resources a page holds at most. */
export const mostPerPage = 200;

/** `/ServiceProviderConfig` (RFC 7643 section 5): what is done here, and what is not. */
export function serviceProviderConfig(base: string): object {
  const no = { supported: false };
  return {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig'],
    patch: { supported: true }, bulk: { ...no, maxOperations: 0, maxPayloadSize: 0 }, filter: { supported: true, maxResults: mostPerPage }, changePassword: no, sort: no, etag: { supported: true },
    authenticationSchemes: [{ type: 'oauthbearertoken', name: 'Bearer secret', description: 'The secret that `weir directory add` printed once.', primary: true }],
    meta: { resourceType: 'ServiceProviderConfig', location: `${base}/ServiceProviderConfig` },
  };
}

/** `/ResourceTypes`. */
export function resourceTypes(base: string): readonly object[] {
  return [userKind, groupKind].map((kind) => resourceType(kind, base));
}

/** `/Schemas`. */
export function schemas(base: string): readonly object[] {
  return [userSchema, groupSchema, enterpriseSchema, justiceSchema].map((schema) => schemaOf(schema, base));
}

/** A `ListResponse` (RFC 7644 section 3.4.2). `startIndex` counts from one. */
export function listOf(resources: readonly object[], total = resources.length, startIndex = 1): object {
  return { schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'], totalResults: total, startIndex, itemsPerPage: resources.length, Resources: resources };
}

function resourceType({ name, endpoint, core, extensions }: ResourceKind, base: string): object {
  return {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:ResourceType'], id: name, name, endpoint, description: core.description, schema: core.id,
    schemaExtensions: extensions.map(({ id }) => ({ schema: id, required: false })), meta: { resourceType: 'ResourceType', location: `${base}/ResourceTypes/${name}` },
  };
}

function schemaOf(schema: Schema, base: string): object {
  return { schemas: ['urn:ietf:params:scim:schemas:core:2.0:Schema'], ...schema, meta: { resourceType: 'Schema', location: `${base}/Schemas/${schema.id}` } };
}
