import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { from, goodPassword, operator, startPeople, type TestPeople, type TestPerson } from '../../../test/people.ts';
import { mayDo } from '../roles/index.ts';
import { openAccounts } from './index.ts';

let people: TestPeople;
beforeAll(async () => { people = await startPeople(); });
afterAll(() => people.stop());

const state = async (cookie: string): Promise<string> => (await people.accounts.session(cookie)).state;
const again = async (cookie: string, person: TestPerson, password = person.password) => {
  people.clock.now += 30_000;
  return await people.accounts.again(cookie, { password, code: people.code(person.key) }, from);
};

describe('a session', () => {
  it('has a new secret at every sign-in, and one that somebody planted is nobody\'s', async () => {
    const ada = await people.join('ada');
    const planted = 'A'.repeat(43);
    expect(await state(planted)).toBe('none');
    const [one, two] = [await people.enter(ada), await people.enter(ada)];
    expect(new Set([planted, one, two]).size).toBe(3);
    expect(await state(planted)).toBe('none');
    expect((await people.accounts.again(planted, { password: ada.password, code: people.code(ada.key, people.clock.now + 30_000) }, from))).toEqual({ ok: false, why: 'refused' });
  });

  it('gets a new secret when all factors are shown again, and the one before is dead and on the record', async () => {
    const { accounts } = people;
    const bob = await people.join('bob');
    const before = await people.enter(bob);
    const id = (await accounts.sessions(bob.account))[0]?.id ?? '';
    people.clock.now += 600_000;
    const done = await again(before, bob);
    if (!done.ok) throw new Error(done.why);
    expect(done.cookie).not.toBe(before);
    expect(await state(before)).toBe('none');
    const found = await accounts.session(done.cookie);
    expect(found).toMatchObject({ state: 'open', person: { session: id, shownAt: people.clock.now } });
    expect((await people.record('replayed')).filter(({ about }) => about === id)).toMatchObject([{ who: bob.account, result: 'refused', detail: { what: 'session' } }]);
    expect((await people.record('freshSignIn')).filter(({ about }) => about === id)).toHaveLength(1);
    // The old one does not make a new one either.
    expect(await again(before, bob)).toEqual({ ok: false, why: 'replayed' });
  });

  it('64 at once with one secret and one code: one goes on', async () => {
    const { accounts, clock, code } = people;
    const cal = await people.join('cal');
    const cookie = await people.enter(cal);
    clock.now += 30_000;
    const done = await Promise.all(Array.from({ length: 64 }, () => accounts.again(cookie, { password: cal.password, code: code(cal.key) }, from)));
    expect(done.filter(({ ok }) => ok)).toHaveLength(1);
    expect(done.filter((one) => !one.ok && one.why === 'replayed')).toHaveLength(63);
    expect(await accounts.sessions(cal.account)).toHaveLength(1);
  });

  it('wants all factors, of its own account, and counts what is wrong', async () => {
    const { accounts } = people;
    const [dot, eve] = [await people.join('dot'), await people.join('eve')];
    const cookie = await people.enter(dot);
    expect((await again(cookie, dot, 'not the password')).ok).toBe(false);
    expect((await again(cookie, { ...dot, key: eve.key })).ok).toBe(false);
    expect((await again(cookie, eve)).ok).toBe(false);
    expect(await accounts.againProved(cookie, dot.account, ['mfa'], from)).toEqual({ ok: false, why: 'refused' });
    expect(await accounts.againProved(cookie, eve.account, ['mfa'], from)).toEqual({ ok: false, why: 'refused' });
    for (let n = 0; n < 2; n += 1) await again(cookie, dot, 'not the password');
    expect((await accounts.account(dot.account))?.lockedAt).not.toBeNull();
    expect((await accounts.account(eve.account))?.lockedAt).toBeNull();
    expect(await state(cookie)).toBe('none');
  });

  it('is locked after thirty minutes without a request, and goes on after all factors', async () => {
    const { accounts, clock } = people;
    const fay = await people.join('fay');
    const cookie = await people.enter(fay);
    for (let n = 0; n < 3; n += 1) {
      clock.now += 1_780_000;
      expect(await state(cookie)).toBe('open');
    }
    clock.now += 1_800_000;
    expect(await state(cookie)).toBe('locked');
    // Requests do not open it.
    clock.now += 1_000;
    expect(await state(cookie)).toBe('locked');
    expect((await people.record('screenLocked')).filter(({ who }) => who === fay.account)).toMatchObject([{ detail: { after: 1_800 } }]);
    const done = await again(cookie, fay);
    expect(done.ok && await state(done.cookie)).toBe('open');
    expect(await accounts.sessions(fay.account)).toHaveLength(1);
  });

  it('is locked by hand, and cannot accept the notice meanwhile', async () => {
    const { accounts } = people;
    const gus = await people.join('gus');
    const cookie = await people.enter(gus, false);
    await accounts.lockScreen(cookie);
    await accounts.acceptNotice(cookie);
    expect(await state(cookie)).toBe('locked');
    const done = await again(cookie, gus);
    expect(done.ok && await state(done.cookie)).toBe('notice');
    expect((await people.record('screenLocked')).filter(({ who }) => who === gus.account)).toMatchObject([{ detail: null }]);
  });

  it('ends twelve hours after it was begun, whatever was done', async () => {
    const { accounts, clock } = people;
    const hal = await people.join('hal');
    let cookie = await people.enter(hal);
    const begun = clock.now;
    while (clock.now < begun + 43_200_000 - 1_800_000) {
      clock.now += 1_500_000;
      if (await state(cookie) !== 'open') throw new Error('not open');
    }
    const done = await again(cookie, hal);
    if (done.ok) cookie = done.cookie;
    clock.now = begun + 43_200_000 - 1;
    expect(await state(cookie)).toBe('open');
    clock.now += 1;
    expect(await state(cookie)).toBe('none');
    expect(await accounts.again(cookie, { password: hal.password, code: people.code(hal.key) }, from)).toEqual({ ok: false, why: 'expired' });
    expect(await accounts.sessions(hal.account)).toEqual([]);
  });

  it('ends by signing out, by its owner and by who manages them; another account ends nothing', async () => {
    const { accounts } = people;
    const [ida, jon] = [await people.join('ida'), await people.join('jon')];
    const [one, two, three] = [await people.enter(ida), await people.enter(ida), await people.enter(ida)];
    const seen = await accounts.sessions(ida.account);
    expect(seen).toHaveLength(3);
    await accounts.signOut(one);
    expect(await state(one)).toBe('none');
    const rest = await accounts.sessions(ida.account);
    await expect(accounts.endSession(ida.account, rest[0]?.id ?? '', { who: jon.account, role: null })).rejects.toMatchObject({ code: 'ACCOUNT_ROLE' });
    await accounts.endSession(jon.account, rest[0]?.id ?? '', { who: jon.account, role: null });
    expect(await accounts.sessions(ida.account)).toHaveLength(2);
    await accounts.endSession(ida.account, rest[0]?.id ?? '', { who: ida.account, role: null });
    await accounts.endSession(ida.account, rest[1]?.id ?? '', operator);
    expect(await state(two)).toBe('none');
    expect(await state(three)).toBe('none');
    expect((await people.record('sessionEnded')).filter(({ about }) => seen.some(({ id }) => id === about)).map(({ who }) => who).sort()).toEqual([ida.account, 'operator'].sort());
  });

  it('feels a role at the next request, and a leaver is gone at once', async () => {
    const { accounts, clock } = people;
    const kim = await people.join('kim', [['reviewer', 'owner WA'], ['reviewer', 'owner OR']]);
    const cookie = await people.enter(kim);
    const { secret } = await accounts.makeToken(kim.account, { name: 'inbox', actions: ['held.read'], days: 1 }, { who: kim.account, role: null });
    const may = async (owner: string): Promise<boolean> => {
      const found = await accounts.session(cookie);
      return found.state === 'open' && mayDo(found.person, 'held.read', { kind: 'owner', owner }, clock.now).ok;
    };
    expect([await may('WA'), await may('OR'), await may('CA')]).toEqual([true, true, false]);
    const grant = (await accounts.account(kim.account))?.grants.find(({ scope }) => scope.kind === 'owner' && scope.owner === 'WA');
    await accounts.take(kim.account, grant?.id ?? '', operator);
    expect([await may('WA'), await may('OR')]).toEqual([false, true]);
    await accounts.disable(kim.account, 'left on Friday', operator);
    expect(await accounts.session(cookie)).toEqual({ state: 'none' });
    expect(await accounts.byToken(secret)).toBeNull();
    expect(await accounts.sessions(kim.account)).toEqual([]);
    expect((await people.record('accountDisabled')).filter(({ about }) => about === kim.account)).toMatchObject([{ who: 'operator', detail: { sessions: 1, tokens: 1 } }]);
    expect((await people.record('tokenRefused')).filter(({ who }) => who === kim.account)).toHaveLength(1);
    // What ended stays ended.
    await accounts.enable(kim.account, operator);
    expect(await state(cookie)).toBe('none');
    expect(await accounts.byToken(secret)).toBeNull();
    expect(await state(await people.enter(kim))).toBe('open');
  });

  it('is the same in another process', async () => {
    const lea = await people.join('lea');
    const cookie = await people.enter(lea);
    const other = openAccounts(people.parts);
    expect((await other.session(cookie)).state).toBe('open');
    await other.signOut(cookie);
    expect(await state(cookie)).toBe('none');
  });
});

