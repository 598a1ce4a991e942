import { isAscii, isUtf8 } from 'node:buffer';
import { TextDecoder } from 'node:util';
import type { Frame, Framer } from './frames.ts';

export type Encoding = 'utf-8' | 'latin1' | 'windows-1252';

/** One entry of a log as text. `text` is null where the bytes are none in the encoding; `tooLong` ones have no text. */
export interface Cut {
  text: string | null;
  tooLong: boolean;
  lines: number;
}

/**
 * Takes the bytes of a log as they come, and gives its entries as text, one by one. Holds at most one chunk and one entry in memory, however long a line is.
 * `offset` is where the next entry begins: a reader that begins there anew gives the same entries.
 */
export class Cutter {
  readonly #framer: Framer;
  readonly #encoding: Encoding;
  readonly #longest: number;
  readonly #windows: TextDecoder | null;
  readonly #frame: Frame = { start: 0, end: 0, next: 0, lines: 0, tooLong: false };
  readonly #cut: Cut = { text: null, tooLong: false, lines: 0 };
  #rest: Buffer = Buffer.alloc(0);
  /** Bytes and lines of an entry without an end that is being passed over. */
  #dropped = 0;
  #droppedLines = 0;
  #offset: number;
  /** The bytes of the entry before `offset`, at most `tailBytes` of them. */
  #last: Buffer = Buffer.alloc(0);

  constructor(framer: Framer, encoding: Encoding, longest: number, offset = 0) {
    this.#framer = framer;
    this.#encoding = encoding;
    this.#longest = longest;
    this.#windows = encoding === 'windows-1252' ? new TextDecoder('windows-1252') : null;
    this.#offset = offset;
  }

  get offset(): number {
    return this.#offset;
  }

  /** The last bytes before `offset`, by which a file is known again. */
  get before(): Buffer {
    return this.#last;
  }

  /** The bytes that were read and are not yet an entry. */
  get pending(): number {
    return this.#rest.length + this.#dropped;
  }

  /** Gives each whole entry to `take`, in order. `final`: no bytes follow, so that what is left is an entry. */
  feed(chunk: Buffer, final: boolean, take: (cut: Cut) => void): void {
    let bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    if (this.#dropped > 0) bytes = this.#pass(bytes, final, take);
    const ascii = isAscii(bytes);
    const text = ascii ? bytes.toString('latin1') : '';
    const frame = this.#frame;
    let at = 0;
    let last = -1;
    while (at < bytes.length && this.#framer(bytes, at, final, frame)) {
      const cut = this.#cut;
      cut.lines = frame.lines;
      cut.tooLong = frame.tooLong;
      cut.text = frame.tooLong ? null : ascii ? text.slice(frame.start, frame.end) : this.#decode(bytes.subarray(frame.start, frame.end));
      take(cut);
      last = at;
      at = frame.next;
    }
    if (last >= 0) {
      this.#offset += at;
      this.#last = Buffer.from(bytes.subarray(Math.max(last, at - tailBytes), at));
    }
    this.#rest = Buffer.from(bytes.subarray(at));
    if (!final && this.#rest.length > this.#longest + 2 && this.#rest.indexOf(newline, this.#rest.length - this.#longest - 2) < 0) this.#drop(this.#rest);
  }

  #decode(bytes: Buffer): string | null {
    if (this.#windows !== null) return this.#windows.decode(bytes);
    if (this.#encoding === 'latin1') return bytes.toString('latin1');
    return isUtf8(bytes) ? bytes.toString('utf8') : null;
  }

  #drop(bytes: Buffer): void {
    this.#dropped += bytes.length;
    for (let at = bytes.indexOf(newline); at >= 0; at = bytes.indexOf(newline, at + 1)) this.#droppedLines += 1;
    this.#rest = Buffer.alloc(0);
  }

  /** Passes over a line that is too long, up to its end. */
  #pass(bytes: Buffer, final: boolean, take: (cut: Cut) => void): Buffer {
    const at = bytes.indexOf(newline);
    if (at < 0 && !final) {
      this.#drop(bytes);
      return Buffer.alloc(0);
    }
    const end = at < 0 ? bytes.length : at + 1;
    this.#offset += this.#dropped + end;
    this.#last = Buffer.from(bytes.subarray(Math.max(0, end - tailBytes), end));
    take({ text: null, tooLong: true, lines: this.#droppedLines + 1 });
    this.#dropped = 0;
    this.#droppedLines = 0;
    return bytes.subarray(end);
  }
}

/** How many bytes before a place are looked at to know a file again. */
export const tailBytes = 4_096;
const newline = 0x0a;
