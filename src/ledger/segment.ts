import { open as openForReading } from 'node:fs/promises';
import type { JournalFs } from './files.ts';
import { writeAll } from './files.ts';
import { encodeSegmentHead, frameTailBytes, link, sectorBytes, segmentName } from './format.ts';

const nextName = 'next.tmp';
/** Written and taken back after a failure, to see whether the disk takes anything: about a full batch. */
const probe = Buffer.alloc(1024 * 1024);

/** The file at the end of the journal, open for writing. */
export class Segment {
  readonly name: string;
  readonly #fs: JournalFs;
  readonly #folder: string;
  #descriptor: number | null;
  #offset: number;

  private constructor(fs: JournalFs, folder: string, name: string, descriptor: number, offset: number) {
    this.#fs = fs;
    this.#folder = folder;
    this.name = name;
    this.#descriptor = descriptor;
    this.#offset = offset;
  }

  /**
   * Makes a new segment: it stands under its name only when its head is durable, and is used only when its name is.
   * May be repeated after a failure at any of its steps. Returns the chain hash that its head gives.
   */
  static async create(fs: JournalFs, folder: string, firstIndex: number, previous: Buffer, now: number): Promise<{ segment: Segment; chain: Buffer }> {
    const head = encodeSegmentHead({ firstIndex, previous, created: now });
    const name = segmentName(firstIndex);
    const descriptor = await fs.open(`${folder}/${nextName}`, 'w+', 0o600);
    try {
      await writeAll(fs, descriptor, head, 0);
      await fs.fdatasync(descriptor);
      await fs.rename(`${folder}/${nextName}`, `${folder}/${name}`);
      await fs.syncFolder(folder);
    } catch (error) {
      await fs.close(descriptor).catch(() => undefined);
      throw error;
    }
    return { segment: new Segment(fs, folder, name, descriptor, sectorBytes), chain: link(previous, head) };
  }

  /** Opens the segment that recovery found to be the last. `offset` is where its whole batches end. */
  static async reopen(fs: JournalFs, folder: string, name: string, offset: number): Promise<Segment> {
    return new Segment(fs, folder, name, await fs.open(`${folder}/${name}`, 'r+', 0o600), offset);
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
   * After a failure: opens the file anew, makes sure that it is the one whose last batch ended with `chain`, takes away what the failed
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
    if (this.#offset === sectorBytes) return;
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
