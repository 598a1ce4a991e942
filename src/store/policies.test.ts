import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startTestPostgres, type TestPostgres } from '../../test/postgres.ts';
import { allDataClasses, noEvidence, undeclaredAttributes } from '../vocabulary/index.ts';
import type { DecisionInput } from '../model/index.ts';
import { activatePolicy, listPolicies, openPolicies, PolicyStoreError, readPolicy, type LivePolicies } from './policies.ts';

let postgres: TestPostgres;
const open: LivePolicies[] = [];
const author = { author: 'a test', at: new Date('2026-03-01T10:00:00Z') };
const text = (version: number, outcome = 'release', effective = '2026-01-01') => `# the ${version}th
policy: ZY
version: ${version}
effective: ${effective}
rules: [{ id: ZY-1, ${outcome}: { data: name } }]
`;
const input: DecisionInput = { requester: undeclaredAttributes, purpose: 'notStated', evidence: noEvidence, kind: 'lookup', classes: allDataClasses };
const nameOf = (live: LivePolicies) => live.of('ZY')?.decide(input).classes.find(({ dataClass }) => dataClass === 'name')?.outcome;

beforeAll(async () => { postgres = await startTestPostgres({ migrate: true }); });
afterEach(async () => {
  await Promise.all(open.splice(0).map((live) => live.close()));
  await postgres.sql`truncate policy_version`;
});
afterAll(async () => { await postgres.stop(); });

async function follow(now = () => Date.parse('2026-03-01T12:00:00Z')) {
  const faults: unknown[] = [];
  let wake = (): void => undefined;
  const live = await openPolicies(postgres.sql, { now, onFault: (error) => faults.push(error), onSwitch: () => wake() });
  open.push(live);
  return { live, faults, switched: () => new Promise<void>((resolve) => { wake = resolve; }) };
}

describe('policies in the store', () => {
  it('gives back the text as its author wrote it', async () => {
    const activated = await activatePolicy(postgres.sql, text(1), author);
    expect(activated).toMatchObject({ owner: 'ZY', version: 1, changed: true, author: 'a test', effective: '2026-01-01' });
    expect(await readPolicy(postgres.sql, 'ZY')).toEqual({ owner: 'ZY', version: 1, hash: activated.hash, author: 'a test', effective: '2026-01-01', activatedAt: author.at, text: text(1) });
    expect(await readPolicy(postgres.sql, 'ZY', 2)).toBeNull();
    expect(await listPolicies(postgres.sql)).toHaveLength(1);
  });

  it('refuses a policy with errors and keeps nothing', async () => {
    await expect(activatePolicy(postgres.sql, text(1, 'redact'), author)).rejects.toMatchObject({ code: 'POLICY_INVALID' });
    expect(await listPolicies(postgres.sql)).toEqual([]);
  });

  it('refuses a version that is not above the newest, unless it is the same document again', async () => {
    await activatePolicy(postgres.sql, text(2), author);
    await expect(activatePolicy(postgres.sql, text(2, 'deny'), author)).rejects.toMatchObject({ code: 'POLICY_VERSION' });
    await expect(activatePolicy(postgres.sql, text(1), author)).rejects.toBeInstanceOf(PolicyStoreError);
    expect((await activatePolicy(postgres.sql, `${text(2)}# a remark`, author)).changed).toBe(false);
  });

  it('lets activations at once come one after the other, and never takes a lower version after a higher', async () => {
    const done = await Promise.allSettled([5, 4, 3, 2, 1].map((version) => activatePolicy(postgres.sql, text(version), author)));
    const versions = (await listPolicies(postgres.sql, 'ZY')).map(({ version }) => version);
    expect(versions).toHaveLength(done.filter(({ status }) => status === 'fulfilled').length);
    expect(versions[0]).toBe(5);
  });

  it('tells a running process, which then decides by the new version', async () => {
    await activatePolicy(postgres.sql, text(1), author);
    const { live, switched } = await follow();
    expect(nameOf(live)).toBe('release');
    expect(live.of('ZX')).toBeNull();
    const told = switched();
    await activatePolicy(postgres.sql, text(2, 'deny'), author);
    await told;
    expect(live.of('ZY')?.version).toBe(2);
    expect(nameOf(live)).toBe('deny');
    expect(await live.refresh()).toBe(false);
  });

  it('keeps the version in force until the first day of the next', async () => {
    await activatePolicy(postgres.sql, text(1), author);
    await activatePolicy(postgres.sql, text(2, 'deny', '2026-03-02'), author);
    let now = Date.parse('2026-03-01T23:59:59Z');
    const { live } = await follow(() => now);
    expect(live.of('ZY')?.version).toBe(1);
    now += 1_000;
    expect(await live.refresh()).toBe(true);
    expect(live.of('ZY')?.version).toBe(2);
    expect((await readPolicy(postgres.sql, 'ZY', undefined, author.at))?.version).toBe(1);
  });

  it('names an owner whose first version is not yet in force, and refuses everything for it', async () => {
    await activatePolicy(postgres.sql, text(1, 'release', '2027-01-01'), author);
    const { live } = await follow();
    expect(live.owners).toEqual(['ZY']);
    expect(live.of('ZY')).toBeNull();
  });

  it('has no policy where the stored text was changed', async () => {
    await activatePolicy(postgres.sql, text(1, 'deny'), author);
    await postgres.sql`update policy_version set text = replace(text, 'deny', 'release')`;
    const { live, faults } = await follow();
    expect(live.of('ZY')).toBeNull();
    expect(faults.length).toBeGreaterThan(0);
  });
});
