import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeCrypto } from '../../verify/nodeCrypto.ts';
import { openNote } from '../../verify/note.ts';
import { judge, parsePolicy } from '../../verify/policy.ts';
import { codeOf } from '../cases.ts';
import { consistencyOf, history, SampleLog, witnessFolder } from './cases.ts';
import { openCosigners } from './cosigners.ts';
import type { CosignersOptions, WitnessedLogs } from './cosigners.ts';
import { makeKey, readKey } from './key.ts';
import type { WitnessKey } from './key.ts';
import { rememberedFile } from './remembered.ts';
import { startWitnessServer } from './server.ts';
import { openWitness } from './state.ts';
import { addWatched } from './watched.ts';

let log: SampleLog;
let place: string;
let ends: (() => Promise<void> | void)[];

beforeEach(async () => {
  ends = [];
  log = await SampleLog.make('weir.example.org/log/wa');
  const made = witnessFolder();
  place = made.folder;
  ends.push(made.remove);
});

afterEach(async () => {
  for (const end of ends.toReversed()) await end();
});

interface Running {
  readonly key: WitnessKey;
  readonly url: string;
  readonly folder: string;
  stop(): Promise<void>;
  start(): Promise<void>;
}

/** A real witness on loopback, which can be stopped and started again on its port. */
async function realWitness(name: string): Promise<Running> {
  const { folder, remove } = witnessFolder();
  const key = await makeKey(folder, name);
  await addWatched(folder, [log.vkey]);
  let port = 0;
  let stop = (): Promise<void> => Promise.resolve();
  const start = async (): Promise<void> => {
    const witness = await openWitness({ folder, rate: { perSecond: 1e6, atOnce: 1e6 } });
    const server = await startWitnessServer({ witness, port, closeMs: 100 });
    ({ port } = server);
    stop = async () => {
      stop = () => Promise.resolve();
      await server.close();
      await witness.close();
    };
  };
  await start();
  ends.push(remove, () => stop());
  return { key, url: `http://127.0.0.1:${port}`, folder, start, stop: () => stop() };
}

