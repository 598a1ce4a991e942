import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { apportion, nearest, staircase } from './apportion.ts';

const weights = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 60 }).filter((list) => list.some((weight) => weight > 1e-3));
const total = fc.integer({ min: 0, max: 300_000_000 });

describe.each([
  ['apportion', (all: number, parts: readonly number[]) => [...apportion(all, parts)]],
  ['staircase', (all: number, parts: readonly number[]) => [...staircase(all, Float64Array.from(parts), 0.37)]],
] as const)('%s', (_name, share) => {
  it('gives parts that add up, each the exact share rounded up or down', () => {
    fc.assert(fc.property(total, weights, (all, list) => {
      const parts = share(all, list);
      const sum = list.reduce((a, b) => a + b, 0);
      expect(parts.reduce((a, b) => a + b, 0)).toBe(all);
      parts.forEach((part, place) => {
        expect(part).toBeGreaterThanOrEqual(0);
        expect(Math.abs(part - (all * (list[place] ?? 0)) / sum)).toBeLessThan(1 + 1e-3);
      });
    }));
  });

  it('gives nothing where all weights are 0', () => {
    expect(share(5, [0, 0])).toEqual([0, 0]);
  });
});

it('gives equal remainders to the earlier place', () => {
  expect(apportion(2, [1, 1, 1])).toEqual([1, 1, 0]);
});

it('does not starve the many that are due little', () => {
  const parts = staircase(100, Float64Array.from([90, ...Array.from({ length: 100 }, () => 0.1)]), 0.5);
  expect(parts.slice(1).reduce((a, b) => a + b, 0)).toBe(10);
});

it('rounds a half up', () => {
  expect([nearest(5, 2), nearest(292_114, 1000), nearest(605_116, 1000), nearest(290_000_000, 3)]).toEqual([3, 292, 605, 96_666_667]);
});
