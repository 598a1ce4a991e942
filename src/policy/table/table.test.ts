import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decisionInput, instant, policyDocument, requester } from '../../../test/policyArbitraries.ts';
import { allDataClasses } from '../../vocabulary/index.ts';
import type { Decision, DecisionInput } from '../../model/index.ts';
import { caseText, police, policyCases } from '../cases.ts';
import { checkPolicy } from '../check.ts';
import type { PolicyDocument } from '../document.ts';
import { interpret } from '../interpret.ts';
import { allContexts, bitsOf, compileTable, isTableOf, loadTable, tableFor, TableError } from './index.ts';

const documentOf = (text: string): PolicyDocument => {
  const checked = checkPolicy(text);
  if (!checked.ok) throw new Error(JSON.stringify(checked.findings));
  return checked.document;
};
const bare = ({ tableHash: _, ...decision }: Decision): Omit<Decision, 'tableHash'> => decision;
/** `npm run fuzz:table` asks for more, and for another seed each time; the count of decisions is then printed. */
const runs = Number(process.env['WEIR_TABLE_RUNS'] ?? 400);
const long = process.env['WEIR_TABLE_RUNS'] !== undefined;

describe('the compiled table', () => {
  it.each(policyCases)('decides as the language says: $name', (one) => {
    const document = documentOf(caseText(one));
    const at = Date.parse(one.at);
    for (const known of [[], [one.input.requester]]) {
      const decision = tableFor(document, { at, known }).decide(one.input);
      expect(bare(decision)).toEqual(bare(interpret(document, one.input, new Date(at))));
      for (const [dataClass, expected] of Object.entries(one.expected)) expect(decision.classes.find((d) => d.dataClass === dataClass)).toMatchObject(expected);
    }
  });

  it('decides as the interpreter does, for agencies that it was compiled with and for others', () => {
    let compared = 0;
    fc.assert(fc.property(policyDocument, fc.array(decisionInput, { minLength: 1, maxLength: 40, size: 'max' }), instant, fc.nat(40), (document, inputs, at, split) => {
      compared += inputs.length;
      const table = tableFor(document, { at, known: inputs.slice(0, split).map((input) => input.requester) });
      for (const input of inputs) expect(bare(table.decide(input))).toEqual(bare(interpret(document, input, new Date(at))));
    }), { numRuns: runs });
    if (long) process.stdout.write(`${compared.toLocaleString('en-US')} decisions of ${runs.toLocaleString('en-US')} policies: table and interpreter agree\n`);
  }, long ? 3_600_000 : undefined);

  it('is in force for exactly the days in which the interpreter decides the same', () => {
    fc.assert(fc.property(policyDocument, decisionInput, instant, instant, (document, input, at, other) => {
      const table = tableFor(document, { at });
      expect(at).toBeGreaterThanOrEqual(table.from ?? -Infinity);
      expect(at).toBeLessThan(table.before ?? Infinity);
      if (other >= (table.from ?? -Infinity) && other < (table.before ?? Infinity)) {
        expect(bare(table.decide(input))).toEqual(bare(interpret(document, input, new Date(other))));
      }
    }), { numRuns: runs });
  });

  it('has equal bytes for equal input, in whatever order the agencies come', () => {
    fc.assert(fc.property(policyDocument, fc.array(requester), instant, (document, known, at) => {
      const text = compileTable(document, { at, known });
      expect(compileTable(document, { at, known: [...known].reverse().concat(known) })).toBe(text);
      expect(loadTable(text).hash).toBe(loadTable(text).hash);
    }), { numRuns: Math.ceil(runs / 8) });
  });

  it('can be made again from the document, byte for byte, and a changed byte shows', () => {
    fc.assert(fc.property(policyDocument, fc.array(requester, { minLength: 1 }), instant, (document, known, at) => {
      const text = compileTable(document, { at, known });
      expect(isTableOf(text, document)).toBe(true);
      const changed = text.replace('"outcome":"deny"', '"outcome":"hold"');
      if (changed !== text) expect(isTableOf(changed, document)).toBe(false);
    }), { numRuns: Math.ceil(runs / 8) });
  });

  it('says which cells are open exactly as the decisions do', () => {
    const hows = (['any', 'full'] as const).flatMap((form) => [true, false].map((held) => ({ form, held })));
    fc.assert(fc.property(policyDocument, requester, instant, fc.constantFrom(...allDataClasses), fc.constantFrom(...hows), (document, asker, at, dataClass, how) => {
      const table = tableFor(document, { at });
      const open = new Set(bitsOf(table.open(table.rowOf(table.classOf(asker), dataClass), how)));
      const expected = new Set<number>();
      for (const { purpose, warrant, court, caseNumber, kind } of allContexts) {
        const evidence = { warrant, court, caseNumber };
        const [one] = interpret(document, { requester: asker, purpose, evidence, kind, classes: [dataClass] }, new Date(at)).classes;
        const counts = one?.outcome === 'release' || (one?.outcome === 'redact' && how.form === 'any') || (one?.outcome === 'hold' && how.held);
        if (counts) expected.add(table.space.cellOf(purpose, evidence, kind));
      }
      expect(open).toEqual(expected);
    }), { numRuns: 6 });
  });

  it('gives one frozen decision for equal questions about a frozen requester', () => {
    const table = tableFor(documentOf(caseText({ text: '  - { id: R, release: { data: all } }' })), { at: Date.parse('2026-06-01') });
    const asker = Object.freeze({ ...police });
    const input: DecisionInput = { requester: asker, purpose: 'fraud', evidence: { warrant: 'none', court: 'notStated', caseNumber: 'none' }, kind: 'lookup', classes: ['name'] };
    expect(table.decide(input)).toBe(table.decide({ ...input }));
    expect(Object.isFrozen(table.decide(input).classes)).toBe(true);
  });

  it('decides nothing on a word that is not in the vocabulary', () => {
    const table = tableFor(documentOf(caseText({ text: '  - { id: R, release: { data: all, for: fraud } }' })), { at: Date.parse('2026-06-01') });
    const input = { requester: police, purpose: 'curiosity', evidence: { warrant: 'none', court: 'notStated', caseNumber: 'none' }, kind: 'lookup', classes: ['name'] } as unknown as DecisionInput;
    expect(() => table.decide(input)).toThrow(RangeError);
  });

  it('has one cell where no rule reads the context', () => {
    const table = tableFor(documentOf(caseText({ text: '  - { id: R, release: { data: all, to: { level: state } } }' })), { at: Date.parse('2026-06-01') });
    expect(table.space.size).toBe(1);
  });

  it.each([
    ['TABLE_DAMAGED', (text: string) => text.slice(0, -1)],
    ['TABLE_DAMAGED', () => '[]'],
    ['TABLE_DAMAGED', () => '{"weirTable":2}'],
    ['TABLE_VOCABULARY', (text: string) => text.replace(/"vocabulary":"[0-9a-f]/, '"vocabulary":"z')],
    ['TABLE_DAMAGED', (text: string) => text.replace('"classes":[[[', '"classes":[[[99,')],
    ['TABLE_DAMAGED', (text: string) => text.replace('"plane":0', '"plane":70')],
    ['TABLE_DAMAGED', (text: string) => text.replace('["notStated"]', '["unknown"]')],
    ['TABLE_DAMAGED', (text: string) => text.replace('"rows":[[0', '"rows":[[99')],
  ] as const)('refuses damaged bytes: %s', (code, damage) => {
    const text = compileTable(documentOf(caseText({ text: '  - { id: R, release: { data: all, to: { level: municipal }, for: [fraud] } }\n  - { id: D, deny: { data: name, for: notStated } }' })), { at: Date.parse('2026-06-01'), known: [police] });
    const bad = damage(text);
    expect(bad).not.toBe(text);
    expect(() => loadTable(bad)).toThrow(expect.objectContaining({ code }) as TableError);
  });
});
