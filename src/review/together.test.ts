import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { brokenJournal } from '../../test/exchangeParts.ts';
import { connect } from '../store/connect.ts';
import { openActs } from '../people/acts/index.ts';
import { asked, asker, codeOf, held, heldWorld, holdPhoto, hour, refuse, releaseAll, reviewer, type HeldWorld } from './cases.ts';

let w: HeldWorld;
beforeAll(async () => { w = await heldWorld(); });
afterAll(() => w.stop());
beforeEach(() => Object.assign(w, { at: asked, decide: holdPhoto, source: null }));

const verdictsOf = (ticket: string): unknown[] => w.entries().verdicts.filter((one) => one.ticket === ticket);
const releaseAtEnd: HeldWorld['decide'] = (_i, dataClass) => (dataClass === 'photo' ? held({ onTimeout: 'release' }) : {});

describe('many at once', () => {
  it('takes one verdict of 64 reviewers; the others are told, and recorded', async () => {
    const ticket = await w.hold();
    const pools = [w.sql, connect(w.url, { max: 4 }), connect(w.url, { max: 4 })];
    const reviews = pools.map((sql) => w.bent({ sql }));
    const codes = await Promise.all(Array.from({ length: 64 }, (_, i) => codeOf(reviews[i % 3]!.decide('ZY', ticket, i % 2 === 0 ? releaseAll : refuse, { ...reviewer, account: `A-REVIEWER${String(i).padStart(4, '0')}` }))));
    expect(codes.filter((one) => one === 'none').length).toBe(1);
    expect(codes.filter((one) => one === 'HELD_STATE').length).toBe(63);
    await w.drain();
    expect(verdictsOf(ticket).length).toBe(1);
    expect(w.entries().acts.filter(({ act, on }) => act === 'verdictRefused' && on === ticket).length).toBe(63);
    for (const pool of pools.slice(1)) await pool.end();
  });

  it('takes one of a reviewer and two clocks at the same instant', async () => {
    for (let turn = 0; turn < 20; turn += 1) {
      w.at = asked;
      w.decide = turn % 2 === 0 ? holdPhoto : releaseAtEnd;
      const ticket = await w.hold();
      // The reviewer is an instant earlier by their own clock, so that both may.
      w.at = asked + 4 * hour;
      const early = w.bent({ now: () => asked + 4 * hour - 1 });
      const [code, one, two] = await Promise.all([codeOf(early.decide('ZY', ticket, releaseAll, reviewer)), w.review.tick(w.at), w.review.tick(w.at)]);
      await w.drain();
      expect(verdictsOf(ticket).length).toBe(1);
      expect([code === 'none' ? 1 : 0, one, two].reduce((a, b) => a + b)).toBe(1);
      expect(['none', 'HELD_STATE']).toContain(code);
    }
  });

  it('lets nobody decide at the deadline or after: that is the clock\'s', async () => {
    const ticket = await w.hold();
    w.at = asked + 4 * hour;
    expect(await codeOf(w.review.decide('ZY', ticket, releaseAll, reviewer))).toBe('HELD_STATE');
    expect(await w.review.tick(w.at)).toBe(1);
  });

  it('decides a thousand that are due, by three clocks, each once', async () => {
    await w.drain();
    await w.forget();
    await w.review.tick(w.at);
    const tickets: string[] = [];
    for (let i = 0; i < 1_000; i += 1) {
      w.decide = i % 5 === 0 ? releaseAtEnd : holdPhoto;
      tickets.push(await w.hold());
    }
    w.at = asked + 4 * hour;
    const done = await Promise.all([w.review.tick(w.at), w.review.tick(w.at), w.review.tick(w.at)]);
    expect(done.reduce((a, b) => a + b)).toBe(1_000);
    await w.drain();
    const found = w.entries().verdicts.filter((one) => tickets.includes(one.ticket));
    expect(new Set(found.map((one) => one.ticket)).size).toBe(1_000);
    expect(found.length).toBe(1_000);
    expect(await w.review.nextDue()).toBeNull();
  });
});

