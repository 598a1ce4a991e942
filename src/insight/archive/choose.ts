import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { periodText } from '../period.ts';
import { datasetName, ownerFolder, ownersOf, readDataset } from './dataset.ts';
import { newestOf, readManifest } from './manifest.ts';
import { ArchiveError, type Dataset, type Period } from './types.ts';

/** A data set, and where it lies. */
export interface Chosen {
  readonly folder: string;
  readonly dataset: Dataset;
}

/** The data sets of an archive, by name. What is no data set is passed over. */
export async function listDatasets(archive: string): Promise<readonly Chosen[]> {
  const names = await readdir(archive).catch(() => []);
  const found: Chosen[] = [];
  for (const name of names.filter((one) => datasetName.test(one)).sort()) {
    const folder = join(archive, name);
    const dataset = await readDataset(folder).catch((error: unknown) => {
      if (error instanceof ArchiveError && error.code === 'ARCHIVE_UNKNOWN') return null;
      throw error;
    });
    if (dataset !== null) found.push({ folder, dataset });
  }
  return found;
}

/**
 * The data set that was asked for; where none was, an invented one if there is one (there are none but in demonstrations), else the projection of the
 * ledger, else the only one. Throws `ARCHIVE_UNKNOWN` with the list where that leaves no choice or more than one.
 */
export async function chooseDataset(archive: string, asked: string | undefined): Promise<Chosen> {
  const all = await listDatasets(archive);
  const list = all.map(({ dataset }) => dataset.name).join(', ');
  if (asked !== undefined) {
    const found = all.find(({ dataset }) => dataset.name === asked);
    if (found === undefined) throw new ArchiveError('ARCHIVE_UNKNOWN', all.length === 0 ? `there is no data set \`${asked}\`: the archive in ${archive} is empty` : `there is no data set \`${asked}\`; there are: ${list}`);
    return found;
  }
  const found = all.find(({ dataset }) => dataset.kind === 'invented') ?? all.find(({ dataset }) => dataset.kind === 'ledger') ?? (all.length === 1 ? all[0] : undefined);
  if (found === undefined) throw new ArchiveError('ARCHIVE_UNKNOWN', all.length === 0 ? `the archive in ${archive} is empty` : `say which data set with --log; there are: ${list}`);
  return found;
}

/** The 12 whole months that end with the one of the newest entry of these owners, or of all. Throws `ARCHIVE_UNKNOWN` where there is no entry. */
export async function defaultPeriod(folder: string, owners: readonly string[] | 'all' = 'all'): Promise<Period> {
  let newest: number | null = null;
  for (const owner of owners === 'all' ? await ownersOf(folder) : owners) {
    const manifest = await readManifest(ownerFolder(folder, owner), owner);
    const own = manifest === null ? null : newestOf(manifest);
    if (own !== null) newest = Math.max(newest ?? own, own);
  }
  if (newest === null) throw new ArchiveError('ARCHIVE_UNKNOWN', `the data set in ${folder} has no entry${owners === 'all' ? '' : ` of ${owners.join(', ')}`} yet`);
  return yearTo(newest);
}

/** The 12 whole months of UTC that end with the month of a moment. */
export function yearTo(moment: number): Period {
  const date = new Date(moment);
  const from = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - 11, 1);
  const to = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
  return { from, to, text: periodText({ from, to }) };
}
