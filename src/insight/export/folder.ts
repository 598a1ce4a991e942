import { createHash, type Hash } from 'node:crypto';
import { closeSync, createReadStream, existsSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { mkdtemp, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { openEngine, sqlText } from '../archive/engine.ts';
import type { ExportColumn } from './columns.ts';
import { ExportError } from './errors.ts';

/** A file of an export. */
export interface ExportFile {
  readonly path: string;
  readonly bytes: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

/** A folder that appears whole under its name, or not at all. Only its owner may read it. */
export interface NewFolder {
  /** Where files are written until `keep`. */
  readonly making: string;
  /** Gives it its name, durably. Throws `EXPORT_FOLDER` where that was taken meanwhile. */
  keep(): Promise<void>;
  /** Deletes what was made. May be repeated, and does nothing after `keep`. */
  drop(): Promise<void>;
}

/** Begins a folder beside its place. Throws `EXPORT_FOLDER` where something is there already, or nothing can be written there. */
export async function beginFolder(out: string): Promise<NewFolder> {
  const place = resolve(out);
  if (existsSync(place)) throw new ExportError('EXPORT_FOLDER', `${out} is there already`);
  const making = await mkdtemp(join(dirname(place), `.${basename(place)}.part-`)).catch((cause: unknown) => {
    throw new ExportError('EXPORT_FOLDER', `${dirname(place)} is no folder that can be written to: ${(cause as NodeJS.ErrnoException).code ?? 'unknown'}`, { cause });
  });
  let kept = false;
  return {
    making,
    keep: async () => {
      await syncFolder(making);
      // A folder is never renamed onto one that has something in it; an empty one of another's making would be replaced, so that is asked once more.
      if (existsSync(place)) throw new ExportError('EXPORT_FOLDER', `${out} is there already`);
      await rename(making, place);
      kept = true;
      await syncFolder(dirname(place));
    },
    drop: async () => { if (!kept) await rm(making, { recursive: true, force: true }); },
  };
}

/** Writes one file from beginning to end, and hashes what it writes. */
export class FileWriter {
  readonly #name: string;
  readonly #file: number;
  readonly #hash: Hash = createHash('sha256');
  #bytes = 0;

  constructor(folder: string, name: string) {
    this.#name = name;
    this.#file = openSync(join(folder, name), 'wx', 0o600);
  }

  write(text: string): void {
    const bytes = Buffer.from(text, 'utf8');
    for (let at = 0; at < bytes.length;) at += writeSync(this.#file, bytes, at);
    this.#hash.update(bytes);
    this.#bytes += bytes.length;
  }

  /** Makes it durable. */
  end(): ExportFile {
    fsyncSync(this.#file);
    closeSync(this.#file);
    return { path: this.#name, bytes: this.#bytes, sha256: this.#hash.digest('hex') };
  }

  abandon(): void {
    closeSync(this.#file);
  }
}

/** A whole small file. */
export function writeFileAt(folder: string, name: string, text: string): ExportFile {
  const file = new FileWriter(folder, name);
  file.write(text);
  return file.end();
}

const parquetTypes = { string: 'VARCHAR', integer: 'BIGINT', boolean: 'BOOLEAN', datetime: 'TIMESTAMP' } as const;

/** Turns lines of plain CSV without a head into Parquet, in bounded memory, and deletes them. */
export async function toParquet(folder: string, lines: string, name: string, columns: readonly ExportColumn[]): Promise<ExportFile> {
  const engine = await openEngine({ memoryMb: 512 });
  try {
    const connection = await engine.connect();
    const types = columns.map((column) => `${sqlText(column.name)}: '${parquetTypes[column.type]}'`).join(', ');
    await connection.run(`COPY (SELECT * FROM read_csv(${sqlText(join(folder, lines))}, columns = {${types}}, header = false, auto_detect = false, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false))
      TO ${sqlText(join(folder, name))} (FORMAT parquet, COMPRESSION zstd)`);
    connection.closeSync();
  } finally {
    await engine.close();
  }
  await rm(join(folder, lines));
  return sealFile(folder, name);
}

async function sealFile(folder: string, name: string): Promise<ExportFile> {
  const path = join(folder, name);
  const file = await open(path, 'r+', 0o600);
  await file.chmod(0o600);
  await file.sync();
  await file.close();
  const hash = createHash('sha256');
  for await (const bytes of createReadStream(path)) hash.update(bytes as Buffer);
  return { path: name, bytes: (await stat(path)).size, sha256: hash.digest('hex') };
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  await folder.sync();
  await folder.close();
}
