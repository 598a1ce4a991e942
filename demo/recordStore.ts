import type { ReservedSql, Sql } from 'postgres';
import type { DemoPicture } from './portraits.ts';
import { copyIn } from './recordStore/copy.ts';
import { createIndexes, createTables, dropTables } from './recordStore/schema.ts';
import { driverRow, historyRows, pictureRow, vehicleRows } from './recordStore/rows.ts';
import { inTransaction } from './recordStore/transaction.ts';
import type { Resident } from './residents/model.ts';

/** Hears how far a load is. `what` is one of `pictures`, `residents`, `indexes`. */
export type Progress = (done: number, total: number, what: 'pictures' | 'residents' | 'indexes') => void;

/** Raised when the form of the tables or of their content changes, so that an older load is made anew. */
const format = 1;
/** Residents held in memory at once, as text: about 4 MB. */
const batchSize = 10_000;
/** `weir` in hexadecimal: two loads into one database wait for each other. */
const lock = 0x77656972;

/** What a database was loaded with, or null where it was not, or not to the end. */
export interface Loaded {
  readonly seed: number;
  readonly residents: number;
}

/** The load that a database holds, if it is whole and of this format. */
export async function loadedRecords(sql: Sql): Promise<Loaded | null> {
  const tables = await sql<{ there: boolean }[]>`select to_regclass('demo_meta') is not null as there`;
  if (tables[0]?.there !== true) return null;
  const rows = await sql<{ seed: number; residents: number; format: number }[]>`select seed::float8 as seed, residents, format from demo_meta`;
  const row = rows[0];
  return row?.format === format ? { seed: row.seed, residents: row.residents } : null;
}

/**
 * Drops what was there and loads pictures and residents with COPY, in one transaction: a load that is interrupted leaves
 * nothing behind. Residents are taken as fast as the database takes them. Indexes are made at the end.
 */
export async function storeRecords(
  sql: Sql,
  wanted: Loaded,
  pictures: () => Promise<readonly DemoPicture[]>,
  people: Iterable<Resident>,
  onProgress: Progress,
): Promise<void> {
  await inTransaction(sql, async (tx) => {
    // It is invented and can be made again: a lost commit costs nothing but the time.
    await tx.unsafe(`set local synchronous_commit = off; set local maintenance_work_mem = '128MB'; select pg_advisory_xact_lock(${lock})`);
    await dropTables(tx);
    await createTables(tx);
    await copyResidents(tx, wanted.residents, people, onProgress);
    await copyIn(tx, 'picture', (await pictures()).map(pictureRow));
    await createIndexes(tx, (done, total) => onProgress(done, total, 'indexes'));
    await tx`insert into demo_meta (seed, residents, format) values (${wanted.seed}, ${wanted.residents}, ${format})`;
  });
}

async function copyResidents(tx: ReservedSql, total: number, people: Iterable<Resident>, onProgress: Progress): Promise<void> {
  let drivers: string[] = [];
  let vehicles: string[] = [];
  let history: string[] = [];
  let done = 0;
  const flush = async (): Promise<void> => {
    await copyIn(tx, 'driver', drivers);
    await copyIn(tx, 'vehicle', vehicles);
    await copyIn(tx, 'history', history);
    done += drivers.length;
    drivers = [];
    vehicles = [];
    history = [];
    onProgress(done, total, 'residents');
  };
  for (const person of people) {
    drivers.push(driverRow(person));
    for (const row of vehicleRows(person)) vehicles.push(row);
    for (const row of historyRows(person)) history.push(row);
    if (drivers.length === batchSize) await flush();
  }
  await flush();
}
