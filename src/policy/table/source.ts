import { createHash } from 'node:crypto';
import {
  affiliationKinds, allDataClasses, attributeWords, allJurisdictions, constraintClauses, courtClasses, evidenceGrades, inferenceEdges, namesOf,
  outcomes, purposes, queryKinds, treatmentsOf, type DataClass, type RequesterAttributes, type Treatment,
} from '../../vocabulary/index.ts';
import { CodedError } from '../../model/codedError.ts';
import type { Review } from '../../model/index.ts';
import type { LimitRule, OnwardRule } from '../document.ts';
import { areGroups, type Groups } from './space.ts';

/** The bytes of a table, as the JSON that they are. Numbers are places in the lists beside. */
export interface TableSource {
  readonly weirTable: 1;
  readonly owner: string;
  readonly policyVersion: number;
  readonly policyHash: string;
  /** The words that the table was made with: with others it is not loaded. */
  readonly vocabulary: string;
  /** Days: the first, and the first that is no longer in it. */
  readonly from: string | null;
  readonly before: string | null;
  readonly groups: Groups;
  readonly atoms: readonly (readonly [keyof RequesterAttributes, readonly string[]])[];
  /** Hash-consed, as hexadecimal words. */
  readonly planes: readonly string[];
  readonly rules: readonly RuleSource[];
  readonly notify: readonly NotifySource[];
  readonly limits: readonly { readonly rule: LimitRule; readonly who: readonly number[] }[];
  readonly onward: readonly OnwardRule[];
  /** Place of a data class, then rule and plane by turns. */
  readonly rows: readonly (readonly number[])[];
  /** The places of the atoms that hold, and a row for each data class. */
  readonly classes: readonly (readonly [readonly number[], readonly number[]])[];
}

/** Whom and when something matches: all of the atoms, the cells of the plane, and none of the exceptions. */
export interface MatchSource {
  readonly who: readonly number[];
  readonly plane: number;
  readonly except: readonly { readonly who: readonly number[]; readonly plane: number }[];
}

export interface RuleSource extends MatchSource {
  readonly id: string;
  readonly outcome: 'release' | 'hold' | 'deny';
  readonly data: readonly DataClass[];
  readonly treat: Readonly<Partial<Record<DataClass, Treatment>>>;
  readonly review: Review | null;
}

export interface NotifySource extends MatchSource {
  readonly id: string;
  readonly tell: 'subject' | 'owner';
  readonly within: number;
  readonly data: readonly DataClass[] | null;
}

/** `TABLE_DAMAGED`: the bytes are no table. `TABLE_VOCABULARY`: they were made with other words, so compile again. */
export type TableErrorCode = 'TABLE_DAMAGED' | 'TABLE_VOCABULARY';

export class TableError extends CodedError<TableErrorCode> {
  override readonly name = 'TableError';
}

/** SHA-256 of all the words, their orders and what joins them: two programs that agree on it read a table alike. */
export const vocabularyHash = sha256(JSON.stringify([
  attributeWords, allJurisdictions, allDataClasses, treatmentsOf, constraintClauses, inferenceEdges,
  ...[purposes, evidenceGrades, courtClasses, queryKinds, outcomes, affiliationKinds].map((words) => namesOf<string>(words)),
]));

export function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/** Reads bytes that may be damaged: every place is within its list before anything is made of it. Throws a `TableError`. */
export function readSource(text: string): TableSource {
  const source = parsed(text);
  if ((source.weirTable as number) !== 1) throw damaged('it does not say that it is a table');
  if (source.vocabulary !== vocabularyHash) throw new TableError('TABLE_VOCABULARY', 'the table was made with another vocabulary');
  if (!areGroups(source.groups)) throw damaged('its groups of words are not those of the vocabulary');
  const width = Math.ceil(Object.values(source.groups).reduce((product, groups) => product * groups.length, 1) / 32) * 8;
  const { atoms, planes, rules, notify, limits, rows, classes } = source;
  if (![atoms, planes, rules, notify, limits, source.onward, rows, classes].every(Array.isArray)) throw damaged('a list is missing');
  check(planes.every((plane) => typeof plane === 'string' && plane.length === width && /^[0-9a-f]*$/.test(plane)), 'a plane has the wrong width');
  check(atoms.every(([attribute]) => Object.hasOwn(attributeWords, attribute)), 'an atom names no attribute');
  const whole = (match: MatchSource): boolean => within(match.who, atoms.length) && within([match.plane], planes.length)
    && match.except.every((one) => within(one.who, atoms.length) && within([one.plane], planes.length));
  check([...rules, ...notify].every(whole), 'a rule points beyond the table');
  check(limits.every(({ who }) => within(who, atoms.length)), 'a limit points beyond the table');
  check(rows.every(([dataClass, ...parts]) => dataClass !== undefined && within([dataClass], allDataClasses.length) && parts.length % 2 === 0
    && within(parts.filter((_, i) => i % 2 === 0), rules.length) && within(parts.filter((_, i) => i % 2 === 1), planes.length)), 'a row points beyond the table');
  check(classes.every(([who, ofClass]) => within(who, atoms.length) && ofClass.length === allDataClasses.length && within(ofClass, rows.length)
    && ofClass.every((row, i) => rows[row]?.[0] === i)), 'a class points beyond the table');
  return source;
}

function parsed(text: string): TableSource {
  try {
    return JSON.parse(text) as TableSource;
  } catch {
    throw damaged('it is not JSON');
  }
}

function within(places: readonly number[], length: number): boolean {
  return places.every((place) => Number.isInteger(place) && place >= 0 && place < length);
}

function check(ok: boolean, what: string): void {
  if (!ok) throw damaged(what);
}

function damaged(what: string): TableError {
  return new TableError('TABLE_DAMAGED', `the bytes are no compiled table: ${what}`);
}
