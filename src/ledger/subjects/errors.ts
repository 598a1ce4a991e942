import { CodedError } from '../../model/codedError.ts';

/**
 * `EPOCH_DAMAGED`: a file of the index is not what the anchor log says, or is not there. `EPOCH_OPEN`: a day that is needed is not closed yet.
 * `EPOCH_RECORDS`: entries of the day are missing from the private files. `ANCHOR`: an entry of the anchor log says what cannot be.
 * `REPORT`: what the report was asked for makes no sense.
 */
export type SubjectsErrorCode = 'EPOCH_DAMAGED' | 'EPOCH_OPEN' | 'EPOCH_RECORDS' | 'ANCHOR' | 'REPORT';

/** The index of subjects, or a report from it, cannot be made. Never names a subject. */
export class SubjectsError extends CodedError<SubjectsErrorCode> {
  override readonly name = 'SubjectsError';
}
