import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createDataset, datasetName, readDataset } from '../archive/dataset.ts';
import { ArchiveError, type Dataset } from '../archive/types.ts';
import { openWriter, type WriterOptions } from '../archive/writer.ts';
import { ImportError } from './errors.ts';
import { ImportSession, lacksOf, type ImportParts } from './session.ts';
import { readState, stateFolder, type ImportState } from './state.ts';

export interface OpenImport extends Omit<ImportParts, 'folder' | 'writer'> {
  /** The folder of data sets. */
  readonly archive: string;
  /** The name of the data set. */
  readonly name: string;
  readonly engine: string;
  readonly writerOptions?: WriterOptions;
}

/**
 * Opens a data set for an import, gives `work` the session, and closes it. The data set is made where there is none; its label says in the end from which files
 * it is. Throws `IMPORT_DATASET` where there is one of that name that is not imported, `ARCHIVE_LOCKED` while another import writes it.
 */
export async function withImport<T>(parts: OpenImport, work: (session: ImportSession) => Promise<T>): Promise<T> {
  const { archive, name, owner, mapping } = parts;
  if (!datasetName.test(name) || name === 'ledger') throw new ImportError('IMPORT_DATASET', `\`${name.slice(0, 70)}\` is no name for an imported data set: give small letters, digits and hyphens, and not \`ledger\``);
  const there = await datasetOf(join(archive, name));
  if (there !== null && there.kind !== 'imported') throw new ImportError('IMPORT_DATASET', `the data set ${name} is there and is not an imported one: give another name`);
  const lacks = lacksOf(mapping);
  if (there !== null && there.lacks.join() !== lacks.join()) throw new ImportError('IMPORT_DATASET', `the data set ${name} lacks other things than this mapping leaves out (${there.lacks.join(', ')}; the mapping: ${lacks.join(', ')}): give another name`);
  const created = there?.created ?? new Date(parts.now()).toISOString();
  const describe = (label: string): Promise<string> => createDataset(archive, { weirArchive: 1, name, kind: 'imported', label, lacks, created, engine: parts.engine });
  const folder = await describe(there?.label ?? labelOf(parts, []));
  const writer = await openWriter({ folder }, owner, { monthly: true, ...parts.writerOptions });
  try {
    const session = await ImportSession.open({ ...parts, folder, writer });
    try {
      return await work(session);
    } finally {
      await describe(labelOf(parts, session.state.sources.filter(({ tally }) => tally.read > 0)));
    }
  } finally {
    await writer.close();
  }
}

/** What was imported, by owner; null for a data set that is not imported. */
export async function importsOf(folder: string, owners: readonly string[]): Promise<readonly ImportState[] | null> {
  const dataset = await datasetOf(folder);
  if (dataset?.kind !== 'imported') return null;
  const states = await Promise.all(owners.map((owner) => readState(stateFolder(folder, owner))));
  return states.filter((state) => state !== null);
}

/** Removes an imported data set. Throws `IMPORT_DATASET` for any other, `ARCHIVE_LOCKED` while it is written. */
export async function forgetImport(archive: string, name: string, owners: readonly string[]): Promise<void> {
  const folder = join(archive, name);
  const dataset = datasetName.test(name) ? await datasetOf(folder) : null;
  if (dataset === null) throw new ImportError('IMPORT_DATASET', `there is no data set \`${name.slice(0, 70)}\``);
  if (dataset.kind !== 'imported') throw new ImportError('IMPORT_DATASET', `the data set ${name} is not imported, and is not removed`);
  // Whoever writes it holds a lock; readers go on with the files that they have open.
  for (const owner of owners) await (await openWriter({ folder }, owner)).close();
  await rm(folder, { recursive: true, force: true });
}

async function datasetOf(folder: string): Promise<Dataset | null> {
  try {
    return await readDataset(folder);
  } catch (error) {
    if (error instanceof ArchiveError && error.code === 'ARCHIVE_UNKNOWN') return null;
    throw error;
  }
}

function labelOf({ owner, by, mapping }: OpenImport, sources: ImportState['sources']): string {
  const [first] = sources;
  const about = mapping.about === undefined ? `Log of another system about requests to ${owner}` : mapping.about.replace(/\.$/, '');
  const from = first === undefined ? '' : sources.length === 1 ? ` from ${first.file}${first.sha256 === null ? ', which is followed' : ` (SHA-256 ${first.sha256.slice(0, 16)}…)`}` : ` from ${sources.length} files, the first ${first.file}`;
  return `${about}; imported${from} by ${by}, not recorded by Weir.`;
}
