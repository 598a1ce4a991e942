import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startTestPostgres, type TestPostgres } from '../../test/postgres.ts';
import { checkPolicy, type PolicyDocument } from '../policy/index.ts';
import type { ClaimReport, Trace, Verdict } from '../proof/types.ts';
import { activatePolicy, keepVerdicts, latestVerdicts, listPolicies, readOverride, recordUnrecorded, standingOn, type Unrecorded } from './policies.ts';

let postgres: TestPostgres;
beforeAll(async () => { postgres = await startTestPostgres({ migrate: true }); });
afterEach(async () => { await postgres.sql`truncate policy_version, claim_verdict, claim_override`; });
afterAll(async () => { await postgres.stop(); });

const at = (minute: number) => new Date(Date.UTC(2026, 2, 1, 10, minute));
const text = (version: number) => `policy: ZY
version: ${version}
effective: 2026-01-01
rules: [{ id: ZY-1, release: { data: photo } }]
claims:
  - { id: ZY-C1, never: { to: { component: ICE }, data: photo, by: anyPath } }
  - { id: ZY-C2, never: { to: { component: CBP }, data: ssn, by: direct, world: possible } }
`;
const sheriff = { organisation: 'zx/juniper', name: 'Juniper County Sheriff (invented)', ori: 'ZX0010000' };
const ice = { organisation: 'us/dhs/ice', name: 'ICE', ori: null };

/** What a prover finds: the claims that are named fail, by the sheriff's request. */
function reportsOf(document: PolicyDocument, ...failing: readonly string[]): readonly ClaimReport[] {
  return document.claims.map((claim) => {
    const holds = !failing.includes(claim.id);
    const verdict = (world: Verdict['world'], domain: Verdict['domain']): Verdict => {
      const decides = world === claim.world && domain === claim.domain;
      return { world, domain, holds: decides ? holds : 'capped', count: holds ? 0 : 1, who: holds ? [] : [ice], counterexample: holds ? null : trace, mend: null };
    };
    return {
      claim, sentence: claim.id, holds, witness: null, carriedBy: [], redundant: [],
      verdicts: [verdict('honoured', 'registry'), verdict('honoured', 'schema'), verdict('possible', 'registry'), verdict('possible', 'schema')],
    };
  });
}

const trace: Trace = {
  asker: sheriff, dataClass: 'photo', through: 'photo', context: { purpose: 'notStated', warrant: 'none', court: 'notStated', caseNumber: 'none', kind: 'lookup' },
  outcome: 'release', rules: ['ZY-1'], path: [], obtainer: ice, unknown: [], sentence: 'Juniper County Sheriff asks, and ICE has it.',
};

function documentOf(version: number): PolicyDocument {
  const checked = checkPolicy(text(version));
  if (!checked.ok) throw new Error('the sample is not sound');
  return checked.document;
}

async function facts(): Promise<Unrecorded[]> {
  const told: Unrecorded[] = [];
  await recordUnrecorded(postgres.sql, async (fact) => { told.push(fact); await sleep(30); });
  return told;
}

describe('claims at activation', () => {
  const activate = (version: number, failing: readonly string[], override?: { reason: string; by: string }) => activatePolicy(postgres.sql, text(version), {
    author: 'a test', at: at(0), prover: (document) => reportsOf(document, ...failing), ...(override === undefined ? {} : { override }),
  });

  it('activates where every claim holds, and keeps no override', async () => {
    expect(await activate(1, [], { reason: 'not needed', by: 'the desk' })).toMatchObject({ changed: true, overridden: [], reports: [{ holds: true }, { holds: true }] });
    expect(await readOverride(postgres.sql, 'ZY', 1)).toBeNull();
    expect(await facts()).toEqual([]);
  });

  it('refuses where a claim fails, with what was found, and keeps nothing', async () => {
    await expect(activate(1, ['ZY-C2'])).rejects.toMatchObject({ code: 'POLICY_CLAIMS', reports: [{ holds: true }, { holds: false }] });
    expect(await listPolicies(postgres.sql)).toEqual([]);
  });

  it('does not prove what cannot be activated, or is already', async () => {
    await activate(2, []);
    const prover = () => { throw new Error('proved'); };
    await expect(activatePolicy(postgres.sql, text(1), { author: 'a test', at: at(0), prover })).rejects.toMatchObject({ code: 'POLICY_VERSION' });
    expect(await activatePolicy(postgres.sql, text(2), { author: 'a test', at: at(0), prover })).toMatchObject({ changed: false, reports: null });
  });

  it('activates with an override, which the journal is told of once, whatever fails on the way', async () => {
    const done = await activate(3, ['ZY-C1', 'ZY-C2'], { reason: ' an order of the governor ', by: 'privacy office' });
    expect(done).toMatchObject({ changed: true, overridden: ['ZY-C1', 'ZY-C2'] });
    expect(await readOverride(postgres.sql, 'ZY', 3)).toEqual({ owner: 'ZY', version: 3, claims: ['ZY-C1', 'ZY-C2'], reason: 'an order of the governor', by: 'privacy office', at: at(0), recordedAt: null });
    await expect(recordUnrecorded(postgres.sql, () => Promise.reject(new Error('the disk is full')))).rejects.toThrow('the disk is full');
    expect(await facts()).toEqual([{ event: 'claimsOverridden', subject: 'ZY 3 ZY-C1 ZY-C2', hash: done.hash }]);
    expect(await facts()).toEqual([]);
    expect((await readOverride(postgres.sql, 'ZY', 3))?.recordedAt).toBeInstanceOf(Date);
  });

  it.each([['', 'desk'], ['   ', 'desk'], ['two\nlines', 'desk'], ['a reason', ' ']])('takes no override for the reason %j by %j', async (reason, by) => {
    await expect(activate(1, ['ZY-C1'], { reason, by })).rejects.toMatchObject({ code: 'POLICY_OVERRIDE' });
    await expect(activate(1, [], { reason, by })).rejects.toMatchObject({ code: 'POLICY_OVERRIDE' });
    expect(await listPolicies(postgres.sql)).toEqual([]);
  });
});

