import { MendableError } from '../model/codedError.ts';

/** Why the store could not be opened or used. */
export type StoreErrorCode =
  | 'STORE_BINARIES' | 'STORE_USER' | 'STORE_PORT' | 'STORE_DISK_FULL' | 'STORE_NEWER' | 'STORE_PERMISSION' | 'STORE_START' | 'STORE_STOP'
  | 'STORE_BUSY' | 'STORE_UNREACHABLE' | 'STORE_URL' | 'STORE_FOLDER' | 'STORE_SCHEMA_NEWER' | 'STORE_SCHEMA_CHANGED' | 'STORE_MIGRATION';

/** `message` is one sentence without secrets; `mend` says what to do about it. */
export class StoreError extends MendableError<StoreErrorCode> {
  override readonly name = 'StoreError';
}

/**
 * The same fault of the file system in our words: a full disk and a closed folder are told apart from all else.
 * A `StoreError` passes as it is.
 */
export function fileFault(error: unknown, path: string): unknown {
  if (error instanceof StoreError) return error;
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'ENOSPC' || code === 'EDQUOT') return diskFull(path, error);
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return new StoreError('STORE_PERMISSION', `the folder ${path} cannot be written by this user`,
      'Give the folder to the user that runs Weir, or name another with --data.', { cause: error });
  }
  return error;
}

export function diskFull(path: string, cause?: unknown): StoreError {
  return new StoreError('STORE_DISK_FULL', `the disk that holds ${path} is full`,
    'Make room, or put the data folder on another disk with --data.', { cause });
}
