import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { ChangeErrorCode, Changes } from '../../approvals/types.ts';
import { buildServer } from '../app.ts';
import { startListener, type RunningListener } from '../listen.ts';
import { call } from '../testing/call.ts';
import { testDeps } from '../testing/server.ts';
import { changeProblems } from './answer.ts';
import { problems } from '../problems.ts';
import { sampleChanges, sampleDraft, samplePeople, sampleProposal } from './samples.ts';

/** One server for the file; which changes it has is set by each test. */
let current: Changes;
const sample = samplePeople(new Proxy({} as Changes, { get: (_, name) => Reflect.get(current, name) as unknown }));
const { people } = sample;
const add: typeof sample.add = (...asked) => sample.add(...asked);
let listener: RunningListener;
beforeAll(async () => {
  const deps = testDeps({ people });
  const app = buildServer(deps);
  listener = await startListener(app, { host: '127.0.0.1', port: 0 });
});
afterAll(() => listener.close());

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';
interface Asked {
  readonly method?: Method;
  readonly body?: unknown;
  readonly raw?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

function serve(changes: Changes & { readonly asked: (readonly unknown[])[] } = sampleChanges()) {
  current = changes;
  const send = async (path: string, token: string, { method = 'GET', body, raw, headers = {} }: Asked = {}) => {
    const sent = raw ?? (body === undefined ? undefined : JSON.stringify(body));
    const answer = await call(`${listener.url}/v1/owners/${path}`, { method, headers: { authorization: `Bearer ${token}`, ...(sent === undefined ? {} : { 'content-type': 'application/json' }), ...headers }, ...(sent === undefined ? {} : { body: sent }) });
    return { ...answer, json: JSON.parse(answer.body === '' ? 'null' : answer.body) as Record<string, unknown> };
  };
  /** As a browser of somebody who showed all factors just now: what needs a fresh sign-in. */
  const fresh = (path: string, cookie: string, asked: Asked = {}) => send(path, 'x'.repeat(20), { ...asked, headers: { ...asked.headers, authorization: '', cookie: `weir=${cookie}`, origin: listener.url } });
  return { send, fresh, add, asked: changes.asked };
}

const proposal = { kind: 'policy', draft: 'D-1', etag: 3, reason: 'because' };
const decision = { hash: 'd'.repeat(64), decision: 'approve', reason: 'read and right' };
const rule = { widening: 3, narrowing: 1, lapsesAfterDays: 7, emergencyHours: 24 };

describe('drafts by the interface', () => {
  it('are listed, read with their ETag, begun, saved, checked, commented and dropped', async () => {
    const { send, add, asked } = serve();
    const { token, account } = add(['policyAuthor']);
    const actor = expect.objectContaining({ account, role: 'policyAuthor' }) as unknown;
    expect((await send('WA/changes/drafts', token)).json).toEqual({ drafts: [expect.not.objectContaining({ text: sampleDraft.text })] });
    const one = await send('WA/changes/drafts/D-1', token);
    expect(one.headers['etag']).toBe('"3"');
    expect(one.json).toEqual(sampleDraft);
    expect((await send('WA/changes/drafts', token, { method: 'POST', body: { title: 'New' } })).status).toBe(200);
    const saved = await send('WA/changes/drafts/D-1', token, { method: 'PUT', body: { title: 'New', text: 'policy: WA' }, headers: { 'if-match': '"3"' } });
    expect([saved.status, saved.headers['etag']]).toEqual([200, '"4"']);
    expect((await send('WA/changes/drafts/D-1/check', token, { method: 'POST' })).json).toMatchObject({ ok: true, effect: 'widening', backtest: { newlyReleased: 12 } });
    expect((await send('WA/changes/drafts/D-1/comments', token, { method: 'POST', body: { rule: 'WA-1', text: 'Why?' } })).status).toBe(200);
    expect((await send('WA/changes/drafts/D-1', token, { method: 'DELETE' })).json).toEqual({ done: true });
    expect(asked).toEqual([
      ['begin', 'WA', { title: 'New', text: null }, actor], ['save', 'WA', 'D-1', { title: 'New', text: 'policy: WA', etag: 3 }, actor], ['check', 'WA', 'D-1', actor],
      ['comment', 'WA', { draft: 'D-1' }, { rule: 'WA-1', text: 'Why?' }, actor], ['drop', 'WA', 'D-1', actor],
    ]);
  });

  it.each([['no If-Match', {}], ['any', { 'if-match': '*' }], ['a weak one', { 'if-match': 'W/"3"' }], ['no number', { 'if-match': '"three"' }], ['nought', { 'if-match': '"0"' }]])('are not saved with %s', async (_what, headers) => {
    const { send, add, asked } = serve();
    const answer = await send('WA/changes/drafts/D-1', add(['policyAuthor']).token, { method: 'PUT', body: { title: 'x', text: 'y' }, headers });
    expect(answer).toMatchObject({ status: 412, json: { reasonCode: 'CHANGE_STALE' } });
    expect(asked).toEqual([]);
  });

  it('are as large as a policy may be, and no larger', async () => {
    const { send, add } = serve();
    const { token } = add(['policyAuthor']);
    const put = (text: string) => send('WA/changes/drafts/D-1', token, { method: 'PUT', body: { title: 'x', text }, headers: { 'if-match': '"3"' } });
    expect((await put('x'.repeat(1_048_576))).status).toBe(200);
    expect((await put('x'.repeat(1_048_577))).status).toBe(400);
    expect((await put('\u0001'.repeat(1_000_000))).status).toBe(413);
  });
});

describe('proposals by the interface', () => {
  it('are made of a draft, a rule or a step back, listed, read, commented and withdrawn', async () => {
    const { send, add, asked } = serve();
    const { token } = add(['policyAuthor']);
    for (const body of [proposal, { ...proposal, startsAt: '2026-04-01T00:00:00Z', endsAt: null }, { kind: 'rule', rule, reason: 'why' }, { kind: 'stepBack', reason: 'why' }]) {
      expect((await send('WA/changes/proposals', token, { method: 'POST', body })).status).toBe(200);
    }
    expect((await send('WA/changes/rule', token, { method: 'POST', body: { rule, reason: 'why' } })).status).toBe(200);
    expect(asked.map(([name]) => name)).toEqual(['propose', 'propose', 'proposeRule', 'proposeStepBack', 'proposeRule']);
    expect(asked[1]?.[2]).toEqual({ draft: 'D-1', etag: 3, reason: 'because', startsAt: '2026-04-01T00:00:00Z', endsAt: null });
    expect((await send('WA/changes/proposals?state=open,scheduled', token)).json).toEqual({ proposals: [expect.not.objectContaining({ text: sampleProposal.text })] });
    expect(asked.at(-1)).toEqual(['proposals', 'WA', ['open', 'scheduled']]);
    expect((await send('WA/changes/proposals/P-1', token)).json).toEqual(sampleProposal);
    expect((await send('WA/changes/proposals/P-1/comments', token, { method: 'POST', body: { text: 'Hm.' } })).status).toBe(200);
    expect((await send('WA/changes/proposals/P-1/withdrawal', token, { method: 'POST', body: { reason: 'a mistake' } })).json).toMatchObject({ state: 'withdrawn' });
    expect((await send('WA/changes/rule', token)).json).toEqual({ widening: 2, narrowing: 1, lapsesAfterDays: 14, emergencyHours: 72 });
  });

  it('are decided only after a fresh sign-in: by no token, and by no session that is older', async () => {
    const { send, fresh, add, asked } = serve();
    const approver = add(['policyApprover']);
    const path = 'WA/changes/proposals/P-1/decision';
    expect(await send(path, approver.token, { method: 'POST', body: decision })).toMatchObject({ status: 401, json: { type: 'urn:weir:problem:freshSignInNeeded' } });
    expect((await fresh(path, add(['policyApprover'], 'WA', { fresh: false }).cookie, { method: 'POST', body: decision })).status).toBe(401);
    expect(asked).toEqual([]);
    expect((await fresh(path, approver.cookie, { method: 'POST', body: decision })).status).toBe(200);
    expect(asked).toEqual([['decide', 'WA', 'P-1', decision, expect.objectContaining({ account: approver.account, role: 'policyApprover' })]]);
  });

  it('are decided as the privacy office by whoever is of it and a policy approver besides, and never by an office of another owner', async () => {
    const { fresh, add, asked } = serve();
    const decide = (cookie: string) => fresh('WA/changes/proposals/P-1/decision', cookie, { method: 'POST', body: decision });
    await decide(add(['policyApprover', 'privacyApprover']).cookie);
    expect(asked.at(-1)?.[4]).toMatchObject({ role: 'privacyApprover' });
    expect((await decide(add(['privacyApprover'], 'OR').cookie)).status).toBe(403);
    expect(asked).toHaveLength(1);
  });

  it('come into force at once in an emergency, by a fresh sign-in', async () => {
    const { send, fresh, add, asked } = serve();
    const official = add(['ownerOfficial']);
    const body = { text: 'policy: WA', reason: 'a leak', hours: 12 };
    expect((await send('WA/changes/emergency', official.token, { method: 'POST', body })).status).toBe(401);
    expect((await fresh('WA/changes/emergency', official.cookie, { method: 'POST', body })).json).toMatchObject({ kind: 'emergency' });
    expect(asked).toEqual([['emergency', 'WA', body, expect.objectContaining({ role: 'ownerOfficial' })]]);
  });

  it('have a deputy named for oneself only', async () => {
    const { fresh, add, asked } = serve();
    const approver = add(['privacyApprover']);
    const body = { to: 'A-BBBBBBBBBBBB', role: 'privacyApprover', until: '2026-04-01T00:00:00Z', reason: 'leave' };
    expect((await fresh('WA/changes/deputies', approver.cookie, { method: 'POST', body })).json).toEqual({ done: true });
    expect(asked[0]).toEqual(['delegate', 'WA', { ...body, from: approver.account }, expect.objectContaining({ account: approver.account })]);
    expect((await fresh('WA/changes/deputies', approver.cookie, { method: 'POST', body: { ...body, from: 'A-CCCCCCCCCCCC' } })).status).toBe(400);
  });
});

describe('what is refused', () => {
  const changing: readonly (readonly [string, Method, unknown])[] = [
    ['drafts', 'POST', { title: 'x' }], ['drafts/D-1', 'PUT', { title: 'x', text: 'y' }], ['drafts/D-1', 'DELETE', undefined], ['drafts/D-1/check', 'POST', undefined], ['drafts/D-1/comments', 'POST', { text: 'x' }], ['proposals', 'POST', proposal],
    ['emergency', 'POST', { text: 'x', reason: 'y', hours: 1 }], ['proposals/P-1/decision', 'POST', decision], ['proposals/P-1/withdrawal', 'POST', { reason: 'x' }], ['proposals/P-1/comments', 'POST', { text: 'x' }], ['rule', 'POST', { rule, reason: 'x' }],
    ['deputies', 'POST', { to: 'A-BBBBBBBBBBBB', role: 'policyApprover', until: '2026-04-01T00:00:00Z', reason: 'x' }], ['proposals/P-1/certificate', 'GET', undefined], ['proposals/P-1/certificate.pdf', 'GET', undefined],
  ];
  const everything = ['ownerOfficial', 'policyAuthor', 'policyApprover', 'privacyApprover'] as const;

  it.each(Object.keys(changeProblems) as ChangeErrorCode[])('%s is its problem, with its code, on every route', async (code) => {
    const { fresh, add } = serve(sampleChanges(code));
    const { cookie } = add(everything);
    for (const [path, method, body] of changing) {
      const answer = await fresh(`WA/changes/${path}`, cookie, { method, ...(body === undefined ? {} : { body }), headers: { 'if-match': '"3"' } });
      expect([path, answer.status, answer.json['type'], answer.json['reasonCode']]).toEqual([path, problems[changeProblems[code]].status, `urn:weir:problem:${changeProblems[code]}`, code]);
      expect(answer.json['detail']).toBe('It was refused by a test. Mend the test.');
    }
  });

  it.each(changing.map(([path, method, body]) => [method, path, body] as const))('%s %s by an auditor, an official of another owner, nobody', async (method, path, body) => {
    const { fresh, send, add, asked } = serve();
    const isRead = method === 'GET';
    if (!isRead) expect((await fresh(`WA/changes/${path}`, add(['auditor']).cookie, { method, body, headers: { 'if-match': '"3"' } })).status).toBe(403);
    expect((await fresh(`WA/changes/${path}`, add(everything, 'OR').cookie, { method, body, headers: { 'if-match': '"3"' } })).status).toBe(403);
    expect((await send(`WA/changes/${path}`, 'x'.repeat(40), { method, body })).status).toBe(401);
    expect(asked).toEqual([]);
  });

  it.each([
    ['a body that is no JSON', 'drafts', '{'], ['no body', 'drafts', ''], ['another type', 'drafts', { title: 7 }], ['more than there is', 'drafts', { title: 'x', owner: 'OR' }], ['a NUL', 'drafts', { title: 'a\u0000b' }],
    ['a title without end', 'drafts', { title: 'x'.repeat(201) }], ['no kind', 'proposals', { draft: 'D-1', etag: 3, reason: 'x' }], ['an unknown kind', 'proposals', { kind: 'all', reason: 'x' }], ['a number that is none', 'proposals', { ...proposal, draft: '../x' }],
    ['an ETag that is none', 'proposals', { ...proposal, etag: '3' }], ['a time that is none', 'proposals', { ...proposal, startsAt: 'tomorrow' }], ['a hash that is none', 'proposals/P-1/decision', { ...decision, hash: 'x' }],
    ['no decision', 'proposals/P-1/decision', { ...decision, decision: 'maybe' }], ['half a rule', 'rule', { rule: { widening: 2 }, reason: 'x' }], ['an account that is none', 'deputies', { to: 'me', role: 'policyApprover', until: '2026-04-01T00:00:00Z', reason: 'x' }],
    ['hours that are none', 'emergency', { text: 'x', reason: 'y', hours: 'many' }], ['a list', 'drafts', []],
  ])('%s', async (_what, path, body) => {
    const { fresh, add, asked } = serve();
    const answer = await fresh(`WA/changes/${path}`, add(everything).cookie, { method: 'POST', ...(typeof body === 'string' ? { raw: body } : { body }) });
    expect([answer.status, answer.json['type']]).toEqual([400, 'urn:weir:problem:badBody']);
    expect(asked).toEqual([]);
  });

  it('an address that is none', async () => {
    const { send, add } = serve();
    const { token } = add(everything);
    expect((await send('WA/changes/drafts/D-9', token)).status).toBe(404);
    expect((await send('WA/changes/proposals/P-9', token)).status).toBe(404);
    expect((await send('WA/changes/proposals/P-1/certificate', token)).status).toBe(404);
    expect((await send(`WA/changes/drafts/${encodeURIComponent("x' or 1")}`, token)).status).toBe(400);
    expect((await send('WA/changes/drafts/%00', token)).status).toBe(400);
    expect((await send('WA/changes/proposals?state=gone', token)).status).toBe(400);
    expect((await send('WA/changes/proposals?more=1', token)).status).toBe(400);
    expect((await send('WAX/changes/drafts', token)).status).toBe(400);
  });

  it('a token that is not for it', async () => {
    const { send, add, asked } = serve();
    const { token } = add(['policyAuthor'], 'WA', { only: ['change.read'] });
    expect((await send('WA/changes/drafts', token)).status).toBe(200);
    expect(await send('WA/changes/drafts', token, { method: 'POST', body: { title: 'x' } })).toMatchObject({ status: 403, json: { reasonCode: 'TOKEN_ACTIONS' } });
    expect(asked).toEqual([]);
  });
});
