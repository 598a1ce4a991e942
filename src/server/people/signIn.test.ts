import { Agent } from 'node:https';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { testBrowser, codeIn, problemIn } from '../testing/browser.ts';
import { testAuthority, type TestAuthority } from '../testing/certificates.ts';
import { stopAll } from '../testing/server.ts';
import { ownerRole, startTown, type Town, type Townsman } from '../testing/town.ts';

let town: Town;
let una: Townsman;
let authority: TestAuthority;
beforeAll(async () => {
  town = await startTown();
  una = await town.person('Una Marchbanks', [ownerRole('ownerOfficial')]);
  await town.persona('Petra Quimby', [ownerRole('reviewer')]);
  authority = await testAuthority('Test authority');
});
afterAll(async () => {
  await stopAll();
  await town.stop();
});

/** Another listener, whose time stands still unless told: however long the hashes of passwords take, all tries are of one minute. */
const listenAt = (clock: { readonly now: number }) => town.listen({ people: { ...town.people, now: () => clock.now } });
const noon = Date.parse('2026-11-22T12:00:00.000Z');
/** Somebody who did not try yet: tries are counted by address and login. */
const newcomer = () => town.person('Una Marchbanks', [ownerRole('ownerOfficial')]);
const latest = async (n = 1) => (await town.acts()).slice(0, n).map(({ act, who, result }) => `${act} ${who} ${result}`);

