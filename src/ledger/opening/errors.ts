import { CodedError } from '../../model/codedError.ts';

export type OpeningErrorCode =
  /** No checkpoint covers the opening's own entry in time. */
  | 'OPENING_NOT_COVERED'
  /** An entry was erased between the record of the opening and the bundle. */
  | 'OPENING_ERASED'
  /** What was asked for is not of the form that it must have. */
  | 'OPENING_REQUEST';

/** An opening that could not be made. What may not be opened is no error: `makeOpening` answers with a refusal. */
export class OpeningError extends CodedError<OpeningErrorCode> {
  override readonly name = 'OpeningError';
}
