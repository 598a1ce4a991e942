import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { data, decisionInput, instant, matcher, policyDocument } from '../../test/policyArbitraries.ts';
import { outcomeOrder, type Outcome } from '../vocabulary/index.ts';
import { checkPolicy } from './check.ts';
import { classesOf, defaultReview, type LimitRule, type Rule } from './document.ts';
import { decide, limitsFor, prepare } from './interpret.ts';
import { applyLimits, limitedClasses, limitsConcerned } from './limits.ts';
import { windowEnd, windowOf } from './limitWindow.ts';

const review = fc.record({ by: fc.constantFrom('desk', 'other desk'), withinSeconds: fc.constantFrom(60, 3_600, 86_400), onTimeout: fc.constantFrom('deny' as const, 'release' as const) });
const limit = fc.record({
  data, to: fc.option(matcher, { nil: null }), per: fc.constantFrom('agency' as const, 'owner' as const), beyond: fc.constantFrom('hold' as const, 'deny' as const), review: fc.option(review),
});
const limits = fc.array(limit, { maxLength: 4 }).map((all) => all.map(({ to, ...one }, n): LimitRule => ({
  id: `ZY-L${n}`, title: null, cites: [], effective: null, expires: null, max: { count: 1, per: 'day' }, ...one, ...(to === null ? {} : { to }), review: one.beyond === 'deny' ? null : one.review,
})));
const rank = (outcome: Outcome) => outcomeOrder.indexOf(outcome);

describe('limits that are used up', () => {
  it('make no decision less strict, and leave what the rules hold or refuse', () => {
    fc.assert(fc.property(policyDocument, decisionInput, instant, limits, (document, input, at, usedUp) => {
      const before = decide(prepare(document, 'hash'), input, at);
      const after = applyLimits(before, usedUp);
      expect(after.duties).toBe(before.duties);
      after.classes.forEach((one, n) => {
        const was = before.classes[n]!;
        expect(one.dataClass).toBe(was.dataClass);
        expect(rank(one.outcome)).toBeGreaterThanOrEqual(rank(was.outcome));
        if (was.outcome === 'hold' || was.outcome === 'deny') expect(one).toEqual(was);
      });
    }), { numRuns: 300 });
  });

  it('are in whatever order, and saying one twice says nothing more', () => {
    fc.assert(fc.property(policyDocument, decisionInput, instant, limits.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))), (document, input, at, [all, turned]) => {
      const decision = decide(prepare(document, 'hash'), input, at);
      expect(applyLimits(decision, turned)).toEqual(applyLimits(decision, all));
      expect(applyLimits(decision, [...all, ...turned])).toEqual(applyLimits(decision, all));
    }), { numRuns: 300 });
  });

  it('are what the same rules without a counter would be, for whatever the policy gives', () => {
    fc.assert(fc.property(policyDocument, decisionInput, instant, limits, (document, input, at, all) => {
      const before = decide(prepare(document, 'hash'), input, at);
      const usedUp = limitsFor(prepare({ ...document, limits: all }, 'hash'), input, at);
      const asRules = usedUp.map((one): Rule => {
        const body = { id: one.id, title: null, cites: [], effective: null, expires: null, data: one.data, unless: [], ...(one.to === undefined ? {} : { to: one.to }) };
        return one.beyond === 'deny' ? { outcome: 'deny', ...body } : { outcome: 'hold', ...body, review: one.review ?? defaultReview };
      });
      const ruled = decide(prepare({ ...document, rules: [...document.rules, ...asRules] }, 'hash'), input, at);
      applyLimits(before, usedUp).classes.forEach((one, n) => {
        if (before.classes[n]!.outcome === 'release' || before.classes[n]!.outcome === 'redact') expect(one).toEqual(ruled.classes[n]);
      });
    }), { numRuns: 300 });
  });

  it('leave nothing of what they count', () => {
    fc.assert(fc.property(policyDocument, decisionInput, instant, limits, (document, input, at, all) => {
      const after = applyLimits(decide(prepare(document, 'hash'), input, at), all);
      for (const one of all) expect(limitedClasses(after, one)).toEqual([]);
      expect(limitsConcerned(after, all)).toEqual([]);
    }), { numRuns: 200 });
  });
});

