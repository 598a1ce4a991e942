import { count } from '../../vocabulary/counts.ts';
import { gather } from './gather.ts';
import type { Ground } from './ground.ts';
import { negativeBinomialTail, quantile } from './odds.ts';
import { rangeOf } from './peers.ts';
import type { PeerRange } from './types.ts';

/** Many of one kind of entry by one user: on a day, or in a month. */
export interface Burst {
  readonly office: number;
  /** 0 where the agency does not say who. */
  readonly user: bigint;
  readonly span: 'day' | 'month';
  /** Of the worst day, or month: its first moment, UTC. */
  readonly at: number;
  readonly count: number;
  /** All of the user in the period. */
  readonly total: number;
  /** What a user of this agency is expected to have on a day (month) with any. */
  readonly usual: number;
  readonly lnP: number;
  readonly peers: PeerRange;
}

interface Counts {
  readonly length: number;
  readonly office: Int32Array;
  readonly user: BigUint64Array;
  readonly span: Int32Array;
  readonly count: Int32Array;
}

/**
 * Finds users with far more entries of one kind on a day, or in a month, than others of their agency and of agencies alike have on a day with any.
 * `condition` says which kind: our own words only. The count less one is taken as negative binomial; mean from the agency's other users, drawn towards its peers;
 * scatter fitted to all. The chance is counted for all days and months of the user, so that who works often is not more often suspected.
 */
export async function findBursts(ground: Ground, condition: string, least: { readonly day: number; readonly month: number }): Promise<{ readonly bursts: readonly Burst[]; readonly looked: number }> {
  const days = await countsOf(ground, condition, 'floor(epoch_ms(r.at) / 86400000)::INTEGER');
  const months = byMonth(days);
  const best = new Map<string, Omit<Burst, 'peers'> & { readonly counts: Counts }>();
  let looked = 0;
  for (const [span, counts] of [['day', days], ['month', months]] as const) {
    const judged = judge(ground, counts);
    for (let start = 0; start < counts.length;) {
      const end = endOfUnit(counts, start);
      if (span === 'month') looked += 1;
      let [worst, lnP, total] = [start, 0, 0];
      for (let i = start; i < end; i += 1) {
        total += counts.count[i] ?? 0;
        if ((counts.count[i] ?? 0) >= least[span] && (judged.lnP[i] ?? 0) < lnP) [worst, lnP] = [i, judged.lnP[i] ?? 0];
      }
      // Two ways of looking, and as many spans as the user has.
      const corrected = Math.min(0, lnP + Math.log(2 * (end - start)));
      // What nobody signs for is the work of many: only a count that is far above its own can be told.
      const enough = counts.user[start] !== 0n || (counts.count[worst] ?? 0) >= 3 * least[span];
      const key = `${counts.office[start] ?? 0} ${(counts.user[start] ?? 0n).toString()}`;
      if (lnP < 0 && enough && corrected < (best.get(key)?.lnP ?? 0)) {
        best.set(key, {
          office: counts.office[start] ?? 0, user: counts.user[start] ?? 0n, span, total, count: counts.count[worst] ?? 0, usual: 1 + (judged.mean[worst] ?? 0), lnP: corrected, counts,
          at: span === 'day' ? (counts.span[worst] ?? 0) * 86_400_000 : Date.UTC(Math.floor((counts.span[worst] ?? 0) / 12), (counts.span[worst] ?? 0) % 12, 1),
        });
      }
      start = end;
    }
  }
  return { looked, bursts: [...best.values()].map(({ counts, ...burst }) => ({ ...burst, peers: peersOf(ground, counts, burst.office, burst.span) })) };
}

async function countsOf({ session, from }: Ground, condition: string, span: string): Promise<Counts> {
  const found = await gather(session, `SELECT w.office, coalesce(r.user, 0)::UBIGINT, ${span}, count(*)::INTEGER ${from} AND ${condition} GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`, ['int', 'tag', 'int', 'int']);
  return { length: found.length, office: found.int(0), user: found.tag(1), span: found.int(2), count: found.int(3) };
}

/** The same by month. Days of one user follow each other. */
function byMonth({ length, office, user, span, count: seen }: Counts): Counts {
  const rows: number[] = [];
  const [sums, months] = [new Int32Array(length), new Int32Array(length)];
  for (let i = 0; i < length; i += 1) {
    const date = new Date((span[i] ?? 0) * 86_400_000);
    const month = date.getUTCFullYear() * 12 + date.getUTCMonth();
    const last = rows.length - 1;
    const before = rows[last];
    if (before === undefined || office[before] !== office[i] || user[before] !== user[i] || months[last] !== month) {
      rows.push(i);
      months[rows.length - 1] = month;
    }
    sums[rows.length - 1] = (sums[rows.length - 1] ?? 0) + (seen[i] ?? 0);
  }
  return { length: rows.length, office: Int32Array.from(rows, (i) => office[i] ?? 0), user: BigUint64Array.from(rows, (i) => user[i] ?? 0n), span: months.slice(0, rows.length), count: sums.slice(0, rows.length) };
}

