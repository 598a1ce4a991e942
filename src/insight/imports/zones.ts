/** Local times of a zone as times of UTC. */

/** What a local time is: one moment, two (the clocks were set back), or none (they were set forward). */
export interface Zone {
  /** `local`: milliseconds since 1970 as if the clock ran in UTC. Gives the moment, the first of two; NaN where there is none. */
  toUtc(local: number): number;
  /** The second of two moments; NaN where there is only one, or none. */
  second(local: number): number;
}

const minute = 60_000;
const day = 86_400_000;

/** A zone by its IANA name (`America/Los_Angeles`), `UTC`, or a fixed distance from it (`-08:00`). Throws a RangeError for anything else. */
export function zoneOf(name: string): Zone {
  const fixed = /^([+-])(\d\d):?(\d\d)$/.exec(name);
  if (fixed !== null) {
    const minutes = Number(fixed[2]) * 60 + Number(fixed[3]);
    if (minutes > 14 * 60) throw new RangeError('no zone is so far from UTC');
    return shifted((fixed[1] === '-' ? -minutes : minutes) * minute);
  }
  if (/^(?:UTC|Z|GMT)$/i.test(name)) return shifted(0);
  // Names such as `PST8PDT` are in the list of the platform too; an unknown one throws.
  const { at, before } = turnsOf(name);
  return {
    toUtc: (local) => {
      const [first, second] = moments(local, at, before);
      return Number.isNaN(first) ? second : Number.isNaN(second) ? first : Math.min(first, second);
    },
    second: (local) => {
      const [first, second] = moments(local, at, before);
      return Number.isNaN(first) || Number.isNaN(second) || first === second ? NaN : Math.max(first, second);
    },
  };
}

function shifted(offset: number): Zone {
  return { toUtc: (local) => local - offset, second: () => NaN };
}

/** The moment by each of the two offsets that are in force around a local time, where that offset is in force then. */
function moments(local: number, turns: Float64Array, offsets: Float64Array): readonly [number, number] {
  const place = placeOf(turns, local - day);
  // Between two turns there are weeks, so at most one lies within two days.
  if (place === placeOf(turns, local + day)) return [local - (offsets[place] as number), NaN];
  const [a, b] = [offsets[place] as number, offsets[place + 1] as number];
  const turn = turns[place] as number;
  return [local - a < turn ? local - a : NaN, local - b >= turn ? local - b : NaN];
}

/** How many turns are not after `at`. */
function placeOf(turns: Float64Array, at: number): number {
  let low = 0;
  let high = turns.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((turns[middle] as number) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

const first = Date.UTC(1989, 0, 1);
const last = Date.UTC(2101, 0, 1);

/** When the offset of a zone changes, and the offsets before, between and after. Found by looking at every day, then halving. */
function turnsOf(name: string): { readonly at: Float64Array; readonly before: Float64Array } {
  const known = cache.get(name);
  if (known !== undefined) return known;
  const offsetAt = offsets(name);
  const turns: number[] = [];
  const between = [offsetAt(first)];
  for (let at = first; at < last; at += 7 * day) {
    let low = at;
    const end = at + 7 * day;
    while (offsetAt(low) !== offsetAt(end)) {
      let [from, to] = [low, end];
      const was = offsetAt(low);
      while (to - from > minute) {
        const middle = from + Math.floor((to - from) / 2 / minute) * minute;
        if (offsetAt(middle) === was) from = middle;
        else to = middle;
      }
      turns.push(to);
      between.push(offsetAt(to));
      low = to;
    }
  }
  const found = { at: Float64Array.from(turns), before: Float64Array.from(between) };
  cache.set(name, found);
  return found;
}

const cache = new Map<string, ReturnType<typeof turnsOf>>();

function offsets(name: string): (at: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: name, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric',
  });
  return (at) => {
    const part: Record<string, number> = {};
    for (const { type, value } of format.formatToParts(at)) part[type] = Number(value);
    return Date.UTC(part['year'] ?? 0, (part['month'] ?? 1) - 1, part['day'] ?? 1, part['hour'] ?? 0, part['minute'] ?? 0, part['second'] ?? 0) - at;
  };
}
