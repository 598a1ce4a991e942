import {
  allJurisdictions, allPurposes, attributeWords, constraintClauses, courtClasses, evidenceGrades, listAttributes, namesOf, queryKinds, type RequesterAttributes,
} from '../vocabulary/index.ts';
import { boxOf, type Condition, type Context, type Matcher } from '../policy/index.ts';
import { Bdd, no, yes, type BddCaps, type Node } from './bdd.ts';
import { groupWords, OneWord, SomeWords, type SchemaAxis } from './schemaAxes.ts';

/** One point of everything that the schema admits: an agency that could be, and a request that it could make. */
export interface SchemaPoint {
  readonly attributes: RequesterAttributes;
  readonly context: Context;
}

type Attribute = keyof RequesterAttributes;
type Axis = Attribute | keyof Context;

/**
 * Every agency and every request that the vocabulary admits, as functions of booleans: those of who asks first, then those of the context.
 * Words that neither the conditions given nor the constraints tell apart share a variable, so that a document which reads little has a small
 * space; nothing is lost, since such words can be put for each other everywhere.
 */
export class SchemaSpace {
  readonly bdd: Bdd;
  /** The first variable of the context, and the first after the last. */
  readonly contextFrom: number;
  readonly size: number;
  /** The agencies that obey the integrity constraints. */
  readonly agencies: Node;
  /** The contexts that a request can have: a court is stated only with a warrant. */
  readonly contexts: Node;
  readonly #axes = new Map<Axis, SchemaAxis>();
  readonly #may = new WeakMap<Matcher, Node>();
  readonly #surely = new WeakMap<Matcher, Node>();

  /** `conditions` are all that will be asked about: matchers may stand in their `to`. */
  constructor(conditions: readonly Condition[], caps: Partial<BddCaps> = {}) {
    this.bdd = new Bdd(caps);
    const lists = mentioned(conditions);
    let next = 0;
    for (const axis of attributeOrder) next = this.#add(axis, axisOf(axis, next, lists(axis)));
    this.contextFrom = next;
    for (const axis of contextOrder) next = this.#add(axis, axisOf(axis, next, lists(axis)));
    this.size = next;
    const { bdd } = this;
    this.agencies = bdd.all(constraintClauses.map((one) => bdd.or(bdd.not(this.has(one.attribute, one.has)), this.has(one.in, one.needs))));
    this.contexts = bdd.or(bdd.not(this.has('warrant', ['none'])), this.has('court', ['notStated']));
  }

