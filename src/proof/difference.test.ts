import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instant, policyDocument, requester } from '../../test/policyArbitraries.ts';
import { allDataClasses, type DataClass, type RequesterAttributes } from '../vocabulary/index.ts';
import { allContexts, checkPolicy, decide, prepare, tableFor, type PolicyDocument } from '../policy/index.ts';
import { immigration, police } from '../policy/cases.ts';
import { changeKinds, difference, type ChangeKind, type Difference } from './difference.ts';
import { changeSentence, differenceLines } from './differenceWords.ts';
import { compareForms, type Form } from './forms.ts';
import { conditionHolds } from './minimal.ts';
import { networkFor } from './samples.ts';
import type { ProofBasis } from './types.ts';

const noon = Date.parse('2026-06-01T12:00:00Z');
const basis = (document: PolicyDocument, askers: readonly (RequesterAttributes | null)[] | null, at = noon, version = 1): ProofBasis => ({
  document, table: tableFor(document, { at }), network: askers === null ? null : networkFor(askers, version),
});
const documentOf = (rules: string, rest = '') => {
  const checked = checkPolicy(`policy: ZY\nversion: 1\neffective: 2026-01-01\nrules:\n${rules}${rest}`);
  if (!checked.ok) throw new Error(JSON.stringify(checked.findings));
  return checked.document;
};

/** Every organisation, class and context by the interpreter. */
function bruteForce(before: PolicyDocument, after: PolicyDocument, was: readonly (RequesterAttributes | null)[], is: readonly (RequesterAttributes | null)[], at: number, classes: readonly DataClass[]) {
  const found = Object.fromEntries(classes.map((one) => [one, Object.fromEntries(changeKinds.map((kind) => [kind, { organisations: new Set<number>(), agencyContexts: 0 }]))])) as Record<DataClass, Record<ChangeKind, { organisations: Set<number>; agencyContexts: number }>>;
  const nothing: Form = { outcome: 'deny', treatment: null, review: null };
  const [old, now] = [prepare(before), prepare(after)];
  for (let i = 0; i < Math.max(was.length, is.length); i += 1) {
    for (const { purpose, kind, ...evidence } of allContexts) {
      const forms = ([[old, was[i]], [now, is[i]]] as const).map(([policy, asker]) => (asker === undefined || asker === null ? [] : decide(policy, { requester: asker, purpose, kind, evidence, classes }, at).classes));
      for (const [place, dataClass] of classes.entries()) {
        const [a, b] = [forms[0]?.[place] ?? nothing, forms[1]?.[place] ?? nothing];
        if (a.outcome === b.outcome && a.treatment === b.treatment && JSON.stringify(a.review) === JSON.stringify(b.review)) continue;
        const order = compareForms(dataClass, b, a);
        const given = ({ outcome }: Form) => outcome === 'release' || outcome === 'redact';
        const sort: ChangeKind = order === 0 ? 'altered' : order < 0 ? (given(b) && !given(a) ? 'released' : 'opened') : given(a) && !given(b) ? 'closed' : 'tightened';
        found[dataClass][sort].organisations.add(i);
        found[dataClass][sort].agencyContexts += 1;
      }
    }
  }
  return found;
}

const asker = fc.option(requester, { freq: 5 });

