import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dutyWorld, ori, person, type DutyWorld } from '../cases.ts';
import type { DutyActor } from '../types.ts';

const day = 86_400_000;
const at = Date.parse('2026-11-22T12:00:00.000Z');
let world: DutyWorld;
let olive: DutyActor;
let otto: DutyActor;
beforeAll(async () => { world = await dutyWorld(); });
afterAll(() => world.stop());

async function fresh(): Promise<void> {
  await world.sql`truncate user_review_item, user_review, duty_quarter, role_grant, account, person, act, ledger_outbox cascade`;
  world.entries.length = 0;
  world.clock = at;
  olive = await person(world.sql, 1, 'Olive Official', [['ownerOfficial', 'owner WA'], ['policyAuthor', 'owner WA']]);
  otto = await person(world.sql, 2, 'Otto Official', [['ownerOfficial', 'owner WA']]);
  await person(world.sql, 3, 'Rita Reviewer', [['reviewer', 'owner WA']]);
  await person(world.sql, 4, 'Carl Coordinator', [['agencyCoordinator', `agency ${ori}`]]);
  await person(world.sql, 5, 'Ida Idle', [['reviewer', 'owner WA']]);
  await world.sql`update account set disabled_at = now() where id = 'A-000000000005'`;
  // Olive's second account.
  await person(world.sql, 6, 'Olive Official', [['reviewer', 'owner WA']], 1);
}

const review = async (scope = 'owner WA') => (await world.duties.userReviews(scope))[0]!;
const item = async (account: string, role: string) => (await review()).items.find((one) => one.account === account && one.role === role)!;
const roles = async () => (await world.sql`select account, role from role_grant where ended_at is null and scope = 'owner WA' order by 1, 2`).map((row) => `${row['account'] as string} ${row['role'] as string}`);

