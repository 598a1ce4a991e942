import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { JournalError } from '../../exchange/errors.ts';
import type { Credential } from '../../exchange/exchange.ts';
import { decisionAt, testLedger, type TestLedger } from '../../ledger/opening/cases.ts';
import { nodeCrypto } from '../../verify/nodeCrypto.ts';
import { verifyOpening } from '../../verify/opening.ts';
import { judge, parsePolicy } from '../../verify/policy.ts';
import { verifyProof } from '../../verify/proof.ts';
import { rootOfTiles } from '../../verify/tiles.ts';
import { buildServer } from '../app.ts';
import { testDeps } from '../testing/server.ts';
import { openLogDesk, type LogDeskParts } from './desk.ts';
import { addEntryOpening } from './opening.ts';

let ledger: TestLedger;
let keys: ReadonlyMap<string, string>;
beforeAll(async () => {
  ledger = await testLedger();
  keys = new Map(ledger.policyText.split('\n').flatMap((line) => {
    const vkey = line.split(' ')[1];
    return vkey === undefined || !line.startsWith('log ') ? [] : [[vkey.slice(0, vkey.indexOf('+')).replace(/^.*\//, ''), vkey] as const];
  }));
  await ledger.append(Array.from({ length: 300 }, (_, n) => decisionAt(n, '2026-01-05T10:00:00.000Z', n === 7 ? { requester: { ...decisionAt(0, '').requester, ori: 'ZX0020000' } } : {})));
});
afterAll(() => ledger.remove());

const apps: ReturnType<typeof buildServer>[] = [];
afterEach(async () => { for (const app of apps.splice(0)) await app.close(); });

let credential: Credential | null = { fingerprint: 'f', oris: new Set(['ZX0010000']) };

function start(change: Partial<LogDeskParts> = {}) {
  const desk = openLogDesk({
    prefix: ledger.prefix, place: ledger.place, reader: ledger.reader, recorder: ledger, names: () => ['zy'], vkey: (name) => Promise.resolve(keys.get(name)!), witnesses: null, patience: 100, ...change,
  });
  const app = buildServer(testDeps({ logDesk: desk, listener: { kind: 'public' } }));
  apps.push(app);
  void app.register((scope, _options, done) => {
    addEntryOpening(scope, desk, () => credential);
    done();
  });
  return (url: string, headers: Record<string, string> = {}, method: 'GET' | 'HEAD' | 'POST' = 'GET') => app.inject({ method, url, headers: { host: 'localhost', ...headers } });
}

describe('the public files of a log', () => {
  it('verify with what the policy says, from the checkpoint down to the tiles', async () => {
    const get = start();
    const policy = parsePolicy((await get('/log/policy')).body);
    const checkpoint = await get('/log/zy/checkpoint');
    expect(checkpoint.headers).toMatchObject({ 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-cache', 'access-control-allow-origin': '*' });
    const { size, root } = await judge(nodeCrypto, policy, checkpoint.body);
    const made = await rootOfTiles(nodeCrypto, async (path) => {
      const { statusCode, rawPayload } = await get(`/log/zy/${path}`);
      return statusCode === 200 ? rawPayload : null;
    }, size);
    expect(Buffer.from(made).equals(Buffer.from(root))).toBe(true);
  });

  it('keep whole tiles for a year and others shortly', async () => {
    const get = start();
    const whole = await get('/log/zy/tile/0/000');
    expect(whole.headers).toMatchObject({ 'content-type': 'application/octet-stream', 'cache-control': 'public, max-age=31536000, immutable', 'access-control-allow-origin': '*' });
    expect(whole.rawPayload).toHaveLength(8_192);
    expect((await get('/log/zy/tile/0/001.p/44')).headers['cache-control']).toBe('public, max-age=60');
    expect((await get('/log/zy/tile/entries/000')).rawPayload).toHaveLength(256 * 34);
  });

  it('have entity tags, and answer HEAD', async () => {
    const get = start();
    const { headers } = await get('/log/zy/checkpoint');
    const tag = headers.etag!;
    expect((await get('/log/zy/checkpoint', { 'if-none-match': `"x", W/${tag}` })).statusCode).toBe(304);
    expect((await get('/log/zy/checkpoint', { 'if-none-match': '"x"' })).statusCode).toBe(200);
    const head = await get('/log/zy/checkpoint', {}, 'HEAD');
    expect([head.statusCode, head.body, head.headers.etag]).toEqual([200, '', tag]);
  });

  it('give proofs that verify', async () => {
    const get = start();
    for (const index of [0, 255, 256, 299]) {
      const proof = await get(`/log/zy/proof/${index}`);
      expect(proof.headers['content-disposition']).toContain(`zy-${index}.tlog-proof`);
      const hash = (await ledger.reader.entry('zy', index)) as { seed: Buffer };
      expect(hash.seed).toHaveLength(32);
      const bundle = (await get('/log/zy/tile/entries/' + (index < 256 ? '000' : '001.p/44'))).rawPayload;
      const data = bundle.subarray((index % 256) * 34 + 2, (index % 256) * 34 + 34);
      expect((await verifyProof(nodeCrypto, ledger.policy, proof.body, data)).index).toBe(index);
    }
  });

  it('are listed, in JSON and as text', async () => {
    const get = start();
    const list = await get('/log');
    expect(JSON.parse(list.body)).toEqual({ prefix: ledger.prefix, logs: [{ name: 'zy', origin: 'weir.example.org/log/zy', size: 300, vkey: keys.get('zy') }] });
    const plain = await get('/log', { accept: 'text/plain' });
    expect(plain.body).toBe(`zy weir.example.org/log/zy 300 ${keys.get('zy')!}\n`);
    expect(plain.headers['vary']).toBe('accept');
  });

  it('are all there is: every other path is the same 404', async () => {
    const get = start();
    const paths = [
      '/log/zy/tile/0/002', '/log/zy/tile/0/000.p/0', '/log/zy/tile/0/0', '/log/zy/tile/9/000', '/log/zy/tile/0/..%2f..%2f..%2fname', '/log/zy/tile/../../../name', '/log/%2e%2e/checkpoint',
      '/log/..%2fprivate/checkpoint', '/log/zy%00/checkpoint', '/log/ZY/checkpoint', '/log/anchor/tile/0/000', '/log/xx/checkpoint', '/log/zy/cosigned', '/log/zy/proof/300', '/log/zy/proof/01',
      '/log/zy/proof/-1', '/log/zy/proof/9007199254740993', '/log/xx/proof/0', '/log/zy/name', '/log/zy', '/log/zy/tile/0/000%2f',
    ];
    for (const path of paths) {
      const { statusCode, headers, body } = await get(path);
      expect([statusCode, String(headers['content-type']).split(';')[0]], path).toEqual([404, 'application/problem+json']);
      expect(JSON.parse(body)).toMatchObject({ type: 'urn:weir:problem:notFound' });
    }
    expect((await get('/log/zy/checkpoint', {}, 'POST')).statusCode).toBe(405);
  });
});

describe('the opening of an entry to its agency', () => {
  it('is a bundle that verifies, and is on the record', async () => {
    const get = start();
    const { statusCode, headers, body } = await get('/v1/entries/zy/3/opening');
    expect([statusCode, headers['cache-control'], headers['access-control-allow-origin']]).toEqual([200, 'no-store', undefined]);
    const report = await verifyOpening(nodeCrypto, ledger.policy, body);
    expect(report).toMatchObject({ to: 'agency', who: 'ZX0010000', indices: [3] });
    expect(await ledger.reader.entry('zy', report.record.index)).toMatchObject({ entry: { type: 'opening', who: 'ZX0010000', entries: 1 } });
  });

  it('of another agency is answered as one that does not exist, and leaves no entry', async () => {
    const get = start();
    const before = (await get('/log')).body;
    const bodies = [];
    for (const path of ['zy/7', 'zy/99999', 'xx/0', 'anchor/0', 'zy/01', 'zy/x']) {
      const { statusCode, body } = await get(`/v1/entries/${path}/opening`);
      expect(statusCode).toBe(404);
      bodies.push({ ...(JSON.parse(body) as object), instance: null });
    }
    for (const body of bodies) expect(body).toEqual(bodies[0]);
    expect((await get('/log')).body).toBe(before);
  });

  it('needs a certificate; on the demonstration the asker is the agency that asked', async () => {
    const before = credential;
    try {
      credential = null;
      expect((await start()('/v1/entries/zy/3/opening')).statusCode).toBe(403);
      credential = { fingerprint: null, oris: null };
      expect((await verifyOpening(nodeCrypto, ledger.policy, (await start()('/v1/entries/zy/7/opening')).body)).who).toBe('ZX0020000');
    } finally {
      credential = before;
    }
  });

  it('gives nothing where it cannot be recorded, or not be covered', async () => {
    const failing = start({ recorder: { append: () => Promise.reject(new JournalError('JOURNAL_WRITE', 'the disk is full')) } });
    const refused = await failing('/v1/entries/zy/3/opening');
    expect(refused.statusCode).toBe(503);
    expect(JSON.parse(refused.body)).toMatchObject({ type: 'urn:weir:problem:notReady' });
    const uncovered = start({ recorder: { append: async (entries) => (await ledger.append(entries)).map((one) => ({ ...one, receipt: { ...one.receipt, index: 10_000_000 } })) } });
    expect((await uncovered('/v1/entries/zy/3/opening')).statusCode).toBe(503);
  });
});
