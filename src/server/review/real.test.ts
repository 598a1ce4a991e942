import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { police } from '../../../test/exchangeParts.ts';
import { asked, heldWorld, holdPhoto, type HeldWorld } from '../../review/cases.ts';
import { startReceiver, type Receiver } from '../../review/delivery/cases.ts';
import { openDelivery, verifyWebhook, type Delivery } from '../../review/delivery/index.ts';
import type { WireFormat } from '../../model/index.ts';
import { decodeAnswer } from '../../wire/index.ts';
import { call, type Called } from '../testing/call.ts';
import { cookieFor, testPeople, testPerson } from '../testing/people.ts';
import { startTest, stopAll, testDeps } from '../testing/server.ts';

/** The whole way: held by the exchange, decided over HTTP, and the late answer by each of its ways, over real held requests in PostgreSQL. */
const people = [
  testPerson('REVIEWER', [{ role: 'reviewer', scope: { kind: 'owner', owner: 'ZY' }, desks: [] }]), testPerson('AGENCY', [{ role: 'agencyUser', scope: { kind: 'agency', ori: police }, desks: [] }]),
  testPerson('STRANGER', [{ role: 'agencyUser', scope: { kind: 'agency', ori: 'ZX0000999' }, desks: [] }]),
];
let w: HeldWorld;
let delivery: Delivery;
let receiver: Receiver;
let url: string;

beforeAll(async () => {
  w = await heldWorld();
  receiver = await startReceiver();
  delivery = openDelivery({ sql: w.sql, acts: w.parts.acts, seal: (plain) => plain, unseal: (sealed) => sealed, read: (ticket) => w.review.late(ticket), allow: [], allowLoopback: true, now: () => w.at });
  url = (await startTest(testDeps({ people: testPeople(people, new Error('reached'), { review: w.review, acts: w.parts.acts, sql: w.sql, delivery }) }))).url;
});
beforeEach(async () => {
  Object.assign(w, { at: asked, decide: holdPhoto, source: null });
  receiver.got.length = 0;
  await w.sql`truncate delivery_address, delivery, delivery_attempt, message_taken`;
  await w.sql`delete from ledger_outbox where recorded_at is not null`;
});
afterAll(async () => {
  await delivery.close();
  await Promise.all([stopAll(), receiver.close()]);
  await w.stop();
});

const as = (name: string): Record<string, string> => ({ cookie: `weir=${cookieFor(name)}`, origin: url });
const get = (path: string, name: string): Promise<Called> => call(`${url}${path}`, { headers: as(name) });
const post = (path: string, body: unknown, name: string): Promise<Called> => call(`${url}${path}`, { method: 'POST', body: JSON.stringify(body), headers: { ...as(name), 'content-type': 'application/json' } });
const actsOf = (name: string): number => w.entries().acts.filter(({ act }) => act === name).length;
const less = { decision: 'releaseLess', classes: [{ dataClass: 'photo', treatment: 'reduced' }], reason: 'lessSuffices', note: 'enough' };

