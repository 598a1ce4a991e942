import { count, counted } from '../../../vocabulary/counts.ts';
import { falseDiscoveryLimit, negativeBinomialTail, quantile } from '../odds.ts';
import { falseShare, type Detector, type Finding, type Found } from '../finding.ts';
import { gather } from '../gather.ts';
import type { Ground } from '../ground.ts';
import { rangeOf } from '../peers.ts';
import { judgeShares, ofPersons, othersHabit, peerShares, peersWeigh } from '../shares.ts';
import { about, percent, sqlTag } from '../words.ts';

const leastAgain = 3;
const leastRefused = 10;
const othersAtLeast = 20;
const othersRefusedAtMost = 0.3;
const peersRefusedAtMost = 0.05;
/** Sooner again is the same request, sent twice. */
const pauseMinutes = 10;

/** Attempts that go on after a refusal. */
export const afterRefusal: Detector = {
  kind: 'afterRefusal',
  title: 'Attempts that go on after refusal',
  test: 'First, how often an agency asks again about the same person or vehicle after it was refused, compared with all refusals (negative binomial). Second, the share of a user\'s questions that are refused, compared with others at the agency (beta-binomial).',
  minimum: `${leastAgain} times again, each ${pauseMinutes} minutes or more after the refusal; or ${leastRefused} refused questions, half of the user's, where others at the agency are mostly answered (${othersAtLeast} questions of theirs)`,
  control: `False discovery rate ${falseShare} over all refused persons and all users (Benjamini and Hochberg).`,
  needs: ['status'],
  find: async (ground) => {
    const again = ground.session.dataset.lacks.includes('subject') ? { findings: [], looked: 0 } : await askedAgain(ground);
    const often = await refusedOften(ground, new Set(again.findings.map(({ office, user }) => `${office ?? ''} ${(user ?? 0n).toString()}`)));
    return { findings: [...again.findings, ...often.findings], looked: again.looked + often.looked };
  },
};

/** The same agency about the same subject. Several subjects of one user are one lead. */
async function askedAgain(ground: Ground): Promise<Found> {
  const { session, from } = ground;
  await session.query(`CREATE OR REPLACE TEMP TABLE leads_keys AS SELECT w.office AS office, r.subject AS subject, min(r.at) AS since, arg_min(coalesce(r.user, 0), r."index")::UBIGINT AS user_ ${from}
    AND o.refused = 1 AND r.subject IS NOT NULL GROUP BY 1, 2`);
  const [all] = await session.query<{ n: number }>('SELECT count(*)::DOUBLE AS n FROM leads_keys');
  const looked = all?.n ?? 0;
  if (looked === 0) return { findings: [], looked: 0 };
  const found = await gather(session, `SELECT k.office, k.subject, k.user_, count(*)::INTEGER, sum(coalesce(o.refused, 0))::INTEGER, sum((coalesce(r.user, 0) <> k.user_)::INTEGER)::INTEGER
    ${from.replace('WHERE', 'JOIN leads_keys k ON k.subject = r.subject AND k.office = w.office WHERE')} AND r.at > k.since + INTERVAL ${pauseMinutes} MINUTE GROUP BY 1, 2, 3 ORDER BY 1, 3, 2`, ['int', 'tag', 'tag', 'int', 'int', 'int']);
  const [office, subject, user, again, refused, others] = [found.int(0), found.tag(1), found.tag(2), found.int(3), found.int(4), found.int(5)];
  const { mean, size } = habitOf(again, looked);
  const tails = Array.from(again, (n) => negativeBinomialTail(n, mean, size));
  const limit = falseDiscoveryLimit(tails, looked, falseShare);
  const byUser = new Map<string, number[]>();
  for (let i = 0; i < found.length; i += 1) {
    if ((again[i] ?? 0) < leastAgain || (tails[i] ?? 0) > limit) continue;
    const key = `${office[i] ?? 0} ${(user[i] ?? 0n).toString()}`;
    byUser.set(key, [...(byUser.get(key) ?? []), i]);
  }
  const peers = rangeOf([...again], { words: 'all agencies that asked again', offices: [] }, 'refused persons or vehicles', (value) => counted(value, 'time'));
  return {
    looked,
    findings: [...byUser.values()].map((places): Finding => {
      const first = places[0] ?? 0;
      const sum = (values: Int32Array): number => places.reduce((total, i) => total + (values[i] ?? 0), 0);
      const [attempts, more] = [sum(again), sum(others)];
      const who = user[first] ?? 0n;
      return {
        office: office[first] ?? 0, user: who, subject: null, subjects: places.map((i) => subject[i] ?? 0n), matter: 'again', lnP: Math.min(...places.map((i) => tails[i] ?? 0)), harm: 4, peers,
        seen: `After a refusal, ${counted(attempts, 'more question')} came about the same ${places.length === 1 ? 'person or vehicle' : `${count(places.length)} persons or vehicles`}${more > 0 ? `, ${count(more)} of them by other users of this agency` : ''}; ${count(sum(refused))} of them were refused too.`,
        baseline: { text: `After other refusals, about ${about(mean)} more ${mean === 1 ? 'question comes' : 'questions come'} about the same one.`, value: mean },
        innocent: ['The paper that was missing came later, and the question was asked again with it.', 'A machine repeats what was not answered.', 'The refusal did not say clearly what was missing.'],
        condition: `office = ${office[first] ?? 0} AND subject IN (${places.map((i) => sqlTag(subject[i] ?? 0n)).join(', ')})`,
      };
    }),
  };
}

