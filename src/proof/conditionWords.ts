import type { CourtClass, EvidenceGrade, Purpose, QueryKind } from '../vocabulary/index.ts';
import { courtPhrases, purposePhrases } from '../policy/phrases.ts';
import { axisWords, type ContextCondition, type ContextCube } from './minimal.ts';

/**
 * A condition as words, without a capital or a period: "always", "never", "for officer safety", "with a warrant that its court confirmed",
 * "unless for civil immigration enforcement". Conditions that differ read differently: the grammar is
 * [always | CASE, or CASE …] [, unless CASE, or unless CASE …], where "always" is left out before "unless", and within a case the parts stand in one order,
 * but that a list of purposes stands last.
 */
export function conditionWords({ any, except }: ContextCondition): string {
  if (any.length === 0) return 'never';
  const exceptions = fused(except).map((cube, i) => `${i === 0 ? '' : 'or '}unless ${cubeWords(cube)}`);
  const cases = fused(any).map(cubeWords).join(', or ');
  return [...(cases === 'always' && exceptions.length > 0 ? [] : [cases]), ...exceptions].join(', ');
}

/** One case: "for officer safety, with a case number". A case without parts is "always". */
export function cubeWords({ purpose, warrant, court, caseNumber, kind, lacks }: ContextCube & Lacking): string {
  const why = purpose === undefined ? [] : [purposeWords(purpose)];
  const papers = [...(lacks === undefined ? paperWords(warrant, court) : [`without a warrant of ${signers(lacks)} that its court confirmed`]), ...(caseNumber === undefined ? [] : [caseWords(caseNumber)])];
  const what = [...(papers.length === 0 ? [] : [papers.join(' and ')]), ...(kind === undefined ? [] : [kindWords(kind)])];
  // A list of purposes stands last, so that what follows is not read of its last word alone.
  const parts = why.some((words) => words.includes(' or ') || words.includes(' and ')) ? [...what, ...why] : [...why, ...what];
  return parts.length === 0 ? 'always' : parts.join(' ');
}

interface Lacking {
  /** Without a warrant that one of these signed and its court confirmed: either of the two is missing. */
  readonly lacks?: readonly CourtClass[];
}

/** "Without a confirmed warrant, or without a warrant of a judge" of otherwise equal cases is "without a confirmed warrant of a judge". */
function fused(cubes: readonly ContextCube[]): readonly (ContextCube & Lacking)[] {
  const rest = ({ warrant: _, court: __, ...others }: ContextCube) => JSON.stringify(others);
  const unconfirmed = ({ warrant, court }: ContextCube) => court === undefined && warrant?.length === axisWords.warrant.length - 1 && !warrant.includes('courtConfirmed');
  const unsigned = ({ warrant, court }: ContextCube) => warrant === undefined && court?.includes('notStated') === true;
  const partner = (cube: ContextCube) => (unconfirmed(cube) ? cubes.find((other) => unsigned(other) && rest(other) === rest(cube)) : undefined);
  const gone = new Set(cubes.map(partner));
  return cubes.filter((cube) => !gone.has(cube)).map((cube) => {
    const other = partner(cube);
    const { warrant: _, ...others } = cube;
    return other === undefined ? cube : { ...others, lacks: axisWords.court.filter((one) => other.court?.includes(one) !== true) };
  });
}

/** "for officer safety or an emergency", "for any purpose but licensing", "for any stated purpose". */
export function purposeWords(purposes: readonly Purpose[]): string {
  const others = axisWords.purpose.filter((one) => !purposes.includes(one));
  if (others.length === 1 && others[0] === 'notStated') return 'for any stated purpose';
  if (purposes.length === 1 && purposes[0] === 'notStated') return 'without a stated purpose';
  const say = (list: readonly Purpose[], last: string) => joined(list.map((one) => (one === 'notStated' ? 'a purpose that is not stated' : purposePhrases[one])), last);
  if (purposes.length <= others.length + 2) return `for ${say(purposes, 'or')}`;
  const stated = others.includes('notStated');
  return `for any ${stated ? 'stated ' : ''}purpose but ${say(others.filter((one) => one !== 'notStated'), 'and')}`;
}

