import { CodedError } from '../../model/codedError.ts';

export type ExportErrorCode =
  /** The folder is there already, or cannot be written. */
  | 'EXPORT_FOLDER'
  /** Who, why, expiry or licence are not words that a person can read years later. */
  | 'EXPORT_REQUEST'
  /** The export could not be recorded, and so nothing was written. */
  | 'EXPORT_RECORD'
  /** The archive gave another number of rows than were recorded. */
  | 'EXPORT_ROWS';

export class ExportError extends CodedError<ExportErrorCode> {
  override readonly name = 'ExportError';
}
