import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { content, coordinator, dutyWorld, official, ori, otherOri, person, unsealed, type DutyWorld } from '../cases.ts';
import { certify, changeContent, importContent } from '../../registry/index.ts';
import { sha256 } from '../parts.ts';
import { statementOf, type CertificationText, type CertificationView } from '../index.ts';

const day = 86_400_000;
const at = Date.parse('2026-11-22T12:00:00.000Z');
const what = 'noCivilImmigrationUse';
const words = { certification: what, text: 'I certify that data of Colorado is not used for civil immigration enforcement.', validDays: 365, remindDays: [30, 60, 7], perjury: true };
let world: DutyWorld;
let text: CertificationText;
beforeAll(async () => {
  world = await dutyWorld();
  await person(world.sql, 1, official.name, [['ownerOfficial', 'owner CO']]);
  await person(world.sql, 2, coordinator.name, [['agencyCoordinator', `agency ${ori}`]]);
});
afterAll(() => world.stop());

async function fresh(): Promise<void> {
  await world.sql`truncate certification, certification_reminder, certification_text, act, ledger_outbox`;
  world.entries.length = 0;
  world.clock = at;
  await importContent(world.sql, content, 'as it was');
  text = await world.duties.setCertificationText('CO', words, official);
}

const sign = (change: Partial<Parameters<DutyWorld['duties']['certify']>[1]> = {}, by = coordinator): Promise<CertificationView> =>
  world.duties.certify(ori, { owner: 'CO', certification: what, textHash: text.hash, typedName: by.name, underPenaltyOfPerjury: true, ...change }, by);
const felt = async (when = world.clock, owner = 'CO'): Promise<readonly string[]> => (await world.registry()).requester(ori)!.attributes(owner, new Date(when)).certified;

describe('texts of certifications', () => {
  it('have versions by their hash, and the same again is no new one', async () => {
    await fresh();
    expect(text).toEqual({ owner: 'CO', ...words, remindDays: [60, 30, 7], version: 1, hash: sha256(words.text) });
    expect(await world.duties.setCertificationText('CO', words, official)).toEqual(text);
    const versions = await Promise.all(Array.from({ length: 16 }, (_, n) => world.duties.setCertificationText('CO', { ...words, text: `${words.text} Form ${n}.` }, official)));
    expect(versions.map(({ version }) => version).sort((a, b) => a - b)).toEqual(Array.from({ length: 16 }, (_, n) => n + 2));
    expect((await world.duties.certificationTexts('CO')).map(({ version }) => version)).toEqual([17]);
    await world.drain();
    expect(world.acts('certificationTextSet').length).toBe(17);
  });

  it('are refused where a field is wrong', async () => {
    await fresh();
    for (const bad of [{ certification: 'none' }, { certification: 'toString' }, { text: 'short' }, { validDays: 367 }, { validDays: 0 }, { validDays: 1.5 }, { remindDays: [365] }, { remindDays: [0] }, { remindDays: 'x' as unknown as number[] }, { perjury: 'yes' as unknown as boolean }]) {
      await expect(world.duties.setCertificationText('CO', { ...words, ...bad }, official)).rejects.toMatchObject({ code: 'DUTY_FIELD' });
    }
    await expect(world.duties.setCertificationText('XX', words, official)).rejects.toMatchObject({ code: 'DUTY_FIELD' });
  });
});

