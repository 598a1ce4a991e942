import type { LegacyPurposeMap, Purpose } from '../vocabulary/index.ts';
import type { Inquiry } from '../model/index.ts';

/** Why the request is made: as stated, else as its legacy codes are read, else `notStated`. Nothing is guessed. */
export function purposeOf(inquiry: Inquiry, legacy: LegacyPurposeMap): Purpose {
  if (inquiry.extension.purpose !== null) return inquiry.extension.purpose;
  const byReason = inquiry.reason === null ? 'notStated' : legacy.reason[inquiry.reason];
  if (byReason !== 'notStated') return byReason;
  return inquiry.legacyPurpose === null ? 'notStated' : legacy.purpose[inquiry.legacyPurpose];
}
