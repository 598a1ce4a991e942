import { mkdir } from 'node:fs/promises';
import { messageKeys, type InquiryKey, type RequesterAttributes } from '../../vocabulary/index.ts';
import type { Network, Sex } from '../../model/index.ts';
import type { CertificationRow } from '../../registry/index.ts';
import { createDataset } from '../archive/dataset.ts';
import { sampleAttributes, sampleTag } from '../archive/sample.ts';
import type { ArchiveRow, Lack } from '../archive/types.ts';
import { openEngine } from '../archive/engine.ts';
import { openWriter } from '../archive/writer.ts';
import type { InsightWorld } from '../world.ts';

/** Questions of an invented year for tests of the detectors. Everything in them is invented. */
export interface Ask {
  readonly at: number;
  readonly office: TestOffice;
  readonly user: number;
  readonly key: InquiryKey;
  readonly photo: boolean;
  readonly cased: boolean;
  readonly refused: boolean;
  readonly version: number;
  readonly subject: string;
  /** Surname and given name of the person, as numbers; null where the log does not know. */
  readonly name: readonly [number, number] | null;
  readonly sex: Sex | null;
  readonly certified?: RequesterAttributes['certified'];
}

export interface TestOffice {
  readonly ori: string;
  readonly organisation: string;
  readonly attributes: RequesterAttributes;
  readonly users: number;
  /** How often it asks, beside the others. */
  readonly weight: number;
  readonly patrol: boolean;
  /** Its system does not say who asks. */
  readonly nameless: boolean;
  readonly cases: number;
  readonly photos: number;
  readonly sweeps: number;
}

export const day = 86_400_000;
export const yearFrom = Date.UTC(2025, 10, 1);
export const yearTo = Date.UTC(2026, 10, 1);
export const blockedAt = Date.UTC(2026, 4, 1);

/** Numbers that look like chance, the same for the same seed. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let x = Math.imul(state ^ (state >>> 15), 1 | state);
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x;
    return ((x ^ (x >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Offices with a heavy tail: city police and sheriffs of three states, bureaus that work by day, two components of Homeland Security, the FBI. */
export function testOffices(count: number, seed = 1): readonly TestOffice[] {
  const random = randomOf(seed * 7919);
  const federal = (ori: string, components: RequesterAttributes['component'], department: 'DHS' | 'DOJ', weight: number): TestOffice => ({
    ori, organisation: `us/${ori.slice(2, 5).toLowerCase()}`, weight, users: 30, patrol: false, nameless: false, cases: 0.5, photos: 0.2, sweeps: 0.005,
    attributes: { ...sampleAttributes(), level: 'federal', department, component: components, homeState: 'none', mission: ['criminalInvestigation'] },
  });
  const local = Array.from({ length: count }, (_, i): TestOffice => {
    const state = (['OR', 'ID', 'CA'] as const)[i % 3] ?? 'OR';
    const patrol = random() < 0.6;
    return {
      ori: `${state}${String(10_000 + i)}00`, organisation: `${state.toLowerCase()}/body-${i}`, users: 2 + Math.floor(random() * 14), weight: (1 / (1 + (i % 40))) * (0.5 + random()), patrol, nameless: i % 5 === 4,
      cases: random() < 0.4 ? 0.95 : random() < 0.3 ? 0.5 : 0, photos: random() < 0.5 ? 0.15 : 0.02, sweeps: 0.01,
      attributes: { ...sampleAttributes(), homeState: state, level: i % 2 === 0 ? 'municipal' : 'county', mission: patrol ? ['generalPolice'] : ['criminalInvestigation'] },
    };
  });
  return [federal('WAERO0100', ['ICE', 'ERO'], 'DHS', 1.5), federal('WAERO0200', ['ICE', 'ERO'], 'DHS', 0.5), federal('WAOFO0100', ['CBP', 'OFO'], 'DHS', 2), federal('WAOFO0200', ['CBP', 'OFO'], 'DHS', 1), federal('WAFBI0100', ['FBI'], 'DOJ', 1), ...local];
}

