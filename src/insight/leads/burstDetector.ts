import { count, counted } from '../../vocabulary/counts.ts';
import { findBursts } from './bursts.ts';
import { falseShare, type Detector, type Finding } from './finding.ts';
import { falseDiscoveryLimit } from './odds.ts';
import type { LeadKind } from './types.ts';
import { about, dayWords, sqlTag } from './words.ts';

/** What is counted, and the words for it. */
export interface BurstWords {
  readonly kind: LeadKind;
  readonly title: string;
  readonly what: string;
  readonly asked: string;
  readonly one: string;
  readonly many?: string;
  /** Over `c` (`ground.from`), and the same over the columns behind a lead. */
  readonly condition: string;
  readonly behind: string;
  readonly least: { readonly day: number; readonly month: number };
  readonly harm: number;
  readonly innocent: readonly string[];
}

/** A detector of users who do something far more often on a day, or in a month, than others do on one with any. */
export function burstDetector({ kind, title, what, asked, one, many, condition, behind, least, harm, innocent }: BurstWords): Detector {
  return {
    kind, title,
    test: `The most ${what} of a user on one day (UTC), and in one month, compared with the days and months of other users of the agency and of agencies like it (negative binomial; corrected for the number of days). An agency that does not name its users is compared with its own other days.`,
    minimum: `${least.day} on a day or ${least.month} in a month`,
    control: `False discovery rate ${falseShare} over all users who did so at all (Benjamini and Hochberg).`,
    needs: [],
    find: async (ground) => {
      const { bursts, looked } = await findBursts(ground, condition, least);
      const limit = falseDiscoveryLimit(bursts.map(({ lnP }) => lnP), looked, falseShare);
      return {
        looked,
        findings: bursts.filter(({ lnP }) => lnP <= limit).map((burst): Finding => ({
          office: burst.office, user: burst.user, subject: null, matter: '', lnP: burst.lnP, harm, peers: burst.peers, innocent,
          seen: `${burst.user === 0n ? 'Users whom this agency does not name' : 'This user'} ${asked} ${counted(burst.count, one, many)} ${burst.span === 'day' ? `on ${dayWords(burst.at)}` : `in ${monthWords(burst.at)}`}, and ${count(burst.total)} in the whole period.`,
          baseline: { text: `${burst.user === 0n ? 'At this agency,' : 'For others at this agency and ones like it,'} a ${burst.span} with any has about ${about(burst.usual)}.`, value: burst.usual },
          condition: `office = ${burst.office} AND ${burst.user === 0n ? '"user" IS NULL' : `"user" = ${sqlTag(burst.user)}`} AND ${behind}`,
        })),
      };
    },
  };
}

function monthWords(at: number): string {
  return new Date(at).toLocaleDateString('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' });
}
