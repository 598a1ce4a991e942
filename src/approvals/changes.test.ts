import { beforeEach, describe, expect, it } from 'vitest';
import { checkPolicy } from '../policy/index.ts';
import { affiliation, smallContent } from '../registry/cases.ts';
import { importContent } from '../registry/index.ts';
import { listPolicies, openPolicies, readPolicy } from '../store/policies.ts';
import { code, hour, narrower, policy, useDesk, wider, type Office } from './cases.ts';
import type { ChangeActor } from './index.ts';

const desk = useDesk();
let office: Office;
let author: ChangeActor;
let approver: ChangeActor;
let privacy: ChangeActor;
beforeEach(() => { ({ office, author, approver, privacy } = desk.now()); });
const inForce = () => desk.inForce(office);

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
    await importContent(desk.postgres.sql, { ...smallContent, affiliations: [affiliation('program287g', 'co/springfield', 'us/dhs/ice', { detail: 'taskForce', grade: 'inseparable' })] }, 'newer');
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
    const live = await openPolicies(desk.postgres.sql, { now: () => office.now });
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
    expect((await listPolicies(desk.postgres.sql, 'CO')).map(({ version }) => version)).toEqual([2, 1]);
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
    expect((await readPolicy(desk.postgres.sql, 'CO', 2))?.text).toBe(narrower());
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
