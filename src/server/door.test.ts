import { afterEach, describe, expect, it } from 'vitest';

import { call, inquire } from './testing/call.ts';
import { raw } from './testing/raw.ts';
import { startTest, stopAll, testDeps } from './testing/server.ts';

afterEach(stopAll);

describe('the door of the demonstration', () => {
  it.each(['localhost', 'localhost:8080', 'LOCALHOST', '127.0.0.1:1', '[::1]:8080', '[::1]'])('opens for the host %s', async (host) => {
    const { url } = await startTest(testDeps());
    expect((await call(`${url}/healthz`, { headers: { host } })).status).toBe(200);
  });

  it.each(['example.org', 'localhost.example.org', '127.0.0.1.example.org', 'localhost@example.org', '127.0.0.2', '10.0.0.1', '[::2]', 'localhost:80:80'])(
    'stays shut for the host "%s"', async (host) => {
      const { url } = await startTest(testDeps());
      for (const path of ['/', '/healthz', '/nothing', '/docs', '/openapi.json', '/v1/owners']) {
        expect((await call(`${url}${path}`, { headers: { host } })).status).toBe(421);
      }
    },
  );

  it('asks for a host', async () => {
    const { port } = await startTest(testDeps());
    expect(await raw(port, 'GET /healthz HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1\.1 421 /);
    expect(await raw(port, 'GET /healthz HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n')).toMatch(/^HTTP\/1\.1 421 /);
    expect(await raw(port, 'GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
    expect(await raw(port, 'GET /healthz HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\nConnection: close\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
  });

  it('takes queries from its own pages and from programs, not from other sites', async () => {
    const { url } = await startTest(testDeps());
    const host = url.slice('http://'.length);
    const statusOf = async (headers: Record<string, string>): Promise<number> => (await inquire(url, { headers })).status;
    expect(await statusOf({ origin: `http://${host}`, 'sec-fetch-site': 'same-origin' })).toBe(200);
    expect(await statusOf({})).toBe(200);
    for (const origin of ['https://example.org', 'null', `https://${host}`, 'http://localhost:1', `http://${host}.example.org`]) expect(await statusOf({ origin })).toBe(403);
    expect(await statusOf({ 'sec-fetch-site': 'cross-site' })).toBe(403);
    expect((await call(`${url}/`, { headers: { 'sec-fetch-site': 'cross-site' } })).status).toBe(200);
  });

  it('marks every answer, also what is not found', async () => {
    const { url } = await startTest(testDeps());
    for (const path of ['/', '/nothing', '/%zz', '/healthz', '/docs/files/static/swagger-ui.css']) {
      const { headers } = await call(`${url}${path}`);
      expect(headers['weir-demonstration']).toBeDefined();
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['content-security-policy']).toContain("default-src 'none'");
    }
  });
});
