import { Agent, request } from 'undici';
import type { OpenAddress } from './addresses.ts';
import type { Network } from './network.ts';
import type { Job, Tried } from './queue.ts';
import type { SendFault } from './types.ts';
import { signWebhook } from './webhook.ts';

/** Of what the receiver answers no more is read. */
const mostRead = 65_536;

/** What is sent. */
export interface Parcel {
  readonly contentType: string;
  readonly body: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The note that a ticket was decided: CloudEvents 1.0 in JSON, with nothing of the request in it. */
export function eventOf(job: Job): Parcel {
  const body = JSON.stringify({
    specversion: '1.0', id: job.id, source: `urn:weir:owner:${job.owner}`, type: 'gov.weir.ticket.decided', subject: job.ticket, time: job.decidedAt.toISOString(), datacontenttype: 'application/json',
    data: { ticket: job.ticket, inquiry: job.inquiry, owner: job.owner, status: job.status },
  });
  return { contentType: 'application/cloudevents+json; charset=utf-8', body };
}

/** How it is sent: `timeout` in milliseconds, from the look-up of the name to the status. */
export interface Posting {
  readonly network: Network;
  readonly now: number;
  readonly timeout: number;
  readonly stop: AbortSignal;
}

/** One attempt: posts once, follows nothing, and never rejects. The receiver controls all that comes back: only its status and a number of seconds are taken from it. */
export async function post(address: OpenAddress, job: Job, parcel: Parcel, { network, now, timeout, stop }: Posting): Promise<Tried> {
  const began = performance.now();
  const tried = (status: number | null, why: SendFault | null, retryAfter: number | null = null): Tried => ({ at: now, ms: performance.now() - began, status, why, final: status === 410, retryAfter });
  const agent = new Agent({
    connections: 1, pipelining: 0, maxResponseSize: mostRead, maxHeaderSize: 16_384, headersTimeout: timeout, bodyTimeout: timeout,
    connect: { timeout, lookup: network.lookup, ...(address.ca === null ? {} : { ca: address.ca }) },
  });
  const signal = AbortSignal.any([stop, AbortSignal.timeout(timeout)]);
  try {
    const response = await request(address.url, {
      method: 'POST', dispatcher: agent, signal, body: typeof parcel.body === 'string' ? parcel.body : Buffer.from(parcel.body),
      headers: { 'content-type': parcel.contentType, 'user-agent': 'weir', ...parcel.headers, ...signWebhook(job.id, parcel.body, address.secrets, now) },
    });
    const { statusCode: status, headers } = response;
    await response.body.dump({ limit: mostRead }).catch(() => undefined);
    if (status >= 200 && status < 300) return tried(status, null);
    return tried(status, status >= 300 && status < 400 ? 'redirect' : 'status', secondsOf(headers['retry-after']));
  } catch (error) {
    return tried(null, faultOf(error));
  } finally {
    await agent.destroy().catch(() => undefined);
  }
}

function secondsOf(header: string | readonly string[] | undefined): number | null {
  return typeof header === 'string' && /^\d{1,6}$/.test(header) ? Number(header) : null;
}

function faultOf(error: unknown): SendFault {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const name = error instanceof Error ? error.name : '';
  if (code === 'WEIR_REFUSED') return 'refused';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'name';
  if (name === 'TimeoutError' || name === 'AbortError' || /TIMEOUT|UND_ERR_ABORTED/.test(code)) return 'timeout';
  if (/CERT|SSL|TLS|SELF_SIGNED|UNABLE_TO_/.test(code)) return 'certificate';
  return 'down';
}
