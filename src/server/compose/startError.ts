import { MendableError } from '../../model/codedError.ts';

/** Why the exchange did not start, where no other room says so. `mend` tells what to do. */
export type StartErrorCode = 'DEMONSTRATION_DATA' | 'REAL_DATA' | 'SOURCE_MAPPING' | 'LEDGER_SETTINGS' | 'LEDGER_KEYS' | 'PEOPLE_TLS';

export class StartError extends MendableError<StartErrorCode> {
  override readonly name = 'StartError';
}
