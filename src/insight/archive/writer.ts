import { mkdir } from 'node:fs/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import { diskFs, type JournalFs } from '../../ledger/files.ts';
import { blankRows } from './blank.ts';
import { compactOwner, rowsOf } from './compact.ts';
import { ownerFolder } from './dataset.ts';
import { readDictionary, writeDictionary } from './dictionaryFiles.ts';
import { openEngine, type Engine } from './engine.ts';
import { emptyManifest, nameOf, readManifest, type DictionaryFile, type Manifest, type Segment } from './manifest.ts';
import { grace, openOwnerFiles, type OwnerFiles } from './ownerFiles.ts';
import { openReviews, type Reviews } from './reviews.ts';
import { dictionaryNames, type DictionaryName } from './schema.ts';
import { writeSegment, type SegmentPlace } from './segmentFiles.ts';
import { openStaging, stagedSql, typeOrder, type Staging } from './staging.ts';
import { stretchesOf } from './stretches.ts';
import { ArchiveError, type HeldRow, type OwnerWords, type OwnerWriter, type RowColumns } from './types.ts';
import { plainRows } from './values.ts';
import { linesOf, noWords, openWords, wordsOf, type Words } from './words.ts';

export interface WriterOptions {
  /** Makes one segment of each month, also of the one that is not over: for whoever writes whole months at once. */
  readonly monthly?: boolean;
  /** An engine to share; its own, of 512 MB, where there is none. */
  readonly engine?: Engine;
  readonly memoryMb?: number;
  /** How long files that are named no more are kept for whoever reads them; 10 minutes. */
  readonly graceMs?: number;
  readonly now?: () => number;
  readonly fs?: JournalFs;
}

/** Opens the part of one owner of the data set in `folder` (`createDataset`). Throws `ARCHIVE_LOCKED` while another has it, `ARCHIVE_DAMAGED` where it cannot be read. */
export async function openWriter({ folder }: { readonly folder: string }, owner: string, options: WriterOptions = {}): Promise<OwnerWriter> {
  if (!/^[A-Z0-9]{2}$/.test(owner)) throw new ArchiveError('ARCHIVE_QUESTION', `\`${owner}\` is no owner: give its two letters`);
  const own = ownerFolder(folder, owner);
  await mkdir(own, { recursive: true, mode: 0o700 });
  const fs = options.fs ?? diskFs;
  const manifest = (await readManifest(own, owner)) ?? emptyManifest(owner);
  const files = await openOwnerFiles(own, manifest, { fs, now: options.now ?? Date.now, graceMs: options.graceMs ?? grace });
  const engine = options.engine ?? await openEngine({ memoryMb: options.memoryMb ?? 512 });
  const close = async (): Promise<void> => {
    if (options.engine === undefined) await engine.close();
    await files.close();
  };
  try {
    const connection = await engine.connect();
    const words = openWords(owner, await readWords(connection, own, manifest));
    const place: SegmentPlace = { connection, folder: own, fs };
    const reviews = await openReviews(place, manifest.reviews ?? []);
    return await writerOf({ owner, files, words, reviews, monthly: options.monthly ?? false, place, close });
  } catch (error) {
    await close();
    throw error;
  }
}

/** The dictionaries that a manifest names. */
export async function readWords(connection: DuckDBConnection, folder: string, { dictionaries }: Pick<Manifest, 'dictionaries'>): Promise<OwnerWords> {
  const lines = await Promise.all(dictionaryNames.map(async (name) => {
    const file = dictionaries[name];
    return [name, file === undefined ? [] : await readDictionary(connection, folder, name, file)] as const;
  }));
  return lines.every(([, list]) => list.length === 0) ? noWords : wordsOf(Object.fromEntries(lines) as Record<DictionaryName, (typeof lines)[number][1]>);
}

interface Parts {
  readonly owner: string;
  readonly files: OwnerFiles;
  readonly words: Words;
  readonly reviews: Reviews;
  readonly monthly: boolean;
  readonly place: SegmentPlace;
  readonly close: () => Promise<void>;
}

let opened = 0;

async function writerOf({ owner, files, words, reviews, monthly, place, close }: Parts): Promise<OwnerWriter> {
  let next = files.manifest.next;
  let state: 'open' | 'working' | 'failed' | 'closed' = 'open';
  const may = (): void => {
    if (state !== 'open') throw new ArchiveError('ARCHIVE_ORDER', `the archive of ${owner} ${state === 'working' ? 'is being sealed: wait for it' : state === 'failed' ? 'could not be written: open it again' : 'is closed'}`);
  };
  const staging = await openStaging(place.connection, `staged_${owner}_${(opened += 1)}`, (columns) => {
    may();
    next = checkRows(columns, next, words);
  });
  // Where it fails, nobody knows how far it came: what is on the disk counts, and that is read on opening.
  const work = async (task: () => Promise<void>): Promise<void> => {
    may();
    state = 'working';
    try {
      await task();
      state = 'open';
    } catch (error) {
      state = 'failed';
      throw error;
    }
  };
  return {
    owner,
    get next() {
      return next;
    },
    attributes: (word) => words.attributes(word),
    requester: (word) => words.requester(word),
    context: (word) => words.context(word),
    outcome: (word) => words.outcome(word),
    words: () => words.all(),
    add: (row) => staging.add(row),
    addColumns: (columns) => staging.addColumns(columns),
    hold: (entry, row, terms) => {
      may();
      if (row.index >= next) throw new ArchiveError('ARCHIVE_ORDER', `the held request ${row.index} of ${owner} has no row yet`);
      reviews.hold(entry, row, terms);
    },
    end: (entry, ending) => {
      may();
      return reviews.end(entry, ending);
    },
    unknownHolds: () => (files.manifest.reviews === undefined && files.manifest.segments.length > 0 ? heldRows(place, files.manifest, words) : Promise.resolve(null)),
    seal: (done) => work(async () => {
      next = Math.max(next, done ?? next);
      await seal({ files, staging, words, reviews, place, monthly }, next);
    }),
    compact: (now) => work(async () => compactOwner(files, place, now)),
    blank: (what) => work(async () => blankRows(files, place, what, words.all().outcomes)),
    close: async () => {
      if (state === 'closed') return;
      state = 'closed';
      staging.close();
      await place.connection.run(`DROP TABLE "${staging.table}"`).catch(() => undefined);
      place.connection.closeSync();
      await close();
    },
  };
}

