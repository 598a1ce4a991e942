import { CodedError } from '../model/codedError.ts';
import type { ContentFault } from './check.ts';

/**
 * `badContent` the rows break an integrity rule ·
 * `noVersion` there is no such version · `badFile` a file is not the kind that was promised ·
 * `columnMissing` a needed column was not found · `unknownOrganisation`, `unknownSuggestion`, `badDate` a value names nothing.
 */
export type RegistryErrorCode =
  | 'badContent' | 'noVersion' | 'badFile' | 'columnMissing' | 'unknownOrganisation' | 'unknownSuggestion' | 'badDate';

/** What the registry could not do. `faults` names the rows where the code is `badContent`. */
export class RegistryError extends CodedError<RegistryErrorCode> {
  override readonly name = 'RegistryError';
  readonly faults: readonly ContentFault[];

  constructor(code: RegistryErrorCode, message: string, faults: readonly ContentFault[] = [], options?: ErrorOptions) {
    super(code, message, options);
    this.faults = faults;
  }
}
