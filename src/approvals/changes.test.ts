import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestPostgres, type TestPostgres } from '../../test/postgres.ts';
import { checkPolicy } from '../policy/index.ts';
import { affiliation, smallContent } from '../registry/cases.ts';
import { importContent } from '../registry/index.ts';
import { activatePolicy, listPolicies, openPolicies, readPolicy } from '../store/policies.ts';
import { Office, policy, refusal } from './cases.ts';
import { ChangeError, defaultApprovalRule, type ChangeActor } from './index.ts';

let postgres: TestPostgres;
let office: Office;
let author: ChangeActor;
let approver: ChangeActor;
let privacy: ChangeActor;

beforeAll(async () => { postgres = await startTestPostgres({ migrate: true }); });
beforeEach(async () => {
  office = new Office(postgres);
  await importContent(postgres.sql, smallContent, 'a test');
  await activatePolicy(postgres.sql, policy(1), { author: 'a test', at: new Date(office.now) });
  [author, approver, privacy] = [await office.person('policyAuthor'), await office.person('policyApprover'), await office.person('privacyApprover')];
});
afterEach(async () => {
  expect(office.faults).toEqual([]);
  await postgres.sql`truncate policy_version, claim_verdict, claim_override, registry_version, registry_organisation, registry_office, registry_affiliation, registry_certification, policy_table,
    policy_draft, policy_proposal, policy_approval, policy_comment, approval_rule, approval_deputy, act, ledger_outbox, account, person cascade`;
});
afterAll(async () => { await postgres.stop(); });

const code = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work;
    return 'done';
  } catch (error) {
    if (error instanceof ChangeError) return error.code;
    throw error;
  }
};
const inForce = async () => (await readPolicy(postgres.sql, 'CO', undefined, new Date(office.now)))?.version;
const wider = (version = 2) => policy(version, { to: '[municipal, county]' });
const narrower = (version = 2) => policy(version, { extra: refusal });
const hour = 3_600_000;
const at = (ms: number) => new Date(ms).toISOString();

describe('a draft', () => {
  it('begins from what is in force under the next number, and keeps its author\'s text', async () => {
    const draft = await office.changes.begin('CO', { title: 'First', text: null }, author);
    expect(draft).toMatchObject({ etag: 1, text: policy(1).replace('version: 1\n', 'version: 2\n').replace('# version 2', '# version 1'), checks: null });
    expect(await office.changes.drafts('CO')).toMatchObject([{ id: draft.id, title: 'First' }]);
    expect(await office.changes.drafts('WA')).toEqual([]);
    expect(await office.changes.draft('WA', draft.id)).toBeNull();
  });

  it('is saved by one of 64 at once that read the same version', async () => {
    const { id } = await office.changes.begin('CO', { title: 'First', text: wider() }, author);
    const done = await Promise.all(Array.from({ length: 64 }, (_, n) => code(office.changes.save('CO', id, { title: 'First', text: `${wider()}# ${n}\n`, etag: 1 }, author))));
    expect([done.filter((one) => one === 'done').length, done.filter((one) => one === 'CHANGE_STALE').length]).toEqual([1, 63]);
    expect(await office.changes.draft('CO', id)).toMatchObject({ etag: 2 });
    expect((await office.told('draftSaved')).filter(({ result }) => result === 'refused')).toHaveLength(63);
  });

  it('loses its checks with its text, and keeps them with a new title', async () => {
    const { id } = await office.changes.begin('CO', { title: 'First', text: wider() }, author);
    expect(await office.changes.check('CO', id, author)).toMatchObject({ ok: true, effect: 'widening', base: { version: 1 }, registry: { version: 1 } });
    expect((await office.changes.save('CO', id, { title: 'Second', text: wider(), etag: 1 }, author)).checks).not.toBeNull();
    expect((await office.changes.save('CO', id, { title: 'Second', text: narrower(), etag: 2 }, author)).checks).toBeNull();
  });

  it('takes comments on a rule, and nothing once it is dropped', async () => {
    const { id } = await office.changes.begin('CO', { title: 'First', text: wider() }, author);
    await office.changes.comment('CO', { draft: id }, { rule: 'CO-1', text: 'Why counties?' }, approver);
    expect((await office.changes.draft('CO', id))?.comments).toMatchObject([{ rule: 'CO-1', text: 'Why counties?', by: approver.account }]);
    await office.changes.drop('CO', id, author);
    expect(await code(office.changes.comment('CO', { draft: id }, { rule: null, text: 'Late' }, approver))).toBe('CHANGE_UNKNOWN');
    expect(await code(office.changes.save('CO', id, { title: 'x', text: 'y', etag: 1 }, author))).toBe('CHANGE_UNKNOWN');
  });

  it.each([
    ['no title', { title: ' ', text: 'x' }], ['a title of two lines', { title: 'a\nb', text: 'x' }], ['a text with NUL', { title: 'a', text: 'x\0' }], ['a text of 2 MiB', { title: 'a', text: 'x'.repeat(2_097_152) }], ['half a character', { title: 'a', text: '\ud800' }],
  ])('is not begun with %s', async (_name, request) => {
    expect(await code(office.changes.begin('CO', request, author))).toBe('CHANGE_FIELD');
  });

  it('is written by authors only', async () => {
    expect(await code(office.changes.begin('CO', { title: 'x', text: null }, approver))).toBe('CHANGE_ROLE');
  });
});

