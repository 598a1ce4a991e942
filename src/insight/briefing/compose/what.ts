import { dataPhrases } from '../../../policy/phrases.ts';
import type { DataClass } from '../../../vocabulary/index.ts';
import type { OwnerInput } from '../input.ts';
import { listed, say, times } from '../say.ts';
import type { Section, Sentence, Span } from '../types.ts';
import type { Source } from './book.ts';
import { foldedBy, sum } from './counts.ts';

/** What was given, photos and home addresses first: they are what finds a person. */
export function whatSection({ given, facts }: Pick<OwnerInput, 'given' | 'facts'>, source: Source): Section {
  return {
    id: 'what', question: 'What did they get?',
    sentences: [...(facts.lacks.includes('released') ? [say`The log does not say what was given. What such requests mostly get is counted here.`] : []), ...sentencesOn(given, source)],
    charts: classes(given).length === 0 ? [] : [{
      chart: 'bars', title: 'Requests to which each kind of data was given', unit: 'requests', description: 'One bar for each kind of data. A request counts in each kind that it was given.',
      rows: classes(given).map(([dataClass, n]) => ({ label: dataPhrases[dataClass], value: n })),
    }],
  };
}

function sentencesOn(given: OwnerInput['given'], source: Source): readonly Sentence[] {
  const all = given.total.n;
  if (classes(given).length === 0) return [say`Nothing was given.`];
  const [ice, cbp] = [gotBy(given, 'immigration', source), gotBy(given, 'border', source)];
  return [
    wentOut('Photos', nOf(given, 'photo'), all, source), wentOut('Home addresses', nOf(given, 'address'), all, source),
    ice === null ? say`ICE (with HSI) got neither.` : say`ICE (with HSI) got ${ice}.`,
    cbp === null ? say`CBP got neither.` : say`CBP got ${cbp}.`,
    ...restricted(given, source),
  ];
}

function wentOut(what: string, n: number, all: number, source: Source): Sentence {
  return n === 0 ? say`${what} did not go out at all.` : say`${what} went out ${times(source.count(n))} (${source.share(n, all)}).`;
}

/** `a photo 12 times and an address 400 times`. */
function gotBy(given: OwnerInput['given'], party: string, source: Source): readonly Span[] | null {
  const of = (dataClass: string): number => sum(given, (keys) => keys[0] === dataClass && keys[1] === party).n;
  const parts = ([['a photo', of('photo')], ['an address', of('address')]] as const).filter(([, n]) => n > 0);
  return parts.length === 0 ? null : listed(parts.map(([words, n]) => say`${words} ${times(source.count(n))}`));
}

/** The other kinds that federal law shields most: 18 USC 2725(4). */
function restricted(given: OwnerInput['given'], source: Source): readonly Sentence[] {
  const [ssn, medical] = [nOf(given, 'ssn'), nOf(given, 'medical')];
  const parts = [...(ssn === 0 ? [] : [say`Social Security numbers ${times(source.count(ssn))}`]), ...(medical === 0 ? [] : [say`medical notes ${times(source.count(medical))}`])];
  return parts.length === 0 ? [] : [say`We also gave ${listed(parts)}.`];
}

function nOf(given: OwnerInput['given'], dataClass: DataClass): number {
  return sum(given, (keys) => keys[0] === dataClass).n;
}

function classes(given: OwnerInput['given']): readonly (readonly [DataClass, number])[] {
  return [...foldedBy(given, 0)].filter(([key, { n }]) => n > 0 && Object.hasOwn(dataPhrases, key)).map(([key, { n }]): [DataClass, number] => [key as DataClass, n]).sort((a, b) => b[1] - a[1]);
}
