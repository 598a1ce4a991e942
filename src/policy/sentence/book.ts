import { tokensOf, type Token } from './tokens.ts';

interface Node<T> {
  readonly next: Map<string, Node<T>>;
  /** What may follow here, as text: the rests of the phrases that lead through this node. */
  readonly rests: string[];
  entry: { readonly value: T } | null;
}

/** What a book made of the words at one place. */
export interface Found<T> {
  /** The longest phrase that stands there, with the place after it; null where none does. */
  readonly match: { readonly value: T; readonly to: number } | null;
  /** How far the words agreed with any phrase, and how the phrases that agreed so far go on. */
  readonly reached: number;
  readonly rests: readonly string[];
}

/** Fixed phrases, each with what it means, found by their words: the longest that fits. Two phrases are never equal. */
export class Book<T> {
  readonly #root: Node<T> = node();

  constructor(entries: Iterable<readonly [phrase: string, value: T]>) {
    for (const [phrase, value] of entries) this.#add(phrase, value);
  }

  /** Looks at the words from a place on. Takes no more steps than the longest phrase has words. */
  find(tokens: readonly Token[], from: number): Found<T> {
    let at = this.#root;
    let match: Found<T>['match'] = null;
    for (let to = from; ; to += 1) {
      if (at.entry !== null) match = { value: at.entry.value, to };
      const token = tokens[to];
      const next = token === undefined || token.kind === 'quoted' ? undefined : at.next.get(token.text);
      if (next === undefined) return { match, reached: to, rests: at.rests };
      at = next;
    }
  }

  #add(phrase: string, value: T): void {
    let at = this.#root;
    for (const token of tokensOf(phrase)) {
      at.rests.push(phrase.slice(token.at));
      const next = at.next.get(token.text) ?? node<T>();
      at.next.set(token.text, next);
      at = next;
    }
    if (at.entry !== null) throw new Error(`two words read \`${phrase}\``);
    at.entry = { value };
  }
}

/** A book with one phrase, which says nothing but that it stands there. */
export function fixed(phrase: string): Book<true> {
  return new Book([[phrase, true as const]]);
}

function node<T>(): Node<T> {
  return { next: new Map(), rests: [], entry: null };
}
