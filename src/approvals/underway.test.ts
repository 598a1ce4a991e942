import { beforeEach, describe, expect, it } from 'vitest';
import { affiliation, smallContent } from '../registry/cases.ts';
import { importContent } from '../registry/index.ts';
import { activatePolicy, readPolicy } from '../store/policies.ts';
import { at, code, hour, narrower, Office, policy, refusal, useDesk, wider } from './cases.ts';
import type { ChangeActor } from './index.ts';

const desk = useDesk();
let office: Office;
let author: ChangeActor;
let approver: ChangeActor;
let privacy: ChangeActor;
beforeEach(() => { ({ office, author, approver, privacy } = desk.now()); });
const inForce = () => desk.inForce(office);

describe('what changes under a proposal', () => {
  it('begins the approvals anew where another policy is in force, and ends them where its number is taken', async () => {
    const proposal = await office.proposed(author, policy(5, { to: '[municipal, county]' }));
    await office.approve(approver, proposal);
    await activatePolicy(desk.postgres.sql, narrower(2), { author: 'the machine', at: new Date(office.now) });
    expect(await code(office.approve(privacy, proposal))).toBe('CHANGE_CHECKS');
    expect(await office.changes.proposal('CO', proposal.id)).toMatchObject({ state: 'open', round: 2, approvals: [] });
    expect(await code(office.changes.decide('CO', proposal.id, { hash: proposal.hash, decision: 'approve', reason: 'An old page.', round: 1 }, privacy))).toBe('CHANGE_CHECKS');
    expect(await code(office.approve(privacy, proposal))).toBe('done');
    expect(await office.changes.proposal('CO', proposal.id)).toMatchObject({ state: 'open', checks: { base: { version: 2 } }, approvals: [{ account: privacy.account }] });
    await activatePolicy(desk.postgres.sql, narrower(5), { author: 'the machine', at: new Date(office.now) });
    expect(await code(office.approve(approver, proposal))).toBe('CHANGE_CHECKS');
    expect(await inForce()).toBe(5);
  });

  it('keeps the approvals where a newer registry changes nothing', async () => {
    const proposal = await office.proposed(author, wider());
    await office.approve(approver, proposal);
    await importContent(desk.postgres.sql, { ...smallContent, affiliations: [affiliation('program287g', 'co/springfield', 'us/dhs/ice', { detail: 'taskForce', grade: 'inseparable' })] }, 'newer');
    expect(await office.approve(privacy, proposal)).toMatchObject({ state: 'inForce', checks: { registry: { version: 2 } } });
  });

  it('is not approved where a claim fails on the registry of the day', async () => {
    const proposal = await office.proposed(author, policy(2, { claim: '{ id: CO-C1, never: { to: { component: ICE }, data: photo, by: anyPath } }' }));
    await importContent(desk.postgres.sql, { ...smallContent, affiliations: [affiliation('program287g', 'co/springfield', 'us/dhs/ice', { detail: 'taskForce', grade: 'inseparable' })] }, 'newer');
    // The first is told that it changed; the second, which has seen it, that it cannot be approved.
    expect(await code(office.approve(approver, proposal))).toBe('CHANGE_CHECKS');
    expect(await code(office.approve(approver, proposal))).toBe('CHANGE_CHECKS');
    expect(await office.changes.proposal('CO', proposal.id)).toMatchObject({ state: 'open', checks: { ok: false, claims: [{ holds: false }] } });
    expect(await inForce()).toBe(1);
  });

  it('leaves nothing half done where the transaction breaks off', async () => {
    const breaking = new Office(desk.postgres, { acts: (acts) => ({ ...acts, put: async (tx, act) => { if (act.act === 'activated') throw new Error('planted'); return acts.put(tx, act); } }) });
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
    await importContent(desk.postgres.sql, { ...smallContent, affiliations: [affiliation('program287g', 'co/springfield', 'us/dhs/ice', { detail: 'taskForce', grade: 'inseparable' })] }, 'newer');
    office.now += 2 * hour;
    await office.changes.tick(office.now);
    expect(await office.changes.proposal('CO', first.id)).toMatchObject({ state: 'open', approvals: [], checks: { ok: false } });
    const second = await office.proposed(author, narrower(), { startsAt: at(office.now + hour) });
    await office.approve(approver, second);
    await activatePolicy(desk.postgres.sql, wider(2), { author: 'the machine', at: new Date(office.now) });
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
    expect((await readPolicy(desk.postgres.sql, 'CO', 3))?.text).toBe(policy(1).replace('version: 1', 'version: 3'));
    expect(await office.changes.proposal('CO', proposal.id)).toMatchObject({ state: 'ended' });
  });
});