describe('signing in with a browser', () => {
  it('goes from a page that needs a person through password, code and notice back to it', async () => {
    const browser = testBrowser(town.url);
    const turned = await browser.get('/desk');
    expect([turned.status, turned.headers.location]).toEqual([303, '/sign-in?to=%2Fdesk']);
    expect((await browser.follow(turned)).body).toContain('name="password"');

    const first = await browser.post('/sign-in', { login: una.login, password: una.password, to: '/desk' });
    expect([first.status, first.headers.location]).toEqual([303, '/sign-in/code?to=%2Fdesk']);
    expect(first.headers['set-cookie']?.[0]).toMatch(/^weir-step=[\w-]{43}; Path=\/sign-in\/code; HttpOnly; SameSite=Strict; Max-Age=300$/);
    expect((await browser.get('/desk')).headers.location).toBe('/sign-in?to=%2Fdesk');

    const second = await browser.post('/sign-in/code', { code: town.code(una.key), to: '/desk' });
    expect([second.status, second.headers.location]).toEqual([303, '/notice?to=%2Fdesk']);
    expect(second.headers['set-cookie']).toEqual(expect.arrayContaining([expect.stringMatching(/^weir=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=43200$/)]));
    expect(browser.cookies.has('weir-step')).toBe(false);

    // The notice first, whatever one asks for.
    expect((await browser.get('/account')).headers.location).toBe('/notice?to=%2Faccount');
    expect((await browser.json('GET', '/v1/me')).value['type']).toBe('urn:weir:problem:noticeDue');
    expect((await browser.get('/notice')).body).toContain('restricted system');
    const accepted = await browser.post('/notice', { to: '/desk' });
    const desk = await browser.follow(accepted);
    expect(desk.status).toBe(200);
    expect(desk.body).toContain('Una Marchbanks');
    expect(desk.body).toContain('href="/desk/WA/people"');
    expect((await latest(2))).toEqual([`noticeAccepted ${una.account} done`, `signedIn ${una.account} done`]);
  });

  it('answers a wrong password, an unknown login and a wrong code alike, each on the record, none with the login in the open', async () => {
    const una = await newcomer();
    const browser = testBrowser(town.url);
    const logins = [una.login, 'nobody@example.org'] as const;
    const answers = [await browser.post('/sign-in', { login: logins[0], password: 'wrong' }), await browser.post('/sign-in', { login: logins[1], password: 'wrong' })];
    expect(answers.map(({ status }) => status)).toEqual([401, 401]);
    // What was typed is shown again; but for it they are the same.
    expect(answers[0]?.body.replace(`value="${logins[0]}"`, '')).toBe(answers[1]?.body.replace(`value="${logins[1]}"`, ''));
    await browser.post('/sign-in', { login: una.login, password: una.password });
    expect((await browser.post('/sign-in/code', { code: '000000' })).status).toBe(401);
    const acts = (await town.acts()).slice(0, 3);
    expect(acts.map(({ act }) => act)).toEqual(['signInFailed', 'signInFailed', 'signInFailed']);
    for (const act of acts) expect(JSON.stringify({ ...act, sealed: null })).not.toContain('@');
    // The flow goes on after a wrong code.
    expect((await browser.post('/sign-in/code', { code: town.code(una.key) })).status).toBe(303);
  });

  it('holds up whoever has passwords looked at again and again, whatever login they name', async () => {
    const browser = testBrowser(await listenAt({ now: noon }));
    const statuses = await Promise.all(Array.from({ length: 130 }, async (_, n) => (await browser.json('POST', '/v1/sign-in', { login: `stranger${n}`, password: 'a guess' })).status));
    expect(new Set(statuses)).toEqual(new Set([401, 429]));
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThanOrEqual(10);
    const page = await browser.post('/sign-in', { login: una.login, password: una.password });
    expect(page.status).toBe(429);
    expect(Number(page.headers['retry-after'])).toBeGreaterThan(0);
  });

  it('takes a code once', async () => {
    const una = await newcomer();
    const [one, two] = [testBrowser(town.url), testBrowser(town.url)];
    for (const browser of [one, two]) await browser.post('/sign-in', { login: una.login, password: una.password });
    const code = town.code(una.key);
    expect((await one.post('/sign-in/code', { code })).status).toBe(303);
    const again = await two.post('/sign-in/code', { code });
    expect(again.status).toBe(401);
    expect(again.body).toContain('used already');
    expect(two.cookies.has('weir')).toBe(false);
    expect(await latest()).toEqual([`replayed ${una.account} refused`]);
  });

  it('gives another secret at every sign-in, and the one that was there before is dead: nobody goes on with a cookie that they were given', async () => {
    const una = await newcomer();
    const browser = await town.enter(una);
    const before = browser.cookies.get('weir') ?? '';
    // Somebody plants a session of theirs and waits for the other to sign in on it.
    const victim = testBrowser(town.url);
    victim.cookies.set('weir', before);
    await victim.post('/sign-in', { login: una.login, password: una.password });
    await victim.post('/sign-in/code', { code: town.code(una.key) });
    expect(victim.cookies.get('weir')).not.toBe(before);
    expect((await browser.get('/account')).headers.location).toBe('/sign-in?to=%2Faccount');
    // And one that nobody has, of the right form.
    const made = testBrowser(town.url);
    made.cookies.set('weir', 'A'.repeat(43));
    await made.post('/sign-in', { login: una.login, password: una.password });
    await made.post('/sign-in/code', { code: town.code(una.key) });
    expect(made.cookies.get('weir')).not.toBe('A'.repeat(43));
  });

  it('signs out for good', async () => {
    const browser = await town.enter(una);
    const secret = browser.cookies.get('weir') ?? '';
    expect((await browser.post('/sign-out', {})).headers.location).toBe('/sign-in');
    expect(browser.cookies.has('weir')).toBe(false);
    browser.cookies.set('weir', secret);
    expect(problemIn(await browser.json('GET', '/v1/me'))).toBe('signInNeeded');
  });

  it('leads nowhere but to this site', async () => {
    const una = await newcomer();
    const browser = testBrowser(town.url);
    await browser.post('/sign-in', { login: una.login, password: una.password });
    await browser.post('/sign-in/code', { code: town.code(una.key) });
    for (const to of ['https://evil.example.org', '//evil.example.org', '/\\evil.example.org', 'javascript:alert(1)', '/%0d%0aset-cookie:x\n', '']) {
      const { headers } = await browser.post('/notice', { to });
      expect(headers.location).toMatch(/^\/(?!\/|\\)/);
      expect(headers.location).not.toContain('\n');
    }
    expect((await browser.get(`/sign-in?to=${encodeURIComponent('"><script>alert(1)</script>')}`)).body).not.toContain('<script>alert');
  });

  it('answers the eleventh try of a minute from one address and login with 429, whatever the password, and takes one again after it', async () => {
    const clock = { now: noon };
    const browser = testBrowser(await listenAt(clock));
    const login = 'many@example.org';
    for (let i = 0; i < 10; i += 1) expect((await browser.post('/sign-in', { login, password: 'x' })).status).toBe(401);
    const last = await browser.post('/sign-in', { login: login.toUpperCase(), password: 'x' });
    expect([last.status, last.headers['retry-after']]).toEqual([429, '60']);
    expect((await browser.json('POST', '/v1/sign-in', { login, password: 'x' })).status).toBe(429);
    expect((await browser.post('/sign-in', { login: 'other@example.org', password: 'x' })).status).toBe(401);
    clock.now += 60_000;
    expect((await browser.post('/sign-in', { login, password: 'x' })).status).toBe(401);
  });
});

