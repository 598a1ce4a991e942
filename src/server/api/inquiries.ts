import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import type { Credential, Outgoing } from '../../exchange/exchange.ts';
import type { WireFormat } from '../../model/index.ts';
import { formatOf, formatOfType, typeOfFormat } from '../../wire/index.ts';
import { accepts } from '../accept.ts';
import type { CredentialOf } from '../credential.ts';
import type { ServerDeps } from '../deps.ts';
import type { ProblemName } from '../problems.ts';
import { sendProblem } from '../send.ts';
import { inquiryDocument } from './inquiryDocument.ts';

const keyPattern = /^[\x20-\x7e]{1,128}$/;
/** W3C Trace Context, version 00; a trace or span of zeros is not valid. */
const tracePattern = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/**
 * `POST /v1/inquiries`, the hot path. The body goes to the exchange as it came: the wire room decodes it, and nothing else does.
 * No schema, no asynchronous hook and no promise of our own stand before the exchange.
 */
export function addInquiries(app: FastifyInstance, deps: ServerDeps, credentialOf: CredentialOf, bodyLimit: number): void {
  void app.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser([...formatOfType.keys()], { parseAs: 'buffer', bodyLimit }, (_request, body, next) => next(null, body));
    if (deps.people !== undefined) {
      scope.post<{ Params: { ori: string } }>('/v1/agencies/:ori/inquiries', { bodyLimit, config: { action: 'inquiry.person' } }, (request, reply) => answer(deps, () => ofPerson(request), request, reply));
    }
    scope.post('/v1/inquiries', { bodyLimit, config: { action: 'inquiry.send', swaggerTransform: () => ({ schema: inquiryDocument(), url: '/v1/inquiries' }) } }, (request, reply) => answer(deps, credentialOf, request, reply));
    done();
  });
}

function answer(deps: ServerDeps, credentialOf: CredentialOf, request: FastifyRequest, reply: FastifyReply): void {
  const started = performance.now();
  const { headers } = request;
  const trace = headers['traceparent'];
  if (typeof trace === 'string' && tracePattern.test(trace)) reply.header('traceparent', trace);

  const credential = credentialOf(request.raw.socket);
  if (credential === null) return void sendProblem(request, reply, 'unknownCertificate');
  const format = formatOf(headers['content-type']);
  if (format === null) return void sendProblem(request, reply, 'unsupportedMediaType');
  const idempotencyKey = headers['idempotency-key'];
  const wrong = wrongRequest(request, format, idempotencyKey);
  if (wrong !== null) return void sendProblem(request, reply, wrong);

  const body = request.body as Buffer;
  deps.exchange.handle({ body, format, credential, idempotencyKey: typeof idempotencyKey === 'string' ? idempotencyKey : null }).then(
    (outgoing) => {
      write(reply, outgoing);
      deps.metrics.inquiry(format, outgoing.outcome, outgoing.status, (performance.now() - started) / 1000);
    },
    (error: unknown) => {
      deps.log.error({ error }, 'the exchange rejected, which it never should');
      sendProblem(request, reply, 'internal');
    },
  );
}

/** A person asks for the one agency in the address, whom the gate let through; the entry has their account where a system's has its certificate. */
function ofPerson({ person, params }: FastifyRequest): Credential | null {
  return person === null ? null : { fingerprint: person.account, oris: new Set([(params as { readonly ori: string }).ori]) };
}

function wrongRequest(request: FastifyRequest, format: WireFormat, key: string | readonly string[] | undefined): ProblemName | null {
  const { headers } = request;
  const coding = headers['content-encoding'];
  if (coding !== undefined && coding !== 'identity') return 'unsupportedMediaType';
  if (!accepts(headers.accept, typeOfFormat[format])) return 'notAcceptable';
  if (key !== undefined && (typeof key !== 'string' || !keyPattern.test(key))) return 'badIdempotencyKey';
  if (!Buffer.isBuffer(request.body) || request.body.length === 0) return 'emptyBody';
  return null;
}

function write(reply: FastifyReply, outgoing: Outgoing): void {
  reply.inquiry = outgoing.id;
  reply.code(outgoing.status).header('content-type', outgoing.contentType).header('weir-inquiry', outgoing.id);
  if (outgoing.retryAfter !== null) reply.header('retry-after', String(outgoing.retryAfter));
  reply.send(outgoing.body);
}