  /** Whether conditions can be asked about that were not given at the start. */
  covers(conditions: readonly Condition[]): boolean {
    const lists = mentioned(conditions);
    return [...this.#axes].every(([name, { groups }]) => lists(name).every((list) => groups.every((group) => group.every((word) => list.includes(word) === list.includes(group[0] ?? '')))));
  }

  /** Where the attribute is one of the words, or its list has one; for a part of the context, where it is one of them. */
  has(axis: Axis, words: readonly string[]): Node {
    return this.#axis(axis).has(this.bdd, words);
  }

  /** A word with those that nothing in this space tells from it. */
  alike(axis: Axis, word: string): readonly string[] {
    return this.#axis(axis).groups.find((group) => group.includes(word)) ?? [word];
  }

  /** The agencies that a matcher matches when a decision is made: `undeclared` is a word like another. */
  matches(to: Matcher | undefined): Node {
    return this.bdd.all(entriesOf(to).map(([name, words]) => this.has(name, words)));
  }

  /** What a condition says of the context; what it says of the asker is left out. */
  inContext(condition: Omit<Condition, 'to'>): Node {
    return this.bdd.all((Object.entries(boxOf(condition)) as [keyof Context, readonly string[]][]).map(([axis, words]) => this.has(axis, words)));
  }

  /** The agencies of which `mayMatch` is true; of those that break a constraint nothing is said. */
  mayMatch(to: Matcher): Node {
    return remember(this.#may, to, () => this.#completes((name) => {
      const words = to[name];
      const test = words === undefined ? yes : this.has(name, words);
      return { known: test, undeclared: words?.some((word) => word === 'undeclared') === true ? yes : test };
    }));
  }

  /** The agencies of which `surelyMatches` is true; of those that break a constraint nothing is said. */
  surelyMatches(to: Matcher): Node {
    return remember(this.#surely, to, () => this.bdd.not(this.bdd.any(entriesOf(to).map(([failing, words]) => {
      const test = this.bdd.not(this.has(failing, words));
      return this.#completes((name) => (name === failing ? { known: test, undeclared: words.includes('undeclared') ? no : test } : { known: yes, undeclared: yes }));
    }))));
  }

  /** The agencies for which `f` is true in some context. */
  inSomeContext(f: Node): Node {
    return this.bdd.exists(f, this.contextFrom, this.size);
  }

  /** The contexts in which `f` is true of some agency. */
  forSomeAgency(f: Node): Node {
    return this.bdd.exists(f, 0, this.contextFrom);
  }

  /** `f` with everything taken out but one attribute: where some agency with that word, in some context, makes it true. */
  projected(f: Node, name: Attribute): Node {
    const { from, before } = this.#axis(name);
    return this.bdd.exists(this.bdd.exists(f, before, this.size), 0, from);
  }

  /** The agencies of which everything is known. */
  get known(): Node {
    return this.bdd.not(this.bdd.any(attributeOrder.map((name) => this.bdd.variable(this.#axis(name).from))));
  }

  /** Whether `f` is true of this agency in this context. Never, where a list is empty or has `none` or `undeclared` beside another word. */
  holds(f: Node, { attributes, context }: SchemaPoint): boolean {
    return this.at(attributes, context)(f);
  }

  /** As `holds`, for many functions at one point. Without a context, for functions that do not read it. */
  at(attributes: RequesterAttributes, context?: Context): (f: Node) => boolean {
    const set = new Set<number>();
    for (const [name, axis] of this.#axes) {
      const value = isAttribute(name) ? attributes[name] : context?.[name];
      const levels = value === undefined ? [] : axis.write(typeof value === 'string' ? [value] : value);
      if (levels === null) return () => false;
      for (const level of levels) set.add(level);
    }
    return (f) => this.bdd.evaluate(f, (level) => set.has(level));
  }

  /** The agencies that nothing in this space can tell from this one. */
  exactly(attributes: RequesterAttributes): Node {
    const { bdd } = this;
    return attributeOrder.reduceRight<Node>((f, name) => {
      const { from, before } = this.#axis(name);
      const value: string | readonly string[] = attributes[name];
      const levels = this.#axis(name).write(typeof value === 'string' ? [value] : value);
      if (levels === null) return no;
      let result = f;
      for (let level = before - 1; level >= from; level -= 1) result = levels.includes(level) ? bdd.ite(bdd.variable(level), result, no) : bdd.ite(bdd.variable(level), no, result);
      return result;
    }, yes);
  }

  /** A point where `f` is true, as ordinary as may be; null where there is none. `f` must be no more than `agencies` and `contexts` admit. */
  point(f: Node): SchemaPoint | null {
    const found = this.bdd.one(f);
    if (found === null) return null;
    const read = (name: Axis) => this.#axis(name).read((level) => found.get(level) ?? false);
    const attributes = Object.fromEntries(attributeOrder.map((name) => [name, isList(name) ? inVocabularyOrder(name, read(name)) : read(name)[0]]));
    const context = Object.fromEntries(contextOrder.map((name) => [name, read(name)[0]]));
    // Each axis reads only words of its own list.
    return { attributes: attributes as unknown as RequesterAttributes, context: context as unknown as Context };
  }

  /**
   * The agencies for which some completion of what is undeclared obeys the constraints and passes a test on each attribute:
   * `known` where it is known, `undeclared` of what stands behind it where it is not. One attribute after the other.
   */
  #completes(test: (name: Attribute) => { readonly known: Node; readonly undeclared: Node }): Node {
    const { bdd } = this;
    return [...attributeOrder].reverse().reduce((f, name) => {
      const { known, undeclared } = test(name);
      const { from, before } = this.#axis(name);
      const isUndeclared = bdd.variable(from);
      const behind = bdd.exists(bdd.restrict(bdd.and(f, undeclared), from, false), from, before);
      return bdd.ite(isUndeclared, behind, bdd.and(f, known));
    }, this.agencies);
  }

  #add(name: Axis, axis: SchemaAxis): number {
    this.#axes.set(name, axis);
    return axis.before;
  }

  #axis(name: Axis): SchemaAxis {
    const axis = this.#axes.get(name);
    if (axis === undefined) throw new RangeError(`there is no axis ${name}`);
    return axis;
  }
}