describe('claims at each change', () => {
  const policyHash = 'ab'.repeat(32);
  const check = (registryVersion: number, failing: readonly string[], minute = registryVersion, policyVersion = 1) =>
    keepVerdicts(postgres.sql, { owner: 'ZY', policyVersion, policyHash, registryVersion, at: at(minute) }, reportsOf(documentOf(policyVersion), ...failing));

  it('gives what newly fails, with the agency, and tells the journal of it once', async () => {
    expect(await check(1, [])).toEqual([]);
    expect(await check(2, ['ZY-C1'])).toMatchObject([{ claim: 'ZY-C1', holds: false, asker: sheriff.name, names: ['ICE'], count: 1 }]);
    expect(await check(3, ['ZY-C1'])).toEqual([]);
    expect(await facts()).toEqual([{ event: 'claimBroken', subject: 'ZY ZY-C1 policy 1 registry 2', hash: policyHash }]);
    expect(await facts()).toEqual([]);
  });

  it('gives a claim that was never checked, and one that was mended and fails again', async () => {
    expect(await check(1, ['ZY-C1'])).toHaveLength(1);
    expect(await check(2, [])).toEqual([]);
    expect(await check(3, ['ZY-C1'])).toHaveLength(1);
    expect(await facts()).toHaveLength(2);
  });

  it('keeps what is yet to be told where the same versions are checked again', async () => {
    await check(1, []);
    await check(2, ['ZY-C2']);
    expect(await check(2, ['ZY-C2'], 30)).toEqual([]);
    expect((await facts()).map(({ subject }) => subject)).toEqual(['ZY ZY-C2 policy 1 registry 2']);
    await check(2, [], 40);
    expect(await check(2, ['ZY-C2'], 50)).toHaveLength(1);
    expect(await facts()).toHaveLength(1);
  });

  it('does not count as broken what was overridden at activation', async () => {
    await activatePolicy(postgres.sql, text(2), { author: 'a test', at: at(0), prover: (document) => reportsOf(document, 'ZY-C1'), override: { reason: 'known', by: 'desk' } });
    expect((await check(1, ['ZY-C1', 'ZY-C2'], 1, 2)).map(({ claim }) => claim)).toEqual(['ZY-C2']);
  });

  it('counts a claim once, where several exchanges check, and tell, at the same moment', async () => {
    await check(1, []);
    const all = await Promise.all([3, 4, 5, 6, 7].map((minute) => check(2, ['ZY-C1'], minute)));
    expect(all.flat()).toHaveLength(1);
    expect((await Promise.all([facts(), facts(), facts()])).flat()).toHaveLength(1);
  });

  it('gives the verdicts of the latest check, and those of a pair of versions', async () => {
    await check(1, []);
    await check(2, ['ZY-C1']);
    const latest = await latestVerdicts(postgres.sql, 'ZY', 1);
    expect(latest).toHaveLength(8);
    expect(latest.filter(({ decides }) => decides)).toMatchObject([
      { claim: 'ZY-C1', world: 'honoured', domain: 'registry', holds: false, registryVersion: 2, sentence: trace.sentence, checkedAt: at(2) }, { claim: 'ZY-C2', world: 'possible', holds: true },
    ]);
    expect(latest.filter(({ holds }) => holds === 'capped')).toHaveLength(6);
    expect(await latestVerdicts(postgres.sql, 'ZY', 2)).toEqual([]);
    expect(await latestVerdicts(postgres.sql)).toHaveLength(8);
    expect((await standingOn(postgres.sql, 'ZY', 1, 1))?.get('ZY-C1')?.holds).toBe(true);
    expect(await standingOn(postgres.sql, 'ZY', 1, 9)).toBeNull();
  });
});
