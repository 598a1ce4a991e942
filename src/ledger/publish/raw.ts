import { tilePath, tileWidth } from '../../verify/tilePath.ts';
import { parseBundle } from '../../verify/bundle.ts';
import { tileWidthAt } from '../../verify/tiles.ts';
import { JournalError } from '../../exchange/errors.ts';
import { readPrivate } from '../private.ts';
import type { LogName } from '../record.ts';
import { leafData } from '../record.ts';
import type { StoredRecord } from '../types.ts';
import type { Disk } from './logFiles.ts';
import { readLogFile } from './tileStore.ts';

/** Reads the write-ahead file from a sequence on, or from the first that is there. */
export type ReadWal = (from?: number) => AsyncIterable<StoredRecord>;

/**
 * The leaf data of a log from its beginning up to and without `to`, in order: from the private files; where those have none of an entry, from the write-ahead
 * file; and of what was erased, from the entry bundles, whose bytes are the leaf data itself. Rejects with `JOURNAL_CORRUPT` where an entry is in none of them.
 * Nothing here is checked against a signature: whoever reads compares the root.
 */
export async function* rawLeaves(disk: Disk, wal: ReadWal, log: LogName, to: number): AsyncGenerator<Buffer, void> {
  const records = privateRecords(disk.place, log, to);
  let record = await records.next();
  let fromWal: ReadonlyMap<number, Buffer> | null = null;
  let bundle: { readonly n: number; readonly entries: readonly Uint8Array[] } = { n: -1, entries: [] };
  for (let index = 0; index < to; index += 1) {
    while (record.done !== true && record.value.index < index) record = await records.next();
    if (record.done !== true && record.value.index === index) {
      yield leafData(record.value.record);
      continue;
    }
    fromWal ??= await leavesOfWal(wal, log, to);
    const kept = fromWal.get(index);
    if (kept !== undefined) {
      yield kept;
      continue;
    }
    const n = Math.floor(index / tileWidth);
    if (bundle.n !== n) bundle = { n, entries: await readBundle(disk, log, n, to) };
    const data = bundle.entries[index % tileWidth];
    if (data === undefined) throw new JournalError('JOURNAL_CORRUPT', `the log ${log} cannot be made anew: entry ${index} is in no private file, entry bundle or write-ahead file`);
    yield Buffer.from(data);
  }
}

/** A private file that is damaged ends them: what it had is then looked for elsewhere. */
async function* privateRecords(place: string, log: LogName, to: number): AsyncGenerator<StoredRecord, void> {
  try {
    yield* readPrivate(place, log, 0, to);
  } catch (error) {
    if (!(error instanceof JournalError)) throw error;
  }
}

async function leavesOfWal(wal: ReadWal, log: LogName, to: number): Promise<ReadonlyMap<number, Buffer>> {
  const found = new Map<number, Buffer>();
  for await (const stored of wal()) if (stored.log === log && stored.index < to) found.set(stored.index, Buffer.from(leafData(stored.record)));
  return found;
}

async function readBundle({ place, fs }: Disk, log: LogName, n: number, size: number): Promise<readonly Uint8Array[]> {
  const bytes = await readLogFile(place, log, tilePath('entries', n, tileWidthAt('entries', n, size)), fs);
  return bytes === null ? [] : (parseBundle(bytes) ?? []);
}
