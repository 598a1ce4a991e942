/** What becomes of each line of a log. The three lists are closed: a report has no other words. */

/** Lines that are no entries. */
export const skips = {
  blank: 'empty lines',
  header: 'headers of columns, also where one is repeated',
  preamble: 'lines before the first entry that the mapping skips',
  comment: 'comments',
  trailer: 'trailers',
  rule: 'lines that a rule of the mapping skips',
  notRequest: 'messages that are no request for driver or vehicle records',
  continued: 'further lines of entries that have several',
} as const;
export type Skip = keyof typeof skips;

/** Why a line is not archived. */
export const refusals = {
  badEncoding: 'bytes that are no text in the encoding of the mapping',
  tooLong: 'longer than an entry can be',
  badQuote: 'a quotation mark that does not end, or stands inside a value',
  wrongColumns: 'not as many columns as there should be',
  badJson: 'not a JSON object',
  badMessage: 'not a message of the network',
  missingTime: 'no time',
  badTime: 'a time that is not of the form in the mapping, or no day of the calendar',
  timeInGap: 'a time that the clocks jumped over when daylight saving began',
  timeOutOfRange: 'a time before the earliest or after the latest that is possible',
  missingOri: 'no ORI of the asker',
  malformedOri: 'an ORI that is not nine letters and digits',
  missingKey: 'no message key',
  unknownKey: 'a message key or transaction code that the mapping does not know',
  wrongOwner: 'of another owner than this import is for',
  unknownStatus: 'a word for what came of it that the mapping does not know',
  badCount: 'a number of records that is none',
  missingId: 'no number of the entry, by which duplicates are known',
} as const;
export type Refusal = keyof typeof refusals;

/** What is not as it should be in lines that are archived all the same. A line can have several. */
export const remarks = {
  unknownOri: 'the registry does not know the ORI: its attributes are undeclared',
  inactiveOri: 'the registry has the ORI as no longer active: its attributes are undeclared',
  oriMended: 'an ORI in small letters, mended',
  oriPadded: 'an ORI of seven characters, of which the registry has exactly one of nine',
  badBehalf: 'the agency for which it was asked is not given as an ORI: left out',
  timeTwice: 'a time that the clocks went through twice when daylight saving ended',
  unknownPurpose: 'a purpose that the mapping does not know: kept as not stated',
  unknownCourt: 'a court that the mapping does not know: kept as not stated',
  unknownClass: 'a class of data that the mapping does not know: left out',
  badSubject: 'a person or thing asked for that cannot be read: no tag',
  trailerCount: 'a trailer that counts other than the lines before it',
} as const;
export type Remark = keyof typeof remarks;

export type Reason = Skip | Refusal | Remark | 'archived' | 'duplicate';
