import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matcher } from '../../test/policyArbitraries.ts';
import { brokenConstraints, componentTree, hasAny, listAttributes, undeclaredAttributes, type RequesterAttributes } from '../vocabulary/index.ts';
import type { Matcher } from '../policy/index.ts';
import { immigration, police } from '../policy/cases.ts';
import { knownWords, mayMatch, surelyMatches } from './mayMatch.ts';

type Name = keyof RequesterAttributes;
const names = Object.keys(undeclaredAttributes) as Name[];
const isList = (name: Name) => (listAttributes as readonly string[]).includes(name);
/** A few words that stand for all: those that the matchers and the constraints below name, and one besides, in each department too. */
const few: Partial<Record<Name, readonly string[]>> = {
  level: ['federal', 'municipal', 'state', 'county'], department: ['DHS', 'DOJ', 'STATE', 'INTERIOR', 'none'], component: ['ICE', 'HSI', 'ERO', 'CBP', 'FBI', 'DEA', 'DSS', 'NPS', 'TSA', 'none'], homeState: ['AK', 'AL', 'AR', 'AZ', 'none'],
  mission: ['generalPolice', 'immigrationEnforcement', 'borderSecurity', 'court'], certified: ['noCivilImmigrationUse', 'noRedisclosure', 'securityTraining', 'none'],
};
const known = (name: Name): readonly string[] => few[name] ?? knownWords(name);

/** Every completion up to what no matcher and no constraint can tell apart: lists have at most two words that nothing demands, and what those demand. */
function completions(attributes: RequesterAttributes): readonly RequesterAttributes[] {
  return names.filter((name) => hasAny(attributes, name, ['undeclared']))
    .reduce<readonly RequesterAttributes[]>((all, name) => all.flatMap((one) => choices(name).map((value) => ({ ...one, [name]: value }))), [attributes])
    .filter((one) => brokenConstraints(one).length === 0);
}

function choices(name: Name): readonly (string | readonly string[])[] {
  const words = known(name);
  if (!isList(name)) return words;
  const some = words.filter((word) => word !== 'none');
  const sets = [...some.map((word) => [word]), ...some.flatMap((a, i) => some.slice(i + 1).map((b) => [a, b]))].map(withParents);
  return [...new Map([...(words.includes('none') ? [['none']] : []), ...sets].map((set) => [set.join(), set])).values()];
}

function withParents(words: readonly string[]): readonly string[] {
  const parents = words.flatMap((word) => (word in componentTree ? [componentTree[word as keyof typeof componentTree].under] : [])).filter((word) => word !== undefined);
  return [...new Set([...words, ...parents])].sort();
}

const meets = (before: RequesterAttributes, after: RequesterAttributes, to: Matcher) =>
  (Object.entries(to) as [Name, readonly string[]][]).every(([name, words]) => hasAny(before, name, words) || hasAny(after, name, words));

/** Few attributes are undeclared, so that all completions can be tried; what is known is drawn from the words that constraints join. */
const attributes: fc.Arbitrary<RequesterAttributes> = fc.record({
  level: fc.constantFrom('federal', 'municipal', 'state'), department: fc.constantFrom('DHS', 'DOJ', 'none'), homeState: fc.constantFrom('AK', 'none'),
  component: fc.constantFrom(['ICE'], ['ICE', 'HSI'], ['FBI'], ['none'], ['DSS']), program287g: fc.constantFrom(['none'], ['jail'], ['jail', 'taskForce']), mission: fc.constantFrom(['generalPolice'], ['borderSecurity', 'court']),
  certified: fc.constantFrom(['none'], ['noRedisclosure']),
}).chain((some) => fc.oneof(fc.constant([]), fc.subarray(['level', 'department', 'component', 'homeState', 'program287g'] as const, { maxLength: 3 }), fc.constantFrom(['component', 'mission'] as const, ['level', 'department', 'certified'] as const))
  .map((open) => ({ ...police, ...some, ...Object.fromEntries(open.map((name) => [name, undeclaredAttributes[name]])) })));

