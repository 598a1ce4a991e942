import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JournalFs } from './files.ts';
import { diskFs } from './files.ts';

/** What tests of this room share. */

/** A fresh folder under the system's temporary one; the returned function takes it away. */
export function temporaryFolder(): { folder: string; remove: () => void } {
  const root = mkdtempSync(join(tmpdir(), 'weir-ledger-'));
  return { folder: join(root, 'journal'), remove: () => rmSync(root, { recursive: true, force: true }) };
}

export type FsCall = keyof JournalFs;

/**
 * The disk, with `before` and `after` called around every call that changes it. Where `before` throws, nothing was done;
 * where `after` throws, it was done and the caller is told that it failed.
 */
export function watchedFs(before: (call: FsCall) => void | Promise<void>, after: (call: FsCall) => void | Promise<void> = () => undefined): JournalFs {
  const watch = <A extends unknown[], R>(call: FsCall, work: (...given: A) => Promise<R>) => async (...given: A): Promise<R> => {
    await before(call);
    const result = await work(...given);
    await after(call);
    return result;
  };
  return {
    open: watch('open', diskFs.open),
    write: watch('write', diskFs.write),
    fdatasync: watch('fdatasync', diskFs.fdatasync),
    ftruncate: watch('ftruncate', diskFs.ftruncate),
    close: watch('close', diskFs.close),
    rename: watch('rename', diskFs.rename),
    unlink: watch('unlink', diskFs.unlink),
    syncFolder: watch('syncFolder', diskFs.syncFolder),
  };
}

/** As the system reports a failing disk. */
export function diskError(code: 'EIO' | 'ENOSPC'): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: injected`), { code });
}

/** The code of the error that a promise rejects with, or 'none'. */
export async function codeOf(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
    return 'none';
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
}

/** All that a generator gives. */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}
