import { MendableError } from '../model/codedError.ts';

/** Why a listener could not be built or started. */
export type ListenErrorCode =
  | 'PORT_IN_USE' | 'PORT_NOT_ALLOWED' | 'ADDRESS_NOT_AVAILABLE' | 'NOT_LOOPBACK' | 'PLAIN_HTTP_IN_PRODUCTION' | 'BAD_TLS_FILES' | 'LISTEN_FAILED';

/** One sentence for the operator, and the mend. */
export class ListenError extends MendableError<ListenErrorCode> {
  override readonly name = 'ListenError';
}
