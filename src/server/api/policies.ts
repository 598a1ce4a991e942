import type { FastifyInstance } from 'fastify';
import { Type, type Static } from 'typebox';
import { allDataClasses } from '../../vocabulary/index.ts';
import { sentencesOf, toSource } from '../../policy/index.ts';
import type { CredentialOf, EnrolmentOf } from '../credential.ts';
import type { ServerDeps } from '../deps.ts';
import { attributesOf } from '../proof/attributes.ts';
import { exportForms, type ExportForm, type Question } from '../proof/job.ts';
import { sendProblem } from '../send.ts';
import { enrolledOnly, mayReadOfAll } from './access.ts';
import { describe } from './describe.ts';
import { describedWithText, isPlain, policyText, takePolicyText, takeQuestion } from './policyBody.ts';
import { findingsSchema, openAnswerSchema, ownerSchema, pageSchema, policySchema, questionSchema } from './policySchemas.ts';
import { answerByJob } from './proofAnswer.ts';

const params = Type.Object({ owner: ownerSchema });
type Params = Static<typeof params>;

const exportQuery = Type.Object({
  as: Type.Enum(Object.keys(exportForms), { description: 'In what form.', examples: ['cedar'] }),
  claim: Type.Optional(Type.String({ maxLength: 40, description: 'With `smtlib`: this claim, and not all of them.' })),
}, { additionalProperties: false });

/** What an owner decided: the document, in words, as a page and for other engines, and what it says to one question. */
export function addPolicies(app: FastifyInstance, deps: ServerDeps, credentialOf: CredentialOf, enrolmentOf: EnrolmentOf): void {
  addCheck(app, deps, credentialOf);
  addDocument(app, deps, credentialOf);
  addAsk(app, deps, credentialOf, enrolmentOf);
}

/** `POST /v1/policy/check`. */
function addCheck(app: FastifyInstance, deps: ServerDeps, credentialOf: CredentialOf): void {
  const schema = describe({
    operationId: 'checkPolicy', tag: 'policies', summary: 'Check a policy text',
    description: 'Every finding with its place and mend, as `weir policy check` tells them. Nothing is kept.',
    ok: { description: 'The findings, be the policy sound or not.', schema: findingsSchema },
    problems: ['emptyBody', 'unknownCertificate', 'bodyTooLarge', 'unsupportedMediaType', 'proofBusy', 'proofTooLarge'],
  });
  const url = '/v1/policy/check';
  void app.register((scope, _options, done) => {
    takePolicyText(scope);
    scope.post(url, describedWithText(schema, url, 'policy.read'), async (request, reply) => {
      if (enrolledOnly(credentialOf, request, reply) === null) return reply;
      if (!isPlain(request)) return sendProblem(request, reply, 'unsupportedMediaType');
      const text = policyText(request);
      return text === null ? sendProblem(request, reply, 'emptyBody') : answerByJob(deps, request, reply, { kind: 'check', text });
    });
    done();
  });
}