/** A witness that answers as it is told. */
async function oddWitness(answer: (response: ServerResponse, body: string, asked: IncomingMessage) => void | Promise<void>): Promise<{ key: WitnessKey; url: string; asked: string[]; connections: () => number }> {
  const { folder, remove } = witnessFolder();
  const key = await makeKey(folder, 'witness.example.org/odd');
  const asked: string[] = [];
  let connections = 0;
  const server: Server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const body = Buffer.concat(parts).toString();
      asked.push(body);
      void answer(response, body, request);
    });
  });
  server.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(remove, () => new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  }));
  return { key, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/prefix`, asked, connections: () => connections };
}

/** The text that is asked to be cosigned. */
function textOf(body: string): string {
  const note = body.slice(body.indexOf('\n\n') + 2);
  return note.slice(0, note.lastIndexOf('\n\n') + 1);
}

function policyOf(witnesses: readonly { key: WitnessKey; url: string }[], k: number | string): string {
  const lines = witnesses.map(({ key, url }, at) => `witness w${at + 1} ${key.vkey} ${url}\n`).join('');
  return `log ${log.vkey}\n${lines}group all-of-them ${k} ${witnesses.map((_, at) => `w${at + 1}`).join(' ')}\nquorum all-of-them\n`;
}

/** Witnesses that are well may take their time: a machine may have other work. */
async function cosigners(policy: string, over: Partial<CosignersOptions> = {}): Promise<WitnessedLogs> {
  const made = await openCosigners({ policy, place, limitMs: 60_000, graceMs: 60_000, ...over });
  ends.push(() => made.close());
  return made;
}

function show(to: WitnessedLogs, shown: readonly string[], asks: number[] = []): ReturnType<WitnessedLogs['cosign']> {
  return to.cosign('wa', { note: log.checkpoint(shown), size: shown.length }, (oldSize) => {
    asks.push(oldSize);
    return Promise.resolve(consistencyOf(shown, oldSize));
  });
}

describe('witnesses that are well', () => {
  it('all cosign, the lines make the checkpoint good under the policy, and proofs go from what each had', async () => {
    const three = [await realWitness('w.example/1'), await realWitness('w.example/2'), await realWitness('w.example/3')];
    const policy = policyOf(three, 2);
    const to = await cosigners(policy);
    const asks: number[] = [];
    for (const size of [1, 2, 5, 5, 300]) {
      const { lines, quorum } = await show(to, history(size), asks);
      expect(quorum).toBe(true);
      expect(lines).toHaveLength(3);
      expect(await judge(nodeCrypto, parsePolicy(policy), log.checkpoint(history(size)) + lines.join(''))).toMatchObject({ size, by: ['w1', 'w2', 'w3'], quorum: true });
    }
    // One proof a size, whatever the number of witnesses.
    expect(asks).toEqual([1, 2, 5]);
    expect(to.status()).toMatchObject([{ name: 'w1', state: 'ok', lag: 0, cosignatures: 5, faults: 0, lastError: null }, {}, {}]);
  });

  it('keeps its connections', async () => {
    const key = { of: null as WitnessKey | null };
    const odd = await oddWitness((response, body) => void response.end(key.of?.cosign(textOf(body), 1_800_000_000)));
    key.of = odd.key;
    const to = await cosigners(policyOf([odd], 1));
    for (let size = 1; size <= 20; size += 1) expect((await show(to, history(size))).quorum).toBe(true);
    // Two, where a question comes before the last answer is fully put away.
    expect(odd.connections()).toBeLessThan(5);
  });

  it('learns by one question what a witness has, when it remembers nothing, or the wrong thing', async () => {
    const one = await realWitness('w.example/1');
    const first = await cosigners(policyOf([one], 1));
    await show(first, history(5));
    await first.close();
    expect(JSON.parse(await readFile(join(place, rememberedFile), 'utf8'))).toEqual({ [one.key.vkey]: { wa: 5 } });
    const asks: number[] = [];
    const second = await cosigners(policyOf([one], 1));
    expect((await show(second, history(9), asks)).quorum).toBe(true);
    expect(asks).toEqual([5]);
    await second.close();
    for (const bad of ['', 'nonsense', '[]', '{"x":1}', JSON.stringify({ [one.key.vkey]: { wa: 3 } }), JSON.stringify({ [one.key.vkey]: { wa: 4000 } }), JSON.stringify({ [one.key.vkey]: { wa: -1, __proto__: 3 } })]) {
      await writeFile(join(place, rememberedFile), bad);
      const again = await cosigners(policyOf([one], 1));
      expect((await show(again, history(9))).quorum, bad).toBe(true);
      await again.close();
    }
  });

  it('shows a checkpoint of a log at a time to each, in the order of the calls', async () => {
    const one = await realWitness('w.example/1');
    const to = await cosigners(policyOf([one], 1));
    const given = await Promise.all([1, 2, 3, 4, 5, 6].map((size) => show(to, history(size))));
    expect(given.map(({ quorum }) => quorum)).toEqual([true, true, true, true, true, true]);
    expect(to.status()).toMatchObject([{ faults: 0, lag: 0 }]);
  });

  it('none is configured where the policy names none that can be asked', async () => {
    expect(await cosigners('quorum none\n')).toMatchObject({ configured: false });
    const to = await openCosigners({ policy: null, place });
    expect(to.configured).toBe(false);
    expect(await show(to, history(1))).toEqual({ lines: [], quorum: false });
  });

  it('refuses a policy that cannot be used', async () => {
    const { key } = await realWitness('w.example/1');
    const bad = [
      'nonsense\n', `witness w1 ${key.vkey} http://127.0.0.1:1\n`, `witness w1 ${log.vkey} http://127.0.0.1:1\nquorum w1\n`, `witness w1 ${key.vkey} ftp://127.0.0.1\nquorum w1\n`,
      `witness w1 ${key.vkey} nonsense\nquorum w1\n`, `witness w1 ${key.vkey.replace(/\+[0-9a-f]{8}\+/, '+00000000+')} http://127.0.0.1:1\nquorum w1\n`, `witness w1 ${key.vkey} http://user:word@127.0.0.1:1\nquorum w1\n`,
    ];
    for (const policy of bad) expect(await codeOf(openCosigners({ policy, place })), policy).toBe('WITNESS_POLICY');
    const other = await realWitness('w.example/2');
    expect(await codeOf(openCosigners({ policy: `witness w1 ${key.vkey} http://127.0.0.1:1\nwitness w2 ${other.key.vkey}\ngroup g all w1 w2\nquorum g\n`, place }))).toBe('WITNESS_POLICY');
  });
});

