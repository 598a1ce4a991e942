import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { from, goodPassword, operator, startPeople, type TestPeople, type TestPerson } from '../../../test/people.ts';
import type { SignIn } from './types.ts';

let people: TestPeople;
beforeAll(async () => { people = await startPeople(); });
afterAll(() => people.stop());

describe('signing in with password and code', () => {
  it('gives a session, once the notice is accepted an open one, and tells of it', async () => {
    const { accounts, record, unseal } = people;
    const ada = await people.join('ada', [['reviewer', 'owner WA']]);
    const cookie = await people.enter(ada, false);
    expect(cookie).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect((await accounts.session(cookie)).state).toBe('notice');
    await accounts.acceptNotice(cookie);
    const found = await accounts.session(cookie);
    expect(found.state).toBe('open');
    if (found.state === 'none') throw new Error('no session');
    expect(found.person).toMatchObject({ account: ada.account, person: ada.person, via: 'session', only: null, shownAt: people.clock.now, grants: [{ role: 'reviewer', scope: { kind: 'owner', owner: 'WA' }, desks: [] }] });
    const signedIn = (await record('signedIn')).find(({ who }) => who === ada.account);
    expect(signedIn).toMatchObject({ owner: '00', result: 'done', about: found.person.session, detail: { factors: 'password+totp' } });
    expect(JSON.parse(unseal('00', signedIn?.sealed ?? ''))).toEqual(from);
    expect((await record('noticeAccepted')).some(({ who }) => who === ada.account)).toBe(true);
  });

  it('keeps no secret as it is, and no login on the record', async () => {
    const { accounts, database } = people;
    const eve = await people.join('eve.of.record');
    const cookie = await people.enter(eve);
    await accounts.begin('eve.of.record', 'a wrong one altogether', from);
    await accounts.begin('no.such.login', 'a wrong one altogether', from);
    for (const table of ['account', 'session', 'sign_in_step', 'invitation', 'attempt', 'act', 'ledger_outbox'] as const) {
      const text = JSON.stringify(await database.sql`select * from ${database.sql(table)}`);
      for (const secret of [cookie, goodPassword, eve.key, 'no.such.login']) expect(text.includes(secret), `${table}: ${secret}`).toBe(false);
      if (table !== 'account') expect(text.includes('eve.of.record'), table).toBe(false);
    }
  });

  it('answers the same for an unknown login, a wrong password, a locked and a disabled account', async () => {
    const { accounts, database } = people;
    const known = await people.join('known');
    const gone = await people.join('gone');
    const shut = await people.join('shut');
    const waiting = await accounts.invite({ name: 'Not Yet', email: null, employer: null, employeeNumber: null }, 'notyet', operator);
    await accounts.disable(gone.account, 'left', operator);
    await database.sql`update account set locked_at = now() where id = ${shut.account}`;
    for (const [login, password] of [['nobody.at.all', goodPassword], ['known', 'not the password'], ['gone', goodPassword], ['shut', goodPassword], ['notyet', ''], ['', ''], ['known', goodPassword.repeat(40)], ['%', '%']] as const) {
      expect(await accounts.begin(login, password, from), login).toEqual({ ok: false, why: 'refused' });
    }
    const why = (account: string) => people.record('signInFailed').then((rows) => rows.filter(({ who }) => who === account).map(({ detail, result }) => `${String(detail?.['why'])} ${result}`));
    expect(await why(known.account)).toEqual(['password failed', 'password failed']);
    expect(await why(gone.account)).toEqual(['disabled failed']);
    expect(await why(shut.account)).toEqual(['locked failed']);
    expect(await why(waiting.account)).toEqual(['password failed']);
    expect((await why('nobody')).filter((one) => one === 'login failed').length).toBeGreaterThanOrEqual(3);
  });

  it('takes bad input as a failure and no more', async () => {
    const { accounts } = people;
    for (const text of ['', ' ', '\u0000', 'x'.repeat(100_000), '\'; drop table account; --', '💥'.repeat(300)]) {
      expect(await accounts.begin(text, text, from)).toEqual({ ok: false, why: 'refused' });
      expect(await accounts.finishWithCode(text, text, from)).toEqual({ ok: false, why: 'refused' });
      expect(await accounts.session(text)).toEqual({ state: 'none' });
      expect(await accounts.byToken(text)).toBeNull();
      expect(await accounts.invitation(text)).toBeNull();
      expect(await accounts.passkeyChallenge(text)).toBeNull();
      await accounts.signOut(text);
      await accounts.acceptNotice(text);
      await accounts.lockScreen(text);
    }
  });

  it('knows the login in capitals, and a password typed with other code points', async () => {
    const { accounts } = people;
    const invited = await accounts.invite({ name: 'Zoë Q', email: null, employer: null, employeeNumber: null }, 'Zoe', operator);
    const key = (await accounts.totpKey(invited.secret)).key;
    await accounts.takeUp(invited.secret, { password: 'cafe\u0301 harbour lantern', totp: { key, code: people.code(key.replaceAll(' ', '')) } });
    expect((await accounts.begin('  zOE ', 'caf\u00e9 harbour lantern', from)).ok).toBe(true);
  });

  it('64 at once with one code: one session', async () => {
    const { accounts, clock, code } = people;
    const bob = await people.join('bob');
    clock.now += 30_000;
    const firsts = await Promise.all(Array.from({ length: 64 }, () => accounts.begin('bob', bob.password, from)));
    const shown = code(bob.key);
    const done = await Promise.all(firsts.map((first) => accounts.finishWithCode(first.ok ? first.flow : '', shown, from)));
    expect(count(done, 'ok')).toBe(1);
    expect(count(done, 'replayed')).toBe(63);
    const cookie = done.find((one) => one.ok);
    // A code that comes again is no guess: the account is not locked by it.
    expect((await accounts.session(cookie?.ok === true ? cookie.cookie : '')).state).toBe('notice');
    expect((await people.record('replayed')).filter(({ who, detail }) => who === bob.account && detail?.['what'] === 'code')).toHaveLength(63);
    expect(await accounts.sessions(bob.account)).toHaveLength(1);
  });

  it('64 at once with one flow: one session, and the flow is over', async () => {
    const { accounts, clock, code } = people;
    const cal = await people.join('cal');
    clock.now += 30_000;
    const first = await accounts.begin('cal', cal.password, from);
    const flow = first.ok ? first.flow : '';
    const done = await Promise.all(Array.from({ length: 64 }, () => accounts.finishWithCode(flow, code(cal.key), from)));
    expect(count(done, 'ok')).toBe(1);
    expect(count(done, 'replayed')).toBe(63);
    clock.now += 30_000;
    expect(await accounts.finishWithCode(flow, code(cal.key), from)).toEqual({ ok: false, why: 'replayed' });
    expect((await people.record('replayed')).filter(({ who, detail }) => who === cal.account && detail?.['what'] === 'flow')).toHaveLength(64);
  });

  it('takes no code before one that was used, none that is older than a step, and no flow after five minutes', async () => {
    const { accounts, clock, code } = people;
    const dot = await people.join('dot');
    clock.now += 90_000;
    const flow = async (): Promise<string> => {
      const first = await accounts.begin('dot', dot.password, from);
      return first.ok ? first.flow : '';
    };
    expect((await accounts.finishWithCode(await flow(), code(dot.key, clock.now - 60_000), from)).ok).toBe(false);
    expect((await accounts.finishWithCode(await flow(), code(dot.key, clock.now + 60_000), from)).ok).toBe(false);
    expect((await accounts.finishWithCode(await flow(), code(dot.key, clock.now), from)).ok).toBe(true);
    expect(await accounts.finishWithCode(await flow(), code(dot.key, clock.now - 30_000), from)).toEqual({ ok: false, why: 'replayed' });
    expect((await accounts.finishWithCode(await flow(), code(dot.key, clock.now + 30_000), from)).ok).toBe(true);
    const late = await flow();
    clock.now += 300_000;
    expect(await accounts.finishWithCode(late, code(dot.key), from)).toEqual({ ok: false, why: 'expired' });
  });

  it('a wrong code can be typed again; a right one of another account does not help', async () => {
    const { accounts, clock, code } = people;
    const [fay, gus] = [await people.join('fay'), await people.join('gus')];
    clock.now += 30_000;
    const first = await accounts.begin('fay', fay.password, from);
    const flow = first.ok ? first.flow : '';
    expect(await accounts.finishWithCode(flow, code(gus.key), from)).toEqual({ ok: false, why: 'refused' });
    expect(await accounts.finishWithCode(flow, 'abcdef', from)).toEqual({ ok: false, why: 'refused' });
    expect((await accounts.finishWithCode(flow, code(fay.key), from)).ok).toBe(true);
  });

  it('a password that was changed while it was looked at is not taken', async () => {
    const { accounts, database } = people;
    const jo = await people.join('jo.changed');
    const [row] = await database.sql<{ other: string }[]>`select password as other from account where id <> ${jo.account} and password is not null limit 1`;
    let trying: Promise<unknown> = Promise.resolve();
    await database.sql.begin(async (tx) => {
      await tx`select 1 from account where id = ${jo.account} for update`;
      trying = accounts.begin('jo.changed', jo.password, from);
      // Until it waits for the account.
      for (;;) {
        const waiting = await database.sql`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
        if (waiting.length > 0) break;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      await tx`update account set password = ${row?.other ?? null} where id = ${jo.account}`;
    });
    expect(await trying).toEqual({ ok: false, why: 'refused' });
  });

  it('a sealed key of another account is not taken', async () => {
    const { accounts, clock, code, database } = people;
    const [hal, ida] = [await people.join('hal'), await people.join('ida')];
    await database.sql`update account set totp = (select totp from account where id = ${ida.account}) where id = ${hal.account}`;
    clock.now += 30_000;
    const first = await accounts.begin('hal', hal.password, from);
    await expect(accounts.finishWithCode(first.ok ? first.flow : '', code(ida.key), from)).rejects.toThrow();
  });
});

describe('the lock after failures', () => {
  const fail = async (times: number, login: string): Promise<void> => {
    for (let n = 0; n < times; n += 1) await people.accounts.begin(login, 'certainly not this', from);
  };
  const isLocked = async ({ account }: TestPerson): Promise<boolean> => ((await people.accounts.account(account))?.lockedAt ?? null) !== null;

  it('comes with the fifth within fifteen minutes, not with the fourth, and stays until it is unlocked', async () => {
    const { accounts, clock } = people;
    const jon = await people.join('jon');
    const cookie = await people.enter(jon);
    await fail(4, 'jon');
    expect(await isLocked(jon)).toBe(false);
    expect((await accounts.session(cookie)).state).toBe('open');
    await fail(1, 'jon');
    expect(await isLocked(jon)).toBe(true);
    expect((await accounts.session(cookie)).state).toBe('none');
    clock.now += 86_400_000;
    expect((await accounts.begin('jon', jon.password, from)).ok).toBe(false);
    expect((await people.record('lockedOut')).filter(({ who }) => who === jon.account)).toMatchObject([{ detail: { failures: 5, within: 900 } }]);
    await accounts.unlock(jon.account, operator);
    expect(await people.enter(jon)).toHaveLength(43);
    // The failures before do not count again.
    await fail(4, 'jon');
    expect(await isLocked(jon)).toBe(false);
    expect((await people.record('unlocked')).filter(({ about }) => about === jon.account)).toMatchObject([{ who: 'operator' }]);
  });

  it('does not come after five that are spread over an hour', async () => {
    const kim = await people.join('kim');
    for (let n = 0; n < 8; n += 1) {
      await fail(1, 'kim');
      people.clock.now += 12 * 60_000;
    }
    expect(await isLocked(kim)).toBe(false);
    // Four within fifteen minutes, and the fifth one second past those of the first.
    people.clock.now += 3_600_000;
    await fail(1, 'kim');
    people.clock.now += 900_000;
    await fail(4, 'kim');
    expect(await isLocked(kim)).toBe(false);
    await fail(1, 'kim');
    expect(await isLocked(kim)).toBe(true);
  });

  it('counts wrong codes with wrong passwords; a sign-in in between begins anew', async () => {
    const { accounts } = people;
    const lea = await people.join('lea');
    await fail(4, 'lea');
    await people.enter(lea);
    await fail(3, 'lea');
    const first = await accounts.begin('lea', lea.password, from);
    const flow = first.ok ? first.flow : '';
    await accounts.finishWithCode(flow, '000000', from);
    expect(await isLocked(lea)).toBe(false);
    // The right password alone is no sign-in, and forgives nothing.
    expect((await accounts.begin('lea', lea.password, from)).ok).toBe(true);
    await accounts.finishWithCode(flow, '000000', from);
    expect(await isLocked(lea)).toBe(true);
    expect((await accounts.finishWithCode(flow, people.code(lea.key), from)).ok).toBe(false);
  });

  it('64 wrong ones at once: locked once, and every one on the record', async () => {
    const { accounts } = people;
    const max = await people.join('max');
    await Promise.all(Array.from({ length: 64 }, () => accounts.begin('max', 'certainly not this', from)));
    expect(await isLocked(max)).toBe(true);
    expect((await people.record('lockedOut')).filter(({ who }) => who === max.account)).toHaveLength(1);
    expect((await people.record('signInFailed')).filter(({ who }) => who === max.account)).toHaveLength(64);
  });
});

function count(done: readonly SignIn[], what: 'ok' | 'replayed'): number {
  return done.filter((one) => (what === 'ok' ? one.ok : !one.ok && one.why === what)).length;
}
