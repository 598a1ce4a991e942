import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { refused } from './answers.ts';
import type { WitnessAnswer } from './answers.ts';
import { WitnessError } from './errors.ts';
import { frontPage } from './frontPage.ts';
import type { Witness } from './state.ts';

/** One line of a witness's log. Nothing that a request holds stands in it but the origin of a log that the witness watches. */
export interface WitnessLine {
  readonly event: 'asked' | 'fault';
  readonly route: string;
  readonly status: number;
  readonly reason: string | null;
  readonly origin: string | null;
  readonly size: number | null;
  readonly ms: number;
  /** For a fault: its kind, never its message. */
  readonly fault?: string;
}

export interface WitnessServerOptions {
  readonly witness: Witness;
  /** 0: any that is free. */
  readonly port: number;
  readonly host?: string;
  readonly log?: (line: WitnessLine) => void;
  /** What requests under way may still take when the server closes, in milliseconds. */
  readonly closeMs?: number;
}

/** A witness that answers. */
export interface WitnessServer {
  readonly port: number;
  readonly host: string;
  /** Answers what was asked, then closes. The witness itself is not closed. */
  close(): Promise<void>;
}

/** signed-note: a verifier takes at least 16 signatures, and later kinds are "up to nearly 5kB in size". */
const mostBytes = 128 * 1024;
const plain = 'text/plain; charset=utf-8';
/** tlog-witness: the answer to an old size that is not the witness's own. */
const sizeType = 'text/x.tlog.size';

interface Reply {
  readonly status: number;
  readonly type: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly line?: Partial<Pick<WitnessLine, 'reason' | 'origin' | 'size'>>;
}

/** Starts the HTTP side of a witness. Rejects with `WITNESS_LISTEN`. Anybody who reaches the port controls what comes. */
export async function startWitnessServer({ witness, port, host = '127.0.0.1', log = () => undefined, closeMs = 5_000 }: WitnessServerOptions): Promise<WitnessServer> {
  const began = Date.now();
  const server = createServer({ requestTimeout: 10_000, headersTimeout: 5_000, keepAliveTimeout: 65_000, connectionsCheckingInterval: 2_000, maxHeaderSize: 8_192 }, (request, response) => {
    void answer(request, response, witness, began, log);
  });
  server.maxConnections = 1_024;
  // A request that is no HTTP: closed without a word of its content in the log.
  server.on('clientError', (_error, socket) => socket.destroy());
  await listening(server, port, host);
  const at = server.address() as AddressInfo;
  return { port: at.port, host: at.address, close: () => closed(server, closeMs) };
}

async function answer(request: IncomingMessage, response: ServerResponse, witness: Witness, began: number, log: (line: WitnessLine) => void): Promise<void> {
  const at = performance.now();
  const [path = '/'] = (request.url ?? '/').split('?');
  let route = 'other';
  let reply: Reply;
  let fault: string | undefined;
  try {
    [route, reply] = await replyTo(request, path, witness, began);
  } catch (error) {
    fault = error instanceof Error ? error.name : typeof error;
    reply = { status: 500, type: plain, body: 'a fault of the witness\n' };
  }
  // A body that was not read to its end cannot be followed by another request.
  const unread = !request.complete;
  response.writeHead(reply.status, {
    'content-type': reply.type, 'content-length': Buffer.byteLength(reply.body), 'x-content-type-options': 'nosniff',
    ...(unread ? { connection: 'close' } : {}), ...reply.headers,
  });
  response.end(request.method === 'HEAD' ? undefined : reply.body);
  const ms = Math.round((performance.now() - at) * 100) / 100;
  log({ event: fault === undefined ? 'asked' : 'fault', route, status: reply.status, reason: null, origin: null, size: null, ...reply.line, ms, ...(fault === undefined ? {} : { fault }) });
}

