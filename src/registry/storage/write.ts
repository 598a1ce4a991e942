import type { Sql, TransactionSql } from 'postgres';
import { checkContent } from '../check.ts';
import { diffContent, type KindDiff, type RegistryDiff } from '../diff.ts';
import { RegistryError } from '../errors.ts';
import { hashContent } from '../hash.ts';
import type { RegistryContent } from '../model.ts';
import { keyOf, rowKinds, type RowKind, type RowOf } from '../rows.ts';
import { latestVersion, readStored, type StoredRow } from './read.ts';
import { columnNames, recordOf, tables } from './tables.ts';

/** The channel on which a new version is told, with its number. */
export const registryChannel = 'weir_registry';

/** What a change of the registry came to. `changed` is false where the rows are as they were: then there is no new version. */
export interface Stored {
  readonly version: number;
  readonly hash: string;
  readonly changed: boolean;
  readonly diff: RegistryDiff;
}

export type StoredRows = { readonly [K in RowKind]: readonly StoredRow<K>[] };

/** Makes `content` the newest version. Throws `badContent` with every fault; nothing is kept then. */
export async function importContent(sql: Sql, content: RegistryContent, note: string): Promise<Stored> {
  return changeContent(sql, note, () => content);
}

/**
 * Makes a new version out of the newest, in one transaction under a lock, so that two changes never lose one another.
 * `change` must be pure: what it throws undoes everything. Rows that stay as they are are not written again.
 */
export async function changeContent(sql: Sql, note: string, change: (current: RegistryContent) => RegistryContent): Promise<Stored> {
  const result = await sql.begin((tx) => changeContentIn(tx, note, change));
  // A fresh import fills whole tables: without statistics the next read plans badly.
  if (result.changed) await sql.unsafe(rowKinds.map((kind) => `analyze ${tables[kind].name}`).join('; ')).catch(() => undefined);
  return result;
}

/** The same in the transaction of a caller, so that what the change follows from is kept with it or not at all. The lock is held to its end. */
export async function changeContentIn(tx: TransactionSql, note: string, change: (current: RegistryContent) => RegistryContent): Promise<Stored> {
  await tx`select pg_advisory_xact_lock(${lockClass}, ${lockNumber})`;
  const latest = await latestVersion(tx);
  const rows = await readRows(tx, latest?.version ?? 0);
  const current = contentOf(rows);
  const next = change(current);
  const faults = checkContent(next);
  if (faults.length > 0) {
    const first = faults[0];
    throw new RegistryError('badContent', `${faults.length} rows cannot be in a registry; the first: ${String(first?.kind)} ${String(first?.key)}, ${String(first?.code)} at ${String(first?.at)}`, faults);
  }
  const diff = diffContent(current, next);
  const hash = hashContent(next);
  if (hash === (latest?.hash ?? hashContent(current))) return { version: latest?.version ?? 0, hash, changed: false, diff };
  const version = (latest?.version ?? 0) + 1;
  await tx`insert into registry_version ${tx({
    version, hash, parent: latest?.version ?? null, note,
    organisations: next.organisations.length, offices: next.offices.length, affiliations: next.affiliations.length, certifications: next.certifications.length,
  })}`;
  for (const kind of rowKinds) await writeKind(tx, kind, diff, rows, version);
  await tx`select pg_notify(${registryChannel}, ${String(version)})`;
  return { version, hash, changed: true, diff };
}

/** Two numbers of the advisory lock that one change at a time holds: "we" and "re". */
const lockClass = 0x7765;
const lockNumber = 0x7265;

async function readRows(tx: TransactionSql, version: number): Promise<StoredRows> {
  return {
    organisations: await readStored(tx, 'organisations', version),
    offices: await readStored(tx, 'offices', version),
    affiliations: await readStored(tx, 'affiliations', version),
    certifications: await readStored(tx, 'certifications', version),
  };
}

function contentOf(rows: StoredRows): RegistryContent {
  return {
    organisations: rows.organisations.map(({ row }) => row),
    offices: rows.offices.map(({ row }) => row),
    affiliations: rows.affiliations.map(({ row }) => row),
    certifications: rows.certifications.map(({ row }) => row),
  };
}

/** Closes what was removed or changed, then adds what is new or changed. */
async function writeKind<K extends RowKind>(tx: TransactionSql, kind: K, diff: RegistryDiff, rows: StoredRows, version: number): Promise<void> {
  const part = diff[kind] as unknown as KindDiff<K>;
  const closing = new Set([...part.removed.map((row) => keyOf(kind, row)), ...part.changed.map((change) => change.key)]);
  if (closing.size > 0) {
    const stored = rows[kind] as unknown as readonly StoredRow<K>[];
    const numbers = stored.filter(({ row }) => closing.has(keyOf(kind, row))).map(({ number }) => number);
    await tx.unsafe(`update ${tables[kind].name} set to_version = $1 where row = any($2::text[]::bigint[])`, [version, numbers]);
  }
  const adding = [...part.added, ...part.changed.map((change) => change.after)];
  for (let start = 0; start < adding.length; start += rowsAtOnce) await insert(tx, kind, adding.slice(start, start + rowsAtOnce), version);
}

/** Keeps one statement to a few megabytes. */
const rowsAtOnce = 10_000;

async function insert<K extends RowKind>(tx: TransactionSql, kind: K, rows: readonly RowOf[K][], version: number): Promise<void> {
  const types = tables[kind].columns.map(([name, type]) => `${name} ${type}`).join(', ');
  await tx.unsafe(
    `insert into ${tables[kind].name} (from_version, ${columnNames(kind)}) select $1, ${columnNames(kind)} from json_to_recordset($2::text::json) as given (${types})`,
    [version, JSON.stringify(rows.map((row) => recordOf(kind, row)))],
  );
}
