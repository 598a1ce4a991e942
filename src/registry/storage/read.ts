import type { Sql, TransactionSql } from 'postgres';
import { RegistryError } from '../errors.ts';
import type { RegistryContent } from '../model.ts';
import { emptyContent, type Cell, type RowKind, type RowOf } from '../rows.ts';
import { rowsOfColumns, tables } from './tables.ts';

/** One version of the registry, as the list of versions shows it. */
export interface VersionRow {
  readonly version: number;
  readonly hash: string;
  readonly parent: number | null;
  readonly note: string;
  readonly createdAt: Date;
  readonly counts: Readonly<Record<RowKind, number>>;
}

/** A row with its number in the table. */
export interface StoredRow<K extends RowKind> {
  readonly number: string;
  readonly row: RowOf[K];
}

type Connection = Sql | TransactionSql;

/** All versions, newest first. */
export async function listVersions(sql: Connection): Promise<readonly VersionRow[]> {
  const rows = await sql<VersionRecord[]>`select * from registry_version order by version desc`;
  return rows.map(versionOf);
}

/** The newest version, or null where nothing was ever imported. */
export async function latestVersion(sql: Connection): Promise<VersionRow | null> {
  const rows = await sql<VersionRecord[]>`select * from registry_version order by version desc limit 1`;
  return rows[0] === undefined ? null : versionOf(rows[0]);
}

/**
 * The rows of one version: the newest where none is named, and no rows at all where there is no version yet.
 * Throws `noVersion`. A version never changes, so no transaction is needed around the four reads.
 */
export async function readContent(sql: Connection, version?: number): Promise<RegistryContent> {
  const known = version === undefined ? await latestVersion(sql) : await versionNumbered(sql, version);
  if (known === null) return emptyContent;
  const [organisations, offices, affiliations, certifications] = await Promise.all([
    readKind(sql, 'organisations', known.version),
    readKind(sql, 'offices', known.version),
    readKind(sql, 'affiliations', known.version),
    readKind(sql, 'certifications', known.version),
  ]);
  return { organisations, offices, affiliations, certifications };
}

/** The rows of one kind in one version, with their numbers in the table. */
export async function readStored<K extends RowKind>(sql: Connection, kind: K, version: number): Promise<StoredRow<K>[]> {
  const [numbers, ...columns] = await readColumns(sql, kind, version, ['row::text']);
  return rowsOfColumns(kind, columns).map((row, place) => ({ number: numbers?.[place] as string, row }));
}

async function readKind<K extends RowKind>(sql: Connection, kind: K, version: number): Promise<RowOf[K][]> {
  return rowsOfColumns(kind, await readColumns(sql, kind, version, []));
}

/**
 * One JSON list for each column, all in the order of one scan: three times as fast as rows one by one.
 * COPY would be as fast, but the driver can lose its connection when it reads a long COPY (postgres 3.4: a paused socket is not resumed).
 */
async function readColumns(sql: Connection, kind: RowKind, version: number, before: readonly string[]): Promise<(readonly Cell[])[]> {
  const lists = [...before, ...tables[kind].columns.map(([name]) => name)].map((name) => `json_agg(${name})::text`);
  const [row] = await sql.unsafe(`select ${lists.join(', ')} from ${tables[kind].name} where from_version <= $1 and (to_version is null or to_version > $1)`, [version]).values();
  return ((row ?? []) as (string | null)[]).map((text) => (text === null ? [] : JSON.parse(text) as Cell[]));
}

async function versionNumbered(sql: Connection, version: number): Promise<VersionRow> {
  const rows = Number.isSafeInteger(version) && version > 0 && version < 2 ** 31
    ? await sql<VersionRecord[]>`select * from registry_version where version = ${version}`
    : [];
  if (rows[0] === undefined) throw new RegistryError('noVersion', `there is no version ${version} of the registry`);
  return versionOf(rows[0]);
}

interface VersionRecord extends Record<RowKind, number> {
  readonly version: number;
  readonly hash: string;
  readonly parent: number | null;
  readonly note: string;
  readonly created_at: Date;
}

function versionOf(record: VersionRecord): VersionRow {
  const { version, hash, parent, note, organisations, offices, affiliations, certifications } = record;
  return { version, hash, parent, note, createdAt: record.created_at, counts: { organisations, offices, affiliations, certifications } };
}
