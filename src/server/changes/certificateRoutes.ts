import type { FastifyInstance } from 'fastify';
import { Type, type Static } from 'typebox';

import { certificatePdf } from '../../approvals/index.ts';
import { describe } from '../api/describe.ts';
import type { PeopleDeps } from '../gate/deps.ts';
import { answerChange, changeActor } from './answer.ts';
import { certificateSchema, oneParams } from './schemas.ts';

type OneParams = Static<typeof oneParams>;
const base = '/v1/owners/:owner/changes/proposals/:id';
const refused = ['badParameter', 'signInNeeded', 'notPermitted', 'unknownObject', 'notRecorded'] as const;

/** `…/certificate` and `…/certificate.pdf`: what was approved, by whom and why, and where the ledger says so. */
export function addCertificateRoutes(scope: FastifyInstance, { changes }: PeopleDeps): void {
  const asJson = describe({
    operationId: 'certificate', tag: 'changes', summary: 'The certificate of an approval', params: oneParams, description: 'For whoever checks it against the anchor log: `weir change verify`. There is none before it is approved.',
    ok: { description: 'The certificate.', schema: certificateSchema }, problems: [...refused],
  });
  scope.get<{ Params: OneParams }>(`${base}/certificate`, { schema: asJson, config: { action: 'change.certificate' }, exposeHeadRoute: false }, (request, reply) =>
    answerChange(request, reply, () => changes.certificate(request.params.owner, request.params.id, changeActor(request))));

  const asPdf = describe({
    operationId: 'certificatePdf', tag: 'changes', summary: 'The certificate of an approval, on paper', params: oneParams, description: 'The same as a page.',
    ok: { description: 'The page.', schema: Type.String({ format: 'binary' }), type: 'application/pdf' }, problems: [...refused],
  });
  scope.get<{ Params: OneParams }>(`${base}/certificate.pdf`, { schema: asPdf, config: { action: 'change.certificate' }, exposeHeadRoute: false }, (request, reply) => answerChange(request, reply, async () => {
    const certificate = await changes.certificate(request.params.owner, request.params.id, changeActor(request));
    if (certificate === null) return null;
    const pdf = await certificatePdf(certificate);
    reply.header('content-type', 'application/pdf').header('content-disposition', `attachment; filename="approval-${certificate.owner}-${certificate.proposal}.pdf"`);
    return Buffer.from(pdf);
  }));
}
