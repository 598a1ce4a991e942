import { CodedError } from '../../model/codedError.ts';

/** What can be wrong with a key. */
export type KeyErrorCode =
  /** The code of an owner is not one. */
  | 'KEY_OWNER'
  /** The name of a signing key is not one. */
  | 'KEY_NAME'
  /** A file is no key, cut, of another format, or open to others. */
  | 'KEY_FILE'
  /** The key of this owner is not loaded. */
  | 'KEY_OPEN'
  /** A sealed text was altered, or is of another owner. */
  | 'KEY_UNSEAL'
  /** A wrapped key was altered, or is of another owner, day or use than it is given for. */
  | 'KEY_WRAP'
  /** The day key was destroyed, and is never made again. */
  | 'KEY_GONE'
  /** The day key may still be in use, because its day is not over. */
  | 'KEY_DAY'
  /** The custodian does not answer, died, or answers what is no answer. */
  | 'KEY_CUSTODIAN';

/** A key that cannot be used. Never carries key or plain text. */
export class KeyError extends CodedError<KeyErrorCode> {
  override readonly name = 'KeyError';
}
