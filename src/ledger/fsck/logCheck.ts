import { mkdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { parseBundle } from '../../verify/bundle.ts';
import { indexPath, tilePath, tileWidth } from '../../verify/tilePath.ts';
import { tileWidthAt } from '../../verify/tiles.ts';
import { diskFs, replaceFile } from '../files.ts';
import type { LogName, RecordHead, RecordKind } from '../record.ts';
import { dayText, leafData, leafHash, recordHead } from '../record.ts';
import type { StoredRecord } from '../types.ts';
import { leafHashOf } from './leaf.ts';
import type { Reopened } from './opened.ts';
import type { PrivateRecord } from './privateRecords.ts';
import { PrivateRecords } from './privateRecords.ts';
import type { RebuiltTile } from './rebuild.ts';
import { Rebuild } from './rebuild.ts';
import type { LogSnapshot } from './snapshot.ts';
import { nothing } from './snapshot.ts';
import type { Finding, FindingKind, LogReport } from './types.ts';

const letters: { readonly [K in RecordKind]: string } = { disclosure: 'd', other: 'o', plain: 'p' };
/** Findings of one kind and log that are written out; past that they are counted. */
const mostFindings = 50;

/** Leaves whose record is nowhere, or is missing among the private files where the write-ahead file still has it. */
export interface Absence {
  readonly from: number;
  to: number;
  /** Null where no record says it. */
  readonly day: string | null;
  readonly kind: RecordKind | null;
  /** Between the days of the records before and after it; null where there is none. */
  readonly notBefore: string | null;
  notAfter: string | null;
}

export interface LogCheckOptions {
  readonly ledger: string;
  /** The size of the checkpoint; 0 where there is none. */
  readonly published: number;
  /** Sizes at which the root is wanted. */
  readonly sizes: ReadonlySet<number>;
  /** Opens a record and computes its commitment again; null where nobody gave keys. */
  readonly opens: ((stored: StoredRecord) => Promise<Reopened>) | null;
  /** Told of each plain record of the anchor log. */
  readonly onRecord: (stored: StoredRecord) => void;
  readonly onBytes: (bytes: number) => void;
  /** Files to write anew; null on the first pass, which only looks. */
  readonly mend: ReadonlySet<string> | null;
}

/** Checks one log as its records come, in the order of leaf indices: private files beside the write-ahead file, then tiles and bundles. */
export class LogCheck {
  readonly log: LogName;
  readonly findings: Finding[] = [];
  readonly gaps: Absence[] = [];
  /** In the write-ahead file and not in the private files, though the checkpoint covers it. */
  readonly unfiled: Absence[] = [];
  /** Tiles and bundles that are to be written anew. */
  readonly bad = new Set<string>();
  readonly mended: string[] = [];
  /** The roots at the sizes that were wanted, as latin1 texts; none for a size that the raw entries do not reach. */
  readonly roots = new Map<number, string>();
  readonly #options: LogCheckOptions;
  readonly #snapshot: LogSnapshot;
  readonly #private: PrivateRecords;
  readonly #rebuild = new Rebuild();
  readonly #visited = new Set<string>();
  #bundle: Buffer[] = [];
  #storedBundle: { readonly n: number; readonly entries: readonly Uint8Array[] } | null = null;
  #counts = new Map<FindingKind, number>();
  #files = 0;
  #opened = 0;
  #lastDay = 0;
  #lastSequence = -1;
  #onlyPrivate: number[] = [];

  constructor(snapshot: LogSnapshot, options: LogCheckOptions) {
    this.log = snapshot.log;
    this.#snapshot = snapshot;
    this.#options = options;
    this.#private = new PrivateRecords(options.ledger, snapshot.log, snapshot.parts, options.onBytes);
    if (options.sizes.has(0)) this.roots.set(0, this.#rebuild.root());
  }

  get size(): number {
    return this.#rebuild.size;
  }

  root(): string {
    return this.#rebuild.root();
  }

  /** Sequences that only private files have, since the last call. */
  takeSequences(): readonly number[] {
    const taken = this.#onlyPrivate;
    this.#onlyPrivate = [];
    return taken;
  }

  /** A record of the write-ahead file, in order. */
  async fromWal(stored: StoredRecord): Promise<void> {
    await this.#privateBefore(stored.index, null);
    const beside = await this.#private.peek();
    if (beside?.index === stored.index) {
      this.#private.advance();
      if (beside.sequence !== stored.sequence || !beside.record.equals(stored.record)) this.#find('private', beside.file, `entry ${stored.index} is not the one of the write-ahead file`);
    } else if (stored.index < this.#options.published) this.#absent(this.unfiled, stored.index, recordHead(stored.record));
    await this.#take(stored, null);
  }

  /**
   * Private records before a leaf index, or all. `walEnd` is where the write-ahead file ends where all of it was read: private files cannot have more.
   */
  async #privateBefore(index: number, walEnd: number | null): Promise<void> {
    for (let next = await this.#private.peek(); next !== null && next.index < index; next = await this.#private.peek()) {
      this.#private.advance();
      if (walEnd !== null && next.sequence >= walEnd) this.#find('wal', next.file, `entry ${next.index} has sequence ${next.sequence}, and the write-ahead file ends before ${walEnd}`);
      this.#onlyPrivate.push(next.sequence);
      await this.#take(next, next);
    }
    if (index !== Infinity) await this.#gapTo(index);
  }

  /** After the last record of the write-ahead file. `walEnd` is null where it could not be read to its end. */
  async finish(walEnd: number | null): Promise<void> {
    await this.#privateBefore(Infinity, walEnd);
    const { published } = this.#options;
    if (this.size < published) await this.#gapTo(published);
    for (const tile of this.#rebuild.edge()) await this.#compareTile(tile);
    if (this.#bundle.length > 0) await this.#compare('entries', Math.floor(this.size / tileWidth), this.#bundle);
    for (const [key, widths] of this.#snapshot.tiles) {
      if (this.#visited.has(key)) continue;
      const [level = '', n = ''] = key.split('/');
      for (const width of widths) this.#find('differs', this.#file(level === 'entries' ? level : Number(level), Number(n), width), 'it stands for entries that no raw file has');
    }
    for (const { file, what, torn, tile } of this.#private.faults) {
      // The end of a file that can still grow is cut short while it is written, and after a loss of power.
      if (torn && (tile + 1) * tileWidth > published) continue;
      this.#find('private', file, what);
    }
  }

  report(erased: number): LogReport {
    return { log: this.log, size: this.size, published: this.#snapshot.checkpoint === null ? null : this.#options.published, erased, opened: this.#opened, files: this.#files };
  }

  async #take(stored: StoredRecord, from: PrivateRecord | null): Promise<void> {
    await this.#gapTo(stored.index);
    const { index, record } = stored;
    const file = from?.file ?? 'journal';
    if (index < this.size) {
      this.#find('private', file, `entry ${index} is there a second time`);
      return;
    }
    const head = recordHead(record);
    if (head !== null && head.day < this.#lastDay) this.#find('record', file, `entry ${index} is of a day before that of entry ${index - 1}`);
    if (stored.sequence <= this.#lastSequence) this.#find('private', file, `entry ${index} has sequence ${stored.sequence}, and the one before it ${this.#lastSequence}`);
    this.#lastDay = head?.day ?? this.#lastDay;
    const gap = this.gaps.at(-1);
    if (gap?.to === index) gap.notAfter = dayText(this.#lastDay);
    this.#lastSequence = stored.sequence;
    this.#options.onRecord(stored);
    if (this.#options.opens !== null) {
      const reopened = await this.#options.opens(stored);
      if (reopened === 'good') this.#opened += 1;
      else if (reopened !== 'erased') this.#find('record', file, `entry ${index}: ${reopened.wrong}`);
    }
    await this.#leaf(leafHash(record), leafData(record));
  }

  /** Leaves without a record: hash and data are taken from what is published, and the root tells whether they are right. */
  async #gapTo(index: number): Promise<void> {
    while (this.size < index) {
      const data = await this.#publishedData(this.size);
      if (data === null) {
        this.#find('gap', this.#file('entries', Math.floor(this.size / tileWidth), tileWidth), `entry ${this.size} is in no raw file, and its bundle is not there either`);
        // Without it nothing of the tree can be made again.
        this.#absent(this.gaps, this.size, null);
        await this.#leaf('\0'.repeat(32), Buffer.alloc(0));
        continue;
      }
      this.#absent(this.gaps, this.size, null);
      await this.#leaf(leafHashOf(data), data);
    }
  }

  async #leaf(leaf: string, data: Buffer): Promise<void> {
    const length = Buffer.allocUnsafe(2);
    length.writeUInt16BE(data.length);
    this.#bundle.push(length, data);
    const whole = this.#rebuild.add(leaf);
    if (this.#options.sizes.has(this.size)) this.roots.set(this.size, this.#rebuild.root());
    for (const tile of whole) {
      if (tile.level === 0) {
        await this.#compare('entries', tile.n, this.#bundle);
        this.#bundle = [];
      }
      await this.#compareTile(tile);
    }
  }

  async #compareTile({ level, n, hashes }: RebuiltTile): Promise<void> {
    await this.#compare(level, n, hashes.map((hash) => Buffer.from(hash, 'latin1')));
  }

  /** Every stored width of a tile or bundle against what the raw entries make, and whether what the checkpoint needs is there. */
  async #compare(level: number | 'entries', n: number, pieces: readonly Buffer[]): Promise<void> {
    const each = level === 'entries' ? 2 : 1;
    const count = pieces.length / each;
    const key = `${level}/${n}`;
    this.#visited.add(key);
    const stored = this.#snapshot.tiles.get(key) ?? [];
    const needed = tileWidthAt(level, n, this.#options.published);
    if (needed > 0 && !stored.some((width) => width >= needed) && !(await this.#madeSince(level, n, needed))) {
      this.#find('missing', this.#file(level, n, needed), 'the checkpoint needs it, and it is missing', true);
      await this.#mendFile(level, n, needed, () => Buffer.concat(pieces.slice(0, needed * each)));
    }
    for (const width of stored) {
      const file = this.#file(level, n, width);
      if (width > count) {
        this.#find('differs', file, 'it stands for entries that no raw file has');
        continue;
      }
      const due = width === count ? Buffer.concat(pieces) : Buffer.concat(pieces.slice(0, width * each));
      this.#files += 1;
      const found = await readFile(this.#path(file)).catch(nothing);
      if (found === undefined) {
        if (width === needed && !(await this.#madeSince(level, n, width))) this.#find('missing', file, 'it is gone', true);
        continue;
      }
      if (!found.equals(due)) {
        // Not under the checkpoint yet: it is being written, or its writer was killed, and is written again at the next round.
        if (width > needed && found.length < due.length && due.subarray(0, found.length).equals(found)) continue;
        this.#find('differs', file, found.length === due.length ? `it is not what the raw entries make, from byte ${firstDifference(found, due)} on` : `it has ${found.length} bytes where ${due.length} are due`, true);
        await this.#mendFile(level, n, width, () => due);
      }
    }
  }

  /** Whether a file is there that the list has not: a running exchange makes a wider tile and then takes the narrower ones away. */
  async #madeSince(level: number | 'entries', n: number, width: number): Promise<boolean> {
    for (let wider = width; wider <= tileWidth; wider += 1) if ((await stat(this.#path(this.#file(level, n, wider))).catch(nothing)) !== undefined) return true;
    return false;
  }

  async #mendFile(level: number | 'entries', n: number, width: number, bytes: () => Buffer): Promise<void> {
    const file = this.#file(level, n, width);
    if (this.#options.mend?.has(file) !== true) return;
    const path = this.#path(file);
    await mkdir(dirname(path), { recursive: true });
    await replaceFile(diskFs, dirname(path), basename(path), bytes());
    this.mended.push(file);
  }

  /** The data of a leaf as its bundle has them; null where it has them not. */
  async #publishedData(index: number): Promise<Buffer | null> {
    const n = Math.floor(index / tileWidth);
    if (this.#storedBundle?.n !== n) {
      const width = Math.max(0, ...(this.#snapshot.tiles.get(`entries/${n}`) ?? []));
      const bytes = width === 0 ? undefined : await readFile(this.#path(this.#file('entries', n, width))).catch(nothing);
      this.#storedBundle = { n, entries: bytes === undefined ? [] : (parseBundle(bytes) ?? []) };
    }
    const data = this.#storedBundle.entries[index % tileWidth];
    return data === undefined ? null : Buffer.from(data);
  }

  #absent(list: Absence[], index: number, head: RecordHead | null): void {
    const day = head === null ? null : dayText(head.day);
    const kind = head?.kind ?? null;
    const last = list.at(-1);
    if (last?.to === index && last.day === day && last.kind === kind) last.to = index + 1;
    else list.push({ from: index, to: index + 1, day, kind, notBefore: this.#lastDay === 0 ? null : dayText(this.#lastDay), notAfter: null });
  }

  /** The private file that should have a leaf. */
  privateFile(index: number, day: string, kind: RecordKind): string {
    return `ledger/private/${this.log}/${day}/${letters[kind]}/${indexPath(Math.floor(index / tileWidth))}`;
  }

  #file(level: number | 'entries', n: number, width: number): string {
    return `ledger/log/${this.log}/${tilePath(level, n, width)}`;
  }

  #path(file: string): string {
    return `${this.#options.ledger}/${file.slice('ledger/'.length)}`;
  }

  #find(kind: FindingKind, file: string, what: string, mendable = false): void {
    if (mendable) this.bad.add(file);
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    if (count <= mostFindings) this.findings.push({ kind, file, log: this.log, what });
  }

  /** How many findings of each kind were not written out. */
  get unwritten(): readonly (readonly [FindingKind, number])[] {
    return [...this.#counts].filter(([, count]) => count > mostFindings).map(([kind, count]) => [kind, count - mostFindings]);
  }
}

function firstDifference(a: Buffer, b: Buffer): number {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at += 1;
  return at;
}
