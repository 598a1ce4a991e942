import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { Grant } from '../../people/roles/index.ts';
import type { Delivery } from '../../review/delivery/index.ts';
import { showOnly } from '../gate/kept.ts';
import { call, type Called } from '../testing/call.ts';
import { cookieFor, testPeople, testPerson } from '../testing/people.ts';
import { startTest, stopAll, testDeps } from '../testing/server.ts';
import { fakeReview, ori, otherId, ticketId, type FakeReview } from './cases.ts';

const wa = (role: Grant['role']): Grant => ({ role, scope: { kind: 'owner', owner: 'WA' }, desks: [] });
const people = [
  testPerson('REVIEWER', [wa('reviewer')]), testPerson('CAPTAIN', [{ ...wa('reviewer'), desks: ['captainDesk'] }]), testPerson('OFFICIAL', [wa('ownerOfficial')]), testPerson('AUDITOR', [wa('auditor')]), testPerson('AGENCY', [{ role: 'agencyUser', scope: { kind: 'agency', ori }, desks: [] }]),
  testPerson('COORDINATOR', [{ role: 'agencyCoordinator', scope: { kind: 'agency', ori }, desks: [] }]),
];
const set: unknown[] = [];
const delivery = {
  addresses: () => Promise.resolve([{ ori, kind: 'event', url: 'https://cad.example.org/"><b>', ca: null, setBy: 'A-COORDINATOR', setAt: new Date('2026-03-02T12:00:00Z') }]),
  lines: () => Promise.resolve([{ id: 'msg_1', ticket: ticketId, kind: 'event', state: 'waiting', queuedAt: new Date('2026-03-02T12:00:00Z'), nextAt: new Date('2026-03-02T12:05:00Z'), attempts: [{ at: new Date('2026-03-02T12:00:00Z'), ms: 3, status: 500, why: 'status' }] }]),
  set: (...args: readonly unknown[]) => { set.push(args); return Promise.resolve({ address: {}, secret: 'whsec_SHOWNONCE' }); }, remove: () => Promise.resolve(true),
} as unknown as Delivery;

let review: FakeReview;
let url: string;

beforeAll(async () => {
  review = fakeReview();
  url = (await startTest(testDeps({ people: testPeople(people, new Error('reached'), { review, delivery }) }))).url;
});
beforeEach(() => review.reset());
afterAll(stopAll);

const headers = (name: string): Record<string, string> => ({ cookie: `weir=${cookieFor(name)}`, origin: url, accept: 'text/html' });
const get = (path: string, name = 'REVIEWER'): Promise<Called> => call(`${url}${path}`, { headers: headers(name) });
const post = (path: string, fields: Record<string, string>, name = 'REVIEWER'): Promise<Called> => call(`${url}${path}`, { body: new URLSearchParams(fields).toString(), headers: { ...headers(name), 'content-type': 'application/x-www-form-urlencoded' } });
const item = `/desk/WA/held/${ticketId}`;

/** No script, nothing that reloads by itself, nothing of the request that is not escaped, and a policy that forbids the rest. */
function plain({ body, headers: sent }: Called): void {
  expect(body).not.toMatch(/<script|http-equiv|<b>|<case>|<invented>/);
  expect(sent['content-security-policy']).toContain("default-src 'none'");
  expect(sent['cache-control']).toBe('no-store');
}

