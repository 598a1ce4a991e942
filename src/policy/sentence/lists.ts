import { quote } from '../findings.ts';
import { fixed, type Book } from './book.ts';
import type { Cursor } from './cursor.ts';

const comma = fixed(',');
const lasts = { and: fixed('and'), or: fixed('or') };

/** `a`, `a and b`, `a, b and c`: each with the offset where it stands. Null where the list cannot be read. */
export function readList<T>(cursor: Cursor, book: Book<T>, last: 'and' | 'or'): readonly { readonly value: T; readonly at: number }[] | null {
  const found: { value: T; at: number }[] = [];
  const next = () => {
    const at = cursor.place;
    const value = cursor.take(book);
    if (value !== null) found.push({ value, at });
    return value;
  };
  if (next() === null) return cursor.unexpected();
  let open = false;
  for (;;) {
    // A comma may also end the list, where something else follows it.
    if (cursor.attempt(() => (cursor.take(comma) === null ? null : next())) !== null) {
      open = true;
    } else if (cursor.attempt(() => (cursor.take(lasts[last]) === null ? null : next())) !== null) {
      return found;
    } else {
      return open ? cursor.unexpected() : found;
    }
  }
}

/** A list of words of the vocabulary, in its order. A book may give several words for one phrase; no word may come twice. */
export function readWords<W extends string>(cursor: Cursor, book: Book<readonly W[]>, order: readonly W[], last: 'and' | 'or'): readonly W[] | null {
  const list = readList(cursor, book, last);
  if (list === null) return null;
  const found = new Set<W>();
  for (const { value, at } of list) {
    for (const word of value) {
      if (found.has(word)) return repeated(cursor, at, word);
      found.add(word);
    }
  }
  return order.filter((word) => found.has(word));
}

export function repeated(cursor: Cursor, at: number, word: string): null {
  return cursor.fail('repeatedWord', at, `${quote(word)} is said twice`, 'keep one of the two');
}
