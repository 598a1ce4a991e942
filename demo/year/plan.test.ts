import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultYear, fullYear, mostScale, ownersIn, planYear } from './plan.ts';

const sum = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0);

describe('the plan of a year', () => {
  it('adds up to the unit at any scale', () => {
    fc.assert(fc.property(fc.oneof(fc.constantFrom(1, 2, 10, 100, 1000, mostScale), fc.integer({ min: 1, max: mostScale })), (scale) => {
      const { totals, owners } = planYear({ ...defaultYear, scale });
      expect(totals).toEqual({ queries: Math.floor(290_000_000 / scale + 0.5), ero: Math.floor(292_114 / scale + 0.5), hsi: Math.floor(605_116 / scale + 0.5) });
      expect([sum(owners.map((one) => one.total)), sum(owners.map((one) => one.ero)), sum(owners.map((one) => one.hsi))]).toEqual([totals.queries, totals.ero, totals.hsi]);
      for (const { total, ero, hsi, cbp, federal, local } of owners) {
        expect(ero + hsi + cbp + federal + local).toBe(total);
        expect(Math.min(total, ero, hsi, cbp, federal, local)).toBeGreaterThanOrEqual(0);
      }
    }), { numRuns: 60 });
  });

  it('has the published totals at full size, and Washington about the federal queries that were published', () => {
    const { totals, owners } = planYear(defaultYear);
    expect(totals).toEqual(fullYear);
    const wa = owners.find(({ owner }) => owner === 'WA')!;
    const federal = ((wa.ero + wa.hsi + wa.cbp + wa.federal) * 11) / 12;
    expect(Math.abs(federal / 2_671_776 - 1)).toBeLessThan(0.02);
  });

  it('ends with the month that is asked for', () => {
    const { months } = planYear({ ...defaultYear, ending: '2026-02' });
    expect(months.map((at) => new Date(at).toISOString().slice(0, 10))).toEqual(['2025-03-01', '2025-04-01', '2025-05-01', '2025-06-01', '2025-07-01', '2025-08-01', '2025-09-01', '2025-10-01', '2025-11-01', '2025-12-01', '2026-01-01', '2026-02-01', '2026-03-01']);
  });

  it.each([[{ scale: 0 }], [{ scale: 1.5 }], [{ scale: mostScale + 1 }], [{ scale: NaN }], [{ ending: '2026-13' }], [{ ending: '2026' }]])('refuses %o', (wrong) => {
    expect(() => planYear({ ...defaultYear, ...wrong })).toThrow(RangeError);
  });

  it('reads owners as they are typed', () => {
    expect(ownersIn('wa, OR')).toEqual(['OR', 'WA']);
    expect([ownersIn(''), ownersIn('WA,XX'), ownersIn('Washington')]).toEqual([null, null, null]);
  });
});
