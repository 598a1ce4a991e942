import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { condition, matcher, requester } from '../../test/policyArbitraries.ts';
import { admittedAttributes, admittedContext, anyAttributes } from '../../test/schemaArbitraries.ts';
import { brokenConstraints, hasAny, namesOf, courtClasses, evidenceGoesTogether, evidenceGrades, noEvidence, type RequesterAttributes } from '../vocabulary/index.ts';
import { interpret, type Condition, type Context, type PolicyDocument } from '../policy/index.ts';
import { immigration, police } from '../policy/cases.ts';
import { no } from './bdd.ts';
import { mayMatch, surelyMatches } from './mayMatch.ts';
import { SchemaSpace } from './schemaSpace.ts';

const context: Context = { purpose: 'notStated', kind: 'lookup', ...noEvidence };
const anybody = fc.oneof(anyAttributes, admittedAttributes, requester);
const sound = fc.oneof(anyAttributes, admittedAttributes);

/** Whether a rule with this condition as its only exception does not match: the meaning that the decision gives to it. */
function holds({ to, ...rest }: Condition, attributes: RequesterAttributes, { purpose, kind, ...evidence }: Context): boolean {
  const rules: PolicyDocument['rules'] = [{ id: 'R', title: null, cites: [], effective: null, expires: null, data: ['name'], outcome: 'release', treat: {}, unless: [{ ...(to && { to }), ...rest }] }];
  const document: PolicyDocument = { policy: 'ZY', version: 1, effective: '2026-01-01', expires: null, title: null, note: null, cites: [], rules, onward: [], limits: [], notify: [], claims: [] };
  return interpret(document, { requester: attributes, purpose, kind, evidence, classes: ['name'] }, new Date('2026-06-01')).classes[0]?.outcome === 'deny';
}

describe('the space of what the schema admits', () => {
  it('has every agency that the constraints admit and no other, whatever the document reads', () => {
    fc.assert(fc.property(fc.array(matcher, { maxLength: 4 }), fc.array(anybody, { minLength: 30, maxLength: 30 }), (matchers, all) => {
      const space = new SchemaSpace(matchers.map((to) => ({ to })));
      for (const attributes of all) expect({ attributes, in: space.holds(space.agencies, { attributes, context }) }).toEqual({ attributes, in: brokenConstraints(attributes).length === 0 });
    }), { numRuns: 60 });
  });

  it('has a court only with a warrant', () => {
    const space = new SchemaSpace([]);
    for (const warrant of namesOf(evidenceGrades)) for (const court of namesOf(courtClasses)) {
      expect(space.holds(space.contexts, { attributes: police, context: { ...context, warrant, court } })).toBe(evidenceGoesTogether(warrant, court));
    }
  });

  it('reads conditions as a decision does', () => {
    fc.assert(fc.property(fc.array(condition, { minLength: 1, maxLength: 4 }), fc.array(fc.tuple(sound, admittedContext), { minLength: 20, maxLength: 20 }), (conditions, points) => {
      const space = new SchemaSpace(conditions);
      for (const one of conditions) {
        const f = space.bdd.and(space.matches(one.to), space.inContext(one));
        for (const [attributes, at] of points) expect(space.holds(f, { attributes, context: at })).toBe(holds(one, attributes, at));
      }
    }), { numRuns: 60 });
  });

  it('knows who may be meant and who surely is, as the concrete question does', () => {
    fc.assert(fc.property(fc.array(matcher, { minLength: 1, maxLength: 3 }), fc.array(admittedAttributes, { minLength: 30, maxLength: 30 }), (matchers, all) => {
      const space = new SchemaSpace(matchers.map((to) => ({ to })));
      for (const to of matchers) for (const attributes of all) {
        expect({ attributes, to, may: space.holds(space.mayMatch(to), { attributes, context }), surely: space.holds(space.surelyMatches(to), { attributes, context }) })
          .toEqual({ attributes, to, may: mayMatch(attributes, to), surely: surelyMatches(attributes, to) });
      }
    }), { numRuns: 100 });
  });

  it('gives points that are admitted and lie where they were asked for, ordinary where nothing speaks against it', () => {
    fc.assert(fc.property(fc.array(condition, { minLength: 1, maxLength: 3 }), (conditions) => {
      const space = new SchemaSpace(conditions);
      const f = space.bdd.all([space.agencies, space.contexts, space.matches(conditions[0]?.to), space.inContext(conditions[0] ?? {})]);
      const point = space.point(f);
      expect(point === null).toBe(f === no);
      if (f === no) return;
      expect(point && space.holds(f, point)).toBe(true);
      expect(point && brokenConstraints(point.attributes)).toEqual([]);
      const to = Object.entries(conditions[0]?.to ?? {}) as [keyof RequesterAttributes, readonly string[]][];
      expect(to.every(([name, words]) => point && hasAny(point.attributes, name, words))).toBe(true);
    }), { numRuns: 200 });
    const space = new SchemaSpace([{ to: { component: ['ICE'] } }]);
    expect(space.point(space.bdd.and(space.agencies, space.contexts))).toMatchObject({ attributes: { level: 'municipal', department: 'none', mission: ['generalPolice'] }, context });
    expect(space.point(space.bdd.all([space.agencies, space.contexts, space.matches({ component: ['ICE'] })]))?.attributes).toMatchObject({ level: 'federal', department: 'DHS', component: ['ICE'], homeState: 'none' });
  });

  it('says which conditions it can be asked about', () => {
    const space = new SchemaSpace([{ to: { mission: ['court', 'military'] }, for: ['fraud'] }]);
    expect(space.covers([{ to: { mission: ['court', 'military'], department: ['DHS'] } }, { for: ['fraud'] }, {}])).toBe(true);
    expect(space.covers([{ to: { mission: ['court'] } }])).toBe(false);
    expect(space.covers([{ for: ['fraud', 'theft'] }])).toBe(false);
    expect(space.covers([{ warrant: 'numbered' }])).toBe(false);
    expect(() => space.matches({ mission: ['court'] })).toThrow(RangeError);
    expect(() => space.inContext({ warrant: 'numbered' })).toThrow(RangeError);
  });

  it('asks for some context, some agency, and one attribute alone', () => {
    const space = new SchemaSpace([{ to: { component: ['ICE'] }, for: ['fraud'] }]);
    const f = space.bdd.all([space.agencies, space.matches({ component: ['ICE'] }), space.inContext({ for: ['fraud'] })]);
    expect(space.holds(space.inSomeContext(f), { attributes: immigration, context })).toBe(true);
    expect(space.holds(space.inSomeContext(f), { attributes: police, context: { ...context, purpose: 'fraud' } })).toBe(false);
    expect(space.holds(space.forSomeAgency(f), { attributes: police, context: { ...context, purpose: 'fraud' } })).toBe(true);
    expect(space.projected(f, 'level')).toBe(space.has('level', ['federal']));
  });
});
