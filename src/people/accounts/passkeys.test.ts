import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { softwareAuthenticator, type Amiss, type Authenticator } from '../../../test/authenticator.ts';
import { from, goodPassword, startPeople, type TestPeople, type TestPerson } from '../../../test/people.ts';
import type { SignIn } from './types.ts';

const origin = 'https://weir.example.org';
let people: TestPeople;
beforeAll(async () => { people = await startPeople(); });
afterAll(() => people.stop());

/** A person with a passkey. */
async function keyed(login: string): Promise<TestPerson & { readonly device: Authenticator }> {
  const person = await people.join(login);
  const device = softwareAuthenticator(origin);
  const { flow, options } = await people.accounts.passkeyRegistration(person.account);
  await people.accounts.addPasskey(person.account, flow, 'desk key', device.create(options));
  return { ...person, device };
}

/** Signs in with a passkey alone, or after the password. */
async function sign(device: Authenticator, amiss: Amiss = {}, after: string | null = null): Promise<SignIn> {
  const asked = await people.accounts.passkeyChallenge(after);
  if (asked === null) throw new Error('no challenge');
  return await people.accounts.finishWithPasskey(asked.flow, device.get(asked.options, amiss), from);
}

describe('adding a passkey', () => {
  it('asks for user verification, and lists it', async () => {
    const { accounts } = people;
    const ada = await people.join('ada');
    const { options } = await accounts.passkeyRegistration(ada.account);
    expect(options).toMatchObject({ rp: { id: 'weir.example.org' }, authenticatorSelection: { userVerification: 'required' }, attestation: 'none' });
    expect(Buffer.from(options.user.id, 'base64url').toString()).toBe(ada.account);
    const bob = await keyed('bob');
    expect(await accounts.passkeys(bob.account)).toMatchObject([{ name: 'desk key', usedAt: null }]);
    expect((await accounts.account(bob.account))?.factors).toEqual(['password', 'totp', 'passkey']);
    expect((await people.record('factorAdded')).filter(({ who }) => who === bob.account)).toMatchObject([{ detail: { factor: 'passkey' } }]);
  });

  it.each<readonly [string, Amiss]>([
    ['of another site', { origin: 'https://weir.example.org.evil.example' }], ['over http', { origin: 'http://weir.example.org' }], ['of another host', { rpId: 'example.org' }],
    ['without user verification', { userVerified: false }], ['of another challenge', { challenge: 'A'.repeat(43) }], ['in a frame of another site', { crossOrigin: true }],
  ])('refuses one %s', async (name, amiss) => {
    const { accounts } = people;
    const person = await people.join(`bad.${name.replaceAll(' ', '.')}`);
    const { flow, options } = await accounts.passkeyRegistration(person.account);
    await expect(accounts.addPasskey(person.account, flow, 'key', softwareAuthenticator(origin).create(options, amiss))).rejects.toMatchObject({ code: 'ACCOUNT_PASSKEY' });
    expect(await accounts.passkeys(person.account)).toEqual([]);
    // The challenge is gone with it.
    await expect(accounts.addPasskey(person.account, flow, 'key', softwareAuthenticator(origin).create(options))).rejects.toMatchObject({ code: 'ACCOUNT_PASSKEY' });
    expect((await people.record('replayed')).filter(({ who, detail }) => who === person.account && detail?.['what'] === 'challenge')).toHaveLength(1);
  });

  it('refuses the challenge of another account, a passkey that is known, and what is none', async () => {
    const { accounts } = people;
    const [cal, dot] = [await keyed('cal'), await people.join('dot')];
    const theirs = await accounts.passkeyRegistration(cal.account);
    await expect(accounts.addPasskey(dot.account, theirs.flow, 'key', softwareAuthenticator(origin).create(theirs.options))).rejects.toMatchObject({ code: 'ACCOUNT_PASSKEY' });
    const own = await accounts.passkeyRegistration(dot.account);
    await expect(accounts.addPasskey(dot.account, own.flow, 'key', cal.device.create(own.options))).rejects.toMatchObject({ code: 'ACCOUNT_PASSKEY' });
    for (const bad of [null, {}, { id: 1 }, 'x', { id: 'a', rawId: 'a', type: 'public-key', response: {} }, { id: 'a', rawId: 'a', type: 'public-key', response: { clientDataJSON: '!!', attestationObject: '!!' } }]) {
      const { flow } = await accounts.passkeyRegistration(dot.account);
      await expect(accounts.addPasskey(dot.account, flow, 'key', bad as unknown as RegistrationResponseJSON)).rejects.toMatchObject({ code: 'ACCOUNT_PASSKEY' });
    }
    for (const name of ['', ' '.repeat(5), 'x'.repeat(101), 'a\u0000b']) await expect(accounts.addPasskey(dot.account, own.flow, name, cal.device.create(own.options))).rejects.toMatchObject({ code: 'ACCOUNT_FIELD' });
    expect(await accounts.passkeys(dot.account)).toEqual([]);
  });

  it('is taken away, by its own account only', async () => {
    const { accounts } = people;
    const [eve, fay] = [await keyed('eve'), await people.join('fay')];
    const id = (await accounts.passkeys(eve.account))[0]?.id ?? '';
    await expect(accounts.removePasskey(fay.account, id)).rejects.toMatchObject({ code: 'ACCOUNT_PASSKEY' });
    await accounts.removePasskey(eve.account, id);
    expect(await accounts.passkeys(eve.account)).toEqual([]);
    expect((await sign(eve.device)).ok).toBe(false);
    expect((await people.record('factorRemoved')).filter(({ who }) => who === eve.account)).toHaveLength(1);
  });

  it('is not taken away where no second factor would be left', async () => {
    const { accounts, database } = people;
    const gus = await keyed('gus');
    await database.sql`update account set totp = null where id = ${gus.account}`;
    await expect(accounts.removePasskey(gus.account, (await accounts.passkeys(gus.account))[0]?.id ?? '')).rejects.toMatchObject({ code: 'ACCOUNT_LAST' });
  });
});

