import { appendFile, mkdir, readFile, readdir, rm, rmdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import { JournalError } from '../exchange/errors.ts';
import { indexPath, tileWidth } from '../verify/tilePath.ts';
import { diskFs } from './files.ts';
import type { LogName, RecordKind } from './record.ts';
import { dayText, recordHead } from './record.ts';
import type { StoredRecord } from './types.ts';

/**
 * The private files of a ledger (docs/ledger-formats.md, "Private files"): the sealed records of one log, day, kind and tile.
 * `place` is the ledger's folder. Whoever can write the folder controls what is read here; every record carries a sum.
 */
const kindLetters: { readonly [K in RecordKind]: string } = { disclosure: 'd', other: 'o', plain: 'p' };
const kinds: readonly RecordKind[] = ['disclosure', 'other', 'plain'];
/** Length and sum. */
const prefixBytes = 8;
/** Sequence and leaf index. */
const placeBytes = 16;
const maxRecordBytes = 65_535;

/** What is there of one log, one day and one kind. Leaf indices, `to` without. */
export interface PrivateDay {
  /** Days since 1970. */
  readonly day: number;
  readonly kind: RecordKind;
  readonly from: number;
  readonly to: number;
}

/** The file of one day, kind and tile of a log. */
export function privateFile(place: string, log: LogName, day: number, kind: RecordKind, tile: number): string {
  return `${kindFolder(place, log, day, kind)}/${indexPath(tile)}`;
}

/** The bytes by which a record stands in its private file. */
export function encodePrivate(stored: Pick<StoredRecord, 'sequence' | 'index' | 'record'>): Buffer {
  const bytes = Buffer.allocUnsafe(prefixBytes + placeBytes + stored.record.length);
  writeUInt64(bytes, stored.sequence, prefixBytes);
  writeUInt64(bytes, stored.index, prefixBytes + 8);
  stored.record.copy(bytes, prefixBytes + placeBytes);
  bytes.writeUInt32LE(placeBytes + stored.record.length, 0);
  bytes.writeUInt32LE(crc32(bytes.subarray(prefixBytes)), 4);
  return bytes;
}

/** The whole records at the front of a private file, as views, and how many bytes they take. What follows is torn or altered. */
export function decodePrivate(bytes: Buffer, log: LogName): { readonly records: readonly StoredRecord[]; readonly ends: readonly number[]; readonly whole: number } {
  const records: StoredRecord[] = [];
  const ends: number[] = [];
  let at = 0;
  let before = -1;
  while (at + prefixBytes + placeBytes < bytes.length) {
    const length = bytes.readUInt32LE(at);
    const end = at + prefixBytes + length;
    if (length <= placeBytes || length > placeBytes + maxRecordBytes || end > bytes.length) break;
    if (bytes.readUInt32LE(at + 4) !== crc32(bytes.subarray(at + prefixBytes, end))) break;
    const index = Number(bytes.readBigUInt64LE(at + prefixBytes + 8));
    if (index <= before) break;
    records.push({ sequence: Number(bytes.readBigUInt64LE(at + prefixBytes)), log, index, record: bytes.subarray(at + prefixBytes + placeBytes, end) });
    ends.push(end);
    before = index;
    at = end;
  }
  return { records, ends, whole: at };
}

/**
 * The records of a log in the order of leaf indices, from `from` up to and without `to`. What was erased is left out. A torn end, as a file has while it
 * is written, ends it; rejects with `JOURNAL_CORRUPT` where a file is not whole and later ones are there.
 */
export async function* readPrivate(place: string, log: LogName, from = 0, to = Number.POSITIVE_INFINITY): AsyncGenerator<StoredRecord, void> {
  const days = await listDays(place, log);
  let torn: string | null = null;
  for (let at = await firstDayWith(place, log, days, tileOf(from)); at < days.length; at += 1) {
    const day = days[at] ?? 0;
    for (const [tile, present] of await tilesOf(place, log, day)) {
      if (tile < tileOf(from)) continue;
      if (tile * tileWidth >= to) return;
      const found: StoredRecord[] = [];
      if (torn !== null) throw new JournalError('JOURNAL_CORRUPT', `the private file ${torn} is altered or cut short`);
      for (const kind of present) {
        const path = privateFile(place, log, day, kind, tile);
        const bytes = await contents(path);
        if (bytes === null) continue;
        const { records, whole } = decodePrivate(bytes, log);
        found.push(...records);
        if (whole < bytes.length) torn = path;
      }
      found.sort((a, b) => a.index - b.index);
      for (const stored of found) if (stored.index >= from && stored.index < to) yield stored;
    }
  }
}

/** The record at a leaf index; null where it was erased, or never was. Reads one or a few small files, however large the log. */
export async function findPrivate(place: string, log: LogName, index: number): Promise<StoredRecord | null> {
  const days = await listDays(place, log);
  const tile = tileOf(index);
  for (let at = await firstDayWith(place, log, days, tile); at < days.length; at += 1) {
    const day = days[at] ?? 0;
    const first = await firstTile(place, log, day);
    if (first !== null && first > tile) return null;
    for (const kind of kinds) {
      const bytes = await contents(privateFile(place, log, day, kind, tile));
      const found = bytes === null ? undefined : decodePrivate(bytes, log).records.find((stored) => stored.index === index);
      if (found !== undefined) return found;
    }
  }
  return null;
}

/** The days and kinds of a log that are there, in order of days, with the leaf indices between which their records lie. */
export async function privateDays(place: string, log: LogName): Promise<readonly PrivateDay[]> {
  const found: PrivateDay[] = [];
  for (const day of await listDays(place, log)) {
    for (const kind of kinds) {
      const tiles = await listTiles(kindFolder(place, log, day, kind));
      const read = async (tile: number | undefined): Promise<readonly StoredRecord[]> => {
        const bytes = tile === undefined ? null : await contents(privateFile(place, log, day, kind, tile));
        return bytes === null ? [] : decodePrivate(bytes, log).records;
      };
      const first = (await read(tiles[0]))[0];
      const last = (await read(tiles.at(-1))).at(-1) ?? first;
      if (first !== undefined && last !== undefined) found.push({ day, kind, from: first.index, to: last.index + 1 });
    }
  }
  return found;
}

/** Takes the private files of one day and kind away, durably. False where there were none. Space comes back; the tiles stay as they are. */
export async function deletePrivateDay(place: string, log: LogName, day: number, kind: RecordKind): Promise<boolean> {
  const folder = kindFolder(place, log, day, kind);
  if ((await names(folder)).length === 0) return false;
  await rm(folder, { recursive: true });
  await diskFs.syncFolder(dirname(folder));
  // The last kind takes the day with it. One that is not empty stays.
  await rmdir(dirname(folder)).then(() => diskFs.syncFolder(dirname(dirname(folder))), () => undefined);
  return true;
}

/** Appends records to their private files as they are, without a sync. For tests and tools: in a running ledger the publisher writes them. */
export async function writePrivate(place: string, records: readonly Pick<StoredRecord, 'sequence' | 'index' | 'record'>[]): Promise<void> {
  for (const stored of records) {
    const head = recordHead(stored.record);
    if (head === null) throw new JournalError('JOURNAL_CORRUPT', `the bytes at sequence ${stored.sequence} are no record`);
    const path = privateFile(place, head.log, head.day, head.kind, tileOf(stored.index));
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await appendFile(path, encodePrivate(stored), { mode: 0o600 });
  }
}

/** Which private files of a log have this tile number: a day boundary can lie within a tile. Also those of later tiles with `andLater`. */
export async function filesOfTile(place: string, log: LogName, tile: number, andLater = false): Promise<readonly { readonly day: number; readonly kind: RecordKind; readonly tile: number }[]> {
  const days = await listDays(place, log);
  const found: { day: number; kind: RecordKind; tile: number }[] = [];
  for (let at = await firstDayWith(place, log, days, tile); at < days.length; at += 1) {
    const day = days[at] ?? 0;
    for (const [number, present] of await tilesOf(place, log, day)) {
      if (number === tile || (andLater && number > tile)) for (const kind of present) found.push({ day, kind, tile: number });
    }
  }
  return found;
}

/** Writes a count of up to 2^53 in eight bytes, little-endian; many times quicker than with a BigInt. */
function writeUInt64(bytes: Buffer, value: number, at: number): void {
  const high = Math.floor(value / 0x1_0000_0000);
  bytes.writeUInt32LE(value - high * 0x1_0000_0000, at);
  bytes.writeUInt32LE(high, at + 4);
}

function tileOf(index: number): number {
  return Math.floor(index / tileWidth);
}

function kindFolder(place: string, log: LogName, day: number, kind: RecordKind): string {
  return `${place}/private/${log}/${dayText(day)}/${kindLetters[kind]}`;
}

/** Days since 1970 for which a log has a folder, in order. */
async function listDays(place: string, log: LogName): Promise<readonly number[]> {
  const found = await names(`${place}/private/${log}`);
  return found.filter((name) => /^\d{4}-\d{2}-\d{2}$/.test(name)).map((name) => Date.parse(name) / 86_400_000).sort((a, b) => a - b);
}

/**
 * The place in `days` of the first that can have files of this tile. In a log days never go back as the leaf index grows, so the first tile
 * of each day is in order too, and a search by halves does.
 */
async function firstDayWith(place: string, log: LogName, days: readonly number[], tile: number): Promise<number> {
  let low = 0;
  let high = days.length;
  // The first day whose first tile is `tile` or later: the one before it is the first that can have it.
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    let at = middle;
    let first: number | null = null;
    while (at < high && (first = await firstTile(place, log, days[at] ?? 0)) === null) at += 1;
    if (first === null || first >= tile) high = middle;
    else low = at + 1;
  }
  // Days without files between are passed over.
  let before = low - 1;
  while (before > 0 && (await firstTile(place, log, days[before] ?? 0)) === null) before -= 1;
  return Math.max(before, 0);
}