describe('a certification', () => {
  it('is felt by the policy at once, to its last day, and to this owner alone', async () => {
    await fresh();
    expect(await felt()).toEqual(['none']);
    const signed = await sign();
    expect(signed).toMatchObject({ owner: 'CO', ori, organisation: 'co/springfield', state: 'inForce', signedBy: coordinator.name, until: '2027-11-21', textHash: text.hash });
    expect(await felt()).toEqual([what]);
    expect(await felt(at, 'NY')).toEqual(['none']);
    expect(await felt(Date.parse('2027-11-21T23:59:59.999Z'))).toEqual([what]);
    expect(await felt(Date.parse('2027-11-22T00:00:00.000Z'))).toEqual(['none']);
    world.clock = Date.parse('2027-11-21T23:59:59.999Z');
    expect((await world.duties.certifications({ owner: 'CO' }))[0]?.state).toBe('lapsing');
    world.clock += 1;
    expect((await world.duties.certifications({ ori }))[0]?.state).toBe('lapsed');
    await Promise.all(Array.from({ length: 64 }, () => world.another().tick(world.clock)));
    await world.drain();
    expect(world.acts('certificationLapsed').length).toBe(1);
    expect((await world.duties.due({ ori }, world.clock)).map(({ kind }) => kind)).toContain('certificationLapsed');
  });

  it('that is renewed for a shorter time is felt no longer than the new one says', async () => {
    await fresh();
    await sign();
    text = await world.duties.setCertificationText('CO', { ...words, validDays: 5, remindDays: [] }, official);
    world.clock = at + day;
    expect(await sign()).toMatchObject({ until: '2026-11-27' });
    expect([await felt(at + 5 * day), await felt(at + 6 * day)]).toEqual([[what], ['none']]);
  });

  it('can be proved: the statement is kept, salted, and its hash is in the anchor log', async () => {
    await fresh();
    const { id } = await sign({ typedName: '  carl   COORDINATOR ' });
    await world.drain();
    const statement = await statementOf(world.sql, unsealed, id);
    expect(JSON.parse(statement!)).toMatchObject({ certification: id, textHash: text.hash, ori, account: coordinator.account, typedName: 'carl   COORDINATOR', underPenaltyOfPerjury: true, at: new Date(at).toISOString() });
    expect((JSON.parse(statement!) as { salt: string }).salt).toMatch(/^[0-9a-f]{64}$/);
    expect(world.events('certificationSigned')).toMatchObject([{ subject: id, hash: sha256(statement!) }]);
    expect(world.acts('certificationSigned')[0]).toMatchObject({ owner: 'CO', on: id, hash: sha256(statement!), who: coordinator.account });
    expect(JSON.stringify(world.entries)).not.toMatch(/coordinator /i);
    const [event] = await world.sql`select 1 from ledger_outbox where event = 'registryActivated'`;
    expect(event).toBeDefined();
  });

  it('is refused with another text, another name, or without the penalty of perjury', async () => {
    await fresh();
    await expect(sign({ textHash: 'a'.repeat(64) })).rejects.toMatchObject({ code: 'DUTY_STATE' });
    await expect(sign({ typedName: 'Olive Official' })).rejects.toMatchObject({ code: 'DUTY_FIELD' });
    await expect(sign({ typedName: '' })).rejects.toMatchObject({ code: 'DUTY_FIELD' });
    await expect(sign({ underPenaltyOfPerjury: 'true' as unknown as true })).rejects.toMatchObject({ code: 'DUTY_FIELD' });
    await expect(sign({ certification: 'securityTraining' })).rejects.toMatchObject({ code: 'DUTY_UNKNOWN' });
    await expect(sign({ owner: '*' })).rejects.toMatchObject({ code: 'DUTY_FIELD' });
    await expect(world.duties.certify('ZZ0000101', { owner: 'CO', certification: what, textHash: text.hash, typedName: coordinator.name, underPenaltyOfPerjury: true }, coordinator)).rejects.toMatchObject({ code: 'DUTY_UNKNOWN' });
    await world.duties.setCertificationText('CO', { ...words, text: `${words.text} Changed.` }, official);
    await expect(sign()).rejects.toMatchObject({ code: 'DUTY_STATE' });
    await world.drain();
    expect(world.acts('certificationSigned')).toEqual([]);
    expect(await felt()).toEqual(['none']);
  });

  it('is signed once, though 64 send it at once', async () => {
    await fresh();
    const all = await Promise.all(Array.from({ length: 64 }, () => sign()));
    expect(new Set(all.map(({ id }) => id)).size).toBe(1);
    await world.drain();
    expect(world.acts('certificationSigned').length).toBe(1);
  });

  it('and the registry are kept together or not at all, wherever it breaks', async () => {
    await fresh();
    for (const table of ['registry_version', 'registry_certification', 'certification', 'act', 'ledger_outbox']) {
      await world.sql.unsafe(`create or replace function break_it() returns trigger language plpgsql as $$ begin raise exception 'broken'; end $$; create trigger break_it after insert on ${table} for each row execute function break_it()`);
      await expect(sign()).rejects.toThrow('broken');
      await world.sql.unsafe(`drop trigger break_it on ${table}`);
      expect(await felt()).toEqual(['none']);
      expect((await world.duties.certifications({ owner: 'CO' }))).toEqual([]);
    }
    await world.drain();
    expect(world.acts('certificationSigned')).toEqual([]);
    await sign();
    expect(await felt()).toEqual([what]);
  });

  it('ends at once when it is revoked, and the agency cannot sign again until the owner lets it', async () => {
    await fresh();
    const { id } = await sign();
    await expect(world.duties.revokeCertification('CO', id, { reason: 'short' }, official)).rejects.toMatchObject({ code: 'DUTY_FIELD' });
    await expect(world.duties.revokeCertification('NY', id, { reason: 'used for another purpose' }, official)).rejects.toMatchObject({ code: 'DUTY_UNKNOWN' });
    const revoked = await world.duties.revokeCertification('CO', id, { reason: 'used for another purpose' }, official);
    expect(revoked).toMatchObject({ state: 'revoked', revokedWhy: 'used for another purpose' });
    expect(await felt()).toEqual(['none']);
    await expect(world.duties.revokeCertification('CO', id, { reason: 'used for another purpose' }, official)).rejects.toMatchObject({ code: 'DUTY_STATE' });
    await expect(sign()).rejects.toMatchObject({ code: 'DUTY_STATE' });
    await world.drain();
    expect(world.events('certificationRevoked')).toMatchObject([{ subject: id }]);
    expect(JSON.stringify(world.entries)).not.toContain('another purpose');
    await world.duties.readmit('CO', id, { reason: 'the sheriff explained it' }, official);
    await expect(world.duties.readmit('CO', id, { reason: 'the sheriff explained it' }, official)).rejects.toMatchObject({ code: 'DUTY_STATE' });
    await sign();
    expect(await felt()).toEqual([what]);
  });

  it('that is revoked after a day, and one that an operator gave for all owners, are over for this owner and go on for the others', async () => {
    await fresh();
    await changeContent(world.sql, 'by the operator', (now) => certify(now, { organisation: 'co/springfield', certification: what, owner: '*', since: '2026-01-01', until: '2027-12-31' }));
    const { id } = await sign();
    world.clock = at + 10 * day;
    await world.duties.revokeCertification('CO', id, { reason: 'used for another purpose' }, official);
    expect(await felt()).toEqual(['none']);
    expect(await felt(world.clock, 'NY')).toEqual([what]);
    expect(await felt(Date.parse('2027-12-31T12:00:00Z'), 'NY')).toEqual([what]);
    expect(await felt(at + 9 * day)).toEqual([what]);
  });

  it('and its revocation at the same instant leave what the record says', async () => {
    await fresh();
    const { id } = await sign();
    const all = await Promise.allSettled([
      ...Array.from({ length: 8 }, () => world.duties.revokeCertification('CO', id, { reason: 'used for another purpose' }, official)),
      ...Array.from({ length: 8 }, () => sign({}, coordinator)),
    ]);
    expect(all.slice(0, 8).filter(({ status }) => status === 'fulfilled').length).toBe(1);
    expect(await felt()).toEqual(['none']);
  });
});

