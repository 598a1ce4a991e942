import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { startIdentityProvider, type ProvidedPerson, type TestProvider } from '../../../test/identityProvider.ts';
import { startTestPostgres, type TestPostgres } from '../../../test/postgres.ts';
import { openAccounts, type OpenAccounts } from '../accounts/index.ts';
import { openActs } from '../acts/index.ts';
import { localAuthority, serverCertificate } from '../index.ts';
import { secretsOf } from './flow.ts';
import { openProviders, type Finished, type Providers, type ProviderSettings } from './index.ts';

const origin = 'http://127.0.0.1:1';
const from = { address: '192.0.2.7', agent: 'test' };
const robin: ProvidedPerson = { sub: 'robin-1', email: 'robin@example.org', email_verified: true, name: 'Robin Invented', groups: ['Weir Approvers', 'Canteen'], amr: ['pwd', 'otp'], 'gfipm:2.0:user:EmployerORI': 'ZZ0000101', 'gfipm:2.0:user:SwornLawEnforcementOfficerIndicator': 'true', 'gfipm:2.0:user:NCICCertificationIndicator': '1' };

describe('sign-in by a provider', () => {
  let postgres: TestPostgres;
  let idp: TestProvider;
  let accounts: OpenAccounts;
  let providers: Providers;
  let settings: ProviderSettings;
  let now = (): number => Date.now();
  const cookies = new Map<string, string>();

  const open = (more: Partial<ProviderSettings> = {}, others: readonly ProviderSettings[] = []): Providers => openProviders([{ ...settings, ...more }, ...others], { accounts, acts: acts(), sql: postgres.sql, origin, now: () => now() });
  const acts = () => openActs({ sql: postgres.sql, sealer: { seal: (_owner, plain) => Buffer.from(plain).toString('base64') }, journal: null });

  beforeAll(async () => {
    postgres = await startTestPostgres({ migrate: true });
    idp = await startIdentityProvider([`${origin}/sign-in/with/wa/back`, `${origin}/sign-in/with/other/back`], robin);
    settings = {
      id: 'wa', name: 'State of Washington', issuer: idp.issuer, clientId: 'weir', clientSecret: 'a secret of the test',
      groups: { 'Weir Approvers': [{ role: 'policyApprover', scope: 'owner WA' }], 'Weir Reviewers': [{ role: 'reviewer', scope: 'owner WA', desks: ['privacyDesk'] }] },
    };
    accounts = openAccounts({ sql: postgres.sql, acts: acts(), seal: (plain) => plain, unseal: (sealed) => sealed, rp: { name: 'Weir', id: 'localhost', origins: [origin] } });
    providers = open();
  });
  afterAll(async () => {
    await idp.stop();
    await postgres.stop();
  });
  beforeEach(async () => {
    now = () => Date.now();
    idp.person = robin;
    idp.early = 0;
    idp.tamper = (token) => token;
    cookies.clear();
    await providers.close();
    providers = open();
  });

  /** What a browser does at the provider: follows it until it is sent back here. The address may be altered on the way. */
  const browse = async (start: string): Promise<URL> => {
    let address = new URL(start);
    for (let hops = 0; hops < 12; hops += 1) {
      if (address.origin === origin) return address;
      const reply = await fetch(address, { redirect: 'manual', headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') } });
      for (const line of reply.headers.getSetCookie()) {
        const [name = '', value = ''] = (line.split(';')[0] ?? '').split('=');
        if (value === '') cookies.delete(name);
        else cookies.set(name, value);
      }
      const location = reply.headers.get('location');
      if (location === null) throw new Error(`the provider stopped at ${address.pathname} with ${reply.status}: ${(await reply.text()).slice(0, 400)}`);
      address = new URL(location, address);
    }
    throw new Error('too many steps');
  };
  const begin = async (more: { readonly to?: string; readonly session?: string; readonly id?: string } = {}): Promise<{ readonly address: string; readonly flow: string }> => {
    const begun = await providers.begin(more.id ?? 'wa', { to: more.to ?? '/desk', purpose: more.session === undefined ? 'signIn' : 'again', session: more.session ?? null });
    if (!begun.ok) throw new Error(begun.code);
    return begun;
  };
  const signIn = async (): Promise<Finished> => {
    const { address, flow } = await begin();
    return await providers.finish('wa', await browse(address), flow, from);
  };
  const lastAct = async (): Promise<{ act: string; who: string; result: string; detail: Record<string, unknown> | null }> => {
    const [row] = await postgres.sql<{ act: string; who: string; result: string; detail: Record<string, unknown> | null }[]>`select act, who, result, detail from act order by id desc limit 1`;
    if (row === undefined) throw new Error('no act');
    return row;
  };
  const grantsNow = async (account: string): Promise<readonly string[]> => (await accounts.account(account))?.grants.map(({ role, scope }) => `${role} ${JSON.stringify(scope)}`).sort() ?? [];

  it('signs in a person with the roles of their groups, and the notice first', async () => {
    const done = await signIn();
    if (!done.ok) throw new Error(done.code);
    expect(done.to).toBe('/desk');
    const state = await accounts.session(done.cookie);
    expect(state.state).toBe('notice');
    await accounts.acceptNotice(done.cookie);
    const open = await accounts.session(done.cookie);
    if (open.state !== 'open') throw new Error(open.state);
    expect(open.person).toMatchObject({ name: 'Robin Invented', employer: 'ZZ0000101', grants: [{ role: 'policyApprover', scope: { kind: 'owner', owner: 'WA' }, desks: [] }] });
    const [facts] = await postgres.sql<{ facts: unknown }[]>`select facts from person where email = 'robin@example.org'`;
    expect(facts?.facts).toEqual({ sworn: true, certifications: ['ncic'] });
    expect(await lastAct()).toMatchObject({ act: expect.stringMatching(/signedIn|noticeAccepted/) as unknown });
  });

  it('gives another role at the next sign-in, and takes the one that is gone', async () => {
    const first = await signIn();
    if (!first.ok) throw new Error(first.code);
    idp.person = { ...robin, groups: ['Weir Reviewers'] };
    cookies.clear();
    const second = await signIn();
    if (!second.ok) throw new Error(second.code);
    expect(second.account).toBe(first.account);
    expect(await grantsNow(first.account)).toEqual(['reviewer {"kind":"owner","owner":"WA"}']);
    const state = await accounts.session(first.cookie);
    expect(state.state !== 'none' && state.person.grants.map(({ role, desks }) => [role, desks])).toEqual([['reviewer', ['privacyDesk']]]);
    idp.person = { ...robin, groups: [] };
    cookies.clear();
    expect((await signIn()).ok).toBe(true);
    expect(await grantsNow(first.account)).toEqual([]);
  });

  it('makes no account for somebody whose groups give nothing', async () => {
    idp.person = { ...robin, sub: 'stranger', email: 'stranger@example.org', groups: ['Canteen'] };
    expect(await signIn()).toMatchObject({ ok: false, why: 'refused', code: 'PROVIDER_GROUPS' });
    expect(await postgres.sql`select 1 from account where subject = 'stranger'`).toHaveLength(0);
  });

  it.each([
    ['no second factor', { amr: ['pwd'] }, 'PROVIDER_FACTORS'], ['no word of factors', { amr: undefined }, 'PROVIDER_FACTORS'], ['no address', { email: undefined }, 'PROVIDER_EMAIL'],
    ['an address that is not confirmed', { email_verified: false }, 'PROVIDER_EMAIL'], ['an address that says nothing of it', { email_verified: undefined }, 'PROVIDER_EMAIL'], ['an address that is none', { email: 'robin' }, 'PROVIDER_EMAIL'],
    ['no name', { name: undefined }, 'PROVIDER_NAME'],
  ] as const)('refuses %s, and records it', async (_what, change, code) => {
    idp.person = { ...robin, sub: `robin ${code}`, ...change };
    expect(await signIn()).toMatchObject({ ok: false, why: 'refused', code });
    expect(await lastAct()).toMatchObject({ act: 'signInFailed', who: 'nobody', result: 'refused', detail: { provider: 'wa', code } });
  });

  it('takes what a setting says is enough', async () => {
    providers = open({ acr: ['urn:example:two-factors'], trustEmail: true });
    idp.person = { ...robin, amr: ['pwd'], acr: 'urn:example:two-factors', email_verified: undefined };
    expect((await signIn()).ok).toBe(true);
    providers = open({ domains: ['example.com'] });
    cookies.clear();
    idp.person = robin;
    expect(await signIn()).toMatchObject({ code: 'PROVIDER_EMAIL' });
    providers = open({ known: true });
    cookies.clear();
    idp.person = { ...robin, sub: 'nobody yet', email: 'nobody@example.org' };
    expect(await signIn()).toMatchObject({ code: 'PROVIDER_ACCOUNT' });
  });

  it('takes a pushed request too', async () => {
    providers = open({ pushed: true });
    const { address, flow } = await begin();
    expect(new URL(address).searchParams.get('request_uri')).toMatch(/^urn:/);
    expect(new URL(address).searchParams.has('state')).toBe(false);
    expect((await providers.finish('wa', await browse(address), flow, from)).ok).toBe(true);
  });

  it('takes an answer once: of many at one time, one', async () => {
    const { address, flow } = await begin();
    const back = await browse(address);
    const done = await Promise.all(Array.from({ length: 8 }, async () => await providers.finish('wa', back, flow, from)));
    expect(done.filter(({ ok }) => ok)).toHaveLength(1);
    expect(done.filter((one) => !one.ok && one.code === 'PROVIDER_REPLAY')).toHaveLength(7);
    expect(await providers.finish('wa', back, flow, from)).toMatchObject({ ok: false, why: 'replayed', code: 'PROVIDER_REPLAY' });
    expect(await lastAct()).toMatchObject({ act: 'replayed', result: 'refused' });
  });

  it('refuses a code that was used, though by another flow', async () => {
    const first = await begin();
    const back = await browse(first.address);
    expect((await providers.finish('wa', back, first.flow, from)).ok).toBe(true);
    const second = await begin();
    const other = await browse(second.address);
    other.searchParams.set('code', back.searchParams.get('code') ?? '');
    expect(await providers.finish('wa', other, second.flow, from)).toMatchObject({ ok: false, code: 'PROVIDER_TOKEN' });
  });

  it('refuses a state that was tampered with, and one of another flow', async () => {
    const { address, flow } = await begin();
    const back = await browse(address);
    back.searchParams.set('state', 'x');
    expect(await providers.finish('wa', back, flow, from)).toMatchObject({ code: 'PROVIDER_STATE' });
    const [one, two] = [await begin(), await begin()];
    expect(await providers.finish('wa', await browse(one.address), two.flow, from)).toMatchObject({ code: 'PROVIDER_STATE' });
  });

  it('refuses an answer without the cookie of its flow, or with an invented one', async () => {
    const { address } = await begin();
    const back = await browse(address);
    expect(await providers.finish('wa', back, null, from)).toMatchObject({ code: 'PROVIDER_FLOW' });
    expect(await providers.finish('wa', back, 'A'.repeat(43), from)).toMatchObject({ code: 'PROVIDER_FLOW' });
    expect(await lastAct()).toMatchObject({ act: 'signInFailed', detail: { code: 'PROVIDER_FLOW' } });
  });

  it.each([
    ['nonce', 'PROVIDER_NONCE'], ['code_challenge', 'PROVIDER_TOKEN'],
  ] as const)('refuses an answer to a request whose %s was tampered with', async (name, code) => {
    const { address, flow } = await begin();
    const altered = new URL(address);
    altered.searchParams.set(name, 'A'.repeat(43));
    expect(await providers.finish('wa', await browse(altered.href), flow, from)).toMatchObject({ ok: false, code });
  });

  it('refuses a token that another key signed, that nobody signed, or that says something else', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const read = (text = ''): Record<string, unknown> => JSON.parse(Buffer.from(text, 'base64url').toString()) as Record<string, unknown>;
    const ways: readonly ((token: string) => string)[] = [
      (token) => {
        const [head = '', body = ''] = token.split('.');
        return `${head}.${body}.${sign('RSA-SHA256', Buffer.from(`${head}.${body}`), privateKey).toString('base64url')}`;
      },
      (token) => {
        const [, body = ''] = token.split('.');
        return `${part({ alg: 'none' })}.${body}.`;
      },
      (token) => {
        const [head = '', body = '', signature = ''] = token.split('.');
        return `${head}.${part({ ...read(body), groups: ['Weir Approvers'], sub: 'somebody else' })}.${signature}`;
      },
    ];
    for (const way of ways) {
      idp.tamper = way;
      cookies.clear();
      expect(await signIn()).toMatchObject({ ok: false, code: 'PROVIDER_TOKEN' });
    }
    for (const [claim, value, code] of [['iss', 'https://evil.example.org', 'PROVIDER_ISSUER'], ['aud', 'another client', 'PROVIDER_TOKEN'], ['exp', 1, 'PROVIDER_TOKEN'], ['nonce', 'x', 'PROVIDER_NONCE']] as const) {
      idp.tamper = (token) => {
        const [head = '', body = '', signature = ''] = token.split('.');
        return `${head}.${part({ ...read(body), [claim]: value })}.${signature}`;
      };
      cookies.clear();
      expect(await signIn()).toMatchObject({ ok: false, code });
    }
  });

  it('reaches a provider by TLS with the authority of its own, and not without', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'weir-provider-'));
    const { key, certificate } = await serverCertificate(folder, ['localhost']);
    const secure = await startIdentityProvider([`${origin}/sign-in/with/tls/back`], { ...robin, sub: 'tls-1', email: 'tls@example.org' }, { key, cert: certificate });
    const ca = join(folder, 'ca.pem');
    await writeFile(ca, (await localAuthority(folder)).certificate);
    const base: ProviderSettings = { ...settings, id: 'tls', issuer: secure.issuer };
    const trusting = open({}, [{ ...base, ca }]);
    const strict = open({}, [base]);
    expect((await trusting.begin('tls', { to: '/desk', purpose: 'signIn' })).ok).toBe(true);
    expect(await strict.begin('tls', { to: '/desk', purpose: 'signIn' })).toEqual({ ok: false, code: 'PROVIDER_DOWN' });
    await Promise.all([trusting.close(), strict.close()]);
    await secure.stop();
    await rm(folder, { recursive: true });
  });

  it('refuses an answer that names another issuer, and one of another provider', async () => {
    const { address, flow } = await begin();
    const back = await browse(address);
    expect(back.searchParams.get('iss')).toBe(idp.issuer);
    back.searchParams.set('iss', 'https://evil.example.org');
    expect(await providers.finish('wa', back, flow, from)).toMatchObject({ code: 'PROVIDER_ISSUER' });
    providers = open({}, [{ ...settings, id: 'other' }]);
    const mixed = await begin();
    expect(await providers.finish('other', await browse(mixed.address), mixed.flow, from)).toMatchObject({ code: 'PROVIDER_OTHER' });
  });

  it('refuses what the provider denies, and what comes too late', async () => {
    const { flow } = await begin();
    const { state } = secretsOf(flow);
    expect(await providers.finish('wa', new URL(`${origin}/sign-in/with/wa/back?error=access_denied&state=${state}&iss=${encodeURIComponent(idp.issuer)}`), flow, from)).toMatchObject({ code: 'PROVIDER_DENIED' });
    const late = await begin();
    const back = await browse(late.address);
    now = () => Date.now() + 601_000;
    expect(await providers.finish('wa', back, late.flow, from)).toMatchObject({ ok: false, why: 'expired', code: 'PROVIDER_EXPIRED' });
  });

  it('refuses a provider that signed the person in long ago', async () => {
    idp.early = 400;
    expect(await signIn()).toMatchObject({ code: 'PROVIDER_STALE' });
  });

  it('makes a sign-in fresh with the same account, and only so', async () => {
    idp.person = { ...robin, groups: ['Weir Approvers'] };
    const done = await signIn();
    if (!done.ok) throw new Error(done.code);
    const { address, flow } = await begin({ session: done.cookie, to: '/desk/WA/changes' });
    expect(new URL(address).searchParams.get('max_age')).toBe('0');
    const fresh = await providers.finish('wa', await browse(address), flow, from, done.cookie);
    if (!fresh.ok) throw new Error(fresh.code);
    expect(fresh).toMatchObject({ account: done.account, to: '/desk/WA/changes' });
    expect(fresh.cookie).not.toBe(done.cookie);
    expect((await accounts.session(done.cookie)).state).toBe('none');

    const old = await begin({ session: fresh.cookie });
    idp.early = 120;
    expect(await providers.finish('wa', await browse(old.address), old.flow, from, fresh.cookie)).toMatchObject({ code: 'PROVIDER_STALE' });
    idp.early = 0;

    idp.person = { ...robin, sub: 'kim-1', email: 'kim@example.org', name: 'Kim Invented' };
    cookies.clear();
    expect((await signIn()).ok).toBe(true);
    const other = await begin({ session: fresh.cookie });
    expect(await providers.finish('wa', await browse(other.address), other.flow, from, fresh.cookie)).toMatchObject({ code: 'PROVIDER_ACCOUNT' });
    idp.person = robin;
    cookies.clear();

    // Another session of the same account is not made fresh by it.
    const second = await signIn();
    if (!second.ok) throw new Error(second.code);
    const mine = await begin({ session: fresh.cookie });
    expect(await providers.finish('wa', await browse(mine.address), mine.flow, from, second.cookie)).toMatchObject({ code: 'PROVIDER_ACCOUNT' });

    const stolen = await begin({ session: fresh.cookie });
    expect(await providers.finish('wa', await browse(stolen.address), stolen.flow, from, null)).toMatchObject({ code: 'PROVIDER_ACCOUNT' });
    expect((await accounts.session(fresh.cookie)).state).not.toBe('none');
  });

  it('does not bring back an account that was disabled', async () => {
    idp.person = { ...robin, sub: 'lee-1', email: 'lee@example.org', name: 'Lee Invented' };
    const done = await signIn();
    if (!done.ok) throw new Error(done.code);
    await accounts.disable(done.account, 'left', { who: 'operator', role: null });
    idp.person = { ...idp.person, name: 'Another Name', groups: ['Weir Reviewers'] };
    expect(await signIn()).toMatchObject({ code: 'PROVIDER_ACCOUNT' });
    expect(await lastAct()).toMatchObject({ act: 'signInFailed', who: done.account });
    expect(await accounts.account(done.account)).toMatchObject({ name: 'Lee Invented', grants: [{ role: 'policyApprover' }] });
    expect((await accounts.account(done.account))?.disabledAt).not.toBeNull();
  });

  it('says that a provider is down, at either step, and goes on when it is up', async () => {
    const { address, flow } = await begin();
    const back = await browse(address);
    await idp.stop();
    expect(await providers.finish('wa', back, flow, from)).toMatchObject({ ok: false, why: 'down', code: 'PROVIDER_DOWN' });
    providers = open();
    expect(await providers.begin('wa', { to: '/desk', purpose: 'signIn' })).toEqual({ ok: false, code: 'PROVIDER_DOWN' });
    await idp.start();
    now = () => Date.now() + 2_000;
    expect((await providers.begin('wa', { to: '/desk', purpose: 'signIn' })).ok).toBe(true);
    expect(await providers.begin('nowhere', { to: '/desk', purpose: 'signIn' })).toEqual({ ok: false, code: 'PROVIDER_UNKNOWN' });
  });

  it('keeps nothing in the database by which a sign-in could be ended', async () => {
    const { address, flow } = await begin();
    const query = new URL(address).searchParams;
    const rows = JSON.stringify(await postgres.sql`select * from sign_in_step`);
    for (const secret of [flow, query.get('state'), query.get('nonce')]) expect(rows).not.toContain(secret);
  });
});
