import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { call, type Called } from '../testing/call.ts';
import { cookieFor, testPeople, testPerson } from '../testing/people.ts';
import { startTest, stopAll, testDeps } from '../testing/server.ts';
import { fakeReview, ticketId, type FakeReview } from './cases.ts';

let review: FakeReview;
let url: string;

beforeAll(async () => {
  review = fakeReview();
  url = (await startTest(testDeps({ people: testPeople([testPerson('REVIEWER', [{ role: 'reviewer', scope: { kind: 'owner', owner: 'WA' }, desks: [] }])], new Error('reached'), { review }) }))).url;
});
beforeEach(() => review.reset());
afterAll(stopAll);

const headers = (): Record<string, string> => ({ cookie: `weir=${cookieFor('REVIEWER')}`, origin: url, accept: 'text/html' });
const get = (path: string): Promise<Called> => call(`${url}${path}`, { headers: headers() });
const post = (path: string, fields: Record<string, string>): Promise<Called> => call(`${url}${path}`, { body: new URLSearchParams(fields).toString(), headers: { ...headers(), 'content-type': 'application/x-www-form-urlencoded' } });
const item = `/desk/WA/held/${ticketId}`;

describe('the words of the pages of held requests', () => {
  it.each([
    [{ reason: 'lawAllows', note: 'n' }, 'decision'], [{ decision: 'refuse', note: 'kept' }, 'reason'], [{ decision: 'refuse', reason: 'other', note: ' ' }, 'note'],
  ])('say in their own words what was not chosen of %j, and lead there', async (fields, at) => {
    const { status, body } = await post(`${item}/decision`, fields);
    expect([status, review.calls.some(({ name }) => name === 'decide')]).toEqual([422, false]);
    expect(body).toContain(`<a href="#${at}">`);
    expect(body).toContain(`id="${at}"`);
    expect(body).not.toContain('lessSuffices,');
  });

  it('say before the decision how much the widest answer gives', async () => {
    // The address is refused by the policy in force.
    expect((await get(item)).body).toContain('To release all gives <strong>1 kind of data</strong>: photo, to Example City Police');
  });

  it('say first how many wait', async () => {
    expect((await get('/desk/WA/held')).body).toMatch(/<strong>1 request waits for a person; for the first the time ends in [\d,]+ days/);
    review.item = { ...review.item, state: 'decided', verdict: 'refused' };
    expect((await get('/desk/WA/held?all=yes')).body).toContain('None waits for a decision any more.');
  });

  it('answers an address that is not there with a page, and a program with a problem', async () => {
    const page = await get('/desk/WA/nothing');
    expect([page.status, page.headers['content-type']]).toEqual([404, 'text/html; charset=utf-8']);
    expect(page.body).toContain('There is nothing at this address');
    expect((await call(`${url}/desk/WA/nothing`, { headers: { cookie: `weir=${cookieFor('REVIEWER')}` } })).headers['content-type']).toContain('problem+json');
    expect((await get('/v1/nothing')).headers['content-type']).toContain('problem+json');
  });

  it('names the asker in words, and a time without its thousandths', async () => {
    review.item = { ...review.item, atZero: 'If nobody has decided at 2026-11-22T23:30:06.607Z, it is refused.' };
    const { body } = await get(item);
    expect(body).toContain('If nobody has decided at 22 November 2026, 23:30 UTC, it is refused.');
    expect(body).toContain('a city or town agency; agreement under 287(g): officers question and process people in a jail');
    expect(body).not.toContain('municipal');
  });
});
