import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { diskFs } from '../../ledger/files.ts';
import { openEngine, sqlFile } from './engine.ts';
import { emptyManifest, monthOf, nameOf, readManifest, type Segment } from './manifest.ts';
import { grace, openOwnerFiles } from './ownerFiles.ts';
import { columnsSql } from './schema.ts';
import { copyTo, type SegmentPlace } from './segmentFiles.ts';
import { dayText, monthStretch } from './stretches.ts';
import { ArchiveError, type ArchiveEvent } from './types.ts';
import type { WriterOptions } from './writer.ts';

/** Writes the entries of the anchor log of a data set. As with an owner's: what is sealed is whole, what is not is as if never given. */
export interface AnchorWriter {
  /** The first index that is not archived yet. */
  readonly next: number;
  add(event: ArchiveEvent): void;
  seal(done?: number): Promise<void>;
  /** Merges the files of each month that is over into one, and those of the month that goes on once they are many. */
  compact(now: number): Promise<void>;
  close(): Promise<void>;
}

/** How many files of the month that goes on become one. */
const many = 32;

/** Opens the part of the anchor log. Throws as `openWriter` does. */
export async function openAnchorWriter({ folder }: { readonly folder: string }, options: WriterOptions = {}): Promise<AnchorWriter> {
  const own = join(folder, 'anchor');
  await mkdir(own, { recursive: true, mode: 0o700 });
  const fs = options.fs ?? diskFs;
  const files = await openOwnerFiles(own, (await readManifest(own, 'anchor')) ?? emptyManifest('anchor'), { fs, now: options.now ?? Date.now, graceMs: options.graceMs ?? grace });
  const engine = options.engine ?? await openEngine({ memoryMb: options.memoryMb ?? 256 });
  const connection = await engine.connect();
  const place: SegmentPlace = { connection, folder: own, fs };
  let next = files.manifest.next;
  let given: ArchiveEvent[] = [];
  return {
    get next() {
      return next;
    },
    add: (event) => {
      if (!Number.isSafeInteger(event.index) || event.index < next) throw new ArchiveError('ARCHIVE_ORDER', `an event has the index ${event.index}, where ${next} or more was expected`);
      if (!Number.isInteger(event.at)) throw new ArchiveError('ARCHIVE_ORDER', `the event with the index ${event.index} has no time in whole milliseconds`);
      given.push(event);
      next = event.index + 1;
    },
    seal: async (done = next) => {
      next = Math.max(next, done);
      if (given.length === 0 && next === files.manifest.next) return;
      const sealing = files.manifest.sealing + 1;
      const segments = given.length === 0 ? [] : [await writeEvents(place, nameOf(dayText(given[0]?.at ?? 0), sealing), given)];
      await files.replace({ sealing, next, segments: [...files.manifest.segments, ...segments] });
      given = [];
    },
    compact: async (now) => {
      for (const month of new Set(files.manifest.segments.map(monthOf))) {
        const own = files.manifest.segments.filter((one) => monthOf(one) === month);
        if (own.length < (monthStretch(month).to <= now ? 2 : many)) continue;
        const sealing = files.manifest.sealing + 1;
        const merged = await mergeEvents(place, nameOf(month, sealing), own);
        await files.replace({ sealing, segments: [...files.manifest.segments.filter((one) => !own.includes(one)), merged].sort((a, b) => a.first - b.first) });
      }
      await files.sweep();
    },
    close: async () => {
      connection.closeSync();
      if (options.engine === undefined) await engine.close();
      await files.close();
    },
  };
}

async function writeEvents(place: SegmentPlace, name: string, events: readonly ArchiveEvent[]): Promise<Segment> {
  const path = join(place.folder, `${name}.parquet`);
  const { connection } = place;
  await connection.run(`CREATE OR REPLACE TEMP TABLE staged_events (${columnsSql('events').replace('"at" TIMESTAMP', '"at" DOUBLE').replace('"index" BIGINT', '"index" DOUBLE')})`);
  const appender = await connection.createAppender('staged_events');
  const text = (value: string | null): void => {
    if (value === null) appender.appendNull();
    else appender.appendVarchar(value);
  };
  for (const { index, at, event, subject, hash, detail } of events) {
    appender.appendDouble(index);
    appender.appendDouble(at);
    for (const value of [event, subject, hash, detail]) text(value);
    appender.endRow();
  }
  appender.closeSync();
  const rows = await copyTo(place, 'SELECT * REPLACE (CAST("index" AS BIGINT) AS "index", make_timestamp(CAST("at" AS BIGINT) * 1000) AS "at") FROM staged_events', path);
  const times = events.map(({ at }) => at);
  const least = times.reduce((a, b) => Math.min(a, b), Infinity);
  const greatest = times.reduce((a, b) => Math.max(a, b), -Infinity);
  return { name, rows, bytes: (await stat(path)).size, rollupRows: 0, rollupBytes: 0, first: events[0]?.index ?? 0, last: events.at(-1)?.index ?? 0, oldest: least, newest: greatest };
}

async function mergeEvents(place: SegmentPlace, name: string, parts: readonly Segment[]): Promise<Segment> {
  const path = join(place.folder, `${name}.parquet`);
  const files = [...parts].sort((a, b) => a.first - b.first).map((one) => sqlFile(join(place.folder, `${one.name}.parquet`)));
  const rows = await copyTo(place, `SELECT * FROM read_parquet([${files.join(', ')}], hive_partitioning = false)`, path);
  if (rows !== parts.reduce((sum, one) => sum + one.rows, 0)) throw new ArchiveError('ARCHIVE_DAMAGED', `the events of ${name} in ${place.folder} are ${rows}, not as many as the manifest says`);
  const least = (pick: (one: Segment) => number): number => parts.reduce((found, one) => Math.min(found, pick(one)), Infinity);
  const greatest = (pick: (one: Segment) => number): number => parts.reduce((found, one) => Math.max(found, pick(one)), -Infinity);
  return { name, rows, bytes: (await stat(path)).size, rollupRows: 0, rollupBytes: 0, first: least(({ first }) => first), last: greatest(({ last }) => last), oldest: least(({ oldest }) => oldest), newest: greatest(({ newest }) => newest) };
}
