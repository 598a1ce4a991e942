/** What kind of body a name says, for comparing names: a sheriff, a police department, or neither. */
export type NameFamily = 'sheriff' | 'police' | 'other';

/** A name made comparable: `base` is what is left when words that lists use at will are dropped. */
export interface PlainName {
  readonly family: NameFamily;
  readonly base: string;
  readonly words: readonly string[];
}

const longer: Readonly<Record<string, string>> = {
  DEPT: 'DEPARTMENT', DEP: 'DEPARTMENT', CO: 'COUNTY', CNTY: 'COUNTY', ST: 'SAINT', STE: 'SAINTE', MT: 'MOUNT', FT: 'FORT', TWP: 'TOWNSHIP', UNIV: 'UNIVERSITY',
  DIV: 'DIVISION', BOROUGH: 'BORO', SHERIFFS: 'SHERIFF', OFC: 'OFFICE', PD: 'POLICE', SO: 'SHERIFF', CONSTABLES: 'CONSTABLE',
};
const idle = new Set(['THE', 'OF', 'AND', 'FOR', 'S']);
const generic = new Set(['DEPARTMENT', 'OFFICE', 'AGENCY', 'TOWN', 'VILLAGE', 'TOWNSHIP', 'BORO', 'COUNTY', 'PARISH', 'POLICE', 'SHERIFF', 'PUBLIC', 'SAFETY']);

/**
 * Makes two spellings of one name equal: capitals, signs, "Dept", "Co.", "St.", "Sheriff's Office" and "Sheriff Department".
 * Text comes from lists: nothing here can be slow on a long or odd name.
 */
export function plainNameOf(name: string): PlainName {
  const words = name.normalize('NFKD').slice(0, 200).toUpperCase().replace(/[\u2018\u2019'`\u0300-\u036f.]/g, '').replace(/[^A-Z0-9]+/g, ' ').trim().split(' ')
    .map((word) => longer[word] ?? word).filter((word) => word !== '' && !idle.has(word));
  if (/^city of /i.test(name)) words.shift();
  const family = words.includes('SHERIFF') ? 'sheriff' : words.includes('POLICE') || words.join(' ').includes('PUBLIC SAFETY') ? 'police' : 'other';
  const base = words.filter((word) => !generic.has(word)).join(' ');
  return { family, base: family === 'other' || base === '' ? words.join(' ') : base, words };
}

/** The share of words that two names have in common, 0 to 1, without those that stand in every name. */
export function likeness(a: PlainName, b: PlainName): number {
  const left = new Set(a.words.filter((word) => !generic.has(word)));
  const right = new Set(b.words.filter((word) => !generic.has(word)));
  const both = [...left].filter((word) => right.has(word)).length;
  return both === 0 ? 0 : both / (left.size + right.size - both);
}