describe('witnesses that are not well', () => {
  it('one that is down: the quorum is reached without it, it is left alone for a while, and comes back', async () => {
    let now = Date.now();
    const three = [await realWitness('w.example/1'), await realWitness('w.example/2'), await realWitness('w.example/3')];
    const to = await cosigners(policyOf(three, 2), { clock: () => now });
    await show(to, history(3));
    await three[2]!.stop();
    expect(await show(to, history(4))).toMatchObject({ quorum: true, lines: [{}, {}] });
    expect(to.status()[2]).toMatchObject({ state: 'failing', lastError: { code: 'unreachable', log: 'wa' }, failing: [{ log: 'wa', code: 'unreachable' }], nextTry: now + 500, lag: 1, faults: 1 });
    await three[2]!.start();
    expect((await show(to, history(5))).lines).toHaveLength(2);
    expect(to.status()[2]).toMatchObject({ faults: 1, lag: 2 });
    now += 600;
    expect((await show(to, history(6))).lines).toHaveLength(3);
    expect(to.status()[2]).toMatchObject({ state: 'ok', lag: 0, nextTry: null, failing: [] });
  });

  it('waits longer each time, and half a minute at most', async () => {
    let now = Date.now();
    const one = await realWitness('w.example/1');
    await one.stop();
    const to = await cosigners(policyOf([one], 1), { clock: () => now });
    const waits: number[] = [];
    for (let tries = 0; tries < 9; tries += 1) {
      expect(await show(to, history(3))).toEqual({ lines: [], quorum: false });
      waits.push((to.status()[0]?.nextTry ?? 0) - now);
      now = to.status()[0]?.nextTry ?? 0;
    }
    expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
  });

  it('many logs that fail at once count once', async () => {
    const one = await realWitness('w.example/1');
    await one.stop();
    const to = await cosigners(policyOf([one], 1), { clock: () => 1_800_000_000_000 });
    await Promise.all(Array.from({ length: 20 }, (_, at) => to.cosign(`l${at}`, { note: log.checkpoint(history(3)), size: 3 }, () => Promise.resolve([]))));
    expect(to.status()[0]).toMatchObject({ nextTry: expect.any(Number) as number });
    expect((to.status()[0]?.nextTry ?? 0) - 1_800_000_000_000).toBeLessThanOrEqual(30_000);
  });

  it('one that never answers is given up after the limit, and a quorum without it does not wait so long', async () => {
    const silent = await oddWitness(() => undefined);
    const alone = await cosigners(policyOf([silent], 1), { limitMs: 200 });
    expect(await show(alone, history(3))).toEqual({ lines: [], quorum: false });
    await expect.poll(() => alone.status()[0]).toMatchObject({ state: 'failing', lastError: { code: 'timeout' } });
    const good = await realWitness('w.example/1');
    const both = await cosigners(policyOf([good, silent], 1), { limitMs: 60_000, graceMs: 10 });
    expect((await show(both, history(3))).lines).toHaveLength(1);
  });

  it('one that is slower than the rest still counts for its status', async () => {
    const key = { of: null as WitnessKey | null };
    let goOn = (): void => undefined;
    const gate = new Promise<void>((resolve) => { goOn = resolve; });
    const slow = await oddWitness(async (response, body) => {
      await gate;
      response.end(key.of?.cosign(textOf(body), 1_800_000_000));
    });
    key.of = slow.key;
    const good = await realWitness('w.example/1');
    const to = await cosigners(policyOf([good, slow], 1), { graceMs: 10 });
    expect((await show(to, history(3))).lines).toHaveLength(1);
    goOn();
    await expect.poll(() => to.status()[1]?.state).toBe('ok');
    expect(to.status()[1]).toMatchObject({ cosignatures: 1, lag: 0 });
  });

  it('one that answers by drops, each in time but never the end', async () => {
    const dripping = await oddWitness((response) => {
      response.write('— ');
      const timer = setInterval(() => response.write('x'), 20);
      response.on('close', () => clearInterval(timer));
    });
    const to = await cosigners(policyOf([dripping], 1), { limitMs: 200 });
    expect((await show(to, history(3))).quorum).toBe(false);
    await expect.poll(() => to.status()[0]?.lastError?.code).toBe('timeout');
  });

  const oddities: readonly [string, string, (response: ServerResponse, body: string, key: WitnessKey) => void | Promise<void>][] = [
    ['drops the connection', 'unreachable', (response) => void response.socket?.destroy()],
    ['drops it half way', 'unreachable', (response) => {
      response.writeHead(200, { 'content-length': 500 });
      response.write('— half');
      setTimeout(() => response.socket?.destroy(), 20);
    }],
    ['answers with noise', 'garbled', (response) => void response.end('noise\n')],
    ['answers with nothing', 'wrongKey', (response) => void response.end('')],
    ['answers with a note of its own', 'garbled', (response, body, key) => void response.end(`\n\nother text\n\n${key.cosign(textOf(body), 1)}`)],
    ['answers without the line end', 'garbled', (response, body, key) => void response.end(key.cosign(textOf(body), 1).trimEnd())],
    ['answers with what is no UTF-8', 'garbled', (response) => void response.end(Buffer.of(0xe2, 0x80, 0xff, 10))],
    ['answers at too great a length', 'tooLong', (response, body, key) => void response.end(key.cosign(textOf(body), 1) + 'x'.repeat(100_000))],
    ['cosigns another text', 'badSignature', (response, body, key) => void response.end(key.cosign(textOf(body).replace('3', '4'), 1))],
    ['cosigns at another time than it says', 'badSignature', (response, body, key) => {
      const line = key.cosign(textOf(body), 1_800_000_000);
      const bytes = Buffer.from(line.trim().split(' ').at(-1) ?? '', 'base64');
      bytes[11]! ^= 1;
      response.end(`— ${key.name} ${bytes.toString('base64')}\n`);
    }],
    ['adds a bad line of its key to a good one', 'badSignature', (response, body, key) => void response.end(key.cosign(textOf(body), 1) + key.cosign('other\n', 1))],
    ['answers by another key', 'wrongKey', async (response, body) => {
      const other = witnessFolder();
      const line = (await makeKey(other.folder, 'witness.example.org/odd')).cosign(textOf(body), 1);
      other.remove();
      response.end(line);
    }],
    ['has a fault', 'status', (response) => void response.writeHead(500).end('stack\n at trace')],
    ['sends elsewhere', 'status', (response) => void response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end()],
    ['does not watch the log', 'unknownLog', (response) => void response.writeHead(404).end()],
    ['does not trust the log', 'notTrusted', (response) => void response.writeHead(403).end()],
    ['finds the proof wrong', 'inconsistent', (response) => void response.writeHead(422).end()],
    ['is asked too often', 'tooOften', (response) => void response.writeHead(429).end()],
    ['names no size', 'garbled', (response) => void response.writeHead(409, { 'content-type': 'text/x.tlog.size' }).end('many\n')],
    ['names a size without saying that it is one', 'garbled', (response) => void response.writeHead(409, { 'content-type': 'text/html' }).end('1\n')],
    ['names the size that it was asked with', 'garbled', (response, body) => void response.writeHead(409, { 'content-type': 'text/x.tlog.size' }).end(`${body.split('\n')[0]?.slice(4) ?? ''}\n`)],
    ['names another size each time', 'garbled', (response, body) => void response.writeHead(409, { 'content-type': 'text/x.tlog.size' }).end(body.startsWith('old 1\n') ? '2\n' : '1\n')],
    ['has a larger tree', 'ahead', (response) => void response.writeHead(409, { 'content-type': 'text/x.tlog.size' }).end('4000\n')],
  ];
  for (const [what, code, answer] of oddities) {
    it(`one that ${what}: dropped and reported, and the others count`, async () => {
      const key = { of: null as WitnessKey | null };
      const odd = await oddWitness((response, body) => answer(response, body, key.of!));
      key.of = odd.key;
      const good = await realWitness('w.example/1');
      const policy = policyOf([odd, good], 1);
      const to = await cosigners(policy);
      const { lines, quorum } = await show(to, history(3));
      expect(quorum).toBe(true);
      expect(lines).toHaveLength(1);
      expect((await openNote(nodeCrypto, log.checkpoint(history(3)) + lines.join(''), [good.key.vkey, odd.key.vkey])).by).toEqual([good.key.name]);
      await expect.poll(() => to.status()[0]?.lastError?.code).toBe(code);
      expect(to.status()[0]).toMatchObject({ state: 'failing', cosignatures: 0, faults: 1 });
      // No part of what it sent stands in the status, which goes to logs and pages.
      expect(to.status()[0]?.lastError?.words).not.toMatch(/stack|noise|half|other text/);
      expect(odd.asked.length).toBeLessThanOrEqual(2);
    });
  }

  it('a quorum of all is not reached where one answers wrongly', async () => {
    const odd = await oddWitness((response) => void response.end('noise\n'));
    const to = await cosigners(policyOf([await realWitness('w.example/1'), odd], 'all'));
    expect(await show(to, history(3))).toMatchObject({ quorum: false, lines: [{}] });
  });

  it('a kept connection that the witness has closed is made anew, without a fault', async () => {
    const key = { of: null as WitnessKey | null };
    const odd = await oddWitness((response, body) => {
      response.end(key.of?.cosign(textOf(body), 1), () => setTimeout(() => response.socket?.destroy(), 5));
    });
    key.of = odd.key;
    const to = await cosigners(policyOf([odd], 1));
    for (let size = 1; size < 6; size += 1) {
      expect((await show(to, history(size))).quorum).toBe(true);
      await new Promise((resolve) => setTimeout(resolve, size * 5));
    }
    expect(to.status()[0]).toMatchObject({ state: 'ok', faults: 0 });
  });

  it('an answer that was lost: the witness has the size already, and cosigns again', async () => {
    const good = await realWitness('w.example/1');
    let lose = true;
    const proxy = await oddWitness(async (response, body) => {
      const answer = await fetch(`${good.url}/add-checkpoint`, { method: 'POST', body });
      const text = await answer.text();
      if (lose) {
        lose = false;
        response.socket?.destroy();
      } else response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' }).end(text);
    });
    const to = await cosigners(policyOf([{ key: good.key, url: proxy.url }], 1));
    expect(await show(to, history(3))).toMatchObject({ quorum: true });
    expect(proxy.asked.map((body) => body.split('\n')[0])).toEqual(['old 0', 'old 0', 'old 3']);
  });

  it('a log that cannot make its proof: the witness is not blamed', async () => {
    const good = await realWitness('w.example/1');
    let now = Date.now();
    const before = await cosigners(policyOf([good], 1));
    await show(before, history(3));
    await before.close();
    const to = await cosigners(policyOf([good], 1), { limitMs: 200, clock: () => now });
    for (const consistency of [() => Promise.reject(new Error('lost')), () => new Promise<never>(() => undefined)]) {
      expect(await to.cosign('wa', { note: log.checkpoint(history(5)), size: 5 }, consistency)).toEqual({ lines: [], quorum: false });
      await expect.poll(() => to.status()[0]?.lastError?.code).toBe('noProof');
      expect(to.status()[0]).toMatchObject({ nextTry: null });
      now += 5000;
    }
    await to.close();
    expect((await show(await cosigners(policyOf([good], 1)), history(5))).quorum).toBe(true);
  });

  it('another history of one size is told apart from a witness that is behind', async () => {
    const good = await realWitness('w.example/1');
    const to = await cosigners(policyOf([good], 1));
    await show(to, history(5));
    expect((await show(to, history(5, 2))).quorum).toBe(false);
    expect(to.status()[0]).toMatchObject({ lastError: { code: 'otherHistory' } });
    expect((await readKey(good.folder)).vkey).toBe(good.key.vkey);
  });
});
