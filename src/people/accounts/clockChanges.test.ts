import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { from, operator, startPeople, type TestPeople } from '../../../test/people.ts';
import { connect, type Sql } from '../../store/connect.ts';
import { steadyClock } from '../../store/steadyClock.ts';
import { openAccounts, type OpenAccounts } from './index.ts';

const [minute, hour] = [60_000, 3_600_000];
let people: TestPeople;
let beside: Sql;
/** Accounts as another process of the same database has them. */
let other: OpenAccounts;
beforeAll(async () => {
  people = await startPeople();
  beside = connect(people.database.url, { max: 2 });
  other = openAccounts({ ...people.parts, sql: beside });
});
afterAll(async () => {
  await beside.end({ timeout: 1 });
  await people.stop();
});

describe('the clock on the wall', () => {
  it.each([['an hour', hour], ['a day', 24 * hour]])('set back by %s ends what was signed in, on the record; nothing lasts longer by it', async (name, by) => {
    const ida = await people.join(`back-${by}`);
    const cookie = await people.enter(ida);
    expect((await people.accounts.session(cookie)).state).toBe('open');
    people.clock.now -= by;
    expect((await people.accounts.session(cookie)).state).toBe('none');
    people.clock.now += by;
    expect((await people.accounts.session(cookie)).state).toBe('none');
    expect((await people.record('sessionEnded')).at(-1)).toMatchObject({ who: 'clock', detail: { why: 'clockSetBack' } });
    expect(name).not.toBe('');
  });

  it('set back by less than clocks of several processes differ ends nothing', async () => {
    const ida = await people.join('slightly');
    const cookie = await people.enter(ida);
    people.clock.now -= minute - 1;
    expect((await people.accounts.session(cookie)).state).toBe('open');
    people.clock.now += minute;
  });

  it('set forward by an hour locks the screen, by a day ends the session, and neither comes back with it', async () => {
    const ida = await people.join('forward');
    const [first, second] = [await people.enter(ida), await people.enter(ida)];
    people.clock.now += hour;
    expect((await people.accounts.session(first)).state).toBe('locked');
    people.clock.now += 23 * hour;
    expect((await people.accounts.session(second)).state).toBe('none');
    people.clock.now -= 24 * hour;
    expect((await people.accounts.session(first)).state).toBe('locked');
  });

  it('set back never has a code count twice', async () => {
    const ida = await people.join('codes');
    await people.enter(ida);
    const used = people.code(ida.key);
    const tries = async (): Promise<string> => {
      const flow = await people.accounts.begin(ida.login, ida.password, from);
      if (!flow.ok) return 'password';
      const done = await people.accounts.finishWithCode(flow.flow, used, from);
      return done.ok ? 'in' : done.why;
    };
    expect(await tries()).not.toBe('in');
    people.clock.now += hour;
    expect(await tries()).not.toBe('in');
    people.clock.now -= hour;
    expect(await tries()).not.toBe('in');
  });

  it('set back has an invitation that was taken up stay taken', async () => {
    const { secret } = await people.accounts.invite({ name: 'Late Comer', email: null, employer: null, employeeNumber: null }, 'late.comer', operator);
    const key = (await people.accounts.totpKey(secret)).key.replaceAll(' ', '');
    const take = async (): Promise<string> => people.accounts.takeUp(secret, { password: 'copper lantern verge 41', totp: { key, code: people.code(key) } }).then(() => 'taken', (error: unknown) => (error as { code?: string }).code ?? 'error');
    people.clock.now += 366 * 24 * hour;
    expect(await take()).not.toBe('taken');
    people.clock.now -= 366 * 24 * hour;
    expect(await take()).toBe('taken');
    people.clock.now -= 24 * hour;
    expect(await take()).not.toBe('taken');
    people.clock.now += 24 * hour;
  });
});

describe('the clock of an exchange', () => {
  it('has what was given end when as much has passed, where the wall is set back; codes go by the wall, as the devices of people do', async () => {
    const wall = { at: people.clock.now, passed: 0 };
    const { now } = steadyClock({ wall: () => wall.at, monotonic: () => wall.passed });
    const go = (milliseconds: number): void => {
      wall.at += milliseconds;
      wall.passed += milliseconds;
    };
    const accounts = openAccounts({ ...people.parts, now, wall: () => wall.at });
    const ida = await people.join('steady', [['reviewer', 'owner WA']]);
    const { secret: token } = await accounts.makeToken(ida.account, { name: 'x', actions: ['held.read'], days: 2 }, { who: ida.account, role: null });
    const { secret: invited } = await accounts.invite({ name: 'Ivo Later', email: null, employer: null, employeeNumber: null }, 'ivo.later', operator);
    go(hour);
    wall.at -= 30 * 24 * hour;
    const first = await accounts.begin(ida.login, ida.password, from);
    const done = first.ok ? await accounts.finishWithCode(first.flow, people.code(ida.key, wall.at), from) : null;
    if (done?.ok !== true) throw new Error('the code of now was refused');
    await accounts.acceptNotice(done.cookie);
    expect((await accounts.session(done.cookie)).state).toBe('open');
    go(48 * hour - hour - 1);
    expect(await accounts.byToken(token)).not.toBeNull();
    expect((await accounts.session(done.cookie)).state).toBe('none');
    go(1);
    expect(await accounts.byToken(token)).toBeNull();
    go(accounts.settings.invitationFor * 1_000 - 48 * hour - 1);
    expect(await accounts.invitation(invited)).not.toBeNull();
    go(1);
    expect(await accounts.invitation(invited)).toBeNull();
  });
});

describe('two processes on one database', () => {
  it('a role that is taken, an account that is disabled and a session that is ended are felt by the other at once', async () => {
    const ida = await people.join('two', [['auditor', 'owner WA'], ['reviewer', 'owner WA']]);
    const [cookie, second] = [await people.enter(ida), await people.enter(ida)];
    const rolesThere = async (): Promise<readonly string[]> => {
      const state = await other.session(cookie);
      return state.state === 'open' ? state.person.grants.map(({ role }) => role) : [];
    };
    expect(await rolesThere()).toEqual(['auditor', 'reviewer']);
    const grant = (await people.accounts.account(ida.account))?.grants.find(({ role }) => role === 'reviewer');
    await people.accounts.take(ida.account, grant?.id ?? '', operator);
    expect(await rolesThere()).toEqual(['auditor']);
    await people.accounts.signOut(second);
    expect((await other.session(second)).state).toBe('none');
    await people.accounts.disable(ida.account, 'left', operator);
    expect((await other.session(cookie)).state).toBe('none');
  });
});
