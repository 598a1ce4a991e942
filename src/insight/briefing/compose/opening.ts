import { periodBefore, yearBefore } from '../../period.ts';
import { many, say, times } from '../say.ts';
import type { Sentence } from '../types.ts';
import type { Source } from './book.ts';
import { movedWords } from './change.ts';
import { federalParties } from './parties.ts';
import { foldedBy, sum } from './counts.ts';
import type { OwnerInput } from '../input.ts';

export interface OpeningSources {
  readonly groups: Source;
  readonly agencies: Source;
  readonly states: Source;
}

/** Who asked, how often, and what came of it: for a reader who reads no further. */
export function openingOf({ groups, agencies, states, facts, partyOfAgency }: OwnerInput, from: OpeningSources, place: string): readonly Sentence[] {
  const { total } = groups;
  if (total.n === 0) return [say`Nobody asked for ${{ name: place }}'s driver and vehicle records in this time.`, ...comparedSentences(total, from.groups, facts.period)];
  const asking = agencies.rows.filter(({ n, keys }) => n > 0 && keys[0] !== 'notRecorded').length;
  const federal = agencies.rows.filter(({ n, keys }) => n > 0 && federalParties.has(partyOfAgency[keys[0] ?? ''] ?? '')).length;
  const homes = states.rows.filter(({ n, keys }) => n > 0 && !['none', 'undeclared', 'notRecorded'].includes(keys[0] ?? '')).length;
  return [
    say`${many(from.agencies.count(asking), 'agency')} asked for ${{ name: place }}'s driver and vehicle records.`,
    ...(federal === 0 ? (homes === 0 ? [] : [say`They come from ${many(from.states.count(homes), 'state')}.`]) : [
      say`${from.agencies.count(federal)} of them ${federal === 1 ? 'is' : 'are'} federal${homes === 0 || federal >= asking ? '' : say`; the rest come from ${many(from.states.count(homes), 'state')}`}.`,
    ]),
    say`They asked ${times(from.groups.count(total.n))}.`,
    ...(facts.lacks.includes('status') ? [say`The log does not say what came of it.`] : answerSentences(groups, from.groups)),
    ...comparedSentences(total, from.groups, facts.period),
  ];
}

/** What came of requests, as shares of all. */
export function answerSentences(groups: OwnerInput['groups'], source: Source): readonly Sentence[] {
  const { n: all } = groups.total;
  const by = foldedBy(groups, 1);
  const share = (status: string): readonly [number, ReturnType<Source['share']>] => [by.get(status)?.n ?? 0, source.share(by.get(status)?.n ?? 0, all)];
  const [[full, fullShare], [part, partShare], [held, heldShare], [refused, refusedShare], [none, noneShare], [failed, failedShare]] = [share('answered'), share('answeredInPart'), share('held'), share('refused'), share('noRecord'), share('unavailable')];
  return [
    full + part === 0 ? say`No request was answered.` : say`We answered ${fullShare} in full${part === 0 ? '' : say` and ${partShare} in part`}.`,
    refused === 0 ? say`None was refused${held === 0 ? '' : say`, and ${heldShare} were held for a person`}.` : say`We refused ${refusedShare}${held === 0 ? '' : say` and held ${heldShare} for a person`}.`,
    ...(none + failed === 0 ? [] : [none === 0 ? say`For ${failedShare} the records could not be reached.` : say`For ${noneShare} there was no such record${failed === 0 ? '' : say`, and for ${failedShare} no way to look`}.`]),
  ];
}

/** Against the period before, and the same days a year before where they are not the same. */
export function comparedSentences(total: { readonly n: number; readonly before: number | null; readonly yearBefore: number | null }, source: Source, period: OwnerInput['facts']['period']): readonly Sentence[] {
  const [before, year] = [movedWords(total.n, total.before, source), movedWords(total.n, total.yearBefore, source)];
  const same = periodBefore(period).from === yearBefore(period).from;
  if (before === null && (year === null || same)) return [say`There is no earlier time on file to compare with.`];
  return [
    ...(before === null ? [] : [say`Against ${same ? 'the year before' : 'the time before it'}, requests ${before}.`]),
    ...(year === null || same ? [] : [say`Against the same days a year before, they ${year}.`]),
  ];
}

export function sharesOf(groups: OwnerInput['groups']): readonly number[] {
  return ['answered', 'answeredInPart', 'held', 'refused', 'noRecord', 'unavailable'].map((status) => sum(groups, (keys) => keys[1] === status).n);
}