describe('a proposal', () => {
  it('is made of a text that was checked as it stands, passed, and is above the newest version', async () => {
    const propose = (draft: { id: string; etag: number }) => code(office.changes.propose('CO', { draft: draft.id, etag: draft.etag, reason: 'why', startsAt: null, endsAt: null }, author));
    const unchecked = await office.changes.begin('CO', { title: 'x', text: wider() }, author);
    expect(await propose(unchecked)).toBe('CHANGE_CHECKS');
    for (const text of [wider(1), 'policy: CO\n', wider().replaceAll('CO', 'WA')]) {
      const draft = await office.changes.begin('CO', { title: 'x', text }, author);
      expect(await office.changes.check('CO', draft.id, author)).toMatchObject({ ok: false });
      expect(await propose(draft)).toBe('CHANGE_CHECKS');
    }
    const draft = await office.changes.begin('CO', { title: 'x', text: wider() }, author);
    await office.changes.check('CO', draft.id, author);
    expect(await propose({ ...draft, etag: 2 })).toBe('CHANGE_STALE');
    await importContent(postgres.sql, { ...smallContent, affiliations: [affiliation('program287g', 'co/springfield', 'us/dhs/ice', { detail: 'taskForce', grade: 'inseparable' })] }, 'newer');
    expect(await propose(draft)).toBe('CHANGE_CHECKS');
    await office.changes.check('CO', draft.id, author);
    office.now += 24 * hour;
    expect(await propose(draft)).toBe('CHANGE_CHECKS');
    await office.changes.check('CO', draft.id, author);
    expect(await propose(draft)).toBe('done');
  });

  it('is never made with a claim that fails', async () => {
    const draft = await office.changes.begin('CO', { title: 'x', text: policy(2, { claim: '{ id: CO-C1, never: { to: { level: municipal }, data: photo, by: direct } }' }) }, author);
    expect(await office.changes.check('CO', draft.id, author)).toMatchObject({ ok: false, claims: [{ claim: 'CO-C1', holds: false }] });
    expect(await code(office.changes.propose('CO', { draft: draft.id, etag: 1, reason: 'why', startsAt: null, endsAt: null }, author))).toBe('CHANGE_CHECKS');
  });

  it('is in force everywhere after one approval where it is narrowing, and after two with the privacy office where it is widening', async () => {
    const live = await openPolicies(postgres.sql, { now: () => office.now });
    try {
      const narrow = await office.proposed(author, narrower());
      expect(narrow).toMatchObject({ effect: 'narrowing', needs: { approvals: 1, privacy: 0 }, state: 'open' });
      expect(await office.approve(approver, narrow)).toMatchObject({ state: 'inForce' });
      await expect.poll(() => live.of('CO')?.version).toBe(2);
      const wide = await office.proposed(author, wider(3));
      expect(wide).toMatchObject({ effect: 'widening', needs: { approvals: 2, privacy: 1 } });
      expect(await office.approve(approver, wide)).toMatchObject({ state: 'open' });
      expect(await inForce()).toBe(2);
      expect(await code(office.approve(await office.person('policyApprover'), wide))).toBe('CHANGE_ROLE');
      expect(await office.approve(privacy, wide)).toMatchObject({ state: 'inForce', approvals: [{ account: approver.account }, { account: privacy.account, role: 'privacyApprover' }] });
      expect(await inForce()).toBe(3);
      expect(await office.changes.proposal('CO', narrow.id)).toMatchObject({ state: 'superseded' });
      expect((await office.events()).map(({ entry }) => entry.event).filter((event) => event.startsWith('policy'))).toEqual(
        ['policyActivated', 'policyProposed', 'policyApproved', 'policyActivated', 'policyProposed', 'policyApproved', 'policyApproved', 'policyActivated']);
    } finally { await live.close(); }
  });

  it('counts exactly as many as are needed of 64 who approve at once, and activates once', async () => {
    const proposal = await office.proposed(author, wider());
    const people = await Promise.all(Array.from({ length: 64 }, (_, n) => office.person(n % 2 === 0 ? 'policyApprover' : 'privacyApprover')));
    const done = await Promise.all(people.map((one) => code(office.approve(one, proposal))));
    expect(done.filter((one) => one === 'done')).toHaveLength(2);
    expect(new Set(done)).toEqual(new Set([...(done.includes('CHANGE_ROLE') ? ['CHANGE_ROLE'] : []), 'done', 'CHANGE_STATE']));
    expect((await office.changes.proposal('CO', proposal.id))?.approvals).toHaveLength(2);
    expect((await listPolicies(postgres.sql, 'CO')).map(({ version }) => version)).toEqual([2, 1]);
    expect(await office.told('approvalRefused')).toHaveLength(62);
    expect(await office.told('activated')).toHaveLength(1);
    expect(await office.events('policyApproved')).toHaveLength(2);
  });

  it('refuses an approval of another text than stands', async () => {
    const proposal = await office.proposed(author, narrower());
    const draft = (await office.changes.drafts('CO'))[0];
    await office.changes.save('CO', draft?.id ?? '', { title: 'x', text: wider(), etag: 1 }, author);
    const edited = checkPolicy(wider());
    expect(await code(office.approve(approver, { ...proposal, hash: edited.ok ? edited.hash : '' }))).toBe('CHANGE_STALE');
    expect(await office.told('approvalRefused')).toMatchObject([{ who: approver.account, about: proposal.id, result: 'refused', detail: { code: 'CHANGE_STALE' } }]);
    expect((await office.changes.proposal('CO', proposal.id))?.text).toBe(narrower());
    expect(await office.approve(approver, proposal)).toMatchObject({ state: 'inForce' });
    expect((await readPolicy(postgres.sql, 'CO', 2))?.text).toBe(narrower());
  });

  it('is never approved by an author, by any account of theirs, nor by who wrote of the text', async () => {
    const proposal = await office.proposed(author, narrower());
    const second = await office.person('policyApprover', { like: author });
    expect(await code(office.approve(second, proposal))).toBe('CHANGE_OWN');
    // An account that belongs to the author now, though the session says another person.
    const strange = await office.person('policyApprover', { like: author });
    expect(await code(office.approve({ ...strange, person: 'U-000000000000' }, proposal))).toBe('CHANGE_OWN');
    const helper = await office.person('ownerOfficial');
    const draft = await office.changes.begin('CO', { title: 'x', text: narrower() }, author);
    await office.changes.save('CO', draft.id, { title: 'x', text: `${narrower()}# one more line\n`, etag: 1 }, helper);
    await office.changes.check('CO', draft.id, author);
    const shared = await office.changes.propose('CO', { draft: draft.id, etag: 2, reason: 'why', startsAt: null, endsAt: null }, author);
    expect(await code(office.approve(await office.person('policyApprover', { like: helper }), shared))).toBe('CHANGE_OWN');
    expect(await office.told('approvalRefused')).toHaveLength(3);
    expect(await inForce()).toBe(1);
  });

  it('counts a person once, whatever account they use', async () => {
    const proposal = await office.proposed(author, wider());
    await office.approve(approver, proposal);
    expect(await code(office.approve(approver, proposal))).toBe('CHANGE_TWICE');
    expect(await code(office.approve(await office.person('privacyApprover', { like: approver }), proposal))).toBe('CHANGE_TWICE');
    expect(await office.told('approvalRefused')).toHaveLength(2);
    expect(await inForce()).toBe(1);
  });

  it('is decided by approvers only, with a reason, at its own owner', async () => {
    const proposal = await office.proposed(author, narrower());
    for (const role of ['ownerOfficial', 'auditor', 'reviewer', 'operator'] as const) expect(await code(office.approve(await office.person(role), proposal))).toBe('CHANGE_ROLE');
    expect(await code(office.changes.decide('CO', proposal.id, { hash: proposal.hash, decision: 'approve', reason: ' ' }, approver))).toBe('CHANGE_FIELD');
    expect(await code(office.changes.decide('CO', proposal.id, { hash: 'x', decision: 'approve', reason: 'r' }, approver))).toBe('CHANGE_FIELD');
    expect(await code(office.approve(approver, { ...proposal, owner: 'WA' }))).toBe('CHANGE_UNKNOWN');
    expect(await code(office.approve(approver, { ...proposal, id: 'P-000000000000' }))).toBe('CHANGE_UNKNOWN');
  });

  it.each([['return', 'returned', 'policyReturned'], ['reject', 'rejected', 'policyRejected']] as const)('ends with a decision to %s it', async (decision, state, event) => {
    const proposal = await office.proposed(author, wider());
    expect(await office.changes.decide('CO', proposal.id, { hash: proposal.hash, decision, reason: 'Not yet.' }, approver)).toMatchObject({ state, approvals: [{ decision, reason: 'Not yet.' }] });
    expect(await code(office.approve(privacy, proposal))).toBe('CHANGE_STATE');
    expect(await office.events(event)).toMatchObject([{ entry: { subject: `CO 2 ${proposal.id}`, hash: proposal.hash } }]);
  });

  it('is withdrawn by its author alone', async () => {
    const proposal = await office.proposed(author, wider());
    expect(await code(office.changes.withdraw('CO', proposal.id, { reason: 'r' }, await office.person('policyAuthor')))).toBe('CHANGE_ROLE');
    expect(await office.changes.withdraw('CO', proposal.id, { reason: 'r' }, author)).toMatchObject({ state: 'withdrawn' });
    expect(await code(office.approve(approver, proposal))).toBe('CHANGE_STATE');
  });
});

