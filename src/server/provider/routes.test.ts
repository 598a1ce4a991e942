import { fastify, type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { startIdentityProvider, type TestProvider } from '../../../test/identityProvider.ts';
import { startPeople, type TestPeople } from '../../../test/people.ts';
import { openProviders, type Providers } from '../../people/provider/index.ts';
import type { ServerDeps } from '../deps.ts';
import { addGate } from '../gate/gate.ts';
import { addProviders } from './routes.ts';

const robin = { sub: 'robin-1', email: 'robin@example.org', email_verified: true, name: 'Robin Invented', groups: ['Approvers'], amr: ['pwd', 'hwk'] };

interface Reply {
  readonly status: number;
  readonly address: string;
  readonly location: string | null;
  readonly text: string;
  readonly set: readonly string[];
}

/** A browser with cookies, that follows only when told. */
class Browser {
  readonly cookies = new Map<string, { readonly value: string; readonly path: string; readonly host: string }>();

  async get(address: string): Promise<Reply> {
    const url = new URL(address);
    const own = [...this.cookies].filter(([, { path, host }]) => host === url.host && (url.pathname === path || url.pathname.startsWith(path.endsWith('/') ? path : `${path}/`)));
    const reply = await fetch(url, { redirect: 'manual', headers: { accept: 'text/html', cookie: own.map(([name, { value }]) => `${name.split(' ')[1] ?? ''}=${value}`).join('; ') } });
    const set = reply.headers.getSetCookie();
    for (const line of set) {
      const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
      const [name = '', value = ''] = pair.split('=');
      const path = attributes.find((one) => one.toLowerCase().startsWith('path='))?.slice(5) ?? '/';
      if (value === '') this.cookies.delete(`${url.host} ${name}`);
      else this.cookies.set(`${url.host} ${name}`, { value, path, host: url.host });
    }
    const location = reply.headers.get('location');
    return { status: reply.status, address, location: location === null ? null : new URL(location, url).href, text: await reply.text(), set };
  }

  /** Follows redirects until one leads to `stop`, which is not asked for. */
  async follow(address: string, stop: (url: string) => boolean): Promise<string> {
    let at = address;
    for (let hops = 0; hops < 15; hops += 1) {
      if (stop(at)) return at;
      const reply = await this.get(at);
      if (reply.location === null) throw new Error(`stopped with ${reply.status} at ${at}: ${reply.text.slice(0, 300)}`);
      at = reply.location;
    }
    throw new Error('too many steps');
  }
}

describe('signing in with a provider, in a browser', () => {
  let people: TestPeople;
  let app: FastifyInstance;
  let idp: TestProvider;
  let providers: Providers;
  let origin: string;
  let browser: Browser;

  beforeAll(async () => {
    people = await startPeople({ now: () => Date.now() });
    people.clock.now = Date.now();
    const { accounts, acts, database: { sql } } = people;
    // Both know each other's address: the exchange listens first, and is told of the provider after.
    app = fastify({ exposeHeadRoutes: true });
    app.decorate('countProblem', () => undefined);
    const later: Providers = {
      get list() { return providers.list; }, begin: (...args) => providers.begin(...args), finish: (...args) => providers.finish(...args), close: () => providers.close(),
    };
    addGate(app, { listener: { kind: 'http' }, people: { accounts, acts, sql, isOwner: () => true } } as unknown as ServerDeps);
    void app.register((scope, _options, done) => {
      addProviders(scope, { providers: later, accounts, listener: { kind: 'http' } }, { demonstration: false, byHand: false, version: '0' });
      scope.get('/desk', { config: { action: 'session.own' } }, (request) => ({ account: request.person?.account }));
      scope.get('/v1/owners/:owner/fresh', { config: { action: 'change.approve' } }, (request) => ({ account: request.person?.account }));
      done();
    });
    origin = await app.listen({ host: '127.0.0.1', port: 0 });
    idp = await startIdentityProvider([`${origin}/sign-in/with/wa/back`], robin);
    providers = openProviders([{ id: 'wa', name: 'Washington', issuer: idp.issuer, clientId: 'weir', clientSecret: 'a secret of the test', groups: { Approvers: [{ role: 'policyApprover', scope: 'owner WA' }] } }], { accounts, acts, sql, origin });
  });
  afterAll(async () => {
    await app.close();
    await providers.close();
    await idp.stop();
    await people.stop();
  });
  beforeEach(() => {
    browser = new Browser();
    idp.person = robin;
  });

  const isBack = (url: string): boolean => url.startsWith(`${origin}/sign-in/with/wa/back`);
  const cookie = (name: string): string | undefined => browser.cookies.get(`${new URL(origin).host} ${name}`)?.value;
  const enter = async (): Promise<Reply> => await browser.get(await browser.follow(`${origin}/sign-in/with/wa?to=/desk`, isBack));

  it('goes there and back, and the flow leaves nothing behind', async () => {
    const begun = await browser.get(`${origin}/sign-in/with/wa?to=/desk`);
    expect(begun.status).toBe(303);
    expect(begun.set[0]).toMatch(/^weir-flow=[A-Za-z0-9_-]{43}; Path=\/sign-in; HttpOnly; SameSite=Lax; Max-Age=600$/);
    const done = await browser.get(await browser.follow(begun.location ?? '', isBack));
    expect(done).toMatchObject({ status: 303, location: `${origin}/desk` });
    expect(cookie('weir-flow')).toBeUndefined();
    const secret = cookie('weir') ?? '';
    await people.accounts.acceptNotice(secret);
    expect((await browser.get(`${origin}/desk`)).status).toBe(200);
    expect((await browser.get(`${origin}/v1/owners/WA/fresh`)).status).toBe(200);
    expect((await browser.get(`${origin}/v1/owners/OR/fresh`)).status).toBe(403);
  });

  it('gives a session of its own, whatever cookie was planted before', async () => {
    const planted = 'P'.repeat(43);
    browser.cookies.set(`${new URL(origin).host} weir`, { value: planted, path: '/', host: new URL(origin).host });
    expect((await enter()).status).toBe(303);
    expect(cookie('weir')).not.toBe(planted);
  });

  it('ends the session that the browser had before', async () => {
    await enter();
    const before = cookie('weir') ?? '';
    await people.accounts.acceptNotice(before);
    expect((await people.accounts.session(before)).state).toBe('open');
    await enter();
    expect(cookie('weir')).not.toBe(before);
    expect((await people.accounts.session(before)).state).toBe('none');
    expect((await people.accounts.session(cookie('weir') ?? '')).state).not.toBe('none');
  });

  it('refuses the way back in another browser, and a second time, with a page that says why', async () => {
    const back = await browser.follow(`${origin}/sign-in/with/wa?to=/desk`, isBack);
    const stranger = await new Browser().get(back);
    expect(stranger).toMatchObject({ status: 403 });
    expect(stranger.text).toContain('PROVIDER_FLOW');
    expect(stranger.set.join()).not.toMatch(/weir=/);
    const flow = new Map(browser.cookies);
    expect((await browser.get(back)).status).toBe(303);
    for (const [name, value] of flow) browser.cookies.set(name, value);
    const again = await browser.get(back);
    expect(again.status).toBe(403);
    expect(again.text).toContain('PROVIDER_REPLAY');
    expect((await people.record('replayed')).at(-1)).toMatchObject({ who: 'nobody', result: 'refused' });
  });

  it('leads only to addresses of this site', async () => {
    for (const to of ['https://evil.example.org', '//evil.example.org', '/\\evil.example.org', 'desk']) {
      browser = new Browser();
      const back = await browser.follow(`${origin}/sign-in/with/wa?to=${encodeURIComponent(to)}`, isBack);
      expect((await browser.get(back)).location).toBe(`${origin}/desk`);
    }
  });

  it('answers no HEAD, which would use up the answer', async () => {
    const back = await browser.follow(`${origin}/sign-in/with/wa?to=/desk`, isBack);
    expect((await fetch(back, { method: 'HEAD', headers: { cookie: `weir-flow=${cookie('weir-flow') ?? ''}` } })).status).toBe(404);
    expect((await browser.get(back)).status).toBe(303);
  });

  it('makes a sign-in fresh again, also behind a locked screen', async () => {
    await enter();
    await people.accounts.acceptNotice(cookie('weir') ?? '');
    const before = cookie('weir') ?? '';
    await people.accounts.lockScreen(before);
    const { location } = await browser.get(`${origin}/again/with/wa?to=/desk`);
    expect(new URL(location ?? '').searchParams.get('prompt')).toBe('login');
    const done = await browser.get(await browser.follow(location ?? '', isBack));
    expect(done).toMatchObject({ status: 303, location: `${origin}/desk` });
    expect(cookie('weir')).not.toBe(before);
    expect((await people.accounts.session(cookie('weir') ?? '')).state).toBe('open');
    const nobody = await new Browser().get(`${origin}/again/with/wa`);
    expect(nobody.location).toContain('/sign-in');
  });

  it('says what is missing, without a word of the provider', async () => {
    idp.person = { ...robin, amr: ['pwd'], name: 'Secret Name' };
    const refused = await enter();
    expect(refused.status).toBe(403);
    expect(refused.text).toContain('PROVIDER_FACTORS');
    expect(refused.text).not.toContain('Secret Name');
    expect(cookie('weir')).toBeUndefined();
    expect(await browser.get(`${origin}/sign-in/with/nowhere`)).toMatchObject({ status: 404 });
    const error = await browser.get(`${origin}/sign-in/with/wa/back?error=%3Cscript%3E&error_description=%3Cscript%3E&state=x`);
    expect(error.status).toBe(403);
    expect(error.text).not.toContain('<script');
  });

  it('says that the provider is down, and that there are other ways', async () => {
    await idp.stop();
    await providers.close();
    const { accounts, acts, database: { sql } } = people;
    providers = openProviders([{ id: 'wa', name: 'Washington', issuer: idp.issuer, clientId: 'weir' }], { accounts, acts, sql, origin });
    const down = await browser.get(`${origin}/sign-in/with/wa`);
    expect(down.status).toBe(503);
    expect(down.text).toContain('href="/sign-in"');
    await idp.start();
  });
});
