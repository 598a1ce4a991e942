import type { Sealer } from '../../exchange/ports.ts';
import type { ContentSnapshot } from '../../registry/index.ts';
import { Cutter, type Cut } from './cutter.ts';
import { entryReader, type EntryReader, type LogEntry, type MessageDecoder } from './entry.ts';
import { ImportError } from './errors.ts';
import { framerOf, headerOf, layoutOf, longestEntry, tableLayout, type Layout } from './layout.ts';
import { columnsOf } from './mapping.ts';
import type { Mapping } from './mappingSchema.ts';
import { Oris } from './oris.ts';
import type { Refusal } from './reasons.ts';
import { Rows, type RowWriter } from './rows.ts';
import type { Seen } from './seen.ts';
import type { Position } from './state.ts';
import type { Tally } from './tally.ts';

/** All that a reading of a log needs; the same for all files of an import. */
export interface ReadingParts {
  readonly mapping: Mapping;
  readonly owner: string;
  readonly registry: ContentSnapshot;
  readonly sealer: Sealer;
  readonly decode: MessageDecoder;
  readonly writer: RowWriter;
  readonly seen: Seen;
  /** Milliseconds. */
  readonly now: () => number;
  /** Told of each line that is refused, or is a duplicate: its number in the file from 1, and why. */
  readonly refused?: (file: number, line: number, reason: Refusal | 'duplicate', field: string | null) => void;
}

/** What is shared between the files of one import. */
export interface Shared {
  readonly parts: ReadingParts;
  readonly oris: Oris;
  readonly rows: Rows;
}

export function shareParts(parts: ReadingParts): Shared {
  const oris = new Oris(parts.registry, parts.owner);
  return { parts, oris, rows: new Rows({ ...parts, oris }) };
}

/** Reads one file of a log from a position on, chunk by chunk. Every line of it is counted in `tally` exactly once. */
export class FileReading {
  readonly #shared: Shared;
  readonly #tally: Tally;
  readonly #file: number;
  readonly #name: string;
  /** The index of the first line of the file. */
  readonly #from: number;
  readonly #cutter: Cutter;
  readonly #take: (cut: Cut) => void;
  readonly #byId: boolean | null;
  readonly #entry: LogEntry;
  #layout: Layout | null;
  #read: EntryReader | null = null;
  #columns: readonly string[] | null;
  #header: string | null = null;
  #line: number;
  #entries: number;
  #last: number;