describe('what changes under a proposal', () => {
  it('begins the approvals anew where another policy is in force, and ends them where its number is taken', async () => {
    const proposal = await office.proposed(author, policy(5, { to: '[municipal, county]' }));
    await office.approve(approver, proposal);
    await activatePolicy(postgres.sql, narrower(2), { author: 'the machine', at: new Date(office.now) });
    expect(await code(office.approve(privacy, proposal))).toBe('CHANGE_CHECKS');
    expect(await office.changes.proposal('CO', proposal.id)).toMatchObject({ state: 'open', round: 2, approvals: [] });
    expect(await code(office.changes.decide('CO', proposal.id, { hash: proposal.hash, decision: 'approve', reason: 'An old page.', round: 1 }, privacy))).toBe('CHANGE_CHECKS');
    expect(await code(office.approve(privacy, proposal))).toBe('done');
    expect(await office.changes.proposal('CO', proposal.id)).toMatchObject({ state: 'open', checks: { base: { version: 2 } }, approvals: [{ account: privacy.account }] });
    await activatePolicy(postgres.sql, narrower(5), { author: 'the machine', at: new Date(office.now) });
    expect(await code(office.approve(approver, proposal))).toBe('CHANGE_CHECKS');
    expect(await inForce()).toBe(5);
  });

  it('keeps the approvals where a newer registry changes nothing', async () => {
    const proposal = await office.proposed(author, wider());
    await office.approve(approver, proposal);
    await importContent(postgres.sql, { ...smallContent, affiliations: [affiliation('program287g', 'co/springfield', 'us/dhs/ice', { detail: 'taskForce', grade: 'inseparable' })] }, 'newer');
    expect(await office.approve(privacy, proposal)).toMatchObject({ state: 'inForce', checks: { registry: { version: 2 } } });
  });

  it('is not approved where a claim fails on the registry of the day', async () => {
    const proposal = await office.proposed(author, policy(2, { claim: '{ id: CO-C1, never: { to: { component: ICE }, data: photo, by: anyPath } }' }));
    await importContent(postgres.sql, { ...smallContent, affiliations: [affiliation('program287g', 'co/springfield', 'us/dhs/ice', { detail: 'taskForce', grade: 'inseparable' })] }, 'newer');
    // The first is told that it changed; the second, which has seen it, that it cannot be approved.
    expect(await code(office.approve(approver, proposal))).toBe('CHANGE_CHECKS');
    expect(await code(office.approve(approver, proposal))).toBe('CHANGE_CHECKS');
    expect(await office.changes.proposal('CO', proposal.id)).toMatchObject({ state: 'open', checks: { ok: false, claims: [{ holds: false }] } });
    expect(await inForce()).toBe(1);
  });

  it('leaves nothing half done where the transaction breaks off', async () => {
    const breaking = new Office(postgres, { acts: (acts) => ({ ...acts, put: async (tx, act) => { if (act.act === 'activated') throw new Error('planted'); return acts.put(tx, act); } }) });
    const proposal = await office.proposed(author, narrower());
    await expect(breaking.approve(approver, proposal)).rejects.toThrow('planted');
    expect(await inForce()).toBe(1);
    expect(await office.changes.proposal('CO', proposal.id)).toMatchObject({ state: 'open', approvals: [] });
    expect(await office.events('policyApproved')).toEqual([]);
    expect(await office.told('approved')).toEqual([]);
    expect(await office.approve(approver, proposal)).toMatchObject({ state: 'inForce' });
  });
});

