import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';

import { answerSchema, directoryAnswerSchema, directoryInquirySchema, inquirySchema, problemSchema as messageProblemSchema } from '../../wire/index.ts';
import { problemSchema } from './schemas.ts';

/** Collects the routes that are added after it into the OpenAPI document, with the schemas that several of them share. */
export function addOpenapi(app: FastifyInstance, version: string): void {
  const shared = {
    Inquiry: inquirySchema, DirectoryInquiry: directoryInquirySchema, Answer: answerSchema, DirectoryAnswer: directoryAnswerSchema,
    MessageProblem: messageProblemSchema, Problem: problemSchema,
  };
  for (const [name, schema] of Object.entries(shared)) app.addSchema({ ...schema, $id: name });
  void app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Weir',
        version,
        description: 'The exchange for driver and vehicle records between the states that own them and the agencies that ask. Agency systems come in by mutual TLS; '
          + 'a certificate may speak only for the ORIs to which it is bound. The people and agencies in the examples are invented.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      // Relative: the document is read where it is served.
      servers: [{ url: '/' }],
      tags: [
        { name: 'queries', description: 'Asking owners, and what became of held requests' },
        { name: 'registry', description: 'Who takes part, and in which words' },
        { name: 'policies', description: 'What owners decided, in words, and what is proved of it' },
        { name: 'people', description: 'Accounts, roles, sessions, tokens and the record of acts' },
        { name: 'changes', description: 'Drafts, proposals and approvals of a policy' },
        { name: 'review', description: 'Held requests, for the desk and for the asker' },
        { name: 'duties', description: 'Notices, certifications, reviews of users and agencies' },
        { name: 'residents', description: 'Who looked me up' },
        { name: 'status', description: 'For whoever runs the exchange' },
      ],
      components: { securitySchemes: { mutualTls: mutualTls as never } },
      security: [{ mutualTls: [] }, {}],
    },
    hideUntagged: true,
    refResolver: { buildLocalReference: (json, _base, _fragment, index) => (typeof json.$id === 'string' ? json.$id : `def-${index}`) },
  });
}

/** New in OpenAPI 3.1, and not yet in the types of the plugin. */
const mutualTls = { type: 'mutualTLS', description: 'A client certificate that is enrolled. The loopback demonstration needs none.' };
