import { rowsOf } from './compact.ts';
import { nameOf, type Segment } from './manifest.ts';
import type { OwnerFiles } from './ownerFiles.ts';
import { markColumns } from './schema.ts';
import { writeSegment, type SegmentPlace } from './segmentFiles.ts';
import { ArchiveError, type Erased, type OutcomeWord } from './types.ts';

const day = 86_400_000;

/**
 * Takes the tags and flags of erased entries away: the segments that hold any are written anew without them. The old files go as soon as nobody can be
 * reading them. May be repeated; what has none left is not written again. Counts do not change.
 */
export async function blankRows(files: OwnerFiles, place: SegmentPlace, what: readonly Erased[], outcomes: readonly OutcomeWord[]): Promise<void> {
  for (const segment of files.manifest.segments) {
    const conditions = what.filter((one) => touches(segment, one)).map((one) => conditionOf(one, outcomes));
    if (conditions.length === 0) continue;
    const erased = conditions.map((one) => `(${one})`).join(' OR ');
    const from = rowsOf(place.folder, [segment]);
    const found = await place.connection.runAndReadAll(`SELECT count(*) FROM (${from}) WHERE (${erased}) AND (${markColumns.map((name) => `"${name}" IS NOT NULL`).join(' OR ')})`);
    if (Number(found.getRows()[0]?.[0] ?? 0) === 0) continue;
    const sealing = files.manifest.sealing + 1;
    const name = nameOf(segment.name.slice(0, segment.name.indexOf('.')), sealing);
    const nulls = markColumns.map((column) => `CASE WHEN ${erased} THEN NULL ELSE "${column}" END AS "${column}"`).join(', ');
    const written = await writeSegment(place, name, segment.name.slice(0, 7), `SELECT * REPLACE (${nulls}) FROM (${from})`);
    if (written?.rows !== segment.rows) throw new ArchiveError('ARCHIVE_DAMAGED', `the file ${segment.name} in ${place.folder} has ${written?.rows ?? 0} rows, not ${segment.rows}`);
    await files.replace({ sealing, segments: files.manifest.segments.map((one) => (one === segment ? written : one)) }, { soon: true });
  }
  await files.sweep();
}

function touches(segment: Segment, erased: Erased): boolean {
  if ('index' in erased) return segment.first <= erased.index && erased.index <= segment.last;
  if ('from' in erased) return segment.first < erased.to && erased.from <= segment.last;
  const from = dayOf(erased.day);
  return segment.newest >= from && segment.oldest < from + day;
}

/** In numbers alone. A disclosure is an entry by which something was given (`src/ledger/entry/prepare.ts` says the same of entries). */
function conditionOf(erased: Erased, outcomes: readonly OutcomeWord[]): string {
  if ('index' in erased) return `"index" = ${whole(erased.index)}`;
  const range = 'from' in erased ? `"index" >= ${whole(erased.from)} AND "index" < ${whole(erased.to)}`
    : `"at" >= make_timestamp(${dayOf(erased.day) * 1000}) AND "at" < make_timestamp(${(dayOf(erased.day) + day) * 1000})`;
  if (erased.kind === 'all') return range;
  const giving = outcomes.flatMap(({ released }, id) => (released.length > 0 ? [id] : []));
  const disclosure = `("type" = 'redelivery' OR ("type" = 'verdict' AND "records" > 0) OR ("type" = 'decision' AND ("records" > 0${giving.length === 0 ? '' : ` OR "outcome" IN (${giving.join(', ')})`})))`;
  return `${range} AND ${erased.kind === 'disclosure' ? disclosure : `NOT coalesce(${disclosure}, false)`}`;
}

function whole(index: number): number {
  if (!Number.isSafeInteger(index)) throw new ArchiveError('ARCHIVE_QUESTION', `${index} is no index of an entry`);
  return index;
}

function dayOf(text: string): number {
  const at = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(at)) throw new ArchiveError('ARCHIVE_QUESTION', `\`${text}\` is no day`);
  return at;
}