describe('the locked screen, and all factors again', () => {
  it('lets nothing through but unlocking and leaving', async () => {
    const browser = await town.enter(una);
    expect((await browser.post('/lock', {})).headers.location).toBe('/unlock');
    expect((await browser.get('/account')).headers.location).toBe('/unlock?to=%2Faccount');
    expect(problemIn(await browser.json('GET', '/v1/me'))).toBe('sessionLocked');
    expect(problemIn(await browser.json('GET', '/v1/owners/WA/people'))).toBe('sessionLocked');
    expect((await browser.post('/account/sessions/end', { session: 'x' })).headers.location).toMatch(/^\/unlock/);
    const page = await browser.get('/unlock?to=%2Faccount');
    expect(page.status).toBe(200);
    const before = browser.cookies.get('weir');
    expect((await browser.post('/unlock', { password: 'wrong', code: town.code(una.key), to: '/account' })).status).toBe(401);
    expect((await browser.post('/unlock', { password: una.password, code: town.code(una.key), to: '/account' })).headers.location).toBe('/account');
    expect(browser.cookies.get('weir')).not.toBe(before);
    expect((await browser.get('/account')).status).toBe(200);
    expect((await town.acts()).slice(0, 6).map(({ act }) => act)).toEqual(expect.arrayContaining(['screenLocked', 'signInFailed', 'freshSignIn']));
  });

  it('asks for all factors again after five minutes, then does what was asked', async () => {
    const browser = await town.enter(una);
    const friend = await town.person('Milo Farthing', [ownerRole('auditor')]);
    await town.sql`update session set shown_at = now() - interval '301 seconds' where account = ${una.account}`;
    const give = () => browser.json('POST', `/v1/owners/WA/people/${friend.account}/roles`, { role: 'reviewer' });
    const stale = await give();
    expect([stale.status, problemIn(stale)]).toEqual([401, 'freshSignInNeeded']);
    const led = await browser.post('/desk/WA/people/roles', { account: friend.account, role: 'reviewer' }, { origin: town.url, referer: `${town.url}/desk/WA/people/${friend.account}` });
    expect(led.headers.location).toBe(`/again?to=${encodeURIComponent(`/desk/WA/people/${friend.account}`)}&lost=yes`);
    expect((await browser.get(led.headers.location ?? '')).body).toContain('five minutes');
    const done = await browser.post('/again', { password: una.password, code: town.code(una.key), to: `/desk/WA/people/${friend.account}` });
    expect(done.headers.location).toBe(`/desk/WA/people/${friend.account}`);
    expect((await give()).status).toBe(200);
    expect((await town.accounts.account(friend.account))?.grants.map(({ role }) => role)).toContain('reviewer');
  });

  it('a page elsewhere is not where a form leads back to', async () => {
    const browser = await town.enter(una);
    await town.sql`update session set shown_at = now() - interval '301 seconds' where account = ${una.account}`;
    const led = await browser.post('/account/tokens', { name: 'x' }, { origin: town.url, referer: 'https://evil.example.org/desk' });
    expect(led.headers.location).toBe('/again?to=%2Fdesk&lost=yes');
  });
});

