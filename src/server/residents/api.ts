import type { FastifyInstance } from 'fastify';
import { Type, type Static } from 'typebox';

import { describe } from '../api/describe.ts';
import { ownerSchema } from '../api/policySchemas.ts';
import { actorOf } from '../gate/actor.ts';
import type { PeopleDeps } from '../gate/deps.ts';
import { told } from './faults.ts';

const closed = { additionalProperties: false } as const;
const text = (maxLength: number): ReturnType<typeof Type.String> => Type.String({ maxLength });
const numberParam = Type.String({ pattern: '^R-[0-9A-Z]{10}$', description: 'The number of the request.', examples: ['R-7Q4M0K2X9D'] });
const day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' });
const request = Type.Object({
  number: Type.String(), owner: Type.String(), state: Type.String({ examples: ['proofing'] }), askedAt: Type.String(), dueAt: Type.String(), from: Type.String(), to: Type.String(), entries: Type.Union([Type.Integer(), Type.Null()]),
  readUntil: Type.Union([Type.String({ description: 'RFC 3339.' }), Type.Null()], { description: 'The instant at which the report is erased; null where none was made.' }),
  steps: Type.Array(Type.Object({ id: Type.String(), plain: Type.String(), by: Type.String(), done: Type.Boolean(), doneAt: Type.Union([Type.String(), Type.Null()]) })),
});
const given = Type.Object({
  licences: Type.Optional(Type.Array(text(40), { maxItems: 5 })),
  plates: Type.Optional(Type.Array(Type.Object({ plate: text(20), types: Type.Optional(Type.Array(text(4), { maxItems: 5 })) }, closed), { maxItems: 5 })),
  vins: Type.Optional(Type.Array(Type.Object({ vin: text(40), make: Type.Optional(text(20)), year: Type.Optional(text(4)) }, closed), { maxItems: 5 })),
  people: Type.Optional(Type.Array(Type.Object({ name: Type.Object({ surname: text(60), given: text(60), middle: Type.Optional(text(60)) }, closed), birthDate: day }, closed), { maxItems: 5 })),
}, closed);
const asking = Type.Object({ given, from: day, to: day, contact: Type.Optional(text(500)) }, closed);
const answering = Type.Object({ answer: Type.Optional(text(500)) }, closed);
const confirming = Type.Object({ confirmed: Type.Boolean(), note: Type.String({ minLength: 1, maxLength: 1_000 }) }, closed);
const ownerOnly = Type.Object({ owner: ownerSchema });
const ownerAndNumber = Type.Object({ owner: ownerSchema, number: numberParam });
const numberOnly = Type.Object({ number: numberParam });
const numberAndStep = Type.Object({ number: numberParam, step: text(40) });
const ownerNumberStep = Type.Object({ owner: ownerSchema, number: numberParam, step: text(40) });
const forms = { json: 'application/json', letter: 'text/plain', page: 'text/html' } as const;

