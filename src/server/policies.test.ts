import { Agent } from 'node:https';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StoredVerdict } from '../store/policies.ts';
import type { Enrolment, PolicyDesk } from './deps.ts';
import type { ProofJob } from './proof/job.ts';
import { call, type CallOptions } from './testing/call.ts';
import { testAuthority, type TestAuthority, type TestCertificate } from './testing/certificates.ts';
import { agency, policyText, startTest, stopAll, testDeps, testDesk } from './testing/server.ts';

/** One listener for all questions: what stands behind it changes with each. */
let url: string;
let standing: PolicyDesk & { readonly jobs: ProofJob[] };
const standIn: PolicyDesk = {
  of: (owner) => standing.of(owner), verdicts: (owner, version) => standing.verdicts(owner, version), override: (owner, version) => standing.override(owner, version), run: (job) => standing.run(job),
};
beforeAll(async () => { ({ url } = await startTest(testDeps({ policyDesk: standIn }))); });
afterAll(stopAll);

const json = { 'content-type': 'application/json' };
const yaml = { 'content-type': 'application/yaml' };

async function ask(path: string, options: CallOptions = {}, change: Partial<PolicyDesk> = {}) {
  const desk = (standing = testDesk(change));
  const { status, body, headers } = await call(`${url}${path}`, options);
  return { status, headers, body, jobs: desk.jobs, json: (headers['content-type']?.includes('json') === true ? JSON.parse(body) : {}) as Record<string, unknown> };
}

const question = (over: object): CallOptions => ({ body: JSON.stringify(over), headers: json });

describe('the policy of an owner', () => {
  it('comes as document and as sentences, with its hashes', async () => {
    const { status, json: policy } = await ask('/v1/policies/WA');
    expect(status).toBe(200);
    expect(policy).toMatchObject({
      owner: 'WA', version: 14, table: 'ef'.repeat(32), document: { policy: 'WA', rules: [{ id: 'WA-1', release: { data: 'photo' } }] },
      sentences: [{ id: 'WA-1', sentence: 'Give photos to anyone who asks.' }, { id: 'WA-C1' }], override: null,
    });
  });

  it('says by whom and why it was activated though a claim fails', async () => {
    const override = { owner: 'WA', version: 14, claims: ['WA-C1'], reason: 'an order', by: 'the desk', at: new Date('2026-03-01T10:00:00Z'), recordedAt: null };
    const { json: policy } = await ask('/v1/policies/WA', {}, { override: () => Promise.resolve(override) });
    expect(policy['override']).toEqual({ claims: ['WA-C1'], reason: 'an order', by: 'the desk', at: '2026-03-01T10:00:00.000Z', recordedAt: null });
  });

  it.each(['/v1/policies/ZQ', '/v1/policies/ZQ/claims'])('is not there at %s', async (path) => {
    expect(await ask(path)).toMatchObject({ status: 404, json: { type: 'urn:weir:problem:unknownOwner' } });
  });

  it.each(['/v1/policies/wa', '/v1/policies/WAX', '/v1/policies/%00%00/page', '/v1/policies/WA/export', '/v1/policies/WA/export?as=exe', '/v1/policies/WA/export?as=cedar&x=1'])('takes no address like %s', async (path) => {
    expect(await ask(path)).toMatchObject({ status: 400, json: { type: 'urn:weir:problem:badParameter' }, jobs: [] });
  });

  it('has its page and its exports made apart from the queries', async () => {
    expect((await ask('/v1/policies/WA/page')).jobs).toEqual([{ kind: 'page', owner: 'WA' }]);
    const cedar = await ask('/v1/policies/WA/export?as=smtlib&claim=WA-C1');
    expect(cedar.jobs).toEqual([{ kind: 'export', owner: 'WA', as: 'smtlib', claim: 'WA-C1' }]);
    expect(cedar.headers['content-type']).toMatch(/^text\/plain/);
  });
});

