import { yes, no, type Bdd, type Node } from './bdd.ts';

/** One attribute or one part of the context as a stretch of variables. Words that nothing tells apart share a group; every choice of variables means something. */
export interface SchemaAxis {
  /** The first variable, and the first after the last. */
  readonly from: number;
  readonly before: number;
  readonly groups: readonly (readonly string[])[];
  /** Where it is one of these words, or its list has one of them. A group must lie in `words` whole or not at all: else a RangeError. */
  has(bdd: Bdd, words: readonly string[]): Node;
  /** The words that a choice of variables means: one of each group. */
  read(value: (level: number) => boolean): readonly string[];
  /** The variables that are true where it has these words; null where nothing can have them together. */
  write(words: readonly string[]): readonly number[] | null;
}

/** Words that lie in the same of the lists, in one group. The order of the words is that of the groups, and the first of a group stands for it. */
export function groupWords(words: readonly string[], lists: readonly (readonly string[])[]): string[][] {
  const groups = new Map<string, string[]>();
  for (const word of words) {
    const key = lists.map((list) => (list.includes(word) ? '1' : '0')).join('');
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [word]);
    else group.push(word);
  }
  return [...groups.values()];
}

/**
 * Exactly one word. Variable i says "it is group i", asked in order; where all are false it is the last group. So every choice
 * of variables means one word, and no clause is needed to say so.
 */
export class OneWord implements SchemaAxis {
  readonly from: number;
  readonly before: number;
  readonly groups: readonly (readonly string[])[];

  constructor(from: number, groups: readonly (readonly string[])[]) {
    this.from = from;
    this.groups = groups;
    this.before = from + groups.length - 1;
  }

  has(bdd: Bdd, words: readonly string[]): Node {
    const inside = this.groups.map((group) => isIn(group, words));
    let result: Node = inside.at(-1) === true ? yes : no;
    for (let i = this.groups.length - 2; i >= 0; i -= 1) result = bdd.ite(bdd.variable(this.from + i), inside[i] === true ? yes : no, result);
    return result;
  }

  read(value: (level: number) => boolean): readonly string[] {
    const at = this.groups.findIndex((_, i) => i === this.groups.length - 1 || value(this.from + i));
    return [this.groups[at]?.[0] ?? ''];
  }

  write(words: readonly string[]): readonly number[] | null {
    const at = this.groups.findIndex((group) => group.includes(words[0] ?? ''));
    if (at === -1 || words.length !== 1) return null;
    return at === this.groups.length - 1 ? [] : [this.from + at];
  }
}

/**
 * A list that is never empty, where `undeclared` and `none` stand alone. The first variable says `undeclared`; the second, where there is a
 * word `none`, that there are other words; then one for each group of words. Where all of those are false it has a word of the last group.
 */
export class SomeWords implements SchemaAxis {
  readonly from: number;
  readonly before: number;
  readonly groups: readonly (readonly string[])[];
  readonly #first: number;
  readonly #none: boolean;

  /** `groups` without `undeclared` and `none`. */
  constructor(from: number, groups: readonly (readonly string[])[], none: boolean) {
    this.from = from;
    this.groups = groups;
    this.#none = none;
    this.#first = from + (none ? 2 : 1);
    this.before = this.#first + groups.length;
  }

  has(bdd: Bdd, words: readonly string[]): Node {
    const chosen = this.groups.flatMap((group, i) => (isIn(group, words) ? [i] : []));
    const last = this.groups.length - 1;
    const onlyLast = bdd.not(bdd.any(this.groups.slice(0, last).map((_, i) => bdd.variable(this.#first + i))));
    const some = bdd.any([...chosen.map((i) => bdd.variable(this.#first + i)), ...(chosen.includes(last) ? [onlyLast] : [])]);
    const known = this.#none ? bdd.ite(bdd.variable(this.from + 1), some, words.includes('none') ? yes : no) : some;
    return bdd.ite(bdd.variable(this.from), words.includes('undeclared') ? yes : no, known);
  }

  read(value: (level: number) => boolean): readonly string[] {
    if (value(this.from)) return ['undeclared'];
    if (this.#none && !value(this.from + 1)) return ['none'];
    const some = this.groups.filter((_, i) => value(this.#first + i));
    return (some.length === 0 ? this.groups.slice(-1) : some).map((group) => group[0] ?? '');
  }

  write(words: readonly string[]): readonly number[] | null {
    const [first, ...others] = words;
    if (first === undefined || (others.length > 0 && words.some((word) => word === 'undeclared' || word === 'none'))) return null;
    if (first === 'undeclared') return [this.from];
    if (first === 'none') return this.#none ? [] : null;
    return [...(this.#none ? [this.from + 1] : []), ...this.groups.flatMap((group, i) => (group.some((word) => words.includes(word)) ? [this.#first + i] : []))];
  }
}

/** @throws RangeError where some words of the group are in the list and some are not: a space that cannot tell them apart must not be asked. */
function isIn(group: readonly string[], words: readonly string[]): boolean {
  const inside = words.includes(group[0] ?? '');
  if (group.some((word) => words.includes(word) !== inside)) throw new RangeError(`the space does not tell ${group.join(', ')} apart`);
  return inside;
}
