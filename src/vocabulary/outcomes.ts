import { namesOf, type Words } from './word.ts';

/** What an owner decides about one data class, from the most open to the strictest. */
export type Outcome = 'release' | 'redact' | 'hold' | 'deny';

export const outcomes: Words<Outcome> = {
  release: { plain: 'given in full', source: 'Weir' },
  redact: { plain: 'given in a reduced form', source: 'Weir' },
  hold: { plain: 'kept back until a person has decided', source: 'Weir' },
  deny: { plain: 'refused', source: 'Weir' },
};

export const outcomeOrder: readonly Outcome[] = namesOf(outcomes);

/** The stricter of two outcomes: release < redact < hold < deny. */
export function stricter(a: Outcome, b: Outcome): Outcome {
  return outcomeOrder.indexOf(a) >= outcomeOrder.indexOf(b) ? a : b;
}

/** What one owner answers to one inquiry as a whole. */
export type AnswerStatus = 'answered' | 'answeredInPart' | 'held' | 'refused' | 'noRecord' | 'unavailable';

export const answerStatuses: Words<AnswerStatus> = {
  answered: { plain: 'everything that was asked for and exists was given', source: 'Weir' },
  answeredInPart: { plain: 'some was given; the rest was reduced, held or refused', source: 'Weir' },
  held: { plain: 'a person will decide; a ticket says until when', source: 'Weir' },
  refused: { plain: 'the rules of the owner refuse it', source: 'Weir' },
  noRecord: { plain: 'the owner looked and has no such record', source: 'Nlets NOT ON FILE' },
  unavailable: { plain: 'the owner could not look', source: 'Nlets FILE NOT AVAILABLE' },
};

/** A named way to reduce one class of data. */
export type Treatment = 'reduced' | 'county' | 'state' | 'year' | 'lastFour' | 'initials';

export const treatments: Words<Treatment> = {
  reduced: { plain: 'a small grey picture, enough to compare with a face but not to search by', source: 'Weir' },
  county: { plain: 'only the county and the state', source: 'Weir' },
  state: { plain: 'only the state', source: 'Weir' },
  year: { plain: 'only the year', source: 'Weir' },
  lastFour: { plain: 'only the last four characters', source: 'Weir' },
  initials: { plain: 'only the initials', source: 'Weir' },
};
