import { describe, expect, it } from 'vitest';
import { steadyClock, type SteadyClock } from './steadyClock.ts';

const [second, minute, hour, day] = [1_000, 60_000, 3_600_000, 86_400_000];
const noon = Date.UTC(2026, 10, 22, 12);

interface Bent {
  wall: number;
  readonly jumps: number[];
  readonly clock: SteadyClock;
  /** Both clocks go on by so much, and the time is read as often as a running exchange does, or so. */
  go(milliseconds: number): void;
  now(): number;
  sure(): number;
}

/** A wall clock and a monotonic one that a test sets. */
function bent(from: number | null = null): Bent {
  let passed = 1_000;
  const state = { wall: noon, jumps: [] as number[] };
  const clock = steadyClock({ wall: () => state.wall, monotonic: () => passed, from, onJump: (by) => state.jumps.push(by) });
  return Object.assign(state, {
    clock, now: () => clock.now(), sure: () => clock.sure(),
    go(milliseconds: number): void {
      for (let left = milliseconds; left > 0; left -= minute) {
        state.wall += Math.min(left, minute);
        passed += Math.min(left, minute);
        clock.now();
      }
    },
  });
}

describe('the steady clock', () => {
  it('is the wall clock while that is well', () => {
    const c = bent();
    for (let i = 0; i < 10_000; i += 1) {
      c.go(second);
      expect([c.now(), c.sure()]).toEqual([c.wall, c.wall]);
    }
    expect(c.jumps).toEqual([]);
  });

  it('gives whole milliseconds, which never go back, where the monotonic clock has parts of them', () => {
    let passed = 0;
    const clock = steadyClock({ wall: () => noon + Math.floor(passed), monotonic: () => passed });
    for (let i = 0, last = 0; i < 10_000; i += 1) {
      passed += 0.37;
      const now = clock.now();
      expect(Number.isInteger(now) && now >= last && Math.abs(now - noon - passed) < 2).toBe(true);
      last = now;
    }
  });

  it.each([['a minute', minute], ['two days', 2 * day], ['a year', 365 * day]])('set forward by %s is not early, says so once, and believes it after ten minutes', (_name, by) => {
    const c = bent();
    c.go(5 * second);
    c.wall += by;
    expect(c.now() - (c.wall - by)).toBeLessThan(10);
    c.go(10 * minute - second);
    expect(c.now()).toBeLessThan(c.wall - by + second);
    expect(c.jumps).toEqual([by]);
    c.go(2 * second);
    expect(c.now()).toBe(c.wall);
    c.wall += by;
    c.now();
    expect(c.jumps.length).toBe(2);
  });

  it.each([['three seconds', 3 * second], ['an hour', hour], ['two days', 2 * day], ['ten years', 3_650 * day]])('set back by %s goes on by what passes, however long, and says so once', (_name, by) => {
    const c = bent();
    c.go(5 * second);
    c.wall -= by;
    c.go(5 * day);
    expect(Math.abs(c.now() - (noon + 5 * second + 5 * day))).toBeLessThan(second);
    expect(c.sure()).toBe(c.now());
    expect(c.jumps.length).toBe(1);
    c.wall += by;
    expect(Math.abs(c.now() - c.wall)).toBeLessThan(second);
    c.go(minute);
    expect(c.now()).toBe(c.wall);
  });

  it('set forward, believed, and set right again is right at once, and nothing was certain of what had not passed', () => {
    const c = bent();
    c.wall += 400 * day;
    c.go(3 * hour);
    expect(c.now()).toBe(c.wall);
    expect(c.sure()).toBeLessThan(noon + 3 * hour + second);
    c.wall -= 400 * day;
    c.now();
    c.go(minute);
    expect(c.now()).toBe(c.wall);
    expect(c.sure()).toBe(c.wall);
  });

  it('set forward, believed, and set back too far goes no further back than what has passed', () => {
    const c = bent();
    c.wall += 2 * day;
    c.go(hour);
    c.wall -= 30 * day;
    c.go(hour);
    expect(Math.abs(c.now() - (noon + 2 * hour))).toBeLessThan(second);
  });

  it('is certain of a wall clock that stayed ahead for a day', () => {
    const c = bent();
    c.wall += 2 * day;
    c.go(day);
    expect(c.sure()).toBeLessThan(noon + day + second);
    c.go(11 * minute);
    expect(c.sure()).toBe(c.wall);
    c.wall -= 2 * day;
    c.go(minute);
    expect(c.now()).toBeGreaterThan(noon + 3 * day);
  });

  it('begins no earlier than what was noted, and with the wall clock where that is later', () => {
    const behind = bent(noon + 3 * hour);
    expect(behind.now()).toBe(noon + 3 * hour);
    behind.go(hour);
    expect(behind.now()).toBe(noon + 4 * hour);
    expect(behind.jumps).toEqual([-3 * hour]);

    const stopped = bent(noon - 3 * hour);
    expect([stopped.now(), stopped.sure()]).toEqual([noon, noon - 3 * hour]);
    stopped.go(hour);
    stopped.wall += 2 * day;
    stopped.go(minute);
    expect(stopped.now()).toBeLessThan(noon + hour + 2 * minute);
    stopped.wall -= 2 * day;
    stopped.go(day);
    expect(stopped.sure()).toBe(stopped.wall);
  });

  it('follows a wall clock that is slewed, and takes a small step without a word', () => {
    let [wall, passed] = [noon, 0];
    const jumps: number[] = [];
    const { now } = steadyClock({ wall: () => wall, monotonic: () => passed, onJump: (by) => jumps.push(by) });
    for (let i = 0; i < 1_000; i += 1) {
      passed += second;
      wall += 1_000.1;
      expect(wall - now()).toBeLessThan(2);
    }
    for (const step of [1_500, -1_000]) {
      wall += step;
      now();
      passed += 10 * minute;
      wall += 10 * minute;
      expect(now()).toBe(Math.floor(wall));
    }
    expect(jumps).toEqual([]);
  });
});
