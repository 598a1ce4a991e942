import { gather } from './gather.ts';
import type { Ground } from './ground.ts';

/** Entries by agency and week. Weeks begin on Monday, UTC, and only whole ones of the period are taken, up to the newest entry. */
export interface Weeks {
  readonly count: number;
  /** Milliseconds: when the first begins. */
  readonly first: number;
  /** `n[office * count + week]`. */
  readonly n: Float64Array;
  /** How busy each week was for agencies of the same kind and state without this one: 1 is as usual. */
  busy(office: number): Float64Array;
  /** Of an agency, a week. */
  mean(office: number): number;
}

const week = 7 * 86_400_000;
/** The first Monday of 1970. */
const monday = 4 * 86_400_000;
/** A group with fewer entries a week says too little of how busy the week was. */
const steady = 300;

export async function readWeeks({ session, from, offices, owner }: Ground): Promise<Weeks> {
  const { period, watermarks } = session;
  const newest = watermarks.get(owner)?.newest ?? period.to;
  const start = Math.ceil((period.from - monday) / week);
  const end = Math.floor((Math.min(period.to, newest + 1) - monday) / week);
  const count = Math.max(0, end - start);
  const n = new Float64Array(offices.length * count);
  const found = await gather(session, `SELECT w.office, ((epoch_ms(r.at) - ${monday}) // ${week})::INTEGER, count(*)::INTEGER ${from} GROUP BY 1, 2`, ['int', 'int', 'int']);
  const [office, at, entries] = [found.int(0), found.int(1), found.int(2)];
  for (let i = 0; i < found.length; i += 1) {
    const w = (at[i] ?? 0) - start;
    if (w >= 0 && w < count) n[(office[i] ?? 0) * count + w] = entries[i] ?? 0;
  }
  const groups = sumsOf(offices.map(({ attributes: { party, homeState } }) => `${party} ${homeState}`), n, count);
  const parties = sumsOf(offices.map(({ attributes: { party } }) => party), n, count);
  const all = sumsOf(offices.map(() => 'all'), n, count);
  return {
    count, n, first: monday + start * week,
    mean: (o) => n.subarray(o * count, (o + 1) * count).reduce((sum, one) => sum + one, 0) / Math.max(1, count),
    busy: (o) => {
      const own = n.subarray(o * count, (o + 1) * count);
      for (const sums of [groups, parties, all]) {
        const others = Float64Array.from(sums(o), (sum, w) => sum - (own[w] ?? 0));
        const mean = others.reduce((sum, one) => sum + one, 0) / Math.max(1, count);
        if (mean >= steady) return others.map((sum) => Math.max(0.2, sum / mean));
      }
      return new Float64Array(count).fill(1);
    },
  };
}

function sumsOf(keys: readonly string[], n: Float64Array, count: number): (office: number) => Float64Array {
  const sums = new Map<string, Float64Array>();
  keys.forEach((key, o) => {
    const sum = sums.get(key) ?? new Float64Array(count);
    for (let w = 0; w < count; w += 1) sum[w] = (sum[w] ?? 0) + (n[o * count + w] ?? 0);
    sums.set(key, sum);
  });
  return (o) => sums.get(keys[o] ?? '') ?? new Float64Array(count);
}