describe('where the record cannot be kept', () => {
  it('nothing is done', async () => {
    const { accounts, clock, code, database } = people;
    const mia = await people.join('mia', [['reviewer', 'owner WA']]);
    const cookie = await people.enter(mia);
    clock.now += 30_000;
    const fault = new Error('no record');
    const mute = openAccounts({ ...people.parts, acts: { put: () => Promise.reject(fault), record: () => Promise.reject(fault) } });
    const first = await accounts.begin('mia', mia.password, from);
    const flow = first.ok ? first.flow : '';
    const counts = async () => {
      const [row] = await database.sql`select (select count(*) from account) as accounts, (select count(*) from session where ended_at is null) as sessions, (select count(*) from service_token) as tokens,
        (select count(*) from role_grant where ended_at is null) as grants, (select count(*) from attempt) as attempts, (select count(*) from invitation) as invitations`;
      return row;
    };
    const before = await counts();
    const tried: (() => Promise<unknown>)[] = [
      () => mute.finishWithCode(flow, code(mia.key), from), () => mute.begin('mia', 'not the password', from), () => mute.signOut(cookie), () => mute.lockScreen(cookie), () => mute.disable(mia.account, 'left', operator),
      () => mute.invite({ name: 'New One', email: null, employer: null, employeeNumber: null }, 'new.one', operator), () => mute.give(mia.account, { role: 'auditor', scope: { kind: 'owner', owner: 'WA' }, desks: [] }, 'machine', operator),
      () => mute.makeToken(mia.account, { name: 'x', actions: ['held.read'], days: 1 }, { who: mia.account, role: null }), () => mute.again(cookie, { password: mia.password, code: code(mia.key) }, from),
      () => mute.changePassword(mia.account, 'a quite other sentence'),
    ];
    for (const one of tried) await expect(one()).rejects.toBe(fault);
    expect(await counts()).toEqual(before);
    expect(await state(cookie)).toBe('open');
    // Neither the code nor the flow was used up.
    expect((await accounts.finishWithCode(flow, code(mia.key), from)).ok).toBe(true);
  });
});

