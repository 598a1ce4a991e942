import { randomBytes } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { content, dutyWorld, ori, owed, person as insertPerson, type DutyWorld } from '../../duties/cases.ts';
import { importContent } from '../../registry/index.ts';
import type { Accounts } from '../../people/accounts/types.ts';
import type { Acts } from '../../people/acts/index.ts';
import type { Grant, Person, Role } from '../../people/roles/index.ts';
import { buildServer } from '../app.ts';
import type { PeopleDeps } from '../gate/deps.ts';
import { showOnly } from '../gate/kept.ts';
import { startListener, type RunningListener } from '../listen.ts';
import { call, type Called } from '../testing/call.ts';
import { testDeps } from '../testing/server.ts';
import { addDuties } from './index.ts';

const words = 'I certify that <data> of Colorado is not used for civil immigration enforcement.';
let world: DutyWorld;
let listener: RunningListener;
const sessions = new Map<string, Person>();

beforeAll(async () => {
  world = await dutyWorld();
  world.clock = Date.now();
  world.entries.push(owed(0, { at: new Date().toISOString() }), owed(1, { at: new Date(Date.now() - 10 * 86_400_000).toISOString() }));
  const acts: Acts = { put: () => Promise.resolve('act-1'), record: () => Promise.resolve('act-1') };
  const accounts = { byToken: () => Promise.resolve(null), session: (cookie: string) => { const found = sessions.get(cookie); return Promise.resolve(found === undefined ? { state: 'none' } : { state: 'open', person: found }); } } as unknown as Accounts;
  const people = { accounts, acts, duties: world.another({ now: Date.now }), isOwner: () => true, agencyName: (one: string) => (one === ori ? 'Springfield <Police>' : null), personas: [] } as unknown as PeopleDeps;
  const deps = testDeps({ people });
  // Whether the server has the routes by itself is its matter.
  const look = buildServer(deps);
  await look.ready();
  const has = look.hasRoute({ method: 'GET', url: '/v1/owners/:owner/duties' });
  await look.close();
  const app = buildServer(deps);
  if (!has) addDuties(app, deps, people, { demonstration: true, byHand: true, version: 'test' });
  listener = await startListener(app, { host: '127.0.0.1', port: 0 });
  await insertPerson(world.sql, 1, 'Olive Official', [['ownerOfficial', 'owner CO']]);
  await insertPerson(world.sql, 2, 'Otto Official', [['ownerOfficial', 'owner CO']]);
  await insertPerson(world.sql, 3, 'Carl Coordinator', [['agencyCoordinator', `agency ${ori}`]]);
  await people.duties.tick(Date.now());
});
afterAll(async () => {
  await listener.close();
  await world.stop();
});

/** A session of one of the people above. */
function session(number: number, name: string, role: Role, { owner = 'CO', fresh = true }: { readonly owner?: string; readonly fresh?: boolean } = {}): string {
  const cookie = randomBytes(32).toString('base64url');
  const id = String(number).padStart(12, '0');
  const scope: Grant['scope'] = role.startsWith('agency') ? { kind: 'agency', ori } : { kind: 'owner', owner };
  sessions.set(cookie, { person: `U-${id}`, account: `A-${id}`, name, employer: null, grants: [{ role, scope, desks: [] }], via: 'session', session: 's', shownAt: fresh ? Date.now() : Date.now() - 3_600_000, only: null });
  return cookie;
}

