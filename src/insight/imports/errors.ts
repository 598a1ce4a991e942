import { CodedError } from '../../model/codedError.ts';

export type ImportErrorCode =
  /** The mapping file is not one. `message` has a line for each problem. */
  | 'IMPORT_MAPPING'
  /** A file cannot be read, or is not what the mapping says: no header with these columns, no gzip. */
  | 'IMPORT_FILE'
  /** The data set is there, and is another kind of thing, of another owner's keys, or was made with a mapping that lacks other things. */
  | 'IMPORT_DATASET'
  /** What was kept of an earlier run does not fit what is there now. */
  | 'IMPORT_STATE'
  /** So much is wrong with the lines that the mapping must be: nothing more is read. */
  | 'IMPORT_HOPELESS'
  /** Lines were not all accounted for. A fault of this program. */
  | 'IMPORT_LOST';

/** A log could not be imported. `message` is a sentence and says nothing of what stands in a line. */
export class ImportError extends CodedError<ImportErrorCode> {
  override readonly name = 'ImportError';
}
