import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { police } from '../../test/exchangeParts.ts';
import type { JournalReader } from '../store/journalReader.ts';
import { asked, codeOf, heldWorld, holdPhoto, hour, refuse, seat, type HeldWorld } from './cases.ts';
import { endDelegation } from './index.ts';
import { HeldError, type Delegation, type NewDelegation, type Reviewer } from './types.ts';

const desk = 'privacyDesk';
let w: HeldWorld;
let ann: Reviewer;
let bob: Reviewer;
let cleo: Reviewer;
let official: Reviewer;
beforeAll(async () => {
  w = await heldWorld();
  ann = await seat(w.sql, 'A-ANN000000001', [desk]);
  bob = await seat(w.sql, 'A-BOB000000001', ['otherDesk']);
  cleo = await seat(w.sql, 'A-CLEO00000001', ['thirdDesk']);
  official = await seat(w.sql, 'A-OFFICIAL0001', [], { role: 'ownerOfficial' });
});
afterAll(() => w.stop());
beforeEach(async () => {
  await w.drain();
  await w.sql`truncate held_rota, held_deputy, setting_change`;
  await w.sql`delete from projection where name = 'rota'`;
  await w.sql`update account set disabled_at = null, enabled_at = null`;
  await w.sql`update role_grant set ended_at = null`;
  w.world.entries.length = 0;
  Object.assign(w, { at: asked, decide: holdPhoto, source: null });
});

const time = (hours: number): string => new Date(asked + hours * hour).toISOString();
const order = (over: Partial<NewDelegation> = {}): NewDelegation => ({ desk, account: ann.account, deputy: bob.account, from: null, until: time(3), ...over });
const may = async (who: Reviewer): Promise<boolean> => (await w.review.detail('ZY', await w.hold(), who))?.conflict === null;
const give = (over: Partial<NewDelegation> = {}, by: Reviewer = ann): Promise<Delegation> => w.review.delegate('ZY', order(over), by);
const actsOf = async (act: string) => { await w.drain(); return w.entries().acts.filter((one) => one.act === act); };

