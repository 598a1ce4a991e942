import { hash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { JournalError } from '../../exchange/errors.ts';
import { tilePath, tileWidth } from '../../verify/tilePath.ts';
import { decodePrivate, filesOfTile, privateFile, readPrivate } from '../private.ts';
import type { LogName } from '../record.ts';
import { leafHash } from '../record.ts';
import type { NoteSigner } from '../types.ts';
import { Edge, edgeTiles } from './edge.ts';
import { contents, names, remove } from './fs.ts';
import type { Disk } from './logFiles.ts';
import { bundleOf, LogFiles } from './logFiles.ts';
import type { Mark } from './mark.ts';
import { readMark } from './mark.ts';
import type { ReadWal } from './raw.ts';
import { rawLeaves } from './raw.ts';
import type { SignedHead } from './signing.ts';
import { headOf, logKey } from './signing.ts';
import { readLogFile, widthsOf } from './tileStore.ts';

export interface RecoverOptions {
  readonly disk: Disk;
  readonly wal: ReadWal;
  /** The first sequence that the write-ahead file still has. */
  readonly first: number;
  readonly origin: (log: LogName) => string;
  readonly signer: (log: LogName) => Promise<NoteSigner>;
  readonly onRebuilt: (log: LogName, why: string) => void;
}

/** A log whose files are as they were at its mark; what the write-ahead file has from there on is to be added. */
export interface RecoveredLog {
  readonly log: LogName;
  readonly files: LogFiles;
  readonly head: SignedHead | null;
  /** The size at the mark. */
  readonly marked: number;
  /** Entries that the raw records give. */
  readonly size: number;
  readonly rebuilt: boolean;
}

export interface Recovered {
  readonly logs: readonly RecoveredLog[];
  /** From which sequence the write-ahead file is to be read. */
  readonly from: number;
}

/** What was found of a log before anything is changed. */
interface Found {
  readonly log: LogName;
  readonly head: SignedHead | null;
  readonly marked: number;
  /** At the mark. */
  edge: Edge;
  bundle: Buffer;
  /** Goes on from the mark with what the write-ahead file has. */
  walk: Edge;
  /** Why the tiles are to be made anew; null where they are right. */
  why: string | null;
  /** The walk came by the size of the checkpoint with another root. */
  differs: boolean;
}

interface State {
  readonly edge: Edge;
  readonly bundle: Buffer;
}

/**
 * Looks at what a ledger published, and brings it to the state of the last mark. First everything is checked, and nothing changed: `JOURNAL_CORRUPT` where a
 * signed checkpoint or the mark covers more than the write-ahead file has, or where a signed root is not that of the raw records. Then the tiles of logs that
 * do not make their root are written anew, and what lies behind the mark is cut off, since it may be torn.
 */
export async function recover(options: RecoverOptions): Promise<Recovered> {
  const { disk, first } = options;
  const read = await readMark(disk.place, disk.fs);
  // A mark from before what was pruned is that of an older copy, and says nothing.
  const mark = read !== null && read.sequence >= first ? read : null;
  const from = mark?.sequence ?? first;
  const found = await look(options, mark, from);
  for (const one of found) await judge(options, one, from);
  const logs: RecoveredLog[] = [];
  for (const one of found) logs.push(await mend(options, one));
  return { logs, from };
}

/** Reads all logs and what the write-ahead file has beyond the mark. */
async function look(options: RecoverOptions, mark: Mark | null, from: number): Promise<readonly Found[]> {
  const { disk, wal, first } = options;
  const found = new Map<LogName, Found>();
  const begin = async (log: LogName, size: number): Promise<Found> => {
    const one = await findLog(options, log, size, mark?.logs.get(log)?.root ?? null);
    found.set(log, one);
    return one;
  };
  for (const [log, { size }] of mark?.logs ?? []) await begin(log, size);
  // One more than is needed, to see that the write-ahead file reaches the mark.
  const seen = mark !== null && from > first ? from - 1 : from;
  let next = seen;
  for await (const stored of wal(seen)) {
    next = stored.sequence + 1;
    if (stored.sequence < from) continue;
    const one = found.get(stored.log) ?? (await begin(stored.log, mark === null ? stored.index : 0));
    step(one, stored.index, stored.record);
  }
  if (next < from) throw new JournalError('JOURNAL_CORRUPT', `the write-ahead file ends at entry ${next}, though entries up to ${from} were published: acknowledged entries are missing`);
  for (const log of await names(disk.fs, `${disk.place}/log`)) {
    if (/^[a-z0-9]{1,16}$/.test(log) && !found.has(log)) await begin(log, mark === null ? await lastKnown(options, log) : 0);
  }
  return [...found.values()];
}

/** Adds one record of the write-ahead file to the walk of its log. */
function step(one: Found, index: number, record: Buffer): void {
  const { walk, head } = one;
  if (index < one.marked) return;
  if (index !== walk.size) throw new JournalError('JOURNAL_CORRUPT', `the log ${one.log} has ${walk.size} entries before its entry ${index} in the write-ahead file`);
  walk.append(leafHash(record));
  if (head !== null && walk.size === head.size && walk.root() !== head.root) one.differs = true;
}

/** How far a log reached of which neither the mark nor the write-ahead file knows. */
async function lastKnown({ disk, origin, signer }: RecoverOptions, log: LogName): Promise<number> {
  const note = await contents(disk.fs, `${disk.place}/log/${log}/checkpoint`);
  const head = note === null ? null : await headOf(note, origin(log), await logKey(await signer(log)));
  if (head !== null) return head.size;
  let size = 0;
  for await (const { index } of readPrivate(disk.place, log)) size = index + 1;
  return size;
}

/** The state of a log at its mark, from its tiles, or where they are not right from the raw records. */
async function findLog(options: RecoverOptions, log: LogName, marked: number, root: string | null): Promise<Found> {
  const { disk, origin, signer } = options;
  const note = await contents(disk.fs, `${disk.place}/log/${log}/checkpoint`);
  const head = note === null ? null : await headOf(note, origin(log), await logKey(await signer(log)));
  const loaded = await load(disk, log, marked);
  let why: string | null = null;
  if (loaded === null) why = 'a tile is missing, or is not that of its entries';
  else if (root !== null && loaded.edge.root() !== root) why = 'the tiles do not make the root that was synced';
  else if (root === null && marked > 0 && (head === null || head.size < marked)) why = 'there is no checkpoint that covers the tiles';
  else if (head !== null && head.size <= marked && (await load(disk, log, head.size))?.edge.root() !== head.root) why = 'the tiles do not make the root of the checkpoint';
  const state = why === null && loaded !== null ? loaded : await fromRaw(options, log, marked, head);
  return { log, head, marked, ...state, walk: state.edge.copy(), why, differs: false };
}

/** Settles what a log's checkpoint and its raw records say of one another. Throws where nothing may be signed. */
async function judge(options: RecoverOptions, one: Found, from: number): Promise<void> {
  const { log, head, marked } = one;
  if (one.differs) {
    // The walk began with tiles that may be wrong themselves.
    if (one.why !== null || marked === 0) throw otherHistory(log, head?.size ?? 0);
    one.why = 'the tiles do not make the root of the checkpoint';
    Object.assign(one, await fromRaw(options, log, marked, head), { differs: false });
    one.walk = one.edge.copy();
    for await (const stored of options.wal(from)) if (stored.log === log) step(one, stored.index, stored.record);
    if (isDifferent(one)) throw otherHistory(log, head?.size ?? 0);
  }
  if (head !== null && head.size > one.walk.size) {
    throw new JournalError('JOURNAL_CORRUPT', `a signed checkpoint of the log ${log} covers ${head.size} entries, and the write-ahead file gives ${one.walk.size}: acknowledged entries are missing`);
  }
  for (const file of await filesOfTile(options.disk.place, log, Math.floor(marked / tileWidth), true)) {
    const last = decodePrivate(await readFile(privateFile(options.disk.place, log, file.day, file.kind, file.tile)), log).records.at(-1);
    if (last !== undefined && last.index >= one.walk.size) {
      throw new JournalError('JOURNAL_CORRUPT', `the private files of the log ${log} have its entry ${last.index}, and the write-ahead file gives ${one.walk.size} entries: acknowledged entries are missing`);
    }
  }
}

/** A walk sets this, so it is asked through a function: the compiler would take it for what it was set to before. */
function isDifferent(one: Found): boolean {
  return one.differs;
}

/** Makes the files of a log those of its mark. */
async function mend(options: RecoverOptions, one: Found): Promise<RecoveredLog> {
  const { disk } = options;
  const { log, head, marked } = one;
  const folder = `${disk.place}/log/${log}`;
  for (const name of ['fresh.tmp', 'checkpoint.tmp', 'cosigned.tmp']) await remove(disk.fs, `${folder}/${name}`);
  if (one.why !== null && marked > 0) {
    const files = new LogFiles(disk, log, { edge: new Edge(), bundle: Buffer.alloc(0), privates: new Map(), partials: [] });
    files.careful = true;
    await fromRaw(options, log, marked, head, files);
    await files.flush();
    await files.writePartials();
  }
  const privates = await cutPrivate(disk, log, marked);
  const files = new LogFiles(disk, log, { edge: one.edge, bundle: one.bundle, privates, partials: await partialsOf(disk, log, marked, one.walk.size) });
  files.careful = true;
  // What is beyond the mark was perhaps never synced, though its process ended long ago.
  if (head !== null && head.size !== marked) disk.touched.add(`${folder}/checkpoint`);
  if (one.why !== null) options.onRebuilt(log, one.why);
  return { log, files, head, marked, size: one.walk.size, rebuilt: one.why !== null };
}

/** The state of a log at a size, from the raw records; compared with the checkpoint where it covers no more. With `files` the tiles are written. */
async function fromRaw({ disk, wal }: RecoverOptions, log: LogName, size: number, head: SignedHead | null, files: LogFiles | null = null): Promise<State> {
  const edge = new Edge();
  let tail: Buffer[] = [];
  for await (const data of rawLeaves(disk, wal, log, size)) {
    const leaf = dataHash(data);
    edge.append(leaf);
    files?.addLeaf(data, leaf);
    if (edge.size % tileWidth === 0) {
      tail = [];
      await files?.flush();
    } else tail.push(lengthOf(data), Buffer.from(data));
    if (head !== null && edge.size === head.size && edge.root() !== head.root) throw otherHistory(log, head.size);
  }
  return { edge, bundle: Buffer.concat(tail) };
}

/** The state of a log at a size, from its tiles; null where one is missing, or the open bundle is not that of the tile above it. */
async function load({ place, fs }: Disk, log: LogName, size: number): Promise<State | null> {
  const edge = await Edge.load(size, ({ level, n, width }) => readLogFile(place, log, tilePath(level, n, width), fs));
  if (edge === null) return null;
  const open = edgeTiles(size).find(({ level }) => level === 0);
  if (open === undefined) return { edge, bundle: Buffer.alloc(0) };
  const bundle = await readLogFile(place, log, tilePath('entries', open.n, open.width), fs);
  return bundle !== null && bundleOf(bundle, edge.partial(0, open.width), dataHash) ? { edge, bundle } : null;
}

/** Cuts the private files at the mark, and gives those that go on with their bytes. Each record behind it comes again from the write-ahead file. */
async function cutPrivate({ place, fs, touched }: Disk, log: LogName, marked: number): Promise<ReadonlyMap<string, number>> {
  const privates = new Map<string, number>();
  const open = Math.floor(marked / tileWidth);
  for (const { day, kind, tile } of await filesOfTile(place, log, open, true)) {
    const path = privateFile(place, log, day, kind, tile);
    const bytes = await fs.readFile(path);
    const { records, ends } = decodePrivate(bytes, log);
    const kept = records.findLastIndex(({ index }) => index < marked);
    const end = ends[kept] ?? 0;
    if (end === 0) {
      await remove(fs, path);
      continue;
    }
    if (end < bytes.length) {
      touched.add(path);
      const descriptor = await fs.open(path, 'r+', 0o600);
      try {
        await fs.ftruncate(descriptor, end);
      } finally {
        await fs.close(descriptor);
      }
    }
    privates.set(path, end);
  }
  return privates;
}

/** The partial tiles that have files, at the right edge from the mark on. Those of the thousand tiles before are looked for too, as an earlier process may have left some. */
async function partialsOf({ place, fs }: Disk, log: LogName, marked: number, size: number): Promise<readonly string[]> {
  const found: string[] = [];
  const folder = `${place}/log/${log}`;
  let from = Math.floor(marked / tileWidth);
  let to = Math.floor(size / tileWidth);
  for (let level = 0; (await names(fs, `${folder}/tile/${level}`)).length > 0; level += 1) {
    for (const kind of level === 0 ? ([0, 'entries'] as const) : [level]) {
      for (let thousand = Math.max(0, Math.floor(from / 1000) - 1); thousand * 1000 <= to; thousand += 1) {
        const near = `${folder}/${dirname(tilePath(kind, thousand * 1000))}`;
        for (const name of await names(fs, near)) {
          if (!/^\d{3}\.p$/.test(name)) continue;
          const n = thousand * 1000 + Number(name.slice(0, 3));
          for (const width of await widthsOf(fs, folder, { level: kind, n })) found.push(tilePath(kind, n, width));
        }
      }
    }
    from = Math.floor(from / tileWidth);
    to = Math.floor(to / tileWidth);
  }
  return found;
}

function dataHash(data: Buffer): string {
  return hash('sha256', Buffer.concat([leafPrefix, data]), 'binary');
}

const leafPrefix = Buffer.of(0);

function lengthOf(data: Buffer): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(data.length);
  return length;
}

function otherHistory(log: LogName, size: number): JournalError {
  return new JournalError('JOURNAL_CORRUPT', `the root of a signed checkpoint of the log ${log} at ${size} entries is not that of the raw records: this is another history, and nothing may be signed`);
}