describe.each(['json', 'niem', 'legacy'] as readonly WireFormat[])('a held request in %s, over HTTP', (format) => {
  it('is seen, opened, asked about, answered, decided and taken; each on the record before it is shown', async () => {
    const ticket = await w.hold({ subject: { kind: 'licence', number: 'Q4471180023' } }, format);
    const base = `/v1/owners/ZY/held/${ticket}`;
    const inbox = JSON.parse((await get('/v1/owners/ZY/held', 'REVIEWER')).body) as { held: { ticket: string }[] };
    expect(inbox.held.map((one) => one.ticket)).toContain(ticket);
    const seen = await get(base, 'REVIEWER');
    expect(seen.status).toBe(200);
    expect(seen.body).not.toContain('Q4471180023');
    const before = actsOf('heldOpened');
    expect(JSON.parse((await post(`${base}/opening`, null, 'REVIEWER')).body)).toMatchObject({ subject: { number: 'Q4471180023' } });
    expect(actsOf('heldOpened')).toBe(before + 1);
    const question = JSON.parse((await post(`${base}/questions`, { text: 'Which case?' }, 'REVIEWER')).body) as { id: string };
    expect(JSON.parse((await get(`/v1/tickets/${ticket}`, 'AGENCY')).body)).toMatchObject({ status: 'held', questions: [{ text: 'Which case?', answer: null }] });
    expect((await get(`/v1/tickets/${ticket}`, 'STRANGER')).status).toBe(404);
    expect((await post(`/v1/tickets/${ticket}/replies`, { question: question.id, text: '26-123' }, 'AGENCY')).status).toBe(200);
    const paper = await call(`${url}/v1/tickets/${ticket}/papers`, { body: '%PDF-1.7\na warrant\n%%EOF\n', headers: { ...as('AGENCY'), 'content-type': 'application/pdf' } });
    expect(paper.status).toBe(200);
    const saved = await get(`${base}/papers/${(JSON.parse(paper.body) as { id: string }).id}`, 'REVIEWER');
    expect([saved.status, saved.body]).toEqual([200, '%PDF-1.7\na warrant\n%%EOF\n']);

    const { secret } = await delivery.set(police, { kind: 'message', url: receiver.url }, { who: 'operator', role: null });
    expect((await get(`/v1/tickets/${ticket}/answer`, 'AGENCY')).status).toBe(409);
    expect(JSON.parse((await post(`${base}/decision`, less, 'REVIEWER')).body)).toMatchObject({ state: 'decided', verdict: 'releasedInPart' });
    expect((await post(`${base}/decision`, less, 'REVIEWER')).status).toBe(409);
    // Decided, and not yet in the ledger: nothing leaves by any way.
    await delivery.tick(w.at);
    await delivery.settle();
    expect(receiver.got).toEqual([]);
    expect((await get('/v1/messages', 'AGENCY')).status).toBe(204);
    expect((await get(`/v1/tickets/${ticket}/answer`, 'AGENCY')).status).toBe(409);
    await w.drain();

    const late = await get(`/v1/tickets/${ticket}/answer`, 'AGENCY');
    expect(late.status).toBe(200);
    expect(late.body).toContain('A1B2C3D4');
    expect(decodeAnswer(format, late.body).ok).toBe(true);
    expect((await get(`/v1/tickets/${ticket}/answer`, 'STRANGER')).status).toBe(404);
    const message = await get('/v1/messages', 'AGENCY');
    expect([message.headers['weir-ticket'], message.body]).toEqual([ticket, late.body]);
    expect((await get('/v1/messages', 'STRANGER')).status).toBe(204);
    const sent = actsOf('lateAnswerSent');
    await delivery.tick(w.at);
    await delivery.settle();
    expect(receiver.got.map(({ body }) => body.toString())).toEqual([late.body]);
    expect(verifyWebhook(receiver.got[0]!.headers, receiver.got[0]!.body, secret!, w.at)).toMatchObject({ ok: true });
    expect(actsOf('lateAnswerSent')).toBe(sent + 1);
    expect((await get('/v1/messages', 'AGENCY')).status).toBe(204);
  });
});

it('a late message is given until it is said to be taken', async () => {
  const tickets = [await w.hold({}), await w.hold({}, 'legacy')];
  for (const ticket of tickets) {
    expect((await post(`/v1/owners/ZY/held/${ticket}/decision`, less, 'REVIEWER')).status).toBe(200);
    await w.drain();
  }
  for (const ticket of tickets) {
    for (let i = 0; i < 2; i += 1) expect((await get('/v1/messages', 'AGENCY')).headers['weir-ticket']).toBe(ticket);
    expect((await post(`/v1/messages/${ticket}/taken`, null, 'STRANGER')).status).toBe(404);
    expect((await post(`/v1/messages/${ticket}/taken`, null, 'AGENCY')).status).toBe(200);
  }
  expect((await get('/v1/messages', 'AGENCY')).status).toBe(204);
});
