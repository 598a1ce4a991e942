import type { FastifyInstance } from 'fastify';
import { Type, type Static } from 'typebox';
import type { DataClass } from '../../vocabulary/index.ts';
import { sentencesOf, type ProofWorld } from '../../policy/index.ts';
import type { StoredVerdict } from '../../store/policies.ts';
import type { CredentialOf, EnrolmentOf } from '../credential.ts';
import type { PolicyInForce, ServerDeps } from '../deps.ts';
import { readWho } from '../proof/who.ts';
import { sendProblem } from '../send.ts';
import { enrolledOnly, operatorOnly } from './access.ts';
import { describe, type RouteFacts } from './describe.ts';
import { describedWithText, isPlain, policyText, takePolicyText } from './policyBody.ts';
import { dataClassSchema, openAnswerSchema, ownerSchema, proofSchema, verdictsSchema, worldSchema } from './policySchemas.ts';
import { answerByJob } from './proofAnswer.ts';

const params = Type.Object({ owner: ownerSchema });
type Params = Static<typeof params>;

const closed = { additionalProperties: false } as const;
const proveQuery = Type.Object({ claim: Type.Optional(Type.String({ maxLength: 40, description: 'This claim, and not all that are in force.' })) }, closed);
const accessQuery = Type.Object({
  class: Type.Optional(dataClassSchema),
  world: Type.Optional(worldSchema),
  who: Type.Optional(Type.String({ maxLength: 400, description: 'An ORI, or attributes such as `mission=immigrationEnforcement,level=federal`: words of one attribute with `|`.' })),
}, closed);
const pathsQuery = Type.Object({
  to: Type.String({ minLength: 1, maxLength: 200, description: 'An ORI, or the id of an organisation.', examples: ['ZZ0000101'] }),
  class: Type.Enum(dataClassSchema.enum, { description: 'A class of data.', examples: ['photo'] }),
  world: Type.Optional(worldSchema),
  limit: Type.Optional(Type.String({ pattern: '^(?:[1-9]|[1-4][0-9]|50)$', description: 'Ways at most, 1 to 50; 5 where it is absent.' })),
}, closed);

const always = ['badParameter', 'unknownCertificate', 'operatorsOnly', 'unknownOwner'] as const;
const slow = [...always, 'proofBusy', 'proofTooLarge'] as const;

/**
 * What is proved of a policy: who can obtain what, by which way, and whether claims hold. These tell of all agencies, so they are for
 * operators, and on the loopback demonstration for everybody. All of them but the verdicts that are kept are worked out apart from the queries.
 */
