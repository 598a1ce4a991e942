import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { nodeCrypto } from '../../verify/nodeCrypto.ts';
import { openNote } from '../../verify/note.ts';
import { codeOf } from '../cases.ts';
import { history, SampleLog, witnessFolder } from './cases.ts';
import { makeKey } from './key.ts';
import { startWitnessServer } from './server.ts';
import type { WitnessLine, WitnessServer } from './server.ts';
import { openWitness } from './state.ts';
import type { Witness } from './state.ts';
import { addWatched } from './watched.ts';

let remove: () => void;
let log: SampleLog;
let witness: Witness;
let server: WitnessServer;
let lines: WitnessLine[];
let url: string;

beforeEach(async () => {
  const place = witnessFolder();
  ({ remove } = place);
  log = await SampleLog.make('weir.example.org/log/wa');
  await makeKey(place.folder, 'witness.example.org/w1');
  await addWatched(place.folder, [log.vkey]);
  witness = await openWitness({ folder: place.folder, rate: { perSecond: 0.001, atOnce: 3 } });
  lines = [];
  server = await startWitnessServer({ witness, port: 0, log: (line) => lines.push(line) });
  url = `http://127.0.0.1:${server.port}`;
});

afterEach(async () => {
  await server.close();
  await witness.close();
  remove();
});

function post(body: Uint8Array | string, path = '/add-checkpoint'): Promise<Response> {
  return fetch(`${url}${path}`, { method: 'POST', body });
}

async function reply(response: Promise<Response>): Promise<{ status: number; type: string | null; body: string }> {
  const given = await response;
  return { status: given.status, type: given.headers.get('content-type'), body: await given.text() };
}

