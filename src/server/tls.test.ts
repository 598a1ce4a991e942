import { Agent } from 'node:https';
import { connect as connectTcp } from 'node:net';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';

import { afterEach, beforeAll, describe, expect, it } from 'vitest';

import { buildServer } from './app.ts';
import type { Enrolment, ServerDeps } from './deps.ts';
import { ListenError } from './errors.ts';
import { call, inquire } from './testing/call.ts';
import { testAuthority, type TestAuthority, type TestCertificate } from './testing/certificates.ts';
import { agency, echoExchange, startTest, stopAll, testDeps, ticket } from './testing/server.ts';

let authority: TestAuthority;
let server: TestCertificate;
let police: TestCertificate;
let sheriff: TestCertificate;
const agents: Agent[] = [];

beforeAll(async () => {
  authority = await testAuthority('Test authority');
  server = await authority.issue('exchange', 'server');
  police = await authority.issue('police', 'client');
  sheriff = await authority.issue('sheriff', 'client');
});
afterEach(async () => {
  for (const agent of agents.splice(0)) agent.destroy();
  await stopAll();
});

/** A listener on which the police are enrolled; what the map holds may change while it runs. */
async function start(change: Partial<ServerDeps> = {}) {
  const enrolled = new Map<string, Enrolment>([[police.fingerprint, { oris: new Set([agency.ori]) }]]);
  const exchange = echoExchange();
  const deps = testDeps({
    mode: 'production', exchange, credentials: { of: (fingerprint) => enrolled.get(fingerprint) ?? null },
    listener: { kind: 'mtls', key: server.key, cert: server.cert, ca: [authority.cert] }, ...change,
  });
  return { ...(await startTest(deps)), enrolled, exchange, metrics: deps.metrics };
}

/** One connection that is kept, as an agency system keeps it. */
function agentOf(certificate: TestCertificate): Agent {
  const agent = new Agent({ ca: authority.cert, cert: certificate.cert, key: certificate.key, keepAlive: true, maxSockets: 1 });
  agents.push(agent);
  return agent;
}

