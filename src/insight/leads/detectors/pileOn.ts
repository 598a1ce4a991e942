import { count, counted } from '../../../vocabulary/counts.ts';
import { falseShare, type Detector, type Finding } from '../finding.ts';
import { gather, type Gathered } from '../gather.ts';
import type { Ground } from '../ground.ts';
import { falseDiscoveryLimit, poissonTail } from '../odds.ts';
import { rangeOf } from '../peers.ts';
import { total } from '../shares.ts';
import { about, dayWords, sqlTag } from '../words.ts';

const least = 12;
const windowDays = 30;

/** Many users on one person (or vehicle) within a month. */
export const pileOn: Detector = {
  kind: 'pileOn',
  title: 'Many on one person',
  test: `The most users who asked about one person or vehicle within ${windowDays} days, compared with the rest of the period for the same one and with all others (Poisson; corrected for the number of windows).`,
  minimum: `${least} users within ${windowDays} days`,
  control: `False discovery rate ${falseShare} over all persons and vehicles asked about (Benjamini and Hochberg).`,
  needs: ['subject'],
  sees: (units) => ({ known: total(units.subjects), what: 'whom or what was asked about' }),
  find: async (ground) => {
    ground.say('looking for many on one person');
    const { looked, entries } = await bucketCounts(ground);
    const windows = worstWindows(await candidates(ground));
    const spans = Math.max(1, Math.ceil((ground.session.period.to - ground.session.period.from) / (windowDays * day)));
    const mean = entries / Math.max(1, looked) / spans;
    const judged = windows.map((window) => {
      // The rest of the period for the same one; at least what is usual for all.
      const expected = Math.max(mean, spans > 1 ? (window.asked - window.inWindow + 1) / (spans - 1) : mean);
      return { ...window, expected, lnP: Math.min(0, poissonTail(window.users, expected) + Math.log(2 * spans)) };
    });
    const limit = falseDiscoveryLimit(judged.map(({ lnP }) => lnP), looked, falseShare);
    const peers = rangeOf(judged.map(({ users }) => users), { words: 'all agencies, of those most asked about', offices: [] }, 'persons or vehicles', count);
    return {
      looked,
      findings: judged.filter(({ users, lnP, expected }) => users >= least && users >= 3 * expected && lnP <= limit).map(({ subject, users, unnamed, offices, from, inWindow, expected, lnP }): Finding => ({
        office: null, user: null, subject, matter: '', lnP, harm: 4, peers,
        seen: `${unnamed ? 'At least ' : ''}${counted(users, 'user')} of ${counted(offices, 'agency', 'agencies')} asked ${counted(inWindow, 'time')} about one person or vehicle within ${windowDays} days from ${dayWords(from)}.`,
        baseline: { text: `In other ${windowDays} days, about ${about(expected)} would be expected for the same one.`, value: expected },
        innocent: ['The person was missing, wanted or the victim of a crime that many worked on.', 'A crash or a chase ran through many places.', 'A well-known test record is used for training.'],
        condition: `subject = ${sqlTag(subject)} AND moment >= make_timestamp(${from * 1000}) AND moment < make_timestamp(${(from + windowDays * day) * 1000})`,
      })),
    };
  },
};

const day = 86_400_000;

/**
 * How many there are, and which could be it: tags are counted in buckets first, because a table with a line for each of millions of persons would not fit;
 * only those in a bucket with enough entries are counted one by one.
 */
async function bucketCounts({ session, owner }: Ground): Promise<{ readonly looked: number; readonly entries: number }> {
  const where = `r.owner = '${owner}' AND r.type = 'decision' AND r.subject IS NOT NULL`;
  await session.query(`CREATE OR REPLACE TEMP TABLE leads_keys AS SELECT (r.subject % 4194301)::INTEGER AS bucket, count(*) AS n FROM rows r WHERE ${where} GROUP BY 1`);
  const [sums] = await session.query<{ entries: number; buckets: number }>('SELECT coalesce(sum(n), 0)::DOUBLE AS entries, count(*)::DOUBLE AS buckets FROM leads_keys');
  await session.query(`DELETE FROM leads_keys WHERE n < ${least}`);
  await session.query(`CREATE OR REPLACE TEMP TABLE leads_subjects AS SELECT r.subject AS subject FROM rows r JOIN leads_keys k ON k.bucket = (r.subject % 4194301)::INTEGER
    WHERE ${where} GROUP BY 1 HAVING count(*) >= ${least} AND count(DISTINCT coalesce(r.user, r.who)) >= ${least}`);
  // Of so many buckets, so many are taken by at least one: the number that would fill as many, if tags fall evenly (linear counting).
  const filled = Math.min(sums?.buckets ?? 0, 4_194_300);
  const looked = Math.round(-4_194_301 * Math.log1p(-filled / 4_194_301));
  return { looked: Math.max(1, Math.min(looked, sums?.entries ?? 0)), entries: sums?.entries ?? 0 };
}

async function candidates({ session, from }: Ground): Promise<Gathered> {
  return await gather(session, `SELECT r.subject, w.office, coalesce(r.user, 0)::UBIGINT, floor(epoch_ms(r.at) / 60000)::INTEGER ${from.replace('WHERE', 'JOIN leads_subjects s ON s.subject = r.subject WHERE')}
    ORDER BY 1, 4, 2, 3`, ['tag', 'int', 'tag', 'int']);
}

interface Window {
  readonly subject: bigint;
  readonly users: number;
  /** Some of the agencies do not say who asked: each counts as one user. */
  readonly unnamed: boolean;
  readonly offices: number;
  /** Milliseconds: the beginning of the window's first day. */
  readonly from: number;
  readonly inWindow: number;
  readonly asked: number;
}

/** Of each subject the window, beginning on a day with an entry, with the most users. */
function worstWindows(rows: Gathered): readonly Window[] {
  const [subject, office, user, minute] = [rows.tag(0), rows.int(1), rows.tag(2), rows.int(3)];
  const dayOf = (i: number): number => Math.floor((minute[i] ?? 0) / 1440);
  const found: Window[] = [];
  for (let start = 0; start < rows.length;) {
    let end = start;
    while (end < rows.length && subject[end] === subject[start]) end += 1;
    const users = new Map<string, number>();
    const places = new Map<number, number>();
    let best: Window | null = null;
    for (let first = start, last = start; first < end; first += 1) {
      for (; last < end && dayOf(last) < dayOf(first) + windowDays; last += 1) {
        step(users, keyOf(office[last] ?? 0, user[last] ?? 0n), 1);
        step(places, office[last] ?? 0, 1);
      }
      if ((first === start || dayOf(first) !== dayOf(first - 1)) && users.size > (best?.users ?? 0)) {
        best = { subject: subject[start] ?? 0n, users: users.size, unnamed: [...users.keys()].some((key) => key.endsWith(' 0')), offices: places.size, from: dayOf(first) * day, inWindow: last - first, asked: end - start };
      }
      step(users, keyOf(office[first] ?? 0, user[first] ?? 0n), -1);
      step(places, office[first] ?? 0, -1);
    }
    if (best !== null) found.push(best);
    start = end;
  }
  return found;
}

function keyOf(office: number, user: bigint): string {
  return `${office} ${user.toString()}`;
}

function step<K>(counts: Map<K, number>, key: K, by: number): void {
  const next = (counts.get(key) ?? 0) + by;
  if (next === 0) counts.delete(key);
  else counts.set(key, next);
}
