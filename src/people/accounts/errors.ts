import { MendableError } from '../../model/codedError.ts';
import type { AccountErrorCode } from './types.ts';

/** Why something about an account was not done. `message` is one sentence; `mend` says what to do about it. Neither names a person. */
export class AccountError extends MendableError<AccountErrorCode> {
  override readonly name = 'AccountError';
}
