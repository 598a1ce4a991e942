import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { office, organisation } from '../../registry/cases.ts';
import { importContent } from '../../registry/index.ts';
import { readSentence } from '../../policy/index.ts';
import { content, dutyWorld, official, type DutyWorld } from '../cases.ts';

const day = 86_400_000;
const at = Date.parse('2026-11-22T12:00:00.000Z');
const request = { year: 2026, dueAt: '2026-12-31T12:00:00Z' };
let world: DutyWorld;
beforeAll(async () => { world = await dutyWorld(); });
afterAll(() => world.stop());

async function fresh(): Promise<void> {
  await world.sql`truncate recertification_item, recertification, act, ledger_outbox cascade`;
  world.entries.length = 0;
  world.clock = at;
  await importContent(world.sql, content, 'as it was');
}

describe('the re-certification of agencies', () => {
  it('has an item for each that can ask, with its evidence and no answer', async () => {
    await fresh();
    const told = world.another({ evidence: () => Promise.resolve(new Map([['co/springfield', { asked: 12, answered: 9, refused: 2, held: 1, lastAsked: '2026-11-01T00:00:00.000Z' }]])) });
    expect((await told.due({ owner: 'CO' }, at)).map(({ kind }) => kind)).toEqual(['recertificationToBegin']);
    const begun = await told.beginRecertification('CO', request, official);
    expect(begun).toMatchObject({ owner: 'CO', year: 2026, state: 'open', decided: 0, total: 2 });
    expect(begun.items.map(({ organisation: of, evidence, decision }) => [of, evidence.asked, decision])).toEqual([['co/juniper', 0, null], ['co/springfield', 12, null]]);
    await expect(told.beginRecertification('CO', request, official)).rejects.toMatchObject({ code: 'DUTY_STATE' });
    for (const bad of [{ year: 2020 }, { year: 2026.5 }, { dueAt: 'soon' }, { dueAt: '2026-11-22T12:00:00Z' }, { dueAt: '2028-01-01T00:00:00Z' }]) {
      await expect(told.beginRecertification('WA', { ...request, ...bad }, official)).rejects.toMatchObject({ code: 'DUTY_FIELD' });
    }
  });

  it('counts held requests from the tickets where nobody gives more', async () => {
    await fresh();
    await world.sql`insert into ticket (id, owner, requester, inquiry, entry, deadline, on_timeout, by, classes, created_at) values ('CO-T', 'CO', 'COZZ00100', 'i', 1, now(), 'deny', 'desk', '{photo}', '2026-05-01T00:00:00Z') on conflict do nothing`;
    const { items } = await world.duties.beginRecertification('CO', request, official);
    expect(items.map(({ evidence }) => [evidence.held, evidence.lastAsked])).toEqual([[0, null], [1, '2026-05-01T00:00:00.000Z']]);
  });

  it('keeps, reduces and removes; what is not kept stands due as a sentence until a version of the policy has it', async () => {
    await fresh();
    const { id, items } = await world.duties.beginRecertification('CO', request, official);
    const [juniper, springfield] = items.map((one) => one.id);
    await expect(world.duties.recertify('CO', id, juniper!, { decision: 'maybe' as 'keep', reason: 'used well' }, official)).rejects.toMatchObject({ code: 'DUTY_FIELD' });
    await expect(world.duties.recertify('CO', id, juniper!, { decision: 'keep', reason: '' }, official)).rejects.toMatchObject({ code: 'DUTY_FIELD' });
    await expect(world.duties.recertify('WA', id, juniper!, { decision: 'keep', reason: 'used well' }, official)).rejects.toMatchObject({ code: 'DUTY_UNKNOWN' });
    await world.duties.recertify('CO', id, juniper!, { decision: 'keep', reason: 'used well' }, official);
    await expect(world.duties.recertify('CO', id, juniper!, { decision: 'remove', reason: 'used badly' }, official)).rejects.toMatchObject({ code: 'DUTY_STATE' });
    const done = await world.duties.recertify('CO', id, springfield!, { decision: 'remove', reason: 'never asked in the year' }, official);
    expect(done).toMatchObject({ state: 'done', decided: 2 });
    const due = (await world.duties.due({ owner: 'CO' }, at)).filter(({ kind }) => kind === 'writeIntoPolicy');
    expect(due.length).toBe(1);
    expect(due[0]?.words).toContain('Springfield Police (invented) was removed');
    const page = await world.duties.recertificationPage('CO', id, { after: 'co/juniper', limit: 10, open: false });
    expect(page).toMatchObject({ next: null, items: [{ others: 0, writtenVersion: null }] });
    // The sentence is one that a policy understands.
    expect(readSentence(page.items[0]!.sentence!, { id: 'CO-9' })).toMatchObject({ ok: true });
    await expect(world.duties.policyWritten('CO', id, springfield!, { version: 3 }, official)).rejects.toMatchObject({ code: 'DUTY_FIELD' });
    await world.sql`insert into policy_version (owner, version, hash, text, author, effective, activated_at) values ('CO', 3, ${'a'.repeat(64)}, '', 'a', '2026-11-22', ${new Date(at)}) on conflict do nothing`;
    await expect(world.duties.policyWritten('CO', id, juniper!, { version: 3 }, official)).rejects.toMatchObject({ code: 'DUTY_STATE' });
    await world.duties.policyWritten('CO', id, springfield!, { version: 3 }, official);
    expect((await world.duties.due({ owner: 'CO' }, at)).filter(({ kind }) => kind === 'writeIntoPolicy')).toEqual([]);
    await world.drain();
    expect(world.acts('recertificationClosed')).toMatchObject([{ detail: { kept: 1, reduced: 0, removed: 1 } }]);
    expect(world.events('agencyRecertified').map(({ detail }) => detail?.['decision'])).toEqual(['keep', 'remove']);
    expect(JSON.stringify(world.entries)).not.toContain('never asked');
  });

  it('of 3,000 agencies goes on where it was broken off, makes none twice, and is read by pages', async () => {
    await fresh();
    await importContent(world.sql, {
      ...content, organisations: [...content.organisations, ...Array.from({ length: 3_000 }, (_, n) => organisation(`co/a${n}`, { parent: 'co', level: 'municipal' }))],
      offices: [...content.offices, ...Array.from({ length: 3_000 }, (_, n) => office(`CO9${String(n).padStart(6, '0')}`, `co/a${n}`))],
    }, 'many');
    // Broken in the third batch.
    await world.sql`create or replace function break_it() returns trigger language plpgsql as $$ begin if (select count(*) from recertification_item) > 1200 then raise exception 'broken'; end if; return new; end $$`;
    await world.sql`create trigger break_it after insert on recertification_item for each row execute function break_it()`;
    await expect(world.duties.beginRecertification('CO', request, official)).rejects.toThrow('broken');
    await world.sql`drop trigger break_it on recertification_item`;
    const [{ id } = { id: '' }] = await world.duties.recertifications('CO');
    expect((await world.duties.recertifications('CO'))[0]?.total).toBe(1_000);
    await Promise.all(Array.from({ length: 16 }, () => world.another().tick(at)));
    const [all] = await world.duties.recertifications('CO');
    expect(all).toMatchObject({ total: 3_002, state: 'open' });
    expect(all?.items.length).toBe(100);
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof world.duties.recertificationPage>> = await world.duties.recertificationPage('CO', id, { after, limit: 500, open: true });
      seen.push(...page.items.map((one) => one.organisation));
      after = page.next;
    } while (after !== null);
    expect(new Set(seen).size).toBe(3_002);
    expect(seen.length).toBe(3_002);
    world.clock = Date.parse(request.dueAt) + day;
    await Promise.all(Array.from({ length: 16 }, () => world.another().tick(world.clock)));
    await world.drain();
    expect(world.acts('recertificationClosed').map(({ result }) => result)).toEqual(['failed']);
  });
});