describe('the pages of a reviewer', () => {
  it('show the inbox with its clock, and the filters of the address', async () => {
    const page = await get('/desk/WA/held?desk=privacyDesk&state=asked&all=yes&colour=red');
    expect(page.status).toBe(200);
    plain(page);
    for (const text of [ticketId, 'Danger to life', 'days', 'then refused', 'Example City Police', 'example-federal-office', 'WA-12', 'photo, address', 'selected>a question was put back']) expect(page.body).toContain(text);
    expect(review.calls[0]).toMatchObject({ args: ['WA', { desk: 'privacyDesk', state: 'asked', all: true, limit: 50 }, { role: 'reviewer' }] });
    expect((await get('/desk/WA/held', 'AGENCY')).status).toBe(403);
    expect((await call(`${url}/desk/WA/held`, { headers: { accept: 'text/html' } })).headers.location).toMatch(/^\/sign-in\?to=/);
  });

  it('say of a decided one who decided, when, why and what was given', async () => {
    const was = review.item;
    const decided = { at: '2026-03-02T18:00:00.000Z', by: 'A-REVIEWER0001', reason: 'lessSuffices', released: ['photo' as const] };
    review.item = { ...was, state: 'decided', verdict: 'releasedInPart', decided };
    const page = (await get(item)).body;
    for (const text of ['How it was decided', '2 March 2026, 18:00 UTC', 'A-REVIEWER0001', 'part of it is enough for the purpose', '<dt>Given by it</dt><dd>photo</dd>']) expect(page).toContain(text);
    review.item = { ...was, state: 'decided', verdict: 'refused', decided: { ...decided, by: 'clock', reason: 'clock', released: [] } };
    const late = (await get(item)).body;
    for (const text of ['nobody: its time ended', '<dt>Given by it</dt><dd>nothing</dd>']) expect(late).toContain(text);
    expect(late).not.toContain('<dt>Because</dt>');
    review.item = was;
    expect((await get(item)).body).not.toContain('How it was decided');
  });

  it('show a form that comes back from a sign-in as it was filled in, and do nothing', async () => {
    for (const [path, fields, texts] of [
      ['decision', { decision: 'releaseLess', 'class-photo': 'reduced', reason: 'lessSuffices', note: 'a small one is enough' }, ['value="releaseLess" required checked', 'value="reduced" selected', 'value="lessSuffices" selected', '>a small one is enough</textarea>']],
      ['decision', { decision: '', reason: '', note: 'not yet chosen' }, ['>not yet chosen</textarea>']],
      ['questions', { text: 'Which case?' }, ['>Which case?</textarea>']],
      ['escalation', { note: 'Above my desk' }, ['>Above my desk</textarea>']],
    ] as const) {
      review.reset();
      const shown = await post(`${item}/${path}`, { ...fields, [showOnly]: 'yes' });
      expect([path, shown.status]).toEqual([path, 200]);
      plain(shown);
      for (const text of ['nothing was done yet', ...texts]) expect(shown.body).toContain(text);
      expect(review.calls.map(({ name }) => name)).toEqual(['detail']);
    }
    const rota = await post('/desk/WA/held/rota', { do: 'add-span', desk: 'privacyDesk', account: 'A-X', from: '2026-11-23 08:00', to: '2026-11-23 16:00', [showOnly]: 'yes' });
    expect([rota.status, rota.body.includes('value="2026-11-23 08:00"')]).toEqual([200, true]);
    expect(review.calls.map(({ name }) => name)).not.toContain('setRota');
  });

  it('show one request without the resident, with nothing chosen beforehand', async () => {
    const page = await get(item);
    plain(page);
    const order = ['Who asks, and why', 'What would be released', 'Which rule held it', 'The asker’s record', 'Similar decisions before', 'What happens at zero', 'The resident’s data', 'id="decide"'].map((text) => page.body.indexOf(text));
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(order).not.toContain(-1);
    expect(page.body).not.toContain('QUILLON');
    expect(page.body).not.toMatch(/<(?:input|option)[^>]* (?:checked|selected)/);
    expect(page.body).toContain('it cannot be released');
    expect((await get(`/desk/WA/held/${otherId}`)).status).toBe(404);
    expect((await get('/desk/WA/held/x')).status).toBe(404);
  });

  it('open the resident\'s data by a button alone', async () => {
    const page = await post(`${item}/opening`, {});
    plain(page);
    expect(page.body).toContain('QUILLON, DARA');
    expect(page.body).toContain('that is on the record');
    expect(review.calls.map(({ name }) => name)).toEqual(['open', 'detail']);
    expect((await get(`${item}/opening`)).status).toBe(405);
    review.fails = 'HELD_LEDGER';
    const refused = await post(`${item}/opening`, {});
    expect(refused.status).toBe(503);
    expect(refused.body).not.toContain('QUILLON');
  });

  it('take a decision, and show again what was filled in where it is refused', async () => {
    const fields = { decision: 'releaseLess', 'class-photo': 'reduced', 'class-address': '', reason: 'lessSuffices', note: 'enough <b>' };
    expect(await post(`${item}/decision`, fields)).toMatchObject({ status: 303, headers: { location: item } });
    expect(review.calls[0]?.args[2]).toEqual({ decision: 'releaseLess', classes: [{ dataClass: 'photo', treatment: 'reduced' }], reason: 'lessSuffices', note: 'enough <b>' });
    await post(`${item}/decision`, { ...fields, decision: 'refuse' });
    expect(review.calls[1]?.args[2]).toEqual({ decision: 'refuse', reason: 'lessSuffices', note: 'enough <b>' });
    review.fails = 'HELD_RULE';
    const again = await post(`${item}/decision`, fields);
    expect(again.status).toBe(409);
    plain(again);
    for (const text of ['role="alert"', 'value="releaseLess" required checked', 'value="reduced" selected', 'value="lessSuffices" selected', 'enough &lt;b&gt;']) expect(again.body).toContain(text);
    expect((await post(`${item}/decision`, fields, 'OFFICIAL')).status).toBe(403);
    expect((await call(`${url}${item}/decision`, { body: 'decision=refuse', headers: { ...headers('REVIEWER'), origin: 'https://elsewhere.example.org', 'content-type': 'application/x-www-form-urlencoded' } })).status).toBe(403);
  });

  it('offer no decision to whoever may not take one', async () => {
    review.item = { ...review.item, conflict: 'ownAgency' };
    expect((await get(item)).body).not.toContain('id="decide"');
    review.item = { ...review.item, conflict: null };
    const official = await get(item, 'OFFICIAL');
    expect(official.body).not.toContain('id="decide"');
    expect(official.body).not.toContain('Open the resident');
    review.item = { ...review.item, state: 'decided', verdict: 'refused' };
    expect((await get(item)).body).not.toContain('id="decide"');
    review.item = { ...review.item, state: 'waiting', kind: 'exigent' };
    expect((await get(item)).body).toContain('value="affirm"');
  });

  it('ask for more and escalate', async () => {
    expect((await post(`${item}/questions`, { text: ' Which case? ' })).status).toBe(303);
    expect((await post(`${item}/escalation`, { note: 'unclear' })).status).toBe(303);
    expect(review.calls.map(({ name, args }) => [name, args[2]])).toEqual([['ask', 'Which case?'], ['escalate', 'unclear']]);
  });

  it('keep the rota: a row added, and that very row taken away', async () => {
    const rota = '/desk/WA/held/rota';
    expect((await post(rota, { do: 'add-span', desk: 'privacyDesk', account: 'A-REVIEWER0001', from: '2026-11-23 08:00', to: '2026-11-23T16:00Z' })).status).toBe(303);
    expect((await post(rota, { do: 'add-deputy', deputyDesk: 'privacyDesk', deputyFor: 'A-REVIEWER0001', deputy: 'A-REVIEWER0002', until: '2026-11-30 16:00' })).status).toBe(303);
    expect(review.rotaNow).toEqual({ spans: [{ desk: 'privacyDesk', account: 'A-REVIEWER0001', from: '2026-11-23T08:00:00.000Z', to: '2026-11-23T16:00:00.000Z' }], deputies: [] });
    expect(review.deputiesNow).toMatchObject([{ desk: 'privacyDesk', account: 'A-REVIEWER0001', deputy: 'A-REVIEWER0002', until: '2026-11-30T16:00:00.000Z' }]);
    const shown = await get(rota);
    plain(shown);
    expect(shown.body).toContain('Casey &lt;Reed&gt;');
    expect((await post(rota, { do: 'end-deputy', delegation: 'D-0123456789ABCDEF' })).status).toBe(303);
    expect((await post(rota, { do: 'end-deputy', delegation: 'D-0123456789ABCDEF' })).status).toBe(404);
    expect((await get(rota)).body).toContain('it was ended');
    const row = JSON.stringify(review.rotaNow.spans[0]);
    expect((await post(rota, { do: 'remove-span', row })).status).toBe(303);
    expect((await post(rota, { do: 'remove-span', row })).status).toBe(409);
    for (const bad of [{ do: 'add-span', desk: 'd', account: 'a', from: 'noon', to: 'one' }, { do: 'everything' }, {}]) expect((await post(rota, bad as Record<string, string>)).status).toBe(422);
    expect(review.rotaNow.spans).toEqual([]);
    expect((await post(rota, { do: 'end-deputy', delegation: 'D-0123456789ABCDEF' }, 'AGENCY')).status).toBe(403);
  });
});

