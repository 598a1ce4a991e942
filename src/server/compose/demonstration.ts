import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { defaultAgencies, defaultResidents, defaultSeed } from '../../../demo/landmarks.ts';
import { loadRecords } from '../../../demo/load.ts';
import { inventNetwork } from '../../../demo/network.ts';
import { demoPolicies } from '../../../demo/policies/index.ts';
import { demoSourceMapping } from '../../../demo/sourceMapping.ts';
import { importContent } from '../../registry/index.ts';
import { connect, type Sql, type Store } from '../../store/index.ts';
import { activatePolicy } from '../../store/policies.ts';

/** What an invented network is made of. The same numbers make the same network, byte for byte. */
export interface DemonstrationSize {
  readonly seed: number;
  readonly agencies: number;
  readonly residents: number;
}

export const defaultSize: DemonstrationSize = { seed: defaultSeed, agencies: defaultAgencies, residents: defaultResidents };

/** How far the invention is: `part` names what is being made. */
export type Progress = (part: string, done: number, total: number) => void;

/** Where the invented records go in an external PostgreSQL that has no database of its own for them. */
export const recordsSchema = 'weir_demonstration';

/** The connection that the demonstration's source mapping names. */
export const recordsConnection = 'demonstration';

interface Kept extends DemonstrationSize {
  readonly complete: boolean;
}

/** The size of the network that the database holds, or null where none was finished. */
export async function standingDemonstration(sql: Sql): Promise<DemonstrationSize | null> {
  const kept = await read(sql);
  return kept?.complete === true ? kept : null;
}

/** True where the database was ever begun to be filled with invented data. */
export async function isDemonstration(sql: Sql): Promise<boolean> {
  return (await read(sql)) !== null;
}

/**
 * Invents the network into an empty store. What was cut off on an earlier start is begun again.
 * The records go into a database of their own, as an owner's records would.
 */
export async function inventDemonstration(store: Store, recordsUrl: string, size: DemonstrationSize, progress: Progress): Promise<void> {
  await keep(store.sql, { ...size, complete: false });
  if (store.recordsUrl === null) await store.sql`create schema if not exists ${store.sql(recordsSchema)}`;
  const records = connect(recordsUrl, { max: 4 });
  try {
    const loading = loadRecords(records, {
      seed: size.seed, residents: size.residents, onProgress: (done: number, total: number, what: string) => progress(what, done, total),
    });
    await Promise.all([loading, networkAndPolicies(store.sql, size, progress)]);
  } finally {
    await records.end({ timeout: 5 });
  }
  await writeMapping(store.paths.sources);
  await keep(store.sql, { ...size, complete: true });
}

async function networkAndPolicies(sql: Sql, size: DemonstrationSize, progress: Progress): Promise<void> {
  const content = inventNetwork({ seed: size.seed, agencies: size.agencies });
  progress('agencies', 0, content.offices.length);
  await importContent(sql, content, `invented network, seed ${size.seed}`);
  progress('agencies', content.offices.length, content.offices.length);
  const policies = demoPolicies();
  for (const [index, { text }] of policies.entries()) {
    await activatePolicy(sql, text, { author: 'demonstration', at: new Date() });
    progress('policies', index + 1, policies.length);
  }
}

/** Written again on every start, so that a newer program brings its newer mapping. */
export async function writeMapping(folder: string): Promise<void> {
  await writeFile(join(folder, 'demonstration.yaml'), demoSourceMapping(recordsConnection), { mode: 0o600 });
}

async function read(sql: Sql): Promise<Kept | null> {
  const [row] = await sql<{ value: Kept }[]>`select value from setting where name = 'demonstration'`;
  return row?.value ?? null;
}

async function keep(sql: Sql, value: Kept): Promise<void> {
  await sql`insert into setting (name, value) values ('demonstration', ${sql.json({ ...value })})
    on conflict (name) do update set value = excluded.value, changed_at = now()`;
}
