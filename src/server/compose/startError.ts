/** Why the exchange did not start, where no other room says so. `mend` tells what to do. */
export type StartErrorCode = 'DEMONSTRATION_DATA' | 'REAL_DATA' | 'SOURCE_MAPPING' | 'LEDGER_SETTINGS' | 'LEDGER_KEYS' | 'PEOPLE_TLS';

export class StartError extends Error {
  override readonly name = 'StartError';
  readonly code: StartErrorCode;
  readonly mend: string;

  constructor(code: StartErrorCode, message: string, mend: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.mend = mend;
  }
}
