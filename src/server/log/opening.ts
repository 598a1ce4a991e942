import type { FastifyInstance } from 'fastify';
import { Type, type Static } from 'typebox';

import { JournalError } from '../../exchange/errors.ts';
import { parseNumber } from '../../verify/bytes.ts';
import { enrolledOnly } from '../api/access.ts';
import { describe } from '../api/describe.ts';
import type { CredentialOf } from '../credential.ts';
import { sendProblem } from '../send.ts';
import type { LogDesk } from './desk.ts';

const params = Type.Object({
  log: Type.String({ description: 'The log that a receipt names.', examples: ['wa'] }),
  index: Type.String({ description: 'The leaf index that a receipt names.', examples: ['1204'] }),
});

/**
 * `GET /v1/entries/:log/:index/opening`: what the ledger says of a request that the agency made, or that was made for it. Another agency's entry is
 * answered as one that does not exist.
 */
export function addEntryOpening(app: FastifyInstance, desk: LogDesk, credentialOf: CredentialOf): void {
  const schema = describe({
    operationId: 'openEntry', tag: 'queries', summary: 'Open an entry of your own', params,
    description: 'All that stands in the entry of a request that this certificate may see, with the proof that it is in the log: a bundle that `weir verify` reads. '
      + 'By the ORIs of the certificate. The opening itself is recorded, so the answer takes as long as the next checkpoint, about a second.',
    ok: { description: 'The bundle (docs/ledger-formats.md, "Opening").', schema: Type.Object({ weir: Type.Literal('opening/v1') }) },
    problems: ['unknownCertificate', 'notFound', 'notReady'],
  });
  app.get<{ Params: Static<typeof params> }>('/v1/entries/:log/:index/opening', { schema, config: { action: 'entry.open' }, exposeHeadRoute: false }, async (request, reply) => {
    const credential = enrolledOnly(credentialOf, request, reply);
    if (credential === null) return reply;
    const index = parseNumber(request.params.index);
    const opened = index === null ? null : await desk.openToAgency(request.params.log, index, credential.oris).catch(unrecorded);
    if (opened === null) return sendProblem(request, reply, 'notFound', { detail: 'There is no such entry for this asker. Use the certificate that made the request, and the log and index of the receipt.' });
    if (opened === 'unrecorded') return sendProblem(request, reply, 'notReady', { reasons: ['The ledger cannot record this opening now, so nothing is opened.'] });
    if (opened.state === 'later') return sendProblem(request, reply, 'notReady', { reasons: ['The ledger did not publish the record of this opening in time.'] });
    return reply.header('content-type', 'application/json; charset=utf-8').send(opened.bundle);
  });
}

/** No entry, no opening. */
function unrecorded(error: unknown): 'unrecorded' {
  if (error instanceof JournalError) return 'unrecorded';
  throw error;
}
