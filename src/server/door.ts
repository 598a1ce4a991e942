import type { FastifyInstance, FastifyRequest } from 'fastify';

import type { Listener, Mode } from './deps.ts';
import { sendProblem } from './send.ts';

/** Headers of every answer. A page replaces the content policy by its own. */
export function standingHeaders(mode: Mode, listener: Listener): Readonly<Record<string, string>> {
  return {
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
    // Not `no-referrer`: with it a browser sends `Origin: null` with our own form.
    'referrer-policy': 'same-origin',
    ...(mode === 'demonstration' ? { 'weir-demonstration': 'invented people, invented agencies' } : {}),
    ...(listener.kind === 'mtls' || listener.kind === 'people' ? { 'strict-transport-security': 'max-age=31536000' } : {}),
  };
}

const hostPattern = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/i;

/**
 * The one hook before every route: standing headers and, on the demonstration, two checks. The host name must be that of this machine,
 * or a page elsewhere could point its own name here and read (DNS rebinding); and another site may not send queries from a visitor's browser.
 * `Host`, `Origin` and `Sec-Fetch-Site` are set by the browser, not by the page.
 */
export function addDoor(app: FastifyInstance, mode: Mode, listener: Listener): void {
  const headers = standingHeaders(mode, listener);
  const guarded = listener.kind === 'http';
  app.addHook('onRequest', (request, reply, next) => {
    reply.headers(headers);
    // RFC 9112, 3.2: Node would take the first of several.
    if (hostsOf(request.raw.rawHeaders) > 1) return void sendProblem(request, reply, 'malformedRequest');
    if (guarded) {
      const wrong = wrongDoor(request);
      if (wrong !== null) return void sendProblem(request, reply, wrong);
    }
    next();
  });
}

function hostsOf(rawHeaders: readonly string[]): number {
  let count = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i];
    if (name?.length === 4 && name.toLowerCase() === 'host') count += 1;
  }
  return count;
}

function wrongDoor(request: FastifyRequest): 'misdirected' | 'foreignOrigin' | null {
  const { host, origin } = request.headers;
  if (host === undefined || !hostPattern.test(host)) return 'misdirected';
  const site = request.headers['sec-fetch-site'];
  if (origin !== undefined && origin.toLowerCase() !== `http://${host.toLowerCase()}`) return 'foreignOrigin';
  // A link from elsewhere may be followed; a query may not be sent from there.
  if (site === 'cross-site' && request.method !== 'GET' && request.method !== 'HEAD') return 'foreignOrigin';
  return null;
}
