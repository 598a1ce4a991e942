import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { Grant } from '../../people/roles/index.ts';
import type { HeldErrorCode } from '../../review/types.ts';
import { problems } from '../problems.ts';
import { call, type Called } from '../testing/call.ts';
import { cookieFor, testPeople, testPerson, type TestPeople } from '../testing/people.ts';
import { startTest, stopAll, testDeps } from '../testing/server.ts';
import { fakeReview, heldDetail, heldItem, ori, otherId, ticketId, type FakeReview } from './cases.ts';
import { heldProblems } from './faults.ts';

const wa = (role: Grant['role'], desks: readonly string[] = []): Grant => ({ role, scope: { kind: 'owner', owner: 'WA' }, desks });
const people = [
  testPerson('REVIEWER', [wa('reviewer', ['privacyDesk'])], { employer: 'ZZ0000909' }), testPerson('OFFICIAL', [wa('ownerOfficial')]), testPerson('BOTH', [wa('ownerOfficial'), wa('reviewer', ['courtDesk'])]), testPerson('AUDITOR', [wa('auditor')]),
  testPerson('AGENCY', [{ role: 'agencyUser', scope: { kind: 'agency', ori }, desks: [] }]), testPerson('STRANGER', [{ role: 'agencyUser', scope: { kind: 'agency', ori: 'ZZ0000202' }, desks: [] }]),
];
const base = '/v1/owners/WA/held';

let review: FakeReview;
let deps: TestPeople;
let url: string;

beforeAll(async () => {
  review = fakeReview();
  deps = testPeople(people, new Error('reached'), { review });
  url = (await startTest(testDeps({ people: deps }))).url;
});
beforeEach(() => {
  review.reset();
  deps.recorded.length = 0;
});
afterAll(stopAll);

const as = (name: string, more: Record<string, string> = {}): Record<string, string> => ({ cookie: `weir=${cookieFor(name)}`, origin: url, ...more });
const get = (path: string, name: string | null = 'REVIEWER'): Promise<Called> => call(`${url}${path}`, { headers: name === null ? {} : as(name) });
const send = (path: string, body: unknown, name: string | null = 'REVIEWER', method = 'POST'): Promise<Called> => call(`${url}${path}`, { method, body: JSON.stringify(body), headers: { ...(name === null ? {} : as(name)), 'content-type': 'application/json' } });
const problemOf = ({ status, body }: Called): readonly [number, string, string | undefined] => {
  const { type, reasonCode } = JSON.parse(body) as { type: string; reasonCode?: string };
  return [status, type.replace('urn:weir:problem:', ''), reasonCode];
};

const decision = { decision: 'releaseLess', classes: [{ dataClass: 'photo', treatment: 'reduced' }], reason: 'lessSuffices', note: 'enough to recognise' };