async function firstTile(place: string, log: LogName, day: number): Promise<number | null> {
  let first: number | null = null;
  for (const kind of kinds) {
    const tile = await firstIn(kindFolder(place, log, day, kind), 0);
    if (tile !== null && (first === null || tile < first)) first = tile;
  }
  return first;
}

/** The smallest number below a folder. Only from a million tiles on does a folder with a smaller name hold larger numbers; then all are asked. */
async function firstIn(folder: string, above: number): Promise<number | null> {
  let first: number | null = null;
  for (const { name, deeper, value } of sorted(await names(folder))) {
    const found = deeper ? await firstIn(`${folder}/${name}`, (above + value) * 1000) : above + value;
    if (found !== null && found < 1_000_000) return found;
    if (found !== null && (first === null || found < first)) first = found;
  }
  return first;
}

/** The tile numbers below a folder, in order. */
async function listTiles(folder: string): Promise<number[]> {
  return (await tilesBelow(folder, 0)).sort((a, b) => a - b);
}

async function tilesBelow(folder: string, above: number): Promise<number[]> {
  const found: number[] = [];
  for (const { name, deeper, value } of sorted(await names(folder))) {
    if (deeper) found.push(...(await tilesBelow(`${folder}/${name}`, (above + value) * 1000)));
    else found.push(above + value);
  }
  return found;
}

