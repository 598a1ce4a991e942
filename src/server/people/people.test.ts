import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { JournalError } from '../../exchange/errors.ts';
import { codeIn, problemIn, testBrowser, type TestBrowser } from '../testing/browser.ts';
import { call } from '../testing/call.ts';
import { stopAll } from '../testing/server.ts';
import { agencyRole, ownerRole, startTown, type Town, type Townsman } from '../testing/town.ts';

let town: Town;
let official: Townsman;
let auditor: Townsman;
let coordinator: Townsman;
let operator: Townsman;
let una: TestBrowser;
beforeAll(async () => {
  town = await startTown();
  official = await town.person('Una Marchbanks', [ownerRole('ownerOfficial')], { email: 'una@example.org' });
  auditor = await town.person('Milo Farthing', [ownerRole('auditor')]);
  coordinator = await town.person('Ida Brockett', [agencyRole('agencyCoordinator')]);
  operator = await town.person('Otis Vane', [{ role: 'operator', scope: { kind: 'machine' }, desks: [] }]);
  una = await town.enter(official);
});
afterAll(async () => {
  await stopAll();
  await town.stop();
});

const latest = async (n = 1) => (await town.acts()).slice(0, n).map(({ act, who, about, result }) => `${act} ${who} ${about ?? '-'} ${result}`);
const rolesOf = async (account: string) => ((await town.accounts.account(account))?.grants ?? []).map(({ role }) => role).sort();

