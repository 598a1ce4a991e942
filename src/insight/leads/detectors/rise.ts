import { falseDiscoveryLimit, negativeBinomialTail } from '../odds.ts';
import { falseShare, type Detector, type Finding } from '../finding.ts';
import type { Ground } from '../ground.ts';
import { rangeOf } from '../peers.ts';
import { readWeeks, type Weeks } from '../weeks.ts';
import { about, counted, dayWords, isoDay } from '../words.ts';

const leastWeeks = 8;
const leastAbove = 20;
const times = 3;

/** A week, or several in a row, in which an agency asks far more than in its other weeks. */
export const rise: Detector = {
  kind: 'rise',
  title: 'Sharp rises',
  test: 'The questions of an agency in each week (from Monday, UTC) are compared with its other weeks, times how busy that week was for agencies of the same kind and state (negative binomial).',
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

/** All weeks with more than expected. */
function judge({ offices }: Ground, weeks: Weeks): readonly OddWeek[] {
  const { count } = weeks;
  const expected = new Float64Array(offices.length * count);
  for (let o = 0; o < offices.length; o += 1) {
    const busy = weeks.busy(o);
    const own = Array.from({ length: count }, (_, w) => (weeks.n[o * count + w] ?? 0) / (busy[w] ?? 1));
    const order = own.map((_, w) => w).sort((a, b) => (own[b] ?? 0) - (own[a] ?? 0));
    for (let w = 0; w < count; w += 1) {
      // Without the week, the one before and after, and the two busiest of the rest: a rise must not hide itself.
      const left = order.filter((other) => Math.abs(other - w) > 1).slice(2);
      const mean = left.reduce((sum, other) => sum + (own[other] ?? 0), 0) / Math.max(1, left.length);
      expected[o * count + w] = Math.max(0.3, mean) * (busy[w] ?? 1);
    }
  }
  const sizes = sizesOf(weeks.n, expected);
  const odd: OddWeek[] = [];
  for (let o = 0; o < offices.length; o += 1) {
    for (let w = 0; w < count; w += 1) {
      const [n, mean] = [weeks.n[o * count + w] ?? 0, expected[o * count + w] ?? 0];
      if (n > mean + 1) odd.push({ office: o, week: w, n, expected: mean, lnP: negativeBinomialTail(n, mean, sizes(mean)) });
    }
  }
  return odd;
}

/** How much counts scatter more than Poisson's, by how many are expected: fitted to all weeks without the thousandth that deviates most. */
function sizesOf(n: Float64Array, expected: Float64Array): (mean: number) => number {
  const classes = [1, 4, 16, 64, 256, Infinity];
  const sizes = classes.map((top, place) => {
    const above = place === 0 ? 0 : classes[place - 1] ?? 0;
    const terms: { readonly excess: number; readonly square: number }[] = [];
    for (let i = 0; i < n.length; i += 1) {
      const mean = expected[i] ?? 0;
      if (mean > above && mean <= top) terms.push({ excess: ((n[i] ?? 0) - mean) ** 2 - mean, square: mean * mean });
    }
    if (terms.length < 50) return 5;
    terms.sort((a, b) => a.excess / a.square - b.excess / b.square);
    const kept = terms.slice(0, terms.length - Math.ceil(terms.length / 1000));
    const scatter = 1.5 * kept.reduce((sum, { excess }) => sum + excess, 0) / kept.reduce((sum, { square }) => sum + square, 0);
    return scatter <= 0.02 ? 50 : Math.max(0.3, 1 / scatter);
  });
  return (mean) => sizes[classes.findIndex((top) => mean <= top)] ?? 5;
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
