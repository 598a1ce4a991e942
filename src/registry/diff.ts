import type { RegistryContent } from './model.ts';
import { cell, fieldsOf, keyOf, keysOf, lineOf, rowKinds, rowsOf, type Cell, type RowKind, type RowOf } from './rows.ts';

/** One field that is not as it was. */
export interface FieldChange {
  readonly field: string;
  readonly before: Cell;
  readonly after: Cell;
}

export interface RowChange<K extends RowKind> {
  readonly key: string;
  readonly before: RowOf[K];
  readonly after: RowOf[K];
  readonly fields: readonly FieldChange[];
}

export interface KindDiff<K extends RowKind> {
  readonly added: readonly RowOf[K][];
  readonly removed: readonly RowOf[K][];
  readonly changed: readonly RowChange<K>[];
}

/** What makes one registry the other, by kind of row. Rows are in the order of their keys. */
export type RegistryDiff = { readonly [K in RowKind]: KindDiff<K> };

/** What changed from `before` to `after`. Both must be sound: no two rows of one key. */
export function diffContent(before: RegistryContent, after: RegistryContent): RegistryDiff {
  return {
    organisations: diffKind('organisations', before, after),
    offices: diffKind('offices', before, after),
    affiliations: diffKind('affiliations', before, after),
    certifications: diffKind('certifications', before, after),
  };
}

/** `before` with the change applied: hashes as `after` does. */
export function applyDiff(before: RegistryContent, diff: RegistryDiff): RegistryContent {
  return {
    organisations: applyKind('organisations', before, diff),
    offices: applyKind('offices', before, diff),
    affiliations: applyKind('affiliations', before, diff),
    certifications: applyKind('certifications', before, diff),
  };
}

/** How many rows a change touches. */
export function sizeOfDiff(diff: RegistryDiff): number {
  return rowKinds.reduce((sum, kind) => sum + diff[kind].added.length + diff[kind].removed.length + diff[kind].changed.length, 0);
}

function diffKind<K extends RowKind>(kind: K, before: RegistryContent, after: RegistryContent): KindDiff<K> {
  const old = byKey(kind, before);
  const added: RowOf[K][] = [];
  const changed: RowChange<K>[] = [];
  for (const row of rowsOf(after, kind)) {
    const key = keyOf(kind, row);
    const was = old.get(key);
    if (was === undefined) added.push(row);
    else if (lineOf(kind, was) !== lineOf(kind, row)) changed.push({ key, before: was, after: row, fields: fieldChanges(kind, was, row) });
    old.delete(key);
  }
  return {
    added: sorted(added, (row) => keyOf(kind, row)),
    removed: sorted([...old.values()], (row) => keyOf(kind, row)),
    changed: sorted(changed, (change) => change.key),
  };
}

function applyKind<K extends RowKind>(kind: K, before: RegistryContent, diff: RegistryDiff): RowOf[K][] {
  const part: KindDiff<K> = diff[kind];
  const rows = byKey(kind, before);
  for (const row of part.removed) rows.delete(keyOf(kind, row));
  for (const row of part.added) rows.set(keyOf(kind, row), row);
  for (const change of part.changed) rows.set(change.key, change.after);
  return [...rows.values()];
}

function fieldChanges<K extends RowKind>(kind: K, before: RowOf[K], after: RowOf[K]): FieldChange[] {
  const keys: readonly string[] = keysOf[kind];
  return fieldsOf[kind]
    .filter((field) => !keys.includes(field))
    .map((field) => ({ field, before: cell<K>(before, field), after: cell<K>(after, field) }))
    .filter((change) => JSON.stringify(change.before) !== JSON.stringify(change.after));
}

function byKey<K extends RowKind>(kind: K, content: RegistryContent): Map<string, RowOf[K]> {
  return new Map(rowsOf(content, kind).map((row) => [keyOf(kind, row), row]));
}

function sorted<T>(items: T[], by: (item: T) => string): T[] {
  return items.map((item) => ({ item, key: by(item) })).sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ item }) => item);
}