describe('the interface of a reviewer', () => {
  it('lists the inbox as it was asked for', async () => {
    const answer = await get(`${base}?desk=privacyDesk&state=asked&limit=1&after=${otherId}&all=yes`);
    expect(answer.status).toBe(200);
    const body = JSON.parse(answer.body) as { held: unknown[]; next: string };
    expect(body).toMatchObject({ owner: 'WA', next: ticketId });
    expect(body.held).toEqual([heldItem]);
    expect(review.calls[0]).toMatchObject({ name: 'list', args: ['WA', { desk: 'privacyDesk', state: 'asked', limit: 1, after: otherId, all: true }, { account: 'A-REVIEWER', role: 'reviewer', desks: ['privacyDesk'], employer: 'ZZ0000909' }] });
    expect(JSON.parse((await get(`${base}?limit=50`)).body)).toMatchObject({ next: null });
    expect((await get('/v1/owners/wa/held')).status).toBe(200);
  });

  it.each(['limit=0', 'limit=1000', 'limit=5&limit=6', 'after=x', 'state=sleeping', 'colour=red', 'desk=%3Cscript%3E', 'all=1'])('refuses to list by %s', async (query) => {
    expect((await get(`${base}?${query}`)).status).toBe(400);
    expect(review.calls).toEqual([]);
  });

  it('shows one request, all of it, and nothing of the resident', async () => {
    const answer = await get(`${base}/${ticketId}`);
    expect(JSON.parse(answer.body)).toEqual(heldDetail);
    expect(problemOf(await get(`${base}/${otherId}`))).toEqual([404, 'unknownObject', 'HELD_UNKNOWN']);
    expect(problemOf(await get(`${base}/WA-x`))).toEqual([400, 'badParameter', undefined]);
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  it('opens the resident\'s data to a reviewer and to nobody else', async () => {
    expect(JSON.parse((await send(`${base}/${ticketId}/opening`, null)).body)).toMatchObject({ subject: { kind: 'person', birthDate: '1990-07-21' }, user: 'OFFICER 12 <script>', caseNumber: '26-123' });
    review.calls.length = 0;
    for (const name of ['OFFICIAL', 'AUDITOR', 'AGENCY']) expect(problemOf(await send(`${base}/${ticketId}/opening`, null, name))[1]).toBe('notPermitted');
    expect((await send(`${base}/${ticketId}/opening`, null, null)).status).toBe(401);
    expect(review.calls).toEqual([]);
  });

  it('takes a decision, a question and an escalation', async () => {
    expect(JSON.parse((await send(`${base}/${ticketId}/decision`, decision)).body)).toMatchObject({ ticket: ticketId, state: 'decided', verdict: 'released' });
    expect(JSON.parse((await send(`${base}/${ticketId}/questions`, { text: 'Which case?' })).body)).toMatchObject({ id: 'Q-000000000001' });
    expect(JSON.parse((await send(`${base}/${ticketId}/escalation`, { note: 'unclear' })).body)).toMatchObject({ state: 'escalated' });
    expect(review.calls.map(({ name, args }) => [name, args[2]])).toEqual([['decide', decision], ['ask', 'Which case?'], ['escalate', 'unclear']]);
    expect((await send(`${base}/${ticketId}/decision`, decision, 'OFFICIAL')).status).toBe(403);
  });

  it.each([
    [{}], [{ ...decision, decision: 'all' }], [{ ...decision, reason: 'clock' }], [{ ...decision, note: 7 }], [{ ...decision, note: 'x'.repeat(4_001) }], [{ ...decision, classes: [{ dataClass: 'shoes', treatment: null }] }],
    [{ ...decision, classes: Array.from({ length: 15 }, () => decision.classes[0]) }], [{ ...decision, more: 1 }], [null], [[]], ['text'],
  ])('takes no decision of another form: %#', async (body) => {
    expect(problemOf(await send(`${base}/${ticketId}/decision`, body))[1]).toBe('badBody');
    expect(review.calls).toEqual([]);
  });

  it('says which field is wrong, in names of its own alone', async () => {
    const detailOf = async (body: object): Promise<string> => (JSON.parse((await send(`${base}/${ticketId}/decision`, body)).body) as { detail: string }).detail.split('. ')[0] ?? '';
    const { decision: verdict, ...rest } = decision;
    expect(await detailOf({ ...rest, verdict })).toBe('/decision: required');
    expect(await detailOf({ ...decision, classes: [{ dataClass: 'planted', treatment: null }] })).toBe('/classes/0/dataClass: enum');
    expect(await detailOf({ ...decision, planted: 1 })).toBe('the whole body: additionalProperties');
  });

  it('takes no body that is not JSON, too large, or of another type', async () => {
    const path = `${url}${base}/${ticketId}/decision`;
    expect(problemOf(await call(path, { body: '{', headers: as('REVIEWER', { 'content-type': 'application/json' }) }))[1]).toBe('badBody');
    expect(problemOf(await call(path, { body: JSON.stringify({ ...decision, note: 'x'.repeat(70_000) }), headers: as('REVIEWER', { 'content-type': 'application/json' }) }))[1]).toBe('bodyTooLarge');
    expect(problemOf(await call(path, { body: 'decision=refuse', headers: as('REVIEWER', { 'content-type': 'application/x-www-form-urlencoded' }) }))[1]).toBe('unsupportedMediaType');
  });

  it.each(Object.keys(heldProblems) as HeldErrorCode[])('says %s with its problem and code', async (code) => {
    review.fails = code;
    const answer = await send(`${base}/${ticketId}/decision`, decision);
    expect(problemOf(answer)).toEqual([problems[heldProblems[code]].status, heldProblems[code], code]);
  });

  it('gives a paper to be saved, and never to be shown in place', async () => {
    const answer = await get(`${base}/${ticketId}/papers/P-000000000001`);
    expect(answer.headers).toMatchObject({
      'content-type': 'application/pdf', 'content-disposition': `attachment; filename="${ticketId}-P-000000000001.pdf"`, 'content-security-policy': "default-src 'none'; sandbox", 'x-content-type-options': 'nosniff', 'cache-control': 'no-store',
    });
    expect(answer.body).toContain('the paper');
    expect((await get(`${base}/${ticketId}/papers/P%22%0d%0aX`)).status).toBe(400);
    expect((await get(`${base}/${ticketId}/papers/P-000000000001`, 'AUDITOR')).status).toBe(403);
    const head = await call(`${url}${base}/${ticketId}/papers/P-000000000001`, { method: 'HEAD', headers: as('REVIEWER') });
    expect(head.status).toBe(405);
  });

  it('names deputies, lists them with who said so, and ends them; for officials and reviewers', async () => {
    const body = { desk: 'privacyDesk', account: 'A-REVIEWER0001', deputy: 'A-REVIEWER0002', until: '2026-03-09T16:00:00Z' };
    expect((await send(`${base}/deputies`, body, 'AUDITOR')).status).toBe(403);
    for (const bad of [{}, { ...body, account: 'me' }, { ...body, until: 'soon' }, { ...body, role: 'operator' }]) expect((await send(`${base}/deputies`, bad, 'OFFICIAL')).status).toBe(400);
    expect((await send(`${base}/deputies`, body, 'OFFICIAL')).status).toBe(200);
    expect(review.calls.at(-1)?.args[2]).toMatchObject({ role: 'ownerOfficial' });
    const listed = JSON.parse((await get(`${base}/deputies`, 'AUDITOR')).body) as { deputies: unknown[] };
    expect(listed.deputies).toMatchObject([{ ...body, id: 'D-0123456789ABCDEF', by: expect.stringMatching(/^A-/) as unknown, state: 'inForce' }]);
    expect((await send(`${base}/deputies/D-0123456789ABCDEF/ending`, {}, 'AUDITOR')).status).toBe(403);
    expect((await send(`${base}/deputies/D-0000000000000000/ending`, {}, 'OFFICIAL')).status).toBe(404);
    expect((await send(`${base}/deputies/D-0123456789ABCDEF/ending`, {}, 'OFFICIAL')).status).toBe(200);
    expect((JSON.parse((await get(`${base}/deputies`, 'OFFICIAL')).body) as { deputies: unknown[] }).deputies).toEqual([]);
    expect((JSON.parse((await get(`${base}/deputies?ended=yes`, 'OFFICIAL')).body) as { deputies: unknown[] }).deputies).toMatchObject([{ endedWhy: 'ended' }]);
  });

  it('keeps the rota, for officials and reviewers', async () => {
    const rota = { spans: [{ desk: 'privacyDesk', account: 'A-REVIEWER0001', from: '2026-03-02T08:00:00Z', to: '2026-03-02T16:00:00Z' }], deputies: [] };
    expect((await send(`${base}/rota`, rota, 'OFFICIAL', 'PUT')).status).toBe(200);
    expect(JSON.parse((await get(`${base}/rota`, 'AUDITOR')).body)).toEqual(rota);
    expect((await send(`${base}/rota`, rota, 'AUDITOR', 'PUT')).status).toBe(403);
    for (const bad of [{}, { spans: [], deputies: [], more: [] }, { spans: [{ ...rota.spans[0], from: 'noon' }], deputies: [] }, { spans: [{ ...rota.spans[0], account: 'somebody' }], deputies: [] }]) expect((await send(`${base}/rota`, bad, 'OFFICIAL', 'PUT')).status).toBe(400);
  });

  it('acts as a reviewer for whoever is one besides an official', async () => {
    await get(`${base}/${ticketId}`, 'BOTH');
    await get(`${base}/${ticketId}`, 'OFFICIAL');
    expect(review.calls.map(({ args }) => args[2])).toMatchObject([{ role: 'reviewer', desks: ['courtDesk'] }, { role: 'ownerOfficial', desks: [] }]);
  });
});

describe('the interface of an asker', () => {
  const late = { ticket: ticketId, requester: ori, contentType: 'text/plain; charset=utf-8', body: Buffer.from('DR.WA0000000.ZZ0000101.*12345\nTHE LATE ANSWER') };

  it('tells what became of a ticket, with the members of before', async () => {
    const body = JSON.parse((await get(`/v1/tickets/${ticketId}`, null)).body) as object;
    expect(body).toEqual({ ...review.view });
    expect(Object.keys(body)).toEqual(expect.arrayContaining(['id', 'inquiry', 'owner', 'requester', 'status', 'asked', 'deadline', 'onTimeout', 'questions', 'papers', 'answer']));
    for (const status of ['released', 'releasedInPart', 'refused', 'expired', 'noRecord'] as const) {
      review.view = { ...review.view, status };
      expect(JSON.parse((await get(`/v1/tickets/${ticketId}`, null)).body)).toMatchObject({ status });
    }
  });

  it('is for the agency that asked: to another the ticket does not exist', async () => {
    review.late = late;
    expect((await get(`/v1/tickets/${ticketId}`, 'AGENCY')).status).toBe(200);
    for (const path of ['', '/answer']) expect(problemOf(await get(`/v1/tickets/${ticketId}${path}`, 'STRANGER'))[1]).toBe('unknownTicket');
    expect(problemOf(await send(`/v1/tickets/${ticketId}/replies`, { question: 'Q-1', text: 'x' }, 'STRANGER'))[1]).toBe('unknownTicket');
    expect(problemOf(await call(`${url}/v1/tickets/${ticketId}/papers`, { body: '%PDF-1.7', headers: as('STRANGER', { 'content-type': 'application/pdf' }) }))[1]).toBe('unknownTicket');
    expect(review.calls.filter(({ name }) => name !== 'answer')).toEqual([]);
    expect(review.calls.map(({ args }) => args[1])).toEqual([{ oris: new Set(['ZZ0000202']), who: 'A-STRANGER', role: 'agencyUser' }]);
  });

  it('gives the late answer as it is, or says why not', async () => {
    expect(problemOf(await get(`/v1/tickets/${ticketId}/answer`, null))).toEqual([409, 'stateChanged', 'HELD_STATE']);
    review.view = { ...review.view, status: 'released' };
    expect(problemOf(await get(`/v1/tickets/${ticketId}/answer`, null))).toEqual([404, 'unknownObject', 'HELD_UNKNOWN']);
    review.late = late;
    const answer = await get(`/v1/tickets/${ticketId}/answer`, 'AGENCY');
    expect(answer).toMatchObject({ status: 200, body: late.body.toString() });
    expect(answer.headers).toMatchObject({ 'content-type': 'text/plain; charset=utf-8', 'weir-ticket': ticketId, 'cache-control': 'no-store' });
    expect(review.calls.at(-1)).toMatchObject({ name: 'answer', args: [ticketId, { oris: new Set([ori]), who: 'A-AGENCY', role: 'agencyUser' }] });
    review.fails = 'HELD_LEDGER';
    expect(problemOf(await get(`/v1/tickets/${ticketId}/answer`, null))).toEqual([503, 'notRecorded', 'HELD_LEDGER']);
    expect((await call(`${url}/v1/tickets/${ticketId}/answer`, { method: 'HEAD' })).status).toBe(405);
  });

  it('takes an answer to a question', async () => {
    expect(JSON.parse((await send(`/v1/tickets/${ticketId}/replies`, { question: 'Q-000000000001', text: 'It is 26-123.' }, 'AGENCY')).body)).toEqual({ done: true });
    expect(review.calls.at(-1)).toMatchObject({ name: 'reply', args: [ticketId, 'Q-000000000001', 'It is 26-123.', { who: 'A-AGENCY' }] });
    for (const bad of [{}, { question: '', text: 'x' }, { question: 'Q', text: 'x'.repeat(5_000) }, { question: 'Q', text: 'x', more: 1 }]) expect(problemOf(await send(`/v1/tickets/${ticketId}/replies`, bad, 'AGENCY'))[1]).toBe('badBody');
  });
});
