import { mkdir, open, readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { diskFs, replaceFile } from '../../ledger/files.ts';
import type { Lack } from '../archive/types.ts';
import { ImportError } from './errors.ts';
import { Seen } from './seen.ts';
import type { TallyState } from './tally.ts';

/** Where in a file the next entry begins, and by what the file is known again. */
export interface Position {
  /** Bytes of the text: of a compressed file, as it is unpacked. */
  readonly offset: number;
  /** Lines of this file before it. */
  readonly line: number;
  /** Lines of entries of this file before it, for the counts of trailers. */
  readonly entries: number;
  /** The columns of a table; null where none were read yet, or the mapping names them. */
  readonly columns: readonly string[] | null;
  /** The time of the entry before, milliseconds. */
  readonly last: number;
  /** A keyed hash of the bytes before `offset`, and how many of them. */
  readonly mark: string;
  readonly marked: number;
  /** Device and inode of a file that is followed; null of others. */
  readonly inode: string | null;
}

/** One file of a log. */
export interface Source {
  /** Its name without folders. */
  readonly file: string;
  /** Of the file as it lies there, hexadecimal; of one that is followed, null. */
  readonly sha256: string | null;
  /** SHA-256 of the text of the mapping. */
  readonly mapping: string;
  readonly registry: { readonly version: number; readonly hash: string };
  /** The first index of its lines in the data set. */
  readonly from: number;
  /** RFC 3339. */
  readonly began: string;
  readonly ended: string | null;
  /** Why it is not read on: all was read, or it was cut off by whoever keeps the log. */
  readonly end: 'whole' | 'rotated' | 'truncated' | null;
  readonly tally: TallyState;
  readonly position: Position;
  /** How many of its lines stand in the anchor log of the ledger. */
  readonly recorded: number;
}

/** `sources.json`: what was imported into one owner's part of a data set, and how far. Says nothing of what stands in a line. */
export interface ImportState {
  readonly weirImport: 1;
  readonly owner: string;
  /** Who imported it: an office. */
  readonly by: string;
  readonly lacks: readonly Lack[];
  /** The index of the next line. */
  readonly lines: number;
  readonly sources: readonly Source[];
  /** What is in the files of hashes: the newer generation, and how many are in both. */
  readonly seen: { readonly within: number; readonly generation: number; readonly before: number; readonly now: number };
  /** What holds once the archive is sealed up to `lines` of it; written before the sealing, so that the two cannot part. */
  readonly sealing?: Omit<ImportState, 'sealing'>;
}

/** The state after a run that may have been cut short: what was to hold after a sealing holds where the archive has it. */
export function settled(state: ImportState, next: number): ImportState {
  const { sealing, ...before } = state;
  return sealing !== undefined && next >= sealing.lines ? sealing : before;
}

/** The folder of `sources.json`. */
export function stateFolder(dataset: string, owner: string): string {
  return join(dataset, 'import', owner);
}

/** Null where nothing was imported yet. Throws `IMPORT_STATE` where it cannot be read. */
export async function readState(folder: string): Promise<ImportState | null> {
  const path = join(folder, 'sources.json');
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw new ImportError('IMPORT_STATE', `${path} cannot be read`, { cause: error });
  }
  try {
    const found = JSON.parse(text) as Partial<ImportState> | null;
    if (found?.weirImport === 1 && typeof found.lines === 'number' && Array.isArray(found.sources) && found.seen !== undefined) return found as ImportState;
  } catch {
    // Said below.
  }
  throw new ImportError('IMPORT_STATE', `${path} is no record of an import, or one of a newer Weir`);
}

/** The hashes by which duplicates are known, kept beside the state: one file for each generation, of which only as much counts as the state says. */
export class SeenFiles {
  readonly #folder: string;
  readonly seen: Seen;

  private constructor(folder: string, seen: Seen) {
    this.#folder = folder;
    this.seen = seen;
  }

  static async open(folder: string, within: number, state: ImportState | null): Promise<SeenFiles> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const seen = new Seen(within);
    const kept = state?.seen;
    if (kept !== undefined) {
      const [before, now] = [await readHashes(folder, kept.generation - 1, kept.before), await readHashes(folder, kept.generation, kept.now)];
      seen.restore(kept.generation, before, now);
    }
    for (const name of await readdir(folder)) {
      const generation = Number(/^seen\.(\d+)$/.exec(name)?.[1] ?? NaN);
      if (generation > (kept?.generation ?? -1)) await rm(join(folder, name));
    }
    return new SeenFiles(folder, seen);
  }

  /** Writes what is new, durably. */
  async save(): Promise<void> {
    for (const { generation, hashes } of this.seen.added()) {
      const file = await open(join(this.#folder, `seen.${generation}`), 'a', 0o600);
      try {
        await file.writeFile(Buffer.from(hashes.buffer, hashes.byteOffset, hashes.byteLength));
        await file.datasync();
      } finally {
        await file.close();
      }
    }
  }

  /** Takes away generations that are forgotten; after the state that no longer names them. */
  async clean(): Promise<void> {
    for (const name of await readdir(this.#folder)) {
      if (Number(/^seen\.(\d+)$/.exec(name)?.[1] ?? Infinity) < this.seen.generation - 1) await rm(join(this.#folder, name));
    }
  }
}

/** Replaces `sources.json`, whole or not at all. */
export async function writeState(folder: string, state: ImportState): Promise<void> {
  await replaceFile(diskFs, folder, 'sources.json', Buffer.from(`${JSON.stringify(state, null, 1)}\n`));
}

/** What is behind the part that counts was written before a crash, and is cut off. */
async function readHashes(folder: string, generation: number, count: number): Promise<Uint32Array> {
  if (count === 0 && generation < 0) return new Uint32Array(0);
  const file = await open(join(folder, `seen.${generation}`), count === 0 ? 'a+' : 'r+').catch((cause: unknown) => {
    throw new ImportError('IMPORT_STATE', `the hashes by which duplicates are known are gone from ${folder}`, { cause });
  });
  try {
    const bytes = Buffer.alloc(count * 8);
    const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
    if (bytesRead < bytes.length) throw new ImportError('IMPORT_STATE', `the hashes by which duplicates are known are cut short in ${folder}`);
    await file.truncate(bytes.length);
    return new Uint32Array(bytes.buffer, bytes.byteOffset, count * 2);
  } finally {
    await file.close();
  }
}
