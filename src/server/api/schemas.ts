import { Type } from 'typebox';

import { problems, problemType } from '../problems.ts';

/** The schemas of what the server itself answers: they make the bodies and the OpenAPI document. Those of queries come from the wire room. */

export const oriSchema = Type.String({ pattern: '^[A-Z0-9]{9}$', description: 'Nine letters or digits, upper case.' });
export const ticketIdSchema = Type.String({ pattern: '^[A-Z]{2}(?:-[0-9A-HJKMNP-TV-Z]{4}){4}$', description: 'A ticket as it was given in an answer.' });

const time = (description: string) => Type.String({ format: 'date-time', description });

export const problemSchema = Type.Object({
  type: Type.String({ description: 'A stable name.', examples: [problemType('unsupportedMediaType')] }),
  title: Type.String({ examples: [problems.unsupportedMediaType.title] }),
  status: Type.Integer({ minimum: 400, maximum: 599 }),
  detail: Type.String({ description: 'For a person. Carries nothing of the request.' }),
  instance: Type.Union([Type.String(), Type.Null()], { description: '`urn:weir:request:` and the id of the request.' }),
  reasons: Type.Optional(Type.Array(Type.String())),
}, { description: 'What went wrong (RFC 9457). A refusal by a policy is not a problem: it is an answer.' });

export const aliveSchema = Type.Object({
  status: Type.Literal('alive'),
  version: Type.String(),
  mode: Type.Enum(['demonstration', 'production']),
});

export const readySchema = Type.Object({ status: Type.Literal('ready'), parts: Type.Array(Type.String({ description: 'A part that was looked at.' })), warnings: Type.Array(Type.String({ description: 'What somebody should look at, though queries are answered.' })) });

export const ticketSchema = Type.Object({
  id: ticketIdSchema,
  inquiry: Type.String({ description: 'The id of the inquiry that was held.' }),
  owner: Type.String({ description: 'Whose records they are.' }),
  requester: oriSchema,
  status: Type.Enum(['held', 'released', 'releasedInPart', 'refused', 'expired', 'noRecord'], { description: '`held` until a person, or the clock, has decided. `noRecord`: it was to be released, and there is none.' }),
  asked: time('When the inquiry came.'),
  deadline: time('Until when a person decides.'),
  onTimeout: Type.Enum(['deny', 'release'], { description: 'What follows if nobody does.' }),
  questions: Type.Optional(Type.Array(Type.Object({ id: Type.String(), at: time('When it was put back.'), text: Type.String(), answeredAt: Type.Union([Type.String(), Type.Null()]), answer: Type.Union([Type.String(), Type.Null()]) }), {
    description: 'Questions that a reviewer put back. Answer each at `/v1/tickets/{id}/replies`; the clock goes on.',
  })),
  papers: Type.Optional(Type.Array(Type.Object({ id: Type.String(), hash: Type.String(), bytes: Type.Integer(), mediaType: Type.String(), at: time('When it was handed in.') }), { description: 'Papers that were handed in for it.' })),
  answer: Type.Optional(Type.Boolean({ description: 'Whether the late answer can be fetched at `/v1/tickets/{id}/answer`.' })),
}, { examples: [{ id: 'WA-3F7K-Q2XD-9HTB-M4VE', inquiry: '01933f5a-7c00-7abc-8def-0123456789ab', owner: 'WA', requester: 'ZZ0000101', status: 'held', asked: '2026-03-02T17:04:05.000Z', deadline: '2026-03-02T21:04:05.000Z', onTimeout: 'deny' }] });

export const agencySchema = Type.Object({
  ori: oriSchema,
  name: Type.String(),
  type: Type.String({ description: 'PD, SO, SA, LE, FE, CJ, JA, JC, JG, JJ, JF or NJ.' }),
  state: Type.String({ description: 'Where the office stands, which does not say whose it is.' }),
  active: Type.Boolean(),
  registry: Type.Object({ version: Type.Integer(), hash: Type.String() }),
}, { examples: [{ ori: 'ZZ0000101', name: 'Example City Police (invented)', type: 'PD', state: 'WA', active: true, registry: { version: 3, hash: 'a3f1…' } }] });

export const ownersSchema = Type.Object({
  owners: Type.Array(Type.Object({
    owner: Type.String({ description: 'Two letters.' }),
    name: Type.String(),
    policy: Type.Union([Type.Object({ version: Type.Integer(), hash: Type.String({ description: 'SHA-256 of the document in force.' }) }), Type.Null()], {
      description: 'Null where no policy is in force: then everything is refused.',
    }),
  })),
});

const words = Type.Array(Type.Object({ name: Type.String(), plain: Type.String({ description: 'What it means.' }), source: Type.String({ description: 'A statute, a published format, or Weir.' }) }));
export const vocabularySchema = Type.Record(Type.String(), words, { description: 'Every list of words that policies read and answers use.' });

export const openapiSchema = Type.Object({ openapi: Type.Literal('3.1.0') }, { additionalProperties: true });
