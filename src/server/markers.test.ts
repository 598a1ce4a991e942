import { Writable } from 'node:stream';

import { fastify } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';

import { createLog, frameworkLog, noRequestLines } from './logging.ts';
import { call, inquire } from './testing/call.ts';
import { raw } from './testing/raw.ts';
import { echoExchange, startTest, stopAll, testDeps } from './testing/server.ts';

afterEach(stopAll);

/** Values of an invented person. None may be found in a log line, a counter or a problem. */
const planted = ['WDLPLANTED77', 'PLANTEDNAME', 'PLANTED9911', '555-0199'];
const [licence = '', name = '', user = '', phone = ''] = planted;

function recorder() {
  const lines: string[] = [];
  const destination = new Writable({ write(chunk: Buffer, _encoding, done) { lines.push(chunk.toString()); done(); } });
  return { lines, log: createLog('trace', destination) };
}

describe('personal data', () => {
  it('reaches neither the log nor the counters nor a problem, wherever it is put', async () => {
    const { lines, log } = recorder();
    const failing = { handle: () => Promise.reject(Object.assign(new Error(`no record of ${name} ${licence}`), { code: 'EBROKEN', query: licence })) };
    const deps = testDeps({ log, exchange: echoExchange(), health: () => { throw new Error(name); } });
    const broken = testDeps({ log, exchange: failing, metrics: deps.metrics, tickets: { find: () => Promise.reject(new Error(`${name} ${phone}`)) } });
    const good = await startTest(deps);
    const bad = await startTest(broken);
    const headers = { 'x-name': name, 'user-agent': user, authorization: `Basic ${user}`, cookie: `u=${user}`, 'x-request-id': user, 'request-id': user, referer: `http://localhost/${name}`, traceparent: user };
    const bodies: string[] = [];
    for (const { url, port } of [good, bad]) {
      const keep = async (answer: Promise<{ body: string; headers: object }>): Promise<void> => {
        const { body, headers: sent } = await answer;
        bodies.push(body, JSON.stringify(sent));
      };
      await keep(inquire(url, { body: `DQ.ZZ0000101.WA.TXT NAM/${name}.OLN/${licence}.`, headers }));
      await keep(inquire(url, { body: `{"user":"${user}"`, headers: { ...headers, 'content-type': 'application/json', 'idempotency-key': `${user}\u00e9` } }));
      await keep(inquire(url, { headers: { ...headers, 'content-type': `text/${name}`, accept: `x/${name}` } }));
      await keep(inquire(url, { headers: { ...headers, accept: `x/${name}` } }));
      await keep(inquire(url, { headers: { ...headers, 'content-encoding': name } }));
      for (const path of [`/v1/tickets/${licence}`, '/v1/tickets/WA-3F7K-Q2XD-9HTB-M4VE', `/v1/registry/agencies/${name}`, `/${licence}?name=${name}`, `/%zz${name}`, `/try?about=${name}`, `/docs/files/static/${name}`, `/readyz?${name}`, `/v1/tickets/${'x'.repeat(200)}${name}`]) {
        await keep(call(`${url}${path}`, { headers }));
      }
      await keep(call(`${url}/try?about=licence`, { method: 'PUT', body: name, headers }));
      bodies.push(await raw(port, `GET /${name} HTTP/1.1\r\nHost: localhost\r\nBad ${licence}\r\n\r\n`));
      bodies.push(await raw(port, `GET /${name} HTTP/1.1\r\nHost: ${name}\r\nConnection: close\r\n\r\n`));
      await raw(port, `POST /v1/inquiries HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nContent-Length: 90\r\n\r\n${name}`, { end: true });
    }
    log.error(new Error(name));
    log.error({ error: new Error(name) });
    log.error({ err: new Error(name) });
    log.warn({ req: { url: `/${name}` }, res: { name } }, 'a line of ours');
    await stopAll();

    const everything = [...lines, await deps.metrics.registry.metrics(), ...bodies].join('\n');
    for (const value of planted) expect(everything).not.toContain(value);
    expect(lines.length).toBeGreaterThan(20);
    expect(lines.join('')).toContain('EBROKEN');
  });

  it('has the way, the pattern of the route, the status and the inquiry in the log instead', async () => {
    const { lines, log } = recorder();
    const { url } = await startTest(testDeps({ log, exchange: echoExchange({ id: 'inquiry-1' }) }));
    await inquire(url);
    await call(`${url}/v1/registry/agencies/ZZ0000101`);
    await call(`${url}/somewhere`);
    await expect.poll(() => lines.filter((line) => line.includes('answered')).length).toBe(3);
    const seen = lines.map((line) => JSON.parse(line) as Record<string, unknown>).filter(({ msg }) => msg === 'answered');
    expect(seen.map(({ method, route, status, inquiry }) => ({ method, route, status, inquiry }))).toEqual([
      { method: 'POST', route: '/v1/inquiries', status: 200, inquiry: 'inquiry-1' },
      { method: 'GET', route: '/v1/registry/agencies/:ori', status: 200, inquiry: null },
      { method: 'GET', route: 'none', status: 404, inquiry: null },
    ]);
    for (const line of seen) expect(Object.keys(line).sort()).toEqual(['inquiry', 'level', 'method', 'ms', 'msg', 'name', 'route', 'status', 'time']);
  });

  it('is kept out of what the web framework says by itself, which quotes addresses', async () => {
    const { lines, log } = recorder();
    const app = fastify({ loggerInstance: frameworkLog(log), logController: noRequestLines });
    app.get('/*', (_request, reply) => { reply.send('once'); reply.send('twice'); });
    await app.inject(`/${licence}`);
    await app.close();
    expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([{ error: { code: 'FST_ERR_REP_ALREADY_SENT' }, msg: 'reported by the web framework' }]);
    expect(lines.join('')).not.toContain(licence);
  });
});
