import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { openEngine } from '../../src/insight/archive/engine.ts';
import { hashContent } from '../../src/registry/hash.ts';
import type { Jurisdiction } from '../../src/vocabulary/index.ts';
import { inventNetwork, leastAgencies } from '../network.ts';
import { writeAnchor } from './anchor.ts';
import { YearError } from './errors.ts';
import { groundOf } from './ground.ts';
import { checkRoom, findYear, gatherPlanted, generator, isWhole, labelOf, roomFor, takePlace } from './place.ts';
import { defaultYear, planYear, type OwnerTotals, type YearOptions, type YearPlan } from './plan.ts';
import { workerFile, writeHere, writeInThreads } from './threads.ts';

export { checkYear, type YearCheck } from './check.ts';
export { YearError, type YearErrorCode } from './errors.ts';
export { gigabytes, labelOf, roomFor } from './place.ts';
export { defaultYear, fullYear, mostScale, ownersIn, planYear, type OwnerTotals, type YearOptions, type YearPlan } from './plan.ts';

export interface WriteYearOptions extends Partial<YearOptions> {
  /** Of the data set; `year`. */
  readonly name?: string;
  /** Those that are written; all 56. */
  readonly owners?: readonly Jurisdiction[];
  /** Takes away what is there under that name. */
  readonly again?: boolean;
  /** At most so many threads; 2. */
  readonly threads?: number;
  /** Told of rows made of all that are to be made. */
  readonly progress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
  /** RFC 3339; now. */
  readonly created?: string;
  readonly engine?: string;
}

export interface YearReport {
  readonly name: string;
  readonly folder: string;
  readonly label: string;
  readonly options: YearOptions;
  /** Queries, of the owners that were asked for. */
  readonly rows: number;
  /** Queries that were written now; the others were there. */
  readonly written: number;
  readonly bytes: number;
  readonly seconds: number;
  readonly planted: number;
  readonly owners: readonly OwnerTotals[];
}

/** Below it threads cost more than they bring: each makes the network for itself. */
const fewRows = 3_000_000;

/**
 * Writes an invented year as a data set into a folder of data sets. The same options give the same rows, whatever the number of threads. What was written before with the same
 * options is left as it is, so that a year that was broken off goes on, and owners can be added.
 * Throws `YearError`, and `ArchiveError` where the archive cannot be written.
 */
export async function writeYear(archive: string, given: WriteYearOptions = {}): Promise<YearReport> {
  const began = Date.now();
  const { name = 'year', again = false, threads = 2, progress = () => undefined, signal } = given;
  const plan = planOf({ ...defaultYear, ...optionsIn(given) });
  const options: YearOptions = { scale: plan.scale, ending: plan.ending, seed: plan.seed, agencies: plan.agencies };
  const chosen = plan.owners.filter(({ owner }) => given.owners === undefined || given.owners.includes(owner));
  if (again || (await findYear(archive, name)) === null) await checkRoom(archive, roomFor(plan, chosen.map(({ owner }) => owner)));
  const folder = await takePlace(archive, name, options, again, { created: given.created ?? new Date(began).toISOString(), engine: given.engine ?? 'weir' });
  const missing: OwnerTotals[] = [];
  for (const one of chosen) if (!(await isWhole(folder, one.owner, one.total))) missing.push(one);
  const rows = missing.reduce((all, { total }) => all + total, 0);
  let done = 0;
  const say = (more: number): void => progress((done += more), rows);
  const owners = [...missing].sort((a, b) => b.total - a.total).map(({ owner }) => owner);
  const file = rows > fewRows && threads > 1 ? workerFile() : null;
  const ground = file === null && owners.length > 0 ? groundOf(plan) : null;
  await anchor(plan, folder, ground?.registry.hash ?? null);
  const writing = { plan, folder, owners, say, signal };
  const written = file !== null ? await writeInThreads(writing, file, threads) : ground === null ? [] : await writeHere(writing, ground);
  return {
    name, folder, label: labelOf(options), options, rows: chosen.reduce((all, { total }) => all + total, 0), written: written.reduce((all, one) => all + one.written, 0),
    bytes: await sizeOf(folder), seconds: (Date.now() - began) / 1000, planted: await gatherPlanted(folder), owners: chosen,
  };
}

/**
 * Sees to it that there is an invented year in a folder of data sets: a thousandth where nothing else is said. One that is there, whatever its size, is left, and so is one that another
 * version of Weir made; one that was broken off is finished. Returns whether anything was written. Throws as `writeYear` does.
 */
export async function ensureDemoYear(archive: string, options: WriteYearOptions = {}): Promise<boolean> {
  const found = await findYear(archive, options.name ?? 'year');
  if (found !== null && found.file.generator !== generator) return false;
  const { scale, ending, seed, agencies } = found?.file ?? { scale: 1000, ...optionsIn(options) };
  const report = await writeYear(archive, { ...options, ...optionsIn({ scale, ending, seed, agencies }), again: false });
  return report.written > 0;
}

function planOf(options: YearOptions): YearPlan {
  try {
    if (!Number.isInteger(options.agencies) || options.agencies < leastAgencies) throw new RangeError(`a network has at least ${leastAgencies} agencies`);
    return planYear(options);
  } catch (error) {
    if (error instanceof RangeError) throw new YearError('YEAR_OPTION', error.message, 'See weir demo year --help.', { cause: error });
    throw error;
  }
}

/** The options that are there. */
function optionsIn({ scale, ending, seed, agencies }: { readonly scale?: number | undefined; readonly ending?: string | undefined; readonly seed?: number | undefined; readonly agencies?: number | undefined }): Partial<YearOptions> {
  return { ...(scale === undefined ? {} : { scale }), ...(ending === undefined ? {} : { ending }), ...(seed === undefined ? {} : { seed }), ...(agencies === undefined ? {} : { agencies }) };
}

async function anchor(plan: YearPlan, folder: string, hash: string | null): Promise<void> {
  const engine = await openEngine({ memoryMb: 128, threads: 1 });
  try {
    await writeAnchor(plan, folder, engine, hash ?? hashContent(inventNetwork({ seed: plan.seed, agencies: plan.agencies })));
  } finally {
    await engine.close();
  }
}

async function sizeOf(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) if (entry.isFile()) bytes += (await stat(join(entry.parentPath, entry.name))).size;
  return bytes;
}
