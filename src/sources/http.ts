import { Agent, request } from 'undici';
import type { SourceQuery, SourceResult } from '../exchange/ports.ts';
import type { Call, Connector } from './connector.ts';
import { SourceFault } from './fault.ts';
import { httpQuestion, readHttpAnswer } from './httpProtocol.ts';
import type { OpenConnection } from './settings.ts';

export interface HttpOptions {
  /** Milliseconds for one look-up. */
  readonly timeoutMs: number;
  /** The longest body that is read. */
  readonly maxBytes: number;
}

const connections = 64;

/** Records behind a service of the owner's own: one POST a look-up, over kept connections, with a client certificate where one is set. */
export function httpConnector(connection: OpenConnection, { timeoutMs, maxBytes }: HttpOptions): Connector {
  const url = new URL(connection.url);
  const headers: Record<string, string> = { 'content-type': 'application/json', accept: 'application/json' };
  if (url.username !== '') headers['authorization'] = `Basic ${Buffer.from(`${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`).toString('base64')}`;
  url.username = '';
  url.password = '';
  const agent = new Agent({
    connections, maxResponseSize: maxBytes, headersTimeout: timeoutMs, bodyTimeout: timeoutMs,
    connect: {
      timeout: timeoutMs,
      ...(connection.ca === null ? {} : { ca: connection.ca }), ...(connection.cert === null ? {} : { cert: connection.cert }), ...(connection.key === null ? {} : { key: connection.key }),
    },
  });

  async function ask(owner: string, query: SourceQuery, call: Call): Promise<SourceResult> {
    const controller = new AbortController();
    if (call.gone) controller.abort();
    call.onGone = (): void => controller.abort();
    const response = await request(url, { method: 'POST', headers, body: httpQuestion(owner, query), signal: controller.signal, dispatcher: agent });
    if (response.statusCode !== 200) {
      await response.body.dump();
      throw statusFault(response.statusCode);
    }
    return readHttpAnswer(await response.body.text(), query);
  }

  return {
    async fetch(owner, query, call) {
      try {
        return await ask(owner, query, call);
      } catch (error) {
        if (!broken(error)) throw httpFault(error);
      }
      try {
        return await ask(owner, query, call); // a kept connection that the service has closed since: a look-up changes nothing, so ask once more
      } catch (error) {
        throw httpFault(error);
      }
    },
    inspect: () => Promise.resolve([]),
    close: () => agent.destroy(),
  };
}

/** No status but 200 is an answer about a record: 404 is an address that is wrong, never "no record". */
function statusFault(status: number): SourceFault {
  if (status === 429) return new SourceFault('overloaded', 'the service says that it is asked too often (429)', { counts: true });
  if (status >= 500) return new SourceFault('down', `the service failed (${status})`, { counts: true });
  return new SourceFault('misconfigured', `the service answered with status ${status}`, { counts: status === 401 || status === 403 || status === 404 });
}

function broken(error: unknown): boolean {
  return codeOf(error) === 'UND_ERR_SOCKET' || codeOf(error) === 'ECONNRESET' || codeOf(error) === 'EPIPE';
}

function httpFault(error: unknown): SourceFault {
  if (error instanceof SourceFault) return error;
  const code = codeOf(error);
  if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') return new SourceFault('misconfigured', 'the answer of the service is too long');
  if (code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT' || code === 'UND_ERR_ABORTED') return new SourceFault('timeout', 'the service did not answer in time', { counts: true });
  return new SourceFault('down', 'the service cannot be reached', { counts: true });
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
