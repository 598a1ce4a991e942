import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { condition, data, decisionInput, instant, policyDocument } from '../../test/policyArbitraries.ts';
import { allDataClasses, evidenceGrades, gradeOrder, namesOf, noEvidence, outcomeOrder, type Outcome } from '../vocabulary/index.ts';
import type { DecisionInput } from '../model/index.ts';
import { caseText, immigration, policyCases } from './cases.ts';
import { checkPolicy } from './check.ts';
import type { DenyRule, PolicyDocument, Rule } from './document.ts';
import { decide, interpret, prepare } from './interpret.ts';

const rank = (outcome: Outcome) => outcomeOrder.indexOf(outcome);
const decideBy = (document: PolicyDocument, input: DecisionInput, at: number) => decide(prepare(document, 'hash'), input, at);

describe('the interpreter', () => {
  it.each(policyCases)('$name', (one) => {
    const checked = checkPolicy(caseText(one));
    expect(checked.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    if (!checked.ok) return;
    const decision = interpret(checked.document, one.input, new Date(one.at));
    const classes = Object.fromEntries(decision.classes.map((decided) => [decided.dataClass, decided]));
    expect(classes).toMatchObject(one.expected);
    if (one.duties !== undefined) expect(decision.duties.map(({ rule }) => rule)).toEqual(one.duties);
  });

  it('names the document that decided, and decides each class in the order asked', () => {
    const checked = checkPolicy(caseText({ text: '  - { id: R, release: { data: all } }' }));
    if (!checked.ok) throw new Error('not sound');
    const decision = interpret(checked.document, { requester: immigration, purpose: 'notStated', evidence: noEvidence, kind: 'lookup', classes: ['photo', 'name'] }, new Date('2026-06-01'));
    expect(decision).toMatchObject({ owner: 'ZY', policyVersion: 1, policyHash: checked.hash });
    expect(decision.classes.map(({ dataClass }) => dataClass)).toEqual(['photo', 'name']);
  });

  it('is never widened by one more rule that denies', () => {
    const deny = fc.tuple(data, fc.array(condition, { maxLength: 1 })).map(([scope, unless]): DenyRule => ({ outcome: 'deny', id: 'ZY-D', title: null, cites: [], effective: null, expires: null, data: scope, unless }));
    fc.assert(fc.property(policyDocument, deny, decisionInput, instant, (document, rule, input, at) => {
      const before = decideBy(document, input, at);
      const after = decideBy({ ...document, rules: [...document.rules, rule] }, input, at);
      for (const [n, one] of before.classes.entries()) expect(rank(after.classes[n]!.outcome)).toBeGreaterThanOrEqual(rank(one.outcome));
    }), { numRuns: 150 });
  });

  it('does not care about the order of rules and duties', () => {
    const shuffled = policyDocument.chain((document) => fc.tuple(
      fc.constant(document), fc.shuffledSubarray([...document.rules], { minLength: document.rules.length }), fc.shuffledSubarray([...document.notify], { minLength: document.notify.length }),
    ));
    fc.assert(fc.property(shuffled, decisionInput, instant, ([document, rules, notify], input, at) => {
      expect(decideBy({ ...document, rules, notify }, input, at)).toEqual(decideBy(document, input, at));
    }), { numRuns: 150 });
  });

  it('decides by the strictest of the rules, each taken alone, and names exactly those', () => {
    fc.assert(fc.property(policyDocument, decisionInput, instant, (document, input, at) => {
      const alone = (rule: Rule) => decideBy({ ...document, rules: [rule] }, input, at);
      const each = document.rules.map(alone);
      decideBy(document, input, at).classes.forEach((decided, n) => {
        const matching = each.map(({ classes }) => classes[n]!).filter(({ rules }) => rules.length > 0);
        const strictest = Math.max(...matching.map(({ outcome }) => rank(outcome)), -1);
        expect(decided.outcome).toBe(strictest === -1 ? 'deny' : outcomeOrder[strictest]);
        expect(decided.rules).toEqual(matching.filter(({ outcome }) => rank(outcome) === strictest).flatMap(({ rules }) => rules).sort());
        expect(decided.treatment === null).toBe(decided.outcome !== 'redact');
        const afterwards = document.rules.some((rule) => decided.rules.includes(rule.id) && rule.outcome === 'release' && rule.afterwards !== undefined);
        expect(decided.review === null).toBe(decided.outcome !== 'hold' && !afterwards);
      });
    }), { numRuns: 150 });
  });

  it('never refuses more for a better grade of evidence, where evidence is asked for in exceptions only', () => {
    const grades = fc.tuple(fc.constantFrom(...gradeOrder), fc.constantFrom(...gradeOrder)).map((two) => [...two].sort((a, b) => gradeOrder.indexOf(a) - gradeOrder.indexOf(b)));
    fc.assert(fc.property(policyDocument, decisionInput, instant, grades, fc.constantFrom('warrant' as const, 'caseNumber' as const), (document, input, at, [less, more], key) => {
      const rules = document.rules.map((rule): Rule => {
        const { when: _, ...rest } = rule;
        return rest.outcome === 'deny' ? rest : { ...rest, unless: [] };
      });
      const at_ = (grade: (typeof gradeOrder)[number]) => decideBy({ ...document, rules }, { ...input, evidence: { ...input.evidence, [key]: grade } }, at);
      const weak = at_(less!);
      for (const [n, one] of at_(more!).classes.entries()) expect(rank(one.outcome)).toBeLessThanOrEqual(rank(weak.classes[n]!.outcome));
    }), { numRuns: 150 });
  });

  it('takes an exception by a grade at that grade and above, and nowhere below', () => {
    for (const needed of namesOf(evidenceGrades)) {
      const checked = checkPolicy(caseText({ text: `  - { id: R, release: { data: all } }\n  - { id: D, deny: { data: all, unless: { warrant: ${needed} } } }` }));
      if (!checked.ok) throw new Error('not sound');
      const outcomes = gradeOrder.map((warrant) => interpret(checked.document, { requester: immigration, purpose: 'notStated', evidence: { ...noEvidence, warrant }, kind: 'lookup', classes: ['photo'] }, new Date('2026-06-01')).classes[0]!.outcome);
      expect(outcomes).toEqual(gradeOrder.map((_, n) => (n >= gradeOrder.indexOf(needed) ? 'release' : 'deny')));
    }
  });

  it('decides a class whatever else is asked for with it', () => {
    fc.assert(fc.property(policyDocument, decisionInput, instant, (document, input, at) => {
      const all = decideBy(document, { ...input, classes: allDataClasses }, at).classes;
      for (const one of decideBy(document, input, at).classes) expect(one).toEqual(all.find(({ dataClass }) => dataClass === one.dataClass));
    }), { numRuns: 100 });
  });
});