describe('the difference of two versions', () => {
  it('is what the interpreter decides differently, organisation by organisation and context by context', () => {
    fc.assert(fc.property(policyDocument, policyDocument, fc.array(fc.tuple(asker, asker, fc.boolean()), { minLength: 1, maxLength: 3 }), instant, fc.subarray([...allDataClasses], { minLength: 2, maxLength: 4 }), (before, after, askers, at, classes) => {
      const was = askers.map(([one]) => one);
      const is = askers.map(([one, other, moves]) => (moves ? other : one));
      const found = difference(basis(before, was, at), basis(after, is, at, 2), { classes });
      const expected = bruteForce(before, after, was, is, at, classes);
      for (const one of found.classes) {
        for (const kind of changeKinds) {
          const { organisations, agencyContexts } = expected[one.dataClass][kind];
          expect(one.gains[kind]).toEqual({ organisations: organisations.size, agencyContexts });
        }
        const all = expected[one.dataClass];
        expect(one.gain).toBe(new Set([...all.released.organisations, ...all.opened.organisations]).size);
        expect(one.lose).toBe(new Set([...all.closed.organisations, ...all.tightened.organisations]).size);
      }
      expect(found.same).toBe(found.classes.every(({ gains }) => changeKinds.every((kind) => gains[kind].organisations === 0)));
    }), { numRuns: 15 });
  });

  it('tells every change once, with an example that is decided as it says', () => {
    fc.assert(fc.property(policyDocument, policyDocument, fc.array(requester, { minLength: 1, maxLength: 6 }), (before, after, askers) => {
      const [a, b] = [basis(before, askers), basis(after, askers, noon, 2)];
      const found = difference(a, b, { changes: 1_000 });
      for (const dataClass of allDataClasses) {
        for (const kind of changeKinds) {
          const told = found.changes.filter((one) => one.kind === kind && one.classes.includes(dataClass));
          expect(told.reduce((sum, { agencyContexts }) => sum + agencyContexts, 0)).toBe(found.classes.find((one) => one.dataClass === dataClass)?.gains[kind].agencyContexts);
        }
      }
      for (const { example, when, before: was, after: is } of found.changes) {
        const attributes = askers[Number(example.asker.organisation.slice(1))] as RequesterAttributes;
        const { purpose, kind, ...evidence } = example.context;
        const input = { requester: attributes, purpose, kind, evidence, classes: [example.dataClass] };
        expect(conditionHolds(when, example.context)).toBe(true);
        expect(decide(prepare(before), input, noon).classes[0]).toMatchObject({ ...example.before.form, rules: example.before.rules });
        expect(was).toContainEqual(example.before.form);
        expect(example.after.form).toEqual(is);
        expect(decide(prepare(after), input, noon).classes[0]).toMatchObject({ ...is, rules: example.after.rules });
      }
    }), { numRuns: 40 });
  });

  it('tells what one change of words becomes, where the rule reads a word that the other version does not', () => {
    const open = documentOf('  - { id: R, release: { data: address, to: { level: [municipal, county] } } }\n');
    const judged = documentOf('  - { id: R, release: { data: address, to: { level: [municipal, county] } } }\n  - { id: D, deny: { data: address, to: { program287g: taskForce }, unless: { caseNumber: numbered } } }\n');
    const found = difference(basis(judged, [police, { ...police, program287g: ['taskForce'] }]), basis(open, [police, { ...police, program287g: ['taskForce'] }]));
    expect(found.changes).toHaveLength(1);
    expect(changeSentence(found.changes[0]!, true)).toBe('Agency 1 gains home addresses without a case number: in full; before: refused.');
    expect(changeSentence(found.changes[0]!, false)).toMatch(/^Agencies with a 287\(g\) task force agreement gain home addresses/);
    expect(found.items).toMatchObject([{ id: 'D', kind: 'rule', after: null }]);
  });

  it('says who joined, who left and whose record changed', () => {
    const rules = documentOf('  - { id: R, release: { data: photo, to: { program287g: none } } }\n', 'notify:\n  - { id: N, when: { to: { mission: immigrationEnforcement } }, who: subject, within: 3d }\n');
    const found = difference(basis(rules, [police, police, null]), basis(rules, [{ ...police, program287g: ['taskForce'] }, null, immigration], noon, 2));
    expect(found.organisations).toEqual({ before: 2, after: 2, joined: 1, left: 1, changed: 1 });
    expect(found.changes.map(({ kind, standing }) => `${kind} ${standing}`).sort()).toEqual(['closed changed', 'closed left', 'released joined']);
    expect(found.duties).toEqual({ more: 1, fewer: 0 });
    expect(differenceLines(found).join('\n')).toContain('287(g) status was no 287(g) agreement and is a 287(g) task force agreement');
  });

  it('counts what any path adds, by the function that is given', () => {
    const rules = documentOf('  - { id: R, release: { data: photo } }\n');
    const found = difference(basis(rules, [police, police]), basis(rules, [police, police], noon, 2), {
      classes: ['photo'], reach: ({ network }, _class, world) => (world === 'possible' ? 'capped' : new Set(network?.registryVersion === 1 ? ['o0'] : ['o0', 'o1'])),
    });
    expect(found.classes[0]?.paths).toMatchObject({ possible: 'capped', honoured: { before: 1, after: 2, gain: [{ organisation: 'o1' }], lose: [] } });
  });

  it('compares for every kind of agency where there is no registry', () => {
    const open = documentOf('  - { id: R, release: { data: photo, to: { component: ICE } } }\n');
    const shut = documentOf('  - { id: R, release: { data: photo, to: { component: HSI } } }\n');
    const found: Difference = difference(basis(shut, null), basis(open, null));
    expect(found).toMatchObject({ organisations: null, complete: true });
    expect(changeSentence(found.changes[0]!, false)).toMatch(/^Agencies that are part of ICE and that are not part of .* gain photos: in full; before: refused\.$/);
    expect(difference(basis(open, null), basis(open, null))).toMatchObject({ same: true, items: [] });
  });
});
