import { join } from 'node:path';
import { monthText } from './cover.ts';
import { sqlFile } from './engine.ts';
import { isMonth, monthOf, nameOf, type Segment, type YearRollup } from './manifest.ts';
import type { OwnerFiles } from './ownerFiles.ts';
import { rollupKey, tables } from './schema.ts';
import { writeRollup, writeSegment, type SegmentPlace } from './segmentFiles.ts';
import { dayText, monthStretch } from './stretches.ts';
import { ArchiveError } from './types.ts';

/** How many files of the day that goes on become one, and how large (in rows) is not small. */
const many = 16;
const small = 122_880;

/**
 * Merges the files of each month that is over into one, those of each day that is over into one, and the small ones of the day that goes on once they are
 * many; then writes the rollups of years anew whose months changed. Each merge comes into force by itself.
 */
export async function compactOwner(files: OwnerFiles, place: SegmentPlace, now: number): Promise<void> {
  for (const { name, segments } of mergesOf(files.manifest.segments, now)) await merge(files, place, name, segments);
  await writeYears(files, place, now);
  await files.sweep();
}

interface Merge {
  /** `2026-10` or `2026-10-03`. */
  readonly name: string;
  readonly segments: readonly Segment[];
}

/** What is to be merged as of `now`. */
export function mergesOf(segments: readonly Segment[], now: number): readonly Merge[] {
  const today = dayText(now);
  const found: Merge[] = [];
  for (const month of new Set(segments.map(monthOf))) {
    const own = segments.filter((one) => monthOf(one) === month);
    if (monthStretch(month).to <= now) {
      if (own.length > 1 || !own.every(isMonth)) found.push({ name: month, segments: own });
      continue;
    }
    const days = own.filter((one) => !isMonth(one));
    for (const day of new Set(days.map(({ name }) => name.slice(0, 10)))) {
      const over = day < today;
      const parts = days.filter(({ name, rows }) => name.startsWith(day) && (over || rows < small));
      if (parts.length >= (over ? 2 : many)) found.push({ name: day, segments: parts });
    }
  }
  return found;
}

async function merge(files: OwnerFiles, place: SegmentPlace, name: string, parts: readonly Segment[]): Promise<void> {
  const sealing = files.manifest.sealing + 1;
  const ordered = [...parts].sort((a, b) => a.first - b.first);
  const disjoint = ordered.every((one, at) => at === 0 || (ordered[at - 1]?.last ?? 0) < one.first);
  const from = rowsOf(place.folder, ordered);
  const merged = await writeSegment(place, nameOf(name, sealing), name.slice(0, 7), disjoint ? from : `${from} ORDER BY "index"`);
  const rows = parts.reduce((sum, one) => sum + one.rows, 0);
  if (merged?.rows !== rows) throw new ArchiveError('ARCHIVE_DAMAGED', `the files of ${name} in ${place.folder} have ${merged?.rows ?? 0} rows, not ${rows}`);
  const others = files.manifest.segments.filter((one) => !parts.includes(one));
  await files.replace({ sealing, segments: [...others, merged].sort((a, b) => a.first - b.first) });
}

/** The rows of some segments, in the order in which these are given. */
export function rowsOf(folder: string, segments: readonly Segment[]): string {
  return `SELECT ${tables.rows.columns.map(({ name }) => `"${name}"`).join(', ')} FROM read_parquet([${segments.map(({ name }) => sqlFile(join(folder, `${name}.parquet`))).join(', ')}], hive_partitioning = false)`;
}

/** Months that are over and are one file each stand in the rollup of their year. */
async function writeYears(files: OwnerFiles, place: SegmentPlace, now: number): Promise<void> {
  const ready = new Map<number, Segment[]>();
  for (const segment of files.manifest.segments) {
    const month = monthOf(segment);
    const alone = files.manifest.segments.every((one) => one === segment || monthOf(one) !== month);
    if (isMonth(segment) && alone && monthStretch(month).to <= now) ready.set(Number(month.slice(0, 4)), [...(ready.get(Number(month.slice(0, 4))) ?? []), segment]);
  }
  for (const [year, segments] of ready) {
    const months = segments.map((one) => Number(monthOf(one).slice(5))).sort((a, b) => a - b);
    const known = files.manifest.years.find((one) => one.year === year);
    if (known?.months.join() === months.join()) continue;
    const sealing = files.manifest.sealing + 1;
    const name = nameOf(String(year), sealing);
    const { rows, bytes } = await writeRollup(place, `${name}.rollup`, yearSql(place.folder, year, segments));
    const written: YearRollup = { name, year, months, rows, bytes };
    await files.replace({ sealing, years: [...files.manifest.years.filter((one) => one.year !== year), written].sort((a, b) => a.year - b.year) });
  }
}

/** A line for each key, with the count of each month beside the other; 0 where it has none. */
function yearSql(folder: string, year: number, segments: readonly Segment[]): string {
  const keys = rollupKey.map((name) => `"${name}"`).join(', ');
  const months = new Set(segments.map(monthOf));
  const cells = Array.from({ length: 12 }, (_, at) => at + 1).flatMap((month) => {
    const text = monthText(year, month);
    const number = text.slice(5);
    const cell = (column: string, letter: string): string => months.has(text)
      ? `CAST(coalesce(sum("${column}") FILTER ("month" = DATE '${text}-01'), 0) AS INTEGER) AS "${letter}${number}"` : `CAST(0 AS INTEGER) AS "${letter}${number}"`;
    return [cell('n', 'm'), cell('records', 'r')];
  });
  const files = segments.map(({ name }) => sqlFile(join(folder, `${name}.rollup.parquet`))).join(', ');
  return `SELECT ${keys}, ${cells.join(', ')} FROM read_parquet([${files}], hive_partitioning = false) GROUP BY ${keys}`;
}