describe('reminders', () => {
  it('come once each, at their days, and not after it was renewed', async () => {
    await fresh();
    await sign();
    const end = Date.parse('2027-11-22T00:00:00Z');
    const remindAt = async (when: number): Promise<number[]> => {
      const processes = Array.from({ length: 4 }, () => world.another());
      await Promise.all(Array.from({ length: 64 }, (_, n) => processes[n % 4]!.tick(when)));
      await world.drain();
      return world.acts('certificationReminded').map(({ detail }) => Number(detail?.['days']));
    };
    expect(await remindAt(end - 60 * day - 1)).toEqual([]);
    expect(await remindAt(end - 60 * day)).toEqual([60]);
    expect(await remindAt(end - 29 * day)).toEqual([60, 30]);
    world.clock = end - 20 * day;
    expect((await world.duties.due({ ori }, world.clock)).filter(({ kind }) => kind !== 'userReview').map(({ kind, words: say }) => [kind, say])).toEqual([['certificationLapsing', 'Lapses: certified: no use for civil immigration enforcement, to CO. Sign it again']]);
    expect((await world.duties.due({ owner: 'CO' }, world.clock)).map(({ kind }) => kind)).toContain('certificationLapsing');
    await sign();
    expect(await remindAt(end - day)).toEqual([60, 30]);
    expect((await world.duties.certifications({ ori })).map(({ state }) => state)).toEqual(['inForce']);
    expect(await remindAt(end + day)).toEqual([60, 30]);
    expect(world.acts('certificationLapsed')).toEqual([]);
  });

  it('an agency sees what it has not signed', async () => {
    await fresh();
    expect(await world.duties.certifications({ ori: otherOri })).toMatchObject([{ state: 'unsigned', owner: 'CO', certification: what, textVersion: 1 }]);
    expect((await world.duties.due({ ori: otherOri }, at)).map(({ kind }) => kind)).toEqual(['certificationUnsigned']);
    expect(await world.duties.certifications({ ori: 'ZZ0000101' })).toEqual([]);
  });
});
