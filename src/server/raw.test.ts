import { connect, type Socket } from 'node:net';

import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';

import { call, inquire } from './testing/call.ts';
import { lastBody, raw } from './testing/raw.ts';
import { echoExchange, startTest, stopAll, testDeps } from './testing/server.ts';

afterEach(stopAll);

const post = (headers: string, body = ''): string => `POST /v1/inquiries HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n${headers}\r\n${body}`;

describe('input that is not what HTTP should be', () => {
  it.each([
    ['both lengths', post('Content-Length: 5\r\nTransfer-Encoding: chunked\r\n', '0\r\n\r\n')],
    ['two lengths', post('Content-Length: 5\r\nContent-Length: 6\r\n', 'DQ.AB')],
    ['a negative length', post('Content-Length: -5\r\n', 'DQ.AB')],
    ['a length that is no number', post('Content-Length: 5x\r\n', 'DQ.AB')],
    ['a chunk size that is no number', post('Transfer-Encoding: chunked\r\n', 'ZZ\r\nDQ\r\n0\r\n\r\n')],
    ['a coding that is not chunked', post('Transfer-Encoding: gzip\r\n', 'DQ')],
    ['a bare line feed', 'GET / HTTP/1.1\nHost: localhost\n\n'],
    ['a folded header', 'GET / HTTP/1.1\r\nHost: localhost\r\nX: a\r\n b\r\n\r\n'],
    ['a space before the colon', 'GET / HTTP/1.1\r\nHost : localhost\r\n\r\n'],
    ['a control character in a header', 'GET / HTTP/1.1\r\nHost: localhost\r\nX: a\u0001b\r\n\r\n'],
    ['a zero byte in the address', 'GET /\u0000 HTTP/1.1\r\nHost: localhost\r\n\r\n'],
    ['a method in lower case', 'get / HTTP/1.1\r\nHost: localhost\r\n\r\n'],
    ['HTTP/2 without a promise', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['a TLS greeting', '\u0016\u0003\u0001\u0002\u0000\u0001\u0000'],
    ['nonsense', 'JORDAN SAMPLE 1990-01-31\r\n\r\n'],
  ])('%s is answered with a problem and the connection is closed', async (_name, bytes) => {
    const exchange = echoExchange();
    const { port, url } = await startTest(testDeps({ exchange }));
    const answer = await raw(port, Buffer.from(bytes, 'latin1'));
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toMatch(/connection: close/i);
    expect(JSON.parse(lastBody(answer))).toMatchObject({ type: 'urn:weir:problem:malformedRequest', status: 400 });
    expect(answer).not.toContain('SAMPLE');
    expect(exchange.seen).toHaveLength(0);
    expect((await inquire(url)).status).toBe(200);
  });

  it('a body that ends too early is not passed on', async () => {
    const exchange = echoExchange();
    const { port, url } = await startTest(testDeps({ exchange }));
    await raw(port, post('Content-Length: 50\r\n', 'DQ.AB'), { end: true });
    await raw(port, post('Transfer-Encoding: chunked\r\n', '5\r\nDQ.AB\r\n'), { end: true });
    expect((await inquire(url)).status).toBe(200);
    expect(exchange.seen).toHaveLength(1);
  });

  it('answers a thousand odd requests that are pipelined, each with its own problem and in order', async () => {
    const exchange = echoExchange();
    const { port, url } = await startTest(testDeps({ exchange }));
    const odd: readonly (readonly [string, number])[] = [
      ['GET /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n', 404],
      ['GET /%zz HTTP/1.1\r\nHost: localhost\r\n\r\n', 400],
      ['PUT /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n', 405],
      ['GET /healthz HTTP/1.1\r\nHost: elsewhere.example\r\n\r\n', 421],
      ['GET /v1/registry/agencies/%00 HTTP/1.1\r\nHost: localhost\r\n\r\n', 400],
      ['GET /v1/tickets/../../etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n', 404],
      ['PROPFIND /v1/inquiries HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n', 405],
      ['POST /v1/inquiries HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nContent-Type: text/plain\r\n\r\n', 400],
      ['POST /v1/inquiries HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nDQ', 200],
      ['HEAD /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n', 200],
    ];
    const wanted: number[] = [];
    let stream = '';
    for (let i = 0; i < 1000; i += 1) {
      const [text, status] = odd[(i * 7) % odd.length]!;
      stream += text;
      wanted.push(status);
    }
    const answers = await raw(port, `${stream}GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
    const statuses = [...answers.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
    expect(statuses).toEqual([...wanted, 200]);
    expect(exchange.seen).toHaveLength(wanted.filter((status, i) => status === 200 && odd[(i * 7) % odd.length]![0].startsWith('POST')).length);
    expect((await inquire(url)).status).toBe(200);
  });

  it('bears whatever bytes are sent', async () => {
    const { port, url } = await startTest(testDeps());
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
      const answer = await raw(port, Buffer.from(bytes), { end: true });
      expect(answer === '' || /^HTTP\/1\.1 4\d\d /.test(answer)).toBe(true);
    }), { numRuns: 100 });
    expect((await call(`${url}/healthz`)).status).toBe(200);
  });

  it('does not let an answer to one request be taken for that to another', async () => {
    let release: (() => void) | undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const exchange = echoExchange();
    const { port } = await startTest(testDeps({ exchange: { handle: async (incoming) => { await held; return exchange.handle(incoming); } } }));
    const answer = raw(port, `${post('Content-Length: 2\r\n', 'DQ')}not HTTP at all\r\n\r\n`);
    // The broken second request ends the connection; a 400 here would look like the answer to the first.
    expect(await answer).toBe('');
    release?.();
  });

  it('closes a connection that says nothing, or drips', async () => {
    const { port } = await startTest(testDeps({ limits: { headersTimeout: 100, requestTimeout: 200, checkEvery: 25 } }));
    const dripping = new Promise<string>((resolve) => {
      let seen = '';
      const socket: Socket = connect(port, '127.0.0.1', () => socket.write('POST /v1/inquiries HTTP/1.1\r\nHost: localhost\r\n'));
      const drip = setInterval(() => socket.write('X: y\r\n'), 20);
      socket.on('data', (chunk) => (seen += chunk.toString()));
      socket.on('error', () => undefined);
      socket.on('close', () => { clearInterval(drip); resolve(seen); });
    });
    expect(await raw(port, '')).toMatch(/^(?:HTTP\/1\.1 408 |$)/);
    expect(await dripping).toMatch(/^HTTP\/1\.1 408 /);
    expect(await raw(port, post('Content-Length: 50\r\n', 'DQ'))).toMatch(/^(?:HTTP\/1\.1 408 |$)/);
  });

  it('takes no more connections than its limit', async () => {
    const { port, url } = await startTest(testDeps({ limits: { connections: 2 } }));
    const open = [connect(port, '127.0.0.1'), connect(port, '127.0.0.1')];
    await Promise.all(open.map((socket) => new Promise((resolve) => socket.once('connect', resolve))));
    expect(await raw(port, 'GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')).toBe('');
    await Promise.all(open.map((socket) => new Promise((resolve) => { socket.once('close', resolve); socket.destroy(); })));
    await expect.poll(() => call(`${url}/healthz`).then(({ status }) => status, () => 0)).toBe(200);
  });
});
