import type { FieldChange, KindDiff, RegistryDiff } from './diff.ts';
import type { Affiliation, CertificationRow, Office, Organisation } from './model.ts';
import { isList, rowKinds, type Cell, type RowKind, type RowOf } from './rows.ts';

const nouns: Readonly<Record<RowKind, readonly [one: string, many: string]>> = {
  organisations: ['organisation', 'organisations'],
  offices: ['office', 'offices'],
  affiliations: ['affiliation', 'affiliations'],
  certifications: ['certification', 'certifications'],
};

/** A change in words: one line of counts for each kind that changed, then up to `limit` rows of each list, then how many more. */
export function diffWords(diff: RegistryDiff, limit = 20): string {
  const lines = rowKinds.flatMap((kind) => kindWords(kind, diff[kind] as unknown as KindDiff<RowKind>, limit));
  return lines.length === 0 ? 'nothing changed' : lines.join('\n');
}

/** One row in words, without its key fields' names. */
export function rowWords(kind: RowKind, row: RowOf[RowKind]): string {
  if (kind === 'organisations') return organisationWords(row as Organisation);
  if (kind === 'offices') return officeWords(row as Office);
  return kind === 'affiliations' ? affiliationWords(row as Affiliation) : certificationWords(row as CertificationRow);
}

function kindWords(kind: RowKind, diff: KindDiff<RowKind>, limit: number): string[] {
  const counts = [
    ...(diff.added.length > 0 ? [`${diff.added.length} added`] : []),
    ...(diff.removed.length > 0 ? [`${diff.removed.length} removed`] : []),
    ...(diff.changed.length > 0 ? [`${diff.changed.length} changed`] : []),
  ];
  if (counts.length === 0) return [];
  const total = diff.added.length + diff.removed.length + diff.changed.length;
  return [
    `${nouns[kind][total === 1 ? 0 : 1]}: ${counts.join(', ')}`,
    ...first(diff.added, limit, (row) => `  + ${rowWords(kind, row)}`),
    ...first(diff.removed, limit, (row) => `  - ${rowWords(kind, row)}`),
    ...first(diff.changed, limit, (change) => `  ~ ${rowWords(kind, change.after)}\n${change.fields.map(fieldWords).join('\n')}`),
  ];
}

function first<T>(items: readonly T[], limit: number, words: (item: T) => string): string[] {
  const shown = items.slice(0, limit).map(words);
  return items.length > limit ? [...shown, `    and ${items.length - limit} more`] : shown;
}

function fieldWords(change: FieldChange): string {
  return `      ${change.field}: ${cellWords(change.before)} -> ${cellWords(change.after)}`;
}

function cellWords(value: Cell): string {
  if (value === null) return '(none)';
  return isList(value) ? value.join(', ') : String(value);
}

const organisationWords = (row: Organisation): string => `${row.id}  ${row.name}${row.invented ? ' (invented)' : ''}`;

const officeWords = (row: Office): string => `${row.ori}  ${row.name}, of ${row.organisation}`;

const affiliationWords = (row: Affiliation): string =>
  `${row.kind}${row.detail === null ? '' : ` ${row.detail}`}  ${row.from} -> ${row.to}  ${row.since} to ${row.until ?? 'open'}${row.confirmed ? '' : '  (to be confirmed)'}`;

const certificationWords = (row: CertificationRow): string =>
  `${row.certification}  ${row.organisation} to ${row.owner === '*' ? 'all owners' : row.owner}  ${row.since} to ${row.until}`;
