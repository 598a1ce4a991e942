import { CodedError } from '../../model/codedError.ts';

/** What can be wrong with a witness's own folder, its key or its settings. What a request gets wrong is an answer, not an error. */
export type WitnessErrorCode =
  /** There is no key, or the file is none. */
  | 'WITNESS_KEY'
  /** A key is there already; one witness has one key for its whole life. */
  | 'WITNESS_HAS_KEY'
  /** A name that cannot stand in a note. */
  | 'WITNESS_NAME'
  /** The list of logs cannot be read, or a key in it is not the key of a log. */
  | 'WITNESS_LOGS'
  /** What was kept for a log is missing or altered. Starting again from nothing could sign a second history. */
  | 'WITNESS_STATE'
  /** The policy that names the witnesses cannot be used. */
  | 'WITNESS_POLICY'
  /** Another process uses the folder. */
  | 'WITNESS_LOCKED'
  /** The port cannot be had. */
  | 'WITNESS_LISTEN';

export class WitnessError extends CodedError<WitnessErrorCode> {
  override readonly name = 'WitnessError';
  /** What to do about it, in one sentence. */
  readonly mend: string | null;

  constructor(code: WitnessErrorCode, message: string, mend: string | null = null, options?: ErrorOptions) {
    super(code, message, options);
    this.mend = mend;
  }
}
