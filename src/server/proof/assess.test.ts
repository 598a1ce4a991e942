import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startTestPostgres, type TestPostgres } from '../../../test/postgres.ts';
import type { Checks } from '../../approvals/types.ts';
import { policy, refusal } from '../../approvals/cases.ts';
import { affiliation, smallContent } from '../../registry/cases.ts';
import { importContent } from '../../registry/index.ts';
import { activatePolicy } from '../../store/policies.ts';
import { runJob } from './jobs.ts';
import { ProofLibrary } from './library.ts';

let postgres: TestPostgres;
beforeAll(async () => { postgres = await startTestPostgres({ migrate: true }); });
afterEach(async () => { await postgres.sql`truncate policy_version, registry_version, registry_organisation, registry_office, registry_affiliation, registry_certification, policy_table cascade`; });
afterAll(async () => { await postgres.stop(); });

const now = Date.parse('2026-03-01T12:00:00Z');
const assess = async (draft: string, owner = 'CO') => {
  const answer = await runJob(new ProofLibrary(postgres.sql, () => now), { kind: 'assess', owner, draft });
  return JSON.parse(answer.ok ? answer.body : '{}') as Omit<Checks, 'backtest'>;
};
const begin = async (text = policy(1)) => {
  await importContent(postgres.sql, smallContent, 'a test');
  await activatePolicy(postgres.sql, text, { author: 'a test', at: new Date(now) });
};

describe('what is checked of a text before it is proposed', () => {
  it('says what it changes, for how many agencies, and whether that is widening', async () => {
    await begin();
    const wide = await assess(policy(2, { to: '[municipal, county]' }));
    expect(wide).toMatchObject({ ok: true, effect: 'widening', base: { version: 1 }, registry: { version: 1 }, claims: [] });
    expect(wide.difference.join('\n')).toMatch(/CO-1, now/);
    expect(await assess(policy(2, { extra: refusal }))).toMatchObject({ ok: true, effect: 'narrowing' });
    expect(await assess(policy(2))).toMatchObject({ ok: true, effect: 'neutral' });
    expect(await assess(policy(2))).toMatchObject({ difference: ['No request of any agency is decided differently.'] });
  });

  it('proves the claims on the registry of the day, and quotes what breaks one', async () => {
    await begin();
    const text = policy(2, { claim: '{ id: CO-C1, never: { to: { component: ICE }, data: photo, by: anyPath } }' });
    expect(await assess(text)).toMatchObject({ ok: true, claims: [{ claim: 'CO-C1', holds: true }] });
    await importContent(postgres.sql, { ...smallContent, affiliations: [affiliation('program287g', 'co/springfield', 'us/dhs/ice', { detail: 'taskForce', grade: 'inseparable' })] }, 'newer');
    const broken = await assess(text);
    expect(broken).toMatchObject({ ok: false, claims: [{ claim: 'CO-C1', holds: false }], registry: { version: 2 } });
    expect(broken.claims[0]?.sentence).toContain('287(g)');
  });

  it.each([
    ['an unsound text', 'rules: [', 'malformed'], ['nothing', '', 'missingKey'], ['a policy of another owner', policy(2).replaceAll('CO', 'WA'), 'otherOwner'], ['a number that is taken', policy(1), 'versionNotAbove'],
    ['a bomb', `policy: ${'['.repeat(5_000)}`, 'tooDeep'],
  ])('finds %s, and does not pass it', async (_name, text, code) => {
    await begin();
    const found = await assess(text);
    expect(found).toMatchObject({ ok: false, effect: 'widening' });
    expect(found.findings.map((one) => one.code)).toContain(code);
  });

  it('compares a first policy with nothing, and one with a version that waits for its day with that too', async () => {
    expect(await assess(policy(1))).toMatchObject({ ok: true, base: null, effect: 'widening', registry: { version: 0, hash: '' } });
    await begin();
    await activatePolicy(postgres.sql, policy(2, { extra: refusal, effective: '2026-04-01' }), { author: 'a test', at: new Date(now) });
    expect(await assess(policy(2))).toMatchObject({ ok: false });
    expect(await assess(policy(3))).toMatchObject({ ok: true, effect: 'widening', base: { version: 1 } });
  });
});
