import { falseDiscoveryLimit } from '../odds.ts';
import { falseShare, type Detector, type Finding } from '../finding.ts';
import { judgeShares, peerShares, peersWeigh } from '../shares.ts';
import { count, percent, sqlTag } from '../words.ts';

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
  test: `At agencies whose other users give a case number with at least half of their questions, the share without one is compared with theirs (beta-binomial).`,
  minimum: `${least} questions without one, six in ten of the user's, and ${othersAtLeast} questions of others at the agency`,
  control: `False discovery rate ${falseShare} over all users of such agencies (Benjamini and Hochberg).`,
  needs: ['evidence'],
  find: async (ground) => {
    const units = await ground.units();
    const without = units.n.map((n, u) => n - (units.cased[u] ?? 0));
    const habits = habitsOf(ground.offices.length, units.office, without, units.n);
    // The habit of each agency itself counts, not that of peers: many have systems that cannot carry a case number.
    const shares = { office: units.office, k: without, n: units.n, only: (u: number) => habits(u, withoutAtMost, othersAtLeast) };
    const { expected, lnP, looked } = judgeShares(ground, shares, least, steadyAtMost, peersWeigh.little);
    const limit = falseDiscoveryLimit([...lnP].filter((value) => value < 0), looked, falseShare);
    const findings: Finding[] = [];
    for (let u = 0; u < units.length; u += 1) {
      const [k, of, usual] = [without[u] ?? 0, units.n[u] ?? 0, expected[u] ?? 0];
      if (k < least || k < leastShare * of || (lnP[u] ?? 0) > limit) continue;
      const office = units.office[u] ?? 0;
      const user = units.user[u] ?? 0n;
      findings.push({
        office, user, subject: null, matter: '', lnP: lnP[u] ?? 0, harm: 2,
        seen: `Of ${count(of)} questions of ${user === 0n ? 'users whom this agency does not name' : 'this user'}, ${count(k)} came without a case number (${percent(k / of)}).`,
        baseline: { text: `Of those of others at this agency and ones like it, ${percent(usual)} do.`, value: usual },
        peers: peerShares(ground, shares, office, least),
        innocent: ['The user works where no case has been opened yet, such as patrol or a front desk.', 'The user has a terminal that cannot send a case number.', 'The agency began to ask for case numbers only later.'],
        condition: `office = ${office} AND ${user === 0n ? '"user" IS NULL' : `"user" = ${sqlTag(user)}`} AND cased = 0`,
      });
    }
    return { findings, looked };
  },
};

/** Whether others of a unit's agency leave it out seldom enough to call it a habit to give it. */
function habitsOf(offices: number, office: Int32Array, k: Int32Array, n: Int32Array): (unit: number, atMost: number, atLeast: number) => boolean {
  const [ks, ns] = [new Float64Array(offices), new Float64Array(offices)];
  office.forEach((o, u) => {
    ks[o] = (ks[o] ?? 0) + (k[u] ?? 0);
    ns[o] = (ns[o] ?? 0) + (n[u] ?? 0);
  });
  return (u, atMost, atLeast) => {
    const o = office[u] ?? 0;
    const others = (ns[o] ?? 0) - (n[u] ?? 0);
    return others >= atLeast && (ks[o] ?? 0) - (k[u] ?? 0) <= atMost * others;
  };
}
