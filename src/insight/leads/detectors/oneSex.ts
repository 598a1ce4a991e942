import { count } from '../../../vocabulary/counts.ts';
import { falseDiscoveryLimit } from '../odds.ts';
import { falseShare, type Detector, type Finding } from '../finding.ts';
import { judgeShares, ofPersons, peerShares, total, type Judged, type Shares } from '../shares.ts';
import { stretchCondition, stretchWords, worstStretches, type Stretch } from '../windows.ts';
import { percent, sqlTag } from '../words.ts';

const least = 40;
const leastShare = 0.8;
/** Duties differ: so much scatter between users is assumed even where the log is too small to show it. */
const steadyAtMost = 40;

/** A user who looks up one sex far more often than colleagues do. */
export const oneSex: Detector = {
  kind: 'oneSex',
  title: 'One sex far more often',
  test: 'The share of women (and of men) among the people that a user asked about is compared with that of others at the agency, over the period and by one or two months (beta-binomial, both ways; corrected for the number of months).',
  minimum: `${least} people of known sex, and ${percent(leastShare)} of them of one sex`,
  control: `False discovery rate ${falseShare} over all users and both sexes (Benjamini and Hochberg).`,
  needs: ['user'],
  sees: (units) => ({ known: total(units.female) + total(units.male), what: 'the sex of the person asked about' }),
  find: async (ground) => {
    const units = await ground.units();
    const n = ofPersons(units, units.female.map((female, u) => female + (units.male[u] ?? 0)));
    const findings: Finding[] = [];
    const sides: { readonly word: string; readonly letter: string; readonly shares: Shares; readonly judged: Judged; readonly stretches: ReadonlyMap<number, Stretch> }[] = [];
    for (const { word, letter, k } of [{ word: 'women', letter: 'F', k: units.female }, { word: 'men', letter: 'M', k: units.male }]) {
      const shares = { office: units.office, k, n };
      const judged = judgeShares(ground, shares, least, steadyAtMost);
      sides.push({ word, letter, shares, judged, stretches: await worstStretches(ground, units, shares, judged, { kind: `r.sex = '${letter}'`, counts: "r.sex IN ('F', 'M')" }, least) });
    }
    const looked = sides.reduce((sum, { judged }) => sum + judged.looked, 0);
    const limit = falseDiscoveryLimit(sides.flatMap(({ stretches }) => [...stretches.values()].map(({ lnP }) => lnP)), looked, falseShare);
    for (const { word, letter, shares, judged, stretches } of sides) {
      for (const [u, stretch] of stretches) {
        const [found, of, usual] = [stretch.k, stretch.n, judged.expected[u] ?? 0];
        if (of < least || found < leastShare * of || stretch.lnP > limit) continue;
        const office = units.office[u] ?? 0;
        findings.push({
          office, user: units.user[u] ?? 0n, subject: null, matter: letter, lnP: stretch.lnP, harm: 4,
          seen: `Of ${count(of)} people whom this user asked about${stretchWords(stretch)}, ${count(found)} were ${word} (${percent(found / of)}).`,
          baseline: { text: `Of those that others at this agency and ones like it ask about, ${percent(usual)} are ${word}.`, value: usual },
          peers: peerShares(ground, shares, office, least),
          innocent: ['The user has a duty that explains it, such as a jail or shelter for one sex, or cases of one kind.', 'A list of names was checked for somebody else.', 'The log knows the sex of only a part of the people asked about.'],
          condition: `office = ${office} AND "user" = ${sqlTag(units.user[u] ?? 0n)} AND sex = '${letter}'${stretchCondition(stretch)}`,
        });
      }
    }
    return { findings, looked: Math.ceil(looked / 2) };
  },
};