const ofConstraints: fc.Arbitrary<Matcher> = fc.record({
  level: fc.subarray(['federal', 'municipal', 'undeclared'], { minLength: 1 }), department: fc.subarray(['DHS', 'DOJ', 'STATE', 'none', 'undeclared'], { minLength: 1, maxLength: 3 }), component: fc.subarray(['ICE', 'ERO', 'FBI', 'none'], { minLength: 1, maxLength: 2 }),
  homeState: fc.subarray(['AK', 'AL', 'none'], { minLength: 1, maxLength: 2 }), program287g: fc.subarray(['jail', 'taskForce', 'none', 'undeclared'], { minLength: 1, maxLength: 3 }),
}, { requiredKeys: [] }).filter((to) => Object.keys(to).length > 0) as fc.Arbitrary<Matcher>;

describe('what a matcher may mean', () => {
  it('agrees with trying every completion', () => {
    fc.assert(fc.property(attributes, fc.oneof(matcher, ofConstraints), (one, to) => {
      const all = completions(one);
      fc.pre(all.length > 0);
      expect({ may: mayMatch(one, to), surely: surelyMatches(one, to) }).toEqual({ may: all.some((after) => meets(one, after, to)), surely: all.every((after) => meets(one, after, to)) });
    }), { numRuns: 1_000 });
  });

  it('knows that a city police whose department is undeclared is not in DHS, and that of an undeclared level may be', () => {
    expect(mayMatch({ ...police, department: 'undeclared' }, { department: ['DHS'] })).toBe(false);
    expect(mayMatch({ ...police, department: 'undeclared', level: 'undeclared' }, { department: ['DHS'] })).toBe(false);
    expect(mayMatch({ ...police, department: 'undeclared', level: 'undeclared', homeState: 'undeclared', component: ['undeclared'] }, { department: ['DHS'] })).toBe(true);
    expect(mayMatch({ ...police, component: ['undeclared'] }, { component: ['ICE'] })).toBe(false);
  });

  it('follows what is known to what is not: an office of ICE is in DHS whether or not the registry says so', () => {
    const office: RequesterAttributes = { ...immigration, department: 'undeclared', level: 'undeclared', homeState: 'undeclared', program287g: ['undeclared'] };
    expect(surelyMatches(office, { department: ['DHS'] })).toBe(true);
    expect(surelyMatches(office, { level: ['federal'], program287g: ['none'], homeState: ['none'] })).toBe(true);
    expect(mayMatch(office, { department: ['DOJ'] })).toBe(false);
    expect(mayMatch(office, { program287g: ['jail'] })).toBe(false);
  });

  it('reads all that a matcher names together', () => {
    const unknown = { ...undeclaredAttributes, mission: ['court'] as const };
    expect(mayMatch(unknown, { department: ['DHS'] })).toBe(true);
    expect(mayMatch(unknown, { component: ['FBI'] })).toBe(true);
    expect(mayMatch(unknown, { department: ['DHS'], component: ['FBI'] })).toBe(false);
    expect(mayMatch(unknown, { component: ['ICE'], program287g: ['jail'] })).toBe(false);
  });

  it('takes the word `undeclared` of a matcher as it stands', () => {
    expect(surelyMatches(undeclaredAttributes, { program287g: ['taskForce', 'undeclared'] })).toBe(true);
    expect(surelyMatches(undeclaredAttributes, { program287g: ['taskForce'] })).toBe(false);
    expect(mayMatch(police, { program287g: ['undeclared'] })).toBe(false);
  });

  it('is cautious where what is known breaks a constraint', () => {
    const broken: RequesterAttributes = { ...police, department: 'DHS', component: ['undeclared'] };
    expect(mayMatch(broken, { component: ['ICE'] })).toBe(true);
    expect(surelyMatches(broken, { component: ['none'] })).toBe(false);
  });
});
