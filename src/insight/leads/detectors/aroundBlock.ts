import { count, counted } from '../../../vocabulary/counts.ts';
import { bodiesOf, type Body } from '../bodies.ts';
import { falseShare, type Detector, type Finding } from '../finding.ts';
import { gather } from '../gather.ts';
import type { Ground } from '../ground.ts';
import { falseDiscoveryLimit, normalTail, poissonTail, shareTail } from '../odds.ts';
import { kinship } from '../kinship.ts';
import { about, dayWords, isoDay, percent } from '../words.ts';

const day = 86_400_000;
const longest = 56;
const shortest = 14;
const followDays = 7;
const leastFollowed = 3;
const leastRatio = 1.15;
const leastMore = 20;

/** An organisation is refused since a change of policy, and one close to it asks more, or asks about the same persons. */
export const aroundBlock: Detector = {
  kind: 'aroundBlock',
  title: 'A path around a block',
  test: `For each change of policy: organisations whose refused share jumps by half. For those close to them (same department, or joined in the registry), growth from up to ${longest} days before to as many after, against all others (ratio of rates), and how many of the refused persons they ask about within ${followDays} days, against other times (Poisson).`,
  minimum: `${shortest} days on both sides; growth by ${percent(leastRatio - 1)} and ${leastMore} questions, or ${leastFollowed} persons`,
  control: `False discovery rate ${falseShare} over all organisations close to a blocked one (Benjamini and Hochberg).`,
  needs: ['status', 'decisions'],
  find: async (ground) => {
    ground.say('looking for paths around a block');
    const groups = bodiesOf(ground);
    const near = kinship(ground, groups);
    const pairs: Pair[] = [];
    for (const change of await changesOf(ground)) {
      const counts = await countsOf(ground, groups, change);
      const blocked = groups.map((_, b) => b).filter((b) => isBlocked(counts, b));
      if (blocked.length === 0) continue;
      pairs.push(...await pairsOf(ground, { groups, near, change, counts, blocked }));
    }
    const looked = pairs.length;
    const limit = falseDiscoveryLimit(pairs.map(({ lnP }) => lnP), looked, falseShare);
    return { looked, findings: pairs.filter((pair) => pair.lnP <= limit && pair.stands).map(finding) };
  },
};

interface Change {
  readonly version: number;
  readonly at: number;
  /** Days on each side. */
  readonly days: number;
}

/** When each version of the policy but the first began to decide. */
async function changesOf({ session, from, owner }: Ground): Promise<readonly Change[]> {
  const rows = await session.query<{ version: number; at: number }>(`SELECT o.version AS version, epoch_ms(min(r.at)) AS at ${from} AND o.version IS NOT NULL GROUP BY 1 ORDER BY 2, 1`);
  const end = Math.min(session.period.to, (session.watermarks.get(owner)?.newest ?? session.period.to) + 1);
  return rows.slice(1).flatMap(({ version, at }) => {
    const days = Math.min(longest, Math.floor((at - session.period.from) / day), Math.floor((end - at) / day));
    return days < shortest ? [] : [{ version, at, days }];
  });
}

/** By body: entries, refused and by day, before and after. */
interface Counts {
  readonly days: number;
  /** `n[body * 2 * days + day]`; the change is at day `days`. */
  readonly n: Float64Array;
  readonly refused: Float64Array;
}

async function countsOf({ session, from, offices }: Ground, bodies: readonly Body[], { at, days }: Change): Promise<Counts> {
  const start = at - days * day;
  const found = await gather(session, `SELECT w.office, ((epoch_ms(r.at) - ${start}) // ${day})::INTEGER, count(*)::INTEGER, sum(coalesce(o.refused, 0))::INTEGER ${from}
    AND r.at >= make_timestamp(${start * 1000}) AND r.at < make_timestamp(${(at + days * day) * 1000}) GROUP BY 1, 2`, ['int', 'int', 'int', 'int']);
  const bodyOfOffice = new Int32Array(offices.length);
  bodies.forEach((body, b) => { for (const place of body.offices) bodyOfOffice[place] = b; });
  const counts = { days, n: new Float64Array(bodies.length * 2 * days), refused: new Float64Array(bodies.length * 2 * days) };
  const [office, on, n, refused] = [found.int(0), found.int(1), found.int(2), found.int(3)];
  for (let i = 0; i < found.length; i += 1) {
    const place = (bodyOfOffice[office[i] ?? 0] ?? 0) * 2 * days + (on[i] ?? 0);
    counts.n[place] = (counts.n[place] ?? 0) + (n[i] ?? 0);
    counts.refused[place] = (counts.refused[place] ?? 0) + (refused[i] ?? 0);
  }
  return counts;
}

