import { afterEach, describe, expect, it } from 'vitest';

import { allDataClasses, allPurposes } from '../vocabulary/index.ts';
import { call } from './testing/call.ts';
import { agency, startTest, stopAll, testDeps, ticket } from './testing/server.ts';

afterEach(stopAll);

async function get(path: string, change: Parameters<typeof testDeps>[0] = {}) {
  const { url } = await startTest(testDeps(change));
  const { status, body, headers } = await call(`${url}${path}`);
  return { status, headers, json: JSON.parse(body) as Record<string, unknown> };
}

describe('the other routes', () => {
  it('give an agency of the directory, and nothing that policies read of it', async () => {
    const { status, json } = await get(`/v1/registry/agencies/${agency.ori}`);
    expect(status).toBe(200);
    expect(json).toEqual({ ...agency, registry: { version: 3, hash: 'cd'.repeat(32) } });
  });

  it('give the owners with the policy in force, or none', async () => {
    const { json } = await get('/v1/owners');
    expect(json).toEqual({ owners: [
      { owner: 'CO', name: 'Colorado', policy: null }, { owner: 'WA', name: 'Washington', policy: { version: 14, hash: 'ab'.repeat(32) } },
    ] });
  });

  it('give every word with its meaning and source', async () => {
    const { json } = await get('/v1/vocabulary');
    const lists = json as Record<string, { name: string; plain: string; source: string }[]>;
    expect(lists['dataClasses']?.map(({ name }) => name)).toEqual(allDataClasses);
    expect(lists['purposes']?.map(({ name }) => name)).toEqual(allPurposes);
    for (const word of Object.values(lists).flat()) expect(Object.keys(word)).toEqual(['name', 'plain', 'source']);
  });

  it('give a ticket to everybody on the demonstration, and only what its schema names', async () => {
    const { json } = await get(`/v1/tickets/${ticket.id}`, { tickets: { find: () => Promise.resolve({ ...ticket, subject: 'SAMPLE' } as typeof ticket) } });
    expect(json).toEqual(ticket);
  });

  it('answer with a problem where what they should give is not of its form', async () => {
    for (const find of [() => Promise.resolve({} as typeof ticket), () => Promise.reject(new Error('secret')), () => { throw new Error('secret'); }]) {
      const { status, json } = await get(`/v1/tickets/${ticket.id}`, { tickets: { find } });
      expect(status).toBe(500);
      expect(json).toMatchObject({ type: 'urn:weir:problem:internal', title: 'The exchange failed' });
      expect(JSON.stringify(json)).not.toMatch(/secret|required/);
    }
  });

  it.each(['lower0000', 'ZZ000010', 'ZZ00001011', 'ZZ0000-01', '%00'])('take no ORI like %s', async (ori) => {
    expect((await get(`/v1/registry/agencies/${ori}`)).status).toBe(400);
  });

  it('are ready when every part is, and say in words which is not', async () => {
    expect((await get('/readyz')).json).toEqual({ status: 'ready', parts: ['journal'], warnings: [] });
    const late = { name: 'witnesses', ok: false, reason: 'they are late', warning: true } as const;
    expect((await get('/readyz', { health: () => [late] })).json).toEqual({ status: 'ready', parts: ['witnesses'], warnings: ['witnesses: they are late'] });
    const broken = await get('/readyz', { health: () => Promise.resolve([{ name: 'journal', ok: true, reason: null }, { name: 'database', ok: false, reason: 'it does not answer' }]) });
    expect(broken.status).toBe(503);
    expect(broken.headers['retry-after']).toBe('5');
    expect(broken.json).toMatchObject({ reasons: ['database: it does not answer'] });
    expect((await get('/readyz', { health: () => Promise.reject(new Error('secret')) })).status).toBe(503);
    expect((await get('/healthz', { health: () => Promise.reject(new Error('secret')) })).json).toEqual({ status: 'alive', version: '0.0.0-test', mode: 'demonstration' });
  });

  it('answer HEAD like GET, and name their methods to others', async () => {
    const { url } = await startTest(testDeps());
    const head = await call(`${url}/v1/owners`, { method: 'HEAD' });
    expect(head).toMatchObject({ status: 200, body: '' });
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']) {
      const answer = await call(`${url}/v1/owners`, { method });
      expect(answer.status).toBe(405);
      expect(answer.headers.allow?.split(', ').sort()).toEqual(['GET', 'HEAD']);
    }
    expect((await call(`${url}/v1/owners/`)).status).toBe(404);
    expect((await call(`${url}/docs/files/static/nothing.css`)).status).toBe(404);
  });
});