describe('over HTTP', () => {
  it('200: one signature line of the witness', async () => {
    const { status, body } = await reply(post(log.request(history(3), 0)));
    expect(status).toBe(200);
    expect(body).toMatch(/^— witness\.example\.org\/w1 [A-Za-z0-9+/]+=*\n$/);
    expect((await openNote(nodeCrypto, `${log.checkpoint(history(3))}${body}`, [log.vkey, witness.vkey])).by).toEqual([log.origin, witness.name]);
  });

  it('409 with the media type and the size, alone', async () => {
    await post(log.request(history(3), 0));
    expect(await reply(post(log.request(history(5), 0)))).toEqual({ status: 409, type: 'text/x.tlog.size', body: '3\n' });
    expect(await reply(post(log.request(history(3, 1), 3)))).toEqual({ status: 409, type: 'text/x.tlog.size', body: '3\n' });
  });

  it('400, 403, 404, 413, 422 and 429, in words that quote nothing', async () => {
    const forger = await SampleLog.make(log.origin);
    const stranger = await SampleLog.make('stranger.example.org');
    const long = `old 0\n\n${'x'.repeat(200_000)}`;
    expect((await reply(post('nonsense'))).status).toBe(400);
    expect((await reply(post(log.request(history(3), 4, [])))).status).toBe(400);
    expect((await reply(post(forger.request(history(3), 0)))).status).toBe(403);
    expect(await reply(post(stranger.request(history(3), 0)))).toEqual({ status: 404, type: 'text/plain; charset=utf-8', body: 'this witness does not watch a log of this origin\n' });
    expect((await reply(post(long))).status).toBe(413);
    expect((await reply(post(log.request(history(3), 0)))).status).toBe(200);
    expect((await reply(post(log.request(history(5), 3, [])))).status).toBe(422);
    expect((await reply(post(log.request(history(4), 3)))).status).toBe(200);
    expect((await reply(post(log.request(history(5), 4)))).status).toBe(200);
    const often = await post(log.request(history(6), 5));
    expect(often.status).toBe(429);
    expect(Number(often.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(lines.map(({ status, reason }) => [status, reason])).toEqual([
      [400, 'malformed'], [400, 'oldSizeAbove'], [403, 'notSigned'], [404, 'unknownLog'], [413, 'tooLarge'], [200, 'cosigned'], [422, 'inconsistent'], [200, 'cosigned'], [200, 'cosigned'], [429, 'tooOften'],
    ]);
    // A stranger's origin stands in no line: whoever reaches the port could write into the log.
    expect(JSON.stringify(lines)).not.toContain('stranger');
  });

  it('takes a body in pieces, and refuses one that never says how long it is and is too long', async () => {
    const body = log.request(history(3), 0);
    const pieces = async function* (): AsyncGenerator<Uint8Array> {
      for (let at = 0; at < body.length; at += 7) yield await Promise.resolve(body.subarray(at, at + 7));
    };
    const send = (stream: AsyncIterable<Uint8Array>): Promise<Response> => fetch(`${url}/add-checkpoint`, { method: 'POST', body: stream, duplex: 'half' });
    expect((await send(pieces())).status).toBe(200);
    const raw = await rawRequest(server.port, `POST /add-checkpoint HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n${`1000\r\n${'x'.repeat(4096)}\r\n`.repeat(40)}0\r\n\r\n`);
    expect(raw).toMatch(/^HTTP\/1\.1 413 /);
    expect(raw.toLowerCase()).toContain('connection: close');
  });

  it('outlives a request that breaks off, and one that is no HTTP', async () => {
    await rawRequest(server.port, 'POST /add-checkpoint HTTP/1.1\r\nhost: x\r\ncontent-length: 500\r\n\r\nold 0\n', true);
    expect(await rawRequest(server.port, '\x00\x01nonsense\r\n\r\n')).toBe('');
    expect((await reply(post(log.request(history(3), 0)))).status).toBe(200);
  });

  it('405 and 404 for what is not there', async () => {
    expect((await fetch(`${url}/add-checkpoint`)).status).toBe(405);
    expect((await post('x', '/')).status).toBe(405);
    expect((await fetch(`${url}/nothing?secret=1`)).status).toBe(404);
    expect((await fetch(`${url}/${'0'.repeat(64)}/checkpoint`)).status).toBe(404);
    expect(JSON.stringify(lines)).not.toContain('secret');
  });
});

describe('for monitors', () => {
  it('serves the latest cosigned checkpoint under the hash of the origin', async () => {
    const hash = createHash('sha256').update(log.origin).digest('hex');
    expect((await fetch(`${url}/${hash}/checkpoint`)).status).toBe(404);
    await post(log.request(history(3), 0));
    await post(log.request(history(9), 3));
    const { status, type, body } = await reply(fetch(`${url}/${hash}/checkpoint`));
    expect([status, type]).toEqual([200, 'text/plain; charset=utf-8']);
    const { text, by } = await openNote(nodeCrypto, body, [log.vkey, witness.vkey]);
    expect(text.split('\n')[1]).toBe('9');
    expect(by).toEqual([log.origin, witness.name]);
  });

  it('says in words what it watches, with a log of two histories named', async () => {
    expect((await reply(fetch(url))).body).toContain('nothing cosigned yet');
    await post(log.request(history(3), 0));
    await post(log.request(history(3, 1), 3));
    const { body } = await reply(fetch(url));
    expect(body).toContain(log.origin);
    expect(body).toContain('3 entries, cosigned 20');
    expect(body).toContain('two histories');
    expect(body).toContain(witness.vkey);
  });

  it('tells its health, and 503 where it has stopped', async () => {
    expect(await (await fetch(`${url}/health`)).json()).toMatchObject({ status: 'ok', logs: 1, cosigned: 0, contradictions: 0 });
    await witness.close();
    expect((await fetch(`${url}/health`)).status).toBe(503);
  });
});

describe('listening', () => {
  it('says so where the port is taken', async () => {
    expect(await codeOf(startWitnessServer({ witness, port: server.port }))).toBe('WITNESS_LISTEN');
  });

  it('finishes what was asked before it closes', async () => {
    const heard = vi.spyOn(witness, 'addCheckpoint');
    const asked = Promise.all([1, 2, 3].map((size) => reply(post(log.request(history(size), size - 1)))));
    await expect.poll(() => heard.mock.calls.length).toBe(3);
    await server.close();
    const statuses = (await asked).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThan(0);
    await expect(fetch(`${url}/health`)).rejects.toThrow();
  });
});

/** What comes back for bytes that are sent as they are. */
function rawRequest(port: number, text: string, cut = false): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(text, 'latin1', () => {
        if (cut) socket.destroy();
      });
    });
    let answer = '';
    const done = (): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.on('data', (part) => {
      answer += part.toString('latin1');
      done();
    });
    socket.on('error', done);
    socket.on('close', done);
  });
}