function sums({ days }: Counts, values: Float64Array, body: number): readonly [before: number, after: number] {
  let [before, after] = [0, 0];
  for (let d = 0; d < days; d += 1) {
    before += values[body * 2 * days + d] ?? 0;
    after += values[(body * 2 + 1) * days + d] ?? 0;
  }
  return [before, after];
}

/** The share refused went up by half or more, and that is no chance. Where nothing was asked before, a share of nothing is taken. */
function isBlocked(counts: Counts, body: number): boolean {
  const [before, after] = sums(counts, counts.n, body);
  const [was, is] = sums(counts, counts.refused, body);
  return after >= 3 && is / after - (before === 0 ? 0 : was / before) >= 0.5 && shareTail(is, after, (was + 0.5) / (before + 1), 50) < Math.log(0.01);
}

interface Pair {
  readonly blocked: readonly Body[];
  readonly sister: Body;
  readonly why: string;
  readonly change: Change;
  readonly before: number;
  readonly after: number;
  /** Growth against all others; 1 is none. */
  readonly ratio: number;
  readonly others: readonly number[];
  readonly followed: number;
  readonly followedBy: number;
  readonly expected: number;
  readonly refusedPersons: number;
  readonly lnP: number;
  readonly stands: boolean;
}

async function pairsOf(ground: Ground, { groups, near, change, counts, blocked }: {
  readonly groups: readonly Body[]; readonly near: ReturnType<typeof kinship>; readonly change: Change; readonly counts: Counts; readonly blocked: readonly number[];
}): Promise<readonly Pair[]> {
  const out = new Set(blocked);
  const sisters = groups.flatMap((sister, b) => {
    const why = out.has(b) ? null : blocked.map((one) => near(one, b)).find((one) => one !== null) ?? null;
    return why === null ? [] : [{ sister, b, why }];
  });
  const close = new Set(sisters.map(({ b }) => b));
  const rest = groups.map((_, b) => b).filter((b) => !out.has(b) && !close.has(b)).map((b) => sums(counts, counts.n, b)).reduce(([x, y], [before, after]) => [x + before, y + after], [0, 0]);
  const growth = (before: number, after: number): number => ((after + 0.5) / (before + 0.5)) / ((rest[1] + 0.5) / (rest[0] + 0.5));
  const others = groups.map((_, b) => b).filter((b) => !out.has(b) && !close.has(b)).map((b) => sums(counts, counts.n, b)).filter(([before]) => before >= 10).map(([before, after]) => growth(before, after));
  const follows = await followsOf(ground, groups, blocked, sisters.map(({ b }) => b), change);
  return sisters.map(({ sister, b, why }): Pair => {
    const [before, after] = sums(counts, counts.n, b);
    const ratio = growth(before, after);
    const scatter = scatterOf(counts, b);
    const error = Math.sqrt(scatter * (1 / (before + 0.5) + 1 / (after + 0.5)) + 2 / (rest[0] + 0.5) + 2 / (rest[1] + 0.5));
    const follow = follows.get(b) ?? { followed: 0, before: 0, other: 0, office: null };
    const days = (ground.session.period.to - ground.session.period.from) / day;
    // As many as in the week before the refusal, or as at any other time: whichever is more. Half a person is added to what was never seen.
    const expected = Math.max(follow.before, ((follow.other + 0.5) * followDays) / Math.max(1, days - followDays));
    const grew = after - before * ((rest[1] + 0.5) / (rest[0] + 0.5)) >= leastMore && ratio >= leastRatio;
    const many = follow.followed >= leastFollowed;
    const tails = [grew ? normalTail(Math.log(ratio) / error) : 0, many ? poissonTail(follow.followed, expected) : 0];
    return {
      blocked: blocked.filter((one) => near(one, b) !== null).map((one) => groups[one] as Body), sister, why, change, before, after, ratio, others,
      followed: follow.followed, followedBy: follow.office ?? sister.offices[0] ?? 0, expected, refusedPersons: follows.refused, lnP: Math.min(0, Math.min(...tails) + Math.LN2), stands: grew || many,
    };
  });
}

/** How much more than Poisson's the weeks of a body scatter, before the change; at least twice, since weeks differ. */
function scatterOf({ n, days }: Counts, body: number): number {
  const weeks = Array.from({ length: Math.floor(days / 7) }, (_, w) => {
    let sum = 0;
    for (let d = 0; d < 7; d += 1) sum += n[body * 2 * days + w * 7 + d] ?? 0;
    return sum;
  });
  const mean = weeks.reduce((sum, one) => sum + one, 0) / Math.max(1, weeks.length);
  if (weeks.length < 3 || mean === 0) return 2;
  return Math.max(2, weeks.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (weeks.length - 1) / mean);
}

interface Follow {
  /** Persons of whom the blocked were refused records, and the sister asked within days: after, before, and at other times. */
  readonly followed: number;
  readonly before: number;
  readonly other: number;
  /** The office that did so most. */
  readonly office: number | null;
}