export function addProofs(app: FastifyInstance, deps: ServerDeps, credentialOf: CredentialOf, enrolmentOf: EnrolmentOf): void {
  const route = (facts: Omit<RouteFacts, 'tag' | 'params'>) => describe({ ...facts, tag: 'policies', params });
  const may = (request: Parameters<typeof operatorOnly>[2], reply: Parameters<typeof operatorOnly>[3]): boolean =>
    enrolledOnly(credentialOf, request, reply) !== null && operatorOnly(deps, enrolmentOf, request, reply);

  const claims = route({
    operationId: 'claims', summary: 'Whether the claims of an owner hold',
    description: 'The verdicts of the latest check. The claims are proved again after each change of a policy or of the registry, and when a day begins.',
    ok: { description: 'Each claim with its verdicts in both worlds and both domains.', schema: verdictsSchema }, problems: always,
  });
  app.get<{ Params: Params }>('/v1/policies/:owner/claims', { schema: claims, config: { action: 'policy.read' } }, async (request, reply) => {
    if (!may(request, reply)) return reply;
    const { owner } = request.params;
    const policy = deps.policyDesk.of(owner);
    if (policy === null) return sendProblem(request, reply, 'unknownOwner');
    return reply.send(verdictsView(owner, policy, await deps.policyDesk.verdicts(owner, policy.version)));
  });

  const access = route({
    operationId: 'access', summary: 'Who can obtain what', querystring: accessQuery,
    description: 'Every agency that can obtain a class of data, directly or by any chain, and under which condition: with counts for each class, or the agencies of one class.',
    ok: { description: 'Who, and when.', schema: openAnswerSchema('Counts and conditions; with `class` or `who`, the agencies.') }, problems: [...slow, 'unknownAgency'],
  });
  app.get<{ Params: Params; Querystring: { class?: DataClass; world?: ProofWorld; who?: string } }>('/v1/policies/:owner/access', { schema: access, config: { action: 'policy.read' } }, async (request, reply) => {
    if (!may(request, reply)) return reply;
    const { class: dataClass = null, world = 'honoured' } = request.query;
    const who = request.query.who === undefined ? null : readWho(request.query.who);
    if (who !== null && 'fault' in who) return sendProblem(request, reply, 'badParameter', { detail: `\`who\` cannot be read: ${who.fault}.` });
    return answerByJob(deps, request, reply, { kind: 'access', owner: request.params.owner, dataClass, world, who });
  });

  const paths = route({
    operationId: 'paths', summary: 'By which ways an agency can obtain data', querystring: pathsQuery,
    description: 'The shortest ways first, hop by hop, with where each connection is known from and the rules that let data pass.',
    ok: { description: 'The ways.', schema: openAnswerSchema('The ways, the shortest first.') }, problems: [...slow, 'unknownAgency'],
  });
  app.get<{ Params: Params; Querystring: { to: string; class: DataClass; world?: ProofWorld; limit?: string } }>('/v1/policies/:owner/paths', { schema: paths, config: { action: 'policy.read' } }, async (request, reply) => {
    if (!may(request, reply)) return reply;
    const { to, class: dataClass, world = 'honoured', limit = '5' } = request.query;
    return answerByJob(deps, request, reply, { kind: 'paths', owner: request.params.owner, to, dataClass, world, limit: Number(limit) });
  });

  void app.register((scope, _options, done) => {
    takePolicyText(scope);
    const proveUrl = '/v1/policies/:owner/prove';
    const prove = route({
      operationId: 'prove', summary: 'Prove the claims of a policy', querystring: proveQuery,
      description: 'The body is a draft, whose claims are proved as if it were in force; without a body, those of the policy in force are. Nothing is kept. '
        + 'Each failing claim comes with a request and the way the data then goes, and with the least that would mend it.',
      ok: { description: 'What was proved, and of what.', schema: proofSchema },
      problems: [...slow, 'unknownClaim', 'unsoundPolicy', 'otherOwner', 'bodyTooLarge', 'unsupportedMediaType'],
    });
    scope.post<{ Params: Params; Querystring: { claim?: string } }>(proveUrl, describedWithText(prove, proveUrl, 'policy.read'), async (request, reply) => {
      if (!may(request, reply)) return reply;
      if (!isPlain(request)) return sendProblem(request, reply, 'unsupportedMediaType');
      return answerByJob(deps, request, reply, { kind: 'prove', owner: request.params.owner, draft: policyText(request), claim: request.query.claim ?? null });
    });

    const diffUrl = '/v1/policies/:owner/diff';
    const diff = route({
      operationId: 'diff', summary: 'What a draft would change', description: 'The body is a draft. Who would gain and who would lose, in words and counts, with example requests. Nothing is kept.',
      ok: { description: 'The difference from the policy in force.', schema: openAnswerSchema('Who gains, who loses.') },
      problems: [...slow, 'emptyBody', 'unsoundPolicy', 'otherOwner', 'bodyTooLarge', 'unsupportedMediaType'],
    });
    scope.post<{ Params: Params }>(diffUrl, describedWithText(diff, diffUrl, 'policy.read'), async (request, reply) => {
      if (!may(request, reply)) return reply;
      if (!isPlain(request)) return sendProblem(request, reply, 'unsupportedMediaType');
      const draft = policyText(request);
      return draft === null ? sendProblem(request, reply, 'emptyBody') : answerByJob(deps, request, reply, { kind: 'diff', owner: request.params.owner, draft });
    });
    done();
  });
}

function verdictsView(owner: string, policy: PolicyInForce, verdicts: readonly StoredVerdict[]): Static<typeof verdictsSchema> {
  const sentences = new Map(sentencesOf(policy.document).map(({ item, sentence }) => [item.id, sentence]));
  return {
    owner, policy: { version: policy.version, hash: policy.hash },
    checkedAt: verdicts[0]?.checkedAt.toISOString() ?? null,
    registryVersion: verdicts[0]?.registryVersion ?? null,
    claims: policy.document.claims.map(({ id }) => {
      const own = verdicts.filter(({ claim }) => claim === id);
      const deciding = own.find(({ decides }) => decides);
      return {
        id, sentence: sentences.get(id) ?? '', holds: deciding === undefined ? null : deciding.holds === true,
        verdicts: own.map(({ world, domain, decides, holds, count, names, asker, sentence }) => ({ world, domain, decides, holds, count, names: [...names], asker, sentence })),
      };
    }),
  };
}
