import type { Affiliation, CertificationRow, Office, Organisation, RegistryContent } from './model.ts';

/** The kinds of rows of a registry, in the order in which one can name another. */
export const rowKinds = ['organisations', 'offices', 'affiliations', 'certifications'] as const;
export type RowKind = (typeof rowKinds)[number];
export interface RowOf {
  readonly organisations: Organisation;
  readonly offices: Office;
  readonly affiliations: Affiliation;
  readonly certifications: CertificationRow;
}

/** What a field of a row may hold. */
export type Cell = string | boolean | null | readonly string[];

/** The fields of each kind in canonical order: the hash and the store write rows so. Never reorder: it changes every hash. */
export const fieldsOf: { readonly [K in RowKind]: readonly (keyof RowOf[K] & string)[] } = {
  organisations: ['id', 'name', 'parent', 'level', 'department', 'component', 'homeState', 'missions', 'criminalJustice', 'audit', 'invented'],
  offices: ['ori', 'organisation', 'name', 'state', 'county', 'type', 'active'],
  affiliations: ['kind', 'from', 'to', 'detail', 'since', 'until', 'provenance', 'grade', 'confirmed'],
  certifications: ['organisation', 'certification', 'owner', 'since', 'until'],
};

/** The fields by which a row is the same row in two versions. One agreement that was renewed is two rows. */
export const keysOf: { readonly [K in RowKind]: readonly (keyof RowOf[K] & string)[] } = {
  organisations: ['id'],
  offices: ['ori'],
  affiliations: ['kind', 'from', 'to', 'detail', 'since'],
  certifications: ['organisation', 'certification', 'owner', 'since'],
};

export const emptyContent: RegistryContent = { organisations: [], offices: [], affiliations: [], certifications: [] };

/** The rows of one kind, whatever the kind. */
export function rowsOf<K extends RowKind>(content: RegistryContent, kind: K): readonly RowOf[K][] {
  return content[kind] as readonly RowOf[K][];
}

/** One field of a row, with a list of missions sorted and without repeats: it is a set. */
export function cell<K extends RowKind>(row: RowOf[K], field: keyof RowOf[K]): Cell {
  const value = row[field] as Cell;
  return isList(value) && value.length > 1 ? [...new Set(value)].sort() : value;
}

/** A row as one line of text, equal for equal rows and for no others. */
export function lineOf<K extends RowKind>(kind: K, row: RowOf[K]): string {
  return JSON.stringify(fieldsOf[kind].map((field) => cell<K>(row, field)));
}

/** The key of a row as text. */
export function keyOf<K extends RowKind>(kind: K, row: RowOf[K]): string {
  const fields = keysOf[kind];
  return fields.length === 1 ? String(row[fields[0] as keyof RowOf[K]]) : JSON.stringify(fields.map((field) => cell<K>(row, field)));
}

export function isList(value: Cell): value is readonly string[] {
  return Array.isArray(value);
}