describe('a deputy', () => {
  it('decides from when to when it was said, and is listed with who said so; each an act', async () => {
    const given = await give({ from: time(1) });
    expect(given).toMatchObject({ desk, account: ann.account, accountName: ann.name, deputy: bob.account, from: time(1), until: time(3), by: ann.account, at: time(0), state: 'toCome', endedAt: null });
    expect(await may(bob)).toBe(false);
    w.at = asked + hour;
    expect([await may(bob), (await w.review.deputies('ZY', { ended: false }))[0]?.state]).toEqual([true, 'inForce']);
    w.at = asked + 3 * hour;
    expect(await may(bob)).toBe(false);
    await w.review.tick(w.at);
    expect(await w.review.deputies('ZY', { ended: false })).toEqual([]);
    expect(await w.review.deputies('ZY', { ended: true })).toMatchObject([{ id: given.id, state: 'over', endedWhy: 'time', endedBy: 'clock', endedAt: time(3) }]);
    expect(await actsOf('delegated')).toMatchObject([{ who: ann.account, on: given.id, owner: 'ZY', detail: { kind: 'held', desk, for: ann.account, deputy: bob.account } }]);
    expect(await actsOf('delegationEnded')).toMatchObject([{ who: 'clock', on: given.id, detail: { why: 'time' } }]);
  });

  it('of a deputy is none: who is stood in for must decide there by their own role', async () => {
    await give();
    expect(await codeOf(give({ account: bob.account, deputy: cleo.account }, bob))).toBe('HELD_FIELD');
    // And whatever stands in the rows.
    await w.sql`insert into held_deputy (id, owner, desk, account, deputy, from_at, until_at, given_by, given_at) values ('D-CHAIN', 'ZY', ${desk}, ${bob.account}, ${cleo.account}, ${time(-1)}, ${time(5)}, 'operator', ${time(-1)})`;
    expect([await may(bob), await may(cleo)]).toEqual([true, false]);
    await w.review.tick(w.at);
    expect((await w.review.deputies('ZY', { ended: true })).find(({ id }) => id === 'D-CHAIN')).toMatchObject({ endedWhy: 'role' });
  });

  it('may be one of several at once: overlaps change nothing, and each ends by itself', async () => {
    const [one, two, three] = [await give(), await give({ until: time(6) }), await give({ deputy: cleo.account })];
    expect(await give()).toEqual(one);
    expect([await may(bob), await may(cleo)]).toEqual([true, true]);
    await w.review.endDelegation('ZY', one.id, ann);
    expect([await may(bob), await may(cleo)]).toEqual([true, true]);
    await w.review.endDelegation('ZY', two.id, official);
    await w.review.endDelegation('ZY', three.id, cleo);
    expect([await may(bob), await may(cleo), await may(ann)]).toEqual([false, false, true]);
    expect((await actsOf('delegationEnded')).map(({ who, on }) => [who, on])).toEqual([[ann.account, one.id], [official.account, two.id], [cleo.account, three.id]]);
  });

  it('is held to their own agency and their own record, not to those of who is stood in for', async () => {
    await give();
    const ticket = await w.hold();
    expect(await codeOf(w.review.decide('ZY', ticket, refuse, { ...bob, employer: police }))).toBe('HELD_CONFLICT');
    expect(await codeOf(w.review.decide('ZY', ticket, refuse, { ...ann, employer: police }))).toBe('HELD_CONFLICT');
    expect(await codeOf(w.review.decide('ZY', ticket, refuse, bob))).toBe('none');
    const about = await w.hold({ subject: { kind: 'licence', number: 'BOBS1' } });
    await w.sql`update person set facts = '{"licence":"BOBS1"}' where id = ${bob.person}`;
    expect(await codeOf(w.review.decide('ZY', about, refuse, bob))).toBe('HELD_CONFLICT');
    await w.sql`update person set facts = '{}'`;
  });

  it('is named by who is stood in for, or by an official for somebody else; never oneself for another', async () => {
    expect(await codeOf(give({}, bob))).toBe('HELD_DESK');
    expect(await codeOf(give({}, cleo))).toBe('HELD_DESK');
    expect(await codeOf(give({}, { ...bob, role: 'ownerOfficial', desks: [] }))).toBe('HELD_DESK');
    expect(await codeOf(give({}, official))).toBe('none');
    const twin = await seat(w.sql, 'A-ANNSTWIN0001', [], { person: ann.person });
    expect(await codeOf(give({ deputy: twin.account }))).toBe('HELD_FIELD');
    // By another account of the same person it is one's own.
    expect(await codeOf(give({ until: time(4) }, twin))).toBe('none');
  });

  it.each<[string, Partial<NewDelegation>]>([
    ['oneself', { deputy: 'A-ANN000000001' }], ['an account that is none', { deputy: 'root' }], ['nobody', { deputy: 'A-NOBODY000001' }], ['an official', { deputy: 'A-OFFICIAL0001' }], ['an end that passed', { until: time(0) }],
    ['an end before the beginning', { from: time(3), until: time(2) }], ['three months and more', { until: time(93 * 24) }], ['a time that is none', { until: 'soon' }], ['a desk that is not theirs', { desk: 'otherDesk' }], ['no desk', { desk: '' }],
  ])('is not named with %s', async (_what, over) => {
    expect(await codeOf(give(over))).toBe('HELD_FIELD');
    expect(await w.sql`select 1 from held_deputy`).toHaveLength(0);
  });

  it('is ended by who gave it, the two, an official, or the operator; once, and by nobody else', async () => {
    const by = async (who: Reviewer): Promise<string> => codeOf(w.review.endDelegation('ZY', (await give({}, official)).id, who));
    expect([await by(cleo), await by(bob), await by(ann), await by(official)]).toEqual(['HELD_DESK', 'none', 'none', 'none']);
    const { id } = await give();
    const ends = await Promise.all(Array.from({ length: 16 }, () => codeOf(endDelegation({ sql: w.sql, acts: w.parts.acts, now: () => w.at }, 'ZY', id, { account: 'operator', person: '', role: null }))));
    expect(ends.filter((code) => code === 'none')).toHaveLength(1);
    expect(new Set(ends)).toEqual(new Set(['none', 'HELD_STATE']));
    expect(await codeOf(w.review.endDelegation('ZX', id, official))).toBe('HELD_UNKNOWN');
    expect((await actsOf('delegationEnded')).at(-1)).toMatchObject({ who: 'operator', on: id });
  });

  it('stands in no more at the very instant when who is stood in for is disabled, and not again when they are enabled', async () => {
    const { id } = await give();
    expect(await may(bob)).toBe(true);
    await w.sql`update account set disabled_at = ${time(1)} where id = ${ann.account}`;
    expect([await may(bob), (await w.review.deputies('ZY', { ended: false }))[0]?.state]).toEqual([false, 'void']);
    // Enabled before any clock saw it.
    await w.sql`update account set disabled_at = null, enabled_at = ${time(1)} where id = ${ann.account}`;
    expect(await may(bob)).toBe(false);
    await Promise.all(Array.from({ length: 8 }, () => w.bent({}).tick(w.at)));
    expect((await actsOf('delegationEnded')).map(({ who, on, detail }) => [who, on, detail?.['why']])).toEqual([['clock', id, 'disabled']]);
    w.at = asked + hour;
    expect(await give({ until: time(5) })).toMatchObject({ state: 'inForce' });
    await w.sql`update role_grant set ended_at = ${time(1)} where account = ${ann.account}`;
    expect(await may(bob)).toBe(false);
    await w.review.tick(w.at);
    expect((await actsOf('delegationEnded')).at(-1)).toMatchObject({ detail: { why: 'role' } });
  });
});