describe('the review of users', () => {
  it('begins once in a quarter for each owner and agency, with every role of every account that can act', async () => {
    await world.sql`truncate user_review_item, user_review, duty_quarter, role_grant, account, person cascade`;
    await world.duties.tick(at);
    expect(await world.sql`select 1 from duty_quarter`).toEqual([]);
    await fresh();
    const processes = Array.from({ length: 8 }, () => world.another());
    await Promise.all(Array.from({ length: 64 }, (_, n) => processes[n % 8]!.tick(at)));
    await world.drain();
    const one = await review();
    expect(one).toMatchObject({ scope: 'owner WA', quarter: '2026-Q4', state: 'open', dueAt: new Date(at + 30 * day).toISOString() });
    expect(one.items.map(({ name, role, decision }) => [name, role, decision])).toEqual([
      ['Olive Official', 'ownerOfficial', null], ['Olive Official', 'policyAuthor', null], ['Olive Official', 'reviewer', null], ['Otto Official', 'ownerOfficial', null], ['Rita Reviewer', 'reviewer', null],
    ]);
    expect((await review(`agency ${ori}`)).items.length).toBe(1);
    expect(world.acts('userReviewBegun').map(({ owner }) => owner).sort()).toEqual(['00', 'WA']);
    await world.duties.tick(Date.parse('2026-12-31T23:59:59.999Z'));
    expect((await world.duties.userReviews('owner WA')).length).toBe(1);
    await world.duties.tick(Date.parse('2027-01-01T00:00:00.000Z'));
    expect((await world.duties.userReviews('owner WA')).map(({ quarter }) => quarter)).toEqual(['2027-Q1', '2026-Q4']);
    // A clock that was set back begins nothing of the past.
    await world.duties.tick(at);
    expect((await world.duties.userReviews('owner WA')).length).toBe(2);
  });

  it('is not of one\'s own roles, by any account; what is removed ends at once', async () => {
    await fresh();
    await world.duties.tick(at);
    const { id } = await review();
    const decide = async (account: string, role: string, decision: 'keep' | 'remove', by: DutyActor) => await world.duties.reviewUser('owner WA', id, (await item(account, role)).id, { decision, reason: 'still does this work' }, by);
    await expect(decide('A-000000000001', 'policyAuthor', 'keep', olive)).rejects.toMatchObject({ code: 'DUTY_OWN' });
    await expect(decide('A-000000000006', 'reviewer', 'keep', olive)).rejects.toMatchObject({ code: 'DUTY_OWN' });
    await expect(decide('A-000000000001', 'policyAuthor', 'keep', { ...olive, account: 'A-000000000006' })).rejects.toMatchObject({ code: 'DUTY_OWN' });
    const after = await decide('A-000000000003', 'reviewer', 'remove', olive);
    expect(after.items.find(({ name }) => name === 'Rita Reviewer')).toMatchObject({ decision: 'remove', by: olive.account, reason: 'still does this work' });
    expect(await roles()).not.toContain('A-000000000003 reviewer');
    await expect(decide('A-000000000003', 'reviewer', 'keep', otto)).rejects.toMatchObject({ code: 'DUTY_STATE' });
    await decide('A-000000000001', 'policyAuthor', 'keep', otto);
    await decide('A-000000000006', 'reviewer', 'keep', otto);
    await decide('A-000000000001', 'ownerOfficial', 'keep', otto);
    const closed = await decide('A-000000000002', 'ownerOfficial', 'keep', olive);
    expect(closed.state).toBe('done');
    await world.drain();
    expect(world.acts('roleTaken').map(({ on, who }) => [on, who])).toEqual([['A-000000000003', olive.account]]);
    expect(world.acts('userReviewed').length).toBe(5);
    expect(world.acts('userReviewClosed')).toMatchObject([{ result: 'done', detail: { users: 5, removed: 1 } }]);
    expect(world.events('usersReviewed')).toMatchObject([{ subject: 'owner WA 2026-Q4' }]);
    // With spaces, which what is sealed never has.
    expect(JSON.stringify(world.entries)).not.toMatch(/Olive Official|Rita Reviewer|still does/);
    const [kept] = await world.sql`select reviewed_at from role_grant where account = 'A-000000000001' and role = 'policyAuthor'`;
    expect(kept?.['reviewed_at']).toEqual(new Date(at));
  });

  it('has no answer beforehand, needs a reason, and knows only its own items', async () => {
    await fresh();
    await world.duties.tick(at);
    const { id } = await review();
    const one = await item('A-000000000003', 'reviewer');
    const go = (scope: string, which: string, of: string, request: object) => world.duties.reviewUser(scope, which, of, { decision: 'keep', reason: 'still here', ...request }, olive);
    await expect(go('owner WA', id, one.id, { decision: '' })).rejects.toMatchObject({ code: 'DUTY_FIELD' });
    await expect(go('owner WA', id, one.id, { reason: ' ' })).rejects.toMatchObject({ code: 'DUTY_FIELD' });
    await expect(go('owner CO', id, one.id, {})).rejects.toMatchObject({ code: 'DUTY_UNKNOWN' });
    await expect(go('owner WA', id, '999999', {})).rejects.toMatchObject({ code: 'DUTY_UNKNOWN' });
    await expect(go('owner WA', id, '1; drop table act', {})).rejects.toMatchObject({ code: 'DUTY_UNKNOWN' });
    await expect(go('owner WA', (await review(`agency ${ori}`)).id, one.id, {})).rejects.toMatchObject({ code: 'DUTY_UNKNOWN' });
  });

  it('never leaves an owner without an official, though two remove one another at once', async () => {
    await fresh();
    await world.duties.tick(at);
    const { id } = await review();
    const [a, b] = [await item(olive.account, 'ownerOfficial'), await item(otto.account, 'ownerOfficial')];
    const results = await Promise.allSettled([
      world.duties.reviewUser('owner WA', id, b.id, { decision: 'remove', reason: 'left the office' }, olive),
      world.duties.reviewUser('owner WA', id, a.id, { decision: 'remove', reason: 'left the office' }, otto),
    ]);
    expect(results.filter(({ status }) => status === 'fulfilled').length).toBe(1);
    expect((await roles()).filter((one) => one.includes('ownerOfficial')).length).toBe(1);
  });

  it('is decided once by 64 at once, and is overdue once', async () => {
    await fresh();
    await world.duties.tick(at);
    const { id } = await review();
    const one = await item('A-000000000003', 'reviewer');
    const results = await Promise.allSettled(Array.from({ length: 64 }, () => world.duties.reviewUser('owner WA', id, one.id, { decision: 'remove', reason: 'left the office' }, olive)));
    expect(results.filter(({ status }) => status === 'fulfilled').length).toBe(1);
    world.clock = at + 30 * day + 1;
    await Promise.all(Array.from({ length: 64 }, () => world.another().tick(world.clock)));
    await world.drain();
    expect((await review()).state).toBe('overdue');
    expect(world.acts('userReviewClosed').filter(({ result, owner }) => result === 'failed' && owner === 'WA').length).toBe(1);
    expect((await world.duties.due({ owner: 'WA' }, world.clock)).find(({ kind }) => kind === 'userReview')?.words).toBe('Review users of 2026-Q4: 4 still to decide');
  });

  it('closes by itself where the last open role ended otherwise', async () => {
    await fresh();
    await world.duties.tick(at);
    await world.sql`update role_grant set ended_at = ${new Date(at)}, ended_by = 'A-000000000009' where scope = ${`agency ${ori}`}`;
    await world.duties.tick(at + day);
    expect(await review(`agency ${ori}`)).toMatchObject({ state: 'done', items: [{ decision: 'remove', by: 'A-000000000009' }] });
  });
});
