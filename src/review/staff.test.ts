import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { activatePolicy } from '../store/policies.ts';
import { asked, heldWorld, hour, seat, type HeldWorld } from './cases.ts';
import { staffOf } from './staff.ts';

let w: HeldWorld;
const [first, second, gone, auditor] = ['A-STAFF0000001', 'A-STAFF0000002', 'A-STAFF0000003', 'A-STAFF0000004'];
const noPolicies = { owners: [], of: () => null };
beforeAll(async () => {
  w = await heldWorld();
  await seat(w.sql, first, []);
  await seat(w.sql, second, ['photo desk', 'night desk']);
  await seat(w.sql, gone, ['old desk']);
  await seat(w.sql, auditor, ['no desk'], { role: 'auditor' });
  await w.sql`update account set disabled_at = now() where id = ${gone}`;
});
afterAll(() => w.stop());
beforeEach(async () => { await w.sql`truncate held_rota, held_deputy, ticket cascade`; });

describe('what the page of the rota offers', () => {
  it('is each reviewer of the owner whose account is good, with their desks', async () => {
    const { reviewers } = await staffOf({ sql: w.sql, policies: noPolicies }, 'ZY');
    const ours = reviewers.filter(({ account }) => account.startsWith('A-STAFF'));
    expect(ours).toEqual([
      { account: first, person: 'U-STAFF0000001', name: `Invented ${first}`, desks: [] }, { account: second, person: 'U-STAFF0000002', name: `Invented ${second}`, desks: ['night desk', 'photo desk'] },
    ]);
    expect(await staffOf({ sql: w.sql, policies: noPolicies }, 'ZX')).toEqual({ desks: [], reviewers: [], names: new Map() });
  });

  it('is each desk of requests, roles, the rota and delegations, and names everybody whom these speak of', async () => {
    await w.hold();
    const [from, to] = [new Date(asked).toISOString(), new Date(asked + hour).toISOString()];
    await w.sql`insert into held_rota (owner, rota, changed_at) values ('ZY', ${w.sql.json({ spans: [{ desk: 'span desk', account: gone, from, to }], deputies: [] })}, ${from})`;
    await w.sql`insert into held_deputy (id, owner, desk, account, deputy, from_at, until_at, given_by, given_at) values ('D-0123456789ABCDEF', 'ZY', 'deputy desk', ${second}, ${first}, ${from}, ${to}, ${auditor}, ${from})`;
    const { desks, names } = await staffOf({ sql: w.sql, policies: noPolicies }, 'ZY');
    expect(desks).toEqual(expect.arrayContaining(['deputy desk', 'night desk', 'photo desk', 'privacyDesk', 'span desk']));
    expect(desks).toEqual(desks.toSorted());
    expect(desks).not.toContain('no desk');
    expect(names).toEqual(new Map([first, second, gone, auditor].map((account) => [account, `Invented ${account}`])));
  });

  it('is each desk that the policy in force names, for what it holds, looks at afterwards, and for what goes beyond a limit', async () => {
    const text = `policy: ZX
version: 1
effective: 2026-01-01
rules:
  - { id: A, hold: { data: photo, review: { by: hold desk, within: 4h, onTimeout: deny } } }
  - { id: B, release: { data: name, for: [emergency], afterwards: { by: after desk, within: 1d } } }
  - { id: C, release: { data: name } }
limits:
  - { id: L, data: name, per: owner, max: 5/day, beyond: hold }
`;
    await activatePolicy(w.sql, text, { author: 'test', at: new Date(asked) });
    const policies = { owners: ['ZX'], of: () => ({ version: 1 }) as never };
    expect((await staffOf({ sql: w.sql, policies }, 'ZX')).desks).toEqual(['after desk', 'hold desk', 'owner']);
    expect((await staffOf({ sql: w.sql, policies: noPolicies }, 'ZX')).desks).toEqual([]);
  });
});