  constructor(shared: Shared, tally: Tally, file: { readonly number: number; readonly name: string; readonly from: number }, position: Position | null) {
    const { mapping } = shared.parts;
    this.#shared = shared;
    this.#tally = tally;
    this.#file = file.number;
    this.#name = file.name;
    this.#from = file.from;
    this.#columns = position?.columns ?? null;
    this.#line = position?.line ?? 0;
    this.#entries = position?.entries ?? 0;
    this.#last = position?.last ?? 0;
    this.#cutter = new Cutter(framerOf(mapping), mapping.encoding ?? 'utf-8', mapping.longest ?? longestEntry, position?.offset ?? 0);
    this.#take = (cut) => this.#entryOf(cut);
    const by = mapping.duplicates?.by ?? (mapping.id === undefined ? 'line' : 'id');
    this.#byId = by === 'none' ? null : by === 'id';
    this.#layout = this.#columns === null ? layoutOf(mapping) : this.#tableOf(this.#columns);
    // Every field is set before an entry is used; this only has the right shape.
    this.#entry = {
      at: 0, who: shared.oris.find('ZZ0000000') as LogEntry['who'], behalf: null, key: 'DQ', image: false, purpose: 'notStated', warrant: 'none', court: 'notStated', caseNumber: 'none', status: 'answered',
      released: null, records: null, subject: null, user: null, userName: null, id: null, remarks: [],
    };
    this.#compile();
  }

  /** The line that comes next, as an index in the data set. */
  get next(): number {
    return this.#from + this.#line;
  }

  get pending(): number {
    return this.#cutter.pending;
  }

  /** Takes bytes as they come. `final`: no more follow. Throws `IMPORT_FILE` where a header lacks a column of the mapping. */
  take(chunk: Buffer, final: boolean): void {
    this.#cutter.feed(chunk, final, this.#take);
  }

  /** Where to go on, once all rows that were given are durable. */
  position(inode: string | null): Position {
    const { before, offset } = this.#cutter;
    return { offset, line: this.#line, entries: this.#entries, columns: this.#columns, last: this.#last, mark: markOf(this.#shared.parts, before), marked: before.length, inode };
  }

  #entryOf(cut: Cut): void {
    const at = this.#line;
    this.#line += cut.lines;
    const fate = this.#fateOf(cut, at);
    if (fate !== null) this.#tally.line(fate, this.#file, at + 1, cut.lines);
  }

  /** What becomes of the entry that begins at line `at` of the file, from 0; null where it counted itself. */
  #fateOf(cut: Cut, at: number): Parameters<Tally['line']>[0] | null {
    const { skip } = this.#shared.parts.mapping;
    if (cut.tooLong) return this.#refuse('tooLong', at, null);
    if (cut.text === null) return this.#refuse('badEncoding', at, null);
    const text = at === 0 && cut.text.charCodeAt(0) === 0xfeff ? cut.text.slice(1) : cut.text;
    if (at < (skip?.first ?? 0)) return 'preamble';
    if (isBlank(text)) return 'blank';
    if (skip?.comments?.some((start) => text.startsWith(start)) === true) return 'comment';
    if (this.#layout === null) {
      this.#readHeader(text);
      return 'header';
    }
    if (skip?.trailers?.some((start) => text.startsWith(start)) === true) {
      this.#checkTrailer(text, at);
      return 'trailer';
    }
    if (this.#columns !== null && this.#isHeader(text)) return 'header';
    this.#entries += 1;
    return this.#readEntry(text, at, cut.lines);
  }

  #readEntry(text: string, at: number, lines: number): 'rule' | 'notRequest' | Refusal | 'archived' | 'duplicate' | null {
    const cells = (this.#layout as Layout).cut(text);
    if (typeof cells === 'string') return this.#refuse(cells, at, null);
    const entry = this.#entry;
    const refused = (this.#read as EntryReader)(cells, entry, this.#last);
    if (refused === 'rule' || refused === 'notRequest') return refused;
    if (refused !== null) return this.#refuse(refused, at, fieldOf[refused] ?? null);
    const { parts, rows } = this.#shared;
    if (this.#byId !== null && !parts.seen.add(parts.sealer.tag(parts.owner, { kind: 'user', ori: '', user: this.#byId ? `id\n${entry.id ?? ''}` : `line\n${text}` }))) {
      parts.refused?.(this.#file, at + 1, 'duplicate', this.#byId ? 'id' : null);
      return 'duplicate';
    }
    this.#last = entry.at;
    rows.add(this.#from + at, entry);
    this.#tally.line('archived', this.#file, at + 1, lines);
    this.#tally.archivedAt(entry.at);
    for (const remark of entry.remarks) this.#tally.remark(remark, this.#file, at + 1);
    if (entry.who.unplaced !== null) this.#tally.unplaced(entry.who.ori);
    return null;
  }

  #refuse(reason: Refusal, at: number, field: string | null): Refusal {
    this.#shared.parts.refused?.(this.#file, at + 1, reason, field);
    return reason;
  }

  #readHeader(text: string): void {
    const columns = headerOf(this.#shared.parts.mapping, text);
    const missing = columnsOf(this.#shared.parts.mapping).find(({ column }) => columns?.includes(column) !== true);
    // The line may be no header, and then it may name a person: nothing of it is repeated.
    if (columns === null || missing !== undefined) {
      throw new ImportError('IMPORT_FILE', `the first line of ${this.#name} is no header with a column \`${missing?.column ?? ''}\`, which the mapping names under \`${missing?.path.join('.') ?? ''}\``);
    }
    this.#columns = columns;
    this.#header = text;
    this.#layout = this.#tableOf(columns);
    this.#compile();
  }

  /** A header that stands in the middle, where several exports were put together. */
  #isHeader(text: string): boolean {
    if (this.#header !== null) return text === this.#header;
    const columns = this.#columns as readonly string[];
    if (!text.includes(columns[0] ?? '') || !text.includes(columns.at(-1) ?? '')) return false;
    const cells = headerOf(this.#shared.parts.mapping, text);
    return cells !== null && cells.length === columns.length && cells.every((cell, place) => cell === columns[place]);
  }

  /** A trailer may count the lines of entries before it, or all lines. */
  #checkTrailer(text: string, at: number): void {
    const stated = /\d[\d,]{0,14}/.exec(text)?.[0];
    if (stated === undefined) return;
    const count = Number(stated.replaceAll(',', ''));
    if (count !== this.#entries && count !== at && count !== at + 1) this.#tally.remark('trailerCount', this.#file, at + 1);
  }

  #tableOf(columns: readonly string[]): Layout {
    return tableLayout(this.#shared.parts.mapping, columns);
  }

  #compile(): void {
    const { parts, oris } = this.#shared;
    if (this.#layout !== null) this.#read = entryReader({ mapping: parts.mapping, layout: this.#layout, owner: parts.owner, oris, decode: parts.decode, now: parts.now });
  }
}

/** A keyed hash of bytes: what is kept of a log must not be found by trying. */
export function markOf({ sealer, owner }: Pick<ReadingParts, 'sealer' | 'owner'>, bytes: Buffer): string {
  return sealer.tag(owner, { kind: 'user', ori: '', user: `bytes\n${bytes.toString('latin1')}` });
}

/** The member of the mapping that a reason is about. */
const fieldOf: Readonly<Partial<Record<Refusal, string>>> = {
  missingTime: 'time', badTime: 'time', timeInGap: 'time', timeOutOfRange: 'time', missingOri: 'ori', malformedOri: 'ori', missingKey: 'key', unknownKey: 'key', wrongOwner: 'owner',
  unknownStatus: 'status', badCount: 'records', missingId: 'id', badMessage: 'message',
};

function isBlank(text: string): boolean {
  return text.length < 200 && text.trim() === '';
}
