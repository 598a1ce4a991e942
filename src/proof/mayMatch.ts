import { allJurisdictions, attributeWords, constraintClauses, hasAny, listAttributes, type RequesterAttributes } from '../vocabulary/index.ts';
import type { Matcher } from '../policy/index.ts';

type Name = keyof RequesterAttributes;

/** Words by attribute; null where a completion may still choose any. */
type Values = Map<Name, readonly string[] | null>;

/** Some words of one attribute: one of them is wanted, or none may be taken. */
interface Part {
  readonly name: Name;
  readonly words: readonly string[];
}

/**
 * Whether a requester with these attributes may be one that the matcher means, where what the registry does not know could be anything
 * (invariant 4): each attribute named has one of the words, or is `undeclared` and some completion of all that is undeclared gives it one
 * and obeys the integrity constraints. The decision itself never asks this: it reads `undeclared` as a word.
 */
export function mayMatch(attributes: RequesterAttributes, to: Matcher): boolean {
  const open = openParts(attributes, to);
  if (open === null) return false;
  if (open.length === 0) return true;
  if (completes(attributes, open)) return true;
  // What is known breaks a constraint, so that no completion obeys them all: then they say nothing about the rest.
  return !completes(attributes, []) && open.every(({ words }) => words.some((word) => word !== 'undeclared'));
}

/** Whether a requester with these attributes is one that the matcher means, whatever stands behind what the registry does not know. */
export function surelyMatches(attributes: RequesterAttributes, to: Matcher): boolean {
  const open = openParts(attributes, to);
  if (open === null) return false;
  if (open.length === 0) return true;
  return completes(attributes, []) && open.every((part) => !completes(attributes, [], part));
}

/** Every word that an organisation of which all is known may have. */
export function knownWords(name: Name): readonly string[] {
  return [...(name === 'homeState' ? allJurisdictions : []), ...attributeWords[name].filter((word) => word !== 'undeclared')];
}

const orders = new Map<Name, readonly string[]>();

/** The known words of an attribute, those of which no clause asks anything before the others. */
function harmlessFirst(name: Name): readonly string[] {
  let order = orders.get(name);
  if (order === undefined) {
    const asks = (word: string) => (constraintClauses.some((one) => one.attribute === name && one.has.includes(word)) ? 1 : 0);
    orders.set(name, order = [...knownWords(name)].sort((a, b) => asks(a) - asks(b)));
  }
  return order;
}

const isList: ReadonlySet<Name> = new Set(listAttributes);

/** The parts of a matcher that rest on what is undeclared; null where one of them is known not to hold. */
function openParts(attributes: RequesterAttributes, to: Matcher): readonly Part[] | null {
  const open: Part[] = [];
  for (const [name, words] of Object.entries(to) as [Name, readonly string[]][]) {
    if (hasAny(attributes, name, words)) continue;
    if (!hasAny(attributes, name, ['undeclared'])) return null;
    open.push({ name, words });
  }
  return open;
}

/** Whether some completion obeys the constraints, has a word of each part of `wanted`, and none of `barred`. */
function completes(attributes: RequesterAttributes, wanted: readonly Part[], barred: Part | null = null): boolean {
  const values: Values = new Map();
  const free = new Set<Name>();
  for (const [name, value] of Object.entries(attributes) as [Name, string | readonly string[]][]) {
    const words = typeof value === 'string' ? [value] : value;
    if (words.includes('undeclared')) free.add(name);
    values.set(name, words.includes('undeclared') ? null : words);
  }
  return choose(values, free, wanted, barred);
}

/** What is asked for is chosen first: then a dead end is met before anything is tried that does not bear on it. */
function choose(values: Values, free: ReadonlySet<Name>, wanted: readonly Part[], barred: Part | null): boolean {
  const [first, ...rest] = wanted;
  if (first !== undefined) return tryWords(values, free, first.name, first.words, barred, (next) => choose(next, free, rest, barred));
  if (barred === null || values.get(barred.name) !== null) return close(values, free, barred);
  return tryWords(values, free, barred.name, harmlessFirst(barred.name), barred, (next) => close(next, free, barred));
}

/** Gives each clause that is broken what it needs, then every attribute that is still open a word: the first that asks for nothing will nearly always do. */
function close(values: Values, free: ReadonlySet<Name>, barred: Part | null): boolean {
  const broken = constraintClauses.find((one) => has(values, one.attribute, one.has) && !has(values, one.in, one.needs));
  const next = (after: Values) => close(after, free, barred);
  if (broken !== undefined) return tryWords(values, free, broken.in, broken.needs, barred, next);
  const open = [...values].find(([, words]) => words === null);
  return open === undefined || tryWords(values, free, open[0], harmlessFirst(open[0]), barred, next);
}

function tryWords(values: Values, free: ReadonlySet<Name>, name: Name, words: readonly string[], barred: Part | null, then: (next: Values) => boolean): boolean {
  const has = values.get(name) ?? null;
  if (!free.has(name) || (has !== null && (!isList.has(name) || has.includes('none')))) return false;
  return words.some((word) => word !== 'undeclared' && !(barred?.name === name && barred.words.includes(word)) && !(word === 'none' && has !== null)
    && then(new Map(values).set(name, has === null ? [word] : [...has, word])));
}

function has(values: Values, name: Name, words: readonly string[]): boolean {
  return values.get(name)?.some((word) => words.includes(word)) ?? false;
}
