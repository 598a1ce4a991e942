import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allJurisdictions } from '../src/vocabulary/index.ts';
import { factsOf } from './jurisdictions.ts';
import { numberFormat, numberRun } from './numberFormat.ts';
import { permutationOf } from './permutation.ts';
import { mostResidents } from './residents.ts';

const pattern = fc.string({ unit: fc.constantFrom('#', 'A', 'X', 'S', 'w', '-'), minLength: 1, maxLength: 14 });

describe('a number format', () => {
  it('writes different numbers for different values, in its shape, and reads the value back', () => {
    fc.assert(fc.property(pattern, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (text, x, y) => {
      const format = numberFormat(text);
      const a = Math.floor(x * format.capacity);
      const b = Math.floor(y * format.capacity);
      expect(format.write(a, 'QUILL')).toMatch(format.shape);
      expect(format.valueOf(format.write(a, 'QUILL'))).toBe(a);
      expect(format.write(a, 'QUILL') === format.write(b, 'QUILL')).toBe(a === b);
    }));
  });

  it('puts the first letter of the surname at S and letters of its own in upper case', () => {
    expect(numberFormat('wdS##').write(42, 'MARROW')).toBe('WDM42');
  });
});

describe('a run of numbers', () => {
  it('gives each number once and none of those that are kept', () => {
    const kept = ['S07', 'S42', 'S99'];
    const run = numberRun('S##', 77, kept);
    const all = new Set(Array.from({ length: 97 }, (_, i) => run(i, 'SALLOW')));
    expect(all.size).toBe(97);
    expect(kept.filter((number) => all.has(number))).toEqual([]);
  });

  it('is long enough for the largest number of residents, and their vehicles', () => {
    const total = allJurisdictions.reduce((sum, owner) => sum + factsOf(owner).drivers, 0);
    for (const owner of allJurisdictions) {
      const most = (mostResidents * factsOf(owner).drivers) / total;
      expect(numberFormat(factsOf(owner).licence).capacity, owner).toBeGreaterThan(2 * most);
      expect(numberFormat(factsOf(owner).plate).capacity, owner).toBeGreaterThan(2 * most);
    }
  });
});

describe('a permutation', () => {
  it('gives every number below its size exactly once', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 5_000 }), fc.nat(), (size, key) => {
      const order = permutationOf(key, size);
      const all = new Set(Array.from({ length: size }, (_, i) => order(i)));
      expect(all.size).toBe(size);
      expect(Math.max(...all)).toBe(size - 1);
    }), { numRuns: 40 });
  });

  it('stays exact at its largest size', () => {
    const order = permutationOf(9, 2 ** 40);
    const seen = new Set(Array.from({ length: 20_000 }, (_, i) => order(i)));
    expect(seen.size).toBe(20_000);
    expect([...seen].every((v) => Number.isSafeInteger(v) && v >= 0 && v < 2 ** 40)).toBe(true);
  });
});
