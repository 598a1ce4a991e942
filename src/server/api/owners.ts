import type { FastifyInstance } from 'fastify';

import { jurisdictionName } from '../../vocabulary/index.ts';
import type { CredentialOf } from '../credential.ts';
import type { ServerDeps } from '../deps.ts';
import { enrolledOnly } from './access.ts';
import { describe } from './describe.ts';
import { ownersSchema } from './schemas.ts';

/** `GET /v1/owners`: who takes part, and under which version of a policy. */
export function addOwners(app: FastifyInstance, deps: ServerDeps, credentialOf: CredentialOf): void {
  const schema = describe({
    operationId: 'owners', tag: 'registry', summary: 'The owners that take part',
    description: 'In alphabetical order, each with the version and hash of the policy in force.',
    ok: { description: 'The owners.', schema: ownersSchema },
    problems: ['unknownCertificate'],
  });
  app.get('/v1/owners', { schema, config: { action: 'policy.read' } }, (request, reply) => {
    if (enrolledOnly(credentialOf, request, reply) === null) return;
    const owners = deps.policies.owners.map((owner) => {
      const policy = deps.policies.of(owner);
      return { owner, name: jurisdictionName(owner), policy: policy === null ? null : { version: policy.version, hash: policy.hash } };
    });
    reply.send({ owners });
  });
}
