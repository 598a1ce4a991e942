import { mix, randomOf } from '../random.ts';
import { staircase } from './apportion.ts';
import type { AskerColumns } from './askerColumns.ts';
import { groups, type Group } from './works.ts';
import { rhythms } from './rhythm.ts';
import { zones } from './zones.ts';

/** Askers of one group, rhythm and zone: which of them asks is drawn so that each asks exactly as often as it is due. */
export interface Stratum {
  readonly group: Group;
  readonly rhythm: number;
  readonly zone: number;
  /** How many queries. */
  readonly total: number;
  /** Queries before each hour of the year; one more than there are hours. */
  readonly before: Int32Array;
  /** Places of the askers that ask at all, and how many queries come before each one's own; one more. */
  readonly askers: Int32Array;
  readonly starts: Int32Array;
  /** Where to begin to look: the asker of the first rank of each bucket of `1 << shift` ranks; one more. */
  readonly guide: Int32Array;
  readonly shift: number;
  readonly mask: number;
  readonly turn: number;
  readonly first: number;
  readonly second: number;
}

export interface StrataOptions {
  readonly owner: string;
  readonly seed: number;
  readonly columns: AskerColumns;
  /** How many queries each asker is due, not in whole numbers. */
  readonly due: Float64Array;
  /** What each group asks in all. */
  readonly totals: Readonly<Record<Group, number>>;
  /** By rhythm, zone and hour (`hourWeights`). */
  readonly weights: readonly (readonly Float64Array[])[];
  /** How much a group asks at an hour, beside other hours: 1 where nothing changes. */
  readonly curve: (group: Group, hour: number) => number;
}

/** Divides an owner's year into strata whose totals, hour by hour and asker by asker, add up to what each group asks. */
export function strataOf({ owner, seed, columns, due, totals, weights, curve }: StrataOptions): readonly Stratum[] {
  const counts = new Int32Array(due.length);
  const strata: Stratum[] = [];
  for (const [place, group] of groups.entries()) {
    const own = columns.members[group];
    const parts = staircase(totals[group], Float64Array.from(own, (index) => due[index] as number), randomOf(seed, 'year', 'who', owner, group).unit());
    const byClock: number[][] = Array.from({ length: rhythms.length * zones.length }, () => []);
    for (let i = 0; i < own.length; i++) {
      const index = own[i] as number;
      counts[index] = parts[i] as number;
      if (parts[i] !== 0) byClock[columns.clock[index] as number]?.push(index);
    }
    for (const [clock, list] of byClock.entries()) {
      if (list.length === 0) continue;
      const [rhythm, zone] = [Math.floor(clock / zones.length), clock % zones.length];
      strata.push(stratum({ group, rhythm, zone, list, counts, weights: weights[rhythm]?.[zone] ?? new Float64Array(0), curve, key: `${owner}/${place}/${clock}`, seed }));
    }
  }
  return strata;
}

interface Making {
  readonly group: Group;
  readonly rhythm: number;
  readonly zone: number;
  readonly list: readonly number[];
  readonly counts: Int32Array;
  readonly weights: Float64Array;
  readonly curve: StrataOptions['curve'];
  readonly key: string;
  readonly seed: number;
}

function stratum({ group, rhythm, zone, list, counts, weights, curve, key, seed }: Making): Stratum {
  const starts = new Int32Array(list.length + 1);
  list.forEach((index, i) => (starts[i + 1] = (starts[i] ?? 0) + (counts[index] ?? 0)));
  const total = starts[list.length] ?? 0;
  const random = randomOf(seed, 'year', 'hours', key);
  // A day is up to a tenth busier or quieter than usual, an hour up to an eighth: of few queries nobody would see it.
  const noisy = new Float64Array(weights.length);
  const few = total < 400;
  for (let hour = 0, day = 1, now = 1; hour < weights.length; hour++) {
    if (hour % 24 === 0) [day, now] = [0.9 + 0.2 * random.unit(), curve(group, hour)];
    noisy[hour] = (weights[hour] as number) * day * now * (few ? 1 : 0.875 + 0.25 * random.unit());
  }
  const before = new Int32Array(weights.length + 1);
  const inHour = staircase(total, noisy, random.unit());
  for (let hour = 0; hour < inHour.length; hour++) before[hour + 1] = (before[hour] as number) + (inHour[hour] as number);
  const bits = total <= 1 ? 0 : Math.ceil(Math.log2(total));
  const shift = Math.max(0, bits - 12);
  const guide = new Int32Array(((2 ** bits) >>> shift) + 2);
  for (let bucket = 0, at = 0; bucket < guide.length; bucket++) {
    while (at < list.length - 1 && (starts[at + 1] ?? 0) <= bucket << shift) at += 1;
    guide[bucket] = at;
  }
  const salt = random.next();
  return {
    group, rhythm, zone, total, before, askers: Int32Array.from(list), starts, guide, shift, mask: 2 ** bits - 1, turn: (bits + 1) >> 1, first: mix(salt) | 1, second: mix(salt ^ 0x5bd1e995) | 1,
  };
}

/**
 * Which asker makes the query of a stratum with this number, from 0: the numbers are put into an order that looks random (multiplications and shifts that can all
 * be undone, walked until the value falls inside), so that over the year each asker has exactly the ranks that are its own.
 */
export function askerAt({ mask, turn, first, second, total, shift, guide, starts, askers }: Stratum, number: number): number {
  let rank = number;
  do {
    rank = (Math.imul(rank, first) + second) & mask;
    rank ^= rank >>> turn;
    rank = Math.imul(rank, second) & mask;
    rank ^= rank >>> turn;
  } while (rank >= total);
  const bucket = rank >>> shift;
  let low = guide[bucket] as number;
  let high = guide[bucket + 1] as number;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((starts[middle] as number) <= rank) low = middle;
    else high = middle - 1;
  }
  return askers[low] as number;
}
