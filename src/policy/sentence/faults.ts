/** Every way in which a sentence can fail to be read. */
export const sentenceCodes = {
  tooLong: 'the sentence is longer than an item of a policy can be',
  unfinished: 'the sentence ends before it says all that it must',
  unexpected: 'something stands where it cannot',
  repeatedWord: 'one thing is said twice',
  namesNobody: 'agencies are meant, and nothing says which',
  badDate: 'a date is not a day of the calendar',
  badDuration: 'a time is nothing, or longer than a leap year',
  badLimit: 'the number of a limit is nothing or too large',
  badText: 'the name of a desk is empty, too long, or has control characters',
  openQuote: 'a quote is opened and not closed',
  expiresFirst: 'the period ends before it begins',
  tooMany: 'there are more exceptions than an item may have',
} as const;

export type SentenceCode = keyof typeof sentenceCodes;

/** Why a sentence was not read. */
export interface SentenceFault {
  readonly ok: false;
  readonly code: SentenceCode;
  /** The offset in the text, from 0; the length of the text where it ends too early. */
  readonly at: number;
  /** Lower case, no final period, input in backticks. */
  readonly message: string;
  readonly mend: string | null;
  /** A few examples of what could stand at that place; empty where that is not the trouble. */
  readonly expected: readonly string[];
}