describe('what fails on the way', () => {
  const crash = (): never => { throw new Error('the process ended here'); };

  /** The statement that fails, as the database sees it: between any two of the steps. */
  const failing = async <T>(table: string, work: () => Promise<T>): Promise<T> => {
    await w.sql.unsafe(`create or replace function stop_here() returns trigger language plpgsql as $$ begin raise exception 'the process ended here'; end $$;
      create trigger stop_here before ${table === 'ticket' ? 'update of verdict' : 'insert'} on ${table} for each statement execute function stop_here()`);
    try {
      return await work();
    } finally {
      await w.sql.unsafe(`drop trigger stop_here on ${table}`);
    }
  };

  it.each<[string, (work: () => Promise<unknown>) => Promise<unknown>, () => Parameters<HeldWorld['bent']>[0]]>([
    ['before the entry', (work) => failing('ledger_outbox', work), () => ({})],
    ['between the entry and the state', (work) => failing('ticket', work), () => ({})],
    ['between the state and the late answer', (work) => failing('late_answer', work), () => ({})],
    ['between the late answer and the act', (work) => failing('act', work), () => ({})],
    ['while the late answer is sealed', (work) => work(), () => ({ sealer: { ...w.parts.sealer, seal: crash } })],
    ['while the registry is asked', (work) => work(), () => ({ registry: { current: crash } })],
  ])('leaves it open and says nothing of it where the process ends %s', async (_what, around, bend) => {
    w.decide = releaseAtEnd;
    const ticket = await w.hold();
    const broken = w.bent({ recorded: null, ...bend() });
    await around(async () => {
      await expect(broken.decide('ZY', ticket, { ...releaseAll, note: '' }, reviewer)).rejects.toThrow('ended here');
      w.at = asked + 4 * hour;
      const faults = w.world.faults.length;
      expect(await broken.tick(w.at)).toBe(0);
      expect(w.world.faults.length).toBeGreaterThan(faults);
    });
    await w.drain();
    expect(verdictsOf(ticket)).toEqual([]);
    expect(w.entries().acts.filter(({ act, on }) => on === ticket && (act === 'verdictGiven' || act === 'heldLapsed'))).toEqual([]);
    expect(await w.review.ticket(ticket, asker)).toMatchObject({ status: 'held', answer: false });
    expect(await w.review.answer(ticket, asker)).toBeNull();
    // And the next turn goes on.
    w.at += 1_000;
    expect(await w.review.tick(w.at)).toBe(1);
    await w.drain();
    expect(verdictsOf(ticket).length).toBe(1);
  });

  it('keeps nothing else back where one cannot be done', async () => {
    const [bad, good] = [await w.hold({ destinations: ['ZX'] }), await w.hold()];
    w.at = asked + 4 * hour;
    const broken = w.bent({ sealer: { ...w.parts.sealer, seal: (owner, plain) => (owner === 'ZX' ? crash() : w.parts.sealer.seal(owner, plain)) } });
    expect(await broken.tick(w.at)).toBe(1);
    await w.drain();
    expect([verdictsOf(bad).length, verdictsOf(good).length]).toEqual([0, 1]);
    expect(await w.review.nextDue()).toBe(w.at + 1_000);
    expect(await w.review.tick(w.at + 1_000)).toBe(1);
  });

  it('stays open while the records cannot be reached, and is released once they can', async () => {
    w.decide = releaseAtEnd;
    const ticket = await w.hold();
    w.source = () => Promise.resolve({ status: 'unavailable', why: 'down' });
    expect(await codeOf(w.review.decide('ZY', ticket, releaseAll, reviewer))).toBe('HELD_SOURCE');
    w.source = () => Promise.reject(new Error('a source that breaks its promise'));
    expect(await codeOf(w.review.decide('ZY', ticket, releaseAll, reviewer))).toBe('HELD_SOURCE');
    // A refusal needs no records; but here the clock goes on.
    w.at = asked + 4 * hour;
    expect(await w.review.tick(w.at)).toBe(0);
    expect(await w.review.tick(w.at + 500)).toBe(0);
    w.source = null;
    expect(await w.review.tick(w.at + 1_000)).toBe(1);
    await w.drain();
    expect(w.entries().verdicts.find((one) => one.ticket === ticket)).toMatchObject({ verdict: 'released', who: 'clock' });
  });

  it('is refused where the source is down and nothing is to be fetched', async () => {
    const ticket = await w.hold();
    w.source = () => Promise.resolve({ status: 'unavailable', why: 'down' });
    expect((await w.review.decide('ZY', ticket, refuse, reviewer)).verdict).toBe('refused');
  });

  it('shows nothing that cannot be recorded first', async () => {
    const ticket = await w.hold();
    const acts = openActs({ sql: w.sql, sealer: w.parts.sealer, journal: brokenJournal, now: () => w.at });
    const broken = w.bent({ acts });
    expect(await codeOf(broken.open('ZY', ticket, reviewer))).toBe('HELD_LEDGER');
    expect(await codeOf(broken.list('ZY', { limit: 5 }, reviewer))).toBe('HELD_LEDGER');
    expect(await codeOf(broken.detail('ZY', ticket, reviewer))).toBe('HELD_LEDGER');
    await w.review.decide('ZY', ticket, releaseAll, reviewer);
    await w.drain();
    expect(await codeOf(broken.answer(ticket, asker))).toBe('HELD_LEDGER');
  });
});