const everything = async (of = w.review): Promise<unknown> => [await of.rota('ZY'), await of.deputies('ZY', { ended: true }), await of.rota('ZX')];

/** The ledger, broken off after so many entries of each reading. */
function broken(most: number): JournalReader {
  const whole = w.parts.recorded;
  return {
    get size() { return whole?.size ?? 0; },
    async *read(from, options) {
      let left = most;
      for await (const one of whole?.read(from, options) ?? []) {
        if (left-- <= 0) throw new Error('killed');
        yield one;
      }
    },
  };
}

describe('the rota and its deputies', () => {
  type Step = readonly [what: number, a: number, b: number];
  const act = async ([what, a, b]: Step): Promise<void> => {
    const rota = await w.review.rota('ZY');
    const [open] = await w.review.deputies('ZY', { ended: false });
    const row = { desk, account: ann.account, deputy: [bob, cleo][a % 2]?.account ?? '', until: new Date(w.at + (1 + b) * hour).toISOString() };
    const long = Array.from({ length: a === 0 ? 700 : a }, (_, n) => ({ desk: `${desk} ${n}`, account: ann.account, from: time(n), to: time(n + 1) }));
    const does: readonly (() => Promise<unknown>)[] = [
      () => w.review.setRota('ZY', { spans: long, deputies: rota.deputies }, official), () => w.review.setRota(a % 2 === 0 ? 'ZX' : 'ZY', { spans: long.slice(0, 2), deputies: [] }, official),
      () => w.review.setRota('ZY', { spans: rota.spans, deputies: [...rota.deputies, row] }, official), () => give({ ...row, from: b % 2 === 0 ? null : new Date(w.at + hour).toISOString() }), () => w.review.endDelegation('ZY', open?.id ?? '', ann),
      async () => { w.at += (a % 2 === 0 ? 1 : 7) * hour; await w.review.tick(w.at); },
    ];
    await does[what]?.().catch((error: unknown) => {
      if (!(error instanceof HeldError)) throw error;
    });
  };

  it('come back from the ledger as they were, whatever was done; once as twice, and broken off anywhere', async () => {
    const seen = new Set<string>();
    await fc.assert(fc.asyncProperty(fc.array(fc.tuple(fc.nat(5), fc.nat(9), fc.nat(9)), { minLength: 3, maxLength: 25 }), fc.nat(10), async (steps: readonly Step[], kill) => {
      await w.sql`truncate held_rota, held_deputy, setting_change`;
      await w.sql`delete from projection where name = 'rota'`;
      w.world.entries.length = 0;
      w.at = asked;
      for (const step of steps) await act(step);
      await w.review.tick(w.at);
      await w.drain();
      const before = await everything();
      for (const one of await w.review.deputies('ZY', { ended: true })) seen.add(`${one.state} ${one.endedWhy ?? ''}`);
      const told = w.world.entries.length;
      // What a reader sees of what the process that wrote it has read already: nothing changes.
      await w.bent({}).tick(w.at);
      expect(await everything()).toEqual(before);
      await w.sql`truncate held_rota, held_deputy, setting_change`;
      await w.sql`delete from projection where name = 'rota'`;
      await w.bent({ recorded: broken(kill), onFault: () => undefined }).tick(w.at).catch(() => undefined);
      await w.bent({}).tick(w.at);
      expect(await everything()).toEqual(before);
      await w.sql`delete from projection where name = 'rota'`;
      await w.bent({}).tick(w.at);
      await w.drain();
      expect(await everything()).toEqual(before);
      expect(w.world.entries.length).toBe(told);
    }), { numRuns: 15, interruptAfterTimeLimit: 120_000, endOnFailure: true, examples: [[[[0, 0, 0], [3, 0, 8], [3, 1, 1], [4, 0, 0], [2, 0, 0], [5, 1, 0], [0, 2, 0]], 3]] });
    expect([...seen]).toEqual(expect.arrayContaining(['inForce ', 'over ended', 'over time']));
  }, 300_000);

  it('stays as it was set last where the ledger does not have that yet', async () => {
    const set = (hours: number): Promise<void> => w.review.setRota('ZY', { spans: [{ desk, account: ann.account, from: time(0), to: time(hours) }], deputies: [] }, official);
    await set(1);
    await w.drain();
    await set(2);
    const last = await everything();
    await w.sql`delete from projection where name = 'rota'`;
    await w.bent({}).tick(w.at);
    expect(await everything()).toEqual(last);
    await w.drain();
    await w.bent({}).tick(w.at);
    expect(await everything()).toEqual(last);
  });

  it('is not changed before it is known what the ledger says of it', async () => {
    await give({ until: time(5) });
    await w.review.setRota('ZY', { spans: [{ desk, account: ann.account, from: time(0), to: time(1) }], deputies: (await w.review.rota('ZY')).deputies }, official);
    await w.drain();
    await w.sql`truncate held_rota, held_deputy, setting_change`;
    await w.sql`delete from projection where name = 'rota'`;
    const another = w.bent({});
    await another.setRota('ZY', { spans: [{ desk, account: ann.account, from: time(0), to: time(2) }], deputies: [{ desk, account: ann.account, deputy: bob.account, until: time(5) }] }, official);
    await w.drain();
    const known = await everything();
    expect(await another.deputies('ZY', { ended: true })).toHaveLength(1);
    await w.sql`truncate held_rota, held_deputy, setting_change`;
    await w.sql`delete from projection where name = 'rota'`;
    await w.bent({}).tick(w.at);
    expect(await everything()).toEqual(known);
    await w.sql`delete from projection where name = 'rota'`;
    await expect(w.bent({ recorded: broken(0) }).setRota('ZY', { spans: [], deputies: [] }, official)).rejects.toThrow('killed');
    expect(await everything()).toEqual(known);
  });
});
