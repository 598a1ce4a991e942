import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instant, policyDocument } from '../../test/policyArbitraries.ts';
import { admittedAttributes, admittedContext, anyAttributes } from '../../test/schemaArbitraries.ts';
import { allDataClasses, outcomeOrder, type Outcome } from '../vocabulary/index.ts';
import { checkPolicy, interpret, tableFor } from '../policy/index.ts';
import { caseText, policyCases } from '../policy/cases.ts';
import { no } from './bdd.ts';
import { conditionsOf } from './conditions.ts';
import { OpenPolicy } from './openDecision.ts';
import { SchemaSpace, type SchemaPoint } from './schemaSpace.ts';

const point = fc.record({ attributes: fc.oneof(anyAttributes, admittedAttributes), context: admittedContext });

describe('the policy over all that the schema admits', () => {
  it('decides each point as the interpreter does, and puts it into one region', () => {
    fc.assert(fc.property(policyDocument, instant, fc.array(point, { minLength: 25, maxLength: 25 }), (document, at, points) => {
      const rules = ruleset(document, at);
      const policy = new OpenPolicy(new SchemaSpace(conditionsOf({ rules })), rules);
      for (const one of points) {
        const { purpose, kind, ...evidence } = one.context;
        const decision = interpret(document, { requester: one.attributes, purpose, kind, evidence, classes: allDataClasses }, new Date(at));
        for (const { dataClass, outcome } of decision.classes) {
          const regions = policy.regions(dataClass);
          expect({ dataClass, one, in: outcomeOrder.filter((each) => policy.space.holds(regions[each], one)) }).toEqual({ dataClass, one, in: [outcome] });
        }
      }
    }), { numRuns: 150 });
  });

  it.each(policyCases.map((one) => [one.name, one] as const))('%s', (_name, one) => {
    const checked = checkPolicy(caseText(one));
    if (!checked.ok) throw new Error('not sound');
    const rules = ruleset(checked.document, Date.parse(one.at));
    const policy = new OpenPolicy(new SchemaSpace(conditionsOf({ rules })), rules);
    const { requester: attributes, purpose, kind, evidence } = one.input;
    const at: SchemaPoint = { attributes, context: { purpose, kind, ...evidence } };
    for (const [dataClass, { outcome }] of Object.entries(one.expected) as [(typeof allDataClasses)[number], { outcome?: Outcome }][]) {
      if (outcome !== undefined) expect(policy.space.holds(policy.regions(dataClass)[outcome], at)).toBe(true);
    }
  });

  it('leaves rules out as if the document did not have them, and counts reductions and reviews only where told', () => {
    const checked = checkPolicy(caseText({ text: `
  - { id: R, release: { data: [name, photo], treat: { photo: reduced } } }
  - { id: H, hold: { data: address, review: { by: desk, within: 1d, onTimeout: deny } } }
  - { id: D, deny: { data: name } }` }));
    if (!checked.ok) throw new Error('not sound');
    const { rules } = checked.document;
    const policy = new OpenPolicy(new SchemaSpace(conditionsOf({ rules })), rules);
    const d = rules.find(({ id }) => id === 'D')!;
    expect(policy.open('name', { form: 'any', held: true })).toBe(no);
    expect(policy.open('name', { form: 'full', held: false, except: new Set([d]) })).not.toBe(no);
    expect(policy.open('photo', { form: 'full', held: true })).toBe(no);
    expect(policy.open('photo', { form: 'any', held: false })).not.toBe(no);
    expect(policy.open('address', { form: 'any', held: false })).toBe(no);
    expect(policy.open('address', { form: 'full', held: true })).not.toBe(no);
  });
});

/** The rules that the compiled table has at an instant. */
function ruleset(document: Parameters<typeof tableFor>[0], at: number) {
  const ids = new Set(tableFor(document, { at }).rules.map(({ id }) => id));
  return document.rules.filter(({ id }) => ids.has(id));
}
