import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { affiliation, office, organisation, smallContent, soundContent, withRows } from './cases.ts';
import { hashContent } from './hash.ts';
import type { RegistryContent } from './model.ts';
import { emptyContent } from './rows.ts';

describe('the hash of a registry', () => {
  it('does not depend on the order of rows or of missions', () => {
    fc.assert(fc.property(soundContent, (content) => {
      const turned: RegistryContent = {
        organisations: content.organisations.toReversed().map((row) => ({ ...row, missions: row.missions?.toReversed() ?? null })),
        offices: content.offices.toReversed(), affiliations: content.affiliations.toReversed(), certifications: content.certifications.toReversed(),
      };
      expect(hashContent(turned)).toBe(hashContent(content));
    }));
  });

  it('changes with every field', () => {
    const edge = affiliation('taskForce', 'co/juniper', 'us/dhs/ice', { detail: 'drugs' });
    const base = withRows({ affiliations: [edge] });
    const others: RegistryContent[] = [
      emptyContent, smallContent,
      withRows({ affiliations: [{ ...edge, confirmed: false }] }), withRows({ affiliations: [{ ...edge, until: '2026-01-01' }] }),
      withRows({ affiliations: [{ ...edge, provenance: 'another list' }] }), withRows({ affiliations: [{ ...edge, from: edge.to, to: edge.from }] }),
      withRows({ affiliations: [edge], offices: [...smallContent.offices, office('COZZ00400', 'co')] }),
      withRows({ affiliations: [edge], organisations: [...smallContent.organisations, organisation('x')] }),
    ];
    const hashes = [base, ...others].map(hashContent);
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  it('tells a null from the word null and one row from two', () => {
    const one = withRows({ offices: [office('COZZ00100', 'co', { county: null })] });
    const other = withRows({ offices: [office('COZZ00100', 'co', { county: 'null' })] });
    expect(hashContent(one)).not.toBe(hashContent(other));
    expect(hashContent(withRows({ offices: [...one.offices, ...one.offices] }))).not.toBe(hashContent(one));
  });

  it('is stable: a change of the canonical form would strand every hash in the journal', () => {
    expect(hashContent(emptyContent)).toMatchInlineSnapshot(`"000bd4e485614fa548980d83268f26c1525fb1f92cbe90acd0c0d614cdbe0358"`);
    expect(hashContent(smallContent)).toMatchInlineSnapshot(`"fdcc1cd6ed0d3960b28c04dbabb9a685f50b87a0ce13f141bc5e76a4dc7a8460"`);
  });
});
