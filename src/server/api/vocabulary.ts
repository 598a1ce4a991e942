import type { FastifyInstance } from 'fastify';

import {
  affiliationKinds, answerStatuses, auditStatuses, certifications, components, courtClasses, dataClasses, departments, edgeGrades, evidenceGrades,
  levels, messageKeys, missions, outcomes, programs287g, purposes, queryKinds, taskForceKinds, treatments, type Word,
} from '../../vocabulary/index.ts';
import type { CredentialOf } from '../credential.ts';
import { enrolledOnly } from './access.ts';
import { describe } from './describe.ts';
import { vocabularySchema } from './schemas.ts';

const lists: Readonly<Record<string, Readonly<Record<string, Word>>>> = {
  dataClasses, purposes, evidenceGrades, courtClasses, outcomes, answerStatuses, treatments, queryKinds, messageKeys, levels, departments, components,
  missions, programs287g, taskForceKinds, certifications, auditStatuses, affiliationKinds, edgeGrades,
};

/** `GET /v1/vocabulary`: every word with its plain meaning and its source. */
export function addVocabulary(app: FastifyInstance, credentialOf: CredentialOf): void {
  const schema = describe({
    operationId: 'vocabulary', tag: 'registry', summary: 'The words, and what they mean',
    description: 'The closed lists that policies read and answers use.',
    ok: { description: 'Lists of words, by the name of the list.', schema: vocabularySchema },
    problems: ['unknownCertificate'],
  });
  const all = Object.fromEntries(Object.entries(lists).map(([list, words]) => [
    list, Object.entries(words).map(([name, { plain, source }]) => ({ name, plain, source })),
  ]));
  app.get('/v1/vocabulary', { schema, config: { action: 'registry.read' } }, (request, reply) => {
    if (enrolledOnly(credentialOf, request, reply) !== null) reply.send(all);
  });
}
