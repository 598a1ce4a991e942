import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startTestPostgres, type TestPostgres } from '../../test/postgres.ts';
import { activatePolicy, missedPolicyOf, noteMissedPolicies, openPolicies, versionsInForce } from './policies.ts';

let postgres: TestPostgres;
const at = new Date('2026-03-01T10:00:00Z');
const author = { author: 'a test', at };
const text = (version: number, owner = 'ZY') => `policy: ${owner}\nversion: ${version}\neffective: 2026-01-01\nrules: [{ id: ${owner}-1, release: { data: name } }]\n`;
const missing = (version: number, hash = 'ab'.repeat(32), effective = '2026-02-01') => noteMissedPolicies(postgres.sql, new Map([['ZY', { version, hash, effective }]]));
const inForce = async (when = at) => (await versionsInForce(postgres.sql, when)).map(({ owner, version }) => `${owner} ${version}`);

beforeAll(async () => { postgres = await startTestPostgres({ migrate: true }); });
afterEach(async () => { await postgres.sql`truncate policy_version, setting`; });
afterAll(async () => { await postgres.stop(); });

describe('a policy that the ledger has and the database has lost', () => {
  it('leaves no older one in force, and those of other owners as they are', async () => {
    await activatePolicy(postgres.sql, text(1), author);
    await activatePolicy(postgres.sql, text(1, 'ZX'), author);
    await missing(3);
    expect(await inForce()).toEqual(['ZX 1']);
  });

  it('is refused by until one that is not older is activated, also in a running process', async () => {
    await activatePolicy(postgres.sql, text(1), author);
    const live = await openPolicies(postgres.sql, { now: () => at.getTime() });
    try {
      expect(live.of('ZY')?.version).toBe(1);
      await missing(3);
      expect(await live.refresh()).toBe(true);
      expect(live.of('ZY')).toBeNull();
      await activatePolicy(postgres.sql, text(4), author);
      await live.refresh();
      expect(live.of('ZY')?.version).toBe(4);
    } finally {
      await live.close();
    }
  });

  it('takes only itself, by its hash, or a later one', async () => {
    await activatePolicy(postgres.sql, text(1), author);
    const { hash } = await activatePolicy(postgres.sql, text(3), author);
    await postgres.sql`delete from policy_version where version = 3`;
    await missing(3, hash);
    await expect(activatePolicy(postgres.sql, text(2), author)).rejects.toMatchObject({ code: 'POLICY_VERSION' });
    await expect(activatePolicy(postgres.sql, text(3).replace('ZY-1', 'ZY-2'), author)).rejects.toMatchObject({ code: 'POLICY_VERSION' });
    expect(await inForce()).toEqual([]);
    expect((await activatePolicy(postgres.sql, text(3), author)).changed).toBe(true);
    expect(await inForce()).toEqual(['ZY 3']);
  });

  it('changes nothing before its first day', async () => {
    await activatePolicy(postgres.sql, text(1), author);
    await missing(2, 'ab'.repeat(32), '2026-03-05');
    expect(await inForce()).toEqual(['ZY 1']);
    expect(await inForce(new Date('2026-03-05T00:00:00Z'))).toEqual([]);
  });

  it('is not forgotten for an earlier one', async () => {
    await missing(3);
    await missing(2, 'cd'.repeat(32));
    expect(await missedPolicyOf(postgres.sql, 'ZY')).toEqual({ version: 3, hash: 'ab'.repeat(32), effective: '2026-02-01' });
    expect(await missedPolicyOf(postgres.sql, 'ZX')).toBeNull();
  });
});