function endOfUnit({ length, office, user }: Counts, start: number): number {
  let end = start + 1;
  while (end < length && office[end] === office[start] && user[end] === user[start]) end += 1;
  return end;
}

/** With fewer days (or months) the entries of an agency that does not name its users show no habit, and its peers' stand in. */
const spansOfNameless = 8;

/** So many spans of peers weigh as much as an agency's own. */
const prior = 20;

function judge({ offices, groups }: Ground, counts: Counts): { readonly lnP: Float64Array; readonly mean: Float64Array } {
  const { length, office, user, count: seen } = counts;
  const byOffice = { sum: new Float64Array(offices.length), n: new Float64Array(offices.length) };
  const byGroup = { sum: new Float64Array(groups.length), n: new Float64Array(groups.length) };
  // Where one day has very many, it must not make them usual: a count above the 99.9th percentile of all counts as that.
  const cap = Math.max(3, quantile(Float64Array.from(seen).sort(), 0.999));
  const extra = (i: number): number => Math.min(cap, seen[i] ?? 1) - 1;
  let [allSum, allN] = [0, 0];
  for (let i = 0; i < length; i += 1) {
    if (user[i] === 0n) continue;
    const o = office[i] ?? 0;
    const g = offices[o]?.group ?? 0;
    byOffice.sum[o] = (byOffice.sum[o] ?? 0) + extra(i);
    byOffice.n[o] = (byOffice.n[o] ?? 0) + 1;
    byGroup.sum[g] = (byGroup.sum[g] ?? 0) + extra(i);
    byGroup.n[g] = (byGroup.n[g] ?? 0) + 1;
    allSum += extra(i);
    allN += 1;
  }
  const mean = new Float64Array(length);
  for (let start = 0; start < length;) {
    const end = endOfUnit(counts, start);
    if (user[start] === 0n && end - start >= spansOfNameless) ownMeans(seen, mean, start, end);
    else {
      let own = 0;
      for (let i = start; i < end; i += 1) own += extra(i);
      const o = office[start] ?? 0;
      const g = offices[o]?.group ?? 0;
      const all = (allSum + 0.5) / (allN + 1);
      const group = ((byGroup.sum[g] ?? 0) - (byOffice.sum[o] ?? 0) + prior * all) / ((byGroup.n[g] ?? 0) - (byOffice.n[o] ?? 0) + prior);
      mean.fill(Math.max(1e-3, ((byOffice.sum[o] ?? 0) - own + prior * group) / ((byOffice.n[o] ?? 0) - (end - start) + prior)), start, end);
    }
    start = end;
  }
  const size = sizeOf(seen, mean);
  const lnP = new Float64Array(length);
  for (let i = 0; i < length; i += 1) if ((seen[i] ?? 0) - 1 > (mean[i] ?? 0)) lnP[i] = negativeBinomialTail((seen[i] ?? 1) - 1, mean[i] ?? 0, size);
  return { lnP, mean };
}

/** Of an agency that does not name its users: each day (or month) against its own others, without the two with most. */
function ownMeans(seen: Int32Array, mean: Float64Array, start: number, end: number): void {
  const sorted = seen.slice(start, end).sort();
  const kept = sorted.slice(0, Math.max(1, sorted.length - 2));
  mean.fill(Math.max(1, kept.reduce((sum, one) => sum + one - 1, 0) / kept.length), start, end);
}

/** The scatter of a negative binomial by the method of moments, without the thousandth of counts that deviate most, and at least without the four. */
function sizeOf(seen: Int32Array, mean: Float64Array): number {
  const terms = Array.from(seen, (value, i) => {
    const expected = mean[i] ?? 0;
    const squared = (value - 1 - expected) ** 2;
    return { odd: squared / (expected + expected ** 2), excess: squared - expected, square: expected ** 2 };
  }).sort((a, b) => a.odd - b.odd);
  const kept = terms.slice(0, terms.length - Math.max(4, Math.ceil(terms.length / 1000)));
  if (kept.length < 20) return 1;
  const excess = kept.reduce((sum, one) => sum + one.excess, 0);
  return excess <= 0 ? 20 : Math.min(20, Math.max(0.1, kept.reduce((sum, one) => sum + one.square, 0) / (1.5 * excess)));
}

function peersOf({ offices, groups }: Ground, counts: Counts, place: number, span: 'day' | 'month'): PeerRange {
  const g = offices[place]?.group ?? 0;
  const values: number[] = [];
  for (let i = 0; i < counts.length; i += 1) if (offices[counts.office[i] ?? 0]?.group === g) values.push(counts.count[i] ?? 0);
  return rangeOf(values, groups[g] ?? { words: 'agencies of all kinds', offices: [] }, span === 'day' ? 'days of users' : 'months of users', count);
}
