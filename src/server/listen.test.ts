import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

import { afterEach, describe, expect, it } from 'vitest';

import { buildServer } from './app.ts';
import { ListenError } from './errors.ts';
import { startListener } from './listen.ts';
import { inquire } from './testing/call.ts';
import { echoExchange, startTest, stopAll, testDeps } from './testing/server.ts';

afterEach(stopAll);

async function codeOf(starting: Promise<unknown>): Promise<string | null> {
  const error: unknown = await starting.then(() => null, (reason: unknown) => reason);
  return error === null ? null : error instanceof ListenError ? error.code : 'another error';
}

function held() {
  let release: () => void = () => undefined;
  let begun: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => (release = resolve));
  const started = new Promise<void>((resolve) => (begun = resolve));
  const echo = echoExchange();
  return { exchange: { handle: async (incoming: Parameters<typeof echo.handle>[0]) => { begun(); await gate; return echo.handle(incoming); } }, started, release: () => release() };
}

const gone = (socket: Socket): Promise<void> => new Promise((resolve) => { socket.on('error', () => undefined); socket.once('close', () => resolve()); });

describe('startListener', () => {
  it('says which port it took and answers there', async () => {
    const { url, port } = await startTest(testDeps());
    expect(url).toBe(`http://localhost:${port}`);
    expect((await inquire(`http://127.0.0.1:${port}`)).status).toBe(200);
  });

  it('tells of a port in use, of an address that is not here, and of one that is not loopback', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => taken.once('listening', resolve));
    const { port } = taken.address() as AddressInfo;
    expect(await codeOf(startListener(buildServer(testDeps()), { host: '127.0.0.1', port }))).toBe('PORT_IN_USE');
    await new Promise((resolve) => taken.close(resolve));
    for (const host of ['0.0.0.0', '::', '192.0.2.1', 'example.org']) {
      expect(await codeOf(startListener(buildServer(testDeps()), { host, port: 0 }))).toBe('NOT_LOOPBACK');
    }
  });

  it('does not answer over plain HTTP what did not come over loopback, whatever it was made to listen on', async () => {
    const app = buildServer(testDeps());
    await app.listen({ host: '0.0.0.0', port: 0 });
    const { port } = app.server.address() as AddressInfo;
    const outside = Object.values((await import('node:os')).networkInterfaces()).flat().find((one) => one?.internal === false && one.family === 'IPv4')?.address;
    try {
      expect((await inquire(`http://127.0.0.1:${port}`)).status).toBe(200);
      if (outside !== undefined) await expect(inquire(`http://${outside}:${port}`)).rejects.toThrow();
    } finally {
      await app.close();
    }
  });
});

describe('close', () => {
  it('lets a request under way finish, takes no new connection, and closes those that idle', async () => {
    const { exchange, started, release } = held();
    const listener = await startTest(testDeps({ exchange }));
    const idle = connect(listener.port, '127.0.0.1');
    await new Promise((resolve) => idle.once('connect', resolve));
    const answer = inquire(listener.url);
    await started;
    const closing = listener.close();
    await gone(idle);
    await expect(inquire(listener.url)).rejects.toThrow();
    release();
    expect((await answer).status).toBe(200);
    await closing;
  });

  it('does not wait for ever: what is not answered in time is cut off', async () => {
    const { exchange, started } = held();
    const listener = await startListener(buildServer(testDeps({ exchange })), { host: '127.0.0.1', port: 0, grace: 100 });
    const answer = inquire(listener.url).then(() => 'answered', () => 'cut off');
    await started;
    await listener.close();
    expect(await answer).toBe('cut off');
  });

  it('closes a connection that is kept alive once its last answer is out', async () => {
    const { exchange, started, release } = held();
    const listener = await startTest(testDeps({ exchange }));
    const socket = connect(listener.port, '127.0.0.1');
    let seen = '';
    socket.on('data', (chunk) => (seen += chunk.toString()));
    socket.write('POST /v1/inquiries HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nDQ');
    await started;
    const closing = listener.close();
    release();
    await gone(socket);
    await closing;
    expect(seen).toMatch(/^HTTP\/1\.1 200 /);
    expect(seen).toContain('format legacy');
  });

  it('may be called twice', async () => {
    const listener = await startTest(testDeps());
    await Promise.all([listener.close(), listener.close()]);
    await listener.close();
  });
});
