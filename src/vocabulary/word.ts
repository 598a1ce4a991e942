/**
 * One word of the vocabulary: what it means in one plain line, and where it comes from.
 * `source` is a statute, a published format, or "Weir" where the word is our own.
 */
export interface Word {
  readonly plain: string;
  readonly source: string;
}

/** A closed list of words, keyed by the word itself. */
export type Words<Name extends string> = Readonly<Record<Name, Word>>;

/** The names of a closed list, in the order in which it was written. */
export function namesOf<Name extends string>(words: Words<Name>): readonly Name[] {
  return Object.keys(words) as Name[];
}

/** True where `text` is one of the names of the list: the guard for input from outside. */
export function isNameOf<Name extends string>(words: Words<Name>, text: unknown): text is Name {
  return typeof text === 'string' && Object.hasOwn(words, text);
}