describe('an account of a provider', () => {
  const who = { name: 'Pat Provided', email: 'pat@example.org', employer: null, employeeNumber: null };
  it('is signed in by proof alone, and a local one never', async () => {
    const { accounts } = people;
    const { account } = await accounts.provision({ person: who, issuer: 'https://id.example.org', subject: 'pat', externalId: null, login: 'pat', grants: null, active: true }, { who: 'provider test', role: null });
    const done = await accounts.signInProved(account, ['pwd', 'mfa'], from);
    if (!done.ok) throw new Error(done.why);
    expect(await state(done.cookie)).toBe('notice');
    const fresh = await accounts.againProved(done.cookie, account, ['pwd', 'mfa'], from);
    expect(fresh.ok && await state(fresh.cookie)).toBe('notice');
    expect(await state(done.cookie)).toBe('none');
    // The proof of another account, whoever it is of, opens nothing.
    const other = await accounts.provision({ person: { ...who, email: 'rob@example.org' }, issuer: 'https://id.example.org', subject: 'rob', externalId: null, login: 'rob', grants: null, active: true }, { who: 'provider test', role: null });
    expect(await accounts.againProved(fresh.ok ? fresh.cookie : '', other.account, ['pwd', 'mfa'], from)).toEqual({ ok: false, why: 'refused' });
    expect((await people.record('signInFailed')).filter(({ who: one }) => one === account)).toMatchObject([{ detail: { why: 'otherAccount' } }]);
    const local = await people.join('local');
    expect(await accounts.signInProved(local.account, ['mfa'], from)).toEqual({ ok: false, why: 'refused' });
    expect(await accounts.signInProved('A-000000000000', ['mfa'], from)).toEqual({ ok: false, why: 'refused' });
    await accounts.disable(account, 'left', operator);
    expect(await accounts.signInProved(account, ['mfa'], from)).toEqual({ ok: false, why: 'refused' });
  });

  it('has no password and no passkey here', async () => {
    const { accounts } = people;
    const { account } = await accounts.provision({ person: { ...who, email: 'quinn@example.org' }, issuer: 'https://id.example.org', subject: 'quinn', externalId: null, login: 'quinn', grants: null, active: true }, { who: 'provider test', role: null });
    expect(await accounts.begin('quinn', '', from)).toEqual({ ok: false, why: 'refused' });
    await expect(accounts.passkeyRegistration(account)).rejects.toMatchObject({ code: 'ACCOUNT_FACTOR' });
    await expect(accounts.changePassword(account, goodPassword)).rejects.toMatchObject({ code: 'ACCOUNT_FACTOR' });
    await expect(accounts.inviteAgain(account, operator)).rejects.toMatchObject({ code: 'ACCOUNT_FACTOR' });
  });
});