describe('the page of the rota', () => {
  const rota = '/desk/WA/held/rota';
  const options = (body: string, name: string): readonly string[] => [...(new RegExp(`<select id="${name}".*?</select>`, 's').exec(body)?.[0] ?? '').matchAll(/<option value="([^"]*)"/g)].map(([, value = '']) => value);
  const [casey, morgan, reva] = ['A-REVIEWER0001', 'A-REVIEWER0002', 'A-REVIEWER0003'];

  it('offers desks and people by name, with nothing chosen beforehand', async () => {
    const page = await get(rota, 'OFFICIAL');
    plain(page);
    expect(page.body).not.toMatch(/<(?:input|option)[^>]* (?:checked|selected)/);
    for (const name of ['desk', 'deputyDesk']) expect(options(page.body, name)).toEqual(['', 'captainDesk', 'privacyDesk']);
    for (const name of ['account', 'deputyFor', 'deputy']) expect(options(page.body, name)).toEqual(['', casey, morgan, reva]);
    for (const text of ['>Casey &lt;Reed&gt;, all desks (A-REVIEWER0001)<', '>Morgan Vale, captainDesk (A-REVIEWER0002)<']) expect(page.body).toContain(text);
  });

  it('lets a reviewer name a deputy for themself alone, and never themself', async () => {
    const page = (await get(rota)).body;
    expect([options(page, 'deputyFor'), options(page, 'deputy'), options(page, 'account')]).toEqual([['', reva], ['', casey, morgan], ['', casey, morgan, reva]]);
    expect(options((await get(rota, 'CAPTAIN')).body, 'desk')).toEqual(['', 'captainDesk']);
    const read = (await get(rota, 'AUDITOR')).body;
    expect(read).toContain('No times are set.');
    expect(read.slice(read.indexOf('<main'))).not.toContain('<form');
  });

  it('says people by name, with the number of the account beside it, as rows that become lists', async () => {
    review.rotaNow = { spans: [{ desk: 'privacyDesk', account: casey, from: '2026-03-02T08:00:00.000Z', to: '2026-03-02T16:00:00.000Z' }, { desk: 'privacyDesk', account: 'A-GONE00000001', from: '2026-03-01T08:00:00.000Z', to: '2026-03-01T16:00:00.000Z' }], deputies: [] };
    await post(rota, { do: 'add-deputy', deputyDesk: 'privacyDesk', deputyFor: casey, deputy: morgan, until: '2026-11-30T16:00' }, 'OFFICIAL');
    const { body } = await get(rota, 'OFFICIAL');
    for (const text of ['data-label="Who">Casey &lt;Reed&gt;<br><span class="quiet">A-REVIEWER0001</span>', 'aria-label="Remove Casey &lt;Reed&gt; from privacyDesk"', 'data-label="Time"><time datetime="2026-03-02T08:00:00.000Z">2 March 2026, 08:00 UTC</time>', 'data-label="Who">A-GONE00000001<']) expect(body).toContain(text);
    expect(body.indexOf('A-GONE00000001')).toBeLessThan(body.indexOf('data-label="Who">Casey'));
  });

  it('keeps what was chosen where it is refused, also what is in no list any more', async () => {
    review.fails = 'HELD_FIELD';
    const { status, body } = await post(rota, { do: 'add-span', desk: 'oldDesk', account: morgan, from: '2026-11-23T16:00', to: '2026-11-23T08:00' }, 'OFFICIAL');
    expect(status).toBe(422);
    for (const text of ['<option value="oldDesk" selected>', `<option value="${morgan}" selected>`, 'value="2026-11-23T16:00" required']) expect(body).toContain(text);
  });
});

