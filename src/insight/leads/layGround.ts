import { ArchiveError, type ArchiveSession, type ContextWord, type OutcomeWord, type OwnerWords } from '../archive/types.ts';
import type { InsightWorld } from '../world.ts';
import { gather } from './gather.ts';
import type { AskingOffice, Ground, Units } from './ground.ts';
import { peerGroups } from './peers.ts';
import type { LeadsInput } from './types.ts';
import { readUnits } from './units.ts';
import { partsOfHours, zoneOf } from './zones.ts';

/** Reads the dictionaries and makes the tables `leads_…` in the session. Throws `ARCHIVE_UNKNOWN` where the owner is not in the session. */
export async function layGround({ session, world, owner, say = () => undefined }: LeadsInput): Promise<Ground> {
  if (!session.owners.includes(owner) || !/^[A-Z0-9]{2}$/.test(owner)) throw new ArchiveError('ARCHIVE_UNKNOWN', `the data set ${session.dataset.name} has no log of ${owner}`);
  say('reading who asked');
  const words = await session.words(owner);
  const volumes = await volumesOf(session, owner);
  const { offices, groups, officeOf } = officesOf(words, volumes, world);
  const hours = partsOfHours(session.period.from, session.period.to);
  await tables(session, words, offices, officeOf, hours);
  const from = `FROM rows r JOIN leads_who w ON r.who = w.id LEFT JOIN leads_context c ON r.context = c.id LEFT JOIN leads_outcome o ON r.outcome = o.id
    WHERE r.owner = '${owner}' AND r.type = 'decision'`;
  const hoursJoin = `JOIN leads_hours h ON h.key = w.zone * ${hours.hours} + (epoch_ms(r.at) // 3600000)::INTEGER - ${hours.first}`;
  let units: Promise<Units> | null = null;
  const ground: Ground = {
    session, world, owner, words, offices, groups, officeOf, from, fromWithHours: from.replace('WHERE', `${hoursJoin} WHERE`), say,
    entries: offices.reduce((sum, { n }) => sum + n, 0),
    agencyMonths: offices.reduce((sum, { months }) => sum + months, 0),
    units: () => (units ??= readUnits(ground)),
  };
  return ground;
}

/** Takes the tables away again. */
export async function clearGround(session: ArchiveSession): Promise<void> {
  for (const name of ['who', 'context', 'outcome', 'hours', 'units', 'names', 'candidates', 'subjects', 'keys']) await session.query(`DROP TABLE IF EXISTS leads_${name}`);
}

export function isRefused({ status }: OutcomeWord): boolean {
  return status === 'refused';
}

interface Volume {
  readonly n: number;
  readonly months: ReadonlySet<number>;
  readonly latest: number;
}

/** For each requester: how many entries, and in which months. */
async function volumesOf(session: ArchiveSession, owner: string): Promise<ReadonlyMap<number, Volume>> {
  const found = await gather(session, `SELECT who, (year(month) * 12 + month(month))::INTEGER, sum(n)::INTEGER FROM rollup WHERE owner = '${owner}' AND type = 'decision' AND who IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2`, ['int', 'int', 'int']);
  const [whos, months, counts] = [found.int(0), found.int(1), found.int(2)];
  const volumes = new Map<number, { n: number; months: Set<number>; latest: number }>();
  for (let i = 0; i < found.length; i += 1) {
    const who = whos[i] ?? 0;
    const month = months[i] ?? 0;
    const known = volumes.get(who) ?? { n: 0, months: new Set<number>(), latest: 0 };
    known.n += counts[i] ?? 0;
    known.months.add(month);
    known.latest = Math.max(known.latest, month);
    volumes.set(who, known);
  }
  return volumes;
}

function officesOf(words: OwnerWords, volumes: ReadonlyMap<number, Volume>, world: InsightWorld): Pick<Ground, 'offices' | 'groups' | 'officeOf'> {
  const byOri = new Map<string, { whos: number[]; n: number; months: Set<number>; latest: number; word: number }>();
  for (const [who, { n, months, latest }] of volumes) {
    const ori = words.requesters[who]?.ori;
    if (ori === undefined) continue;
    const known = byOri.get(ori) ?? { whos: [], n: 0, months: new Set<number>(), latest: 0, word: who };
    known.whos.push(who);
    known.n += n;
    for (const month of months) known.months.add(month);
    // Of two lines in use in the same month the later one stands.
    if (latest > known.latest || (latest === known.latest && who > known.word)) known.word = who;
    known.latest = Math.max(known.latest, latest);
    byOri.set(ori, known);
  }
  const bare = [...byOri].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([ori, { n, months, word }]) => {
    const requester = words.requesters[word];
    const attributes = requester === undefined ? undefined : words.attributes[requester.attributes];
    if (requester === undefined || attributes === undefined) return [];
    const office = world.registry.index.offices.get(ori);
    const name = world.names.agency(ori) ?? world.names.organisation(requester.organisation) ?? ori;
    return [{ ori, name, organisation: requester.organisation, attributes, zone: zoneOf(office?.state ?? ori.slice(0, 2)), n, months: months.size }];
  });
  const { groups, groupOf } = peerGroups(bare);
  const offices = bare.map((office, place) => ({ ...office, place, group: groupOf[place] ?? 0 }));
  const officeOf = new Int32Array(words.requesters.length).fill(-1);
  for (const { ori, place } of offices) for (const who of byOri.get(ori)?.whos ?? []) officeOf[who] = place;
  return { offices, groups, officeOf };
}

async function tables(session: ArchiveSession, words: OwnerWords, offices: readonly AskingOffice[], officeOf: Int32Array, hours: ReturnType<typeof partsOfHours>): Promise<void> {
  await clearGround(session);
  const ids = Int32Array.from(officeOf.keys()).filter((who) => (officeOf[who] ?? -1) >= 0);
  await session.table('leads_who', { id: ids, office: ids.map((who) => officeOf[who] ?? 0), zone: ids.map((who) => offices[officeOf[who] ?? 0]?.zone ?? 0) });
  const context = (read: (word: ContextWord) => boolean | number): Int32Array => Int32Array.from(words.contexts, (word) => Number(read(word)));
  await session.table('leads_context', {
    id: Int32Array.from(words.contexts.keys()),
    cased: context((word) => word.caseNumber !== 'none'),
    photo: context((word) => word.wanted.includes('photo')),
    sweep: context((word) => word.kind === 'nameSearch' || word.kind === 'plateSearch'),
  });
  const outcome = (read: (word: OutcomeWord) => boolean | number): Int32Array => Int32Array.from(words.outcomes, (word) => Number(read(word)));
  await session.table('leads_outcome', {
    id: Int32Array.from(words.outcomes.keys()),
    refused: outcome(isRefused),
    given: outcome((word) => word.released.length > 0),
    photoGiven: outcome((word) => word.released.includes('photo')),
    version: outcome((word) => word.policyVersion ?? -1),
  });
  await session.table('leads_hours', { key: hours.key, part: hours.part });
}