const get = async (path: string, cookie: string, headers: Readonly<Record<string, string>> = {}): Promise<Called> => await call(`${listener.url}${path}`, { headers: { cookie: `weir=${cookie}`, ...headers } });
const send = async (path: string, cookie: string, body: unknown, method = 'POST'): Promise<Called & { readonly json: Record<string, unknown> }> => {
  const answer = await call(`${listener.url}${path}`, { method, headers: { cookie: `weir=${cookie}`, origin: listener.url, ...(body === undefined ? {} : { 'content-type': 'application/json' }) }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  return { ...answer, json: JSON.parse(answer.body === '' ? 'null' : answer.body) as Record<string, unknown> };
};
const form = async (path: string, cookie: string, fields: Readonly<Record<string, string>>): Promise<Called> => await call(`${listener.url}${path}`, {
  method: 'POST', headers: { cookie: `weir=${cookie}`, origin: listener.url, 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html' }, body: new URLSearchParams(fields).toString(),
});
const json = (answer: Called): Record<string, unknown> => JSON.parse(answer.body) as Record<string, unknown>;

describe('notices by the interface and on pages', () => {
  it('are listed, opened, sent and delayed', async () => {
    const olive = session(1, 'Olive Official', 'ownerOfficial');
    expect((json(await get('/v1/owners/CO/duties', olive))['due'] as { kind: string }[]).map(({ kind }) => kind)).toEqual(expect.arrayContaining(['notice', 'noticeOverdue', 'userReview', 'recertificationToBegin']));
    const { notices } = json(await get('/v1/owners/co/notices', olive)) as { notices: { id: string; state: string }[] };
    expect(notices.map(({ state }) => state)).toEqual(['overdue', 'due']);
    const [late, due] = notices.map(({ id }) => id);
    expect(json(await get('/v1/owners/CO/notices?state=due', olive))['notices']).toHaveLength(1);
    expect((await get('/v1/owners/CO/notices?state=never', olive)).status).toBe(400);
    const opened = await send(`/v1/owners/CO/notices/${late}/opening`, olive, undefined);
    expect(opened).toMatchObject({ status: 200, json: { name: 'PAT PERSON' } });
    const refused = [
      [{ channel: 'pigeon', reference: 'x' }, 400, undefined], [{ channel: 'letter', reference: ' ' }, 422, 'DUTY_FIELD'], [{ channel: 'letter' }, 400, undefined], [[], 400, undefined],
    ] as const;
    for (const [body, status, reasonCode] of refused) expect(await send(`/v1/owners/CO/notices/${late}/sent`, olive, body)).toMatchObject({ status, json: reasonCode === undefined ? {} : { reasonCode } });
    expect((await send(`/v1/owners/CO/notices/${late}/sent`, olive, { channel: 'letter', reference: 'mail 9400' })).json).toMatchObject({ state: 'sent' });
    expect(await send(`/v1/owners/CO/notices/${late}/sent`, olive, { channel: 'letter', reference: 'mail 9400' })).toMatchObject({ status: 409, json: { reasonCode: 'DUTY_STATE' } });
    expect(await send(`/v1/owners/CO/notices/N-CO-NONE/opening`, olive, undefined)).toMatchObject({ status: 404, json: { reasonCode: 'DUTY_UNKNOWN' } });

    const list = await get('/desk/CO/duties/notices', olive);
    expect(list.status).toBe(200);
    expect(list.body).toContain('Springfield &lt;Police&gt;');
    const page = await get(`/desk/CO/duties/notices/${due}`, olive);
    expect(page.body).not.toContain('PAT PERSON');
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    expect(page.body).not.toMatch(/<script|\sselected|\schecked/);
    const shown = await form(`/desk/CO/duties/notices/${due}/opening`, olive, {});
    expect(shown.status).toBe(200);
    expect(shown.body).toContain('PAT PERSON');
    const wrong = await form(`/desk/CO/duties/notices/${due}/delay`, olive, { until: '1999-01-01', ground: 'dangerToPerson', order: '26-1' });
    expect(wrong.status).toBe(422);
    expect(wrong.body).toContain('This was not done');
    const delayed = await form(`/desk/CO/duties/notices/${due}/delay`, olive, { until: new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10), ground: 'dangerToPerson', order: '26-1' });
    expect([delayed.status, delayed.headers['location']]).toEqual([303, `/desk/CO/duties/notices/${due}`]);
    expect((await get(`/desk/CO/duties/notices/${due}`, olive)).body).toContain('delayed by law');
  });

  it('are nobody\'s who has no role for them', async () => {
    for (const [role, owner] of [['reviewer', 'CO'], ['ownerOfficial', 'WA']] as const) {
      const other = session(9, 'Other Person', role, { owner });
      for (const path of ['/v1/owners/CO/duties', '/v1/owners/CO/notices', '/v1/owners/CO/certifications', '/v1/owners/CO/user-reviews', '/v1/owners/CO/recertifications', '/desk/CO/duties', '/desk/CO/duties/agencies']) {
        expect([path, (await get(path, other)).status]).toEqual([path, 403]);
      }
    }
    const auditor = session(9, 'Ada Auditor', 'auditor');
    expect((await get('/desk/CO/duties', auditor)).status).toBe(200);
    const { notices } = json(await get('/v1/owners/CO/notices', auditor)) as { notices: { id: string }[] };
    expect((await send(`/v1/owners/CO/notices/${notices[0]!.id}/opening`, auditor, undefined)).status).toBe(403);
    expect((await get(`/desk/CO/duties/notices/${notices[0]!.id}`, auditor)).body).not.toContain('<button type="submit">Open the letter');
    expect((await get('/v1/owners/CO/duties', 'x'.repeat(43))).status).toBe(401);
  });
});

describe('certifications by the interface and on pages', () => {
  it('are set, signed with nothing chosen before, felt, revoked and let in again', async () => {
    await importContent(world.sql, content, 'as it was');
    const olive = session(1, 'Olive Official', 'ownerOfficial');
    const carl = session(3, 'Carl Coordinator', 'agencyCoordinator');
    const text = { certification: 'noCivilImmigrationUse', text: words, validDays: 365, remindDays: [30], perjury: true };
    expect((await send('/v1/owners/CO/certification-texts', session(1, 'Olive Official', 'ownerOfficial', { fresh: false }), text, 'PUT')).status).toBe(401);
    expect((await send('/v1/owners/CO/certification-texts', olive, { ...text, validDays: 400 }, 'PUT')).status).toBe(400);
    const set = await send('/v1/owners/CO/certification-texts', olive, text, 'PUT');
    expect(set).toMatchObject({ status: 200, json: { version: 1 } });

    const page = await get(`/agency/${ori}/certifications`, carl);
    expect(page.body).toContain('I certify that &lt;data&gt; of Colorado');
    expect(page.body).toContain('under penalty of perjury');
    expect(page.body).not.toMatch(/\schecked|<script/);
    const fields = { owner: 'CO', certification: 'noCivilImmigrationUse', textHash: String(set.json['hash']), typedName: 'Carl Coordinator' };
    const unticked = await form(`/agency/${ori}/certifications`, carl, fields);
    expect(unticked.status).toBe(422);
    expect(unticked.body).toContain('perjury was not accepted');
    const stale = await form(`/agency/${ori}/certifications`, session(3, 'Carl Coordinator', 'agencyCoordinator', { fresh: false }), { ...fields, perjury: 'yes' });
    expect([stale.status, stale.headers['location']]).toEqual([303, expect.stringMatching(/^\/again\?to=%2Fkept%2F[0-9a-f]{32}$/)]);
    const shownAgain = await form(`/agency/${ori}/certifications`, carl, { ...fields, perjury: 'yes', [showOnly]: 'yes' });
    expect([shownAgain.status, shownAgain.body.includes('nothing was done yet'), shownAgain.body.includes('value="Carl Coordinator"')]).toEqual([200, true, true]);
    expect((await world.registry()).requester(ori)!.attributes('CO', new Date()).certified).not.toContain('noCivilImmigrationUse');
    const signed = await form(`/agency/${ori}/certifications`, carl, { ...fields, perjury: 'yes' });
    expect([signed.status, signed.headers['location']]).toEqual([303, `/agency/${ori}/certifications`]);
    expect((await world.registry()).requester(ori)!.attributes('CO', new Date()).certified).toEqual(['noCivilImmigrationUse']);

    const listed = json(await get(`/v1/agencies/${ori}/certifications`, carl)) as { certifications: { id: string; state: string; signedBy: string }[]; texts: unknown[] };
    expect(listed).toMatchObject({ certifications: [{ state: 'inForce', signedBy: 'Carl Coordinator' }], texts: [{ version: 1 }] });
    const { id } = listed.certifications[0]!;
    expect((await send(`/v1/owners/CO/certifications/${id}/revocation`, olive, { reason: 'x' }))).toMatchObject({ status: 422, json: { reasonCode: 'DUTY_FIELD' } });
    expect((await form(`/desk/CO/duties/certifications/${id}/revocation`, olive, { reason: 'it was used for something else' })).status).toBe(303);
    expect((await get('/desk/CO/duties/certifications', olive)).body).toContain('it was used for something else');
    expect(await send(`/v1/agencies/${ori}/certifications`, carl, { ...fields, underPenaltyOfPerjury: true })).toMatchObject({ status: 409, json: { reasonCode: 'DUTY_STATE' } });
    expect((await send(`/v1/agencies/${ori}/certifications`, carl, { ...fields, underPenaltyOfPerjury: false })).status).toBe(400);
    expect((await send(`/v1/owners/CO/certifications/${id}/readmission`, olive, { reason: 'it was explained' })).status).toBe(200);
    expect((await send(`/v1/agencies/${ori}/certifications`, carl, { ...fields, underPenaltyOfPerjury: true })).json).toMatchObject({ state: 'inForce' });
    expect((await get('/v1/agencies/COZZ00200/certifications', carl)).status).toBe(403);
    expect((await get('/desk/CO/duties/texts', olive)).body).toContain(String(set.json['hash']));
  });
});

describe('reviews by the interface and on pages', () => {
  it('of users are decided by another, with nothing chosen before', async () => {
    const olive = session(1, 'Olive Official', 'ownerOfficial');
    const page = await get('/desk/CO/duties/users', olive);
    expect(page.body).toContain('This is you: another person reviews it.');
    expect(page.body).not.toMatch(/\schecked/);
    const { reviews } = json(await get('/v1/owners/CO/user-reviews', olive)) as { reviews: { id: string; items: { id: string; account: string }[] }[] };
    const itemOf = (account: string): string => reviews[0]!.items.find((one) => one.account === account)!.id;
    const base = `/v1/owners/CO/user-reviews/${reviews[0]!.id}/items`;
    expect(await send(`${base}/${itemOf('A-000000000001')}`, olive, { decision: 'keep', reason: 'it is me' })).toMatchObject({ status: 403, json: { reasonCode: 'DUTY_OWN' } });
    expect((await form(`/desk/CO/duties/users/${reviews[0]!.id}/items/${itemOf('A-000000000002')}`, olive, { reason: 'still here' })).status).toBe(422);
    expect((await form(`/desk/CO/duties/users/${reviews[0]!.id}/items/${itemOf('A-000000000002')}`, olive, { decision: 'keep', reason: 'still here' })).status).toBe(303);
    expect((await send(`${base}/no-number`, olive, { decision: 'keep', reason: 'still here' })).status).toBe(404);
    const carl = session(3, 'Carl Coordinator', 'agencyCoordinator');
    expect(json(await get(`/v1/agencies/${ori}/user-reviews`, carl))['reviews']).toHaveLength(1);
    expect((await get(`/agency/${ori}/users`, carl)).status).toBe(200);
  });

  it('of agencies are begun, read by page, decided and written into the policy', async () => {
    const olive = session(1, 'Olive Official', 'ownerOfficial');
    const year = new Date().getUTCFullYear();
    const dueAt = new Date(Date.now() + 30 * 86_400_000).toISOString();
    expect(await send('/v1/owners/CO/recertifications', olive, { year: 1999, dueAt })).toMatchObject({ status: 422 });
    const begun = await send('/v1/owners/CO/recertifications', olive, { year, dueAt });
    expect(begun).toMatchObject({ status: 200, json: { total: 2, decided: 0 } });
    const id = String(begun.json['id']);
    const { items } = json(await get(`/v1/owners/CO/recertifications/${id}/items?open=true`, olive)) as { items: { id: string }[] };
    const page = await get(`/desk/CO/duties/agencies/${id}`, olive);
    expect(page.body).toContain('Springfield Police (invented)');
    expect(page.body).not.toMatch(/\schecked/);
    expect((await form(`/desk/CO/duties/agencies/${id}/items/${items[0]!.id}`, olive, { decision: 'remove', reason: 'never asked' })).status).toBe(303);
    expect((await get(`/desk/CO/duties/agencies/${id}?all=yes`, olive)).body).toContain('To write into the policy');
    expect(await send(`/v1/owners/CO/recertifications/${id}/items/${items[0]!.id}/written`, olive, { version: 1 })).toMatchObject({ status: 422 });
    expect((await get('/desk/CO/duties/agencies/Y-CO-NONE', olive)).status).toBe(404);
    expect((await get('/desk/CO/duties', olive)).body).toContain('Write it into the policy');
  });
});
