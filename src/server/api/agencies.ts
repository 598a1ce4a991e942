import type { FastifyInstance } from 'fastify';
import { Type, type Static } from 'typebox';

import type { CredentialOf } from '../credential.ts';
import type { ServerDeps } from '../deps.ts';
import { sendProblem } from '../send.ts';
import { enrolledOnly } from './access.ts';
import { describe } from './describe.ts';
import { agencySchema, oriSchema } from './schemas.ts';

const params = Type.Object({ ori: oriSchema });

/** `GET /v1/registry/agencies/:ori`: the directory's facts, and not what policies read of an agency. */
export function addAgencies(app: FastifyInstance, deps: ServerDeps, credentialOf: CredentialOf): void {
  const schema = describe({
    operationId: 'agency', tag: 'registry', summary: 'An agency by its ORI', params,
    description: 'Directory facts only, from the registry version that is in force.',
    ok: { description: 'The agency.', schema: agencySchema },
    problems: ['badParameter', 'unknownCertificate', 'unknownAgency'],
  });
  app.get<{ Params: Static<typeof params> }>('/v1/registry/agencies/:ori', { schema, config: { action: 'registry.read' } }, (request, reply) => {
    if (enrolledOnly(credentialOf, request, reply) === null) return;
    const registry = deps.registry.current();
    const [entry] = registry.directory({ kind: 'ori', ori: request.params.ori }, 1).entries;
    if (entry === undefined) return void sendProblem(request, reply, 'unknownAgency');
    reply.send({ ...entry, registry: { version: registry.version, hash: registry.hash } });
  });
}
