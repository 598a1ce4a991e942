import {
  allJurisdictions, allPurposes, attributeWords, constraintClauses, courtClasses, gradeOrder, listAttributes, namesOf, queryKinds,
  type ConstraintClause, type EvidenceGrade, type RequesterAttributes,
} from '../../vocabulary/index.ts';
import type { Condition, Matcher } from '../document.ts';

/** A part of an SMT-LIB file, as text. Formulas are short strings of S-expressions; nothing of the table or of the proofs is used here. */
export type Formula = string;

export type AttributeName = keyof RequesterAttributes;

export const attributeNames = Object.keys(attributeWords) as readonly AttributeName[];

/** Conjunction and disjunction without parts that say nothing, so that a reader sees only what matters. */
export function and(...parts: readonly Formula[]): Formula {
  const rest = parts.filter((part) => part !== 'true');
  return rest.includes('false') ? 'false' : rest.length < 2 ? (rest[0] ?? 'true') : `(and${spaced(rest)})`;
}

export function or(...parts: readonly Formula[]): Formula {
  const rest = [...new Set(parts)].filter((part) => part !== 'false');
  return rest.includes('true') ? 'true' : rest.length < 2 ? (rest[0] ?? 'false') : `(or${spaced(rest)})`;
}

/** Parts that bring a line of their own need no space. */
function spaced(parts: readonly Formula[]): string {
  return parts.map((part) => (part.startsWith('\n') ? part : ` ${part}`)).join('');
}

export function not(part: Formula): Formula {
  return part === 'true' ? 'false' : part === 'false' ? 'true' : `(not ${part})`;
}

export function defined(name: string, parameters: string, body: Formula): string {
  return `(define-fun ${name} (${parameters}) Bool${body.startsWith('\n') ? '' : ' '}${body})`;
}

/** The words as sorts: an attribute with one word is an enumeration, one with a list is a Boolean for each word of it. */
export function vocabularyLines(): readonly string[] {
  const single = attributeNames.filter((name) => !isList(name));
  const enumeration = (sort: string, prefix: string, words: readonly string[]) => `(declare-datatypes ((${sort} 0)) ((${words.map((word) => `(${prefix}.${word})`).join(' ')})))`;
  return [
    ...single.map((name) => enumeration(sortOf(name), name, wordsOf(name))),
    enumeration('Purpose', 'purpose', allPurposes),
    enumeration('Grade', 'grade', gradeOrder),
    enumeration('Court', 'court', namesOf(courtClasses)),
    enumeration('Query', 'query', namesOf(queryKinds)),
    '',
    '; An agency, by all that a rule can read of it.',
    `(declare-datatypes ((Agency 0)) (((agency`,
    ...attributeNames.map((name) => `  ${isList(name) ? wordsOf(name).map((word) => `(${name}.${word} Bool)`).join(' ') : `(${name} ${sortOf(name)})`}`),
    '))))',
    '',
    '; What one request, or one hop, states.',
    '(declare-datatypes ((Context 0)) (((context (purpose Purpose) (warrant Grade) (court Court) (caseNumber Grade) (query Query)))))',
    '',
    '; Grades: each includes those before it.',
    ...gradeOrder.map((grade, n) => defined(`at-least.${grade}`, '(g Grade)', n === 0 ? 'true' : or(...gradeOrder.slice(n).map((one) => `(= g grade.${one})`)))),
    '',
    '; A request can carry these together: who signed is known only of a warrant that was stated.',
    defined('admissible', '(c Context)', '(=> (= (warrant c) grade.none) (= (court c) court.notStated))'),
    '',
    '; The constraints between attributes, and that no list is empty and `none` or `undeclared` stands alone.',
    defined('sound', '(a Agency)', and(...constraintClauses.map((one) => `\n  (=> ${has('a', one.attribute, one.has)} ${has('a', one.in, one.needs)})`), ...listAttributes.flatMap((name) => totality(name)))),
    '',
    '; b is a with what was undeclared filled in: what could be true of an agency of which the registry does not know all.',
    defined('completes', '(b Agency) (a Agency)', and('(sound b)', ...attributeNames.map(completion))),
  ];
}

/** The agency has at least one of the words in an attribute. Words that are none of the vocabulary are had by nobody. */
export function has(agency: string, name: AttributeName, words: readonly string[]): Formula {
  return or(...words.filter((word) => wordsOf(name).includes(word)).map((word) => (isList(name) ? `(${name}.${word} ${agency})` : `(= (${name} ${agency}) ${name}.${word})`)));
}

