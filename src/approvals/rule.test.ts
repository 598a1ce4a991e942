import { describe, expect, it } from 'vitest';
import { checkPolicy } from '../policy/index.ts';
import { policy } from './cases.ts';
import { emptyPolicy, numbered } from './numbered.ts';
import { needsOf, ruleEffect, stricterRule } from './rule.ts';
import { defaultApprovalRule as usual } from './index.ts';

describe('a rule of approval', () => {
  it.each([
    [{ widening: 3 }, 'narrowing', 'widening'], [{ narrowing: 2 }, 'narrowing', 'widening'], [{ lapsesAfterDays: 7 }, 'narrowing', 'widening'], [{ emergencyHours: 24 }, 'narrowing', 'widening'],
    [{ widening: 3, emergencyHours: 24, lapsesAfterDays: 20 }, 'widening', 'widening'], [{}, 'neutral', 'neutral'],
  ] as const)('with %j is %s, and back %s', (over, there, back) => {
    expect([ruleEffect(usual, { ...usual, ...over }), ruleEffect({ ...usual, ...over }, usual)]).toEqual([there, back]);
  });

  it('asks for the privacy office where it is widening, and keeps to the stricter of two', () => {
    expect([needsOf(usual, 'widening'), needsOf(usual, 'narrowing'), needsOf(usual, 'neutral')]).toEqual([{ approvals: 2, privacy: 1 }, { approvals: 1, privacy: 0 }, { approvals: 1, privacy: 0 }]);
    expect(stricterRule({ ...usual, widening: 3, lapsesAfterDays: 20 }, { ...usual, narrowing: 2, emergencyHours: 1 })).toEqual({ widening: 3, narrowing: 2, lapsesAfterDays: 14, emergencyHours: 1 });
  });
});

describe('the same policy under another number', () => {
  const same = (text: string, version: number) => {
    const checked = checkPolicy(numbered(text, version));
    return checked.ok ? [checked.document.version, checked.document.rules.map(({ id }) => id)] : checked.findings;
  };

  it('keeps the text as it was written where it can', () => {
    expect(numbered(policy(1), 7)).toBe(policy(1).replace('version: 1\n', 'version: 7\n'));
  });

  it.each([
    ['JSON', '{"policy":"CO","version":3,"effective":"2026-01-01","rules":[{"id":"R","deny":{"data":"all"}}]}'],
    ['a note that has such a line', 'policy: CO\nnote: "of\n  version: 3"\nversion: 3\neffective: 2026-01-01\nrules: [{ id: R, deny: { data: all } }]\n'],
    ['a number in another form', 'policy: CO\n? version\n: 3\neffective: 2026-01-01\nrules: [{ id: R, deny: { data: all } }]\n'],
  ])('changes nothing else in %s', (_name, text) => {
    expect(same(text, 9)).toEqual([9, ['R']]);
  });

  it('is refuse everything where there was none', () => {
    const checked = checkPolicy(emptyPolicy('CO', 2, '2026-01-01'));
    expect(checked).toMatchObject({ ok: true, document: { policy: 'CO', version: 2, rules: [] } });
  });
});
