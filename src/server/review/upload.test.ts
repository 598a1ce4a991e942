import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { call, type Called } from '../testing/call.ts';
import { cookieFor, testPeople, testPerson, type TestPeople } from '../testing/people.ts';
import { startTest, stopAll, testDeps } from '../testing/server.ts';
import { fakeReview, ori, ticketId, type FakeReview } from './cases.ts';
import { mostPaper } from './upload.ts';

let review: FakeReview;
let deps: TestPeople;
let url: string;
const api = `/v1/tickets/${ticketId}/papers`;
const page = `/ticket/${ticketId}/papers`;

beforeAll(async () => {
  review = fakeReview();
  deps = testPeople([testPerson('AGENCY', [{ role: 'agencyUser', scope: { kind: 'agency', ori }, desks: [] }])], new Error('reached'), { review });
  url = (await startTest(testDeps({ people: deps }))).url;
});
beforeEach(() => {
  review.reset();
  deps.recorded.length = 0;
});
afterAll(stopAll);

const pdf = (bytes: number): Buffer => Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(Math.max(0, bytes - 15), 'x'), Buffer.from('\n%%EOF')]);
const post = (path: string, body: Buffer | string, headers: Record<string, string>): Promise<Called> => call(`${url}${path}`, { body, headers: { cookie: `weir=${cookieFor('AGENCY')}`, origin: url, ...headers } });
const raw = (body: Buffer | string, headers: Record<string, string> = { 'content-type': 'application/pdf' }): Promise<Called> => post(api, body, headers);
const boundary = 'XXboundaryXX';
const part = (name: string, body: Buffer | string, more = 'filename="w.pdf"', type = 'application/pdf'): Buffer => Buffer.concat([Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${name}"; ${more}\r\nContent-Type: ${type}\r\n\r\n`), Buffer.from(body), Buffer.from('\r\n')]);
const fieldPart = (name: string, value: string): Buffer => Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`);
const form = (...parts: readonly Buffer[]): Promise<Called> => post(page, Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)]), { 'content-type': `multipart/form-data; boundary=${boundary}`, accept: 'text/html' });
const why = (): readonly unknown[] => deps.recorded.filter(({ act }) => act === 'paperRefused').map(({ detail, on, owner, who, result }) => [detail?.['why'], on, owner, who, result]);
const noted = (word: string): readonly unknown[] => [[word, ticketId, 'WA', 'A-AGENCY', 'refused']];
const codeOf = ({ status, body }: Called): readonly unknown[] => [status, (JSON.parse(body) as { reasonCode?: string }).reasonCode];
const sizes = (): readonly unknown[] => review.calls.filter(({ name }) => name === 'addPaper').map(({ args }) => args[1]);

/** Sends as long as the server lets it, and gives what came back and how much went out. */
function flood(path: string, type: string, begin: Buffer, chunk: Buffer): Promise<{ readonly answer: string; readonly sent: number }> {
  return new Promise((done) => {
    let [answer, sent] = ['', 0];
    const { port, host, hostname } = new URL(url);
    const socket = connect(Number(port), hostname, () => {
      socket.write(`POST ${path} HTTP/1.1\r\nhost: ${host}\r\norigin: ${url}\r\ncookie: weir=${cookieFor('AGENCY')}\r\ncontent-type: ${type}\r\ntransfer-encoding: chunked\r\n\r\n`);
      const send = (bytes: Buffer): boolean => socket.write(Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]));
      send(begin);
      const more = (): void => {
        while (!socket.destroyed && answer === '' && sent < 200 * 1_048_576) {
          sent += chunk.length;
          if (!send(chunk)) return void socket.once('drain', more);
        }
      };
      more();
    });
    socket.on('data', (data) => { answer += data.toString('latin1'); });
    socket.on('error', () => undefined);
    socket.on('close', () => done({ answer, sent }));
  });
}

describe('a paper as the whole body', () => {
  it('is taken up to 10 MiB', async () => {
    expect((await raw(pdf(2_000))).status).toBe(200);
    expect((await raw(pdf(mostPaper))).status).toBe(200);
    expect(sizes()).toEqual([2_000, mostPaper]);
    expect(why()).toEqual([]);
  });

  it.each([
    ['one byte more', () => raw(pdf(mostPaper + 1)), 'size'], ['three times as much', () => raw(pdf(3 * mostPaper)), 'size'], ['another type', () => raw(pdf(2_000), { 'content-type': 'image/png' }), 'type'], ['no type', () => raw(pdf(2_000), {}), 'type'],
    ['a form', () => raw(pdf(2_000), { 'content-type': `multipart/form-data; boundary=${boundary}` }), 'type'], ['a packed body', () => raw(pdf(2_000), { 'content-type': 'application/pdf', 'content-encoding': 'gzip' }), 'coding'],
  ] as const)('is refused with %s, and that is recorded', async (_what, send, word) => {
    expect(codeOf(await send())).toEqual([422, 'HELD_PAPER']);
    expect(why()).toEqual(noted(word));
    expect(sizes()).toEqual([]);
  });

  it.each([['a zip that is named a PDF', Buffer.from('PK\u0003\u0004 not a PDF')], ['nothing', Buffer.alloc(0)]])('that is %s is looked at, and refused', async (_what, body) => {
    expect(codeOf(await raw(body))).toEqual([422, 'HELD_PAPER']);
    expect(sizes()).toEqual([body.length]);
  });

  it('that never ends is cut off', async () => {
    const { answer, sent } = await flood(api, 'application/pdf', pdf(100), Buffer.alloc(262_144, 'x'));
    expect(answer).toMatch(/^HTTP\/1\.1 422 /);
    expect(sent).toBeLessThan(60 * 1_048_576);
    expect(why()).toEqual(noted('size'));
  });

  it('is not taken where it could not be recorded that it was refused', async () => {
    const record = deps.acts.record.bind(deps.acts);
    const { JournalError } = await import('../../exchange/errors.ts');
    deps.acts.record = () => Promise.reject(new JournalError('JOURNAL_CLOSED', 'closed'));
    try {
      expect((await raw(pdf(mostPaper + 1))).status).toBe(503);
    } finally {
      deps.acts.record = record;
    }
  });

  it('is taken from eight at once, and others are asked to wait; whoever goes away makes room', async () => {
    const { port, host, hostname } = new URL(url);
    const slow = await Promise.all(Array.from({ length: 8 }, () => new Promise<Socket>((done) => {
      const socket = connect(Number(port), hostname, () => socket.write(`POST ${api} HTTP/1.1\r\nhost: ${host}\r\norigin: ${url}\r\ncookie: weir=${cookieFor('AGENCY')}\r\ncontent-type: application/pdf\r\ncontent-length: 5000\r\n\r\n%PDF-1.7`, () => done(socket)));
      socket.on('error', () => undefined);
    })));
    const until = async (status: number): Promise<Called> => {
      for (;;) {
        const answer = await raw(pdf(2_000));
        if (answer.status === status) return answer;
        await new Promise((done) => setTimeout(done, 20));
      }
    };
    expect((await until(429)).headers['retry-after']).toBe('5');
    for (const socket of slow) socket.destroy();
    expect((await until(200)).status).toBe(200);
  });
});

describe('a paper in a form', () => {
  it('is taken, and the page is shown again', async () => {
    const answer = await form(part('paper', pdf(5_000)));
    expect(answer).toMatchObject({ status: 303, headers: { location: `/ticket/${ticketId}` } });
    expect((await form(part('paper', pdf(mostPaper)))).status).toBe(303);
    expect(sizes()).toEqual([5_000, mostPaper]);
  });

  it.each([
    ['one byte more than 10 MiB', () => form(part('paper', pdf(mostPaper + 1))), 'size'], ['another type', () => form(part('paper', pdf(2_000), 'filename="w.html"', 'text/html')), 'type'],
    ['1000 fields', () => form(...Array.from({ length: 1000 }, (_, i) => fieldPart(`f${i}`, 'x')), part('paper', pdf(2_000))), 'parts'], ['two files', () => form(part('paper', pdf(2_000)), part('other', pdf(2_000))), 'parts'],
    ['a field of the prototype', () => form(fieldPart('__proto__', 'x'), part('paper', pdf(2_000))), 'parts'], ['no file', () => form(fieldPart('note', 'x')), 'form'], ['an empty file', () => form(part('paper', '')), 'form'],
    ['no boundary', () => post(page, pdf(2_000), { 'content-type': 'multipart/form-data', accept: 'text/html' }), 'form'], ['no form', () => post(page, pdf(2_000), { 'content-type': 'application/pdf', accept: 'text/html' }), 'type'],
    ['no end', () => post(page, part('paper', pdf(2_000)).subarray(0, 1_000), { 'content-type': `multipart/form-data; boundary=${boundary}`, accept: 'text/html' }), 'form'],
  ] as const)('is refused with %s, and that is recorded', async (_what, send, word) => {
    const answer = await send();
    expect(answer.status).toBe(422);
    expect(answer.headers['content-type']).toContain('text/html');
    expect(answer.body).toContain('role="alert"');
    expect(why()).toEqual(noted(word));
    expect(sizes()).toEqual([]);
  });

  it.each([
    ['parts', fieldPart('a', 'x'), Buffer.concat(Array.from({ length: 1000 }, (_, i) => fieldPart(`n${i}`, 'y')))], ['one field', Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="a"\r\n\r\n`), Buffer.alloc(262_144, 'x')],
    ['words before the first part', Buffer.from('x'), Buffer.alloc(262_144, 'x')], ['a header', Buffer.from(`--${boundary}\r\nContent-Disposition: `), Buffer.alloc(262_144, 'x')],
  ])('of endless %s is cut off, and that is recorded', async (_what, begin, chunk) => {
    const { answer, sent } = await flood(page, `multipart/form-data; boundary=${boundary}`, begin, chunk);
    expect(answer).toMatch(/^HTTP\/1\.1 422 /);
    expect(sent).toBeLessThan(60 * 1_048_576);
    expect(why()).toHaveLength(1);
  });
});
