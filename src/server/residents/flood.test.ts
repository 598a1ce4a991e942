import { afterEach, describe, expect, it, vi } from 'vitest';

import { ResidentError, type Residents } from '../../residents/index.ts';
import { call } from '../testing/call.ts';
import { testPeople } from '../testing/people.ts';
import { startTest, stopAll, testDeps } from '../testing/server.ts';

afterEach(() => { vi.useRealTimers(); });
afterEach(stopAll);

describe('what anybody may do', () => {
  it('is done so many times a minute from one address, by page and by program together; reading goes on', async () => {
    let reached = 0;
    const refuse = (): Promise<never> => {
      reached += 1;
      return Promise.reject(new ResidentError('RESIDENT_UNKNOWN', 'there is none', 'Ask.'));
    };
    const { url } = await startTest(testDeps({ people: testPeople([], new Error('reached'), { residents: { ask: refuse, doStep: refuse, own: refuse } as unknown as Residents }) }));
    // The minute stands still: however slow the machine is, none of the tries is over before the last.
    vi.useFakeTimers({ toFake: ['Date'] });
    const asked = (n: number): Promise<{ status: number; body: string }> => (n % 2 === 0
      ? call(`${url}/v1/owners/WA/resident-requests`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ given: {}, from: '2026-01-01', to: '2026-01-02' }) })
      : call(`${url}/residents/request`, { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'number=R-0123456789&secret=x&step=pin' }));
    const statuses = (await Promise.all(Array.from({ length: 64 }, (_, n) => asked(n)))).map(({ status }) => status);
    expect(reached).toBe(30);
    expect(statuses.filter((status) => status === 429).length).toBe(34);
    const page = await asked(1);
    expect(page.status).toBe(429);
    expect(page.body).toContain('go back and send it again');
    expect((await call(`${url}/v1/resident-requests/R-0123456789`, { headers: { 'weir-secret': 'x' } })).status).toBe(404);
  });
});
