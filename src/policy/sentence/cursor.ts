import { quote } from '../findings.ts';
import { nearest } from '../suggest.ts';
import type { Book } from './book.ts';
import type { SentenceCode, SentenceFault } from './faults.ts';
import { tokensOf, type Token } from './tokens.ts';

const shown = 6;

/**
 * A place in a sentence that is being read. After the first fault nothing is taken any more, so that readers need not look at each step.
 * Remembers what was tried at the farthest place reached: that is where a sentence that cannot be read goes wrong.
 */
export class Cursor {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #at = 0;
  #farthest = 0;
  #wanted: (readonly string[])[] = [];
  #fault: SentenceFault | null = null;

  constructor(text: string) {
    this.#text = text;
    const [first, ...others] = tokensOf(text);
    this.#tokens = first === undefined ? [] : [{ ...first, text: first.text.charAt(0).toLowerCase() + first.text.slice(1) }, ...others];
  }

  get fault(): SentenceFault | null {
    return this.#fault;
  }

  get atEnd(): boolean {
    return this.#at >= this.#tokens.length;
  }

  /** The offset in the text of what comes next. */
  get place(): number {
    return this.#placeOf(this.#at);
  }

  /** The meaning of the phrase that stands here, which is passed; null where none of the book does. */
  take<T>(book: Book<T>): T | null {
    if (this.#fault !== null) return null;
    const { match, reached, rests } = book.find(this.#tokens, this.#at);
    this.#want(reached, rests);
    if (match === null) return null;
    this.#at = match.to;
    return match.value;
  }

  /** Whether one of the book stands here; nothing is passed. */
  sees(book: Book<unknown>): boolean {
    const from = this.#at;
    const seen = this.take(book) !== null;
    this.#at = from;
    return seen;
  }

  /** As `take`, where one of the book must stand here. */
  need<T>(book: Book<T>): T | null {
    const value = this.take(book);
    if (value === null) this.unexpected();
    return value;
  }

  /** Tries a reading of several steps, and goes back to where it began where it gives null without a fault. */
  attempt<T>(read: () => T | null): T | null {
    const from = this.#at;
    const value = read();
    if (value === null) this.#at = from;
    return value;
  }

  /** A token of a kind with a text of a shape, such as a number. `example` says what could stand here. */
  token(kind: Token['kind'], shape: RegExp, example: string): { readonly text: string; readonly at: number } | null {
    if (this.#fault !== null) return null;
    const token = this.#tokens[this.#at];
    this.#want(this.#at, [example]);
    if (token?.kind !== kind || !shape.test(token.text)) return null;
    if (!token.closed) return this.fail('openQuote', token.at, 'the quote is not closed', 'write `"` after the name; a quote within a name is written twice');
    this.#at += 1;
    return token;
  }

  fail(code: SentenceCode, at: number, message: string, mend: string | null, expected: readonly string[] = []): null {
    this.#fault ??= { ok: false, code, at, message, mend, expected };
    return null;
  }

  /** Something stands at the farthest place that nothing there can begin with, or nothing does. */
  unexpected(): null {
    const token = this.#tokens[this.#farthest];
    const expected = examples(this.#wanted);
    const here = expected.length === 0 ? null : `here could stand: ${expected.map(quote).join(', ')}`;
    if (token === undefined) return this.fail('unfinished', this.#text.trimEnd().length, this.#tokens.length === 0 ? 'there is no sentence' : 'the sentence ends too early', here, expected);
    const open = token.kind === 'quoted' && !token.closed;
    const near = open ? null : nearby(token.text, this.#wanted.flat());
    const mend = near === null ? here : `did you mean ${quote(near)}?`;
    return this.fail('unexpected', token.at, `${quote(this.#text.slice(token.at, token.end))} cannot stand here`, mend, near === null ? expected : [near]);
  }

  #placeOf(index: number): number {
    return this.#tokens[index]?.at ?? this.#text.trimEnd().length;
  }

  #want(at: number, phrases: readonly string[]): void {
    if (at < this.#farthest || phrases.length === 0) return;
    if (at > this.#farthest) [this.#farthest, this.#wanted] = [at, []];
    this.#wanted.push(phrases);
  }
}

/** A few of each group in turn, so that different ways to go on are shown. */
function examples(groups: readonly (readonly string[])[]): readonly string[] {
  const chosen = new Set<string>();
  const longest = Math.max(0, ...groups.map((group) => group.length));
  for (let n = 0; n < longest && chosen.size < shown; n += 1) {
    for (const group of groups) {
      const phrase = group[n];
      if (phrase !== undefined && chosen.size < shown) chosen.add(phrase);
    }
  }
  return [...chosen];
}

/** The phrase whose first word, after a comma or period that may have been forgotten, is nearest to what was written. */
function nearby(written: string, phrases: readonly string[]): string | null {
  const first = (phrase: string) => tokensOf(phrase).find(({ kind }) => kind === 'word')?.text ?? '';
  const word = nearest(written, [...new Set(phrases.map(first))]);
  return word === null ? null : (phrases.find((phrase) => first(phrase) === word) ?? null);
}
