import { CodedError } from '../model/codedError.ts';

/** Why the journal could not promise durability. */
export type JournalErrorCode = 'JOURNAL_WRITE' | 'JOURNAL_CLOSED' | 'JOURNAL_WITNESS' | 'JOURNAL_FULL' | 'JOURNAL_LOCKED' | 'JOURNAL_TOO_LARGE' | 'JOURNAL_CORRUPT' | 'JOURNAL_VERSION';

/** Thrown by a journal. Nothing of the call is acknowledged, whatever reached the disk. */
export class JournalError extends CodedError<JournalErrorCode> {
  override readonly name = 'JournalError';
}
