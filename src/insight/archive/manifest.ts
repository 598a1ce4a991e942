import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { diskFs, replaceFile, type JournalFs } from '../../ledger/files.ts';
import type { DictionaryName } from './schema.ts';
import { ArchiveError } from './types.ts';

/** Rows of one month, or of one day while the month is open, with their rollup. Files: `NAME.parquet`, `NAME.rollup.parquet`. */
export interface Segment {
  /** `2026-10-03.000017` or `2026-10.000017`. */
  readonly name: string;
  readonly rows: number;
  readonly bytes: number;
  readonly rollupRows: number;
  readonly rollupBytes: number;
  /** The lowest and the highest index. */
  readonly first: number;
  readonly last: number;
  /** Milliseconds of the oldest and of the newest row. */
  readonly oldest: number;
  readonly newest: number;
}

/** The rollups of months of one year, one column a month. File: `NAME.rollup.parquet`. */
export interface YearRollup {
  /** `2026.000022`. */
  readonly name: string;
  readonly year: number;
  /** The months (1 to 12) that it has whole, in order. */
  readonly months: readonly number[];
  readonly rows: number;
  readonly bytes: number;
}

/** The held requests of one year, and how they ended. File: `NAME.reviews.parquet`. */
export interface ReviewFile {
  /** `2026.000022`. */
  readonly name: string;
  readonly year: number;
  readonly rows: number;
  /** How many of them wait. */
  readonly open: number;
  readonly bytes: number;
}

/** A dictionary. File: `NAME.parquet`. */
export interface DictionaryFile {
  readonly name: string;
  readonly words: number;
  readonly bytes: number;
}

/** A file that is named no more, and since which sealing and moment. */
export interface Leftover {
  readonly file: string;
  readonly sealing: number;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** `manifest.json`: which files of an owner are in force. */
export interface Manifest {
  readonly weirArchiveOwner: 1;
  readonly owner: string;
  /** The last sealing. */
  readonly sealing: number;
  /** The first index that is not archived. */
  readonly next: number;
  /** In the order of their first index, months before days of later months. */
  readonly segments: readonly Segment[];
  readonly years: readonly YearRollup[];
  readonly dictionaries: Readonly<Partial<Record<DictionaryName, DictionaryFile>>>;
  /** Absent in an archive from before there were verdicts, which does not know which requests wait. */
  readonly reviews?: readonly ReviewFile[];
  readonly leftovers: readonly Leftover[];
}

const fileName = 'manifest.json';

export function emptyManifest(owner: string): Manifest {
  return { weirArchiveOwner: 1, owner, sealing: 0, next: 0, segments: [], years: [], dictionaries: {}, reviews: [], leftovers: [] };
}

/** The manifest of an owner; null where nothing was ever sealed. Throws `ARCHIVE_DAMAGED` where it is none. */
export async function readManifest(folder: string, owner: string): Promise<Manifest | null> {
  const text = await readFile(join(folder, fileName), 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  });
  if (text === null) return null;
  const found = parse(text);
  if (found?.owner !== owner) throw new ArchiveError('ARCHIVE_DAMAGED', `${join(folder, fileName)} is no manifest of ${owner}, or one of a newer Weir`);
  return found;
}

/** Replaces the manifest as one switch, durably. */
export async function writeManifest(folder: string, manifest: Manifest, fs: JournalFs = diskFs): Promise<void> {
  await replaceFile(fs, folder, fileName, Buffer.from(`${JSON.stringify(manifest, null, 1)}\n`));
}

/** Every file that a manifest names, with its size. */
export function filesOf({ segments, years, dictionaries, reviews = [] }: Manifest): ReadonlyMap<string, number> {
  return new Map([
    ...segments.flatMap(({ name, bytes, rollupBytes }): [string, number][] => [[`${name}.parquet`, bytes], ...(rollupBytes === 0 ? [] : [[`${name}.rollup.parquet`, rollupBytes] as [string, number]])]),
    ...years.map(({ name, bytes }): [string, number] => [`${name}.rollup.parquet`, bytes]),
    ...Object.values(dictionaries).map(({ name, bytes }): [string, number] => [`${name}.parquet`, bytes]),
    ...reviews.map(({ name, bytes }): [string, number] => [`${name}.reviews.parquet`, bytes]),
  ]);
}

/** `2026-10` of a segment. */
export function monthOf({ name }: Pick<Segment, 'name'>): string {
  return name.slice(0, 7);
}

/** True for a segment of a month, false for one of a day. */
export function isMonth({ name }: Pick<Segment, 'name'>): boolean {
  return name.charAt(7) === '.';
}

/** Milliseconds of the newest entry; null where there is none. */
export function newestOf({ segments }: Pick<Manifest, 'segments'>): number | null {
  return segments.reduce<number | null>((newest, one) => Math.max(newest ?? -Infinity, one.newest), null);
}

/** The name of what a sealing writes: `2026-10-03` and 17 become `2026-10-03.000017`. */
export function nameOf(stretch: string, sealing: number): string {
  return `${stretch}.${String(sealing).padStart(6, '0')}`;
}

function parse(text: string): Manifest | null {
  try {
    const found = JSON.parse(text) as Partial<Manifest> | null;
    const whole = found?.weirArchiveOwner === 1 && Number.isSafeInteger(found.sealing) && Number.isSafeInteger(found.next) && Array.isArray(found.segments) && Array.isArray(found.years)
      && Array.isArray(found.leftovers) && typeof found.dictionaries === 'object' && (found.reviews === undefined || Array.isArray(found.reviews));
    return whole ? (found as Manifest) : null;
  } catch {
    return null;
  }
}
