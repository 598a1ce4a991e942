import { hashBytes } from '../../verify/merkle.ts';
import { tilePath, tileWidth } from '../../verify/tilePath.ts';
import { encodePrivate, privateFile } from '../private.ts';
import type { LogName } from '../record.ts';
import { leafData, recordHead } from '../record.ts';
import type { StoredRecord } from '../types.ts';
import { Edge, edgeTiles } from './edge.ts';
import type { PublishFs } from './fs.ts';
import { remove, writeInto } from './fs.ts';
import type { Touched } from './touched.ts';

/** What all logs of a ledger share. */
export interface Disk {
  readonly fs: PublishFs;
  /** The ledger's folder. */
  readonly place: string;
  readonly touched: Touched;
}

/** From where a log's files go on. */
export interface LogStart {
  readonly edge: Edge;
  /** The entry bundle that is not full. */
  readonly bundle: Buffer;
  /** Private files of the tile that is not full, and their bytes. */
  readonly privates: ReadonlyMap<string, number>;
  /** Partial tiles that have a file, by their path in the log. */
  readonly partials: readonly string[];
}

/** Private records that go behind one another into one file. */
interface Appending {
  readonly path: string;
  offset: number;
  readonly parts: Buffer[];
  bytes: number;
}

/** In which file a switch of names is prepared. */
const fresh = 'fresh.tmp';

/**
 * The tiles and private files of one log. `add` only works in memory; `flush` and `writePartials` write, and may be called again where they fail:
 * what they write is a function of the records and their order, so the same bytes come to the same places. One call at a time.
 */
export class LogFiles {
  /** Where others read while files are made anew, each is put in its place as one switch. */
  careful = false;
  readonly #disk: Disk;
  readonly #log: LogName;
  readonly #folder: string;
  readonly #edge: Edge;
  #bundle: Buffer;
  #bundled: number;
  /** Whole tiles and bundles that are not written yet, by path. */
  readonly #whole = new Map<string, Buffer>();
  readonly #appends = new Map<string, Appending>();
  /** Bytes of the private files of the present tile, as they will be. */
  #privates: Map<string, number>;
  /** Private files of the present tile by day and kind. */
  readonly #paths = new Map<number, string>();
  #tile: number;
  /** Partial tiles that may have a file, and whether they are whole. */
  readonly #partials: Map<string, boolean>;

  constructor(disk: Disk, log: LogName, start: LogStart) {
    this.#disk = disk;
    this.#log = log;
    this.#folder = `${disk.place}/log/${log}`;
    this.#edge = start.edge;
    this.#bundle = Buffer.alloc(Math.max(start.bundle.length, 64 * 34));
    this.#bundled = start.bundle.copy(this.#bundle);
    this.#privates = new Map(start.privates);
    // Those of the size at which it starts were read; what others hold is not known.
    const read = new Set(partialPaths(start.edge.size));
    this.#partials = new Map(start.partials.map((path) => [path, read.has(path)]));
    this.#tile = Math.floor(start.edge.size / tileWidth);
  }

  /** Entries, of which all but those that `waiting` are written. */
  get size(): number {
    return this.#edge.size;
  }

  root(): string {
    return this.#edge.root();
  }

  get waiting(): boolean {
    return this.#whole.size > 0 || this.#appends.size > 0;
  }

  /** The next record of the log, whose index is `size`. */
  add(stored: StoredRecord, leaf: string): void {
    this.#addPrivate(stored);
    this.addLeaf(leafData(stored.record), leaf);
  }

