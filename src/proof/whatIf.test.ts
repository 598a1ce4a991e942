import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decisionInput, instant, policyDocument } from '../../test/policyArbitraries.ts';
import { demoPolicies } from '../../demo/policies/index.ts';
import { evidenceGoesTogether, gradeAtLeast, noEvidence } from '../vocabulary/index.ts';
import type { DecisionInput } from '../model/index.ts';
import { applyLimits, checkPolicy, interpret, tableFor, type PolicyDocument } from '../policy/index.ts';
import { immigration, police } from '../policy/cases.ts';
import { compareForms } from './forms.ts';
import { altered, ask, whatIfLines, type Alteration } from './whatIf.ts';

const at = Date.parse('2026-06-01T12:00:00Z');
const documentOf = (text: string): PolicyDocument => {
  const checked = checkPolicy(text);
  if (!checked.ok) throw new Error(JSON.stringify(checked.findings));
  return checked.document;
};
const rules = (text: string) => documentOf(`policy: ZY\nversion: 1\neffective: 2026-01-01\n${text}`);
const input = (changes: Partial<DecisionInput> = {}): DecisionInput => ({ requester: police, purpose: 'trafficEnforcement', evidence: noEvidence, kind: 'lookup', classes: ['photo'], ...changes });
const words = (document: PolicyDocument, question: DecisionInput, limitsUsed: readonly string[] = []) =>
  ask(tableFor(document, { at }), document, question, { limitsUsed }).changes.map(({ suggestions }) => suggestions.map((one) => one.words));
/** The same with every word of every list, one after the other. */
const eachWord = (one: Alteration): readonly Alteration[] => (['purpose', 'court', 'kind'] as const).reduce<readonly Alteration[]>((all, axis) => all.flatMap((now) => now[axis]?.map((word) => ({ ...now, [axis]: [word] })) ?? [now]), [one]);

describe('what would change the outcome', () => {
  it('suggests only what the interpreter then decides as it says, and more openly than before', () => {
    fc.assert(fc.property(policyDocument, decisionInput.filter(({ evidence }) => evidenceGoesTogether(evidence.warrant, evidence.court)), instant, fc.boolean(), (document, question, when, all) => {
      const table = tableFor(document, { at: when });
      const limitsUsed = all ? document.limits.map(({ id }) => id) : [];
      const { decision, changes } = ask(table, document, question, { limitsUsed });
      expect(changes.map(({ dataClass }) => dataClass)).toEqual(decision.classes.filter(({ outcome }) => outcome !== 'release').map(({ dataClass }) => dataClass));
      for (const { dataClass, suggestions } of changes) {
        const now = decision.classes.find((one) => one.dataClass === dataClass)!;
        expect(suggestions.length).toBeLessThanOrEqual(3);
        for (const { alteration, limit, form } of suggestions) {
          for (const one of eachWord(alteration)) {
            const next = altered(question, one);
            expect(evidenceGoesTogether(next.evidence.warrant, next.evidence.court)).toBe(true);
            expect(gradeAtLeast(next.evidence.warrant, question.evidence.warrant)).toBe(true);
            const used = limit === null ? table.limitsOf(table.classOf(next.requester)).filter(({ id }) => limitsUsed.includes(id)) : [];
            const then = applyLimits(interpret(document, next, new Date(when)), used).classes.find((d) => d.dataClass === dataClass)!;
            expect(then).toMatchObject(form);
            expect(compareForms(dataClass, then, now)).toBeLessThan(0);
          }
        }
      }
    }), { numRuns: 150 });
  });

  it('finds something wherever one change of the request would do', () => {
    fc.assert(fc.property(policyDocument, decisionInput, decisionInput, (document, question, other) => {
      fc.pre(evidenceGoesTogether(question.evidence.warrant, question.evidence.court));
      const table = tableFor(document, { at });
      const better = { ...question, purpose: other.purpose === 'notStated' ? question.purpose : other.purpose, kind: other.kind };
      const then = table.decide(better).classes;
      for (const { dataClass, suggestions } of ask(table, document, question).changes) {
        const [was, is] = [table.decide(question).classes, then].map((list) => list.find((one) => one.dataClass === dataClass)!);
        if (compareForms(dataClass, is!, was!) < 0) expect(suggestions.length).toBeGreaterThan(0);
      }
    }), { numRuns: 150 });
  });

  it('names the paper that the rules ask for, with who must have signed it', () => {
    const document = rules("rules:\n  - { id: R, release: { data: photo } }\n  - { id: D, deny: { data: photo, to: { component: ICE }, unless: { warrant: courtConfirmed, court: [articleThree, federalMagistrate, stateCourt] } } }\n");
    expect(words(document, input({ requester: immigration }))).toEqual([['it would be given in full with a warrant of a federal or state judge that its court confirmed']]);
  });

  it('tells what the rules give for other purposes as a fact of the rules', () => {
    expect(words(rules('rules:\n  - { id: R, release: { data: photo, treat: { photo: reduced }, for: [officerSafety, emergency] } }\n'), input())).toEqual([[
      expect.stringMatching(/^the rules give it reduced \(.*\) for officer safety or an emergency$/)]]);
  });

  it('names what the agency can obtain', () => {
    expect(words(rules('rules:\n  - { id: R, release: { data: photo, to: { certified: noCivilImmigrationUse, audit: passed } } }\n'), input({ requester: { ...police, audit: 'overdue' } }))).toEqual([[
      'it would be given in full if the agency certified no civil immigration use and the agency passed an audit']]);
  });

  it('names the limit that is used up', () => {
    const document = rules('rules:\n  - { id: R, release: { data: photo } }\nlimits:\n  - { id: L, data: photo, per: agency, max: 50/day, beyond: hold }\n');
    expect(words(document, input(), ['L'])).toEqual([['it would be given in full when limit L counts anew: at most 50 times a day']]);
    expect(words(document, input())).toEqual([]);
  });

  it('says that nothing would where nothing would, once for all such classes', () => {
    const document = rules('rules:\n  - { id: R, release: { data: photo, to: { component: ICE } } }\n');
    const { changes } = ask(tableFor(document, { at }), document, input({ classes: ['photo', 'name'] }));
    expect(whatIfLines(changes, (classes) => classes.join(' and '))).toEqual(['Photo and name: nothing that this agency can state or obtain would change it.']);
  });

  it('has an answer for every demonstration policy', () => {
    for (const { text } of demoPolicies()) {
      const document = documentOf(text);
      const answer = ask(tableFor(document, { at }), document, input({ requester: immigration, classes: ['photo', 'address', 'ssn'] }));
      expect(answer.reasons.length).toBeGreaterThan(0);
    }
  });
});
