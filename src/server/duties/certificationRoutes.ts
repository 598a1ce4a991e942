import type { FastifyInstance } from 'fastify';
import type { Static } from 'typebox';

import { describe } from '../api/describe.ts';
import type { PeopleDeps } from '../gate/deps.ts';
import { answerDuty, dutyActor, ownerOf, partOf } from './answer.ts';
import { agencyCertificationsSchema, agencyParams, certificationSchema, certificationsSchema, noticeParams, ownerParams, reasonBody, signBody, textBody, textSchema, textsSchema } from './schemas.ts';
import { textsToSign } from './texts.ts';

const refused = ['badParameter', 'signInNeeded', 'notPermitted'] as const;
const refusedBody = [...refused, 'badBody', 'fieldWrong', 'freshSignInNeeded'] as const;

/** `…/certification-texts` and `…/certifications`: what agencies certify to an owner, and what became of it. */
export function addCertificationRoutes(scope: FastifyInstance, people: PeopleDeps): void {
  const { duties } = people;
  const texts = describe({
    operationId: 'certificationTexts', tag: 'duties', summary: 'The texts by which agencies certify to an owner', params: ownerParams, description: 'The newest version of each.', ok: { description: 'The texts.', schema: textsSchema }, problems: [...refused],
  });
  scope.get('/v1/owners/:owner/certification-texts', { schema: texts, config: { action: 'duty.read' } }, (request, reply) =>
    answerDuty(request, reply, async () => ({ texts: await duties.certificationTexts(ownerOf(request)) })));

  const set = describe({
    operationId: 'setCertificationText', tag: 'duties', summary: 'Set the text of a certification', params: ownerParams, body: textBody, description: 'A new version; signatures of the one before hold to their end. The same again changes nothing.',
    ok: { description: 'The text.', schema: textSchema }, problems: [...refusedBody],
  });
  scope.put<{ Body: Static<typeof textBody> }>('/v1/owners/:owner/certification-texts', { schema: set, config: { action: 'certification.manage' } }, (request, reply) =>
    answerDuty(request, reply, () => duties.setCertificationText(ownerOf(request), request.body, dutyActor(request))));

  const listed = describe({
    operationId: 'ownerCertifications', tag: 'duties', summary: 'What agencies certified to an owner', params: ownerParams, description: 'The newest first; what was renewed is left out.', ok: { description: 'The certifications.', schema: certificationsSchema }, problems: [...refused],
  });
  scope.get('/v1/owners/:owner/certifications', { schema: listed, config: { action: 'duty.read' } }, (request, reply) =>
    answerDuty(request, reply, async () => ({ certifications: await duties.certifications({ owner: ownerOf(request) }) })));

  for (const [path, operationId, summary, description] of [
    ['revocation', 'revokeCertification', 'Revoke a certification', 'Policies feel it at once. The agency cannot certify again until the owner lets it.'],
    ['readmission', 'readmitAgency', 'Let an agency certify again', 'After a revocation. It must sign anew.'],
  ] as const) {
    const schema = describe({ operationId, tag: 'duties', summary, description, params: noticeParams, body: reasonBody, ok: { description: 'The certification.', schema: certificationSchema }, problems: [...refusedBody, 'unknownObject', 'stateChanged'] });
    scope.post<{ Body: Static<typeof reasonBody> }>(`/v1/owners/:owner/certifications/:id/${path}`, { schema, config: { action: 'certification.manage' } }, (request, reply) =>
      answerDuty(request, reply, () => duties[path === 'revocation' ? 'revokeCertification' : 'readmit'](ownerOf(request), partOf(request, 'id'), request.body, dutyActor(request))));
  }

  const own = describe({
    operationId: 'agencyCertifications', tag: 'duties', summary: 'What an agency certified, and what it has not', params: agencyParams, description: 'Towards every owner that has a text, with the texts to be signed.',
    ok: { description: 'The certifications and the texts.', schema: agencyCertificationsSchema }, problems: [...refused],
  });
  scope.get('/v1/agencies/:ori/certifications', { schema: own, config: { action: 'certification.read' } }, (request, reply) => answerDuty(request, reply, async () => {
    const certifications = await duties.certifications({ ori: partOf(request, 'ori') });
    return { certifications, texts: await textsToSign(duties, certifications) };
  }));

  const sign = describe({
    operationId: 'certify', tag: 'duties', summary: 'Certify for an agency', params: agencyParams, body: signBody,
    description: 'Signs exactly the text with this hash, under penalty of perjury where the text says so, with the full name of who is signed in. In force in the registry at once. Needs a sign-in of the last five minutes.',
    ok: { description: 'The certification.', schema: certificationSchema }, problems: [...refusedBody, 'unknownObject', 'stateChanged'],
  });
  scope.post<{ Body: Static<typeof signBody> }>('/v1/agencies/:ori/certifications', { schema: sign, config: { action: 'certification.sign' } }, (request, reply) =>
    answerDuty(request, reply, () => duties.certify(partOf(request, 'ori'), request.body, dutyActor(request))));
}
