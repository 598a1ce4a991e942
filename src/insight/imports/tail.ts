import { readdir, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { openFile } from './bytes.ts';
import { ImportError } from './errors.ts';
import { markOf } from './reading.ts';
import type { ImportParts, ImportSession, OpenSource } from './session.ts';
import type { Position } from './state.ts';

export interface TailOptions {
  readonly parts: Pick<ImportParts, 'sealer' | 'owner'>;
  /** Resolves when it is to end; what was read by then is durable. */
  readonly stop: Promise<void>;
  /** Looks for new lines as often as this, milliseconds. */
  readonly everyMs?: number;
  /** Seals at least as often as this where there is something new, milliseconds. */
  readonly sealMs?: number;
  /** Seals at once after so many rows. */
  readonly sealRows?: number;
  /** Ends when the end of the file is reached: for a run by a timer. */
  readonly once?: boolean;
  /** Waited for after each time that everything read was made durable. */
  readonly saved?: () => Promise<void>;
  /** Told after each look: lines read so far, and how many were archived. */
  readonly told?: (facts: { readonly read: number; readonly archived: number; readonly event: 'read' | 'rotated' | 'truncated' | 'waiting' }) => void;
}

const chunkBytes = 1 << 18;

/**
 * Follows a log that grows, line by line, each exactly once. A file that was renamed is read to its end first, and found again by its inode after a restart;
 * one that was emptied is begun anew. A line without an end waits for it.
 */
export async function followFile(session: ImportSession, path: string, options: TailOptions): Promise<void> {
  const halt = { now: false };
  void options.stop.then(() => { halt.now = true; });
  const tail = new Tail(session, path, options);
  try {
    await tail.open();
    for (;;) {
      const moved = await tail.look(halt);
      if (halt.now || (options.once === true && !moved)) break;
      if (!moved) await Promise.race([options.stop, pause(options.everyMs ?? 1_000)]);
    }
    await tail.save();
  } finally {
    await tail.close();
  }
}

class Tail {
  readonly #session: ImportSession;
  readonly #path: string;
  readonly #options: TailOptions;
  readonly #room = Buffer.allocUnsafe(chunkBytes);
  #file: FileHandle | null = null;
  #source: OpenSource | null = null;
  #inode: string | null = null;
  /** Bytes of the file that were handed on. */
  #at = 0;
  #savedAt = Date.now();
  #savedRows = 0;
  #savedLines = 0;

  constructor(session: ImportSession, path: string, options: TailOptions) {
    this.#session = session;
    this.#path = path;
    this.#options = options;
  }

  /** Finds the file that was followed before, under its name or, where it was renamed, beside it. */
  async open(): Promise<void> {
    const begun = this.#session.state.sources.find(({ ended, sha256 }) => ended === null && sha256 === null);
    if (begun === undefined || begun.position.inode === null) return this.#begin();
    const found = await this.#find(begun.position);
    if (found === null) {
      // It is gone, or was emptied and written anew: what stood in it after the last look is lost, and the report says that it was cut off.
      this.#source = this.#session.source(basename(this.#path), null);
      await this.#session.save(this.#source, begun.position.inode, 'truncated');
      this.#options.told?.({ ...this.#facts(), event: 'truncated' });
      return this.#begin();
    }
    this.#file = found;
    this.#inode = begun.position.inode;
    this.#source = this.#session.source(basename(this.#path), null);
    this.#at = begun.position.offset;
    await this.#saved();
  }

  /** Reads what is new; true where there was something, or the file changed. */
  async look(halt: { readonly now: boolean }): Promise<boolean> {
    if (this.#file === null || this.#source === null) {
      await this.#begin();
      return this.#file !== null;
    }
    let moved = false;
    for (;;) {
      const { size } = await this.#file.stat();
      if (size < this.#at) return this.#next('truncated');
      // Emptied and grown again beyond where we were between two looks.
      if (size > this.#at && !moved && !(await isSame(this.#file, this.#source.reading.position(null), this.#options.parts))) return this.#next('truncated');
      const { bytesRead } = await this.#file.read(this.#room, 0, chunkBytes, this.#at);
      if (bytesRead === 0) break;
      this.#at += bytesRead;
      moved = true;
      this.#source.reading.take(this.#room.subarray(0, bytesRead), false);
      this.#session.check(this.#source);
      if (this.#source.tally.count('archived') - this.#savedRows >= (this.#options.sealRows ?? 500_000)) await this.save();
      this.#options.told?.({ ...this.#facts(), event: 'read' });
      if (halt.now) return true;
    }
    if (!moved && this.#source.tally.read > this.#savedLines && Date.now() - this.#savedAt >= (this.#options.sealMs ?? 300_000)) await this.save();
    if (!moved) this.#options.told?.({ ...this.#facts(), event: 'waiting' });
    const there = await inodeOf(this.#path);
    // Only where nothing more came: whoever renames a log may write to it for a moment still.
    if (!moved && there !== null && there !== this.#inode) return this.#next('rotated');
    return moved;
  }

  async save(): Promise<void> {
    if (this.#source === null || this.#inode === null || this.#file === null) return;
    if (this.#source.tally.read > this.#savedLines || this.#savedLines === 0) await this.#session.save(this.#source, this.#inode);
    await this.#saved();
  }

  async close(): Promise<void> {
    await this.#file?.close();
    this.#file = null;
  }

  async #begin(): Promise<void> {
    const inode = await inodeOf(this.#path);
    if (inode === null) {
      if (this.#session.state.sources.length === 0) await openFile(this.#path).then((file) => file.close());
      return;
    }
    const file = await openFile(this.#path);
    this.#file = file;
    // The file may have been replaced between the two: the one that is open counts.
    this.#inode = nameOf(await file.stat());
    this.#source = this.#session.source(basename(this.#path), null);
    this.#at = 0;
    await this.#session.save(this.#source, this.#inode);
    await this.#saved();
  }

  /** The file is over: its last line counts, also without an end; then the one under its name is begun. */
  async #next(end: 'rotated' | 'truncated'): Promise<boolean> {
    const source = this.#source as OpenSource;
    if (end === 'rotated') source.reading.take(Buffer.alloc(0), true);
    await this.#session.save(source, this.#inode, end);
    await this.close();
    this.#source = null;
    this.#options.told?.({ ...this.#facts(), event: end });
    await this.#begin();
    return true;
  }

  async #find(position: Position): Promise<FileHandle | null> {
    const folder = dirname(this.#path);
    const name = basename(this.#path);
    const beside = (await readdir(folder).catch(() => [])).filter((one) => one.startsWith(name.replace(/\.[^.]*$/, '')));
    for (const candidate of [this.#path, ...beside.map((one) => join(folder, one))]) {
      if ((await inodeOf(candidate)) !== position.inode) continue;
      const file = await openFile(candidate);
      if (await isSame(file, position, this.#options.parts)) return file;
      await file.close();
    }
    return null;
  }

  async #saved(): Promise<void> {
    this.#savedAt = Date.now();
    this.#savedRows = this.#source?.tally.count('archived') ?? 0;
    this.#savedLines = this.#source?.tally.read ?? 0;
    await this.#options.saved?.();
  }

  #facts(): { readonly read: number; readonly archived: number } {
    const open = this.#source;
    const others = this.#session.state.sources.filter((_, place) => place !== open?.place);
    return {
      read: others.reduce((sum, { tally }) => sum + tally.read, open?.tally.read ?? 0),
      archived: others.reduce((sum, { tally }) => sum + (tally.counts.archived?.count ?? 0), open?.tally.count('archived') ?? 0),
    };
  }
}

/** The bytes before the place where it is to go on are those that were read before it. */
async function isSame(file: FileHandle, { offset, mark, marked }: Position, parts: TailOptions['parts']): Promise<boolean> {
  if ((await file.stat()).size < offset) return false;
  const before = Buffer.alloc(marked);
  const { bytesRead } = await file.read(before, 0, marked, offset - marked);
  return bytesRead === marked && markOf(parts, before) === mark;
}

async function inodeOf(path: string): Promise<string | null> {
  try {
    const found = await stat(path);
    if (found.isDirectory()) throw new ImportError('IMPORT_FILE', `${path} is a folder: name the file to follow`);
    return nameOf(found);
  } catch (error) {
    if (error instanceof ImportError) throw error;
    return null;
  }
}

function nameOf({ dev, ino }: { readonly dev: number; readonly ino: number }): string {
  return `${dev}:${ino}`;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