describe('mutual TLS', () => {
  it('gives the exchange the fingerprint and the ORIs of the certificate', async () => {
    const { url, exchange } = await start();
    const agent = agentOf(police);
    expect((await inquire(url, { agent })).status).toBe(200);
    expect((await inquire(url, { agent })).status).toBe(200);
    expect(exchange.seen.map(({ credential }) => credential.fingerprint)).toEqual([police.fingerprint, police.fingerprint]);
    expect([...(exchange.seen[0]?.credential.oris ?? [])]).toEqual([agency.ori]);
    expect(police.fingerprint).toMatch(/^[0-9a-f]{64}$/);
  });

  it('has no mark of the demonstration, and asks for TLS ever after', async () => {
    const { url } = await start();
    const { headers } = await inquire(url, { agent: agentOf(police) });
    expect(headers['weir-demonstration']).toBeUndefined();
    expect(headers['strict-transport-security']).toMatch(/^max-age=/);
  });

  it('does not pass on what an unknown certificate asks', async () => {
    const { url, exchange } = await start();
    const agent = agentOf(sheriff);
    expect((await inquire(url, { agent })).status).toBe(403);
    for (const path of ['/v1/owners', '/v1/vocabulary', `/v1/tickets/${ticket.id}`, `/v1/registry/agencies/${agency.ori}`]) {
      expect((await call(`${url}${path}`, { agent })).status).toBe(403);
    }
    expect(exchange.seen).toHaveLength(0);
  });

  it('knows a revocation, an enrolment and new ORIs at once, on a connection that is open', async () => {
    const { url, enrolled, exchange } = await start();
    const agent = agentOf(police);
    expect((await inquire(url, { agent })).status).toBe(200);
    enrolled.delete(police.fingerprint);
    expect((await inquire(url, { agent })).status).toBe(403);
    enrolled.set(police.fingerprint, { oris: new Set(['ZZ0000102']) });
    expect((await inquire(url, { agent })).status).toBe(200);
    expect(exchange.seen.map(({ credential }) => [...(credential.oris ?? [])])).toEqual([[agency.ori], ['ZZ0000102']]);
  });

  it('shows a ticket to the ORIs that asked, and to nobody else', async () => {
    const { url, enrolled } = await start();
    enrolled.set(sheriff.fingerprint, { oris: new Set(['ZZ0000900']) });
    const own = await call(`${url}/v1/tickets/${ticket.id}`, { agent: agentOf(police) });
    expect(own.status).toBe(200);
    expect(JSON.parse(own.body)).toEqual(ticket);
    const other = await call(`${url}/v1/tickets/${ticket.id}`, { agent: agentOf(sheriff) });
    const none = await call(`${url}/v1/tickets/WA-0000-0000-0000-0000`, { agent: agentOf(sheriff) });
    expect(other.status).toBe(404);
    // Not even that it exists.
    expect(withoutInstance(other.body)).toEqual(withoutInstance(none.body));
  });

  it('shows the counters to operators only', async () => {
    const { url, enrolled } = await start();
    const agent = agentOf(police);
    expect((await call(`${url}/metrics`, { agent })).status).toBe(403);
    enrolled.set(police.fingerprint, { oris: new Set(), operator: true });
    expect((await call(`${url}/metrics`, { agent })).status).toBe(200);
  });

  it('has no form, and no host check', async () => {
    const { url } = await start();
    const agent = new Agent({ ca: authority.cert, cert: police.cert, key: police.key, checkServerIdentity: () => undefined });
    agents.push(agent);
    expect((await call(`${url}/try`, { agent })).status).toBe(404);
    expect((await call(`${url}/healthz`, { agent, headers: { host: 'weir.example' } })).status).toBe(200);
  });

  it('refuses a client without a certificate, of another authority, or with an old protocol', async () => {
    const { port, url, exchange, metrics } = await start();
    const stranger = await (await testAuthority('Another authority')).issue('stranger', 'client');
    const good = { cert: police.cert, key: police.key };
    expect(await handshake(port, {})).not.toBe('answered');
    expect(await handshake(port, { cert: stranger.cert, key: stranger.key })).not.toBe('answered');
    expect(await handshake(port, { cert: server.cert, key: server.key })).not.toBe('answered');
    expect(await handshake(port, { ...good, maxVersion: 'TLSv1.1', minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' })).not.toBe('answered');
    expect(await handshake(port, { ...good, maxVersion: 'TLSv1.2' })).toBe('answered');
    expect(await handshake(port, good)).toBe('answered');
    expect(exchange.seen).toHaveLength(0);
    expect((await inquire(url, { agent: agentOf(police) })).status).toBe(200);
    expect(await metrics.registry.metrics()).toMatch(/weir_tls_refused_total [1-9]/);
  });

  it('knows the certificate of a session that is taken up again', async () => {
    const { port, enrolled } = await start();
    const good = { cert: police.cert, key: police.key };
    for (const maxVersion of ['TLSv1.3', 'TLSv1.2'] as const) {
      const first = await answered(port, { ...good, maxVersion });
      expect(first.status).toBe(200);
      const again = await answered(port, { ...good, maxVersion, session: first.session });
      expect(again).toMatchObject({ reused: true, status: 200 });
      enrolled.delete(police.fingerprint);
      expect(await answered(port, { ...good, maxVersion, session: first.session })).toMatchObject({ reused: true, status: 403 });
      enrolled.set(police.fingerprint, { oris: new Set([agency.ori]) });
    }
  });

  it('does not let a client negotiate again, so that its certificate stays the one that was read', async () => {
    const { port } = await start();
    const socket = connect({ port, host: '127.0.0.1', ca: authority.cert, cert: police.cert, key: police.key, maxVersion: 'TLSv1.2' });
    await new Promise((resolve) => socket.once('secureConnect', resolve));
    const outcome = await new Promise<string>((resolve) => {
      socket.once('error', () => resolve('refused'));
      socket.once('close', () => resolve('closed'));
      socket.renegotiate({}, (error) => resolve(error === null ? 'negotiated again' : 'refused'));
    });
    socket.destroy();
    expect(outcome).not.toBe('negotiated again');
  });

  it('tells plain HTTP nothing', async () => {
    const { port } = await start();
    const answer = await new Promise<string>((resolve) => {
      let seen = '';
      const socket = connectTcp(port, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'));
      socket.on('data', (chunk) => (seen += chunk.toString('latin1')));
      socket.on('error', () => undefined);
      socket.on('close', () => resolve(seen));
    });
    expect(answer).not.toContain('HTTP/');
  });
});

describe('what may be built', () => {
  it('is no plain HTTP in production', () => {
    expect(codeOf(() => buildServer(testDeps({ mode: 'production' })))).toBe('PLAIN_HTTP_IN_PRODUCTION');
  });

  it('needs a key, its certificate and an authority', () => {
    const tls = { kind: 'mtls', key: server.key, cert: server.cert, ca: [authority.cert] } as const;
    for (const bad of [{ key: 'no key' }, { key: police.key }, { cert: 'no certificate' }, { ca: [] }, { ca: ['no certificate'] }]) {
      expect(codeOf(() => buildServer(testDeps({ listener: { ...tls, ...bad } })))).toBe('BAD_TLS_FILES');
    }
  });
});

function withoutInstance(body: string): unknown {
  return { ...(JSON.parse(body) as object), instance: null };
}

function codeOf(build: () => unknown): string | null {
  try {
    build();
    return null;
  } catch (error) {
    return error instanceof ListenError ? error.code : 'another error';
  }
}

async function handshake(port: number, options: ConnectionOptions): Promise<string> {
  try {
    const { status } = await answered(port, options, '/healthz');
    return status === 200 ? 'answered' : `status ${status}`;
  } catch {
    return 'refused';
  }
}

interface Answered {
  readonly status: number;
  readonly session: Buffer;
  readonly reused: boolean;
}

/** One request over a connection of its own. With TLS 1.3 the refusal of a certificate comes only after the handshake. */
function answered(port: number, options: ConnectionOptions, path = '/v1/owners'): Promise<Answered> {
  return new Promise((resolve, reject) => {
    let seen = '';
    let session = Buffer.alloc(0);
    const socket: TLSSocket = connect({ port, host: '127.0.0.1', ca: authority.cert, ...options }, () => {
      socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
    });
    const reused = (): boolean => socket.isSessionReused();
    socket.on('session', (ticket_) => (session = ticket_));
    socket.on('data', (chunk: Buffer) => (seen += chunk.toString()));
    socket.on('error', reject);
    socket.on('end', () => {
      const status = /^HTTP\/1\.1 (\d{3}) /.exec(seen)?.[1];
      if (status === undefined) reject(new Error('no answer'));
      else resolve({ status: Number(status), session, reused: reused() });
      socket.destroy();
    });
  });
}