describe('from another site', () => {
  const tls = async () => {
    const { key, cert } = await authority.issue('people', 'server');
    const url = await town.listen({ mode: 'production', listener: { kind: 'people', key, cert } });
    return { url, agent: new Agent({ ca: authority.cert, keepAlive: false }) };
  };

  it.each([
    ['another origin', { origin: 'https://evil.example.org' }],
    ['a site that the browser calls another', { 'sec-fetch-site': 'cross-site' }],
    ['a neighbour of the same site', { 'sec-fetch-site': 'same-site' }],
    ['a sandboxed page', { origin: 'null' }],
    ['nobody knows where', {}],
  ])('refuses what is sent with the cookie from %s, and records who would have done it', async (_name, headers) => {
    const { url, agent } = await tls();
    const browser = testBrowser(url, agent);
    const inside = await town.enter(una);
    browser.cookies.set('__Host-weir', inside.cookies.get('weir') ?? '');
    const before = (await town.acts()).length;
    for (const path of ['/desk/WA/people', '/account/sessions/end', '/sign-out', '/notice']) {
      const answer = await browser.post(path, { name: 'X' }, headers);
      expect([path, answer.status, problemIn(answer)]).toEqual([path, 403, 'foreignOrigin']);
    }
    const acts = (await town.acts()).slice(0, (await town.acts()).length - before);
    expect(acts.map(({ act, who, result }) => `${act} ${who} ${result}`)).toEqual(Array.from({ length: 4 }, () => `foreignOrigin ${una.account} refused`));
    expect(acts.find(({ owner }) => owner === 'WA')).toBeDefined();
    expect((await inside.get('/account')).status).toBe(200);
  });

  it('refuses to sign somebody in from there, records it, and not without end', async () => {
    const { url, agent } = await tls();
    const browser = testBrowser(url, agent);
    const before = (await town.acts()).length;
    for (let i = 0; i < 14; i += 1) expect((await browser.post('/sign-in', { login: una.login, password: una.password }, { origin: 'https://evil.example.org' })).status).toBe(403);
    expect((await town.acts()).length - before).toBe(10);
    expect((await latest())).toEqual(['foreignOrigin nobody refused']);
  });

  it('takes its own forms over TLS, and binds the cookie to this host', async () => {
    const una = await newcomer();
    const { url, agent } = await tls();
    const browser = testBrowser(url, agent);
    await browser.post('/sign-in', { login: una.login, password: una.password });
    const second = await browser.post('/sign-in/code', { code: town.code(una.key) });
    expect(second.headers['set-cookie']?.at(-1)).toMatch(/^__Host-weir=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=43200; Secure$/);
    expect((await browser.follow(await browser.post('/notice', { to: '/desk' }))).status).toBe(200);
  });

  it('the demonstration refuses it at the door', async () => {
    const browser = await town.enter(una);
    expect(problemIn(await browser.post('/sign-out', {}, { origin: 'https://evil.example.org' }))).toBe('foreignOrigin');
    expect(problemIn(await browser.post('/sign-out', {}, { 'sec-fetch-site': 'cross-site' }))).toBe('foreignOrigin');
    expect(problemIn(await browser.post('/sign-out', {}, {}))).toBe('foreignOrigin');
    expect((await browser.get('/account')).status).toBe(200);
  });
});

describe('invented people with one click', () => {
  it('are offered on the loopback demonstration, with a banner that says so', async () => {
    const browser = testBrowser(town.url);
    const page = await browser.get('/sign-in');
    expect(page.body).toContain('Petra Quimby');
    expect(page.body).toContain('(loopback) only');
    const [persona] = town.people.personas;
    const answer = await browser.post('/sign-in/persona', { account: persona?.account ?? '', to: '/desk' });
    expect(answer.headers.location).toBe('/notice?to=%2Fdesk');
    await browser.post('/notice', { to: '/desk' });
    await browser.post('/lock', {});
    expect((await browser.post('/unlock', { with: 'persona', to: '/desk' })).headers.location).toBe('/desk');
    expect((await browser.get('/desk')).body).toContain('Petra Quimby');
  });

  it('are nowhere else: not over TLS, not in production, and no real account so', async () => {
    const { key, cert } = await authority.issue('people', 'server');
    const agent = new Agent({ ca: authority.cert, keepAlive: false });
    const [persona] = town.people.personas;
    for (const mode of ['production', 'demonstration'] as const) {
      const browser = testBrowser(await town.listen({ mode, listener: { kind: 'people', key, cert } }), agent);
      expect((await browser.get('/sign-in')).body).not.toContain('Petra Quimby');
      const answer = await browser.post('/sign-in/persona', { account: persona?.account ?? '' });
      expect(answer.status).toBe(403);
      expect(browser.cookies.size).toBe(0);
    }
    expect(await latest()).toEqual(['signInFailed nobody refused']);
    const browser = testBrowser(town.url);
    expect((await browser.post('/sign-in/persona', { account: una.account })).status).toBe(404);
    expect((await (await town.enter(una)).post('/again', { with: 'persona', to: '/desk' })).status).toBe(403);
  });
});