async function replyTo(request: IncomingMessage, path: string, witness: Witness, began: number): Promise<[string, Reply]> {
  if (path === '/add-checkpoint') {
    if (request.method !== 'POST') return ['add-checkpoint', { ...words(405, 'POST it'), headers: { allow: 'POST' } }];
    const body = await bodyOf(request);
    return ['add-checkpoint', replyOf(body === null ? refused(413, 'tooLarge', 'the body is too large') : await witness.addCheckpoint(body))];
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') return ['other', { ...words(405, 'there is only GET here'), headers: { allow: 'GET, HEAD' } }];
  if (path === '/') return ['/', { status: 200, type: plain, body: frontPage(witness), headers: { 'cache-control': 'no-store' } }];
  if (path === '/health') return ['health', health(witness, began)];
  // tlog-witness, the monitoring prefix: the latest cosigned checkpoint, by the hexadecimal SHA-256 of the origin. Verifiers in browsers read it too.
  const hash = /^\/([0-9a-f]{64})\/checkpoint$/.exec(path)?.[1];
  if (hash === undefined) return ['other', words(404, 'nothing here')];
  const note = witness.latest(hash);
  return ['checkpoint', note === null ? words(404, 'no checkpoint of such a log was cosigned') : { status: 200, type: plain, body: note, headers: { 'cache-control': 'no-store', 'access-control-allow-origin': '*' } }];
}

function replyOf(answered: WitnessAnswer): Reply {
  switch (answered.status) {
    case 200: return { status: 200, type: plain, body: answered.line, line: { reason: answered.again ? 'again' : 'cosigned', origin: answered.origin, size: answered.size } };
    case 409: return { status: 409, type: sizeType, body: `${answered.latest}\n`, line: { reason: answered.reason, origin: answered.origin, size: answered.latest } };
    case 429: return {
      ...words(429, answered.words), headers: { 'retry-after': String(Math.ceil(answered.afterMs / 1000)) }, line: { reason: answered.reason, origin: answered.origin },
    };
    default: return { ...words(answered.status, answered.words), line: { reason: answered.reason, origin: answered.origin } };
  }
}

function health(witness: Witness, began: number): Reply {
  const logs = witness.logs();
  const body = {
    status: witness.health, witness: witness.name, logs: logs.length, cosigned: logs.filter(({ kept }) => kept !== null).length,
    contradictions: logs.reduce((sum, { contradictions }) => sum + contradictions, 0), upSeconds: Math.floor((Date.now() - began) / 1000),
  };
  return { status: witness.health === 'ok' ? 200 : 503, type: 'application/json', body: `${JSON.stringify(body)}\n`, headers: { 'cache-control': 'no-store' } };
}

function words(status: number, text: string): Reply {
  return { status, type: plain, body: `${text}\n` };
}

/** The body; null where it is longer than a request can be. What breaks off half way is read as far as it came, and is then no request. */
function bodyOf(request: IncomingMessage): Promise<Buffer | null> {
  if (Number(request.headers['content-length'] ?? 0) > mostBytes) return Promise.resolve(null);
  return new Promise((resolve) => {
    const parts: Buffer[] = [];
    let length = 0;
    request.on('data', (part: Buffer) => {
      length += part.length;
      if (length <= mostBytes) parts.push(part);
      else {
        request.pause();
        resolve(null);
      }
    });
    const end = (): void => resolve(Buffer.concat(parts));
    request.once('end', end);
    request.once('close', end);
    request.once('error', end);
  });
}

async function listening(server: Server, port: number, host: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why = error.code === 'EADDRINUSE' ? 'another process has it' : error.code === 'EACCES' ? 'this user may not have it' : (error.code ?? 'unknown');
      reject(new WitnessError('WITNESS_LISTEN', `port ${port} on ${host} cannot be had: ${why}`, 'Give another with --port.', { cause: error }));
    });
    server.listen({ port, host, backlog: 511 }, resolve);
  });
}

async function closed(server: Server, closeMs: number): Promise<void> {
  const done = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), closeMs);
  await done;
  clearTimeout(timer);
}
