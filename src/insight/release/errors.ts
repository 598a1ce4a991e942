import { CodedError } from '../../model/codedError.ts';

export type ReleaseErrorCode =
  /** The numbers of an earlier release are not those that the archive gives for it now, or a release is missing. */
  | 'RELEASE_HISTORY'
  /** Nothing that could be hidden keeps the hidden numbers from being worked out. */
  | 'RELEASE_UNSAFE'
  /** A period, a threshold or a name that cannot be. */
  | 'RELEASE_QUESTION';

export class ReleaseError extends CodedError<ReleaseErrorCode> {
  override readonly name = 'ReleaseError';
}