/** The interface of residents' requests. A resident shows the secret in the header `weir-secret`, so that it stands in no address. */
export function addResidentsApi(app: FastifyInstance, { residents }: PeopleDeps): void {
  const tag = 'residents' as const;
  void app.register((scope, _options, done) => {
    scope.addContentTypeParser('application/json', { parseAs: 'string', bodyLimit: 16_384 }, scope.getDefaultJsonParser('error', 'error'));
    scope.post<{ Params: Static<typeof ownerOnly>; Body: Static<typeof asking> }>('/v1/owners/:owner/resident-requests', {
      config: { action: 'resident.ask' },
      schema: describe({
        operationId: 'askWhoLookedMeUp', tag, summary: 'Ask who looked me up', params: ownerOnly, body: asking, description: 'The secret in the answer is shown once: with the number it is the way to go on.',
        ok: { description: 'The request, and its secret.', schema: Type.Object({ request, secret: Type.String() }) }, problems: ['badParameter', 'badBody', 'fieldWrong', 'unsupportedMediaType', 'bodyTooLarge', 'tooManyTries'],
      }),
    }, (asked, reply) => told(asked, reply, () => {
      const { given: what, from, to, contact } = asked.body;
      return residents.ask(asked.params.owner, what as never, { from, to }, contact ?? null);
    }));
    scope.post<{ Params: Static<typeof numberAndStep>; Body: Static<typeof answering> }>('/v1/resident-requests/:number/steps/:step', {
      config: { action: 'resident.own' },
      schema: describe({
        operationId: 'doResidentStep', tag, summary: 'Do a step of proofing who I am', params: numberAndStep, body: answering, description: 'With the header weir-secret.',
        ok: { description: 'The request.', schema: request }, problems: ['badParameter', 'badBody', 'unknownObject', 'stateChanged', 'ruleForbids', 'fieldWrong', 'tooManyTries'],
      }),
    }, (asked, reply) => told(asked, reply, () => residents.doStep(asked.params.number, secretOf(asked.headers), asked.params.step, asked.body.answer ?? '')));
    scope.post<{ Params: Static<typeof ownerNumberStep>; Body: Static<typeof confirming> }>('/v1/owners/:owner/resident-requests/:number/steps/:step', {
      config: { action: 'resident.manage' },
      schema: describe({
        operationId: 'confirmResidentStep', tag, summary: 'Confirm, or not, who a resident is', params: ownerNumberStep, body: confirming, description: 'For an official, where the step is one that a person does.',
        ok: { description: 'The request.', schema: request }, problems: ['badParameter', 'badBody', 'signInNeeded', 'notPermitted', 'unknownObject', 'stateChanged', 'fieldWrong'],
      }),
    }, (asked, reply) => told(asked, reply, () => residents.confirmStep(asked.params.owner, asked.params.number, asked.params.step, asked.body, actorOf(asked))));
    done();
  });
  app.get<{ Params: Static<typeof numberOnly> }>('/v1/resident-requests/:number', {
    config: { action: 'resident.own' },
    schema: describe({
      operationId: 'residentRequest', tag, summary: 'See how far my request is', params: numberOnly, description: 'With the header weir-secret.',
      ok: { description: 'The request.', schema: request }, problems: ['badParameter', 'unknownObject', 'tooManyTries'],
    }),
  }, (asked, reply) => told(asked, reply, () => residents.own(asked.params.number, secretOf(asked.headers))));
  for (const [form, type] of Object.entries(forms) as [keyof typeof forms, string][]) {
    app.get<{ Params: Static<typeof numberOnly> }>(`/v1/resident-requests/:number/report/${form}`, {
      config: { action: 'resident.own' }, exposeHeadRoute: false,
      schema: describe({
        operationId: `residentReport${form}`, tag, summary: `My report, as ${form === 'json' ? 'data with its proof of completeness' : form === 'letter' ? 'a letter' : 'a page'}`, params: numberOnly,
        description: 'With the header weir-secret. The reading is recorded first. `weir verify report` checks the data.',
        ok: { description: 'The report.', schema: form === 'json' ? Type.Object({ weir: Type.Literal('report/v1') }) : Type.String(), type }, problems: ['badParameter', 'unknownObject', 'stateChanged', 'tooManyTries', 'notRecorded'],
      }),
    }, (asked, reply) => told(asked, reply, async () => {
      const made = await residents.report(asked.params.number, secretOf(asked.headers), form);
      return reply.header('content-type', made.contentType).header('content-disposition', `attachment; filename="${made.fileName}"`).send(Buffer.from(made.body).toString('utf8'));
    }));
  }
  app.get<{ Params: Static<typeof ownerOnly> }>('/v1/owners/:owner/resident-requests', {
    config: { action: 'resident.manage' },
    schema: describe({
      operationId: 'residentRequests', tag, summary: 'Requests of residents', params: ownerOnly, description: 'Newest first. Nothing of what they gave.',
      ok: { description: 'The requests.', schema: Type.Object({ requests: Type.Array(request) }) }, problems: ['badParameter', 'signInNeeded', 'notPermitted'],
    }),
  }, async (asked) => ({ requests: await residents.list(asked.params.owner) }));
  app.post<{ Params: Static<typeof ownerAndNumber> }>('/v1/owners/:owner/resident-requests/:number/opening', {
    config: { action: 'resident.manage' },
    schema: describe({
      operationId: 'openResidentRequest', tag, summary: 'Open what a resident gave', params: ownerAndNumber, description: 'Recorded before it is shown.',
      ok: { description: 'What was given, how to reach them, and the code for a letter.', schema: Type.Object({ given: Type.Unknown(), contact: Type.Union([Type.String(), Type.Null()]), code: Type.Union([Type.String(), Type.Null()]) }) },
      problems: ['badParameter', 'signInNeeded', 'notPermitted', 'unknownObject', 'stateChanged', 'notRecorded'],
    }),
  }, (asked, reply) => told(asked, reply, () => residents.open(asked.params.owner, asked.params.number, actorOf(asked))));
  app.post<{ Params: Static<typeof ownerAndNumber> }>('/v1/owners/:owner/resident-requests/:number/report', {
    config: { action: 'resident.manage' },
    schema: describe({
      operationId: 'makeResidentReport', tag, summary: 'Make a resident\'s report', params: ownerAndNumber, description: 'Once who they are is confirmed. Each day of the period is shown complete.',
      ok: { description: 'The request.', schema: request }, problems: ['badParameter', 'signInNeeded', 'notPermitted', 'unknownObject', 'stateChanged', 'notRecorded'],
    }),
  }, (asked, reply) => told(asked, reply, () => residents.make(asked.params.owner, asked.params.number, actorOf(asked))));
}

function secretOf(headers: Readonly<Record<string, string | string[] | undefined>>): string {
  const secret = headers['weir-secret'];
  return typeof secret === 'string' ? secret.slice(0, 100) : '';
}
