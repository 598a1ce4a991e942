import { constants, X509Certificate } from 'node:crypto';
import http, { type Server } from 'node:http';
import https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';

import type { Listener } from './deps.ts';
import { ListenError } from './errors.ts';
import type { Limits } from './limits.ts';
import type { Metrics } from './metrics.ts';
import { problemBody, problemContentType } from './problem.ts';
import { problems, type ProblemName } from './problems.ts';

type Handler = (request: http.IncomingMessage, response: http.ServerResponse) => void;

/**
 * The Node server under a listener, with its limits. Plain HTTP answers only connections that came in over loopback,
 * whatever address it was told to listen on; what is public is for everybody. Throws `ListenError` `BAD_TLS_FILES` where key, certificate or authorities cannot be used.
 */
export function createTransport(listener: Listener, limits: Limits, metrics: Metrics, handler: Handler): Server {
  const options: http.ServerOptions = {
    maxHeaderSize: limits.headers,
    headersTimeout: limits.headersTimeout,
    requestTimeout: limits.requestTimeout,
    keepAliveTimeout: limits.keepAlive,
    connectionsCheckingInterval: limits.checkEvery,
    noDelay: true,
    insecureHTTPParser: false,
  };
  const server = listener.kind === 'mtls' || listener.kind === 'people' ? createTls(listener, options, limits, handler) : http.createServer(options, handler);
  server.maxConnections = limits.connections;
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => answerClientError(error, socket, metrics));
  server.on('checkExpectation', (_request: http.IncomingMessage, response: http.ServerResponse) => {
    metrics.problem('expectationFailed');
    response.writeHead(problems.expectationFailed.status, { 'content-type': problemContentType, 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', connection: 'close' });
    response.end(problemBody('expectationFailed', null));
  });
  if (listener.kind === 'http') {
    server.on('connection', (socket: Socket) => {
      if (!isLoopback(socket.localAddress ?? '')) socket.destroy();
    });
  } else if (listener.kind === 'mtls' || listener.kind === 'people') {
    server.on('tlsClientError', (_error: Error, socket: Socket) => {
      metrics.tlsRefused();
      socket.destroy();
    });
  }
  return server;
}

/** True for an address of this machine itself: 127.0.0.0/8 and ::1, also in the mapped form. */
export function isLoopback(address: string): boolean {
  return address === '::1' || /^(?:::ffff:)?127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(address);
}

/** The address of a listener that listens. */
export function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

function createTls(listener: Extract<Listener, { kind: 'mtls' | 'people' }>, options: http.ServerOptions, limits: Limits, handler: Handler): Server {
  const ca = listener.kind === 'mtls' ? [...listener.ca] : [];
  if (listener.kind === 'mtls' && ca.length === 0) throw badTls('there is no authority whose certificates are taken');
  try {
    // Read once here: a file that is no certificate is told at the start and not at the first handshake.
    for (const authority of ca) new X509Certificate(authority);
    return https.createServer({
      ...options,
      key: listener.key,
      cert: listener.cert,
      ...(listener.kind === 'mtls' ? { ca, requestCert: true, rejectUnauthorized: true } : {}),
      minVersion: 'TLSv1.2',
      honorCipherOrder: true,
      // Without renegotiation the certificate of a connection never changes, so its fingerprint is computed once.
      secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
      handshakeTimeout: limits.handshakeTimeout,
      ALPNProtocols: ['http/1.1'],
    }, handler);
  } catch (error) {
    throw badTls('the key, the certificate and the authorities do not fit together', error);
  }
}

function badTls(what: string, cause?: unknown): ListenError {
  return new ListenError('BAD_TLS_FILES', `mutual TLS cannot start: ${what}`, 'Give a key and its certificate, and at least one authority, in PEM.', { cause });
}

/**
 * Input that is not HTTP, or that comes too slowly. Nothing is written where the answer to an earlier request is still to come
 * on the same connection: the asker would take one for the other. Node tells of that answer only under a name of its own.
 */
function answerClientError(error: NodeJS.ErrnoException, socket: Duplex & { readonly _httpMessage?: http.ServerResponse | null }, metrics: Metrics): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) return void socket.destroy();
  const name = clientProblem(error.code);
  metrics.problem(name);
  const pending = socket._httpMessage ?? null;
  if (pending !== null && (pending.req.complete || pending.headersSent)) return void socket.destroy();
  const { status } = problems[name];
  const body = problemBody(name, null);
  socket.end(
    `HTTP/1.1 ${status} ${http.STATUS_CODES[status] ?? ''}\r\nContent-Type: ${problemContentType}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n`
    + `Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n${body}`,
    () => socket.destroy(),
  );
}

function clientProblem(code: string | undefined): ProblemName {
  switch (code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT': return 'requestTimeout';
    case 'HPE_HEADER_OVERFLOW': return 'headersTooLarge';
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW': return 'bodyTooLarge';
    default: return 'malformedRequest';
  }
}
