import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { affiliation, office, smallContent, soundContent, withRows } from './cases.ts';
import { applyDiff, diffContent, sizeOfDiff } from './diff.ts';
import { diffWords } from './diffWords.ts';
import { hashContent } from './hash.ts';

describe('what changed between two registries', () => {
  it('applied to the first, is the second', () => {
    fc.assert(fc.property(soundContent, soundContent, (before, after) => {
      expect(hashContent(applyDiff(before, diffContent(before, after)))).toBe(hashContent(after));
    }));
  });

  it('is nothing between a registry and itself in another order', () => {
    fc.assert(fc.property(soundContent, (content) => {
      const turned = { ...content, offices: content.offices.toReversed(), organisations: content.organisations.toReversed() };
      expect(sizeOfDiff(diffContent(content, turned))).toBe(0);
      expect(diffWords(diffContent(content, turned))).toBe('nothing changed');
    }));
  });

  it('names the fields that changed, and calls a renewed agreement a new row', () => {
    const edge = affiliation('program287g', 'co/juniper', 'us/dhs/ice', { detail: 'jail', confirmed: false });
    const before = withRows({ affiliations: [edge] });
    const after = withRows({
      affiliations: [{ ...edge, confirmed: true, provenance: 'confirmed by the records desk' }, { ...edge, since: '2026-01-01' }],
      offices: [...smallContent.offices.slice(1), office('COZZ00900', 'co')],
    });
    const diff = diffContent(before, after);
    expect(diff.affiliations.changed.map((change) => change.fields.map(({ field }) => field))).toEqual([['provenance', 'confirmed']]);
    expect(diff.affiliations.added).toHaveLength(1);
    expect(diff.offices.removed.map(({ ori }) => ori)).toEqual(['COZZ00100']);
    expect(diff.offices.added.map(({ ori }) => ori)).toEqual(['COZZ00900']);
    expect(sizeOfDiff(diff)).toBe(4);
    expect(diffWords(diff)).toContain('confirmed: false -> true');
  });

  it('says how many rows it did not show', () => {
    const many = withRows({ offices: Array.from({ length: 30 }, (_, i) => office(`COYY0${String(i).padStart(4, '0')}`, 'co')) });
    expect(diffWords(diffContent(withRows({ offices: [] }), many), 5)).toContain('and 25 more');
  });
});