/** The order of the variables: what constraints join stands together. */
const attributeOrder: readonly Attribute[] = [
  'department', 'component', 'level', 'homeState', 'program287g', 'mission', 'taskForce', 'certified', 'criminalJustice', 'audit', 'sharedOri', 'vendorHosted',
];
const contextOrder: readonly (keyof Context)[] = ['purpose', 'warrant', 'court', 'caseNumber', 'kind'];

const axisWords: { readonly [A in Axis]: readonly string[] } = {
  ...attributeWords, homeState: [...allJurisdictions, 'none', 'undeclared'],
  purpose: allPurposes, warrant: namesOf(evidenceGrades), court: namesOf(courtClasses), caseNumber: namesOf(evidenceGrades), kind: namesOf(queryKinds),
};

/** What an ordinary agency or request has: a point takes it where nothing speaks against it. */
const ordinary: { readonly [A in Axis]?: string } = {
  department: 'none', level: 'municipal', homeState: 'OH', mission: 'generalPolice', criminalJustice: 'yes', audit: 'passed', sharedOri: 'no', vendorHosted: 'no',
  purpose: 'notStated', warrant: 'none', court: 'notStated', caseNumber: 'none', kind: 'lookup',
};

function axisOf(name: Axis, from: number, lists: readonly (readonly string[])[]): SchemaAxis {
  const usual = ordinary[name];
  const isUsual = (word: string) => (word === usual ? 1 : 0);
  if (isAttribute(name) && isList(name)) {
    const words = axisWords[name].filter((word) => word !== 'none' && word !== 'undeclared').sort((a, b) => isUsual(b) - isUsual(a));
    const groups = groupWords(words, lists);
    return new SomeWords(from, usual === undefined ? groups : groups.reverse(), axisWords[name].includes('none'));
  }
  // Strongest grades first, and `undeclared` before all: the last is what a point takes where nothing speaks against it.
  const words = [...axisWords[name]].reverse().filter((word) => word !== 'undeclared').sort((a, b) => isUsual(b) - isUsual(a));
  const [last, ...others] = groupWords(words, lists);
  return new OneWord(from, [...(isAttribute(name) ? [['undeclared']] : []), ...others, ...(last === undefined ? [] : [last])]);
}

/** For each axis the lists of words that something names: those must not be put for others. */
function mentioned(conditions: readonly Condition[]): (axis: Axis) => readonly (readonly string[])[] {
  const lists = new Map<Axis, Map<string, readonly string[]>>();
  const mention = (axis: Axis, words: readonly string[]): void => {
    const known = lists.get(axis) ?? new Map<string, readonly string[]>();
    lists.set(axis, known.set(words.join(' '), words));
  };
  for (const one of constraintClauses) {
    mention(one.attribute, one.has);
    mention(one.in, one.needs);
  }
  mention('warrant', ['none']);
  mention('court', ['notStated']);
  mention('caseNumber', ['none']);
  for (const condition of conditions) {
    for (const [name, words] of entriesOf(condition.to)) mention(name, words);
    for (const [axis, words] of Object.entries(boxOf(condition)) as [keyof Context, readonly string[]][]) mention(axis, words);
  }
  return (axis) => [...(lists.get(axis)?.values() ?? [])];
}

function entriesOf(to: Matcher | undefined): readonly [Attribute, readonly string[]][] {
  return Object.entries(to ?? {}) as [Attribute, readonly string[]][];
}

function isAttribute(name: Axis): name is Attribute {
  return Object.hasOwn(attributeWords, name);
}

function isList(name: Attribute): boolean {
  return (listAttributes as readonly string[]).includes(name);
}

function inVocabularyOrder(name: Attribute, words: readonly string[]): readonly string[] {
  return axisWords[name].filter((word) => words.includes(word));
}

function remember<K extends object>(known: WeakMap<K, Node>, key: K, make: () => Node): Node {
  const found = known.get(key);
  if (found !== undefined) return found;
  const made = make();
  known.set(key, made);
  return made;
}
