import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startTestPostgres, type TestPostgres } from '../../../test/postgres.ts';
import { importContent } from '../../registry/index.ts';
import { affiliation, smallContent } from '../../registry/cases.ts';
import { activatePolicy, latestVerdicts } from '../../store/policies.ts';
import { keepTable } from '../../store/policyTables.ts';
import { tableFor } from '../../policy/index.ts';
import { undeclaredAttributes } from '../../vocabulary/index.ts';
import { foresee, proveInForce, VerdictMaker, type Verdicts } from './claims.ts';
import type { ProofJob } from './job.ts';
import { runJob } from './jobs.ts';
import { ProofLibrary, type NamedBasis } from './library.ts';
import { Rechecker } from './recheck.ts';

let postgres: TestPostgres;
beforeAll(async () => { postgres = await startTestPostgres({ migrate: true }); });
afterEach(async () => { await postgres.sql`truncate policy_version, claim_verdict, claim_override, registry_version, registry_organisation, registry_office, registry_affiliation, registry_certification, policy_table cascade`; });
afterAll(async () => { await postgres.stop(); });

const now = Date.parse('2026-03-01T12:00:00Z');
const author = { author: 'a test', at: new Date(now) };
const text = (over: { readonly owner?: string; readonly version?: number; readonly effective?: string; readonly rules?: string; readonly claim?: string } = {}) => {
  const { owner = 'CO', version = 1, effective = '2026-01-01', rules = '', claim = 'to: { component: ICE }, data: photo, by: anyPath' } = over;
  return `policy: ${owner}
version: ${version}
effective: ${effective}
rules:
  - { id: ${owner}-1, release: { data: photo, to: { level: municipal } } }
${rules}claims:
  - { id: ${owner}-C1, never: { ${claim} } }
`;
};
const agreement = affiliation('program287g', 'co/springfield', 'us/dhs/ice', { detail: 'taskForce', grade: 'inseparable' });
const parts = () => {
  const library = new ProofLibrary(postgres.sql, () => now);
  const proved: string[] = [];
  const maker = new VerdictMaker();
  const prove = (basis: NamedBasis): readonly Verdicts[] => { proved.push(basis.document.policy); return maker.of(basis); };
  return { library, proved, rechecker: new Rechecker(postgres.sql, library, { prove, now: () => now }) };
};

describe('a run over all owners', () => {
  it('finds what a new agreement breaks, names the agency, and keeps the verdicts', async () => {
    await importContent(postgres.sql, smallContent, 'first');
    await activatePolicy(postgres.sql, text(), author);
    const { rechecker } = parts();
    expect(await rechecker.run()).toMatchObject({ registryVersion: 1, owners: [{ owner: 'CO', claims: 1, failing: 0 }], broken: [], faults: [] });
    await importContent(postgres.sql, { ...smallContent, affiliations: [agreement] }, 'second');
    const checked = await rechecker.run();
    expect(checked).toMatchObject({ registryVersion: 2, owners: [{ failing: 1 }], broken: [{ owner: 'CO', claim: 'CO-C1', asker: 'Body co/springfield', count: 1 }] });
    expect(checked.broken[0]?.names).toContain('Body us/dhs/ice (COICE0001)');
    const kept = await latestVerdicts(postgres.sql, 'CO');
    expect(kept).toHaveLength(4);
    expect(kept.find(({ decides }) => decides)).toMatchObject({ world: 'honoured', domain: 'registry', holds: false, registryVersion: 2, sentence: expect.stringContaining('287(g)') as string });
  });

  it('proves again only what changed', async () => {
    await importContent(postgres.sql, smallContent, 'first');
    await activatePolicy(postgres.sql, text(), author);
    await activatePolicy(postgres.sql, text({ owner: 'WY' }), author);
    const { rechecker, proved } = parts();
    const first = await rechecker.run();
    await rechecker.run(first.owners);
    expect(proved).toEqual(['CO', 'WY']);
    await activatePolicy(postgres.sql, text({ owner: 'WY', version: 2 }), author);
    const second = await rechecker.run(first.owners);
    await importContent(postgres.sql, { ...smallContent, affiliations: [agreement] }, 'second');
    await rechecker.run(second.owners);
    expect(proved).toEqual(['CO', 'WY', 'WY', 'CO', 'WY']);
  });

  it('goes on where one owner cannot be proved', async () => {
    await importContent(postgres.sql, smallContent, 'first');
    await activatePolicy(postgres.sql, text(), author);
    await activatePolicy(postgres.sql, text({ owner: 'WY' }), author);
    await postgres.sql`update policy_version set text = text || '# tampered\nnote: x' where owner = 'CO'`;
    const { rechecker } = parts();
    expect(await rechecker.run()).toMatchObject({ owners: [{ owner: 'WY' }], faults: [{ owner: 'CO', error: { code: 'damaged' } }] });
  });

  it('says what a proof of everything says', async () => {
    await importContent(postgres.sql, { ...smallContent, affiliations: [agreement] }, 'first');
    await activatePolicy(postgres.sql, text(), author);
    const { library } = parts();
    const named = await library.policy('CO');
    const basis = await library.basis(named!);
    const sorted = (reports: readonly Verdicts[]) => reports.map(({ verdicts }) => [...verdicts].sort((a, b) => `${a.world}${a.domain}`.localeCompare(`${b.world}${b.domain}`)));
    expect(sorted(new VerdictMaker().of(basis))).toEqual(sorted(proveInForce(basis)));
  });
});

