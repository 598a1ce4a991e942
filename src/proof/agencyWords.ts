import { componentTree, departments, jurisdictionName, levels, type Component, type RequesterAttributes } from '../vocabulary/index.ts';
import { attributePhrases } from '../policy/phrases.ts';
import type { Party } from './types.ts';

/** An agency that is in no registry: it has a description instead of a name. */
export function imagined(attributes: RequesterAttributes, told: ReadonlySet<keyof RequesterAttributes>): Party {
  const words = agencyWords(attributes, told);
  return { organisation: '', name: `an agency that the registry could have${words === '' ? '' : ` (${words})`}`, ori: null };
}

/**
 * What an agency is, in words: "federal, Department of Homeland Security, part of CBP". Level, department and component always; of the rest
 * what is out of the ordinary and in `told`, which should be the attributes that the rules read.
 */
export function agencyWords(a: RequesterAttributes, told: ReadonlySet<keyof RequesterAttributes>): string {
  const unknown = unknownWords(a, told);
  const said = (name: keyof RequesterAttributes, lead: string, value: string | readonly string[]): readonly string[] => {
    const words = typeof value === 'string' ? [value] : value;
    if (!told.has(name) || words.includes('undeclared') || words.join() === ordinary[name]) return [];
    return [`${lead}${listOf(words.map((word) => attributePhrases[name].words(word)))}`];
  };
  return [
    ...(a.level === 'undeclared' ? [] : [levelWords[a.level] ?? a.level]),
    ...(a.department === 'none' || a.department === 'undeclared' ? [] : [departments[a.department].plain]),
    ...componentWords(a.component),
    ...(told.has('homeState') && a.homeState !== 'none' && a.homeState !== 'undeclared' ? [`of ${jurisdictionName(a.homeState)}`] : []),
    ...said('program287g', 'with ', a.program287g),
    ...said('taskForce', 'in ', a.taskForce),
    ...said('mission', 'whose job is ', a.mission),
    ...(told.has('certified') && a.certified[0] === 'none' ? ['that has certified nothing'] : said('certified', 'that has certified ', a.certified)),
    ...said('audit', 'whose audit is ', a.audit),
    ...said('criminalJustice', '', a.criminalJustice),
    ...(told.has('sharedOri') && a.sharedOri === 'yes' ? ['with a shared ORI'] : []),
    ...(told.has('vendorHosted') && a.vendorHosted === 'yes' ? ["on a company's system"] : []),
    ...(unknown.length === 0 ? [] : [`of unknown ${listOf(unknown)}`]),
  ].join(', ');
}

/** What need not be said. */
const ordinary: Readonly<Partial<Record<keyof RequesterAttributes, string>>> = { program287g: 'none', taskForce: 'none', mission: 'generalPolice', audit: 'passed', criminalJustice: 'yes' };

function componentWords(components: readonly Component[]): readonly string[] {
  const known = components.filter((one) => one !== 'none' && one !== 'undeclared');
  // HSI is ICE too: the whole need not be said beside its part.
  const least = known.filter((one) => !known.some((other) => componentTree[other].under === one));
  return least.length === 0 ? [] : [`part of ${listOf(least)}`];
}

function unknownWords(a: RequesterAttributes, told: ReadonlySet<keyof RequesterAttributes>): readonly string[] {
  const always: readonly (keyof RequesterAttributes)[] = ['level', 'department', 'component'];
  return (Object.keys(a) as (keyof RequesterAttributes)[])
    .filter((name) => (told.has(name) || always.includes(name)) && [a[name]].flat().includes('undeclared'))
    .map((name) => attributeNames[name]);
}

const levelWords: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.keys(levels).map((level) => [level, level])), municipal: 'city', special: 'special-district', campus: 'campus police',
};

const attributeNames: { readonly [A in keyof RequesterAttributes]: string } = {
  level: 'level', department: 'department', component: 'component', homeState: 'home state', mission: 'mission', program287g: '287(g) status', taskForce: 'task forces',
  certified: 'certifications', audit: 'audit', criminalJustice: 'standing in criminal justice', sharedOri: 'sharing of its ORI', vendorHosted: 'hosting',
};

function listOf(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;
}
