import { attributeWords } from '../../vocabulary/index.ts';
import type { Matcher } from '../document.ts';
import { anyKindPhrase, justicePhrase } from '../phrases.ts';
import { attributeBooks, leadBook, type Attribute } from './books.ts';
import { fixed, type Book } from './book.ts';
import type { Cursor } from './cursor.ts';
import { readWords, repeated } from './lists.ts';

const attributeOrder = Object.keys(attributeWords) as Attribute[];
const anyone = fixed('anyone who asks');
const justice = fixed(justicePhrase);
const anyKind = fixed(anyKindPhrase);
const agencies = fixed('agencies');
const after = leadBook('after');
const firstClause = leadBook('clause');
const nextClause = leadBook('clause', 'and ');

/** `anyone who asks`, which names no attribute, or agencies that match. Null where neither can be read. */
export function readAnyone(cursor: Cursor): { readonly to?: Matcher } | null {
  if (cursor.take(anyone) !== null) return {};
  const to = readWho(cursor, 'say which, such as `federal agencies`, or write `anyone who asks`');
  return to === null ? null : { to };
}

/** [LEVELS] [criminal-justice] agencies [of|from|with|in WORDS]… [that|whose WORDS [and that|whose WORDS]…]. Null where it cannot be read. */
export function readWho(cursor: Cursor, mend = 'say which, such as `federal agencies`'): Matcher | null {
  const found = new Map<Attribute, readonly string[]>();
  const start = cursor.place;
  if (cursor.sees(attributeBooks.level.book)) readAttribute(cursor, 'level', start, found);
  if (cursor.take(justice) !== null) found.set('criminalJustice', ['yes']);
  if (cursor.need(agencies) === null) return null;
  if (!found.has('criminalJustice') && cursor.take(anyKind) !== null) found.set('criminalJustice', attributeWords.criminalJustice);
  while (readNext(cursor, after, found));
  for (let lead = firstClause; readNext(cursor, lead, found); lead = nextClause);
  if (cursor.fault === null && found.size === 0) return cursor.fail('namesNobody', start, 'these agencies have nothing to tell them by', mend);
  // What the books give are words of the attribute that they were made of.
  return cursor.fault === null ? Object.fromEntries(attributeOrder.flatMap((name) => (found.has(name) ? [[name, found.get(name)]] : []))) : null;
}

function readNext(cursor: Cursor, leads: Book<Attribute>, found: Map<Attribute, readonly string[]>): boolean {
  const at = cursor.place;
  const name = cursor.take(leads);
  return name !== null && readAttribute(cursor, name, at, found);
}

function readAttribute(cursor: Cursor, name: Attribute, at: number, found: Map<Attribute, readonly string[]>): boolean {
  const { book, order } = attributeBooks[name];
  const words = readWords(cursor, book, order, 'or');
  if (words === null) return false;
  if (found.has(name)) repeated(cursor, at, name);
  else found.set(name, words);
  return cursor.fault === null;
}
