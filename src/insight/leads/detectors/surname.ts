import { count, counted } from '../../../vocabulary/counts.ts';
import { falseDiscoveryLimit } from '../odds.ts';
import { falseShare, type Detector, type Finding } from '../finding.ts';
import { judgeShares, ofPersons, peerShares, total } from '../shares.ts';
import { percent, sqlTag } from '../words.ts';

const least = 4;
/** Surnames differ much in how common they are: even where the log is too small to show it, so much scatter is assumed. */
const steadyAtMost = 150;

/** A user who looks up people of their own surname far more often than others do. */
export const surname: Detector = {
  kind: 'surname',
  title: 'Look-ups of one\'s own surname',
  test: 'A user asked about people of the user\'s own surname. The share is compared with that of all other users, whose surnames are rare and common (beta-binomial).',
  minimum: `${least} questions, and five times what is expected`,
  control: `False discovery rate ${falseShare} over all users (Benjamini and Hochberg).`,
  needs: ['user', 'subject'],
  sees: (units) => ({ known: total(units.surnameKnown), what: 'the surnames of both' }),
  find: async (ground) => {
    const units = await ground.units();
    const shares = { office: units.office, k: units.sameSurname, n: ofPersons(units, units.surnameKnown) };
    const { expected, lnP, looked } = judgeShares(ground, shares, 1, steadyAtMost);
    const limit = falseDiscoveryLimit([...lnP].filter((value) => value < 0), looked, falseShare);
    const findings: Finding[] = [];
    for (let u = 0; u < units.length; u += 1) {
      const [k, n, usual] = [shares.k[u] ?? 0, shares.n[u] ?? 0, expected[u] ?? 0];
      if (k < least || k < 5 * usual * n || (lnP[u] ?? 0) > limit) continue;
      const office = units.office[u] ?? 0;
      findings.push({
        office, user: units.user[u] ?? 0n, subject: null, matter: '', lnP: lnP[u] ?? 0, harm: 3,
        seen: `Of ${count(n)} questions of this user, ${counted(k, 'was', 'were')} about people of the user's own surname (${percent(k / n)}).`,
        baseline: { text: `Of the questions of others at this agency and ones like it, ${percent(usual)} are.`, value: usual },
        peers: peerShares(ground, shares, office, 10),
        innocent: ['The surname is common where this agency works.', 'A case concerned a family of the same name.', 'The flag compares names only: people who share a name need not be kin.'],
        condition: `office = ${office} AND "user" = ${sqlTag(units.user[u] ?? 0n)} AND sameSurname AND self IS NOT TRUE`,
      });
    }
    return { findings, looked };
  },
};