/** A year without any planted case: users with habits of their own, weeks that differ, persons of whom some are asked about often, names that repeat. */
export function ordinaryYear(offices: readonly TestOffice[], total: number, seed: number, options: { readonly block?: boolean } = {}): Ask[] {
  const random = randomOf(seed);
  const pick = chooser(offices.map(({ weight }) => weight), random);
  const weeks = new Map<string, number>();
  const asks: Ask[] = [];
  for (let tries = 0; asks.length < total && tries < 20 * total; tries += 1) {
    const office = offices[pick()] as TestOffice;
    const at = yearFrom + Math.floor(random() * ((yearTo - yearFrom) / day)) * day;
    // A week of an office may be half as busy again as another.
    const week = `${office.ori} ${Math.floor(at / (7 * day))}`;
    const busy = weeks.get(week) ?? 0.6 + 0.6 * random() + (random() < 0.03 ? 0.6 : 0);
    weeks.set(week, busy);
    const weekday = new Date(at).getUTCDay();
    if (random() > busy / 1.8 || (!office.patrol && (weekday === 0 || weekday === 6) && random() < 0.93)) continue;
    const user = Math.floor(office.users * random() ** 1.5);
    const moment = at + clock(office, user, random);
    const refused = options.block === true && isBlocked(office) && moment >= blockedAt;
    // After a block most stop asking, and fewer each month.
    if (refused && random() > 0.5 - ((moment - blockedAt) / (yearTo - blockedAt)) * 0.3) continue;
    asks.push(ask(office, user, moment, random, { refused, version: options.block === true && moment >= blockedAt ? 2 : 1 }));
    // What is asked in one stop: the vehicle after the driver.
    if (random() < 0.3) asks.push({ ...ask(office, user, moment + 40_000, random, { refused, version: asks.at(-1)?.version ?? 1 }), key: 'RQ', photo: false });
  }
  return asks.slice(0, total);
}

/** One ordinary question of a user at a moment. */
export function ask(office: TestOffice, user: number, at: number, random: () => number, given: Partial<Ask> = {}): Ask {
  // Of each user how many of those asked about are women: most are near half, duties make some differ.
  const women = 0.47 + 0.25 * (userNoise(office, user, 3) - 0.5);
  const key: InquiryKey = random() < office.sweeps * 2 * userNoise(office, user, 4) ? (random() < 0.5 ? 'DNQ' : 'RPQ') : random() < 0.45 ? 'DQ' : 'RQ';
  const person = random() < 0.02 ? Math.floor(40 * random()) : Math.floor(400_000 * random());
  return {
    at, office, user, key, photo: key === 'DQ' && random() < office.photos * (0.4 + 1.2 * userNoise(office, user, 5)), cased: random() < office.cases * (0.9 + 0.1 * userNoise(office, user, 6)), refused: false, version: 1,
    subject: `${key === 'RQ' ? 'plate' : 'person'} ${person}`, name: key === 'RPQ' ? null : nameOf(person), sex: key === 'RQ' || key === 'RPQ' ? null : personNoise(person, 8) < women ? 'F' : 'M', ...given,
  };
}

/** Names: a few surnames are very common. The names of users and of persons come from the same lot. */
export function nameOf(person: number): readonly [number, number] {
  return [Math.floor(20_000 * personNoise(person, 1) ** 3), Math.floor(300 * personNoise(person, 2) ** 2)];
}

export function userNameOf(office: TestOffice, user: number): readonly [number, number] {
  return nameOf(1e7 + Math.floor(userNoise(office, user, 9) * 1e6));
}

export function userTag(office: TestOffice, user: number): bigint {
  return sampleTag(`user ${office.ori} ${user}`);
}

