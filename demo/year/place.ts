import { mkdir, readFile, rename, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createDataset, datasetName, ownersOf, ownerFolder, readDataset } from '../../src/insight/archive/dataset.ts';
import { readManifest } from '../../src/insight/archive/manifest.ts';
import { ArchiveError, type Dataset } from '../../src/insight/archive/types.ts';
import type { PlantedCase } from '../../src/insight/leads/types.ts';
import { YearError } from './errors.ts';
import type { YearOptions, YearPlan } from './plan.ts';

/** `year.json` in the folder of the data set: what makes it. `generator` changes with the program wherever the same options would give other rows. */
export interface YearFile extends YearOptions {
  readonly weirYear: 1;
  readonly generator: number;
}

/** 2: held requests have verdicts. */
export const generator = 2;

/** Measured: a row with its share of rollups and dictionaries; less where few rows share a file. */
const bytesPerRow = 31;
const bytesPerOwner = 400_000;

/** How much room the rows of some owners take, about. */
export function roomFor(plan: YearPlan, owners: readonly string[]): number {
  return plan.owners.filter(({ owner }) => owners.includes(owner)).reduce((all, { total }) => all + total * bytesPerRow + bytesPerOwner, 0);
}

/** One sentence for people: what this is, and that none of it happened. */
export function labelOf({ scale, ending }: YearOptions): string {
  const size = scale === 1 ? 'at full size' : `at 1/${scale.toLocaleString('en-US')} of the real volume`;
  return `Invented: a made-up year of queries to ${ending} on the invented network of the demonstration, ${size}; nobody in it exists and no query was made`;
}

/** The folder of an invented year, or null where there is none of that name. Throws `YEAR_NAME` where the name is that of something else, `YEAR_OPTION` where it is no name. */
export async function findYear(archive: string, name: string): Promise<{ readonly folder: string; readonly file: YearFile } | null> {
  if (!datasetName.test(name)) throw new YearError('YEAR_OPTION', `\`${name.slice(0, 60)}\` is no name of a data set`, 'Give small letters, digits and hyphens, at most 63.');
  const folder = join(archive, name);
  const dataset = await readDataset(folder).catch((error: unknown) => {
    if (error instanceof ArchiveError && error.code === 'ARCHIVE_UNKNOWN') return null;
    throw error;
  });
  if (dataset === null) return null;
  const file = await readYearFile(folder);
  if (dataset.kind !== 'invented' || file === null) throw new YearError('YEAR_NAME', `the data set \`${name}\` is no invented year: ${dataset.label}`, 'Give the year another name with --name.');
  return { folder, file };
}

/** The folder in which a year is written: a new one, or one that was begun with the same options. `again` takes away what is there. */
export async function takePlace(archive: string, name: string, options: YearOptions, again: boolean, dataset: Pick<Dataset, 'created' | 'engine'>): Promise<string> {
  const found = await findYear(archive, name);
  const file: YearFile = { weirYear: 1, generator, scale: options.scale, ending: options.ending, seed: options.seed, agencies: options.agencies };
  if (found !== null && again) await rm(found.folder, { recursive: true, force: true });
  else if (found !== null && JSON.stringify(found.file) !== JSON.stringify(file)) {
    const { scale, ending, seed, agencies } = found.file;
    if (found.file.generator !== generator) throw new YearError('YEAR_OTHER', `the data set \`${name}\` was made by another version of Weir, whose years have other rows`, 'Give --again to replace it, or another name with --name.');
    throw new YearError('YEAR_OTHER', `the data set \`${name}\` is a year with --scale ${scale} --ending ${ending} --seed ${seed} --agencies ${agencies}`, 'Give the same options to go on with it, --again to replace it, or another name with --name.');
  }
  await mkdir(archive, { recursive: true, mode: 0o700 });
  const folder = await createDataset(archive, { weirArchive: 1, name, kind: 'invented', label: labelOf(options), lacks: [], ...dataset });
  await putFile(folder, 'year.json', file);
  return folder;
}

/** Whether all rows of an owner are sealed. */
export async function isWhole(folder: string, owner: string, total: number): Promise<boolean> {
  const manifest = await readManifest(ownerFolder(folder, owner), owner);
  return manifest !== null && manifest.next >= total && (total === 0 || manifest.years.length > 0);
}

/** Throws `YEAR_SPACE` where the disk has less room than `bytes`. */
export async function checkRoom(archive: string, bytes: number): Promise<void> {
  await mkdir(archive, { recursive: true, mode: 0o700 });
  const { bavail, bsize } = await statfs(archive);
  if (bavail * bsize < bytes * 1.1) {
    throw new YearError('YEAR_SPACE', `the year takes about ${gigabytes(bytes)}, and the disk of ${archive} has ${gigabytes(bavail * bsize)} left`, 'Make room, write fewer owners with --owners, or a part of the year with --scale.');
  }
}

export function gigabytes(bytes: number): string {
  return bytes < 1e9 ? `${Math.max(1, Math.round(bytes / 1e6))} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}

/** Puts the planted cases of all owners that are there into one list, for whoever measures detectors. */
export async function gatherPlanted(folder: string): Promise<number> {
  const cases: PlantedCase[] = [];
  for (const owner of await ownersOf(folder)) {
    const text = await readFile(join(ownerFolder(folder, owner), 'planted.json'), 'utf8').catch(() => '[]');
    cases.push(...(JSON.parse(text) as PlantedCase[]));
  }
  await putFile(folder, 'planted.json', cases);
  return cases.length;
}

async function readYearFile(folder: string): Promise<YearFile | null> {
  try {
    const found = JSON.parse(await readFile(join(folder, 'year.json'), 'utf8')) as Partial<YearFile> | null;
    return found?.weirYear === 1 && typeof found.scale === 'number' ? (found as YearFile) : null;
  } catch {
    return null;
  }
}

async function putFile(folder: string, name: string, value: unknown): Promise<void> {
  const making = join(folder, `.${name}.${process.pid}`);
  await writeFile(making, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  await rename(making, join(folder, name));
}
