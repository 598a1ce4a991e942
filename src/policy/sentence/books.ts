import {
  affiliationKinds, allDataClasses, allJurisdictions, allPurposes, attributeWords, courtClasses, namesOf, queryKinds, treatmentsOf,
  type AffiliationKind, type CourtClass, type DataClass, type Purpose, type QueryKind, type RequesterAttributes, type Treatment,
} from '../../vocabulary/index.ts';
import { affiliationPhrases, attributePhrases, courtPhrases, courtSets, dataPhrases, purposePhrases, queryPhrases, type AttributePhrases, type SetPhrase } from '../phrases.ts';
import { sayReduced } from '../words.ts';
import { Book } from './book.ts';

/** A closed list as sentences say it: a phrase gives one word or the words of a set, and `order` is the order of the vocabulary. */
export interface WordBook<W extends string> {
  readonly book: Book<readonly W[]>;
  readonly order: readonly W[];
}

export interface Given {
  readonly dataClass: DataClass;
  readonly treatment: Treatment | null;
}

export const dataBook = wordBook(allDataClasses, (word) => dataPhrases[word]);
export const purposeBook = wordBook<Purpose>(allPurposes, (word) => purposePhrases[word]);
export const courtBook = wordBook<CourtClass>(namesOf(courtClasses), (word) => courtPhrases[word], courtSets);
export const queryBook = wordBook<QueryKind>(namesOf(queryKinds), (word) => queryPhrases[word]);
export const affiliationBook = wordBook<AffiliationKind>(namesOf(affiliationKinds), (word) => affiliationPhrases[word]);

/** `home addresses (county only)`: only the treatments that fit a class. */
const reduced: readonly (readonly [string, Given])[] = allDataClasses.flatMap((dataClass) => (treatmentsOf[dataClass] ?? []).map((treatment) => [sayReduced(dataClass, treatment), { dataClass, treatment }] as const));
export const reducedBook = new Book<Given>(reduced);
export const givenBook = new Book<Given>([...allDataClasses.map((dataClass) => [dataPhrases[dataClass], { dataClass, treatment: null }] as const), ...reduced]);

export type Attribute = keyof RequesterAttributes;

/** The words of each attribute. */
export const attributeBooks: Readonly<Record<Attribute, WordBook<string>>> = Object.fromEntries(attributes().map(([name, phrases]) =>
  [name, wordBook(name === 'homeState' ? [...allJurisdictions, ...attributeWords.homeState] : attributeWords[name], phrases.words, phrases.sets)])) as Record<Attribute, WordBook<string>>;

/** What leads to the words of an attribute, by where it stands; `before` is put before each. */
export function leadBook(place: AttributePhrases['place'], before = ''): Book<Attribute> {
  return new Book(attributes().filter(([, phrases]) => phrases.place === place).map(([name, { lead }]) => [`${before}${lead}`, name] as const));
}

function attributes(): readonly (readonly [Attribute, AttributePhrases])[] {
  return Object.entries(attributePhrases) as [Attribute, AttributePhrases][];
}

function wordBook<W extends string>(order: readonly W[], phraseOf: (word: W) => string, sets: readonly SetPhrase[] = []): WordBook<W> {
  const known = (words: readonly string[]) => order.filter((word) => words.includes(word));
  const entries: (readonly [string, readonly W[]])[] = [...order.map((word) => [phraseOf(word), [word]] as const), ...sets.map(({ phrase, words }) => [phrase, known(words)] as const)];
  return { book: new Book(entries), order };
}