async function followsOf({ session, from }: Ground, bodies: readonly Body[], blocked: readonly number[], sisters: readonly number[], { at }: Change): Promise<Map<number, Follow> & { refused: number }> {
  const follows = Object.assign(new Map<number, Follow>(), { refused: 0 });
  const [theirs, ours] = [blocked, sisters].map((list) => list.flatMap((b) => bodies[b]?.offices ?? []));
  if ((theirs?.length ?? 0) === 0 || (ours?.length ?? 0) === 0) return follows;
  await session.query(`CREATE OR REPLACE TEMP TABLE leads_keys AS SELECT r.subject AS subject, min(r.at) AS since ${from} AND o.refused = 1 AND r.subject IS NOT NULL
    AND r.at >= make_timestamp(${at * 1000}) AND w.office IN (${(theirs ?? []).join(', ')}) GROUP BY 1`);
  const [all] = await session.query<{ n: number }>('SELECT count(*)::DOUBLE AS n FROM leads_keys');
  follows.refused = all?.n ?? 0;
  const span = `INTERVAL ${followDays} DAY`;
  const found = await gather(session, `SELECT w.office, count(DISTINCT k.subject) FILTER (r.at > k.since AND r.at <= k.since + ${span})::INTEGER, count(DISTINCT k.subject) FILTER (r.at <= k.since AND r.at >= k.since - ${span})::INTEGER,
    count(DISTINCT k.subject) FILTER (r.at > k.since + ${span} OR r.at < k.since - ${span})::INTEGER
    ${from.replace('WHERE', 'JOIN leads_keys k ON k.subject = r.subject WHERE')} AND w.office IN (${(ours ?? []).join(', ')}) GROUP BY 1 ORDER BY 1`, ['int', 'int', 'int', 'int']);
  const byOffice = new Map(Array.from(found.int(0), (office, i) => [office, [found.int(1)[i] ?? 0, found.int(2)[i] ?? 0, found.int(3)[i] ?? 0] as const]));
  for (const b of sisters) {
    const own = (bodies[b]?.offices ?? []).flatMap((place) => { const counts = byOffice.get(place); return counts === undefined ? [] : [{ place, counts }]; });
    const sum = (column: 0 | 1 | 2): number => own.reduce((total, { counts }) => total + counts[column], 0);
    const most = own.reduce<(typeof own)[number] | null>((best, one) => (one.counts[0] > (best?.counts[0] ?? 0) ? one : best), null);
    follows.set(b, { followed: sum(0), before: sum(1), other: sum(2), office: most?.place ?? null });
  }
  return follows;
}

function finding(pair: Pair): Finding {
  const { sister, blocked, change, why, before, after, ratio, followed, expected, refusedPersons, others } = pair;
  const names = blocked.map(({ name }) => name).join(', ');
  const to = change.at + change.days * day;
  const sorted = [...others].sort((a, b) => a - b);
  const at = (q: number): number | null => (sorted.length < 10 ? null : sorted[Math.round(q * (sorted.length - 1))] ?? null);
  return {
    office: pair.followedBy, user: null, subject: null, matter: `${sister.key} ${isoDay(change.at)}`, lnP: pair.lnP, harm: 5,
    seen: [
      `Since ${dayWords(change.at)}, ${names} ${blocked.length === 1 ? 'is' : 'are'} refused. ${sister.name} (${why}) asked ${counted(before, 'time')} in the ${change.days} days before, and ${counted(after, 'time')} in the ${change.days} days after.`,
      ...(followed === 0 ? [] : [`Of ${counted(refusedPersons, 'person or vehicle', 'persons or vehicles')} refused since, it asked about ${count(followed)} within ${followDays} days.`]),
    ].join(' '),
    baseline: { text: `Against all others, that is ${about(ratio)} times as many. Of the persons refused, about ${about(expected)} would be expected by chance.`, value: ratio },
    peers: { text: sorted.length < 10 ? `There are too few others to compare with: ${count(sorted.length)}.` : `Of ${count(sorted.length)} organisations not close to them, nine in ten lie between ${about(at(0.05) ?? 0)} and ${about(at(0.95) ?? 0)} times as many.`, value: at(0.5), low: at(0.05), high: at(0.95), of: sorted.length },
    innocent: ['Its own work grew, such as travel at the border in summer.', 'Work moved to it, as the new policy meant it to.', 'Both worked on the same persons all along, for reasons of their own.'],
    condition: `office IN (${sister.offices.join(', ')}) AND moment >= make_timestamp(${change.at * 1000}) AND moment < make_timestamp(${to * 1000})`,
    whole: { offices: sister.offices, from: change.at, to },
    ...(sister.offices.length === 1 ? {} : { together: { name: sister.name, offices: sister.offices } }),
  };
}

