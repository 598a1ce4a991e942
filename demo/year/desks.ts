import type { Jurisdiction } from '../../src/vocabulary/index.ts';
import { offsetAt, zoneOf, zones } from './zones.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** How the desk of an owner works off what is held. All of it is invented. */
interface Desk {
  /** Local hours from which and up to which somebody sits there. */
  readonly opens: number;
  readonly closes: number;
  /** Also on Saturdays and Sundays. */
  readonly weekends: boolean;
  /** Minutes of work on half of the requests, at most. */
  readonly median: number;
  /** How much less often it gives than others do, of a hundred. */
  readonly stricter: number;
}

const usual: Desk = { opens: 8, closes: 17, weekends: false, median: 90, stricter: 5 };
const desks: Partial<Readonly<Record<Jurisdiction, Desk>>> = {
  CA: { opens: 6, closes: 22, weekends: true, median: 40, stricter: 0 }, NY: { opens: 6, closes: 24, weekends: true, median: 35, stricter: 10 }, MN: { opens: 6, closes: 24, weekends: true, median: 25, stricter: 5 },
  OR: { opens: 8, closes: 17, weekends: false, median: 110, stricter: 15 }, WA: { opens: 8, closes: 18, weekends: false, median: 95, stricter: 5 },
};

export function deskOf(owner: Jurisdiction): Desk {
  return desks[owner] ?? usual;
}

/** Milliseconds of work on one request, by chance (0 to 2^32 - 1): about twice to thrice the median for one in six, at most sixteen times. */
export function workOn({ median }: Desk, chance: number): number {
  const spread = ((chance & 255) + ((chance >>> 8) & 255) + ((chance >>> 16) & 255) + (chance >>> 24)) / 510 - 1;
  return Math.max(minute, Math.round(median * minute * Math.exp(2.8 * spread)));
}

/** When work of so many milliseconds that came at `at` is done: only in the hours of the desk, of the owner's own zone. */
export function doneAt(owner: Jurisdiction, at: number, work: number): number {
  const { opens, closes, weekends } = deskOf(owner);
  const zone = zones[zoneOf(owner)] ?? { name: '', hours: 0, summer: false };
  const shift = offsetAt(zone, at) * hour;
  let left = work;
  for (let local = at + shift, midnight = Math.floor(local / day) * day; ; midnight += day, local = midnight) {
    // 1 January 1970 was a Thursday.
    const weekday = (Math.floor(midnight / day) + 4) % 7;
    if (!weekends && (weekday === 0 || weekday === 6)) continue;
    const begins = Math.max(local, midnight + opens * hour);
    const free = midnight + closes * hour - begins;
    if (free >= left) return begins + left - shift;
    if (free > 0) left -= free;
  }
}
