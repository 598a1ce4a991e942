import { Cursor } from './cursor.ts';
import type { SentenceFault } from './faults.ts';
import { readItem, type Apart, type Read } from './items.ts';

/** In characters. The longest that a rule can be, with fifty exceptions that name every word, has some 200,000. */
export const longestSentence = 262_144;

/** What one sentence says: an item of a document, or where and why it could not be read. */
export type SentenceResult = ({ readonly ok: true } & Read) | SentenceFault;

/**
 * Reads a sentence as `sentencesOf` makes them back to the item: all of it but `id`, `title` and `cites`, which are given apart.
 * Exact: what is not in the grammar is refused, with the offset and a few examples of what could stand there. It takes either case of the
 * first letter, any white space between words, words of a list in any order, either way to say a condition, and no final period.
 * Never throws; linear in the length, which is bounded.
 */
export function readSentence(text: string, { id, title = null, cites = [] }: { readonly id: string; readonly title?: string | null; readonly cites?: readonly string[] }): SentenceResult {
  if (text.length > longestSentence) return { ok: false, code: 'tooLong', at: longestSentence, message: `the sentence has more than ${longestSentence} characters`, mend: 'say it in several items', expected: [] };
  const cursor = new Cursor(text);
  const read: Read | null = readItem(cursor, { id, title, cites } satisfies Apart);
  if (read !== null) return { ok: true, ...read };
  cursor.unexpected();
  return cursor.fault ?? { ok: false, code: 'unexpected', at: 0, message: 'the sentence cannot be read', mend: null, expected: [] };
}
