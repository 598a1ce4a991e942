import {
  allJurisdictions, attributeWords, brokenConstraints, componentTree, hasAny, listAttributes, undeclaredAttributes,
  type Component, type RequesterAttributes,
} from '../vocabulary/index.ts';
import type { Atom } from '../policy/index.ts';

/** Agencies that rules with these atoms can tell apart, one of each kind; `complete: false` where there are more than the cap. */
export interface Kinds {
  readonly kinds: readonly RequesterAttributes[];
  readonly complete: boolean;
}

/** The bits of the atoms that hold of a requester, as a text: equal for those that the atoms cannot tell apart. */
export function signatureOf(atoms: readonly Atom[], attributes: RequesterAttributes): string {
  return atoms.map(({ attribute, words }) => (hasAny(attributes, attribute, words) ? '1' : '0')).join('');
}

/**
 * One requester of every kind that the atoms can tell apart, of those that the vocabulary admits: for a page or a difference without a
 * registry. Tries one word for each set of words that no atom and no constraint separates, and the joins of such words in lists.
 */
export function kindsOf(atoms: readonly Atom[], cap = 20_000): Kinds {
  const names = Object.keys(attributeWords) as (keyof RequesterAttributes)[];
  const choices = names.map((name) => ({ name, values: valuesOf(name, atoms.filter(({ attribute }) => attribute === name)) }));
  const found = new Map<string, RequesterAttributes>();
  let tried = 0;
  const walk = (at: number, made: RequesterAttributes): boolean => {
    if (at === constrained && brokenConstraints(made).length > 0) return true;
    const choice = choices[at];
    if (choice === undefined) {
      tried += 1;
      const key = signatureOf(atoms, made);
      if (!found.has(key)) found.set(key, Object.freeze(made));
      return found.size < cap && tried < cap * 20;
    }
    return choice.values.every((value) => walk(at + 1, { ...made, [choice.name]: value }));
  };
  const complete = walk(0, undeclaredAttributes);
  return { kinds: [...found.values()], complete };
}

/** Level, department, component, home state, mission and 287(g) come first in the vocabulary, and constraints join only these. */
const constrained = Object.keys(attributeWords).indexOf('program287g') + 1;
const joinsAtMost = 64;

function valuesOf(name: keyof RequesterAttributes, atoms: readonly Atom[]): readonly (string | readonly string[])[] {
  const words = name === 'homeState' ? [...allJurisdictions, ...attributeWords.homeState] : attributeWords[name];
  const bits = (list: readonly string[]) => atoms.map((atom) => (list.some((word) => atom.words.includes(word)) ? '1' : '0')).join('');
  const distinct = new Map<string, readonly string[]>();
  const add = (list: readonly string[]) => { const key = `${bits(list)} ${apart(name, list)}`; if (!distinct.has(key)) distinct.set(key, list); };
  for (const word of preferred(words)) add(name === 'component' ? withAbove(word as Component) : [word]);
  if (!(listAttributes as readonly string[]).includes(name)) return [...distinct.values()].map(([word = 'undeclared']) => word);
  const joinable = () => [...distinct.values()].filter((list) => !list.includes('none') && !list.includes('undeclared'));
  for (let before = 0; before < distinct.size && distinct.size < joinsAtMost;) {
    before = distinct.size;
    const lists = joinable();
    for (const a of lists) for (const b of lists) if (distinct.size < joinsAtMost && sameDepartment(name, a, b)) add(words.filter((word) => a.includes(word) || b.includes(word)));
  }
  return [...distinct.values()];
}

/** Ordinary words before `none`, and `undeclared` last, so that a kind is shown by a word that means something. */
function preferred(words: readonly string[]): readonly string[] {
  const late = (word: string) => (word === 'undeclared' ? 2 : word === 'federal' ? 1 : 0);
  return [...words].sort((a, b) => late(a) - late(b));
}

/** What constraints see of a word. */
function apart(name: keyof RequesterAttributes, list: readonly string[]): string {
  const [word = ''] = list;
  switch (name) {
    case 'level': return word === 'federal' ? 'federal' : '';
    case 'department': return word;
    case 'component': return word === 'none' || word === 'undeclared' ? '' : componentTree[word as keyof typeof componentTree].department;
    case 'homeState': case 'program287g': return word === 'none' ? 'none' : '';
    default: return '';
  }
}

function withAbove(component: Component): readonly string[] {
  if (component === 'none' || component === 'undeclared') return [component];
  const { under } = componentTree[component];
  return under === undefined ? [component] : [...withAbove(under), component];
}

function sameDepartment(name: keyof RequesterAttributes, a: readonly string[], b: readonly string[]): boolean {
  return name !== 'component' || apart(name, a) === apart(name, b);
}