describe('a policy text', () => {
  it.each(['application/yaml', 'text/yaml', 'text/plain', 'application/json'])('is passed on as it came, as %s', async (type) => {
    const { status, jobs } = await ask('/v1/policy/check', { body: policyText, headers: { 'content-type': type } });
    expect(status).toBe(200);
    expect(jobs).toEqual([{ kind: 'check', text: policyText }]);
  });

  it('may be larger than a message, and no larger than a policy', async () => {
    expect((await ask('/v1/policy/check', { body: `# ${'x'.repeat(200_000)}\n${policyText}`, headers: yaml })).status).toBe(200);
    expect(await ask('/v1/policy/check', { body: 'x'.repeat(1_048_577), headers: yaml })).toMatchObject({ status: 413, jobs: [] });
  });

  it('must be there, as text, without a coding', async () => {
    expect(await ask('/v1/policy/check', { body: '', headers: yaml })).toMatchObject({ status: 400, json: { type: 'urn:weir:problem:emptyBody' } });
    expect((await ask('/v1/policy/check', { body: 'x', headers: { 'content-type': 'image/png' } })).status).toBe(415);
    expect((await ask('/v1/policy/check', { body: 'x', headers: { ...yaml, 'content-encoding': 'gzip' } })).status).toBe(415);
    expect(await ask('/v1/policies/WA/diff', { method: 'POST' })).toMatchObject({ status: 400, json: { type: 'urn:weir:problem:emptyBody' } });
  });

  it('is proved as a draft, and without one the policy in force is', async () => {
    expect((await ask('/v1/policies/WA/prove?claim=WA-C1', { body: policyText, headers: yaml })).jobs).toEqual([{ kind: 'prove', owner: 'WA', draft: policyText, claim: 'WA-C1' }]);
    expect((await ask('/v1/policies/WA/prove', { method: 'POST' })).jobs).toEqual([{ kind: 'prove', owner: 'WA', draft: null, claim: null }]);
    expect((await ask('/v1/policies/WA/diff', { body: policyText, headers: yaml })).jobs).toEqual([{ kind: 'diff', owner: 'WA', draft: policyText }]);
  });

  it('that is not sound is a problem that quotes nothing of it', async () => {
    const { status, json: problem } = await ask('/v1/policies/WA/prove', { method: 'POST' }, { run: () => Promise.resolve({ ok: false, problem: 'unsoundPolicy', reasons: ['line 3, column 1: unknownKey'] }) });
    expect(status).toBe(422);
    expect(problem).toMatchObject({ type: 'urn:weir:problem:unsoundPolicy', reasons: ['line 3, column 1: unknownKey'] });
  });
});

describe('the claims of an owner', () => {
  const verdict = (over: Partial<StoredVerdict>): StoredVerdict => ({
    owner: 'WA', policyVersion: 14, registryVersion: 9, claim: 'WA-C1', world: 'honoured', domain: 'registry', decides: true, holds: false, count: 2, names: ['ICE'],
    asker: 'Juniper County Sheriff (invented)', sentence: 'The sheriff asks.', checkedAt: new Date('2026-03-02T10:00:00Z'), ...over,
  });

  it('come with the verdicts of the latest check', async () => {
    const verdicts = [verdict({}), verdict({ world: 'possible', decides: false, holds: 'capped', count: null, names: [], asker: null, sentence: null })];
    const { json: claims } = await ask('/v1/policies/WA/claims', {}, { verdicts: (_owner, version) => Promise.resolve(version === 14 ? verdicts : []) });
    expect(claims).toMatchObject({
      owner: 'WA', checkedAt: '2026-03-02T10:00:00.000Z', registryVersion: 9,
      claims: [{ id: 'WA-C1', holds: false, verdicts: [{ decides: true, holds: false, count: 2, names: ['ICE'], asker: 'Juniper County Sheriff (invented)' }, { holds: 'capped', count: null }] }],
    });
  });

  it('have no verdict before the first check', async () => {
    expect((await ask('/v1/policies/WA/claims')).json).toMatchObject({ checkedAt: null, registryVersion: null, claims: [{ id: 'WA-C1', holds: null, verdicts: [] }] });
  });
});

describe('who can obtain what', () => {
  it('is asked with words of the vocabulary', async () => {
    expect((await ask('/v1/policies/WA/access')).jobs).toEqual([{ kind: 'access', owner: 'WA', dataClass: null, world: 'honoured', who: null }]);
    const path = `/v1/policies/WA/access?class=photo&world=possible&who=${encodeURIComponent('mission=immigrationEnforcement,level=federal|state')}`;
    expect((await ask(path)).jobs).toEqual([{ kind: 'access', owner: 'WA', dataClass: 'photo', world: 'possible', who: { to: { mission: ['immigrationEnforcement'], level: ['federal', 'state'] } } }]);
    expect((await ask('/v1/policies/WA/access?who=waicee01z')).jobs).toEqual([{ kind: 'access', owner: 'WA', dataClass: null, world: 'honoured', who: { ori: 'WAICEE01Z' } }]);
    expect((await ask('/v1/policies/WA/paths?to=us%2Fdhs&class=photo&limit=50')).jobs).toEqual([{ kind: 'paths', owner: 'WA', to: 'us/dhs', dataClass: 'photo', world: 'honoured', limit: 50 }]);
  });

  it.each(['access?class=planted', 'access?world=planted', 'access?who=planted', 'access?who=mission%3Dplanted', 'paths?class=photo', 'paths?to=x', 'paths?to=x&class=photo&limit=51', 'paths?to=x&class=photo&limit=0'])('takes no question like %s, and quotes nothing of it', async (query) => {
    const { status, body, jobs } = await ask(`/v1/policies/WA/${query}`);
    expect(status).toBe(400);
    expect(body).not.toContain('planted');
    expect(jobs).toEqual([]);
  });

  it('says when to try again where the desk is busy', async () => {
    const { status, headers } = await ask('/v1/policies/WA/access', {}, { run: () => Promise.resolve({ ok: false, problem: 'proofBusy' }) });
    expect(status).toBe(503);
    expect(headers['retry-after']).toBe('5');
  });
});