describe('the clock', () => {
  it('puts a proposal in force at its time, across a restart, once', async () => {
    const startsAt = at(office.now + 30 * hour);
    const proposal = await office.proposed(author, narrower(), { startsAt });
    expect(await office.approve(approver, proposal)).toMatchObject({ state: 'scheduled', startsAt });
    office.now += 29 * hour;
    expect(await office.changes.tick(office.now)).toBe(0);
    office = office.again();
    office.now += hour;
    await Promise.all([office.changes.tick(office.now), office.again().changes.tick(office.now), office.changes.tick(office.now)]);
    expect(await office.changes.proposal('CO', proposal.id)).toMatchObject({ state: 'inForce' });
    expect(await inForce()).toBe(2);
    expect(await office.told('activated')).toMatchObject([{ who: 'clock' }]);
    expect(await office.changes.tick(office.now)).toBe(0);
  });

  it('opens a scheduled proposal again where a claim of it fails by then, and lets one lapse whose number is taken', async () => {
    const startsAt = at(office.now + 2 * hour);
    const first = await office.proposed(author, policy(2, { claim: '{ id: CO-C1, never: { to: { component: ICE }, data: photo, by: anyPath } }' }), { startsAt });
    await office.approve(approver, first);
    await importContent(postgres.sql, { ...smallContent, affiliations: [affiliation('program287g', 'co/springfield', 'us/dhs/ice', { detail: 'taskForce', grade: 'inseparable' })] }, 'newer');
    office.now += 2 * hour;
    await office.changes.tick(office.now);
    expect(await office.changes.proposal('CO', first.id)).toMatchObject({ state: 'open', approvals: [], checks: { ok: false } });
    const second = await office.proposed(author, narrower(), { startsAt: at(office.now + hour) });
    await office.approve(approver, second);
    await activatePolicy(postgres.sql, wider(2), { author: 'the machine', at: new Date(office.now) });
    office.now += hour;
    await office.changes.tick(office.now);
    expect(await office.changes.proposal('CO', second.id)).toMatchObject({ state: 'lapsed' });
  });

  it('lets a proposal lapse', async () => {
    const proposal = await office.proposed(author, wider());
    office.now += 14 * 24 * hour;
    expect(await code(office.approve(approver, proposal))).toBe('CHANGE_STATE');
    expect(await office.again().changes.tick(office.now)).toBe(1);
    expect(await office.changes.proposal('CO', proposal.id)).toMatchObject({ state: 'lapsed' });
    expect(await office.events('policyLapsed')).toHaveLength(1);
  });

  it('wants the first day of the policy to have come by its start, and times that lie ahead', async () => {
    const try_ = (text: string, over: { startsAt?: string; endsAt?: string }) => code(office.proposed(author, text, over));
    const later = policy(2, { extra: refusal, effective: '2026-03-10' });
    expect(await try_(later, {})).toBe('CHANGE_TIME');
    expect(await try_(later, { startsAt: '2026-03-09T00:00:00Z' })).toBe('CHANGE_TIME');
    expect(await try_(later, { startsAt: '2026-03-10T00:00:00Z' })).toBe('done');
    expect(await try_(narrower(), { startsAt: at(office.now - 1) })).toBe('CHANGE_TIME');
    expect(await try_(narrower(), { endsAt: at(office.now) })).toBe('CHANGE_TIME');
    expect(await try_(narrower(), { startsAt: 'tomorrow' })).toBe('CHANGE_FIELD');
  });

  it('brings back what stood before at the end of a change for a time', async () => {
    const proposal = await office.proposed(author, narrower(), { endsAt: at(office.now + 48 * hour) });
    await office.approve(approver, proposal);
    office.now += 48 * hour;
    await office.changes.tick(office.now);
    expect(await inForce()).toBe(3);
    expect((await readPolicy(postgres.sql, 'CO', 3))?.text).toBe(policy(1).replace('version: 1', 'version: 3'));
    expect(await office.changes.proposal('CO', proposal.id)).toMatchObject({ state: 'ended' });
  });
});