describe('signing in for programs', () => {
  it('does the same by JSON, and says why not by a code', async () => {
    const una = await newcomer();
    const browser = testBrowser(town.url);
    const wrong = await browser.json('POST', '/v1/sign-in', { login: una.login, password: 'x' });
    expect([wrong.status, problemIn(wrong), codeIn(wrong)]).toEqual([401, 'signInNeeded', 'SIGN_IN_REFUSED']);
    const { value } = await browser.json('POST', '/v1/sign-in', { login: una.login, password: una.password });
    expect(value).toMatchObject({ factors: ['totp'] });
    const done = await browser.json('POST', '/v1/sign-in/code', { flow: value['flow'], code: town.code(una.key) });
    expect(done.value).toEqual({ account: una.account, next: '/notice' });
    const replayed = await browser.json('POST', '/v1/sign-in/code', { flow: value['flow'], code: town.code(una.key) });
    expect(codeIn(replayed)).toBe('SIGN_IN_REPLAYED');
    expect((await browser.json('POST', '/v1/me/notice')).value).toEqual({ done: true });
    expect((await browser.json('GET', '/v1/me')).value).toMatchObject({ account: una.account, via: 'session', grants: [{ role: 'ownerOfficial', scope: 'owner WA', desks: [] }], actions: null });
    await browser.json('POST', '/v1/me/lock');
    const again = await browser.json('POST', '/v1/me/again', { password: una.password, code: town.code(una.key) });
    expect(again.value).toMatchObject({ next: '/desk' });
    expect((await browser.json('POST', '/v1/me/sign-out')).value).toEqual({ done: true });
    expect(problemIn(await browser.json('GET', '/v1/me'))).toBe('signInNeeded');
  });

  it.each([
    ['/v1/sign-in', {}], ['/v1/sign-in', { login: 1, password: 'x' }], ['/v1/sign-in', { login: 'a', password: 'b', more: 1 }], ['/v1/sign-in', []], ['/v1/sign-in', { login: 'a'.repeat(201), password: 'x' }],
    ['/v1/sign-in/code', { flow: 'short', code: '1' }], ['/v1/sign-in/passkey', { flow: 'f'.repeat(43), passkey: 1 }], ['/v1/sign-in/passkey', { flow: 'f'.repeat(43), passkey: { id: 'x' } }], ['/v1/sign-in/passkey/options', { flow: 7 }],
  ])('POST %s takes nothing else: %j', async (path, body) => {
    const answer = await testBrowser(town.url).json('POST', path, body);
    expect([answer.status, problemIn(answer)]).toEqual([400, 'badBody']);
  });

  it.each([
    ['/v1/sign-in/code', { flow: 'f'.repeat(43), code: '123456' }, 'SIGN_IN_REFUSED'],
    ['/v1/sign-in/passkey', { flow: 'f'.repeat(43), passkey: { id: 'x', rawId: 'x', type: 'public-key', response: {}, clientExtensionResults: {} } }, 'SIGN_IN_REFUSED'],
    ['/v1/sign-in/passkey/options', { flow: 'f'.repeat(43) }, 'SIGN_IN_EXPIRED'],
  ])('POST %s with what nobody was given is refused', async (path, body, code) => {
    const answer = await testBrowser(town.url).json('POST', path, body);
    expect([answer.status, codeIn(answer)]).toEqual([401, code]);
  });

  it('offers a challenge for any passkey', async () => {
    const { value } = await testBrowser(town.url).json('POST', '/v1/sign-in/passkey/options', {});
    expect(value).toMatchObject({ flow: expect.stringMatching(/^[\w-]{43}$/) as string, options: { challenge: expect.any(String) as string, userVerification: 'required' } });
  });

  it('forms are for pages and JSON for the rest: a form of another site cannot reach /v1', async () => {
    const browser = testBrowser(town.url);
    expect((await browser.post('/v1/sign-in', { login: una.login, password: una.password })).status).toBe(415);
    expect((await browser.json('POST', '/sign-in', { login: una.login, password: una.password })).status).toBe(415);
  });
});

describe('what is left behind', () => {
  it('no secret, password, login or name stands in an address or a line of the log', async () => {
    const browser = await town.enter(una);
    await browser.get('/account');
    await browser.get('/desk/WA/people');
    await browser.post('/lock', {});
    const addresses = browser.addresses.join('\n');
    const secrets = [una.password, una.login, 'Marchbanks', encodeURIComponent(una.login), una.key.replace(/\s/g, ''), ...browser.cookies.values()];
    expect(town.log.length).toBeGreaterThan(50);
    for (const secret of secrets) {
      expect(addresses).not.toContain(secret);
      expect(town.log.join('\n')).not.toContain(secret);
    }
    expect(town.log.join('\n')).not.toMatch(/example\.org|[\w-]{43}/);
  });
});
