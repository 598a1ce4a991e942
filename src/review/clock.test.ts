import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asked, heldWorld, holdPhoto, hour, type HeldWorld } from './cases.ts';
import { steadyClock } from '../store/steadyClock.ts';
import { runClock } from './clock.ts';

/** A wall clock that a test sets, and the clock of an exchange on it. */
function clocks(): { wall: number; passed: number; now: () => number; go(milliseconds: number): void } {
  const state = { wall: asked, passed: 1_000, go(milliseconds: number): void { state.wall += milliseconds; state.passed += milliseconds; } };
  return Object.assign(state, { now: steadyClock({ wall: () => state.wall, monotonic: () => state.passed }).now });
}

describe('the clock on held requests', () => {
  let w: HeldWorld;
  beforeAll(async () => { w = await heldWorld(); });
  afterAll(() => w.stop());

  it('decides nothing early and nothing twice, whatever the wall clock does', async () => {
    w.decide = holdPhoto;
    const c = clocks();
    const tickets = [await w.hold(), await w.hold()];
    const tick = async (): Promise<number> => w.review.tick(c.now());
    c.wall += 5 * hour;
    expect(await tick()).toBe(0);
    c.wall -= 6 * hour;
    expect(await tick()).toBe(0);
    c.wall += hour;
    c.go(4 * hour - 1);
    expect(await tick()).toBe(0);
    c.go(1);
    expect(await tick()).toBe(2);
    // Set back after the deadline: what was decided stays so, and is not decided again.
    c.wall -= hour;
    expect(await tick()).toBe(0);
    c.go(hour);
    expect(await tick()).toBe(0);
    await w.drain();
    expect(w.entries().verdicts.map((one) => one.ticket).sort()).toEqual([...tickets].sort());
  });

  it('is on time by what has passed, where the wall clock was set back before the deadline', async () => {
    w.decide = holdPhoto;
    const c = clocks();
    await w.hold();
    c.wall -= 30 * hour;
    c.go(4 * hour - 1);
    expect(await w.review.tick(c.now())).toBe(0);
    c.go(1);
    expect(await w.review.tick(c.now())).toBe(1);
    await w.drain();
  });

  it('goes on after a failure, wakes for the next deadline, and stops when told', async () => {
    const ticks: number[] = [];
    const faults: unknown[] = [];
    const due: { at: number | null } = { at: Date.now() + 60 };
    const clock = runClock({
      now: Date.now, onFault: (error) => faults.push(error),
      review: {
        tick(now) {
          ticks.push(now);
          if (ticks.length === 1) return Promise.reject(new Error('the database went away'));
          if (due.at !== null && now >= due.at) due.at = null;
          return Promise.resolve(0);
        },
        nextDue: () => Promise.resolve(due.at),
      },
    });
    while (due.at !== null) await new Promise((done) => setTimeout(done, 10));
    await clock.stop();
    expect(faults.length).toBe(1);
    const { length } = ticks;
    await new Promise((done) => setTimeout(done, 20));
    expect(ticks.length).toBe(length);
  });

  it('drops nothing before its time has passed for certain', async () => {
    const ticket = await w.hold();
    const sure = { at: asked };
    const review = w.bent({ sure: () => sure.at });
    w.at = asked + 4 * hour;
    await review.tick(w.at);
    await w.drain();
    w.at += 31 * 24 * hour;
    await review.tick(w.at);
    const kept = async (): Promise<boolean> => (await w.sql`select 1 from ticket where id = ${ticket} and document is not null`).length === 1;
    expect(await kept()).toBe(true);
    sure.at = w.at;
    await review.tick(w.at + 60_000);
    expect(await kept()).toBe(false);
    w.at = asked;
  });

  it('drops what has had its time', async () => {
    const ticket = await w.hold();
    w.at = asked + 4 * hour;
    await w.review.tick(w.at);
    await w.drain();
    w.at += 31 * 24 * hour;
    await w.review.tick(w.at);
    expect((await w.sql`select document, verdict_document, verdict from ticket where id = ${ticket}`)[0]).toEqual({ document: null, verdict_document: null, verdict: 'refused' });
    expect((await w.sql`select 1 from late_answer where ticket = ${ticket}`).length).toBe(0);
  });
});