describe('an emergency', () => {
  const begin = (actor: ChangeActor, text = narrower(), hours = 2) => office.changes.emergency('CO', { text, reason: 'A leak.', hours }, actor);

  it('is in force at once by one person, and ends by itself across a restart', async () => {
    const done = await begin(approver);
    expect(done).toMatchObject({ kind: 'emergency', state: 'inForce', endsAt: at(office.now + 2 * hour), needs: { approvals: 0 } });
    expect(await inForce()).toBe(2);
    expect(await office.events('emergencyBegun')).toMatchObject([{ entry: { subject: `CO 2 ${done.id}`, detail: { account: approver.account } } }]);
    office.now += 2 * hour - 1;
    expect(await office.changes.tick(office.now)).toBe(0);
    office.now += 1;
    await Promise.all([office.again().changes.tick(office.now), office.again().changes.tick(office.now)]);
    expect(await inForce()).toBe(3);
    expect((await readPolicy(postgres.sql, 'CO', 3))?.text).toBe(policy(1).replace('version: 1', 'version: 3'));
    expect(await office.changes.proposal('CO', done.id)).toMatchObject({ state: 'ended' });
    expect(await office.events('emergencyEnded')).toMatchObject([{ entry: { detail: { restored: 1, as: 3 } } }]);
    expect(await office.told('emergencyEnded')).toHaveLength(1);
  });

  it('is left as it is where a proposal took its place meanwhile', async () => {
    const done = await begin(approver);
    const proposal = await office.proposed(author, wider(3));
    await office.approve(approver, proposal);
    await office.approve(privacy, proposal);
    expect(await office.changes.proposal('CO', done.id)).toMatchObject({ state: 'superseded' });
    office.now += 3 * hour;
    expect(await office.changes.tick(office.now)).toBe(0);
    expect(await inForce()).toBe(3);
    expect(await office.events('emergencyEnded')).toHaveLength(1);
  });

  it('is not held longer than the rule says, by one upon another', async () => {
    await begin(approver, narrower(), 72);
    office.now += 71 * hour;
    const next = await begin(privacy, narrower(3).replace('deny', 'deny'), 72);
    expect(next.endsAt).toBe(at(office.now + hour));
    office.now += hour;
    await office.changes.tick(office.now);
    expect((await readPolicy(postgres.sql, 'CO', undefined, new Date(office.now)))?.text).toBe(policy(1).replace('version: 1', 'version: 4'));
    expect(await code(begin(await office.person('ownerOfficial', { like: privacy }), narrower(5)))).toBe('CHANGE_TWICE');
    expect(await code(begin(approver, narrower(5)))).toBe('done');
  });

  it('brings a change for a time back with its end', async () => {
    const proposal = await office.proposed(author, narrower(), { endsAt: at(office.now + 48 * hour) });
    await office.approve(approver, proposal);
    await begin(approver, wider(3));
    office.now += 2 * hour;
    await office.changes.tick(office.now);
    expect((await readPolicy(postgres.sql, 'CO', 4))?.text).toContain('CO-2');
    office.now += 46 * hour;
    await office.changes.tick(office.now);
    expect(await inForce()).toBe(5);
    expect((await readPolicy(postgres.sql, 'CO', 5))?.text).not.toContain('CO-2');
  });

  it('needs a role, sound rules, claims that hold, and an end that the rule allows', async () => {
    expect(await code(begin(author))).toBe('CHANGE_ROLE');
    expect(await code(begin(approver, narrower(), 73))).toBe('CHANGE_FIELD');
    expect(await code(begin(approver, narrower(), 0.5))).toBe('CHANGE_FIELD');
    expect(await code(begin(approver, 'rules'))).toBe('CHANGE_CHECKS');
    expect(await code(begin(approver, policy(2, { claim: '{ id: CO-C1, never: { to: { level: municipal }, data: photo, by: direct } }' })))).toBe('CHANGE_CHECKS');
    expect(await inForce()).toBe(1);
  });

  it('is begun by many at once only upon what they saw', async () => {
    const done = await Promise.all(Array.from({ length: 16 }, () => code(begin(approver))));
    expect(done.filter((one) => one === 'done').length).toBeGreaterThan(0);
    expect(done.every((one) => one === 'done' || one === 'CHANGE_CHECKS')).toBe(true);
    expect(await office.changes.proposals('CO', ['inForce'])).toHaveLength(1);
  });
});

