import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instant, policyDocument } from '../../test/policyArbitraries.ts';
import { admittedAttributes, admittedContext, anyAttributes } from '../../test/schemaArbitraries.ts';
import { allDataClasses, outcomeOrder, type Outcome } from '../vocabulary/index.ts';
import { checkPolicy, interpret, tableFor } from '../policy/index.ts';
import { caseText, policyCases } from '../policy/cases.ts';
import { conditionsOf } from './conditions.ts';
import { OpenPolicy } from './openDecision.ts';
import { SchemaSpace, type SchemaPoint } from './schemaSpace.ts';
import { conditionsOfCells, matchingOfTable, rulesOfTable } from './tableRules.ts';

const point = fc.record({ attributes: fc.oneof(anyAttributes, admittedAttributes), context: admittedContext });

describe('the policy over all that the schema admits', () => {
  it.each([[false, 'as written'], [true, 'as compiled']])('decides each point as the interpreter does, and puts it into one region (%s: %s)', (fromTable) => {
    fc.assert(fc.property(policyDocument, instant, fc.array(point, { minLength: 25, maxLength: 25 }), (document, at, points) => {
      const rules = ruleset(document, at);
      const table = tableFor(document, { at });
      const space = new SchemaSpace([...conditionsOf({ rules }), ...conditionsOfCells(table)]);
      const written = new OpenPolicy(new SchemaSpace(conditionsOf({ rules })), rules);
      const policy = fromTable ? new OpenPolicy(space, rulesOfTable(document, table), matchingOfTable(space, table)) : written;
      for (const one of points) {
        const { purpose, kind, ...evidence } = one.context;
        const decision = interpret(document, { requester: one.attributes, purpose, kind, evidence, classes: allDataClasses }, new Date(at));
        for (const { dataClass, outcome } of decision.classes) {
          const regions = policy.regions(dataClass);
          expect({ dataClass, one, in: outcomeOrder.filter((each) => policy.space.holds(regions[each], one)) }).toEqual({ dataClass, one, in: [outcome] });
        }
      }
    }), { numRuns: 100 });
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

  it('leaves rules out as if the document did not have them', () => {
    fc.assert(fc.property(policyDocument, instant, fc.array(point, { minLength: 15, maxLength: 15 }), (document, at, points) => {
      const rules = ruleset(document, at);
      const [first] = rules;
      if (first === undefined) return;
      const policy = new OpenPolicy(new SchemaSpace(conditionsOf({ rules })), rules).without(new Set([first.id]));
      const left = { ...document, rules: document.rules.filter((rule) => rule !== first) };
      for (const one of points) {
        const { purpose, kind, ...evidence } = one.context;
        const decision = interpret(left, { requester: one.attributes, purpose, kind, evidence, classes: ['name', 'photo'] }, new Date(at));
        for (const { dataClass, outcome } of decision.classes) expect(policy.space.holds(policy.regions(dataClass)[outcome], one)).toBe(true);
      }
    }), { numRuns: 60 });
  });
});

/** The rules that the compiled table has at an instant. */
function ruleset(document: Parameters<typeof tableFor>[0], at: number) {
  const ids = new Set(tableFor(document, { at }).rules.map(({ id }) => id));
  return document.rules.filter(({ id }) => ids.has(id));
}
