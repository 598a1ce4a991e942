import { CodedError } from '../model/codedError.ts';

export type SourcesErrorCode = 'MAPPING_INVALID' | 'OWNER_TWICE' | 'CONNECTION_UNKNOWN' | 'CONNECTION_INVALID';

/** The sources cannot be opened as the mappings and settings stand. The message is for the operator and repeats no address. */
export class SourcesError extends CodedError<SourcesErrorCode> {
  override readonly name = 'SourcesError';
}
