import { count } from '../../../vocabulary/counts.ts';
import { falseDiscoveryLimit } from '../odds.ts';
import { falseShare, type Detector, type Finding } from '../finding.ts';
import { judgeShares, ofPersons, othersHabit, peerShares, peersWeigh, total } from '../shares.ts';
import { stretchCondition, stretchWords, worstStretches } from '../windows.ts';
import { percent, sqlTag } from '../words.ts';

const least = 8;
const leastShare = 0.6;
/** Where others of the agency leave it out more often than this, it is no habit there, and nothing is said. */
const withoutAtMost = 0.5;
/** Fewer questions of others show no habit. */
const othersAtLeast = 20;
const steadyAtMost = 40;

/** A user who gives no case number where others at the agency do. */
export const noCase: Detector = {
  kind: 'noCase',
  title: 'No case number',
  test: `At agencies whose other users give a case number with at least half of their questions, the share without one is compared with theirs, over the period and by one or two months (beta-binomial; corrected for the number of months).`,
  minimum: `${least} questions without one, six in ten of the user's, and ${othersAtLeast} questions of others at the agency`,
  control: `False discovery rate ${falseShare} over all users of such agencies (Benjamini and Hochberg).`,
  needs: ['evidence', 'user'],
  sees: (units) => ({ known: total(ofPersons(units, units.n)), what: 'who asked' }),
  find: async (ground) => {
    const units = await ground.units();
    const without = units.n.map((n, u) => n - (units.cased[u] ?? 0));
    const habits = othersHabit(ground.offices.length, units.office, without, units.n);
    // The habit of each agency itself counts, not that of peers: many have systems that cannot carry a case number.
    const shares = { office: units.office, k: without, n: ofPersons(units, units.n), only: (u: number) => habits(u, withoutAtMost, othersAtLeast) };
    const judged = judgeShares(ground, shares, least, steadyAtMost, peersWeigh.little);
    const stretches = await worstStretches(ground, units, shares, judged, { kind: 'c.cased = 0', counts: 'true' }, least);
    const limit = falseDiscoveryLimit([...stretches.values()].map(({ lnP }) => lnP), judged.looked, falseShare);
    const findings: Finding[] = [];
    for (const [u, stretch] of stretches) {
      const [k, of, usual] = [stretch.k, stretch.n, judged.expected[u] ?? 0];
      if (k < least || k < leastShare * of || stretch.lnP > limit) continue;
      const office = units.office[u] ?? 0;
      findings.push({
        office, user: units.user[u] ?? 0n, subject: null, matter: '', lnP: stretch.lnP, harm: 2,
        seen: `Of ${count(of)} questions of this user${stretchWords(stretch)}, ${count(k)} came without a case number (${percent(k / of)}).`,
        baseline: { text: `Of those of others at this agency and ones like it, ${percent(usual)} do.`, value: usual },
        peers: peerShares(ground, shares, office, least),
        innocent: ['The user works where no case has been opened yet, such as patrol or a front desk.', 'The user has a terminal that cannot send a case number.', 'The agency began to ask for case numbers only later.'],
        condition: `office = ${office} AND "user" = ${sqlTag(units.user[u] ?? 0n)} AND cased = 0${stretchCondition(stretch)}`,
      });
    }
    return { findings, looked: judged.looked };
  },
};