describe('the people of an owner', () => {
  it('invites somebody, who sets password and codes with the link and signs in', async () => {
    const made = await una.post('/desk/WA/people', { name: 'Nell Hathersage', email: 'nell@example.org', login: 'nell', role: 'policyAuthor' });
    expect(made.status).toBe(200);
    const link = /\/invitation\/[\w-]{43}/.exec(made.body)?.[0] ?? '';
    const guest = testBrowser(town.url);
    const page = await guest.get(link);
    expect(page.status).toBe(200);
    expect(page.body).toContain('Nell Hathersage');
    expect(page.body).toMatch(/<img class="qr" src="data:image\/svg\+xml;base64,/);
    expect(page.headers['content-security-policy']).not.toContain('script-src');
    const key = /name="key" value="([A-Z2-7]+)"/.exec(page.body)?.[1] ?? '';
    const secret = link.slice('/invitation/'.length);
    const form = { secret, key, password: 'ospreys mind the kettle', repeated: 'ospreys mind the kettle' };
    expect((await guest.post('/invitation', { ...form, repeated: 'other', code: town.code(key) })).body).toContain('not the same');
    expect((await guest.post('/invitation', { ...form, password: 'short', repeated: 'short', code: town.code(key) })).status).toBe(422);
    const wrong = await guest.post('/invitation', { ...form, code: '000000' });
    expect(wrong.status).toBe(422);
    // The key that was scanned goes on.
    expect(wrong.body).toContain(`value="${key}"`);
    expect(wrong.body).not.toContain('ospreys');
    expect((await guest.post('/invitation', { ...form, code: town.code(key) })).status).toBe(200);
    expect((await guest.get(link)).status).toBe(404);
    await guest.post('/sign-in', { login: 'nell', password: 'ospreys mind the kettle', to: '/desk' });
    await guest.post('/sign-in/code', { code: town.code(key), to: '/desk' });
    const desk = await guest.follow(await guest.post('/notice', { to: '/desk' }));
    expect(desk.body).toContain('policy author, Washington');
    expect(desk.body).not.toContain('/desk/WA/people');
    expect((await guest.get('/desk/WA/people')).status).toBe(403);
  });

  it('gives and takes roles, which hold at the next request', async () => {
    const friend = await town.person('Perry Aldous', [ownerRole('reviewer')]);
    const browser = await town.enter(friend);
    expect(problemIn(await browser.json('GET', '/v1/owners/WA/acts'))).toBe('notPermitted');
    expect((await una.post('/desk/WA/people/roles', { account: friend.account, role: 'auditor' })).headers.location).toBe(`/desk/WA/people/${friend.account}`);
    expect((await browser.json('GET', '/v1/owners/WA/acts')).status).toBe(200);
    const page = await una.get(`/desk/WA/people/${friend.account}`);
    const grant = /name="grant" value="(\d+)"><button[^>]*>Take away: auditor/.exec(page.body)?.[1] ?? '';
    expect((await una.post(`/desk/WA/people/${friend.account}/take`, { grant })).status).toBe(303);
    expect(problemIn(await browser.json('GET', '/v1/owners/WA/acts'))).toBe('notPermitted');
    expect(await latest(2)).toEqual([`refused ${friend.account} - refused`, `roleTaken ${official.account} ${friend.account} done`]);
  });

  it('nobody gives a role to themselves, by any account of theirs; it is refused and recorded', async () => {
    const second = await town.person('U. Marchbanks', [ownerRole('auditor')], { email: 'UNA@example.org' });
    for (const account of [official.account, second.account]) {
      const answer = await una.json('POST', `/v1/owners/WA/people/${account}/roles`, { role: 'policyApprover' });
      expect([answer.status, problemIn(answer), codeIn(answer)]).toEqual([403, 'ownWork', 'ACCOUNT_SELF']);
      expect(await latest()).toEqual([`roleGiven ${official.account} ${account} refused`]);
      expect((await una.post('/desk/WA/people/roles', { account, role: 'policyApprover' })).status).toBe(403);
    }
    expect(await rolesOf(official.account)).toEqual(['ownerOfficial']);
    expect(await rolesOf(second.account)).toEqual(['auditor']);
  });

  it('an official of Washington cannot touch Oregon, nor an agency, nor the machine: refused and recorded', async () => {
    const other = await town.person('Orla Kemp', [ownerRole('auditor', 'OR')]);
    const tries: readonly (readonly [string, string, unknown])[] = [
      ['GET', '/v1/owners/OR/people', undefined], ['POST', '/v1/owners/OR/people', { name: 'X', login: 'xxx', role: 'auditor' }], ['POST', `/v1/owners/OR/people/${other.account}/roles`, { role: 'ownerOfficial' }],
      ['POST', `/v1/owners/OR/people/${other.account}/disable`, { why: 'no' }], ['GET', '/v1/owners/OR/acts', undefined], ['GET', '/v1/agencies/ZZ0000101/people', undefined], ['GET', '/v1/machine/people', undefined],
    ];
    for (const [method, path, body] of tries) {
      const answer = await una.json(method, path, body);
      expect([path, answer.status, problemIn(answer)]).toEqual([path, 403, 'notPermitted']);
      expect(await latest()).toEqual([`refused ${official.account} - refused`]);
    }
    for (const path of ['/desk/OR/people', '/desk/OR/acts', '/agency/ZZ0000101/people', '/machine/people']) expect((await una.get(path)).status).toBe(403);
    // Nor by the address of their own owner.
    for (const path of ['disable', 'take', 'unlock', 'enable']) expect((await una.post(`/desk/WA/people/${other.account}/${path}`, { why: 'no', grant: '1' })).status).toBe(404);
    const grant = (await town.accounts.account(other.account))?.grants[0]?.id ?? '';
    expect((await una.json('DELETE', `/v1/owners/WA/people/${other.account}/roles/${grant}`)).status).toBe(404);
    expect((await town.accounts.account(other.account))?.disabledAt).toBeNull();
    expect(await rolesOf(other.account)).toEqual(['auditor']);
  });

  it('does not disable whoever works for another owner too, and takes only what is its own', async () => {
    const both = await town.person('Bram Oakes', [ownerRole('auditor', 'WA'), ownerRole('auditor', 'OR')]);
    const answer = await una.json('POST', `/v1/owners/WA/people/${both.account}/disable`, { why: 'left' });
    expect([answer.status, codeIn(answer)]).toEqual([403, 'ACCOUNT_ROLE']);
    const grants = (await town.accounts.account(both.account))?.grants ?? [];
    const [wa, or] = ['WA', 'OR'].map((owner) => grants.find(({ scope }) => scope.kind === 'owner' && scope.owner === owner)?.id ?? '');
    expect((await una.json('DELETE', `/v1/owners/WA/people/${both.account}/roles/${or ?? ''}`)).status).toBe(404);
    expect((await una.json('DELETE', `/v1/owners/WA/people/${both.account}/roles/${wa ?? ''}`)).status).toBe(200);
    expect((await una.get('/desk/WA/people')).body).not.toContain('Bram Oakes');
  });

  it('a leaver who is disabled can do nothing at the next request, by session or token', async () => {
    const leaver = await town.person('Lena Crane', [ownerRole('auditor')]);
    const browser = await town.enter(leaver);
    const { value } = await browser.json('POST', '/v1/me/tokens', { name: 'report', actions: ['act.search', 'act.own'], days: 5 });
    const bearer = { authorization: `Bearer ${String(value['secret'])}` };
    expect((await call(`${town.url}/v1/owners/WA/acts`, { headers: bearer })).status).toBe(200);
    expect((await una.post(`/desk/WA/people/${leaver.account}/disable`, { why: 'left' })).status).toBe(303);
    expect(problemIn(await browser.json('GET', '/v1/me'))).toBe('signInNeeded');
    expect((await call(`${town.url}/v1/owners/WA/acts`, { headers: bearer })).status).toBe(401);
    expect(await latest(3)).toContain(`tokenRefused ${leaver.account} ${(value['token'] as { id: string }).id} refused`);
  });

  it.each([
    ['/desk/WA/people', {}, 422], ['/desk/WA/people', { name: '', login: 'abc', role: 'auditor' }, 422], ['/desk/WA/people', { name: 'X', login: 'abc', role: 'operator' }, 422], ['/desk/WA/people', { name: 'X', login: 'abc', role: 'agencyUser' }, 422],
    ['/desk/WA/people', { name: 'X', login: 'a b', role: 'auditor' }, 422], ['/desk/WA/people', { name: 'X\u0000', login: 'abcd', role: 'auditor' }, 422], ['/desk/WA/people', { name: 'X', login: 'abcd', role: 'auditor', employer: 'low' }, 422],
    ['/desk/WA/people', { name: 'X', login: 'abcd', role: 'auditor', email: 'no' }, 422], ['/desk/WA/people/roles', { account: 'A-000000000000', role: 'auditor' }, 404], ['/desk/WA/people/roles', { account: 'x', role: 'auditor' }, 404],
    ['/desk/WA/people/roles', { account: 'A-000000000000', role: 'god' }, 422], ['/desk/WA/people/x%27--/disable', { why: 'x' }, 404], ['/desk/WA/people/%00/take', { grant: '1' }, 404],
  ])('POST %s with %j is answered with a page that says what is wrong: %i', async (path, fields, status) => {
    const before = Number((await town.sql<{ n: number }[]>`select count(*)::int as n from account`)[0]?.n);
    const answer = await una.post(path, fields);
    expect(answer.status).toBe(status);
    expect(answer.headers['content-type']).toContain('text/html');
    expect(Number((await town.sql<{ n: number }[]>`select count(*)::int as n from account`)[0]?.n)).toBe(before);
  });

  it.each([
    ['POST', '/v1/owners/WA/people', { name: 'X' }, 400], ['POST', '/v1/owners/WA/people', { name: 'X', login: 'abcd', role: 'nobody' }, 400], ['POST', '/v1/owners/WA/people', { name: 'X', login: 'abcd', role: 'operator' }, 422],
    ['POST', '/v1/owners/WA/people/x/roles', { role: 'auditor' }, 400], ['POST', '/v1/owners/WA/people/A-000000000000/roles', { role: 'auditor' }, 404], ['POST', '/v1/owners/WA/people/A-000000000000/roles', { role: 'agencyUser' }, 422],
    ['DELETE', '/v1/owners/WA/people/A-000000000000/roles/1', undefined, 404], ['POST', '/v1/owners/WA/people/A-000000000000/disable', {}, 400], ['GET', '/v1/owners/wash/people', undefined, 400], ['GET', '/v1/owners/WA/acts?q=name:bob', undefined, 422],
    ['GET', '/v1/owners/WA/acts/none', undefined, 404], ['POST', '/v1/me/tokens', { name: 'x', actions: ['people.manage'], days: 1 }, 422], ['POST', '/v1/me/tokens', { name: 'x', actions: ['token.own'], days: 1 }, 422],
    ['POST', '/v1/me/tokens', { name: 'x', actions: ['act.search'], days: 0 }, 400], ['POST', '/v1/me/tokens', { name: 'x', actions: ['act.search'], days: 360 }, 422], ['DELETE', '/v1/me/tokens/none', undefined, 404], ['DELETE', '/v1/me/tokens/T-000000000000', undefined, 404], ['POST', '/v1/me/passkeys', { flow: 'x' }, 400],
    ['POST', '/v1/me/passkeys', { flow: 'f'.repeat(43), name: 'k', passkey: { id: 'x', rawId: 'x', type: 'public-key', response: {}, clientExtensionResults: {} } }, 422],
  ])('%s %s with %j: %i', async (method, path, body, status) => {
    expect((await una.json(method, path, body)).status).toBe(status);
  });

  it('escapes what people are called', async () => {
    await una.post('/desk/WA/people', { name: 'Ed <img src=x onerror=alert(1)>', login: 'nasty', role: 'auditor' });
    const page = await una.get('/desk/WA/people');
    expect(page.body).toContain('&lt;img src=x');
    expect(page.body).not.toContain('<img src=x');
  });
});

describe('the people of an agency', () => {
  it('are kept by its coordinator, who gives roles of that agency and no others', async () => {
    const browser = await town.enter(coordinator);
    expect((await browser.get('/agency/ZZ0000101/people')).body).toContain('Example City Police (invented)');
    const { value, status } = await browser.json('POST', '/v1/agencies/ZZ0000101/people', { name: 'Wes Tarn', login: 'wes.tarn', role: 'agencyUser' });
    expect(status).toBe(200);
    expect((await town.accounts.account(String(value['account'])))?.employer).toBe('ZZ0000101');
    expect((await browser.json('POST', '/v1/agencies/ZZ0000101/people', { name: 'Wes Tarn', login: 'wes2', role: 'ownerOfficial' })).status).toBe(422);
    for (const path of ['/v1/agencies/ZZ0000202/people', '/v1/owners/WA/people']) expect(problemIn(await browser.json('GET', path))).toBe('notPermitted');
    expect(problemIn(await una.json('GET', '/v1/agencies/ZZ0000101/people'))).toBe('notPermitted');
  });
});

describe('the machine', () => {
  it('shows its operator accounts by their numbers, and no name, login or address', async () => {
    const browser = await town.enter(operator);
    const page = await browser.get('/machine/people');
    expect(page.status).toBe(200);
    const listed = page.body.slice(page.body.indexOf('<main'));
    expect(listed).toContain(official.account);
    for (const word of ['Marchbanks', 'Milo', '@example.org', official.login]) expect(listed.replaceAll('Otis Vane', '')).not.toContain(word);
    expect(JSON.stringify((await browser.json('GET', '/v1/machine/people')).value)).not.toMatch(/Marchbanks|@/);
    await town.sql`update account set locked_at = now() where id = ${auditor.account}`;
    expect((await browser.post(`/machine/people/${auditor.account}/unlock`, {})).headers.location).toBe('/machine/people');
    expect((await town.accounts.account(auditor.account))?.lockedAt).toBeNull();
    expect((await browser.json('POST', `/v1/machine/people/${auditor.account}/disable`)).status).toBe(200);
    expect((await browser.json('POST', `/v1/machine/people/${auditor.account}/enable`)).status).toBe(200);
    expect((await browser.json('POST', '/v1/machine/people/A-000000000000/unlock')).status).toBe(404);
    // An operator decides nothing and reads nothing of an owner.
    for (const path of ['/v1/owners/WA/people', '/v1/owners/WA/acts', '/v1/agencies/ZZ0000101/people']) expect(problemIn(await browser.json('GET', path))).toBe('notPermitted');
  });
});

describe('searching acts', () => {
  it('shows an official what was done, and records the search before', async () => {
    const browser = await town.enter(auditor);
    const page = await browser.get(`/desk/WA/acts?q=act:roleGiven+result:refused+who:${official.account}`);
    expect(page.status).toBe(200);
    expect(page.body).toContain('gave a role');
    const [searched] = await town.acts();
    expect(searched).toMatchObject({ act: 'actsSearched', who: auditor.account, owner: 'WA', result: 'done' });
    expect(town.people.unseal('WA', searched?.sealed ?? '')).toBe(JSON.stringify({ query: `who:${official.account} act:roleGiven outcome:refused` }));
    expect(JSON.stringify({ ...searched, sealed: null })).not.toContain('roleGiven');
    const bad = await browser.get('/desk/WA/acts?q=name:bob');
    expect(bad.status).toBe(422);
    expect(bad.body).toContain('role="alert"');
    expect((await browser.get('/desk/WA/acts?who=&act=roleGiven&from=2026-01-01&to=')).status).toBe(200);
    expect((await browser.get('/desk/WA/acts?q=a&q=b&after[]=1')).status).toBeLessThan(500);
  });

  it('opens the words of one act for those who may, on the record, and of no other owner', async () => {
    await una.post(`/desk/WA/people/${(await town.person('Gus Pell', [ownerRole('reviewer')])).account}/disable`, { why: 'took another post' });
    const { value } = await una.json('GET', `/v1/owners/WA/acts?q=act:signedIn+who:${official.account}`);
    const [act] = value['acts'] as { id: string }[];
    const opened = await una.json('GET', `/v1/owners/WA/acts/${act?.id ?? ''}`);
    expect(opened.value['words']).toMatchObject({ address: expect.stringContaining('127.0.0.1') as string });
    expect(await latest()).toEqual([`actsSearched ${official.account} ${act?.id ?? ''} done`]);
    const shown = (await una.get(`/desk/WA/acts/${act?.id ?? ''}`)).body;
    for (const text of ['address (sealed)', `<dd>${official.name} <code>${official.account}</code></dd>`]) expect(shown).toContain(text);
    const ofOregon = await town.enter(await town.person('Olga Reyes', [ownerRole('auditor', 'OR')]));
    expect((await ofOregon.json('GET', `/v1/owners/OR/acts/${act?.id ?? ''}`)).status).toBe(404);
  });

  it('shows nothing where the search cannot be recorded', async () => {
    const browser = await town.enter(auditor);
    const people = { ...town.people, acts: { ...town.people.acts, record: () => Promise.reject(new JournalError('FULL' as never, 'the disk is full')) } };
    const url = await town.listen({ people });
    const answer = await call(`${url}/v1/owners/WA/acts`, { headers: { cookie: `weir=${browser.cookies.get('weir') ?? ''}` } });
    expect([answer.status, problemIn(answer)]).toEqual([503, 'notRecorded']);
    expect(answer.body).not.toContain('roleGiven');
    const refused = await call(`${url}/v1/owners/OR/acts`, { headers: { cookie: `weir=${browser.cookies.get('weir') ?? ''}` } });
    expect(refused.status).toBe(503);
  });

  it('shows oneself one\'s own, and nobody else\'s', async () => {
    const browser = await town.enter(coordinator);
    const { value } = await browser.json('GET', '/v1/me/acts');
    expect(new Set((value['acts'] as { who: string }[]).map(({ who }) => who))).toEqual(new Set([coordinator.account]));
    for (const path of ['acts', 'acts/export']) expect((await browser.get(`/agency/ZZ0000101/${path}`)).body).toMatch(/<strong>Example City Police \(invented\) \(ZZ0000101\)<\/strong>[^]*<h1>(?:Export: )?Acts: Example City Police \(invented\) \(ZZ0000101\)<\/h1>/);
    expect((await browser.get('/account/acts')).status).toBe(200);
  });
});

describe('one\'s own account', () => {
  it('changes the password, ends other sessions, and shows no secret again', async () => {
    const person = await town.person('Tess Rowan', [ownerRole('auditor')]);
    const [here, there] = [await town.enter(person), await town.enter(person)];
    expect((await here.get('/account')).body).toContain('Tess Rowan');
    for (const [password, repeated] of [['short', 'short'], ['another pair of kettles', 'not the same'], [person.login, person.login], ['', '']] as const) {
      expect((await here.post('/account/password', { password, repeated })).status).toBe(422);
    }
    expect((await here.post('/account/password', { password: 'another pair of kettles', repeated: 'another pair of kettles' })).headers.location).toBe('/account');
    expect((await there.get('/account')).headers.location).toBe('/sign-in?to=%2Faccount');
    expect((await here.get('/account')).status).toBe(200);
    const made = await here.post('/account/tokens', [['name', 'nightly'], ['days', '3'], ['action', 'act.search'], ['action', 'people.manage']]);
    const secret = /weir_[\w-]{43}/.exec(made.body)?.[0] ?? '';
    expect(secret).not.toBe('');
    const page = await here.get('/account');
    expect(page.body).toContain('nightly');
    expect(page.body).not.toContain(secret);
    const bearer = { authorization: `Bearer ${secret}` };
    expect((await call(`${town.url}/v1/owners/WA/acts`, { headers: bearer })).status).toBe(200);
    // For that and nothing else; never for what needs a fresh sign-in; not for the session.
    for (const path of ['/v1/owners/WA/people', '/v1/me', '/v1/me/tokens']) expect((await call(`${town.url}${path}`, { headers: bearer })).status).toBe(403);
    const token = /name="token" value="([^"]+)"/.exec(page.body)?.[1] ?? '';
    expect((await here.post('/account/tokens/revoke', { token })).status).toBe(303);
    expect((await call(`${town.url}/v1/owners/WA/acts`, { headers: bearer })).status).toBe(401);
  });

  it('lists and ends sessions of one\'s own only', async () => {
    const person = await town.person('Rhea Lund', []);
    const [one, two] = [await town.enter(person), await town.enter(person)];
    const list = (await one.json('GET', '/v1/me/sessions')).value['sessions'] as { id: string; current: boolean }[];
    expect(list.filter(({ current }) => current)).toHaveLength(1);
    const mine = list.find(({ current }) => !current)?.id ?? '';
    const others = (await una.json('GET', '/v1/me/sessions')).value['sessions'] as { id: string }[];
    await one.json('DELETE', `/v1/me/sessions/${others[0]?.id ?? ''}`);
    expect((await una.get('/account')).status).toBe(200);
    expect((await one.post('/account/sessions/end', { session: mine })).status).toBe(303);
    expect((await two.get('/account')).status).toBe(303);
    expect((await one.get('/desk')).body).toContain('no role yet');
  });

  it('needs a fresh sign-in for factors', async () => {
    const person = await town.person('Abel Stroud', []);
    const browser = await town.enter(person);
    await town.sql`update session set shown_at = now() - interval '301 seconds' where account = ${person.account}`;
    for (const [method, path] of [['GET', '/v1/me/tokens'], ['POST', '/v1/me/passkeys/options']] as const) expect(problemIn(await browser.json(method, path, method === 'POST' ? {} : undefined))).toBe('freshSignInNeeded');
    for (const path of ['/account/password', '/account/passkeys', '/account/tokens']) expect((await browser.get(path)).headers.location).toBe(`/again?to=${encodeURIComponent(path)}`);
    expect((await browser.post('/account/password', { password: 'another pair of kettles', repeated: 'another pair of kettles' })).headers.location).toMatch(/^\/again/);
  });

  it.each(['/account/sessions/end', '/account/tokens', '/account/tokens/revoke', '/account/passkeys/remove', '/notice', '/lock', '/sign-in', '/sign-in/code', '/invitation', '/invitation/open', '/sign-in/persona'])('POST %s bears nothing and rubbish', async (path) => {
    const browser = await town.enter(await town.person('Rubbish', []));
    for (const body of ['', '%', 'a=%00&account=%ff&session=%00&secret=%00&code=%00&login=%00&password=%00', `to=${'x'.repeat(60_000)}`, 'a=b&'.repeat(10_000)]) {
      const answer = await call(`${town.url}${path}`, { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded', origin: town.url, accept: 'text/html', cookie: `weir=${browser.cookies.get('weir') ?? ''}` }, body });
      expect([body.slice(0, 20), answer.status < 500]).toEqual([body.slice(0, 20), true]);
    }
    const large = await call(`${town.url}${path}`, { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded', origin: town.url, cookie: `weir=${browser.cookies.get('weir') ?? ''}` }, body: 'x'.repeat(70_000) });
    expect(large.status).toBe(413);
  });
});
