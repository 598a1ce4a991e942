import type { FastifySchema } from 'fastify';

import { emptyExtension, type Inquiry } from '../../model/index.ts';
import { encodeInquiry, formatOfType, typeOfFormat } from '../../wire/index.ts';
import { problemContentType } from '../problem.ts';
import { problemResponses, type ProblemResponse } from './describe.ts';

/** An invented officer asks about an invented driver. */
const example: Inquiry = {
  key: 'DQ',
  requester: 'ZZ0000101',
  destinations: ['WA'],
  control: 'A1B2C3',
  subject: { kind: 'person', name: { surname: 'SAMPLE', given: 'JORDAN', middle: 'Q' }, birthDate: '1990-01-31', sex: 'X' },
  image: true,
  reason: null,
  legacyPurpose: null,
  attention: null,
  extension: { ...emptyExtension, purpose: 'trafficEnforcement', caseNumber: 'INVENTED-26-0101', user: 'INVENTED 4711' },
};
const legacyExample: Inquiry = { ...example, reason: 'T', extension: emptyExtension };

/**
 * How the hot path is described. The route itself carries no schema: the wire room validates the message, once,
 * and what it exports as schemas is what stands here.
 */
export function inquiryDocument(): FastifySchema & Record<string, unknown> {
  const oneOf = (...names: readonly string[]): object => ({ oneOf: names.map((name) => ({ $ref: `${name}#` })) });
  const text = { type: 'string' };
  const bodies = {
    json: { schema: { ...oneOf('Inquiry', 'DirectoryInquiry'), examples: [JSON.parse(encodeInquiry('json', example)) as unknown] } },
    niem: { schema: { ...text, examples: [encodeInquiry('niem', example)] } },
    legacy: { schema: { ...text, examples: [encodeInquiry('legacy', legacyExample)] } },
  };
  const problems = problemResponses(['badIdempotencyKey', 'emptyBody', 'malformedRequest', 'unknownCertificate', 'notAcceptable', 'bodyTooLarge', 'unsupportedMediaType', 'internal', 'notReady']);
  return {
    operationId: 'inquire',
    tags: ['queries'],
    summary: 'Ask owners for a driver or a vehicle',
    description: 'The message goes in the body, in one of three formats; the answer comes in the same. A refusal or a hold by the rules of an owner is an answer, with status 200. '
      + 'Faults of the message come in the format of the message too: as problem details for JSON, as ER or SM for the other two, with the status shown here.',
    headers: {
      type: 'object',
      properties: {
        'Idempotency-Key': { type: 'string', minLength: 1, maxLength: 128, description: 'The same key from the same certificate gives the same answer, without a new decision.' },
        traceparent: { type: 'string', description: 'W3C Trace Context; given back.' },
      },
    },
    body: { required: true, content: Object.fromEntries([...formatOfType].map(([type, format]) => [type, bodies[format]])) },
    response: {
      200: {
        description: 'The answer of the owners, or of the directory.',
        headers: { 'Weir-Inquiry': { description: 'The id of the inquiry, which is in the answer and in the journal.', type: 'string' } },
        content: {
          [typeOfFormat.json]: { schema: oneOf('Answer', 'DirectoryAnswer') },
          [typeOfFormat.niem]: { schema: text },
          [typeOfFormat.legacy]: { schema: text },
        },
      },
      ...withMessageFaults(problems),
    },
  };
}

/** Where the exchange can answer with this status as well, the body may be the problem of a message. */
function withMessageFaults(responses: Record<string, ProblemResponse>): Record<string, unknown> {
  const faults: Readonly<Record<string, string>> = { 400: 'The message is not valid', 403: 'The certificate does not speak for the ORI', 413: 'The message is too large', 422: 'The same Idempotency-Key came with another message', 500: 'The exchange failed', 503: 'Busy: wait for the seconds in Retry-After' };
  const all: Record<string, unknown> = { ...responses };
  for (const [status, description] of Object.entries(faults)) {
    const own = responses[status];
    all[status] = {
      description: own === undefined || own.description === description ? description : `${description}; or ${own.description.charAt(0).toLowerCase()}${own.description.slice(1)}`,
      content: {
        [problemContentType]: { ...own?.content[problemContentType], schema: own === undefined ? { $ref: 'MessageProblem#' } : { oneOf: [{ $ref: 'Problem#' }, { $ref: 'MessageProblem#' }] } },
        [typeOfFormat.niem]: { schema: { type: 'string' } },
        [typeOfFormat.legacy]: { schema: { type: 'string' } },
      },
    };
  }
  return all;
}
