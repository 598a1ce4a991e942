import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { policyDocument, instant, requester } from '../../test/policyArbitraries.ts';
import { allDataClasses } from '../vocabulary/index.ts';
import { allContexts, emptyPlane, hasBit, setBit, tableFor, type ContextSpace, type Plane } from '../policy/index.ts';
import { courtPhrases, purposePhrases } from '../policy/phrases.ts';
import { spaceOf } from '../policy/table/space.ts';
import { conditionWords } from './conditionWords.ts';
import { axisWords, conditionHolds, contextAxes, minimalCondition } from './minimal.ts';

/** Spaces with random groups, as a policy with random rules would have. */
const space: fc.Arbitrary<ContextSpace> = fc.tuple(...contextAxes.map((axis) => fc.array(fc.nat(2), { minLength: axisWords[axis].length, maxLength: axisWords[axis].length })
  .map((labels) => [0, 1, 2].map((label) => (axisWords[axis] as readonly string[]).filter((_, i) => labels[i] === label)).filter((group) => group.length > 0))))
  .map((groups) => spaceOf(Object.fromEntries(contextAxes.map((axis, i) => [axis, groups[i]])) as unknown as ContextSpace['groups']));

/** Planes that rules make: unions and cuts of boxes; and planes without any order. */
const planeIn = (of: ContextSpace): fc.Arbitrary<Plane> => fc.oneof(
  { weight: 3, arbitrary: fc.array(fc.tuple(fc.boolean(), ...contextAxes.map((axis) => fc.option(fc.subarray([...axisWords[axis]] as string[], { minLength: 1 }), { freq: 2 }))), { minLength: 1, maxLength: 3 })
    .map((boxes) => boxes.reduce((plane, [add, ...lists]) => {
      const inside = of.select((context) => contextAxes.every((axis, i) => (lists[i] as readonly string[] | null)?.includes(context[axis]) !== false));
      return plane.map((word, i) => (add ? word | (inside[i] ?? 0) : word & ~(inside[i] ?? 0)));
    }, boxes[0]?.[0] === true ? emptyPlane(of.size) : of.all.slice())) },
  { weight: 1, arbitrary: fc.uniqueArray(fc.nat(of.size - 1), { maxLength: 20 }).map((cells) => cells.reduce((plane, cell) => { setBit(plane, cell); return plane; }, emptyPlane(of.size))) },
);
const withPlanes = (count: number) => space.chain((of) => fc.tuple(fc.constant(of), ...Array.from({ length: count }, () => planeIn(of))));
const cellsOf = (of: ContextSpace) => allContexts.map((c) => of.cellOf(c.purpose, c, c.kind));

describe('the minimal condition of a plane', () => {
  it('holds in exactly the contexts of the plane, of those that there can be', () => {
    fc.assert(fc.property(withPlanes(1), ([of, plane]) => {
      const condition = minimalCondition(of, plane as Plane);
      const cells = cellsOf(of);
      for (const [i, context] of allContexts.entries()) expect(conditionHolds(condition, context)).toBe(hasBit(plane as Plane, cells[i] ?? 0));
    }), { numRuns: 50 });
  });

  it('reads differently where it says something different, and alike where it does not', () => {
    fc.assert(fc.property(withPlanes(2), ([of, a, b]) => {
      const [one, two] = [a as Plane, b as Plane].map((plane) => conditionWords(minimalCondition(of, plane)));
      const equal = (a as Plane).every((word, i) => ((word ^ ((b as Plane)[i] ?? 0)) & (of.all[i] ?? 0)) === 0);
      expect(one === two).toBe(equal);
    }), { numRuns: 300 });
  });

  it('reads differently for every two conditions of one axis', () => {
    for (const axis of contextAxes) {
      const words: readonly string[] = axisWords[axis];
      const subsets = axis === 'purpose' ? words.flatMap((one) => [[one], words.filter((other) => other !== one)]) : Array.from({ length: 2 ** words.length - 1 }, (_, n) => words.filter((_w, i) => (((n + 1) >>> i) & 1) === 1));
      const said = subsets.filter((one) => one.length < words.length).map((one) => conditionWords({ any: [{ [axis]: one }], except: [] }));
      expect(new Set(said).size).toBe(said.length);
    }
  });

  it('is exact for what a policy gives', () => {
    fc.assert(fc.property(policyDocument, requester, instant, (document, asker, at) => {
      const table = tableFor(document, { at });
      for (const dataClass of allDataClasses.slice(0, 4)) {
        const plane = table.open(table.rowOf(table.classOf(asker), dataClass), { form: 'any', held: true });
        const condition = minimalCondition(table.space, plane);
        for (const context of allContexts.slice(0, 2000)) expect(conditionHolds(condition, context)).toBe(hasBit(plane, table.space.cellOf(context.purpose, context, context.kind)));
      }
    }), { numRuns: 25 });
  });

  const said = (boxes: Parameters<ContextSpace['select']>[0]) => {
    const one = spaceOf({
      purpose: [['officerSafety'], ['civilImmigration'], ['notStated'], axisWords.purpose.filter((p) => !['officerSafety', 'civilImmigration', 'notStated'].includes(p))],
      warrant: [['none'], ['stated'], ['numbered', 'documentHash'], ['courtConfirmed']], court: [['articleThree'], ['federalMagistrate'], ['stateCourt'], ['immigrationCourt', 'administrative'], ['notStated']],
      caseNumber: [['none', 'stated'], ['numbered', 'documentHash', 'courtConfirmed']], kind: [['lookup'], ['nameSearch', 'plateSearch']],
    });
    return conditionWords(minimalCondition(one, one.select(boxes)));
  };

  it.each([
    ['always', () => true],
    ['never', () => false],
    ['for officer safety', ({ purpose }) => purpose === 'officerSafety'],
    ['for any stated purpose', ({ purpose }) => purpose !== 'notStated'],
    ['for any purpose but CIVIL', ({ purpose }) => purpose !== 'civilImmigration'],
    ['with a warrant', ({ warrant }) => warrant !== 'none'],
    ['for CIVIL without a warrant of a federal judge or magistrate that its court confirmed, or without a case number in a search by name or part of a plate', ({ purpose, warrant, court, caseNumber, kind }) =>
      (purpose === 'civilImmigration' && (warrant !== 'courtConfirmed' || (court !== 'articleThree' && court !== 'federalMagistrate'))) || (kind !== 'lookup' && ['none', 'stated'].includes(caseNumber))],
    ['without a warrant that its court confirmed', ({ warrant }) => warrant !== 'courtConfirmed'],
    ['with a warrant of JUDGE that its court confirmed', ({ warrant, court }) => warrant === 'courtConfirmed' && court === 'articleThree'],
    ['with a warrant of a federal judge or magistrate', ({ court }) => court === 'articleThree' || court === 'federalMagistrate'],
    ['for officer safety, or with a case number', ({ purpose, caseNumber }) => purpose === 'officerSafety' || !['none', 'stated'].includes(caseNumber)],
    ['unless for CIVIL in a search by name or part of a plate', ({ purpose, kind }) => purpose !== 'civilImmigration' || kind === 'lookup'],
  ] as [string, Parameters<ContextSpace['select']>[0]][])('says "%s"', (words, test) => {
    expect(said(test)).toBe(words.replace('CIVIL', purposePhrases.civilImmigration).replace('JUDGE', courtPhrases.articleThree));
  });
});