/** Files first: they have the smaller numbers. `x000` is no step that a path begins with, so what is below one is never smaller. */
function sorted(found: readonly string[]): { readonly name: string; readonly deeper: boolean; readonly value: number }[] {
  return found.filter((name) => /^x?\d{3}$/.test(name))
    .map((name) => ({ name, deeper: name.startsWith('x'), value: Number(name.slice(-3)) }))
    .sort((a, b) => Number(a.deeper) - Number(b.deeper) || a.value - b.value);
}

/** The tiles of one day with the kinds that have files of them, in order of tiles. */
async function tilesOf(place: string, log: LogName, day: number): Promise<readonly [number, RecordKind[]][]> {
  const found = new Map<number, RecordKind[]>();
  for (const kind of kinds) {
    for (const tile of await listTiles(kindFolder(place, log, day, kind))) {
      const present = found.get(tile);
      if (present === undefined) found.set(tile, [kind]);
      else present.push(kind);
    }
  }
  return [...found].sort(([a], [b]) => a - b);
}

async function names(folder: string): Promise<readonly string[]> {
  return await readdir(folder).catch((error: unknown) => absent(error, []));
}

async function contents(path: string): Promise<Buffer | null> {
  return await readFile(path).catch((error: unknown) => absent(error, null));
}

function absent<T>(error: unknown, otherwise: T): T {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT' || code === 'ENOTDIR') return otherwise;
  throw error;
}
