import { createServer as createPlain, type IncomingHttpHeaders, type Server } from 'node:http';
import { createServer as createSecure } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { VerdictEntry } from '../../model/index.ts';
import type { Sql } from '../../store/index.ts';

/** What a receiver got. */
export interface Got {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** How a receiver answers; `silent` never does. */
export type Answering = { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string } | 'silent' | 'hangUp';

/** A receiver on loopback, over TLS where it has a certificate. `answer` may be replaced at any time. */
export interface Receiver {
  readonly url: string;
  readonly got: Got[];
  answer: (got: Got) => Answering;
  close(): Promise<void>;
}

export async function startReceiver(tls: { readonly key: string; readonly cert: string } | null = null): Promise<Receiver> {
  const got: Got[] = [];
  const server: Server = (tls === null ? createPlain() : createSecure(tls));
  server.on('request', (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const one = { path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks) };
      got.push(one);
      const answer = receiver.answer(one);
      if (answer === 'silent') return;
      if (answer === 'hangUp') return void request.socket.destroy();
      response.writeHead(answer.status, answer.headers ?? {}).end(answer.body ?? '');
    });
  });
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  const receiver: Receiver = {
    url: `${tls === null ? 'http' : 'https'}://127.0.0.1:${(server.address() as AddressInfo).port}/late`, got, answer: () => ({ status: 200 }),
    close: () => new Promise((done) => {
      server.closeAllConnections();
      server.close(() => done());
    }),
  };
  return receiver;
}

let count = 0;

/** The entry of a verdict in the outbox, as if it were recorded; `null` where it waits for that yet. */
export async function verdict(sql: Sql, change: Partial<VerdictEntry> = {}, recorded: 'now' | 'longAgo' | null = 'now'): Promise<string> {
  count += 1;
  const ticket = change.ticket ?? `WA-3F7K-Q2XD-9HTB-${String(count).padStart(4, '0')}`;
  const entry: VerdictEntry = {
    type: 'verdict', v: 1, id: `verdict-${ticket}`, at: '2026-03-02T18:00:00.000Z', inquiry: '01933f5a-7c00-7abc-8def-0123456789ab', ticket, entry: 'decision-1', requester: 'ZZ0000101', verdict: 'released', who: 'A-REVIEWER0001',
    role: 'reviewer', reason: 'lawAllows', decisions: [], released: ['photo'], records: 1, releasedHash: 'ab'.repeat(32), policyVersion: 14, policyHash: 'cd'.repeat(32), subjectTag: null, recordTags: [], sealed: null, owner: 'WA', ...change,
  };
  const at = recorded === null ? null : new Date(Date.now() + 1 - (recorded === 'longAgo' ? 8 * 86_400_000 : 0));
  await sql`insert into ledger_outbox (entry, recorded_at) values (${sql.json(entry as never)}, ${at})`;
  return ticket;
}
