import { dataPhrases } from '../../../policy/phrases.ts';
import type { Reviews } from '../input.ts';
import { listed, many, say, times } from '../say.ts';
import type { Section, Sentence, Span } from '../types.ts';
import type { Book, Source } from './book.ts';
import { sum } from './counts.ts';

/** How held requests ended, how fast, and what they were given; null where none was held, or where that is not known. */
export function reviewsSection({ reviews }: { readonly reviews: Reviews | null }, book: Book): Section | null {
  if (reviews === null) return null;
  const ends = book.table('verdicts', 'How held requests ended', reviews.ends, { note: 'By the time of the request, whenever it was decided.' });
  const source = reviewsSource(book, reviews);
  return { id: 'reviews', question: 'How did held requests end?', charts: [], sentences: [...endSentences(reviews, ends), ...timeSentences(reviews, source), ...lateSentences(reviews, source)] };
}

/** How long people took, and what went out after review. */
export function reviewsSource(book: Book, { command, byPeople, medianMs, mostMs, given, late }: Reviews): Source {
  return book.raw({
    id: 'reviews', title: 'How long reviews took, and what was given after them', command, more: 0,
    note: 'Times are from the request to the decision, of what people decided; the first is that by which half were done, the second that by which 95 of 100 were. A kind of data counts where it was not given at once.',
    table: {
      caption: 'Reviews', columns: ['what', 'count or time'],
      rows: [
        ['decided by people', byPeople], ...(medianMs === null ? [] : [['half within', durationWords(medianMs)] as const]), ...(mostMs === null ? [] : [['95% within', durationWords(mostMs)] as const]), ['given data after review', given],
        ...late.map(({ dataClass, n }) => [`given ${dataPhrases[dataClass]}`, n] as const),
      ],
    },
  });
}

const parts: readonly (readonly [verdict: string, words: string])[] = [
  ['released', 'released'], ['releasedInPart', 'released in part'], ['refused', 'refused'],
];

function endSentences({ ends }: Reviews, source: Source): readonly Sentence[] {
  const of = (place: number, word: string): number => sum(ends, (keys) => keys[place] === word).n;
  const ended = parts.map(([verdict, words]) => [of(0, verdict), words] as const).filter(([n]) => n > 0);
  const [none, right, wrong] = [of(0, 'noRecord'), of(0, 'affirmed'), of(0, 'disapproved')];
  const [waiting, lapsed] = [of(0, 'undecided'), of(1, 'clock')];
  return [
    say`${many(source.count(ends.total.n), 'request')} ${verb(ends.total.n)} held for a person.`,
    ...(ended.length === 0 ? [] : [say`${listed(ended.map(([n, words]): readonly Span[] => say`${source.count(n)} ${verb(n)} ${words}`))}.`]),
    ...(none === 0 ? [] : [say`For ${source.count(none)} there was no such record.`]),
    ...(right === 0 ? [] : [say`What was given at once in an emergency was found right in ${many(source.count(right), 'case')}.`]),
    ...(wrong === 0 ? [] : [say`What was given at once in an emergency was found wrong in ${many(source.count(wrong), 'case')}.`]),
    ...(lapsed === 0 ? [] : [say`For ${source.count(lapsed)} of them nobody decided in time, so the clock did.`]),
    ...(waiting === 0 ? [] : [say`${source.count(waiting)} ${waiting === 1 ? 'has' : 'have'} no decision on file.`]),
  ];
}

function timeSentences({ medianMs, mostMs }: Reviews, source: Source): readonly Sentence[] {
  if (medianMs === null || mostMs === null) return [];
  return [say`People took ${source.written(medianMs, durationWords(medianMs))} or less for half of theirs, and ${source.written(mostMs, durationWords(mostMs))} or less for 95%.`];
}

function lateSentences({ late }: Reviews, source: Source): readonly Sentence[] {
  const shown = [...late].sort((a, b) => weight(a.dataClass) - weight(b.dataClass) || b.n - a.n).slice(0, 3);
  const sentences = shown.map(({ dataClass, n }) => say`After review, ${dataPhrases[dataClass]} went out ${times(source.count(n))}.`);
  return sentences.length === 0 ? [] : [...sentences, say`Where this page says that somebody got something, it was given at once.`];
}

/** Photos and home addresses first: they are what finds a person. */
function weight(dataClass: string): number {
  return dataClass === 'photo' ? 0 : dataClass === 'address' ? 1 : 2;
}

function verb(n: number): string {
  return n === 1 ? 'was' : 'were';
}

/** `40 minutes`, `3 hours`, `2 days`: rounded up, so that it is never said to be less. */
export function durationWords(milliseconds: number): string {
  const [unit, size] = milliseconds < 3_600_000 ? ['minute', 60_000] as const : milliseconds < 48 * 3_600_000 ? ['hour', 3_600_000] as const : ['day', 86_400_000] as const;
  const n = Math.max(1, Math.ceil(milliseconds / size));
  return `${n.toLocaleString('en-US')} ${unit}${n === 1 ? '' : 's'}`;
}
