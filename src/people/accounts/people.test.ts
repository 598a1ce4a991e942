import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { from, goodPassword, operator, startPeople, type TestPeople } from '../../../test/people.ts';
import type { Grant, Role } from '../roles/index.ts';
import type { NewPerson } from './types.ts';

let people: TestPeople;
beforeAll(async () => { people = await startPeople({ isOwner: (owner) => ['WA', 'OR', 'NY'].includes(owner) }); });
afterAll(() => people.stop());

const ownerRole = (role: Role, owner: string, desks: readonly string[] = []): Grant => ({ role, scope: { kind: 'owner', owner }, desks });
const agencyRole = (role: Role, ori: string): Grant => ({ role, scope: { kind: 'agency', ori }, desks: [] });
const nobody: NewPerson = { name: 'Some Body', email: null, employer: null, employeeNumber: null };

describe('an invitation', () => {
  it('is taken up once, by one of 64, and the others are told so and are on the record', async () => {
    const { accounts, code } = people;
    const { secret, account, expiresAt } = await accounts.invite({ ...nobody, email: 'ada@example.org' }, 'ada', { who: 'operator', role: null });
    expect(expiresAt.getTime()).toBe(people.clock.now + 259_200_000);
    expect(await accounts.invitation(secret)).toEqual({ account, name: 'Some Body', login: 'ada' });
    const { key, address } = await accounts.totpKey(secret);
    expect(key).toMatch(/^([A-Z2-7]{4} ){7}[A-Z2-7]{4}$/);
    expect(address).toMatch(/^otpauth:\/\/totp\/Weir:ada\?.*secret=[A-Z2-7]{32}/);
    const totp = { key, code: code(key.replaceAll(' ', '')) };
    const done = await Promise.allSettled(Array.from({ length: 64 }, () => accounts.takeUp(secret, { password: goodPassword, totp })));
    expect(done.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(done.filter((one) => one.status === 'rejected' && (one.reason as { code?: string }).code === 'ACCOUNT_INVITATION')).toHaveLength(63);
    expect((await people.record('replayed')).filter(({ who, detail }) => who === account && detail?.['what'] === 'invitation')).toHaveLength(63);
    expect((await people.record('invitationUsed')).filter(({ who }) => who === account)).toHaveLength(1);
    expect(await accounts.invitation(secret)).toBeNull();
    await expect(accounts.totpKey(secret)).rejects.toMatchObject({ code: 'ACCOUNT_INVITATION' });
    expect((await accounts.account(account))?.factors).toEqual(['password', 'totp']);
  });

  it('is as good as before after a wrong password or code', async () => {
    const { accounts, code } = people;
    const { secret } = await accounts.invite({ ...nobody, name: 'Blanche Wetherell', email: 'blanche.wetherell@example.org' }, 'bwetherell', operator);
    const { key } = await accounts.totpKey(secret);
    const right = code(key.replaceAll(' ', ''));
    const take = (password: string, digits: string, with_ = key) => accounts.takeUp(secret, { password, totp: { key: with_, code: digits } });
    await expect(take('short', right)).rejects.toMatchObject({ code: 'ACCOUNT_PASSWORD_SHORT' });
    await expect(take('password1234', right)).rejects.toMatchObject({ code: 'ACCOUNT_PASSWORD_COMMON' });
    await expect(take('bwetherell12', right)).rejects.toMatchObject({ code: 'ACCOUNT_PASSWORD_COMMON' });
    await expect(take('blanche.wetherell', right)).rejects.toMatchObject({ code: 'ACCOUNT_PASSWORD_COMMON' });
    await expect(take('x'.repeat(300), right)).rejects.toMatchObject({ code: 'ACCOUNT_FIELD' });
    await expect(take(goodPassword, '000000')).rejects.toMatchObject({ code: 'ACCOUNT_CODE' });
    await expect(take(goodPassword, right, 'AAAA')).rejects.toMatchObject({ code: 'ACCOUNT_CODE' });
    await expect(take(goodPassword, right)).resolves.toBeDefined();
  });

  it('ends after its time, with a later one, and with its account', async () => {
    const { accounts, clock } = people;
    const { secret, account } = await accounts.invite(nobody, 'cal', operator);
    const second = await accounts.inviteAgain(account, operator);
    expect(await accounts.invitation(secret)).toBeNull();
    expect(await accounts.invitation(second.secret)).not.toBeNull();
    clock.now += 259_200_000;
    expect(await accounts.invitation(second.secret)).toBeNull();
    await expect(accounts.takeUp(second.secret, { password: goodPassword, totp: { key: '', code: '' } })).rejects.toMatchObject({ code: 'ACCOUNT_INVITATION' });
    const third = await accounts.inviteAgain(account, operator);
    await accounts.disable(account, 'never came', operator);
    expect(await accounts.invitation(third.secret)).toBeNull();
    await expect(accounts.inviteAgain(account, operator)).rejects.toMatchObject({ code: 'ACCOUNT_DISABLED' });
  });

  it('to an account that was taken up is the operator\'s alone, and ends what was before', async () => {
    const { accounts, code } = people;
    const chief = await people.join('chief.again', [['ownerOfficial', 'owner WA']]);
    const dot = await people.join('dot', [['reviewer', 'owner WA']]);
    const cookie = await people.enter(dot);
    await expect(accounts.inviteAgain(dot.account, { who: chief.account, role: 'ownerOfficial' })).rejects.toMatchObject({ code: 'ACCOUNT_ROLE' });
    const { secret } = await accounts.inviteAgain(dot.account, operator);
    expect((await accounts.session(cookie)).state).toBe('open');
    const key = (await accounts.totpKey(secret)).key.replaceAll(' ', '');
    await accounts.takeUp(secret, { password: 'another lantern verge', totp: { key, code: code(key) } });
    expect((await accounts.session(cookie)).state).toBe('none');
    expect((await accounts.begin('dot', goodPassword, from)).ok).toBe(false);
    expect(await people.enter({ ...dot, key, password: 'another lantern verge' })).toHaveLength(43);
  });

  it('refuses a login that is taken or was within a year, and fields that are none', async () => {
    const { accounts, clock } = people;
    const eve = await people.join('eve');
    await expect(accounts.invite(nobody, 'EVE', operator)).rejects.toMatchObject({ code: 'ACCOUNT_TAKEN' });
    await accounts.disable(eve.account, 'left', operator);
    await expect(accounts.invite(nobody, 'eve', operator)).rejects.toMatchObject({ code: 'ACCOUNT_TAKEN' });
    clock.now += 366 * 86_400_000;
    await accounts.invite(nobody, 'eve', operator);
    await expect(accounts.enable(eve.account, operator)).rejects.toMatchObject({ code: 'ACCOUNT_TAKEN' });
    for (const login of ['', 'ab', 'a b c', 'a\u0000bc', 'x'.repeat(101), '../etc', '<b>']) await expect(accounts.invite(nobody, login, operator)).rejects.toMatchObject({ code: 'ACCOUNT_FIELD' });
    const bad: Partial<NewPerson>[] = [{ name: '' }, { name: 'x'.repeat(201) }, { name: 'a\u0000' }, { email: 'no address' }, { email: `${'x'.repeat(300)}@example.org` }, { employer: 'WA1' }, { employeeNumber: 'x'.repeat(65) }, { facts: { shoeSize: '44' } }];
    for (const one of bad) await expect(accounts.invite({ ...nobody, ...one }, 'good.login', operator)).rejects.toMatchObject({ code: 'ACCOUNT_FIELD' });
    const many = await Promise.allSettled(Array.from({ length: 16 }, () => accounts.invite(nobody, 'race', operator)));
    expect(many.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('is made by officials, coordinators and the operator only', async () => {
    const { accounts } = people;
    const fay = await people.join('fay', [['reviewer', 'owner WA'], ['operator', 'machine']]);
    await expect(accounts.invite(nobody, 'fays.friend', { who: fay.account, role: 'ownerOfficial' })).rejects.toMatchObject({ code: 'ACCOUNT_ROLE' });
    expect((await people.record('invitationMade')).filter(({ who }) => who === fay.account)).toMatchObject([{ result: 'refused' }]);
    const gus = await people.join('gus', [['agencyCoordinator', 'agency ZZ0000101']]);
    await expect(accounts.invite(nobody, 'gus.friend', { who: gus.account, role: 'agencyCoordinator' })).resolves.toBeDefined();
  });
});

describe('an account with its first role', () => {
  const role = (owner: string) => ({ role: 'auditor', scope: { kind: 'owner', owner }, desks: [] }) as const;

  it('is made with it, in one step', async () => {
    const { accounts } = people;
    const official = await people.join('hal', [['ownerOfficial', 'owner WA']]);
    const { account } = await accounts.invite(nobody, 'hals.auditor', { who: official.account, role: 'ownerOfficial' }, { grants: [role('WA')], source: 'official' });
    expect((await accounts.account(account))?.grants).toMatchObject([role('WA')]);
    expect((await people.record('roleGiven')).at(-1)).toMatchObject({ owner: 'WA', who: official.account, about: account, result: 'done' });
  });

  it('is not made where the role is refused, and the login is free', async () => {
    const { accounts } = people;
    const official = await people.join('ivy', [['ownerOfficial', 'owner WA']]);
    const actor = { who: official.account, role: 'ownerOfficial' } as const;
    const before = (await accounts.list(null)).length;
    await expect(accounts.invite(nobody, 'free.login', actor, { grants: [role('OR')], source: 'official' })).rejects.toMatchObject({ code: 'ACCOUNT_ROLE' });
    await expect(accounts.invite(nobody, 'free.login', actor, { grants: [{ ...role('WA'), desks: ['a desk'] }], source: 'official' })).rejects.toMatchObject({ code: 'ACCOUNT_ROLE' });
    await expect(accounts.invite({ ...nobody, email: 'ivy+second@example.org' }, 'free.login', actor, { grants: [role('WA')], source: 'official' })).rejects.toMatchObject({ code: 'ACCOUNT_SELF' });
    expect(await accounts.list(null)).toHaveLength(before);
    expect((await people.record('roleGiven')).filter(({ who, result }) => who === official.account && result === 'refused').map(({ owner, detail }) => [owner, detail?.['why']])).toEqual([['OR', 'ACCOUNT_ROLE'], ['WA', 'ACCOUNT_SELF']]);
    await expect(accounts.invite(nobody, 'free.login', actor, { grants: [role('WA')], source: 'official' })).resolves.toBeDefined();
  });
});

describe('one person with more accounts', () => {
  it('is found by e-mail address in any case, and by employer and number', async () => {
    const { accounts } = people;
    const of = async (person: Partial<NewPerson>, login: string): Promise<string> => (await accounts.account((await accounts.invite({ ...nobody, ...person }, login, operator)).account))?.person ?? '';
    const first = await of({ email: 'Hal@Example.org', employer: 'ZZ0000101', employeeNumber: 'e-17' }, 'hal.one');
    expect(await of({ email: ' hal@example.ORG ' }, 'hal.two')).toBe(first);
    expect(await of({ employer: 'ZZ0000101', employeeNumber: 'E-17' }, 'hal.three')).toBe(first);
    expect(await of({ employer: 'ZZ0000102', employeeNumber: 'e-17' }, 'hal.four')).not.toBe(first);
    const { account } = await accounts.provision({ person: { ...nobody, email: 'HAL@example.org' }, issuer: 'https://id.example.org', subject: 'hal', externalId: null, login: 'hal', grants: null, active: true }, { who: 'provider x', role: null });
    expect((await accounts.account(account))?.person).toBe(first);
    const at = await Promise.all(Array.from({ length: 8 }, (_x, n) => of({ email: 'race@example.org' }, `race.${n}`)));
    expect(new Set(at).size).toBe(1);
  });

  it('is not guessed where address and number are of two', async () => {
    const { accounts } = people;
    await accounts.invite({ ...nobody, email: 'ida@example.org' }, 'ida', operator);
    await accounts.invite({ ...nobody, employer: 'ZZ0000101', employeeNumber: 'e-18' }, 'other.ida', operator);
    await expect(accounts.invite({ ...nobody, email: 'ida@example.org', employer: 'ZZ0000101', employeeNumber: 'e-18' }, 'third.ida', operator)).rejects.toMatchObject({ code: 'ACCOUNT_TAKEN' });
  });
});

describe('roles', () => {
  it('are given by officials in their owner, by coordinators in their agency, and nowhere else', async () => {
    const { accounts } = people;
    const official = await people.join('of.wa', [['ownerOfficial', 'owner WA']]);
    const coordinator = await people.join('co.zz', [['agencyCoordinator', 'agency ZZ0000101']]);
    const author = await people.join('au.wa', [['policyAuthor', 'owner WA']]);
    const machine = await people.join('op.erator', [['operator', 'machine']]);
    const target = await people.join('target');
    const by = (who: string) => ({ who, role: 'ownerOfficial' as const });
    const refused: (readonly [Grant, 'machine' | 'official' | 'coordinator' | 'directory' | 'persona', string])[] = [
      [ownerRole('reviewer', 'OR'), 'official', official.account], [agencyRole('agencyUser', 'ZZ0000101'), 'official', official.account], [{ role: 'operator', scope: { kind: 'machine' }, desks: [] }, 'official', official.account],
      [ownerRole('reviewer', 'WA'), 'machine', official.account], [ownerRole('reviewer', 'WA'), 'directory', official.account], [ownerRole('reviewer', 'WA'), 'persona', official.account],
      [agencyRole('agencyUser', 'ZZ0000102'), 'coordinator', coordinator.account], [ownerRole('reviewer', 'WA'), 'coordinator', coordinator.account], [ownerRole('reviewer', 'WA'), 'official', coordinator.account],
      [ownerRole('reviewer', 'WA'), 'official', author.account], [ownerRole('reviewer', 'WA'), 'official', machine.account], [ownerRole('reviewer', 'WA'), 'machine', machine.account],
      [ownerRole('reviewer', 'WA'), 'coordinator', official.account], [agencyRole('agencyUser', 'ZZ0000101'), 'official', coordinator.account],
      [ownerRole('reviewer', 'WA'), 'official', 'A-000000000000'], [ownerRole('reviewer', 'WA'), 'machine', 'directory x'], [ownerRole('reviewer', 'WA'), 'official', 'directory x'],
    ];
    for (const [grant, source, who] of refused) await expect(accounts.give(target.account, grant, source, by(who)), `${grant.role} ${source} ${who}`).rejects.toMatchObject({ code: 'ACCOUNT_ROLE' });
    expect((await accounts.account(target.account))?.grants).toEqual([]);
    expect((await people.record('roleGiven')).filter(({ about, result }) => about === target.account && result === 'refused')).toHaveLength(refused.length);
    await accounts.give(target.account, ownerRole('reviewer', 'WA', ['night desk']), 'official', by(official.account));
    await accounts.give(target.account, agencyRole('agencyUser', 'ZZ0000101'), 'coordinator', by(coordinator.account));
    const view = await accounts.account(target.account);
    expect(view?.grants).toMatchObject([{ ...ownerRole('reviewer', 'WA', ['night desk']), source: 'official' }, { ...agencyRole('agencyUser', 'ZZ0000101'), source: 'coordinator' }]);
    expect((await people.record('roleGiven')).filter(({ about, result }) => about === target.account && result === 'done'))
      .toMatchObject([{ owner: 'WA', who: official.account, detail: { role: 'reviewer', scope: 'owner WA' } }, { owner: '00', who: coordinator.account, detail: { role: 'agencyUser', scope: 'agency ZZ0000101' } }]);
    expect((await accounts.list({ kind: 'owner', owner: 'WA' })).map(({ account }) => account)).toEqual(expect.arrayContaining([official.account, author.account, target.account]));
    expect((await accounts.list({ kind: 'owner', owner: 'WA' })).map(({ account }) => account)).not.toContain(coordinator.account);
  });

  it('are not given to oneself, by any account of the same person', async () => {
    const { accounts } = people;
    const official = await people.join('self.wa', [['ownerOfficial', 'owner WA']]);
    const second = await people.join('self.two', [], { email: 'SELF.wa@example.org' });
    expect(second.person).toBe(official.person);
    for (const account of [official.account, second.account]) {
      await expect(accounts.give(account, ownerRole('policyApprover', 'WA'), 'official', { who: official.account, role: 'ownerOfficial' })).rejects.toMatchObject({ code: 'ACCOUNT_SELF' });
    }
    expect((await people.record('roleGiven')).filter(({ who, result, detail }) => who === official.account && result === 'refused' && detail?.['why'] === 'ACCOUNT_SELF')).toHaveLength(2);
    await accounts.disable(second.account, 'not used', operator);
    await expect(accounts.enable(second.account, { who: official.account, role: 'ownerOfficial' })).rejects.toMatchObject({ code: 'ACCOUNT_SELF' });
  });

  it('are not given to oneself by a second address of the same mailbox, and no address looks like another', async () => {
    const { accounts } = people;
    const official = await people.join('mailbox.wa', [['ownerOfficial', 'owner WA']]);
    for (const [n, email] of ['mailbox.wa+two@example.org', 'MAILBOX.WA+Two+Three@Example.org', ' mailbox.wa@example.org. ', 'ｍailbox.wa@example.org'].entries()) {
      const second = await people.join(`mailbox-${n}`, [], { email });
      expect([email, second.person]).toEqual([email, official.person]);
      await expect(accounts.give(second.account, ownerRole('policyApprover', 'WA'), 'official', { who: official.account, role: 'ownerOfficial' })).rejects.toMatchObject({ code: 'ACCOUNT_SELF' });
    }
    expect((await people.join('mailbox.or', [], { email: 'mailbox.or+two@example.org' })).person).not.toBe(official.person);
    expect((await people.join('mailbox.or2', [], { email: 'mailbox.or@example.org' })).person).toBe((await people.join('mailbox.or3', [], { email: 'mailbox.or+3@example.org' })).person);
    for (const email of ['m\u0430ilbox.wa@example.org', 'mail\u200bbox.wa@example.org', 'mailbox.wa\u00ad@example.org', 'mailbox.wa@ex\u0430mple.org', 'a@b@example.org']) await expect(people.join('mailbox-x', [], { email })).rejects.toMatchObject({ code: 'ACCOUNT_FIELD' });
    for (const name of ['Una \u202earoT', 'U\u200bna', '\u00ad', 'Una\u0000']) await expect(people.join('mailbox-x', [], { name, email: null })).rejects.toMatchObject({ code: 'ACCOUNT_FIELD' });
  });

  it('two people of one mailbox from before stay two, and can still be kept by their directory', async () => {
    const { accounts, database: { sql } } = people;
    const [one, two] = [await people.join('old.pair'), await people.join('old.other')];
    await sql`update person set email = 'old.pair+b@example.org' where id = ${two.person}`;
    const said = { person: { name: 'Old Pair', email: 'old.pair+b@example.org', employer: null, employeeNumber: null }, issuer: 'https://id.example.org', subject: 'old-pair', externalId: null, login: 'old-pair', grants: null, active: true } as const;
    await sql`insert into account (id, person, kind, login, issuer, subject) values ('A-0LDPAIR00001', ${two.person}, 'oidc', 'old-pair', ${said.issuer}, ${said.subject})`;
    await expect(accounts.provision(said, { who: 'directory one', role: null })).resolves.toEqual({ account: 'A-0LDPAIR00001' });
    // What is new is held against the others.
    await expect(accounts.provision({ ...said, person: { ...said.person, email: 'old.pair+c@example.org' } }, { who: 'directory one', role: null })).rejects.toMatchObject({ code: 'ACCOUNT_TAKEN' });
    expect(one.person).not.toBe(two.person);
  });

  it('fit where they are held', async () => {
    const { accounts } = people;
    const jon = await people.join('jon');
    const bad = [
      agencyRole('reviewer', 'ZZ0000101'), ownerRole('agencyUser', 'WA'), ownerRole('operator', 'WA'), { role: 'reviewer', scope: { kind: 'machine' }, desks: [] }, ownerRole('reviewer', 'CA'), ownerRole('reviewer', 'wa'), ownerRole('reviewer', 'WA; --'),
      agencyRole('agencyUser', 'ZZ1'), { role: 'resident', scope: { kind: 'person' }, desks: [] }, { role: 'king', scope: { kind: 'machine' }, desks: [] }, ownerRole('auditor', 'WA', ['night']), ownerRole('reviewer', 'WA', ['\u0000']),
    ] as Grant[];
    for (const grant of bad) await expect(accounts.give(jon.account, grant, 'machine', operator), JSON.stringify(grant)).rejects.toMatchObject({ code: 'ACCOUNT_ROLE' });
    await expect(accounts.give('A-000000000000', ownerRole('reviewer', 'WA'), 'machine', operator)).rejects.toMatchObject({ code: 'ACCOUNT_UNKNOWN' });
    await accounts.disable(jon.account, 'left', operator);
    await expect(accounts.give(jon.account, ownerRole('reviewer', 'WA'), 'machine', operator)).rejects.toMatchObject({ code: 'ACCOUNT_DISABLED' });
  });

  it('given twice are one, and with other desks they change', async () => {
    const { accounts } = people;
    const kim = await people.join('kim');
    await Promise.all(Array.from({ length: 16 }, () => accounts.give(kim.account, ownerRole('reviewer', 'WA'), 'machine', operator)));
    await accounts.give(kim.account, ownerRole('reviewer', 'WA', ['b', 'a', 'a']), 'machine', operator);
    expect((await accounts.account(kim.account))?.grants).toMatchObject([{ desks: ['a', 'b'] }]);
    expect((await people.record('roleGiven')).filter(({ about }) => about === kim.account)).toHaveLength(2);
    expect((await people.record('roleTaken')).filter(({ about }) => about === kim.account)).toHaveLength(1);
  });

  it('are taken by those who may give them, never the last official\'s', async () => {
    const { accounts } = people;
    const [one, two] = [await people.join('ny.one', [['ownerOfficial', 'owner NY']]), await people.join('ny.two', [['ownerOfficial', 'owner NY'], ['agencyUser', 'agency ZZ0000101']])];
    const wa = await people.join('wa.taker', [['ownerOfficial', 'owner WA']]);
    const grantOf = async (account: string, role: Role): Promise<string> => (await accounts.account(account))?.grants.find((grant) => grant.role === role)?.id ?? '';
    const [first, second, user] = [await grantOf(one.account, 'ownerOfficial'), await grantOf(two.account, 'ownerOfficial'), await grantOf(two.account, 'agencyUser')];
    await expect(accounts.take(two.account, second, { who: wa.account, role: 'ownerOfficial' })).rejects.toMatchObject({ code: 'ACCOUNT_ROLE' });
    await expect(accounts.take(two.account, user, { who: one.account, role: 'ownerOfficial' })).rejects.toMatchObject({ code: 'ACCOUNT_ROLE' });
    await expect(accounts.take(one.account, second, { who: one.account, role: 'ownerOfficial' })).rejects.toMatchObject({ code: 'ACCOUNT_UNKNOWN' });
    for (const id of ['', 'x', '\u0000', '99999999999999999999', '-1']) await expect(accounts.take(one.account, id, operator)).rejects.toMatchObject({ code: 'ACCOUNT_UNKNOWN' });
    // Each takes the other's role at once: one official is left.
    const both = await Promise.allSettled([accounts.take(two.account, second, { who: one.account, role: 'ownerOfficial' }), accounts.take(one.account, first, { who: two.account, role: 'ownerOfficial' })]);
    expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const left = (await accounts.list({ kind: 'owner', owner: 'NY' }))[0];
    const last = left?.grants.find(({ role }) => role === 'ownerOfficial')?.id ?? '';
    await expect(accounts.take(left?.account ?? '', last, { who: left?.account ?? '', role: 'ownerOfficial' })).rejects.toMatchObject({ code: 'ACCOUNT_LAST' });
    await accounts.take(left?.account ?? '', last, operator);
    expect(await accounts.list({ kind: 'owner', owner: 'NY' })).toEqual([]);
    expect((await people.record('roleTaken')).filter(({ owner, result }) => owner === 'NY' && result === 'done')).toHaveLength(2);
  });
});

describe('keeping accounts', () => {
  it('is within one\'s own scope', async () => {
    const { accounts } = people;
    const wa = { who: (await people.join('keeper.wa', [['ownerOfficial', 'owner WA']])).account, role: 'ownerOfficial' as const };
    const lea = await people.join('lea', [['reviewer', 'owner WA']]);
    const max = await people.join('max', [['reviewer', 'owner WA'], ['reviewer', 'owner OR']]);
    await expect(accounts.disable(max.account, 'no', wa)).rejects.toMatchObject({ code: 'ACCOUNT_ROLE' });
    await expect(accounts.unlock(max.account, wa)).rejects.toMatchObject({ code: 'ACCOUNT_ROLE' });
    await expect(accounts.disable(lea.account, 'no', { who: max.account, role: 'ownerOfficial' })).rejects.toMatchObject({ code: 'ACCOUNT_ROLE' });
    await expect(accounts.disable('A-000000000000', 'no', wa)).rejects.toMatchObject({ code: 'ACCOUNT_UNKNOWN' });
    await expect(accounts.disable(lea.account, ' ', wa)).rejects.toMatchObject({ code: 'ACCOUNT_FIELD' });
    await accounts.disable(lea.account, 'moved to another desk', wa);
    await accounts.disable(lea.account, 'again', wa);
    const acts = (await people.record('accountDisabled')).filter(({ about }) => about === lea.account);
    expect(acts).toHaveLength(1);
    // The reason is sealed.
    expect(JSON.stringify({ ...acts[0], sealed: null })).not.toContain('desk');
    expect(JSON.parse(people.unseal('00', acts[0]?.sealed ?? ''))).toEqual({ why: 'moved to another desk' });
    await accounts.enable(lea.account, wa);
    expect((await accounts.account(lea.account))?.disabledAt).toBeNull();
    expect((await people.record('refused')).filter(({ about }) => about === max.account)).toHaveLength(2);
  });

  it('of the machine: an account with the role of operator unlocks and disables', async () => {
    const { accounts, database } = people;
    const machine = { who: (await people.join('mach', [['operator', 'machine']])).account, role: 'operator' as const };
    const ned = await people.join('ned', [['reviewer', 'owner WA']]);
    await database.sql`update account set locked_at = now() where id = ${ned.account}`;
    await accounts.unlock(ned.account, machine);
    expect((await accounts.account(ned.account))?.lockedAt).toBeNull();
    await accounts.disable(ned.account, 'asked to', machine);
    expect((await accounts.account(ned.account))?.disabledWhy).toBe('asked to');
  });

  it('disables what nobody signed in to for ninety days, and never twice', async () => {
    const { accounts, clock } = people;
    clock.now += 100 * 86_400_000;
    expect(await accounts.disableIdle()).toBeGreaterThan(0);
    const [ora, pim] = [await people.join('ora'), await people.join('pim')];
    const cookie = await people.enter(ora);
    const persona = await accounts.provision({ person: { ...nobody, email: 'persona@example.org' }, issuer: 'persona', subject: 'reviewer', externalId: null, login: 'reviewer', grants: [ownerRole('reviewer', 'WA')], active: true }, { who: 'demonstration', role: null });
    clock.now += 60 * 86_400_000;
    await people.enter(pim);
    clock.now += 30 * 86_400_000 - 60_000;
    expect(await accounts.disableIdle()).toBe(0);
    expect((await accounts.account(ora.account))?.disabledAt).toBeNull();
    clock.now += 120_000;
    const counts = await Promise.all(Array.from({ length: 4 }, () => accounts.disableIdle()));
    expect(counts.reduce((a, b) => a + b, 0)).toBe(1);
    expect((await accounts.account(ora.account))?.disabledAt).not.toBeNull();
    expect((await accounts.account(pim.account))?.disabledAt).toBeNull();
    expect((await accounts.account(persona.account))).toMatchObject({ kind: 'persona', disabledAt: null, grants: [{ source: 'persona' }] });
    expect((await accounts.session(cookie)).state).toBe('none');
    expect((await people.record('accountIdle')).filter(({ about }) => about === ora.account)).toMatchObject([{ who: 'clock', detail: { days: 90 } }]);
    // Enabled, it has ninety days again.
    await accounts.enable(ora.account, operator);
    expect(await accounts.disableIdle()).toBe(0);
    expect(await people.enter(ora)).toHaveLength(43);
  });

  it('changes a password, and ends the other sessions where one is kept', async () => {
    const { accounts } = people;
    const quy = await people.join('quy');
    const [one, two] = [await people.enter(quy), await people.enter(quy)];
    const kept = await accounts.session(two);
    const first = await accounts.begin('quy', goodPassword, from);
    await expect(accounts.changePassword(quy.account, 'quy.quy.quy.')).rejects.toMatchObject({ code: 'ACCOUNT_PASSWORD_COMMON' });
    await accounts.changePassword(quy.account, 'a quite other sentence', kept.state === 'none' ? '' : kept.person.session);
    expect([(await accounts.session(one)).state, (await accounts.session(two)).state]).toEqual(['none', 'open']);
    expect((await accounts.begin('quy', goodPassword, from)).ok).toBe(false);
    people.clock.now += 30_000;
    // What began with the password before does not go on.
    expect((await accounts.finishWithCode(first.ok ? first.flow : '', people.code(quy.key), from)).ok).toBe(false);
    expect(await people.enter({ ...quy, password: 'a quite other sentence' })).toHaveLength(43);
    expect((await people.record('passwordChanged')).filter(({ who }) => who === quy.account)).toMatchObject([{ detail: { ended: 1 } }]);
  });
});

describe('a directory or provider', () => {
  const scim = { who: 'directory one', role: null };
  const idp = { who: 'provider one', role: null };
  const request = (subject: string, more: Partial<Parameters<TestPeople['accounts']['provision']>[0]> = {}) =>
    ({ person: { ...nobody, name: `Dir ${subject}`, email: `${subject}@dir.example.org` }, issuer: 'https://id.example.org', subject, externalId: null, login: subject, grants: null, active: true, ...more });

  it('makes an account once, by 16 at once, and tells only of changes', async () => {
    const { accounts } = people;
    const made = await Promise.all(Array.from({ length: 16 }, () => accounts.provision(request('rae'), scim)));
    expect(new Set(made.map(({ account }) => account)).size).toBe(1);
    const of = async () => (await people.record('provisioned')).filter(({ about }) => about === made[0]?.account).length;
    expect(await of()).toBe(1);
    await accounts.provision(request('rae', { person: { ...nobody, name: 'Rae Renamed', email: 'rae@dir.example.org' } }), scim);
    expect(await of()).toBe(2);
    expect((await accounts.account(made[0]?.account ?? ''))?.name).toBe('Rae Renamed');
  });

  it('sets exactly its own roles, and lets those of people be', async () => {
    const { accounts } = people;
    const official = await people.join('dir.official', [['ownerOfficial', 'owner WA']]);
    const { account } = await accounts.provision(request('sam', { grants: [ownerRole('reviewer', 'WA'), ownerRole('auditor', 'WA')] }), idp);
    await accounts.give(account, ownerRole('policyAuthor', 'WA'), 'official', { who: official.account, role: 'ownerOfficial' });
    const held = async () => (await accounts.account(account))?.grants.map(({ role, source }) => `${role} ${source}`).sort();
    expect(await held()).toEqual(['auditor directory', 'policyAuthor official', 'reviewer directory']);
    await accounts.provision(request('sam', { grants: [ownerRole('auditor', 'WA'), ownerRole('policyAuthor', 'WA')] }), idp);
    expect(await held()).toEqual(['auditor directory', 'policyAuthor official']);
    await accounts.provision(request('sam', { grants: [] }), idp);
    expect(await held()).toEqual(['policyAuthor official']);
    await accounts.provision(request('sam'), idp);
    expect(await held()).toEqual(['policyAuthor official']);
    await expect(accounts.provision(request('sam', { grants: [ownerRole('reviewer', 'CA')] }), idp)).rejects.toMatchObject({ code: 'ACCOUNT_ROLE' });
    await expect(accounts.provision(request('sam', { grants: [] }), { who: official.account, role: 'ownerOfficial' })).rejects.toMatchObject({ code: 'ACCOUNT_ROLE' });
  });

  it('a leaver is out at once, and a sign-in at the provider does not bring them back', async () => {
    const { accounts } = people;
    const { account } = await accounts.provision(request('tia', { grants: [ownerRole('reviewer', 'WA')] }), scim);
    const done = await accounts.signInProved(account, ['mfa'], from);
    const cookie = done.ok ? done.cookie : '';
    await accounts.acceptNotice(cookie);
    const { secret } = await accounts.makeToken(account, { name: 'x', actions: ['held.read'], days: 1 }, { who: account, role: null });
    expect([(await accounts.session(cookie)).state, (await accounts.byToken(secret))?.account]).toEqual(['open', account]);
    await accounts.provision(request('tia', { active: false }), scim);
    expect([await accounts.session(cookie), await accounts.byToken(secret)]).toEqual([{ state: 'none' }, null]);
    expect((await people.record('leaverRemoved')).filter(({ about }) => about === account)).toMatchObject([{ who: 'directory one', detail: { sessions: 1, tokens: 1 } }]);
    await accounts.provision(request('tia'), idp);
    expect((await accounts.account(account))?.disabledAt).not.toBeNull();
    await accounts.provision(request('tia'), scim);
    expect((await accounts.account(account))?.disabledAt).toBeNull();
    // Back again, they begin anew.
    expect([await accounts.session(cookie), await accounts.byToken(secret)]).toEqual([{ state: 'none' }, null]);
    // Nor what an official did.
    await accounts.disable(account, 'under investigation', operator);
    await accounts.provision(request('tia'), scim);
    expect((await accounts.account(account))?.disabledAt).not.toBeNull();
  });

  it('eight accounts of one address at once are of one person', async () => {
    const { accounts } = people;
    const made = await Promise.all(Array.from({ length: 8 }, (_x, n) => accounts.provision(request(`many.${n}`, { person: { ...nobody, name: 'Many', email: 'many@dir.example.org' } }), scim)));
    const views = await Promise.all(made.map(({ account }) => accounts.account(account)));
    expect(new Set(views.map((view) => view?.person)).size).toBe(1);
  });

  it('does not take another person\'s address', async () => {
    const { accounts } = people;
    await accounts.provision(request('una'), scim);
    const vic = await accounts.provision(request('vic'), scim);
    await expect(accounts.provision(request('vic', { person: { ...nobody, email: 'una@dir.example.org' } }), scim)).rejects.toMatchObject({ code: 'ACCOUNT_TAKEN' });
    expect((await accounts.account(vic.account))?.email).toBe('vic@dir.example.org');
    for (const bad of [{ subject: '' }, { issuer: 'a\u0000' }, { login: 'x'.repeat(501) }, { externalId: '\u0000' }]) await expect(accounts.provision(request('wim', bad), scim)).rejects.toMatchObject({ code: 'ACCOUNT_FIELD' });
  });
});
