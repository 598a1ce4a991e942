import { CodedError } from '../../model/codedError.ts';

/**
 * `ENTRY_ALTERED`: the sealed part is not what was sealed under this key, or was moved to another place.
 * `ENTRY_FORMAT`: the bytes, or what they open to, are no entry.
 * `ENTRY_KEY`: the day key that must seal it is not ready.
 */
export type EntryErrorCode = 'ENTRY_ALTERED' | 'ENTRY_FORMAT' | 'ENTRY_KEY';

/** A record that cannot be made or opened. Never carries key or plain text. */
export class EntryError extends CodedError<EntryErrorCode> {
  override readonly name = 'EntryError';
}
