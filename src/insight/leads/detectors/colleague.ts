import { counted } from '../../../vocabulary/counts.ts';
import { falseDiscoveryLimit } from '../odds.ts';
import { falseShare, type Detector, type Finding } from '../finding.ts';
import { colleagueHits } from '../nameHits.ts';
import { rangeOf } from '../peers.ts';
import { total } from '../shares.ts';
import { hexTag, sqlTag } from '../words.ts';

const least = 2;

/** A user who looks up a person who has the name of another user of the same agency. */
export const colleague: Detector = {
  kind: 'colleague',
  title: 'Look-ups of a colleague',
  test: 'A user asked about a person with the name of another user of the same agency. The days are compared with how often other agencies ask about that name (Poisson).',
  minimum: `${least} days`,
  control: `False discovery rate ${falseShare} over all pairs of users of one agency (Benjamini and Hochberg).`,
  needs: ['user', 'subject'],
  sees: (units) => ({ known: total(units.named), what: 'the name of the person asked about' }),
  find: async (ground) => {
    const { hits, looked } = await colleagueHits(ground);
    const limit = falseDiscoveryLimit(hits.map(({ lnP }) => lnP), looked, falseShare);
    return {
      looked,
      findings: hits.filter(({ lnP, days }) => days >= least && lnP <= limit).map(({ office, user, name, days, n, expected, lnP }): Finding => ({
        office, user, subject: null, matter: hexTag(name), lnP, harm: 3,
        seen: `This user asked about a person with the name of a colleague ${counted(n, 'time')} on ${counted(days, 'day')}.`,
        baseline: { text: expected < 0.05 ? 'Others ask about that name so seldom that by chance none would be expected.' : `By chance, ${counted(expected, 'day')} would be expected.`, value: expected },
        peers: rangeOf(hits.filter((hit) => ground.offices[hit.office]?.group === ground.offices[office]?.group).map((hit) => hit.days), ground.groups[ground.offices[office]?.group ?? 0] ?? { words: 'agencies of all kinds', offices: [] }, 'pairs of users with any such day', (value) => counted(value, 'day')),
        innocent: ['Another person has the same name as the colleague.', 'The colleague was a victim, a witness or a driver in a case.', 'The agency checks its own staff, and this is the user who does it.'],
        condition: `office = ${office} AND "user" = ${sqlTag(user)} AND subjectName = ${sqlTag(name)}`,
      })),
    };
  },
};