/** `GET /v1/policies/:owner`, its page and its exports. */
function addDocument(app: FastifyInstance, deps: ServerDeps, credentialOf: CredentialOf): void {
  const document = describe({
    operationId: 'policy', tag: 'policies', summary: 'The policy of an owner in force', params,
    description: 'The document, every item of it as a sentence, and the hashes that stand in journal entries.',
    ok: { description: 'The policy.', schema: policySchema }, problems: ['badParameter', 'unknownCertificate', 'unknownOwner'],
  });
  app.get<{ Params: Params }>('/v1/policies/:owner', { schema: document, config: { action: 'policy.read' } }, async (request, reply) => {
    if (enrolledOnly(credentialOf, request, reply) === null) return reply;
    const { owner } = request.params;
    const policy = deps.policyDesk.of(owner);
    if (policy === null) return sendProblem(request, reply, 'unknownOwner');
    const override = await deps.policyDesk.override(owner, policy.version);
    return reply.send({
      owner, version: policy.version, hash: policy.hash, table: policy.table().hash, document: toSource(policy.document),
      sentences: sentencesOf(policy.document).map(({ item, sentence }) => ({ id: item.id, sentence })),
      override: override === null ? null : { claims: override.claims, reason: override.reason, by: override.by, at: override.at.toISOString(), recordedAt: override.recordedAt?.toISOString() ?? null },
    });
  });

  const page = describe({
    operationId: 'policyPage', tag: 'policies', summary: 'The policy as one page', params,
    description: 'Groups of agencies by classes of data: each cell says when the data is given, and by which rules. Over the registry in force.',
    ok: { description: 'The page.', schema: pageSchema }, problems: ['badParameter', 'unknownCertificate', 'unknownOwner', 'proofBusy', 'proofTooLarge'],
  });
  app.get<{ Params: Params }>('/v1/policies/:owner/page', { schema: page, config: { action: 'policy.read' } }, async (request, reply) => {
    if (enrolledOnly(credentialOf, request, reply) === null) return reply;
    return answerByJob(deps, request, reply, { kind: 'page', owner: request.params.owner });
  });

  const exported = describe({
    operationId: 'exportPolicy', tag: 'policies', summary: 'The policy for another engine', params, querystring: exportQuery,
    description: 'As YAML, canonical JSON or sentences; as Cedar policies with their schema; or its claims as SMT-LIB, for a solver.',
    ok: { description: 'The text.', schema: Type.String(), type: 'text/plain' }, problems: ['badParameter', 'unknownCertificate', 'unknownOwner', 'unknownClaim', 'proofBusy', 'proofTooLarge'],
  });
  app.get<{ Params: Params; Querystring: { as: ExportForm; claim?: string } }>('/v1/policies/:owner/export', { schema: exported, config: { action: 'policy.read' } }, async (request, reply) => {
    if (enrolledOnly(credentialOf, request, reply) === null) return reply;
    const { as, claim = null } = request.query;
    return answerByJob(deps, request, reply, { kind: 'export', owner: request.params.owner, as, claim });
  });
}

/** `POST /v1/policies/:owner/ask`. */
function addAsk(app: FastifyInstance, deps: ServerDeps, credentialOf: CredentialOf, enrolmentOf: EnrolmentOf): void {
  const schema = describe({
    operationId: 'askPolicy', tag: 'policies', summary: 'What the policy says to one question', params, body: questionSchema,
    description: 'May this agency have these classes of data, for this purpose, on these papers? By the rules alone: no record is read and nothing is recorded. '
      + 'A certificate may ask for its own ORIs, or for attributes; that of an operator for any.',
    ok: { description: 'The outcome of each class, the rules, and what would change it.', schema: openAnswerSchema('The decision, in words and as data.') },
    problems: ['badParameter', 'badBody', 'unknownCertificate', 'operatorsOnly', 'unknownOwner', 'unknownAgency', 'bodyTooLarge', 'unsupportedMediaType', 'proofBusy', 'proofTooLarge'],
  });
  void app.register((scope, _options, done) => {
    takeQuestion(scope);
    scope.post<{ Params: Params; Body: Asked }>('/v1/policies/:owner/ask', { schema, config: { action: 'policy.read' } }, async (request, reply) => {
      const credential = enrolledOnly(credentialOf, request, reply);
      if (credential === null) return reply;
      const question = questionOf(request.body);
      if (question === null) return sendProblem(request, reply, 'badBody');
      const own = typeof question.asker !== 'string' || credential.oris?.has(question.asker) !== false;
      if (!own && !mayReadOfAll(deps, enrolmentOf, request)) return sendProblem(request, reply, 'operatorsOnly');
      return answerByJob(deps, request, reply, { kind: 'ask', owner: request.params.owner, question });
    });
    done();
  });
}

/** A body of the form of `questionSchema`, which has been checked. */
type Asked = Partial<Omit<Question, 'asker'>> & { readonly as?: string; readonly attributes?: object };

/** Null where neither or both of `as` and `attributes` are given, or the attributes are none that an agency can have. */
function questionOf({ as, attributes, classes, ...rest }: Asked): Question | null {
  if ((as === undefined) === (attributes === undefined)) return null;
  const asker = as ?? attributesOf(attributes ?? {});
  if (asker === null) return null;
  return { asker, classes: classes ?? allDataClasses, purpose: 'notStated', warrant: 'none', court: 'notStated', caseNumber: 'none', query: 'lookup', ...rest };
}