  /** The next leaf alone. `data` is copied. */
  addLeaf(data: Buffer, leaf: string): void {
    const end = this.#bundled + 2 + data.length;
    if (end > this.#bundle.length) this.#bundle = Buffer.concat([this.#bundle.subarray(0, this.#bundled)], Math.max(2 * this.#bundle.length, end));
    // C2SP tlog-tiles, "Log entries": "big-endian uint16 length-prefixed".
    this.#bundle.writeUInt16BE(data.length, this.#bundled);
    data.copy(this.#bundle, this.#bundled + 2);
    this.#bundled = end;
    this.#edge.append(leaf, this.#onTile);
  }

  /** Writes private records and whole tiles. */
  async flush(): Promise<void> {
    for (const [path, appending] of this.#appends) {
      await this.#append(appending);
      this.#appends.delete(path);
    }
    for (const [path, bytes] of this.#whole) {
      await this.#write(path, bytes);
      this.#whole.delete(path);
    }
  }

  /** Writes the partial tiles of the present size. */
  async writePartials(): Promise<void> {
    for (const { level, n, width } of edgeTiles(this.size)) {
      await this.#partial(tilePath(level, n, width), this.#edge.partial(level, width));
      if (level === 0) await this.#partial(tilePath('entries', n, width), this.#bundle.subarray(0, this.#bundled));
    }
  }

  /** Takes away the partial tiles that no checkpoint of these sizes needs. */
  async dropPartials(keep: readonly number[]): Promise<void> {
    const needed = new Set(keep.flatMap(partialPaths));
    for (const path of this.#partials.keys()) {
      if (needed.has(path)) continue;
      const full = `${this.#folder}/${path}`;
      await remove(this.#disk.fs, full);
      this.#disk.touched.gone(full);
      this.#partials.delete(path);
      const folder = path.slice(0, path.lastIndexOf('/'));
      if (![...this.#partials.keys()].some((other) => other.startsWith(`${folder}/`))) await this.#disk.fs.rmdir(`${this.#folder}/${folder}`).catch(ignoreFilled);
    }
  }

  /** Puts a small file beside the tiles, as one switch. */
  async put(name: string, text: string): Promise<void> {
    const path = `${this.#folder}/${name}`;
    await writeInto(this.#disk.fs, `${path}.tmp`, 'w', Buffer.from(text), 0);
    // Before the switch, since one that is told to have failed may have been made.
    this.#disk.touched.add(path);
    await this.#disk.fs.rename(`${path}.tmp`, path);
  }

  readonly #onTile = (level: number, n: number, bytes: Buffer): void => {
    this.#whole.set(tilePath(level, n), Buffer.from(bytes));
    if (level > 0) return;
    this.#whole.set(tilePath('entries', n), Buffer.from(this.#bundle.subarray(0, this.#bundled)));
    this.#bundled = 0;
  };

  #addPrivate(stored: StoredRecord): void {
    const { index, record } = stored;
    const tile = Math.floor(index / tileWidth);
    if (tile !== this.#tile) {
      this.#tile = tile;
      this.#privates = new Map();
      this.#paths.clear();
    }
    const path = this.#pathOf(record, tile);
    const bytes = encodePrivate(stored);
    const offset = this.#privates.get(path) ?? 0;
    this.#privates.set(path, offset + bytes.length);
    let appending = this.#appends.get(path);
    if (appending === undefined) this.#appends.set(path, (appending = { path, offset, parts: [], bytes: 0 }));
    appending.parts.push(bytes);
    appending.bytes += bytes.length;
  }

  #pathOf(record: Buffer, tile: number): string {
    // Kind, owner and day, as they stand at the head of a record: the same for nearly all of a tile.
    const key = (record[0] ?? 0) * 0x10000 + record.readUInt16LE(record[0] === 2 ? 1 : 3);
    const known = this.#paths.get(key);
    if (known !== undefined) return known;
    const head = recordHead(record);
    if (head === null) throw new Error('the bytes are no record');
    const path = privateFile(this.#disk.place, this.#log, head.day, head.kind, tile);
    this.#paths.set(key, path);
    return path;
  }

  async #append(appending: Appending): Promise<void> {
    const { path, offset, parts, bytes } = appending;
    this.#disk.touched.add(path);
    const body = parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts, bytes);
    if (offset > 0) {
      try {
        await writeInto(this.#disk.fs, path, 'r+', body, offset);
        return;
      } catch (error) {
        // A day that was erased while its tile was not full: what comes now begins the file anew.
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
        if (this.#privates.has(path)) this.#privates.set(path, (this.#privates.get(path) ?? offset) - offset);
        appending.offset = 0;
      }
    }
    await writeInto(this.#disk.fs, path, 'w', body, 0);
  }

  async #partial(path: string, bytes: Buffer): Promise<void> {
    if (this.#partials.get(path) === true) return;
    this.#partials.set(path, false);
    await this.#write(path, bytes);
    this.#partials.set(path, true);
  }

  async #write(path: string, bytes: Buffer): Promise<void> {
    const { fs, touched } = this.#disk;
    const full = `${this.#folder}/${path}`;
    touched.add(full);
    if (!this.careful) {
      await writeInto(fs, full, 'w', bytes, 0);
      return;
    }
    const temporary = `${this.#folder}/${fresh}`;
    await writeInto(fs, temporary, 'w', bytes, 0);
    await fs.mkdir(full.slice(0, full.lastIndexOf('/')));
    await fs.rename(temporary, full);
  }
}

/** The partial tiles and bundle that a checkpoint of a size needs, by their paths in the log. */
export function partialPaths(size: number): readonly string[] {
  return edgeTiles(size).flatMap(({ level, n, width }) => [tilePath(level, n, width), ...(level === 0 ? [tilePath('entries', n, width)] : [])]);
}

/** Whether an entry bundle is that of these leaf hashes. */
export function bundleOf(bundle: Buffer, leaves: Buffer, leafHashOf: (data: Buffer) => string): boolean {
  let at = 0;
  for (let place = 0; place < leaves.length; place += hashBytes) {
    if (at + 2 > bundle.length) return false;
    const end = at + 2 + bundle.readUInt16BE(at);
    if (end > bundle.length || leafHashOf(bundle.subarray(at + 2, end)) !== leaves.toString('latin1', place, place + hashBytes)) return false;
    at = end;
  }
  return at === bundle.length;
}

/** A folder that is not empty, or gone, is as it should be: another partial tile stands in it, or the step was done before. */
function ignoreFilled(error: unknown): void {
  const code = (error as NodeJS.ErrnoException).code;
  if (code !== 'ENOTEMPTY' && code !== 'EEXIST' && code !== 'ENOENT') throw error;
}
