import { basename } from 'node:path';
import { hashFile, textBytes } from './bytes.ts';
import { ImportError } from './errors.ts';
import type { ImportSession } from './session.ts';

/** How far an import is, over all its files. */
export interface ImportProgress {
  readonly file: string;
  /** Bytes of the files as they lie there. */
  readonly done: number;
  readonly total: number;
  /** Lines of this run. */
  readonly lines: number;
}

/** What became of each file that was given. */
export interface FileResult {
  readonly file: string;
  readonly sha256: string;
  /** `already`: the same file was imported before, and was not read again. */
  readonly state: 'imported' | 'already' | 'stopped';
}

export interface FilesOptions {
  readonly progress?: (progress: ImportProgress) => void;
  /** Ends the run at the next chunk, with all that was read durable. */
  readonly stopped?: () => boolean;
  /** Rows after which the archive is sealed. */
  readonly sealRows?: number;
}

/**
 * Imports whole files, in the order given. A file that was imported before is passed over; one that was cut short is gone on with.
 * Memory does not grow with the files. Throws an `ImportError`; what was sealed before stays.
 */
export async function importFiles(session: ImportSession, paths: readonly string[], { progress, stopped, sealRows = 2_000_000 }: FilesOptions = {}): Promise<readonly FileResult[]> {
  const hashed: { path: string; sha256: string; bytes: number }[] = [];
  for (const path of paths) hashed.push({ path, ...(await hashFile(path)) });
  const twice = hashed.find(({ sha256 }, at) => hashed.findIndex((one) => one.sha256 === sha256) < at);
  if (twice !== undefined) throw new ImportError('IMPORT_FILE', `${twice.path} is given twice`);
  const total = hashed.reduce((sum, { bytes }) => sum + bytes, 0);
  const results: FileResult[] = [];
  let done = 0;
  let lines = 0;
  for (const { path, sha256, bytes } of hashed) {
    const file = basename(path);
    if (session.state.sources.some((one) => one.sha256 === sha256 && one.ended !== null)) {
      results.push({ file, sha256, state: 'already' });
      done += bytes;
      continue;
    }
    const source = session.source(file, sha256);
    const began = source.tally.read;
    let sealed = source.tally.count('archived');
    let halted = false;
    for await (const { chunk, done: at } of textBytes(path, session.state.sources[source.place]?.position.offset ?? 0)) {
      source.reading.take(chunk, false);
      session.check(source);
      if (source.tally.count('archived') - sealed >= sealRows) {
        await session.save(source, null);
        sealed = source.tally.count('archived');
      }
      progress?.({ file, done: done + at, total, lines: lines + source.tally.read - began });
      if (stopped?.() === true) {
        halted = true;
        break;
      }
    }
    if (!halted) source.reading.take(Buffer.alloc(0), true);
    session.check(source);
    if (!halted && (await hashFile(path)).sha256 !== sha256) throw new ImportError('IMPORT_FILE', `${path} changed while it was read: a log that still grows is followed with --tail`);
    await session.save(source, null, halted ? null : 'whole');
    lines += source.tally.read - began;
    done += bytes;
    results.push({ file, sha256, state: halted ? 'stopped' : 'imported' });
    if (halted) break;
  }
  return results;
}
