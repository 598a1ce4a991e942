import { count, counted } from '../../../vocabulary/counts.ts';
import { certifications, type Certification } from '../../../vocabulary/index.ts';
import type { Detector, Finding } from '../finding.ts';
import type { Ground } from '../ground.ts';
import { dayWords } from '../words.ts';

const least = 3;
const day = 86_400_000;

/** An agency that goes on asking after what it certified is no longer in force. A fact of two records, not a matter of chance. */
export const lapsed: Detector = {
  kind: 'lapsed',
  title: 'Use after a certification lapsed',
  test: 'A certification to this owner that an agency had is no longer among its attributes, or ended by the registry, and questions came after. No test: both are on record.',
  minimum: `${least} questions after it lapsed`,
  control: 'None is needed: chance plays no part. A record that is wrong or late makes a false lead.',
  needs: [],
  find: async (ground) => {
    const uses = await usesOf(ground);
    const findings: Finding[] = [];
    let looked = 0;
    for (const office of ground.offices) {
      const own = uses.get(office.place) ?? [];
      for (const { certification, ended } of endsOf(ground, office.place, own)) {
        looked += 1;
        const without = own.filter(({ has }) => !has.has(certification)).map(({ who }) => who);
        const [after] = without.length === 0 ? [] : await ground.session.query<{ n: number; given: number }>(`SELECT count(*)::INTEGER AS n, coalesce(sum(o.given), 0)::INTEGER AS given ${ground.from}
          AND r.who IN (${without.join(', ')}) AND r.at >= make_timestamp(${ended * 1000})`);
        if (after === undefined || after.n < least) continue;
        const before = own.filter(({ has }) => has.has(certification)).reduce((sum, { n }) => sum + n, 0);
        const peers = (ground.groups[office.group]?.offices ?? []).filter((place) => place !== office.place);
        const having = peers.filter((place) => ground.offices[place]?.attributes.certified.includes(certification)).length;
        findings.push({
          office: office.place, user: null, subject: null, matter: certification, lnP: null, harm: after.given > 0 ? 4 : 2,
          seen: `The certification "${certifications[certification].plain.replace(/^certified: /, '')}" ended on ${dayWords(ended - 1)}. After that the agency asked ${counted(after.n, 'time')} and was given something ${counted(after.given, 'time')}.`,
          baseline: { text: before === 0 ? 'In this period it asked nothing while it was in force.' : `While it was in force, it asked ${counted(before, 'time')} in this period.`, value: before },
          peers: { text: `Of ${count(peers.length)} agencies like it, ${count(having)} have it in force.`, value: peers.length === 0 ? null : having / peers.length, low: null, high: null, of: peers.length },
          innocent: ['It was renewed, and the registry does not know yet.', 'What was asked after that does not need the certification.', 'The registry was corrected: it never had it.'],
          condition: `who IN (${without.join(', ')}) AND moment >= make_timestamp(${ended * 1000})`,
          whole: { offices: [office.place], from: ended, to: ground.session.period.to },
        });
      }
    }
    return { findings, looked };
  },
};

interface Use {
  readonly who: number;
  readonly has: ReadonlySet<string>;
  readonly n: number;
  readonly first: number;
  readonly last: number;
}

/** Of each agency: the lines of the dictionary under which it asked, and when. */
async function usesOf({ session, owner, officeOf, words }: Ground): Promise<ReadonlyMap<number, Use[]>> {
  const rows = await session.query<{ who: number; n: number; first: number; last: number }>(`SELECT r.who AS who, count(*)::INTEGER AS n, epoch_ms(min(r.at)) AS first, epoch_ms(max(r.at)) AS last FROM rows r WHERE r.owner = '${owner}' AND r.type = 'decision' AND r.who IS NOT NULL GROUP BY 1 ORDER BY 1`);
  const uses = new Map<number, Use[]>();
  for (const { who, n, first, last } of rows) {
    const attributes = words.attributes[words.requesters[who]?.attributes ?? -1];
    const office = officeOf[who] ?? -1;
    if (attributes === undefined || office < 0) continue;
    const list = uses.get(office) ?? [];
    list.push({ who, has: new Set(attributes.certified), n, first, last });
    uses.set(office, list);
  }
  return uses;
}

/** The certifications that ended, and since when (milliseconds): by the words of the log, and by the registry where it has a day. */
function endsOf({ world, owner, session, offices }: Ground, place: number, uses: readonly Use[]): readonly { readonly certification: Exclude<Certification, 'none' | 'undeclared'>; readonly ended: number }[] {
  const ends = new Map<Exclude<Certification, 'none' | 'undeclared'>, number>();
  for (const name of Object.keys(certifications) as Certification[]) {
    if (name === 'none' || name === 'undeclared') continue;
    const having = uses.filter(({ has }) => has.has(name));
    const last = Math.max(...having.map((use) => use.last));
    if (having.length > 0 && uses.some(({ has, last: newest }) => !has.has(name) && newest > last)) ends.set(name, last + 1);
  }
  const rows = world.registry.index.certifications.get(offices[place]?.organisation ?? '') ?? [];
  for (const { certification } of rows) {
    const until = rows.filter((row) => row.certification === certification && (row.owner === '*' || row.owner === owner)).map((row) => Date.parse(row.until) + day).sort((a, b) => b - a)[0];
    if (until === undefined || until >= session.period.to) continue;
    const renewed = uses.some(({ has, last }) => has.has(certification) && last >= until);
    if (!renewed) ends.set(certification, until);
  }
  return [...ends].map(([certification, ended]) => ({ certification, ended })).sort((a, b) => (a.certification < b.certification ? -1 : 1));
}