/** The agency as it stands is one that the matcher means: how a rule decides. `undeclared` is a word as any other. */
export function matches(agency: string, to: Matcher | undefined): Formula {
  return and(...partsOf(to).map(([name, words]) => has(agency, name, words)));
}

/** With its unknown attributes filled in as in `completed`, the agency may be one that the matcher means. */
export function mayMatch(agency: string, completed: string, to: Matcher): Formula {
  return and(...partsOf(to).map(([name, words]) => or(has(agency, name, words), and(undeclared(agency, name), has(completed, name, words)))));
}

/** However its unknown attributes are filled in, the agency is one that the matcher means. */
export function surelyMatches(agency: string, to: Matcher | undefined): Formula {
  return and(...partsOf(to).map(([name, words]) => or(has(agency, name, words), and(undeclared(agency, name), not(couldEscape(agency, name, words))))));
}

/** What a condition asks of purpose and papers. */
export function papers(context: string, condition: Omit<Condition, 'to'> | undefined): Formula {
  const equals = (part: string, words: readonly string[] | undefined) => (words === undefined ? [] : [or(...words.map((word) => `(= (${part} ${context}) ${part}.${word})`))]);
  const reaches = (part: string, grade: EvidenceGrade | undefined) => (grade === undefined || grade === 'none' ? [] : [`(at-least.${grade} (${part} ${context}))`]);
  return and(
    ...equals('purpose', condition?.for), ...reaches('warrant', condition?.warrant), ...equals('court', condition?.court),
    ...reaches('caseNumber', condition?.caseNumber), ...equals('query', condition?.query),
  );
}

export function undeclared(agency: string, name: AttributeName): Formula {
  return has(agency, name, ['undeclared']);
}

/**
 * The attribute is undeclared, and some completion has none of the words there. It is enough to look for one word outside them, with
 * whatever the constraints then force: what they do not force can stay `none` or like.
 */
function couldEscape(agency: string, name: AttributeName, words: readonly string[]): Formula {
  const free = wordsOf(name).filter((word) => word !== 'undeclared' && !forcedBeside(name, word).some((one) => words.includes(one)));
  return or(...free.map((word) => couldBe(agency, name, word)));
}

/** An agency of which this attribute is undeclared could have the word there: each attribute that the word speaks of has what it needs, or is undeclared and could. */
function couldBe(agency: string, name: AttributeName, word: string): Formula {
  const needs = new Map<AttributeName, readonly string[]>();
  for (const clause of clausesFrom(name, forcedBeside(name, word))) {
    if (clause.in !== name) needs.set(clause.in, needs.get(clause.in)?.filter((one) => clause.needs.includes(one)) ?? clause.needs);
  }
  return and(...[...needs].map(([other, wanted]) => or(has(agency, other, wanted), and(undeclared(agency, other), or(...wanted.map((one) => couldBe(agency, other, one)))))));
}

/** The word and those that must stand beside it in the same list: HSI is also ICE. */
function forcedBeside(name: AttributeName, word: string): readonly string[] {
  const words = [word];
  for (const one of words) for (const clause of clausesFrom(name, [one])) if (clause.in === name) words.push(...clause.needs.filter((need) => !words.includes(need)));
  return words;
}

function clausesFrom(name: AttributeName, words: readonly string[]): readonly ConstraintClause[] {
  return constraintClauses.filter((clause) => clause.attribute === name && words.some((word) => clause.has.includes(word)));
}

function totality(name: AttributeName): readonly Formula[] {
  const alone = (word: string) => (wordsOf(name).includes(word) ? [`\n  (=> (${name}.${word} a) ${not(has('a', name, wordsOf(name).filter((other) => other !== word)))})`] : []);
  return [`\n  ${has('a', name, wordsOf(name))}`, ...alone('none'), ...alone('undeclared')];
}

function completion(name: AttributeName): Formula {
  const same = isList(name) ? and(...wordsOf(name).map((word) => `(= (${name}.${word} b) (${name}.${word} a))`)) : `(= (${name} b) (${name} a))`;
  return `\n  ${not(undeclared('b', name))} (=> ${not(undeclared('a', name))} ${same})`;
}

function partsOf(to: Matcher | undefined): readonly [AttributeName, readonly string[]][] {
  return Object.entries(to ?? {}) as [AttributeName, readonly string[]][];
}

function isList(name: AttributeName): boolean {
  return (listAttributes as readonly string[]).includes(name);
}

function wordsOf(name: AttributeName): readonly string[] {
  return name === 'homeState' ? [...allJurisdictions, ...attributeWords[name]] : attributeWords[name];
}

function sortOf(name: AttributeName): string {
  return `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;
}