function warrantWords(grades: readonly EvidenceGrade[]): string {
  return gradeWords(grades, {
    atLeast: { stated: 'with a warrant', numbered: 'with at least the number of a warrant', documentHash: 'with at least the fingerprint of a warrant', courtConfirmed: 'with a warrant that its court confirmed' },
    lacking: { stated: 'without a warrant', numbered: 'without the number of a warrant', documentHash: 'without the fingerprint of a warrant', courtConfirmed: 'without a warrant that its court confirmed' },
    exactly: { none: 'no warrant', stated: 'a warrant that is only stated', numbered: 'only the number of a warrant', documentHash: 'only the fingerprint of a warrant', courtConfirmed: 'a warrant that its court confirmed' },
  });
}

function caseWords(grades: readonly EvidenceGrade[]): string {
  return gradeWords(grades, {
    atLeast: { stated: 'with a case', numbered: 'with a case number', documentHash: 'with at least the fingerprint of a case paper', courtConfirmed: 'with a case that its court confirmed' },
    lacking: { stated: 'without a case', numbered: 'without a case number', documentHash: 'without the fingerprint of a case paper', courtConfirmed: 'without a case that its court confirmed' },
    exactly: { none: 'no case', stated: 'a case that is only stated', numbered: 'only a case number', documentHash: 'only the fingerprint of a case paper', courtConfirmed: 'a case that its court confirmed' },
  });
}

interface GradePhrases {
  readonly atLeast: Readonly<Record<Exclude<EvidenceGrade, 'none'>, string>>;
  readonly lacking: Readonly<Record<Exclude<EvidenceGrade, 'none'>, string>>;
  readonly exactly: Readonly<Record<EvidenceGrade, string>>;
}

/** A grade and all above it is "at least"; all below a grade is "without"; anything else is a list of what there is and no more. */
function gradeWords(grades: readonly EvidenceGrade[], phrases: GradePhrases): string {
  const all = axisWords.warrant;
  const [first] = grades;
  if (first !== undefined && first !== 'none' && grades.length === all.length - all.indexOf(first)) return phrases.atLeast[first];
  const next = all[grades.length];
  if (next !== undefined && next !== 'none' && grades.every((one, i) => one === all[i])) return phrases.lacking[next];
  return `with ${joined(grades.map((one) => phrases.exactly[one]), 'or')}`;
}

/** The warrant and who signed it. A list with "not stated" in it holds too where nobody signed, so it is said by who must not have. */
function paperWords(warrant: readonly EvidenceGrade[] | undefined, court: readonly CourtClass[] | undefined): readonly string[] {
  const grade = warrant === undefined ? [] : [warrantWords(warrant)];
  if (court === undefined) return grade;
  const signed = !court.includes('notStated');
  const who = signers(signed ? court : axisWords.court.filter((one) => !court.includes(one)));
  if (signed && warrant?.join() === 'courtConfirmed') return [`with a warrant of ${who} that its court confirmed`];
  return [...grade, `${signed ? 'with' : 'without'} a warrant of ${who}`];
}

function signers(courts: readonly CourtClass[]): string {
  if (courts.length === axisWords.court.length - 1) return 'anybody who is named';
  const federal = courts.includes('articleThree') && courts.includes('federalMagistrate');
  const judges = federal && courts.includes('stateCourt');
  const short = judges ? ['a federal or state judge'] : federal ? ['a federal judge or magistrate'] : [];
  const covered: readonly CourtClass[] = judges ? ['articleThree', 'federalMagistrate', 'stateCourt'] : federal ? ['articleThree', 'federalMagistrate'] : [];
  return joined([...short, ...courts.filter((one) => !covered.includes(one)).map((one) => courtPhrases[one])], 'or');
}

function kindWords(kinds: readonly QueryKind[]): string {
  const has = (one: QueryKind) => kinds.includes(one);
  if (kinds.length === 1) return has('lookup') ? 'in a look-up of one record' : has('nameSearch') ? 'in a search by name' : 'in a search by part of a plate';
  return !has('lookup') ? 'in a search by name or part of a plate' : has('nameSearch') ? 'in any query but a search by part of a plate' : 'in any query but a search by name';
}

/** `a`, `a or b`, `a, b or c`. */
export function joined(parts: readonly string[], last: string): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} ${last} ${parts.at(-1) ?? ''}`;
}