describe('signing in with a passkey', () => {
  it('works alone, and after the password, which is used with it', async () => {
    const { accounts } = people;
    const hal = await keyed('hal');
    const alone = await sign(hal.device);
    expect(alone.ok && (await accounts.session(alone.cookie)).state).toBe('notice');
    expect((await accounts.sessions(hal.account))[0]?.factors).toEqual(['passkey']);
    const first = await accounts.begin('hal', goodPassword, from);
    expect(first).toMatchObject({ ok: true, factors: ['totp', 'passkey'] });
    const flow = first.ok ? first.flow : '';
    people.clock.now += 1_000;
    expect((await sign(hal.device, {}, flow)).ok).toBe(true);
    expect((await accounts.sessions(hal.account))[0]?.factors).toEqual(['password', 'passkey']);
    expect(await accounts.finishWithCode(flow, people.code(hal.key), from)).toEqual({ ok: false, why: 'replayed' });
    expect(await accounts.passkeyChallenge(flow)).toBeNull();
    expect((await accounts.passkeys(hal.account))[0]?.usedAt?.getTime()).toBe(people.clock.now);
  });

  it.each<readonly [string, Amiss, string]>([
    ['of another site', { origin: 'https://evil.example.org' }, 'passkey'], ['of another host', { rpId: 'evil.example.org' }, 'passkey'], ['without user verification', { userVerified: false }, 'passkey'],
    ['of another challenge', { challenge: 'A'.repeat(43) }, 'passkey'], ['with a wrong signature', { badSignature: true }, 'passkey'], ['that says it is another account', { userHandle: 'QS0wMDAwMDAwMDAwMDA' }, 'passkey'],
    ['in a frame of another site', { crossOrigin: true }, 'passkey'], ['with a counter that was used', { counter: 2 }, 'counter'], ['with a counter that fell to nought', { counter: 0 }, 'counter'],
  ])('refuses one %s', async (name, amiss, why) => {
    const person = await keyed(`in.${name.replaceAll(' ', '.')}`);
    expect((await sign(person.device)).ok).toBe(true);
    expect(await sign(person.device, amiss)).toEqual({ ok: false, why: 'refused' });
    expect((await people.record('signInFailed')).filter(({ who }) => who === person.account)).toMatchObject([{ detail: { why } }]);
    expect((await sign(person.device, { counter: 9 })).ok).toBe(true);
  });

  it('refuses a response that comes again, also to 64 at once, and tells of it', async () => {
    const { accounts } = people;
    const ida = await keyed('ida');
    const asked = await accounts.passkeyChallenge(null);
    if (asked === null) throw new Error('no challenge');
    const response = ida.device.get(asked.options);
    const done = await Promise.all(Array.from({ length: 64 }, () => accounts.finishWithPasskey(asked.flow, response, from)));
    expect(done.filter(({ ok }) => ok)).toHaveLength(1);
    expect(done.filter((one) => !one.ok && one.why === 'replayed')).toHaveLength(63);
    expect((await people.record('replayed')).filter(({ who }) => who === ida.account)).toHaveLength(63);
    // The same response to another challenge.
    const other = await accounts.passkeyChallenge(null);
    expect(await accounts.finishWithPasskey(other?.flow ?? '', response, from)).toEqual({ ok: false, why: 'refused' });
  });

  it('refuses another account\'s passkey after a password, and one of a disabled or locked account', async () => {
    const { accounts, database } = people;
    const [jon, kim] = [await keyed('jon'), await keyed('kim')];
    const first = await accounts.begin('jon', goodPassword, from);
    expect(await sign(kim.device, {}, first.ok ? first.flow : '')).toEqual({ ok: false, why: 'refused' });
    await accounts.disable(jon.account, 'left', { who: 'operator', role: null });
    expect(await sign(jon.device)).toEqual({ ok: false, why: 'refused' });
    await database.sql`update account set locked_at = now() where id = ${kim.account}`;
    expect(await sign(kim.device)).toEqual({ ok: false, why: 'refused' });
  });

  it('locks the account after five wrong ones', async () => {
    const lea = await keyed('lea');
    for (let n = 0; n < 5; n += 1) await sign(lea.device, { badSignature: true });
    expect((await people.accounts.account(lea.account))?.lockedAt).not.toBeNull();
  });

  it('takes what is no response as a failure', async () => {
    const { accounts } = people;
    for (const bad of [null, {}, [], 'x', { id: 'a\u0000' }, { id: 'x'.repeat(5_000) }, { id: 'abc', response: null }]) {
      const asked = await accounts.passkeyChallenge(null);
      expect(await accounts.finishWithPasskey(asked?.flow ?? '', bad as unknown as AuthenticationResponseJSON, from)).toEqual({ ok: false, why: 'refused' });
    }
    const max = await keyed('max');
    const asked = await accounts.passkeyChallenge(null);
    const response = { ...max.device.get(asked!.options), response: null } as unknown as AuthenticationResponseJSON;
    expect(await accounts.finishWithPasskey(asked?.flow ?? '', response, from)).toEqual({ ok: false, why: 'refused' });
  });

  it('shows all factors again, for its own session alone', async () => {
    const { accounts } = people;
    const [ned, ora] = [await keyed('ned'), await keyed('ora')];
    const cookie = await people.enter(ned);
    const proof = async (device: Authenticator) => {
      const asked = await accounts.passkeyChallenge(null);
      return { flow: asked?.flow ?? '', passkey: device.get(asked!.options) };
    };
    expect((await accounts.again(cookie, await proof(ora.device), from)).ok).toBe(false);
    const used = await proof(ned.device);
    const done = await accounts.again(cookie, used, from);
    expect(done.ok && (await accounts.session(done.cookie)).state).toBe('open');
    expect(await accounts.again(done.ok ? done.cookie : '', used, from)).toEqual({ ok: false, why: 'replayed' });
  });
});
