import { sql, type RawBuilder } from 'kysely';
import type { Subject } from '../model/index.ts';
import type { SubjectKind } from '../vocabulary/index.ts';
import { d, type Section } from './layout.ts';
import type { ColumnRef, Mapping } from './mappingSchema.ts';
import { columnOf, writtenFor } from './values.ts';

/**
 * How a subject is looked for: a condition for each term, with as many parameters as `count`.
 * The value comes from the message, hence from outside: it is always a parameter, never part of the statement.
 */
interface Term {
  readonly column: ColumnRef;
  readonly how: 'equals' | 'like';
  readonly count: number;
  /** Null matches nothing: no way to write the word is known. */
  values(subject: Subject): readonly (string | null)[];
}

/** What looking for one kind of subject takes in one mapping. */
export interface Terms {
  readonly section: Section;
  readonly list: readonly Term[];
  /** For searches, so that a list that was cut is cut at the same place every time. */
  readonly order: readonly string[];
}

/** Where each kind of subject is found, and whether finding it is a search, which may be slow. */
export const kinds: Readonly<Record<SubjectKind, { readonly index: number; readonly section: Section; readonly search: boolean }>> = {
  licence: { index: 0, section: 'driver', search: false },
  person: { index: 1, section: 'driver', search: false },
  name: { index: 2, section: 'driver', search: true },
  plate: { index: 3, section: 'vehicle', search: false },
  vin: { index: 4, section: 'vehicle', search: false },
  owner: { index: 5, section: 'vehicle', search: true },
  partialPlate: { index: 6, section: 'vehicle', search: true },
};

/** Subjects of one kind with the same parts stated have the same variant, 0 to 3, and can go into one statement. */
export function variantOf(subject: Subject, mapping: Mapping): number {
  switch (subject.kind) {
    case 'person': return (subject.name.given === '' ? 0 : 1) + (statedSex(subject, mapping) ? 2 : 0);
    case 'name':
    case 'owner': return subject.name.given === '' ? 0 : 1;
    case 'plate':
    case 'partialPlate': return subject.plateType !== null && mapping.vehicle?.plateType !== undefined ? 1 : 0;
    case 'licence':
    case 'vin': return 0;
  }
}

/**
 * The terms of a kind and variant. Null where the mapping lacks a column without which the owner cannot look:
 * that is `misconfigured`, never `none`. The year of a plate and the make and year of a vehicle do not narrow:
 * the record tells them, and they change or are misread.
 */
export function termsOf(kind: SubjectKind, variant: number, mapping: Mapping): Terms | null {
  const { driver, vehicle } = mapping;
  const { section } = kinds[kind];
  const optional = (bit: number, make: () => Term | null): readonly (Term | null)[] => ((variant & bit) === 0 ? [] : [make()]);
  const given = (column: ColumnRef | undefined, prefix: boolean): (() => Term | null) => () =>
    prefix ? like(column, s => ('name' in s ? `${escaped(s.name.given)}%` : '')) : equals(column, s => ('name' in s ? s.name.given : ''));
  const surname = (column: ColumnRef | undefined): Term | null => equals(column, s => ('name' in s ? s.name.surname : ''));
  const plateType = (): Term | null => equals(vehicle?.plateType, s => ('plateType' in s ? s.plateType ?? '' : ''));
  switch (kind) {
    case 'licence':
      return complete(section, [equals(driver?.key, s => (s.kind === 'licence' ? s.number : ''))], []);
    case 'person':
      return complete(section, [
        surname(driver?.name?.surname), ...optional(1, given(driver?.name?.given, false)),
        equals(driver?.birthDate, s => (s.kind === 'person' ? s.birthDate : '')),
        ...optional(2, () => equals(driver?.description?.sex, s => (s.kind === 'person' ? s.sex ?? '' : ''))),
      ], []);
    case 'name':
      return complete(section, [surname(driver?.name?.surname), ...optional(1, given(driver?.name?.given, true))], [driver?.name?.given, driver?.key]);
    case 'plate':
      return complete(section, [equals(vehicle?.plate, s => (s.kind === 'plate' ? s.plate : '')), ...optional(1, plateType)], []);
    case 'vin':
      return complete(section, [equals(vehicle?.vin, s => (s.kind === 'vin' ? s.vin : ''))], []);
    case 'owner': {
      const owner = vehicle?.registeredOwner?.name;
      return complete(section, [surname(owner?.surname), ...optional(1, given(owner?.given, true))], [owner?.given, vehicle?.plate]);
    }
    case 'partialPlate':
      return complete(section, [like(vehicle?.plate, s => (s.kind === 'partialPlate' ? likePattern(s.pattern) : '')), ...optional(1, plateType)], [vehicle?.plate]);
  }
}

/** The condition of a term; `parameter` makes the next placeholder. */
export function condition(term: Term, parameter: () => RawBuilder<unknown>): RawBuilder<unknown> {
  if (term.how === 'like') return sql`${d(term.column)} like ${parameter()} escape '!'`;
  if (term.count === 1) return sql`${d(term.column)} = ${parameter()}`;
  return sql`${d(term.column)} in (${sql.join(Array.from({ length: term.count }, parameter))})`;
}

/** `*` becomes `%` and `?` becomes `_`; what SQL would take for a pattern is escaped with `!`. */
export function likePattern(pattern: string): string {
  return escaped(pattern).replaceAll('*', '%').replaceAll('?', '_');
}

function statedSex(subject: Extract<Subject, { kind: 'person' }>, mapping: Mapping): boolean {
  return subject.sex !== null && subject.sex !== 'U' && mapping.driver?.description?.sex !== undefined;
}

function complete(section: Section, terms: readonly (Term | null)[], order: readonly (ColumnRef | undefined)[]): Terms | null {
  const list = terms.filter(term => term !== null);
  return list.length < terms.length ? null : { section, list, order: order.filter(ref => ref !== undefined).map(columnOf) };
}

/** Where a column has a table of values, a word may be written in several ways; every word takes the same number of places. */
function equals(column: ColumnRef | undefined, value: (subject: Subject) => string): Term | null {
  if (column === undefined) return null;
  if (typeof column === 'string') return { column, how: 'equals', count: 1, values: subject => [value(subject)] };
  const count = Object.keys(column.values).length + 1;
  return {
    column, how: 'equals', count,
    values(subject) {
      const word = value(subject);
      const written = writtenFor(column, word);
      return Array.from({ length: count }, (_, i) => written[i] ?? written[0] ?? null);
    },
  };
}

function like(column: ColumnRef | undefined, value: (subject: Subject) => string): Term | null {
  return column === undefined ? null : { column, how: 'like', count: 1, values: subject => [value(subject)] };
}

function escaped(text: string): string {
  return text.replaceAll(/[!%_]/g, found => `!${found}`);
}