describe('the pages of an asker', () => {
  it('lead from the number of a ticket to how it stands', async () => {
    expect((await get(`/ticket?number=%20${ticketId.toLowerCase()}`, 'AGENCY')).headers.location).toBe(`/ticket/${ticketId}`);
    const wrong = await get('/ticket?number=%3Cb%3E', 'AGENCY');
    plain(wrong);
    const page = await get(`/ticket/${ticketId}`, 'AGENCY');
    plain(page);
    for (const text of ['A person will decide', 'left', 'Which &lt;case&gt;?', 'Your answer', 'Hand in the paper']) expect(page.body).toContain(text);
    expect((await get(`/ticket/${otherId}`, 'AGENCY')).status).toBe(404);
    expect(review.calls).toEqual([]);
  });

  it('take an answer, and show the late answer by a button alone', async () => {
    expect((await post(`/ticket/${ticketId}/replies`, { question: 'Q-000000000001', text: '26-123' }, 'AGENCY')).status).toBe(303);
    review.view = { ...review.view, status: 'released', answer: true };
    expect((await get(`/ticket/${ticketId}`, 'AGENCY')).body).toContain('Show the late answer');
    expect((await post(`/ticket/${ticketId}/answer`, {}, 'AGENCY')).status).toBe(409);
    review.late = { ticket: ticketId, requester: ori, contentType: 'text/plain; charset=utf-8', body: Buffer.from('\u0001DR.<b>\nNAM/QUILLON\u0003') };
    const page = await post(`/ticket/${ticketId}/answer`, {}, 'AGENCY');
    plain(page);
    expect(page.body).toContain('NAM/QUILLON');
     
    expect(page.body).not.toMatch(/[\u0001\u0003]/);
    expect((await get(`/ticket/${ticketId}/answer`, 'AGENCY')).status).toBe(405);
  });
});

describe('the page of deliveries', () => {
  it('is for the coordinator, shows a new secret once and nothing unescaped', async () => {
    const path = `/agency/${ori}/deliveries`;
    plain(await get(path, 'COORDINATOR'));
    expect((await get(path, 'AGENCY')).status).toBe(403);
    expect((await get('/agency/ZZ0000202/deliveries', 'COORDINATOR')).status).toBe(403);
    const page = await post(path, { kind: 'event', url: 'https://cad.example.org/', ca: '' }, 'COORDINATOR');
    expect(page.body).toContain('whsec_SHOWNONCE');
    expect(set).toEqual([[ori, { kind: 'event', url: 'https://cad.example.org/', ca: '', newSecret: false }, { who: 'A-COORDINATOR', role: 'agencyCoordinator' }]]);
    expect((await get(path, 'COORDINATOR')).body).not.toContain('whsec_');
  });
});
