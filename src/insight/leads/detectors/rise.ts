import { counted } from '../../../vocabulary/counts.ts';
import { falseDiscoveryLimit, negativeBinomialTail, quantile } from '../odds.ts';
import { falseShare, type Detector, type Finding } from '../finding.ts';
import type { Ground } from '../ground.ts';
import { rangeOf } from '../peers.ts';
import { readWeeks, type Weeks } from '../weeks.ts';
import { about, dayWords, isoDay } from '../words.ts';

const leastWeeks = 8;
const leastAbove = 20;
const times = 3;
/** Weeks before and after that show the level of the time. */
const around = 8;

/** A week, or several in a row, in which an agency asks far more than in its other weeks. */
export const rise: Detector = {
  kind: 'rise',
  title: 'Sharp rises',
  test: 'The questions of an agency in each week (from Monday, UTC) are compared with its other weeks, and with the eight before and after, times how busy that week was for agencies of the same kind and state (negative binomial).',
  minimum: `${leastWeeks} whole weeks, ${times} times as many as expected, and ${leastAbove} more`,
  control: `False discovery rate ${falseShare / 5} over all weeks of all agencies (Benjamini and Hochberg): counts by week have longer tails than any formula.`,
  needs: [],
  find: async (ground) => {
    ground.say('looking for sharp rises');
    const weeks = await readWeeks(ground);
    if (weeks.count < leastWeeks) return { findings: [], looked: 0 };
    const judged = judge(ground, weeks);
    const limit = falseDiscoveryLimit(judged.map(({ lnP }) => lnP), ground.offices.length * weeks.count, falseShare / 5);
    const standing = judged.filter(({ lnP, n, expected }) => lnP <= limit && n >= times * expected && n >= expected + leastAbove);
    return { looked: ground.offices.length * weeks.count, findings: runs(standing).map((run) => finding(ground, weeks, run)) };
  },
};

interface OddWeek {
  readonly office: number;
  readonly week: number;
  readonly n: number;
  readonly expected: number;
  readonly lnP: number;
}

/** All weeks with enough entries and more than expected. */
function judge({ offices }: Ground, weeks: Weeks): readonly OddWeek[] {
  const { count, n } = weeks;
  const rough = new Float64Array(offices.length * count);
  const candidates: Omit<OddWeek, 'lnP'>[] = [];
  for (let o = 0; o < offices.length; o += 1) {
    const busy = weeks.busy(o);
    const own = Array.from({ length: count }, (_, w) => (n[o * count + w] ?? 0) / (busy[w] ?? 1));
    const order = own.map((_, w) => w).sort((a, b) => (own[b] ?? 0) - (own[a] ?? 0));
    const usual = Math.max(0.3, meanOf(own, order.slice(2)));
    for (let w = 0; w < count; w += 1) {
      rough[o * count + w] = usual * (busy[w] ?? 1);
      if ((n[o * count + w] ?? 0) < leastAbove) continue;
      // Without the week, the one before and after, and the two busiest of the rest: a rise must not hide itself.
      const left = order.filter((other) => Math.abs(other - w) > 1);
      // The weeks around it as well as all: where the level changed for good, the busier part is no rise.
      const mean = Math.max(meanOf(own, left.slice(2)), meanOf(own, left.filter((other) => Math.abs(other - w) <= around).slice(2)));
      candidates.push({ office: o, week: w, n: n[o * count + w] ?? 0, expected: Math.max(0.3, mean) * (busy[w] ?? 1) });
    }
  }
  const sizes = sizesOf(n, rough, count);
  return candidates.filter(({ n: seen, expected }) => seen > expected + 1).map((one) => ({ ...one, lnP: negativeBinomialTail(one.n, one.expected, sizes(one.expected)) }));
}

function meanOf(own: readonly number[], weeks: readonly number[]): number {
  return weeks.reduce((sum, w) => sum + (own[w] ?? 0), 0) / Math.max(1, weeks.length);
}

/**
 * How much counts scatter more than Poisson's, by how many are expected: of each agency over its weeks, and of these the 90th percentile of agencies,
 * but at most thrice the middle one. So those that are looked for do not widen it, and agencies that are always restless are allowed for.
 */
function sizesOf(n: Float64Array, expected: Float64Array, count: number): (mean: number) => number {
  const classes = [1, 4, 16, 64, 256, Infinity];
  const scatters: number[][] = classes.map(() => []);
  for (let start = 0; start < n.length; start += count) {
    let [excess, square, sum] = [0, 0, 0];
    for (let i = start; i < start + count; i += 1) {
      const mean = expected[i] ?? 0;
      excess += ((n[i] ?? 0) - mean) ** 2 - mean;
      square += mean * mean;
      sum += mean;
    }
    scatters[classes.findIndex((top) => sum / count <= top)]?.push(excess / square);
  }
  const sizes = scatters.map((own) => sizeOf(Float64Array.from(own).sort()));
  return (mean) => sizes[classes.findIndex((top) => mean <= top)] ?? 5;
}

function sizeOf(sorted: Float64Array): number {
  if (sorted.length < 10) return 5;
  const scatter = Math.min(quantile(sorted, 0.9), Math.max(0.1, 3 * quantile(sorted, 0.5)));
  return Math.min(20, Math.max(0.3, 1 / Math.max(1e-9, scatter)));
}

/** Weeks of one agency that follow each other. */
function runs(weeks: readonly OddWeek[]): readonly (readonly OddWeek[])[] {
  const found: OddWeek[][] = [];
  for (const one of [...weeks].sort((a, b) => a.office - b.office || a.week - b.week)) {
    const last = found.at(-1);
    const before = last?.at(-1);
    if (last !== undefined && before !== undefined && before.office === one.office && one.week - before.week <= 2) last.push(one);
    else found.push([one]);
  }
  return found;
}

function finding({ offices, groups }: Ground, weeks: Weeks, run: readonly OddWeek[]): Finding {
  const [first, last] = [run[0] as OddWeek, run.at(-1) as OddWeek];
  const from = weeks.first + first.week * week;
  const to = weeks.first + (last.week + 1) * week;
  const [n, expected] = [run.reduce((sum, one) => sum + one.n, 0), run.reduce((sum, one) => sum + one.expected, 0)];
  const group = offices[first.office]?.group ?? 0;
  const peers = groups[group] ?? { words: 'agencies of all kinds', offices: [] };
  const ratio = (o: number): number => (weeks.n[o * weeks.count + first.week] ?? 0) / Math.max(0.3, weeks.mean(o));
  return {
    office: first.office, user: null, subject: null, matter: isoDay(from), lnP: Math.min(...run.map(({ lnP }) => lnP)), harm: 2,
    seen: `This agency asked ${counted(n, 'time')} in ${counted((to - from) / week, 'week')} from ${dayWords(from)}: ${about(n / Math.max(expected, 0.1))} times as often as expected.`,
    baseline: { text: `From its other weeks, about ${about(expected)} would be expected.`, value: expected },
    peers: rangeOf(peers.offices.map(ratio), peers, 'agencies in the first of these weeks', (value) => `${about(value)} times their usual week`),
    innocent: ['A large event, a search or a disaster took place.', 'The agency took over work of another, or a new system.', 'A machine sent the same questions twice.'],
    condition: `office = ${first.office} AND moment >= make_timestamp(${from * 1000}) AND moment < make_timestamp(${to * 1000})`,
    whole: { offices: [first.office], from, to },
  };
}

const week = 7 * 86_400_000;
