import fc from 'fast-check';
import {
  affiliationKinds, allDataClasses, allJurisdictions, allPurposes, attributeWords, courtClasses, evidenceGrades, namesOf, queryKinds, treatmentsOf,
  type DataClass, type RequesterAttributes, type Treatment,
} from '../src/vocabulary/index.ts';
import type { DecisionInput } from '../src/model/index.ts';
import { proofDomains, proofWorlds, type Claim, type Condition, type DataScope, type Item, type LimitRule, type Matcher, type NotifyRule, type OnwardRule, type PolicyDocument, type Rule } from '../src/policy/index.ts';

/** Random documents and requests, for properties that hold of all of them. Documents are as the check gives them: lists in vocabulary order. */
type Gen<T> = fc.Arbitrary<T>;

const inOrder = <W>(words: readonly W[], max = 4): Gen<readonly W[]> => fc.subarray([...words], { minLength: 1, maxLength: Math.min(max, words.length) });
const maybe = <T, K extends string>(key: K, one: Gen<T>): Gen<{ readonly [P in K]?: T }> => fc.option(one, { nil: null }).map((value) => (value === null ? {} : { [key]: value }) as { readonly [P in K]?: T });

/** Few words an attribute, so that rules and requests often meet. */
const likely: { readonly [A in keyof RequesterAttributes]: readonly string[] } = {
  level: ['federal', 'state', 'municipal', 'undeclared'], department: ['DHS', 'DOJ', 'none'], component: ['ICE', 'HSI', 'CBP', 'none'], homeState: [...allJurisdictions.slice(0, 3), 'none'],
  mission: ['generalPolice', 'immigrationEnforcement', 'borderSecurity'], program287g: ['taskForce', 'jail', 'none', 'undeclared'], taskForce: ['drugs', 'immigration', 'none'],
  certified: ['noCivilImmigrationUse', 'noRedisclosure', 'none'], audit: ['passed', 'failed'], criminalJustice: ['yes', 'no', 'undeclared'], sharedOri: ['yes', 'no'], vendorHosted: ['yes', 'no'],
};
const names = Object.keys(attributeWords) as (keyof RequesterAttributes)[];
const order = (name: keyof RequesterAttributes): readonly string[] => (name === 'homeState' ? [...allJurisdictions, ...attributeWords.homeState] : attributeWords[name]);
const wordsOf = (name: keyof RequesterAttributes): Gen<readonly string[]> => inOrder(likely[name], 3).map((words) => [...words].sort((a, b) => order(name).indexOf(a) - order(name).indexOf(b)));

export const matcher: Gen<Matcher> = fc.subarray(names, { minLength: 1, maxLength: 2 }).chain((chosen) => fc.tuple(...chosen.map(wordsOf)).map((words) => Object.fromEntries(chosen.map((name, n) => [name, words[n]])) as Matcher));

export const requester: Gen<RequesterAttributes> = fc.record(Object.fromEntries(names.map((name) => [name,
  ['component', 'mission', 'program287g', 'taskForce', 'certified'].includes(name) ? fc.subarray([...likely[name]], { minLength: 1, maxLength: 2 }) : fc.constantFrom(...likely[name])]))) as unknown as Gen<RequesterAttributes>;

const purposes = inOrder(allPurposes);
const grade = fc.constantFrom(...namesOf(evidenceGrades));
const evidence = {
  warrant: grade, court: inOrder(namesOf(courtClasses)), caseNumber: grade, query: inOrder(namesOf(queryKinds)),
};

const conditionOf = (keys: readonly (keyof Condition)[]): Gen<Condition> => {
  const all: Readonly<Record<keyof Condition, Gen<unknown>>> = { to: matcher, for: purposes, ...evidence };
  return fc.subarray([...keys], { minLength: 1, maxLength: 2 }).chain((chosen) => fc.record(Object.fromEntries(chosen.map((key) => [key, all[key]])))) as Gen<Condition>;
};
export const condition = conditionOf(['to', 'for', 'warrant', 'court', 'caseNumber', 'query']);
const ruleWhen = conditionOf(['warrant', 'court', 'caseNumber', 'query']);
const unless = fc.array(condition, { maxLength: 2 });

export const data: Gen<DataScope> = fc.oneof({ weight: 1, arbitrary: fc.constant('all' as const) }, { weight: 4, arbitrary: inOrder(allDataClasses, 6) });

const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 })
  .filter((one) => one.trim() !== '' && one.length <= 60 && !/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u.test(one));
const nullable = <T>(one: Gen<T>): Gen<T | null> => fc.option(one, { nil: null, freq: 2 });

const day = fc.integer({ min: Date.UTC(2026, 4, 28) / 86_400_000, max: Date.UTC(2026, 5, 5) / 86_400_000 }).map((n) => new Date(n * 86_400_000).toISOString().slice(0, 10));
const period: Gen<Pick<Item, 'effective' | 'expires'>> = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ effective: null, expires: null }) },
  { weight: 1, arbitrary: fc.tuple(nullable(day), nullable(day)).map(([a, b]) => (a !== null && b !== null && a > b ? { effective: b, expires: a } : { effective: a, expires: b })) },
);
const item: Gen<Omit<Item, 'id'>> = fc.tuple(period, nullable(text), fc.array(text, { maxLength: 2 })).map(([span, title, cites]) => ({ ...span, title, cites }));
const seconds = fc.oneof(fc.integer({ min: 1, max: 366 }).map((n) => n * 86_400), fc.integer({ min: 1, max: 500 }).map((n) => n * 3_600), fc.integer({ min: 1, max: 900 }).map((n) => n * 60));
const review = fc.record({ by: text, withinSeconds: seconds, onTimeout: fc.constantFrom('deny' as const, 'release' as const) });