describe('the library', () => {
  it('reads the very table that decides', async () => {
    await importContent(postgres.sql, smallContent, 'first');
    await activatePolicy(postgres.sql, text(), author);
    const { library } = parts();
    const named = await library.policy('CO');
    const live = tableFor(named!.document, { hash: named!.hash, at: now, known: [undeclaredAttributes] });
    await keepTable(postgres.sql, live);
    const { table } = await library.basis(named!);
    expect(table.hash).toBe(live.hash);
    expect(table.text).toBe(live.text);
  });

  it('loads a version of the registry that is named, and says where there is none', async () => {
    await importContent(postgres.sql, smallContent, 'first');
    await importContent(postgres.sql, { ...smallContent, affiliations: [agreement] }, 'second');
    await activatePolicy(postgres.sql, text(), author);
    const { library } = parts();
    const named = await library.policy('CO');
    expect((await library.basis(named!, { version: 1 })).network.edges).toHaveLength((await library.basis(named!)).network.edges.length - 1);
    expect((await library.basis(named!)).network.registryVersion).toBe(2);
    await expect(library.basis(named!, { version: 3 })).rejects.toMatchObject({ code: 'noVersion' });
    expect(await library.policy('WY')).toBeNull();
  });
});

describe('before an activation', () => {
  const seen = async (source: string) => {
    const { library } = parts();
    await importContent(postgres.sql, smallContent, 'first');
    await activatePolicy(postgres.sql, source, author);
    const named = await library.policy('CO');
    return (await foresee(library, named!)).map(({ from, report }) => ({ from, id: report.claim.id, holds: report.holds }));
  };
  const direct = 'to: { component: ICE }, data: photo, by: direct';
  const open = '  - { id: CO-2, release: { data: photo, to: { component: ICE } } }\n';

  it('a claim is proved as it stands now', async () => {
    expect(await seen(text({ claim: direct }))).toEqual([{ from: '2026-03-01', id: 'CO-C1', holds: true }]);
    expect(await seen(text({ version: 2, rules: open, claim: direct }))).toEqual([{ from: '2026-03-01', id: 'CO-C1', holds: false }]);
  });

  it('a claim that fails only when a rule has ended, or another has begun, is seen too', async () => {
    const guarded = `${open}  - { id: CO-3, expires: 2026-05-31, deny: { data: photo, to: { component: ICE } } }\n`;
    expect(await seen(text({ rules: guarded, claim: direct }))).toEqual([{ from: '2026-06-01', id: 'CO-C1', holds: false }]);
    const later = open.replace('release:', 'effective: 2026-07-04, release:');
    expect(await seen(text({ version: 2, rules: later, claim: direct }))).toEqual([{ from: '2026-07-04', id: 'CO-C1', holds: false }]);
  });

  it('a policy whose first day has not come is proved as of that day', async () => {
    expect(await seen(text({ effective: '2026-09-01', rules: open, claim: direct }))).toEqual([{ from: '2026-09-01', id: 'CO-C1', holds: false }]);
  });
});