/** How often a refused one is asked about again, on average, and the scatter: fitted without the thousandth with the most. `looked` includes those never asked again. */
function habitOf(again: Int32Array, looked: number): { readonly mean: number; readonly size: number } {
  const cap = Math.max(2, quantile(Float64Array.from(again).sort(), 1 - looked / 1000 / Math.max(again.length, looked / 1000)));
  let [sum, squares] = [0, 0];
  for (const n of again) {
    const one = Math.min(n, cap);
    sum += one;
    squares += one * one;
  }
  const mean = (sum + 0.5) / (looked + 1);
  const variance = squares / Math.max(1, looked) - mean * mean;
  return { mean, size: variance <= mean ? 1 : Math.min(1, Math.max(0.05, (mean * mean) / (1.5 * (variance - mean)))) };
}

/** A user whose questions are refused far more often than those of colleagues. */
async function refusedOften(ground: Ground, known: ReadonlySet<string>): Promise<Found> {
  const units = await ground.units();
  // An agency of which all users are refused is a matter of the policy, not of one of them.
  const granted = othersHabit(ground.offices.length, units.office, units.refused, units.n);
  // Where the agency has too few others, its peers stand in, if hardly any of theirs is refused.
  const groupOf = units.office.map((o) => ground.offices[o]?.group ?? 0);
  const byGroup = othersHabit(ground.groups.length, groupOf, units.refused, units.n);
  const peersGranted = (u: number): boolean => byGroup(u, peersRefusedAtMost, 2 * othersAtLeast);
  const shares = { office: units.office, k: units.refused, n: ofPersons(units, units.n), only: (u: number) => granted(u, othersRefusedAtMost, othersAtLeast) || (!granted(u, 1, othersAtLeast) && peersGranted(u)) };
  const { expected, lnP, looked } = judgeShares(ground, shares, leastRefused, 20, peersWeigh.little);
  const limit = falseDiscoveryLimit([...lnP].filter((value) => value < 0), looked, falseShare);
  const findings: Finding[] = [];
  for (let u = 0; u < units.length; u += 1) {
    const [k, n, usual, office, user] = [shares.k[u] ?? 0, shares.n[u] ?? 0, expected[u] ?? 0, units.office[u] ?? 0, units.user[u] ?? 0n];
    if (k < leastRefused || k < 0.5 * n || (lnP[u] ?? 0) > limit || known.has(`${office} ${user.toString()}`)) continue;
    findings.push({
      office, user, subject: null, matter: 'often', lnP: lnP[u] ?? 0, harm: 3,
      seen: `Of ${count(n)} questions of this user, ${count(k)} were refused (${percent(k / n)}), and the user went on.`,
      baseline: { text: `Of those of others at this agency and ones like it, ${percent(usual)} are refused.`, value: usual },
      peers: peerShares(ground, shares, office, leastRefused),
      innocent: ['The user has a duty for which this owner gives nothing, and nobody told the user.', 'The user was refused for want of a paper that came later.', 'A new rule began to refuse what was given before.'],
      condition: `office = ${office} AND "user" = ${sqlTag(user)} AND refused = 1`,
    });
  }
  return { findings, looked };
}
