import { MendableError } from '../model/codedError.ts';

/** Why an enrolment, a certificate or a court paper was not taken. */
export type PeopleErrorCode =
  | 'PEOPLE_ORI' | 'PEOPLE_DAYS' | 'PEOPLE_CERTIFICATE' | 'PEOPLE_UNTRUSTED' | 'PEOPLE_EXPIRED' | 'PEOPLE_KNOWN' | 'PEOPLE_UNKNOWN' | 'PEOPLE_AUTHORITY' | 'PEOPLE_ORDER';

/** `message` is one sentence; `mend` says what to do about it. */
export class PeopleError extends MendableError<PeopleErrorCode> {
  override readonly name = 'PeopleError';
}