/** Writes the questions by the real writer as the data set `name`, in the order given, and returns its folder. */
export async function writeAsks(archive: string, asks: readonly Ask[], options: { readonly name?: string; readonly owner?: string; readonly lacks?: readonly Lack[]; readonly without?: readonly (keyof ArchiveRow)[] } = {}): Promise<string> {
  const { name = 'leads', owner = 'WA', lacks = [], without = [] } = options;
  await mkdir(archive, { recursive: true });
  const folder = await createDataset(archive, { weirArchive: 1, name, kind: 'invented', label: 'Invented questions of a test', lacks, created: '2026-01-01T00:00:00.000Z', engine: 'weir' });
  const engine = await openEngine({ memoryMb: 512 });
  const writer = await openWriter({ folder }, owner, { engine, monthly: true });
  try {
    for (const one of asks) {
      const context = writer.context({ key: one.key, kind: messageKeys[one.key].kind, format: 'niem', purpose: 'notStated', warrant: 'none', court: 'notStated', caseNumber: one.cased ? 'numbered' : 'none', wanted: one.photo ? [...messageKeys[one.key].wants, 'photo'] : messageKeys[one.key].wants, delegated: null });
      const wanted = one.photo ? [...messageKeys[one.key].wants, 'photo' as const] : messageKeys[one.key].wants;
      const outcome = writer.outcome({
        status: one.refused ? 'refused' : 'answered', decisions: wanted.map((dataClass) => ({ dataClass, outcome: one.refused ? 'deny' : 'release', rules: one.refused ? ['WA-10'] : ['WA-1'], treatment: null, review: null })),
        released: one.refused ? [] : wanted, usedUp: [], duties: [], held: false, policyVersion: one.version, policyHash: String(one.version).repeat(64), tableHash: null, registryVersion: 1, registryHash: '0'.repeat(64),
      });
      const attributes = one.certified === undefined ? one.office.attributes : { ...one.office.attributes, certified: one.certified };
      const own = userNameOf(one.office, one.user);
      const row: ArchiveRow = {
        index: writer.next, at: one.at, type: 'decision', who: writer.requester({ ori: one.office.ori, organisation: one.office.organisation, attributes: writer.attributes(attributes) }), behalf: null, context, outcome, records: 1,
        subject: sampleTag(one.subject), subjectName: one.name === null ? null : sampleTag(`name ${one.name.join(' ')}`), user: userTag(one.office, one.user), userName: sampleTag(`name ${own.join(' ')}`),
        self: one.name === null ? null : one.name[0] === own[0] && one.name[1] === own[1], sameSurname: one.name === null ? null : one.name[0] === own[0], sex: one.sex,
      };
      const unnamed = one.office.nameless ? { user: null, userName: null, self: null, sameSurname: null } : {};
      writer.add({ ...row, ...unnamed, ...Object.fromEntries(without.map((field) => [field, null])) });
    }
    await writer.seal();
  } finally {
    await writer.close();
    await engine.close();
  }
  return folder;
}

/** A world without a store: no names, the certifications that are given, edges between organisations. */
export function testWorld(offices: readonly TestOffice[], given: { readonly certifications?: readonly CertificationRow[]; readonly edges?: readonly (readonly [string, string])[] } = {}): InsightWorld {
  const organisations = [...new Set(offices.map(({ organisation }) => organisation))];
  const certifications = new Map<string, CertificationRow[]>();
  for (const row of given.certifications ?? []) certifications.set(row.organisation, [...(certifications.get(row.organisation) ?? []), row]);
  const network: Network = {
    registryVersion: 1, registryHash: '0'.repeat(64), day: '2026-11-01', nodes: organisations.map((id) => ({ id, name: id, oris: [], attributes: () => sampleAttributes() })),
    edges: (given.edges ?? []).map(([from, to]) => ({ kind: 'taskForce', from: organisations.indexOf(from), to: organisations.indexOf(to), grade: 'contractOnly', confirmed: true, provenance: 'a test', since: null, until: null })),
  };
  const none = (): never => { throw new Error('a test world has no policies'); };
  return {
    names: { organisation: (id) => `Body ${id}`, agency: (ori) => `Office ${ori}`, rule: () => null },
    registry: { index: { offices: new Map(), certifications } } as unknown as InsightWorld['registry'],
    network: () => network, policy: () => Promise.resolve(null), versions: () => Promise.resolve([]), compile: none, tableOf: () => Promise.resolve(null),
  };
}

export function isBlocked({ attributes }: TestOffice): boolean {
  return attributes.component.includes('ERO');
}

/** Milliseconds into the day, UTC. Pacific offices by day work from 16 to 24 UTC; patrol has three shifts, and each user keeps to one. */
function clock({ patrol, ori }: TestOffice, user: number, random: () => number): number {
  const hour = 3_600_000;
  if (!patrol && random() > 0.02) return Math.floor((16.5 + 7 * random()) * hour);
  if (!patrol) return Math.floor(24 * random() * hour);
  return Math.floor((((user + ori.charCodeAt(5)) % 3) * 8 + 9 * random()) * hour) % day;
}

function chooser(weights: readonly number[], random: () => number): () => number {
  const sums: number[] = [];
  for (const weight of weights) sums.push((sums.at(-1) ?? 0) + weight);
  return () => {
    const at = random() * (sums.at(-1) ?? 0);
    let [low, high] = [0, sums.length - 1];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((sums[middle] ?? 0) <= at) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}

function userNoise({ ori }: TestOffice, user: number, lot: number): number {
  let hash = lot * 2_654_435_761;
  for (const letter of ori) hash = Math.imul(hash ^ letter.charCodeAt(0), 16_777_619);
  return randomOf(hash ^ Math.imul(user + 1, 40_503))();
}

function personNoise(person: number, lot: number): number {
  return randomOf(Math.imul(person + 1, 2_246_822_519) ^ (lot * 374_761_393))();
}
