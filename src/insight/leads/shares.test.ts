import { describe, expect, it } from 'vitest';
import { judgeShares, othersHabit } from './shares.ts';

const offices = Array.from({ length: 12 }, (_, place) => ({ place, group: 0 })) as unknown as Parameters<typeof judgeShares>[0]['offices'];
const groups = [{ words: 'all', offices: offices.map(({ place }) => place) }];
/** Twelve offices with five users each, of whom each did it 10 times of 100. */
const office = Int32Array.from({ length: 60 }, (_, u) => Math.floor(u / 5));
const n = new Int32Array(60).fill(100);
const k = new Int32Array(60).fill(10);
const changed = (values: Int32Array, ...changes: readonly (readonly [number, number])[]): Int32Array => {
  const copy = values.slice();
  for (const [place, value] of changes) copy[place] = value;
  return copy;
};

describe('shares of users', () => {
  it('expect of each what others at its agency do, and find the one that differs', () => {
    const { expected, lnP, looked } = judgeShares({ offices, groups }, { office, k: changed(k, [7, 60]), n }, 10, 100);
    expect(expected[7]).toBeCloseTo(0.1, 2);
    expect(looked).toBe(60);
    expect(lnP[7]).toBeLessThan(Math.log(1e-6));
    expect([...lnP].filter((value) => value < Math.log(1e-3))).toHaveLength(1);
  });

  it('count nothing of a unit without an n, whatever its k', () => {
    const judged = judgeShares({ offices, groups }, { office, k: changed(k, [0, 5_000], [12, 9_000]), n: changed(n, [0, 0], [12, 0]) }, 10, 100);
    expect(judged.looked).toBe(58);
    for (let u = 0; u < 60; u += 1) if (u !== 0 && u !== 12) expect(judged.expected[u]).toBeCloseTo(0.1, 2);
  });

  it('take as peers only those that are judged', () => {
    const busy = k.map((value, u) => (u >= 30 ? 90 : value));
    const { expected, lnP } = judgeShares({ offices, groups }, { office, k: busy, n, only: (u) => u < 30 }, 10, 100);
    expect(expected[0]).toBeCloseTo(0.1, 2);
    expect([...lnP.slice(30)].every((value) => value === 0)).toBe(true);
  });
});

describe('the habit of others', () => {
  it('leaves the one out who is looked at', () => {
    const habit = othersHabit(12, office, changed(k, [3, 100]), n);
    expect(habit(3, 0.1, 400)).toBe(true);
    expect(habit(4, 0.1, 400)).toBe(false);
    expect(habit(3, 0.1, 401)).toBe(false);
  });
});
