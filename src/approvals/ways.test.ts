import { beforeEach, describe, expect, it } from 'vitest';
import { readPolicy } from '../store/policies.ts';
import { at, code, hour, narrower, policy, useDesk, wider, type Office } from './cases.ts';
import { defaultApprovalRule, type ChangeActor } from './index.ts';

const desk = useDesk();
let office: Office;
let author: ChangeActor;
let approver: ChangeActor;
let privacy: ChangeActor;
beforeEach(() => { ({ office, author, approver, privacy } = desk.now()); });
const inForce = () => desk.inForce(office);

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
    expect((await readPolicy(desk.postgres.sql, 'CO', 3))?.text).toBe(policy(1).replace('version: 1', 'version: 3'));
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
    expect((await readPolicy(desk.postgres.sql, 'CO', undefined, new Date(office.now)))?.text).toBe(policy(1).replace('version: 1', 'version: 4'));
    expect(await code(begin(await office.person('ownerOfficial', { like: privacy }), narrower(5)))).toBe('CHANGE_TWICE');
    expect(await code(begin(approver, narrower(5)))).toBe('done');
  });

  it('brings a change for a time back with its end', async () => {
    const proposal = await office.proposed(author, narrower(), { endsAt: at(office.now + 48 * hour) });
    await office.approve(approver, proposal);
    await begin(approver, wider(3));
    office.now += 2 * hour;
    await office.changes.tick(office.now);
    expect((await readPolicy(desk.postgres.sql, 'CO', 4))?.text).toContain('CO-2');
    office.now += 46 * hour;
    await office.changes.tick(office.now);
    expect(await inForce()).toBe(5);
    expect((await readPolicy(desk.postgres.sql, 'CO', 5))?.text).not.toContain('CO-2');
  });

  it('needs a role, sound rules, claims that hold, and an end that the rule allows', async () => {
    expect(await code(begin(author))).toBe('CHANGE_ROLE');
    expect(await code(begin(approver, narrower(), 73))).toBe('CHANGE_FIELD');
    expect(await code(begin(approver, narrower(), 0.5))).toBe('CHANGE_FIELD');
    // Who gave too few hours is not told to give fewer.
    await expect(begin(approver, narrower(), 0)).rejects.toMatchObject({ code: 'CHANGE_FIELD', mend: expect.not.stringContaining('fewer') as string });
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

  it('is refused in words, and names its field as it is sent', async () => {
    const refused = office.changes.proposeRule('CO', { rule: { ...defaultApprovalRule, emergencyHours: 73 }, reason: 'r' }, author);
    await expect(refused).rejects.toMatchObject({ message: expect.not.stringContaining('emergencyHours') as string, mend: expect.stringContaining('`emergencyHours`') as string });
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
    await desk.postgres.sql`update role_grant set ended_at = now() where account = ${approver.account}`;
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
