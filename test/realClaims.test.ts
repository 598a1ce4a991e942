import { describe, expect, it } from 'vitest';
import { inseparableByState, realClaims, realLists, realNetworks, realTable } from '../bench/realClaims.ts';

const folder = realLists();

describe.skipIf(folder === null)('the templates on the published lists (skipped where ../shared/data is absent)', () => {
  const networks = folder === null ? null : realNetworks(folder);
  const claims = networks === null ? [] : realClaims(networks);
  const failing = (when: 'before' | 'suggested' | 'confirmed'): string[] => claims.filter(({ verdicts }) => verdicts[when].deciding.holds !== true).map(({ template, claim }) => `${template} ${claim.id}`);

  it('hold before the agreements, but for the block by name, which leaves federal agencies whose task nobody knows', () => {
    expect(networks?.agencies).toBe(20_590);
    expect(failing('before')).toEqual(['washington-block WA-C4']);
  });

  it('break by the agreements that a person has confirmed, and not by a match of names', () => {
    expect(networks?.agreements).toBe(740);
    expect(failing('suggested')).toEqual(failing('before'));
    expect(failing('confirmed')).toEqual(['colorado CO-C4', 'minnesota MN-C4', 'new-york NY-C4', 'washington-block WA-C3', 'washington-block WA-C4']);
  });

  it('name the agency, the agreement and its source where they break', () => {
    const broken = claims.filter(({ ways }) => ways !== null);
    expect(broken).toHaveLength(4);
    for (const { verdicts, ways } of broken) {
      const trace = verdicts.confirmed.deciding.counterexample;
      expect(trace?.path).toMatchObject([{ kind: 'program287g', grade: 'inseparable', confirmed: true, to: { organisation: 'us/dhs/ice' } }]);
      expect(trace?.path[0]?.provenance).toContain('participating-2025-07-18.csv of 2025-07-18');
      expect(trace?.asker.ori).toMatch(/^[A-Z]{2}\d{7}$/);
      expect(ways?.count).toBe(354);
    }
    expect(networks === null ? 0 : [...inseparableByState(networks.confirmed).values()].reduce((a, b) => a + b, 0)).toBe(354);
  });

  it('are printed as one row for each claim', () => {
    expect(realTable(claims).split('\n')).toHaveLength(claims.length + 2);
  });
});