describe('the limits of an asker', () => {
  it('are those whose `to` matches, on the days on which they are in force', () => {
    fc.assert(fc.property(policyDocument, decisionInput, instant, limits, (document, input, at, all) => {
      const found = limitsFor(prepare({ ...document, limits: all }, 'hash'), input, at);
      const asRules = all.filter((one) => decide(prepare({ ...document, rules: [{ outcome: 'release', treat: {}, unless: [], ...one }] }, 'hash'), { ...input, classes: classesOf(one.data) }, at).classes.some(({ outcome }) => outcome === 'release'));
      expect(found.map(({ id }) => id)).toEqual(asRules.map(({ id }) => id));
    }), { numRuns: 200 });
    const document = soundDocument('limits:\n  - { id: L, effective: 2026-06-02, expires: 2026-06-03, data: name, per: agency, max: 1/day, beyond: deny }\n');
    const [input] = fc.sample(decisionInput, { numRuns: 1, seed: 4 });
    const at = (text: string) => limitsFor(prepare(document, 'hash'), input!, Date.parse(text)).length;
    expect(['2026-06-01T23:59:59Z', '2026-06-02T00:00:00Z', '2026-06-03T23:59:59Z', '2026-06-04T00:00:00Z'].map(at)).toEqual([0, 1, 1, 0]);
  });

  it('are concerned only where something that they count would be given', () => {
    const document = soundDocument('limits:\n  - { id: L1, data: [photo, ssn], per: agency, max: 1/day, beyond: deny }\n  - { id: L2, data: ssn, per: agency, max: 1/day, beyond: deny }\n');
    const [base] = fc.sample(decisionInput, { numRuns: 1, seed: 4 });
    const decision = decide(prepare(document, 'hash'), { ...base!, classes: ['name', 'photo', 'ssn'] }, Date.parse('2026-06-01'));
    expect(limitsConcerned(decision, document.limits).map(({ id }) => id)).toEqual(['L1']);
    expect(limitedClasses(decision, document.limits[0]!)).toEqual(['photo']);
  });
});

describe('a window', () => {
  const per = fc.constantFrom('hour' as const, 'day' as const, 'week' as const, 'month' as const);
  const at = fc.integer({ min: Date.UTC(1971, 0, 1), max: Date.UTC(2199, 0, 1) });

  it('has one name from its first instant to its last, and another before and after', () => {
    fc.assert(fc.property(per, at, (one, when) => {
      const window = windowOf(one, when);
      expect(when).toBeLessThan(window.endsAt);
      expect(windowEnd(window.name)).toBe(window.endsAt);
      expect(windowOf(one, window.endsAt - 1)).toEqual(window);
      expect(windowOf(one, window.endsAt).name > window.name).toBe(true);
      const longest = { hour: 1, day: 24, week: 7 * 24, month: 31 * 24 }[one] * 3_600_000;
      expect(window.endsAt - when).toBeLessThanOrEqual(longest);
      expect(windowOf(one, when - longest).name).not.toBe(window.name);
    }), { numRuns: 1_000 });
  });

  it.each([
    ['2026-01-01', '2026-W01'], ['2026-12-31', '2026-W53'], ['2027-01-01', '2026-W53'], ['2027-01-04', '2027-W01'], ['2024-12-30', '2025-W01'], ['2021-01-03', '2020-W53'],
  ])('of a week has the name of ISO 8601: %s is in %s', (day, week) => {
    expect(windowOf('week', Date.parse(day)).name).toBe(week);
  });

  it.each([
    ['hour', '2026-11-22T12', '2026-11-22T13:00:00.000Z'], ['day', '2026-11-22', '2026-11-23T00:00:00.000Z'], ['week', '2026-W47', '2026-11-23T00:00:00.000Z'], ['month', '2026-11', '2026-12-01T00:00:00.000Z'],
  ] as const)('of one %s is %s and ends at %s', (one, name, end) => {
    const window = windowOf(one, Date.parse('2026-11-22T12:34:56.789Z'));
    expect([window.name, new Date(window.endsAt).toISOString()]).toEqual([name, end]);
  });

  it('is not made of other text', () => {
    for (const text of ['', '2026', '2026-1', '2026-W1', '2026-11-22T', '2026-11-22T12:00', 'x2026-11']) expect(windowEnd(text)).toBeNull();
  });
});

function soundDocument(text: string) {
  const checked = checkPolicy(`policy: ZY\nversion: 1\neffective: 2026-01-01\nrules:\n  - { id: R, release: { data: [name, photo], treat: { photo: reduced } } }\n${text}`);
  if (!checked.ok) throw new Error('not sound');
  return checked.document;
}
