import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { operator, startPeople, type TestPeople } from '../../../test/people.ts';
import { mayDo, type Action } from '../roles/index.ts';

let people: TestPeople;
beforeAll(async () => { people = await startPeople(); });
afterAll(() => people.stop());

const wa = { kind: 'owner', owner: 'WA' } as const;
const own = (account: string) => ({ who: account, role: null });

describe('a service token', () => {
  it('speaks for its account, for what it names and no more than the roles of now', async () => {
    const { accounts, clock, database } = people;
    const ada = await people.join('ada', [['reviewer', 'owner WA'], ['auditor', 'owner OR']]);
    const { secret, token } = await accounts.makeToken(ada.account, { name: 'inbox reader', actions: ['held.read', 'act.own'], days: 30 }, own(ada.account));
    expect(secret).toMatch(/^weir_[A-Za-z0-9_-]{43}$/);
    expect(JSON.stringify(await database.sql`select * from service_token`)).not.toContain(secret.slice(5));
    const person = await accounts.byToken(secret);
    if (person === null) throw new Error('the token is not known');
    expect(person).toMatchObject({ account: ada.account, person: ada.person, via: 'token', session: token.id, shownAt: null, only: ['held.read', 'act.own'] });
    const may = (action: Action, owner = 'WA') => mayDo(person, action, { kind: 'owner', owner }, clock.now);
    expect(may('held.read').ok).toBe(true);
    expect(may('held.read', 'CA')).toEqual({ ok: false, why: 'role' });
    expect(may('held.decide')).toEqual({ ok: false, why: 'token' });
    expect(may('change.approve')).toEqual({ ok: false, why: 'token' });
    expect(mayDo(person, 'session.own', { kind: 'person' }, clock.now)).toEqual({ ok: false, why: 'token' });
    for (const grant of (await accounts.account(ada.account))?.grants ?? []) await accounts.take(ada.account, grant.id, operator);
    const after = await accounts.byToken(secret);
    expect(after === null ? null : mayDo(after, 'held.read', wa, clock.now)).toEqual({ ok: false, why: 'role' });
    expect((await people.record('tokenMade')).filter(({ who }) => who === ada.account)).toMatchObject([{ about: token.id, detail: { actions: 'held.read act.own', days: 30 } }]);
  });

  it('is refused what its account may not do, what wants a fresh sign-in, and what is the account\'s own', async () => {
    const { accounts } = people;
    const bob = await people.join('bob', [['reviewer', 'owner WA'], ['policyApprover', 'owner WA'], ['agencyUser', 'agency ZZ0000101']]);
    const make = (actions: readonly string[], days = 1, name = 'x') => accounts.makeToken(bob.account, { name, actions: actions as Action[], days }, own(bob.account));
    for (const action of ['act.search', 'change.approve', 'token.own', 'session.own', 'people.manage', 'inquiry.send', 'nothing.such', '__proto__', 'certification.sign']) await expect(make([action]), action).rejects.toMatchObject({ code: 'ACCOUNT_TOKEN' });
    await expect(make([])).rejects.toMatchObject({ code: 'ACCOUNT_TOKEN' });
    for (const days of [0, -1, 1.5, 91, Number.NaN, Infinity]) await expect(make(['held.read'], days)).rejects.toMatchObject({ code: 'ACCOUNT_TOKEN' });
    for (const name of ['', 'x'.repeat(101), 'a\u0000']) await expect(make(['held.read'], 1, name)).rejects.toMatchObject({ code: 'ACCOUNT_FIELD' });
    await expect(make(['held.read', 'held.decide', 'ticket.read', 'policy.read', 'change.read'], 90)).resolves.toBeDefined();
    const cal = await people.join('cal', [['ownerOfficial', 'owner WA']]);
    await expect(accounts.makeToken(bob.account, { name: 'x', actions: ['held.read'], days: 1 }, { who: cal.account, role: 'ownerOfficial' })).rejects.toMatchObject({ code: 'ACCOUNT_TOKEN' });
    await expect(accounts.makeToken(bob.account, { name: 'x', actions: ['held.read'], days: 1 }, operator)).rejects.toMatchObject({ code: 'ACCOUNT_TOKEN' });
  });

  it('is good until its last millisecond, and its use after is on the record', async () => {
    const { accounts, clock } = people;
    const dot = await people.join('dot', [['reviewer', 'owner WA']]);
    const { secret, token } = await accounts.makeToken(dot.account, { name: 'x', actions: ['held.read'], days: 2 }, own(dot.account));
    const end = clock.now + 2 * 86_400_000;
    expect(await accounts.byToken(secret, end - 1)).not.toBeNull();
    expect(await accounts.byToken(secret, end)).toBeNull();
    expect((await people.record('tokenRefused')).filter(({ about }) => about === token.id)).toMatchObject([{ who: dot.account, result: 'refused', detail: { why: 'expired' } }]);
    expect((await accounts.tokens(dot.account))[0]?.usedAt?.getTime()).toBe(end - 1);
  });

  it('is dead at once when it is revoked; another account revokes nothing', async () => {
    const { accounts } = people;
    const [eve, fay] = [await people.join('eve', [['reviewer', 'owner WA']]), await people.join('fay', [['reviewer', 'owner WA']])];
    const { secret, token } = await accounts.makeToken(eve.account, { name: 'x', actions: ['held.read'], days: 2 }, own(eve.account));
    await expect(accounts.revokeToken(eve.account, token.id, own(fay.account))).rejects.toMatchObject({ code: 'ACCOUNT_ROLE' });
    await expect(accounts.revokeToken(fay.account, token.id, own(fay.account))).rejects.toMatchObject({ code: 'ACCOUNT_UNKNOWN' });
    expect(await accounts.byToken(secret)).not.toBeNull();
    await Promise.all(Array.from({ length: 8 }, () => accounts.revokeToken(eve.account, token.id, own(eve.account))));
    expect(await accounts.byToken(secret)).toBeNull();
    expect((await people.record('tokenRevoked')).filter(({ about }) => about === token.id)).toHaveLength(1);
    expect((await people.record('tokenRefused')).filter(({ about }) => about === token.id)).toMatchObject([{ detail: { why: 'revoked' } }]);
    expect((await accounts.tokens(eve.account))[0]?.revokedAt).not.toBeNull();
  });

  it('rests while its account is locked', async () => {
    const { accounts, database } = people;
    const gus = await people.join('gus', [['reviewer', 'owner WA']]);
    const { secret } = await accounts.makeToken(gus.account, { name: 'x', actions: ['held.read'], days: 2 }, own(gus.account));
    await database.sql`update account set locked_at = now() where id = ${gus.account}`;
    expect(await accounts.byToken(secret)).toBeNull();
    await expect(accounts.makeToken(gus.account, { name: 'x', actions: ['held.read'], days: 2 }, own(gus.account))).rejects.toMatchObject({ code: 'ACCOUNT_DISABLED' });
    await accounts.unlock(gus.account, operator);
    expect(await accounts.byToken(secret)).not.toBeNull();
  });

  it('is one of fifty at most', async () => {
    const { accounts } = people;
    const hal = await people.join('hal', [['reviewer', 'owner WA']]);
    const made = await Promise.allSettled(Array.from({ length: 60 }, (_x, n) => accounts.makeToken(hal.account, { name: `t${n}`, actions: ['held.read'], days: 2 }, own(hal.account))));
    expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(50);
  });
});
