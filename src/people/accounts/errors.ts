import type { AccountErrorCode } from './types.ts';

/** Why something about an account was not done. `message` is one sentence; `mend` says what to do about it. Neither names a person. */
export class AccountError extends Error {
  override readonly name = 'AccountError';
  readonly code: AccountErrorCode;
  readonly mend: string;

  constructor(code: AccountErrorCode, message: string, mend: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.mend = mend;
  }
}
