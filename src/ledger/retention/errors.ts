import { CodedError } from '../../model/codedError.ts';

/**
 * `RETENTION_SHORT`: less than a year is asked for. `RETENTION_HELD`: a legal hold covers it. `RETENTION_WAL`: the write-ahead file still has it.
 * `RETENTION_OPEN`: its day is not over, or has no index yet. `RETENTION_ENTRY`: there is no such entry. `RETENTION_INPUT`: an order or day that is none.
 */
export type RetentionErrorCode = 'RETENTION_SHORT' | 'RETENTION_HELD' | 'RETENTION_WAL' | 'RETENTION_OPEN' | 'RETENTION_ENTRY' | 'RETENTION_INPUT';

/** Something is not erased, or not held, and why. */
export class RetentionError extends CodedError<RetentionErrorCode> {
  override readonly name = 'RetentionError';
}