async function seal({ files, staging, words, reviews, place, monthly }: Pick<Parts, 'files' | 'words' | 'reviews' | 'place' | 'monthly'> & { readonly staging: Staging }, next: number): Promise<void> {
  const { manifest } = files;
  if (staging.rows === 0 && next === manifest.next && reviews.changed.length === 0) return;
  const sealing = manifest.sealing + 1;
  staging.flush();
  const segments = staging.rows === 0 ? [] : await sealRows(manifest, staging, place, sealing, monthly);
  const dictionaries: Partial<Record<DictionaryName, DictionaryFile>> = { ...manifest.dictionaries };
  for (const name of dictionaryNames) {
    if (words.size(name) > (dictionaries[name]?.words ?? 0)) dictionaries[name] = await writeDictionary(place, name, nameOf(name, sealing), linesOf(words.all(), name));
  }
  const touched = new Set(segments.map(({ name }) => name.slice(0, 7)));
  const years = manifest.years.map((year) => ({ ...year, months: year.months.filter((month) => !touched.has(`${year.year}-${String(month).padStart(2, '0')}`)) }));
  const held = reviews.changed.length === 0 ? manifest.reviews : await reviews.write(sealing);
  await files.replace({ sealing, next, segments: [...manifest.segments, ...segments], years: years.filter(({ months }) => months.length > 0), dictionaries, ...(held === undefined ? {} : { reviews: held }) });
  reviews.settle(held ?? []);
  await staging.clear();
}

/** The rows of requests that were held, in the order of their indices. */
async function heldRows({ connection, folder }: SegmentPlace, { segments }: Pick<Manifest, 'segments'>, words: Words): Promise<readonly HeldRow[]> {
  const held = words.all().outcomes.flatMap((word, id) => (word.held ? [id] : []));
  if (held.length === 0) return [];
  const read = await connection.runAndReadAll(`SELECT "index", "at", "who", "behalf", "context", "outcome", "records" FROM (${rowsOf(folder, segments)}) WHERE "type" = 'decision' AND "outcome" IN (${held.join(', ')}) ORDER BY "index"`);
  return plainRows(read.getRows(), read.columnNames(), read.columnTypes()) as readonly HeldRow[];
}

async function sealRows(manifest: Manifest, staging: Staging, place: SegmentPlace, sealing: number, monthly: boolean): Promise<readonly Segment[]> {
  const found = await place.connection.runAndReadAll(`SELECT DISTINCT CAST(floor("at" / 86400000) AS INTEGER) FROM "${staging.table}"`);
  const stretches = stretchesOf(found.getRows().map(([day]) => Number(day) * 86_400_000), manifest.segments, monthly);
  const segments: Segment[] = [];
  for (const { text, from, to } of stretches) {
    // The order is that in which rows were given, which is that of their indices.
    const where = stretches.length === 1 ? '' : ` WHERE "at" >= ${from} AND "at" < ${to}`;
    const segment = await writeSegment(place, nameOf(text, sealing), text.slice(0, 7), `SELECT ${stagedSql} FROM "${staging.table}"${where}`);
    if (segment !== null) segments.push(segment);
  }
  return segments.sort((a, b) => a.first - b.first);
}

const wordColumns = [['who', 'requesters'], ['behalf', 'requesters'], ['context', 'contexts'], ['outcome', 'outcomes']] as const;
const lastMoment = Date.UTC(9999, 11, 31);

/** Returns the first index after these rows. Throws `ARCHIVE_ORDER`, before anything is taken, where one is out of order or names a word that is not there. */
function checkRows(columns: RowColumns, next: number, words: Words): number {
  const { index, at, type, sex, records, length } = columns;
  let expected = next;
  for (let row = 0; row < length; row += 1) {
    const found = index[row] ?? NaN;
    if (!(found >= expected) || !Number.isSafeInteger(found)) throw new ArchiveError('ARCHIVE_ORDER', `row ${row} has the index ${found}, where ${expected} or more was expected`);
    expected = found + 1;
    const time = at[row] ?? NaN;
    if (!(time >= 0 && time <= lastMoment) || !Number.isInteger(time)) throw new ArchiveError('ARCHIVE_ORDER', `the row with the index ${found} has no time in whole milliseconds: ${time}`);
    if ((type[row] ?? typeOrder.length) >= typeOrder.length || (sex[row] ?? 5) > 4 || (records[row] ?? -1) < 0) throw new ArchiveError('ARCHIVE_ORDER', `the row with the index ${found} has a type, sex or number of records that means nothing`);
  }
  for (const [name, dictionary] of wordColumns) {
    const known = words.size(dictionary);
    const numbers = columns[name];
    for (let row = 0; row < length; row += 1) {
      const word = numbers[row] ?? -2;
      if (word < -1 || word >= known) throw new ArchiveError('ARCHIVE_ORDER', `the row with the index ${index[row] ?? -1} names the word ${word} of \`${dictionary}\`, of which there are ${known}`);
    }
  }
  return expected;
}