describe('one step back', () => {
  it('is a proposal with the rules before, under the next number', async () => {
    await office.approve(approver, await office.proposed(author, narrower()));
    const back = await office.changes.proposeStepBack('CO', { reason: 'It refuses too much.' }, author);
    expect(back).toMatchObject({ kind: 'stepBack', version: 3, effect: 'widening', text: policy(1).replace('version: 1', 'version: 3') });
    await office.approve(privacy, back);
    expect(await office.approve(approver, back)).toMatchObject({ state: 'inForce' });
    expect(await inForce()).toBe(3);
    expect(await office.told('steppedBack')).toHaveLength(1);
  });

  it('is not there where there is no version before', async () => {
    expect(await code(office.changes.proposeStepBack('CO', { reason: 'r' }, author))).toBe('CHANGE_UNKNOWN');
  });
});

describe('the rule of approval', () => {
  it('is changed by a proposal under itself: looser needs two with the privacy office', async () => {
    expect(await office.changes.rule('CO')).toEqual(defaultApprovalRule);
    const strict = await office.changes.proposeRule('CO', { rule: { ...defaultApprovalRule, widening: 3, narrowing: 2 }, reason: 'Safer.' }, author);
    expect(strict).toMatchObject({ kind: 'rule', effect: 'narrowing', needs: { approvals: 1 }, version: null });
    const open = await office.proposed(author, narrower());
    await office.approve(approver, strict);
    expect(await office.changes.rule('CO')).toMatchObject({ widening: 3, narrowing: 2 });
    expect(await office.changes.proposal('CO', open.id)).toMatchObject({ needs: { approvals: 2 } });
    const loose = await office.changes.proposeRule('CO', { rule: defaultApprovalRule, reason: 'Too slow.' }, author);
    expect(loose).toMatchObject({ effect: 'widening', needs: { approvals: 3, privacy: 1 } });
    await office.approve(approver, loose);
    await office.approve(privacy, loose);
    expect((await office.changes.rule('CO')).widening).toBe(3);
    await office.approve(await office.person('policyApprover'), loose);
    expect((await office.changes.rule('CO')).widening).toBe(2);
    expect(await office.events('approvalRuleSet')).toHaveLength(2);
    expect(await office.changes.proposal('CO', open.id)).toMatchObject({ needs: { approvals: 1 } });
  });

  it('is not set by a proposal that was made against another', async () => {
    const [a, b] = [await office.changes.proposeRule('CO', { rule: { ...defaultApprovalRule, narrowing: 2 }, reason: 'a' }, author), await office.changes.proposeRule('CO', { rule: { ...defaultApprovalRule, emergencyHours: 24 }, reason: 'b' }, author)];
    await office.approve(approver, a);
    expect(await code(office.approve(approver, b))).toBe('CHANGE_CHECKS');
    expect(await office.changes.rule('CO')).toEqual({ ...defaultApprovalRule, narrowing: 2 });
  });

  it.each([{ widening: 1 }, { widening: 6 }, { narrowing: 0 }, { narrowing: 3 }, { lapsesAfterDays: 91 }, { emergencyHours: 73 }, { emergencyHours: 1.5 }])('is not %j', async (wrong) => {
    expect(await code(office.changes.proposeRule('CO', { rule: { ...defaultApprovalRule, ...wrong }, reason: 'r' }, author))).toBe('CHANGE_FIELD');
  });
});

