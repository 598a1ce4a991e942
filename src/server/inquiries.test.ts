import { afterEach, describe, expect, it } from 'vitest';

import { formatOfType } from '../wire/index.ts';
import { inquire } from './testing/call.ts';
import { raw } from './testing/raw.ts';
import { echoExchange, startTest, stopAll, testDeps } from './testing/server.ts';

afterEach(stopAll);

async function start(exchange = echoExchange()) {
  const deps = testDeps({ exchange });
  const { url, port } = await startTest(deps);
  return { url, port, exchange, metrics: deps.metrics };
}

describe('POST /v1/inquiries', () => {
  it('hands the body to the exchange as it came, under the format of its content type', async () => {
    const { url, exchange } = await start();
    const body = Buffer.from([0x44, 0x51, 0x2e, 0xff, 0x00, 0x7b]);
    for (const [type, format] of formatOfType) {
      const answer = await inquire(url, { body, headers: { 'content-type': type } });
      expect(answer.body).toBe(`format ${format}`);
    }
    expect(exchange.seen.map(({ format }) => format)).toEqual([...formatOfType.values()]);
    for (const { body: seen, credential } of exchange.seen) {
      expect(Buffer.from(seen)).toEqual(body);
      expect(credential).toEqual({ fingerprint: null, oris: null });
    }
  });

  it('takes UTF-8 in any spelling and no other charset, and no content coding', async () => {
    const { url, exchange } = await start();
    const statusOf = async (headers: Record<string, string>): Promise<number> => (await inquire(url, { headers })).status;
    expect(await statusOf({ 'content-type': 'Text/Plain; charset="UTF-8"' })).toBe(200);
    expect(await statusOf({ 'content-type': 'application/json;charset=utf-8' })).toBe(200);
    expect(await statusOf({ 'content-type': 'text/plain; charset=iso-8859-1' })).toBe(415);
    for (const odd of ['utf-7', '', '"utf-8', '\'utf-8\'', 'utf-8; charset=utf-16']) expect(await statusOf({ 'content-type': `text/plain; charset=${odd}` }), odd).toBe(415);
    expect(await statusOf({ 'content-type': 'text/plain; charset =utf-16' })).toBe(415);
    expect(await statusOf({ 'content-encoding': 'gzip' })).toBe(415);
    expect(exchange.seen).toHaveLength(2);
  });

  it('writes the answer of the exchange with its status, type, id and waiting time', async () => {
    const { url } = await start(echoExchange({ status: 503, contentType: 'application/problem+json', body: Buffer.from('{"busy":1}'), id: 'abc', retryAfter: 7, outcome: 'busy' }));
    const answer = await inquire(url);
    expect(answer.status).toBe(503);
    expect(answer.body).toBe('{"busy":1}');
    expect(answer.headers).toMatchObject({ 'content-type': expect.stringMatching(/^application\/problem\+json/) as string, 'weir-inquiry': 'abc', 'retry-after': '7', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
    expect(answer.headers['weir-demonstration']).toBeDefined();
  });

  it('passes the idempotency key on, and only a good one', async () => {
    const { url, exchange } = await start();
    expect((await inquire(url, { headers: { 'idempotency-key': 'key 1 ~' } })).status).toBe(200);
    expect((await inquire(url, { headers: { 'idempotency-key': 'k'.repeat(128) } })).status).toBe(200);
    expect((await inquire(url)).status).toBe(200);
    expect(exchange.seen.map(({ idempotencyKey }) => idempotencyKey)).toEqual(['key 1 ~', 'k'.repeat(128), null]);
    for (const bad of ['k'.repeat(129), 'a\tb', 'caf\u00e9', '']) {
      expect((await inquire(url, { headers: { 'idempotency-key': bad } })).status).toBe(400);
    }
    expect(exchange.seen).toHaveLength(3);
  });

  it('gives a well-formed trace back and nothing else', async () => {
    const { url } = await start();
    const good = `00-${'ab'.repeat(16)}-${'cd'.repeat(8)}-01`;
    expect((await inquire(url, { headers: { traceparent: good } })).headers['traceparent']).toBe(good);
    for (const bad of [`00-${'0'.repeat(32)}-${'cd'.repeat(8)}-01`, `ff-${'ab'.repeat(16)}-${'cd'.repeat(8)}-01`, `${good}-SAMPLE`, 'JORDAN']) {
      expect((await inquire(url, { headers: { traceparent: bad } })).headers['traceparent']).toBeUndefined();
    }
  });

  it('takes a body of exactly the limit, declared or in chunks, and not one byte more', async () => {
    const { url, exchange } = await start();
    const limit = 64 * 1024;
    for (const headers of [{}, { 'transfer-encoding': 'chunked' }]) {
      expect((await inquire(url, { body: Buffer.alloc(limit, 65), headers })).status).toBe(200);
      expect((await inquire(url, { body: Buffer.alloc(limit + 1, 65), headers })).status).toBe(413);
    }
    expect(exchange.seen.map(({ body }) => body.length)).toEqual([limit, limit]);
  });

  it('does not wait for a body that is declared too large', async () => {
    const { port } = await start();
    const answer = await raw(port, 'POST /v1/inquiries HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nContent-Length: 99999999999\r\n\r\nDQ');
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
  });

  it('answers an exchange that fails to keep its promise, without its message', async () => {
    for (const handle of [() => Promise.reject(new Error('SAMPLE JORDAN')), () => { throw new Error('SAMPLE JORDAN'); }]) {
      const { url } = await startTest(testDeps({ exchange: { handle } }));
      const answer = await inquire(url);
      expect(answer.status).toBe(500);
      expect(answer.body).not.toContain('SAMPLE');
    }
  });

  it('counts messages by format, outcome and status', async () => {
    const { url, metrics } = await start();
    await inquire(url);
    await inquire(url, { headers: { 'content-type': 'application/json' } });
    await inquire(url, { headers: { 'content-type': 'application/json' } });
    const text = await metrics.registry.metrics();
    expect(text).toContain('weir_inquiries_total{format="legacy",outcome="answered",status="200"} 1');
    expect(text).toContain('weir_inquiries_total{format="json",outcome="answered",status="200"} 2');
    expect(text).toContain('weir_inquiry_seconds_count 3');
    await inquire(url);
    expect(await metrics.registry.metrics()).toContain('weir_inquiries_total{format="legacy",outcome="answered",status="200"} 2');
  });
});
