import { count, counted } from '../../vocabulary/counts.ts';
import { partyWords } from '../parties.ts';
import { levels } from '../../vocabulary/index.ts';
import type { AttributesWord, Party } from '../archive/types.ts';
import { quantile } from './odds.ts';
import type { PeerRange } from './types.ts';

/** Agencies that can be compared: of one party, one level of government and about the same size. */
export interface PeerGroup {
  /** For people: `city or town agencies of other states, of about the same size`. */
  readonly words: string;
  /** Places of offices. */
  readonly offices: readonly number[];
}

/** So few cannot be compared by tenths of size, or at all. */
const enoughForSizes = 50;
const enoughForGroup = 10;

/**
 * Groups by party, level and tenth of size; by party and level alone where there are fewer than 50; by party where there are fewer than 10, and all
 * together where even those are few.
 */
export function peerGroups(offices: readonly { readonly attributes: AttributesWord; readonly n: number; readonly ori: string }[]): { readonly groups: readonly PeerGroup[]; readonly groupOf: readonly number[] } {
  const groups: { words: string; offices: number[] }[] = [];
  const groupOf: number[] = new Array<number>(offices.length).fill(0);
  const add = (words: string, places: number[]): void => {
    for (const place of places) groupOf[place] = groups.length;
    groups.push({ words, offices: places });
  };
  const left: number[] = [];
  for (const [party, ofParty] of by(offices.map((_, place) => place), (place) => offices[place]?.attributes.party ?? 'undeclared')) {
    const few: number[] = [];
    for (const [level, ofLevel] of by(ofParty, (place) => offices[place]?.attributes.level ?? 'undeclared')) {
      if (ofLevel.length < enoughForGroup) few.push(...ofLevel);
      else if (ofLevel.length < enoughForSizes) add(wordsOf(party, level, false), ofLevel);
      else for (const tenth of tenths(ofLevel, offices)) add(wordsOf(party, level, true), tenth);
    }
    if (few.length >= enoughForGroup) add(partyWords[party], few);
    else left.push(...few);
  }
  if (left.length > 0) add('agencies of all kinds', left);
  return { groups, groupOf };
}

/** The range of a number among peers, from the 5th to the 95th percentile. `say` writes one value. */
export function rangeOf(values: readonly number[], group: PeerGroup, what: string, say: (value: number) => string): PeerRange {
  const sorted = Float64Array.from(values).sort();
  if (sorted.length < enoughForGroup) return { text: `There are too few like it to compare with: ${count(sorted.length)}.`, value: null, low: null, high: null, of: sorted.length };
  const [low, middle, high] = [quantile(sorted, 0.05), quantile(sorted, 0.5), quantile(sorted, 0.95)];
  return { text: `Of ${counted(sorted.length, what, what)} at ${group.words}, nine in ten lie between ${say(low)} and ${say(high)}.`, value: middle, low, high, of: sorted.length };
}

function by<K, T>(items: readonly T[], key: (item: T) => K): ReadonlyMap<K, T[]> {
  const found = new Map<K, T[]>();
  for (const item of items) {
    const list = found.get(key(item));
    if (list === undefined) found.set(key(item), [item]);
    else list.push(item);
  }
  return found;
}

function wordsOf(party: Party, level: AttributesWord['level'], size: boolean): string {
  const words = party === 'ownState' || party === 'otherState' ? `${partyWords[party]} (${levelWords[level] ?? levels[level].plain})` : partyWords[party];
  return size ? `${words}, of about the same size` : words;
}

const levelWords: Partial<Record<AttributesWord['level'], string>> = { state: 'state bodies', county: 'counties', municipal: 'cities and towns', campus: 'campus police', special: 'special districts' };

/** Ten parts by size; equal sizes are told apart by ORI, so that the order of rows does not matter. */
function tenths(places: readonly number[], offices: readonly { readonly n: number; readonly ori: string }[]): readonly number[][] {
  const sorted = [...places].sort((a, b) => (offices[a]?.n ?? 0) - (offices[b]?.n ?? 0) || ((offices[a]?.ori ?? '') < (offices[b]?.ori ?? '') ? -1 : 1));
  const parts: number[][] = Array.from({ length: Math.max(1, Math.min(10, Math.floor(sorted.length / enoughForGroup))) }, () => []);
  sorted.forEach((place, i) => parts[Math.floor((i * parts.length) / sorted.length)]?.push(place));
  return parts;
}