describe('a deputy', () => {
  const until = () => at(office.now + 240 * hour);

  it('approves in the place of an approver, not as an author, not besides them, and not for ever', async () => {
    const deputy = await office.person('policyApprover');
    await office.changes.delegate('CO', { from: privacy.account, to: deputy.account, role: 'privacyApprover', until: until(), reason: 'Away.' }, privacy);
    const own = await office.proposed({ ...author, account: (await office.person('policyAuthor', { like: deputy })).account, person: deputy.person }, wider());
    expect(await code(office.approve(deputy, own))).toBe('CHANGE_OWN');
    const proposal = await office.proposed(author, wider());
    expect(await office.approve(deputy, proposal)).toMatchObject({ state: 'open', approvals: [{ account: deputy.account, role: 'privacyApprover' }] });
    expect(await code(office.approve(privacy, proposal))).toBe('CHANGE_TWICE');
    expect(await office.approve(approver, proposal)).toMatchObject({ state: 'inForce' });
    expect((await office.told('approved')).filter(({ detail }) => detail?.['for'] === privacy.account)).toMatchObject([{ who: deputy.account }]);
    office.now += 241 * hour;
    await office.changes.tick(office.now);
    expect(await office.told('delegationEnded')).toHaveLength(1);
    const later = await office.proposed(author, policy(3, { to: '[municipal, county, state]' }));
    expect((await office.approve(deputy, later)).approvals).toMatchObject([{ role: 'policyApprover' }]);
  });

  it('does not act for an author, nor for one who lost the role', async () => {
    const deputy = await office.person('ownerOfficial');
    await office.changes.delegate('CO', { from: approver.account, to: deputy.account, role: 'policyApprover', until: until(), reason: 'Away.' }, approver);
    const own = await office.proposed({ ...approver, role: 'policyAuthor' }, narrower());
    expect(await code(office.approve(deputy, own))).toBe('CHANGE_ROLE');
    const proposal = await office.proposed(author, narrower());
    await postgres.sql`update role_grant set ended_at = now() where account = ${approver.account}`;
    expect(await code(office.approve(deputy, proposal))).toBe('CHANGE_ROLE');
  });

  it('is named by the approver, or an official who is not the deputy, for a time', async () => {
    const [official, other] = [await office.person('ownerOfficial'), await office.person('policyApprover')];
    const name = (over: Partial<Parameters<typeof office.changes.delegate>[1]>, actor: ChangeActor) => code(office.changes.delegate('CO', { from: approver.account, to: other.account, role: 'policyApprover', until: until(), reason: 'Away.', ...over }, actor));
    expect(await name({}, other)).toBe('CHANGE_ROLE');
    expect(await name({ to: official.account }, official)).toBe('CHANGE_ROLE');
    expect(await name({ role: 'privacyApprover' }, approver)).toBe('CHANGE_ROLE');
    expect(await name({ to: (await office.person('reviewer', { like: approver })).account }, approver)).toBe('CHANGE_FIELD');
    expect(await name({ to: 'A-000000000000' }, approver)).toBe('CHANGE_UNKNOWN');
    expect(await name({ until: at(office.now - 1) }, approver)).toBe('CHANGE_TIME');
    expect(await name({ until: at(office.now + 100 * 24 * hour) }, approver)).toBe('CHANGE_TIME');
    expect(await name({}, official)).toBe('done');
  });
});
