import { open as openForReading } from 'node:fs/promises';
import type { JournalFs } from './files.ts';
import { writeAll } from './files.ts';
import { encodeSegmentHead, encodeState, frameTailBytes, link, sectorBytes, segmentName } from './format.ts';

const nextName = 'next.tmp';
/** Written and taken back after a failure, to see whether the disk takes anything: about a full batch. */
const probe = Buffer.alloc(1024 * 1024);

/** The last segment of a folder, as a check found it. */
export interface Tail {
  readonly file: string;
  /** Where the next batch goes. */
  readonly offset: number;
  /** Where the first batch begins. */
  readonly start: number;
  /** Where the last batch begins; null where there is none. */
  readonly lastFrame: number | null;
  /** Milliseconds since 1970. */
  readonly created: number;
}

/** What stands at the beginning of a new segment. */
export interface Beginning {
  readonly firstSequence: number;
  /** The chain hash before it. */
  readonly previous: Buffer;
  readonly created: number;
  /** The logs as they are then, encoded. */
  readonly state: Buffer;
}

/** The file at the end of the journal, open for writing. */
export class Segment {
  readonly name: string;
  /** Milliseconds since 1970; never before that of the segment before. */
  readonly created: number;
  readonly #fs: JournalFs;
  readonly #folder: string;
  readonly #start: number;
  #descriptor: number | null;
  #offset: number;

  private constructor(fs: JournalFs, folder: string, descriptor: number, tail: Omit<Tail, 'lastFrame'>) {
    this.#fs = fs;
    this.#folder = folder;
    this.name = tail.file;
    this.created = tail.created;
    this.#start = tail.start;
    this.#descriptor = descriptor;
    this.#offset = tail.offset;
  }

  /**
   * Makes a new segment: it stands under its name only when its head and its state frame are durable, and is used only when its name is.
   * May be repeated after a failure at any of its steps. Returns the chain hash that they give.
   */
  static async create(fs: JournalFs, folder: string, { firstSequence, previous, created, state }: Beginning): Promise<{ segment: Segment; chain: Buffer }> {
    const head = encodeSegmentHead({ firstSequence, previous, created });
    const { frame, chain } = encodeState(state, firstSequence, link(previous, head));
    const file = segmentName(firstSequence);
    const descriptor = await fs.open(`${folder}/${nextName}`, 'w+', 0o600);
    try {
      await writeAll(fs, descriptor, Buffer.concat([head, frame]), 0);
      await fs.fdatasync(descriptor);
      await fs.rename(`${folder}/${nextName}`, `${folder}/${file}`);
      await fs.syncFolder(folder);
    } catch (error) {
      await fs.close(descriptor).catch(() => undefined);
      throw error;
    }
    const start = sectorBytes + frame.length;
    return { segment: new Segment(fs, folder, descriptor, { file, start, offset: start, created }), chain };
  }

  /** Opens the segment that recovery found to be the last. */
  static async reopen(fs: JournalFs, folder: string, tail: Tail): Promise<Segment> {
    return new Segment(fs, folder, await fs.open(`${folder}/${tail.file}`, 'r+', 0o600), tail);
  }

  /** True where it has no batch. */
  get empty(): boolean {
    return this.#offset === this.#start;
  }

  /** Where the next batch goes. */
  get offset(): number {
    return this.#offset;
  }

  /** Appends a batch; it is durable when this resolves. Where it rejects, nothing is known of the bytes: `mend` comes next. */
  async append(frame: Buffer): Promise<void> {
    const descriptor = this.#open();
    await writeAll(this.#fs, descriptor, frame, this.#offset);
    await this.#fs.fdatasync(descriptor);
    this.#offset += frame.length;
  }

  /** Writes bytes again that stand at `offset` already, so that they are durable whatever an earlier process was told. */
  async rewrite(bytes: Buffer, offset: number): Promise<void> {
    const descriptor = this.#open();
    await writeAll(this.#fs, descriptor, bytes, offset);
    await this.#fs.fdatasync(descriptor);
  }

  /** Cuts off everything after the last durable batch. */
  async truncate(): Promise<void> {
    const descriptor = this.#open();
    await this.#fs.ftruncate(descriptor, this.#offset);
    await this.#fs.fdatasync(descriptor);
  }

  /**
   * After a failure: opens the file anew, makes sure that it is the one whose last batch, or state frame, ended with `chain`, takes away what the failed
   * batch left, and tries whether the disk takes a write. Rejects where it does not.
   */
  async mend(chain: Buffer): Promise<void> {
    await this.close().catch(() => undefined);
    const path = `${this.#folder}/${this.name}`;
    await this.#compare(path, chain);
    this.#descriptor = await this.#fs.open(path, 'r+', 0o600);
    await this.truncate();
    await writeAll(this.#fs, this.#descriptor, probe, this.#offset);
    await this.#fs.fdatasync(this.#descriptor);
    await this.truncate();
    await this.#fs.syncFolder(this.#folder);
  }

  async close(): Promise<void> {
    const descriptor = this.#descriptor;
    this.#descriptor = null;
    if (descriptor !== null) await this.#fs.close(descriptor);
  }

  async #compare(path: string, chain: Buffer): Promise<void> {
    const file = await openForReading(path, 'r');
    try {
      const tail = Buffer.alloc(frameTailBytes);
      await file.read(tail, 0, tail.length, this.#offset - tail.length);
      if (!tail.subarray(0, 32).equals(chain)) throw new Error('the journal on the disk is not the one that was written');
    } finally {
      await file.close();
    }
  }

  #open(): number {
    if (this.#descriptor === null) throw new Error('the segment is closed');
    return this.#descriptor;
  }
}
