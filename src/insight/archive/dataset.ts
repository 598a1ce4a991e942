import { mkdir, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { diskFs, replaceFile } from '../../ledger/files.ts';
import { ArchiveError, type Dataset, type DatasetKind } from './types.ts';

/** The name of a data set: that of its folder. */
export const datasetName = /^[a-z0-9][a-z0-9-]{0,62}$/;

/**
 * Makes the folder of a data set, and what it is; returns the folder. One that is there is kept where it says the same but for when it was made and by what.
 * `place` is the name of the folder where it is another than the data set's.
 */
export async function createDataset(archive: string, dataset: Dataset, place: string = dataset.name): Promise<string> {
  if (!datasetName.test(dataset.name)) throw new ArchiveError('ARCHIVE_QUESTION', `\`${dataset.name}\` is no name of a data set: give small letters, digits and hyphens, at most 63`);
  const folder = join(archive, place);
  const there = await readDataset(folder).catch((error: unknown) => {
    if (error instanceof ArchiveError && error.code === 'ARCHIVE_UNKNOWN') return null;
    throw error;
  });
  if (there !== null && there.kind !== dataset.kind) throw new ArchiveError('ARCHIVE_QUESTION', `there is a data set \`${dataset.name}\` already, of another kind: ${there.label}`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (there === null || there.label !== dataset.label || there.lacks.join() !== dataset.lacks.join()) await replaceFile(diskFs, folder, 'dataset.json', Buffer.from(`${JSON.stringify(dataset, null, 2)}\n`));
  return folder;
}

/** What a data set is. Throws `ARCHIVE_UNKNOWN` where the folder has none, `ARCHIVE_DAMAGED` where it cannot be read. */
export async function readDataset(folder: string): Promise<Dataset> {
  const path = join(folder, 'dataset.json');
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new ArchiveError('ARCHIVE_UNKNOWN', `there is no data set in ${folder}`, { cause });
  }
  try {
    const found = JSON.parse(text) as Partial<Dataset> | null;
    if (found?.weirArchive === 1 && typeof found.name === 'string' && typeof found.label === 'string' && isKind(found.kind) && Array.isArray(found.lacks)) return found as Dataset;
  } catch {
    // Said below.
  }
  throw new ArchiveError('ARCHIVE_DAMAGED', `${path} is no description of a data set, or one of a newer Weir`);
}

/** The owners that a data set has something of, in alphabetical order. */
export async function ownersOf(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.map((name) => /^owner=([A-Z0-9]{2})$/.exec(name)?.[1]).filter((owner) => owner !== undefined).sort();
}

export function ownerFolder(folder: string, owner: string): string {
  return join(folder, `owner=${owner}`);
}

function isKind(kind: unknown): kind is DatasetKind {
  return kind === 'ledger' || kind === 'invented' || kind === 'imported';
}
