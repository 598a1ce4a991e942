import fc from 'fast-check';
import {
  allJurisdictions, allPurposes, attributeWords, componentTree, courtClasses, departments, evidenceGoesTogether, evidenceGrades, listAttributes, namesOf, queryKinds,
  type Component, type RequesterAttributes,
} from '../src/vocabulary/index.ts';
import type { Context } from '../src/policy/index.ts';

/** Random agencies over the whole vocabulary, `undeclared` included, and random contexts: for properties of what the schema admits. */
type Gen<T> = fc.Arbitrary<T>;

const isList = (name: string) => (listAttributes as readonly string[]).includes(name);
const some = (words: readonly string[]): Gen<readonly string[]> => fc.oneof(
  fc.constant(['undeclared']), ...(words.includes('none') ? [fc.constant(['none'])] : []),
  fc.subarray(words.filter((word) => word !== 'none' && word !== 'undeclared'), { minLength: 1, maxLength: 3 }),
);

/** Any words at all, sound lists aside: most of these break a constraint. */
export const anyAttributes: Gen<RequesterAttributes> = fc.record(Object.fromEntries(Object.entries(attributeWords).map(([name, words]) => {
  const all = name === 'homeState' ? [...allJurisdictions.slice(0, 4), ...words] : words;
  return [name, isList(name) ? some(all) : fc.constantFrom(...all)];
}))) as unknown as Gen<RequesterAttributes>;

const parts = Object.entries(componentTree) as [Component, { department: RequesterAttributes['department']; under?: Component }][];
const federalComponents: Gen<{ department: RequesterAttributes['department']; component: readonly Component[] }> = fc.oneof(
  fc.constantFrom(...parts).map(([component, { department, under }]) => ({ department, component: under === undefined ? [component] : [under, component] })),
  fc.constantFrom(...namesOf(departments).filter((one) => one !== 'none' && one !== 'undeclared')).chain((department) =>
    fc.constantFrom<readonly Component[]>(['none'], ['undeclared']).map((component) => ({ department, component }))),
);

/** Agencies that obey the constraints: federal ones, others, and those of which little is known. */
export const admittedAttributes: Gen<RequesterAttributes> = fc.tuple(anyAttributes, federalComponents, fc.integer({ min: 0, max: 4 })).map(([one, federal, kind]) => {
  if (kind <= 1) return { ...one, ...federal, level: 'federal', homeState: 'none', program287g: ['none'] };
  const level = kind === 2 ? 'undeclared' : one.level === 'federal' ? 'county' : one.level;
  const department = one.department === 'undeclared' ? 'undeclared' : 'none';
  return { ...one, level, department, component: one.component[0] === 'undeclared' ? ['undeclared'] : ['none'] };
});

const anyContext: Gen<Context> = fc.record({
  purpose: fc.constantFrom(...allPurposes), warrant: fc.constantFrom(...namesOf(evidenceGrades)), court: fc.constantFrom(...namesOf(courtClasses)),
  caseNumber: fc.constantFrom(...namesOf(evidenceGrades)), kind: fc.constantFrom(...namesOf(queryKinds)),
});

/** Contexts that a request can have. */
export const admittedContext: Gen<Context> = anyContext.map((one) => (evidenceGoesTogether(one.warrant, one.court) ? one : { ...one, court: 'notStated' }));
