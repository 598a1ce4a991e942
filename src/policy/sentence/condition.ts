import { namesOf, evidenceGrades, type CourtClass, type EvidenceGrade, type Purpose, type QueryKind } from '../../vocabulary/index.ts';
import type { Condition, Matcher } from '../document.ts';
import { casePhrases, warrantPhrases } from '../phrases.ts';
import { Book, fixed } from './book.ts';
import { courtBook, purposeBook, queryBook } from './books.ts';
import type { Cursor } from './cursor.ts';
import { readWords, repeated } from './lists.ts';
import { readWho } from './who.ts';

/** What a part of a condition begins with. */
type Lead = { readonly key: 'to' | 'for' | 'court' | 'query' } | { readonly key: 'warrant' | 'caseNumber'; readonly grade: EvidenceGrade };

/** The leads that may stand in one kind of condition. */
export type ConditionBook = Book<Lead>;

const and = fixed('and');
const signedBy = fixed('signed by');

/** `who` is what stands before the agencies of a condition; null where it may name none. `papers`: whether it may speak of more than agencies and purposes. */
export function conditionBook(who: string | null, papers = true): ConditionBook {
  const graded = (key: 'warrant' | 'caseNumber', phrases: Readonly<Record<EvidenceGrade, string>>) => namesOf(evidenceGrades).map((grade) => [phrases[grade], { key, grade }] as const);
  return new Book<Lead>([
    ...(who === null ? [] : [[who, { key: 'to' }] as const]), ['the request is for', { key: 'for' }],
    ...(papers ? [...graded('warrant', warrantPhrases), ['a warrant is signed by', { key: 'court' }] as const, ...graded('caseNumber', casePhrases), ['the request is', { key: 'query' }] as const] : []),
  ]);
}

/** PART [and PART]…, each part once. Null where it cannot be read. */
export function readCondition(cursor: Cursor, book: ConditionBook): Condition | null {
  const found: { to?: Matcher; for?: readonly Purpose[]; warrant?: EvidenceGrade; court?: readonly CourtClass[]; caseNumber?: EvidenceGrade; query?: readonly QueryKind[] } = {};
  let at = cursor.place;
  let lead = cursor.need(book);
  while (lead !== null) {
    if (found[lead.key] !== undefined) return repeated(cursor, at, lead.key);
    switch (lead.key) {
      case 'to': set(found, 'to', readWho(cursor)); break;
      case 'for': set(found, 'for', readWords(cursor, purposeBook.book, purposeBook.order, 'or')); break;
      case 'query': set(found, 'query', readWords(cursor, queryBook.book, queryBook.order, 'or')); break;
      case 'court': set(found, 'court', readCourts(cursor)); break;
      case 'caseNumber': found.caseNumber = lead.grade; break;
      case 'warrant':
        found.warrant = lead.grade;
        if (lead.grade !== 'none' && cursor.take(signedBy) !== null) {
          if (found.court !== undefined) return repeated(cursor, at, 'court');
          set(found, 'court', readCourts(cursor));
        }
    }
    lead = cursor.attempt(() => {
      if (cursor.take(and) === null) return null;
      at = cursor.place;
      return cursor.take(book);
    });
  }
  return cursor.fault === null ? found : null;
}

function readCourts(cursor: Cursor): readonly CourtClass[] | null {
  return readWords(cursor, courtBook.book, courtBook.order, 'or');
}

function set<K extends string, V>(found: { [P in K]?: V }, key: K, value: V | null): void {
  if (value !== null) found[key] = value;
}