const treatFor = (scope: DataScope): Gen<Partial<Record<DataClass, Treatment>>> => {
  const fitting = (scope === 'all' ? allDataClasses : scope).filter((one) => treatmentsOf[one] !== undefined);
  return fc.subarray([...fitting], { maxLength: Math.min(2, fitting.length) }).chain((chosen) => fc.tuple(...chosen.map((one) => fc.constantFrom(...(treatmentsOf[one] ?? []))))
    .map((treatments) => Object.fromEntries(chosen.map((one, n) => [one, treatments[n]]))));
};

type WithoutId<T> = T extends unknown ? Omit<T, 'id'> : never;

export const ruleBody: Gen<WithoutId<Rule>> = fc.tuple(item, data, maybe('to', matcher), maybe('for', purposes), maybe('when', ruleWhen), unless).chain(([head, scope, to, purpose, when, exceptions]) => {
  const body = { ...head, data: scope, ...to, ...purpose, ...when, unless: exceptions };
  return fc.oneof(
    treatFor(scope).map((treat) => ({ outcome: 'release' as const, ...body, treat })),
    treatFor(scope).map((treat) => ({ outcome: 'release' as const, ...body, treat })),
    fc.tuple(treatFor(scope), fc.record({ by: text, withinSeconds: seconds })).map(([treat, afterwards]) => ({ outcome: 'release' as const, ...body, for: ['emergency' as const], treat, afterwards })),
    review.map((one) => ({ outcome: 'hold' as const, ...body, review: one })),
    fc.constant({ outcome: 'deny' as const, ...body }),
  );
});

export const onwardBody: Gen<WithoutId<OnwardRule>> = fc.tuple(item, data, inOrder(namesOf(affiliationKinds)), fc.oneof(fc.constantFrom('never' as const, 'always' as const), condition))
  .map(([head, scope, via, allow]) => ({ ...head, data: scope, via, allow }));
const limitBody: Gen<WithoutId<LimitRule>> = fc.tuple(
  item, data, maybe('to', matcher), fc.constantFrom('agency' as const, 'owner' as const), fc.integer({ min: 1, max: 1_000_000_000 }), fc.constantFrom('hour' as const, 'day' as const, 'week' as const, 'month' as const), nullable(review),
).map(([head, scope, to, per, count, each, one]) => ({ ...head, data: scope, ...to, per, max: { count, per: each }, beyond: one === null ? 'deny' as const : 'hold' as const, review: one }));
const notifyBody: Gen<WithoutId<NotifyRule>> = fc.tuple(item, maybe('data', data), maybe('when', condition), unless, fc.constantFrom('subject' as const, 'owner' as const), seconds)
  .map(([head, scope, when, exceptions, who, withinSeconds]) => ({ ...head, ...scope, ...when, unless: exceptions, who, withinSeconds }));
export const claimBody: Gen<WithoutId<Claim>> = fc.tuple(item, fc.constantFrom('never' as const, 'only' as const), matcher, data, maybe('for', purposes), unless, fc.constantFrom('direct' as const, 'anyPath' as const),
  fc.record({ form: fc.constantFrom('any' as const, 'full' as const), review: fc.constantFrom('counts' as const, 'suffices' as const), world: fc.constantFrom(...proofWorlds), domain: fc.constantFrom(...proofDomains) }))
  .map(([head, kind, to, scope, purpose, without, by, slots]) => ({ ...head, kind, to, data: scope, ...purpose, without, by, ...slots }));

const withIds = <T>(prefix: string, bodies: readonly T[]) => bodies.map((body, n) => ({ id: `ZY-${prefix}${n + 1}`, ...body }));

export const policyDocument: Gen<PolicyDocument> = fc.tuple(
  fc.array(ruleBody, { maxLength: 6 }), fc.array(onwardBody, { maxLength: 1 }), fc.array(limitBody, { maxLength: 1 }), fc.array(notifyBody, { maxLength: 2 }), fc.array(claimBody, { maxLength: 1 }),
  nullable(text), nullable(text), fc.array(text, { maxLength: 2 }), fc.integer({ min: 1, max: 1_000_000_000 }), nullable(fc.constant('2026-12-31')),
).map(([rules, onward, limits, notify, claims, title, note, cites, version, expires]) => ({
  policy: 'ZY', version, effective: '2026-01-01', expires, title, note, cites,
  rules: withIds('', rules), onward: withIds('O', onward), limits: withIds('L', limits), notify: withIds('N', notify), claims: withIds('C', claims),
}));

export const decisionInput: Gen<DecisionInput> = fc.record({
  requester,
  purpose: fc.constantFrom(...allPurposes),
  evidence: fc.record({ warrant: grade, court: fc.constantFrom(...namesOf(courtClasses)), caseNumber: grade }),
  kind: fc.constantFrom(...namesOf(queryKinds)),
  classes: fc.subarray([...allDataClasses], { minLength: 1 }),
});

/** Instants around the days that `policyDocument` names. */
export const instant = fc.integer({ min: Date.UTC(2026, 4, 27), max: Date.UTC(2026, 5, 7) });
