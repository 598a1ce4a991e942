import { counted } from '../../../vocabulary/counts.ts';
import { falseDiscoveryLimit } from '../odds.ts';
import { falseShare, type Detector, type Finding } from '../finding.ts';
import { ownNameHits } from '../nameHits.ts';
import { peerShares, total } from '../shares.ts';
import { sqlTag } from '../words.ts';

const least = 2;

/** A user who looks up a person of their own name, on more days than a namesake would explain. */
export const self: Detector = {
  kind: 'self',
  title: 'Look-ups of oneself',
  test: 'A user asked about a person with the user\'s own name. The days are compared with how often all others ask about that name (Poisson).',
  minimum: `${least} days`,
  control: `False discovery rate ${falseShare} over all users (Benjamini and Hochberg).`,
  needs: ['user', 'subject'],
  sees: (units) => ({ known: total(units.named), what: 'the name of the person asked about' }),
  find: async (ground) => {
    const { hits, looked } = await ownNameHits(ground);
    const limit = falseDiscoveryLimit(hits.map(({ lnP }) => lnP), looked, falseShare);
    const units = await ground.units();
    const shares = { office: units.office, k: units.self, n: units.named };
    return {
      looked,
      findings: hits.filter(({ lnP, days }) => days >= least && lnP <= limit).map(({ office, user, days, n, expected, lnP }): Finding => ({
        office, user, subject: null, matter: '', lnP, harm: 2,
        seen: `This user asked about a person of their own name ${counted(n, 'time')} on ${counted(days, 'day')}.`,
        baseline: { text: expected < 0.05 ? 'Others ask about that name so seldom that by chance none would be expected.' : `By chance, ${counted(expected, 'day')} would be expected.`, value: expected },
        peers: peerShares(ground, shares, office, 10),
        innocent: ['Another person has the same name.', 'The user tested the system, or trained others, with their own record.', 'The user needed their own record and did not know another way.'],
        condition: `office = ${office} AND "user" = ${sqlTag(user)} AND self`,
      })),
    };
  },
};