describe('a job', () => {
  async function done(job: ProofJob) {
    const answer = await runJob(new ProofLibrary(postgres.sql, () => now), job);
    return answer.ok ? (answer.contentType.startsWith('application/json') && job.kind !== 'export' ? JSON.parse(answer.body) as Record<string, unknown> : { text: answer.body }) : { problem: answer.problem, reasons: answer.reasons };
  }
  const question = { asker: 'COZZ00100', classes: ['photo'], purpose: 'notStated', warrant: 'none', court: 'notStated', caseNumber: 'none', query: 'lookup' } as const;

  it('is done, each in its own way', async () => {
    await importContent(postgres.sql, { ...smallContent, affiliations: [agreement] }, 'first');
    await activatePolicy(postgres.sql, text(), author);
    const facts = { owner: 'CO', policy: { version: 1 }, registry: { version: 1, day: '2026-03-01' } };
    expect(await done({ kind: 'check', text: text().replace('photo', 'phto') })).toMatchObject({ ok: false, owner: null, findings: [{ code: 'unknownWord', severity: 'error' }] });
    expect(await done({ kind: 'prove', owner: 'CO', draft: null, claim: null })).toMatchObject({ ...facts, holds: false, claims: [{ claim: { id: 'CO-C1' }, holds: false }] });
    expect(await done({ kind: 'prove', owner: 'CO', draft: text({ version: 2, claim: 'to: { component: ICE }, data: ssn, by: anyPath' }), claim: 'co-c1' })).toMatchObject({ holds: true, policy: { version: 2 } });
    expect(await done({ kind: 'access', owner: 'CO', dataClass: null, world: 'honoured', who: null })).toMatchObject(facts);
    expect(await done({ kind: 'access', owner: 'CO', dataClass: 'photo', world: 'honoured', who: null })).toMatchObject({
      among: 9, classes: [{ dataClass: 'photo', groups: [{ direct: 'always', byAnyChain: 'always', count: 1, agencies: [{ ori: 'COZZ00100' }] }, { direct: 'never', byAnyChain: 'always', count: 1, agencies: [{ ori: 'COICE0001' }] }] }],
    });
    expect(await done({ kind: 'access', owner: 'CO', dataClass: 'photo', world: 'honoured', who: { to: { component: ['ICE'] } } })).toMatchObject({ among: 4, classes: [{ groups: [{ count: 1 }] }] });
    expect(await done({ kind: 'paths', owner: 'CO', to: 'COICE0001', dataClass: 'photo', world: 'honoured', limit: 5 })).toMatchObject({ to: { organisation: 'us/dhs/ice' }, ways: [{ path: [{ kind: 'program287g' }] }] });
    expect(await done({ kind: 'paths', owner: 'CO', to: 'us/dhs/ice', dataClass: 'ssn', world: 'possible', limit: 5 })).toMatchObject({ ways: [] });
    expect(await done({ kind: 'diff', owner: 'CO', draft: text({ version: 2, rules: '  - { id: CO-2, release: { data: name, to: { component: ICE } } }\n' }) })).toMatchObject({ ...facts, draft: { version: 2 }, same: false });
    expect(await done({ kind: 'ask', owner: 'CO', question })).toMatchObject({ ...facts, decision: { classes: [{ dataClass: 'photo', outcome: 'release', rules: ['CO-1'] }] } });
    expect(await done({ kind: 'ask', owner: 'CO', question: { ...question, asker: undeclaredAttributes } })).toMatchObject({ decision: { classes: [{ outcome: 'deny' }] } });
    expect(await done({ kind: 'page', owner: 'CO' })).toMatchObject({ owner: 'CO', policyVersion: 1 });
    expect((await done({ kind: 'export', owner: 'CO', as: 'smtlib', claim: 'CO-C1' }))['text']).toContain('(check-sat)');
  });

  it('that asks wrongly is a problem without a word of the request', async () => {
    await importContent(postgres.sql, smallContent, 'first');
    await activatePolicy(postgres.sql, text(), author);
    expect(await done({ kind: 'page', owner: 'WY' })).toEqual({ problem: 'unknownOwner' });
    expect(await done({ kind: 'prove', owner: 'CO', draft: null, claim: 'CO-C9' })).toEqual({ problem: 'unknownClaim' });
    expect(await done({ kind: 'export', owner: 'CO', as: 'smtlib', claim: 'CO-C9' })).toEqual({ problem: 'unknownClaim' });
    expect(await done({ kind: 'access', owner: 'CO', dataClass: 'photo', world: 'honoured', who: { ori: 'ZZ9999999' } })).toEqual({ problem: 'unknownAgency' });
    expect(await done({ kind: 'paths', owner: 'CO', to: 'planted', dataClass: 'photo', world: 'honoured', limit: 5 })).toEqual({ problem: 'unknownAgency' });
    expect(await done({ kind: 'ask', owner: 'CO', question: { ...question, asker: 'ZZ9999999' } })).toEqual({ problem: 'unknownAgency' });
    expect(await done({ kind: 'prove', owner: 'CO', draft: text({ owner: 'WY' }), claim: null })).toEqual({ problem: 'otherOwner' });
    expect(await done({ kind: 'diff', owner: 'CO', draft: text().replace('data: photo', 'data: planted') })).toEqual({ problem: 'unsoundPolicy', reasons: ['line 5, column 34: unknownWord'] });
  });
});
