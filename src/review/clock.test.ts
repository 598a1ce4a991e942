import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asked, heldWorld, holdPhoto, hour, type HeldWorld } from './cases.ts';
import { runClock, steadyClock } from './clock.ts';

/** A wall clock and a monotonic one that a test sets. */
function clocks(): { wall: number; passed: number; jumps: number[]; now: () => number; go(milliseconds: number): void } {
  const state = { wall: asked, passed: 1_000, jumps: [] as number[], go(milliseconds: number): void { state.wall += milliseconds; state.passed += milliseconds; } };
  return Object.assign(state, { now: steadyClock({ now: () => state.wall, monotonic: () => state.passed, onJump: (by) => state.jumps.push(by) }) });
}

describe('the steady clock', () => {
  it('goes with the wall clock while that is well', () => {
    const c = clocks();
    for (let i = 0; i < 10_000; i += 1) {
      c.go(1_000);
      expect(c.now()).toBe(c.wall);
    }
    expect(c.jumps).toEqual([]);
  });

  it('is not early where the wall clock is set forward, says so once, and believes it after ten minutes', () => {
    const c = clocks();
    c.go(5_000);
    c.now();
    c.wall += 48 * hour;
    const told = c.now();
    expect(told - (asked + 5_000)).toBeLessThan(10);
    for (let i = 0; i < 599; i += 1) {
      c.go(1_000);
      expect(c.now()).toBeLessThan(asked + 700_000);
    }
    expect(c.jumps.length).toBe(1);
    c.go(2_000);
    expect(c.now()).toBe(c.wall);
    c.wall += 48 * hour;
    c.now();
    expect(c.jumps.length).toBe(2);
  });

  it('goes back with the wall clock, and says so once', () => {
    const c = clocks();
    c.go(5_000);
    c.wall -= hour;
    expect(c.now()).toBe(c.wall);
    c.go(1_000);
    expect(c.now()).toBe(c.wall);
    expect(c.jumps.length).toBe(1);
  });

  it('follows a wall clock that is slewed, and takes a small step without a word', () => {
    const c = clocks();
    for (let i = 0; i < 1_000; i += 1) {
      c.passed += 1_000;
      c.wall += 1_000.1;
      expect(c.wall - c.now()).toBeLessThan(0.5);
    }
    c.wall += 1_500;
    c.now();
    expect(c.jumps).toEqual([]);
    c.go(600_000);
    expect(c.now()).toBe(c.wall);
  });
});

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
