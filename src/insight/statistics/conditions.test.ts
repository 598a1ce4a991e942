import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conditionText, readBy, readConditions } from './conditions.ts';
import { dimensionFacts } from './dimensions.ts';
import { dimensions, type Condition } from './types.ts';

const code = (work: () => unknown): unknown => {
  try {
    work();
    return 'read';
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
};
const message = (work: () => unknown): string => {
  try {
    work();
    return '';
  } catch (error) {
    return (error as Error).message;
  }
};

describe('conditions', () => {
  it('are read back as they are written', () => {
    const closed = dimensions.filter((dimension) => dimensionFacts[dimension].words !== null);
    const condition = fc.constantFrom(...closed).chain((dimension) => fc.record<Condition>({ dimension: fc.constant(dimension), words: fc.uniqueArray(fc.constantFrom(...dimensionFacts[dimension].words ?? []), { minLength: 1, maxLength: 3 }), not: fc.boolean() }));
    fc.assert(fc.property(fc.array(condition, { maxLength: 4 }), (where) => {
      expect(readConditions(where.map(conditionText)).where).toEqual(where);
      expect(readConditions([where.map(conditionText).join('  ')]).where).toEqual(where);
    }));
  });

  it('may be written as people search', () => {
    expect(readConditions(['ori:zx0010000 -outcome:refused state:WA created:2026-01-01..2026-03-31 weekday:Monday hour:7'])).toEqual({
      where: [
        { dimension: 'agency', words: ['ZX0010000'], not: false }, { dimension: 'status', words: ['refused'], not: true }, { dimension: 'homeState', words: ['WA'], not: false },
        { dimension: 'weekday', words: ['1'], not: false }, { dimension: 'hour', words: ['07'], not: false },
      ],
      created: '2026-01-01..2026-03-31',
    });
    expect(readConditions(['-status!=refused']).where).toEqual([{ dimension: 'status', words: ['refused'], not: false }]);
  });

  it.each([
    'party', 'party=', 'party=imigration', 'parti=immigration', '=x', 'party=immigration,', 'hour=24', 'weekday=8', 'agency=x', 'organisation=us/', 'organisation=../x', 'month=2026-13', 'rule=a b;c', 'rule=\'; drop', 'policyVersion=x',
    'created:a created:b', '-created:2026', 'person:SMITH', '__proto__=x', 'constructor=x', `agency=${'A'.repeat(10_000)}`,
  ])('%s is no condition', (text) => {
    expect(code(() => readConditions([text]))).toBe('ARCHIVE_QUESTION');
    expect(message(() => readConditions([text])).length).toBeLessThan(1_000);
  });

  it('that are wrong are told the word that was meant', () => {
    expect(message(() => readConditions(['party=imigration']))).toContain('`immigration`');
    expect(message(() => readConditions(['parti=immigration']))).toContain('`party`');
    expect(message(() => readConditions(['purpose=walking']))).toContain('trafficEnforcement');
  });
});

describe('dimensions', () => {
  it('are at most two, each once, and only the tree has levels', () => {
    expect(readBy('party, organisation:2')).toEqual([{ dimension: 'party' }, { dimension: 'organisation', depth: 2 }]);
    expect(readBy('')).toEqual([]);
    for (const text of ['a', 'party,level,status', 'party,party', 'party:2', 'organisation:0', 'organisation:x', 'organisation:1:2', 'toString']) expect(code(() => readBy(text)), text).toBe('ARCHIVE_QUESTION');
  });
});