describe('a question', () => {
  it('is asked for an agency or for attributes, and what it leaves out is not stated', async () => {
    const { jobs } = await ask('/v1/policies/WA/ask', question({ as: agency.ori, classes: ['photo'], warrant: 'numbered' }));
    expect(jobs).toEqual([{ kind: 'ask', owner: 'WA', question: { asker: agency.ori, classes: ['photo'], purpose: 'notStated', warrant: 'numbered', court: 'notStated', caseNumber: 'none', query: 'lookup' } }]);
    const [job] = (await ask('/v1/policies/WA/ask', question({ attributes: { level: 'federal', department: 'DHS', component: ['ICE', 'ERO'], homeState: 'none', program287g: 'none' } }))).jobs;
    expect(job).toMatchObject({ question: { asker: { level: 'federal', component: ['ICE', 'ERO'], mission: ['undeclared'] } } });
  });

  it.each([
    {}, { as: agency.ori, attributes: { level: 'federal' } }, { as: 'lower' }, { as: agency.ori, classes: [] }, { as: agency.ori, classes: ['planted'] }, { as: agency.ori, planted: 1 },
    { attributes: { planted: 'x' } }, { attributes: { level: 'planted' } }, { attributes: { level: ['state', 'county'] } }, { attributes: { level: 'county', department: 'DHS' } }, [], 'x', null,
  ])('like %j is not taken, and nothing of it is quoted', async (body) => {
    const answer = await ask('/v1/policies/WA/ask', { body: JSON.stringify(body), headers: json });
    expect(answer).toMatchObject({ status: 400, json: { type: 'urn:weir:problem:badBody' }, jobs: [] });
    expect(answer.body).not.toContain('planted');
  });

  it('has at most 64 KiB', async () => {
    expect((await ask('/v1/policies/WA/ask', { body: JSON.stringify({ as: 'x'.repeat(70_000) }), headers: json })).status).toBe(413);
  });
});

describe('over mutual TLS', () => {
  let authority: TestAuthority;
  let server: TestCertificate;
  let client: TestCertificate;
  let secure: string;
  let enrolled: Enrolment | null = null;
  beforeAll(async () => {
    authority = await testAuthority('Test authority');
    [server, client] = await Promise.all([authority.issue('exchange', 'server'), authority.issue('police', 'client')]);
    ({ url: secure } = await startTest(testDeps({
      mode: 'production', policyDesk: standIn, credentials: { of: () => enrolled }, listener: { kind: 'mtls', key: server.key, cert: server.cert, ca: [authority.cert] },
    })));
  });

  async function as(enrolment: Enrolment | null, path: string, options: CallOptions = {}): Promise<{ status: number; jobs: readonly ProofJob[] }> {
    const desk = (standing = testDesk());
    enrolled = enrolment;
    const agent = new Agent({ ca: authority.cert, cert: client.cert, key: client.key });
    const { status } = await call(`${secure}${path}`, { ...options, agent });
    agent.destroy();
    return { status, jobs: desk.jobs };
  }

  const police: Enrolment = { oris: new Set([agency.ori]) };
  const operator: Enrolment = { oris: new Set(), operator: true };
  const draft: CallOptions = { body: policyText, headers: yaml };
  const ofAll: readonly (readonly [string, CallOptions])[] = [
    ['/v1/policies/WA/claims', {}], ['/v1/policies/WA/access', {}], ['/v1/policies/WA/paths?to=x&class=photo', {}], ['/v1/policies/WA/prove', draft], ['/v1/policies/WA/diff', draft],
    ['/v1/policies/WA/ask', question({ as: 'ZZ0009999' })],
  ];
  const forEnrolled: readonly (readonly [string, CallOptions])[] = [
    ['/v1/policies/WA', {}], ['/v1/policies/WA/page', {}], ['/v1/policies/WA/export?as=cedar', {}], ['/v1/policy/check', draft],
    ['/v1/policies/WA/ask', question({ as: agency.ori })], ['/v1/policies/WA/ask', question({ attributes: { level: 'county' } })],
  ];

  it.each([...ofAll, ...forEnrolled])('%s is nothing for an unknown certificate', async (path, options) => {
    expect(await as(null, path, options)).toEqual({ status: 403, jobs: [] });
  });

  it.each(ofAll)('%s tells of other agencies, and is for operators', async (path, options) => {
    expect(await as(police, path, options)).toEqual({ status: 403, jobs: [] });
    expect((await as(operator, path, options)).status).toBe(200);
  });

  it.each(forEnrolled)('%s is for everybody who is enrolled', async (path, options) => {
    expect((await as(police, path, options)).status).toBe(200);
  });
});
