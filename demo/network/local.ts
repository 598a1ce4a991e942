import { type AuditStatus, type Jurisdiction, type Level, type Mission, jurisdictionName } from '../../src/vocabulary/index.ts';
import { factsOf } from '../jurisdictions.ts';
import { type County, placesOf } from '../places.ts';
import { type Random, randomOf } from '../random.ts';
import { type Draft, addAgency, addOrganisation, slug } from './draft.ts';
import { addState, stateOffices } from './states.ts';

/** The smallest share of a state in which its landmarks fit. */
export const leastPerState = stateOffices + 14;

/** How the agencies of a state are divided, of 100, once its government and one sheriff a county are there. The rest are city police. */
const shares = { prosecutor: 9, court: 8, probation: 7, corrections: 4, dispatch: 7, campus: 7, special: 8 } as const;

/** Where agencies are still to be made in a county. */
interface Seat {
  readonly county: County;
  readonly root: string;
  /** The next number for each ending of an ORI. */
  readonly next: Map<string, number>;
  towns: number;
}

/** All agencies of one owner but the federal ones: exactly `budget` offices. */
export function addOwner(draft: Draft, owner: Jurisdiction, budget: number): void {
  const random = randomOf(draft.seed, 'local', owner);
  const facts = factsOf(owner);
  const local = budget - stateOffices;
  const districts = Math.min(40, Math.floor(local * 0.03));
  const all = placesOf(draft.seed, owner);
  const counties = all.slice(0, Math.max(1, Math.min(all.length, Math.floor((local - districts) * 0.2), local - districts - 10)));
  addState(draft, owner, all, districts);
  let left = local - districts;
  const seats = counties.map((county) => addCounty(draft, owner, county, random));
  left -= seats.length;
  const tribal = Math.min(facts.tribal, Math.floor(left * 0.1) + 1);
  for (let n = 1; n <= tribal; n++) addTribal(draft, owner, n, random, all);
  left -= tribal;
  const firsts = Math.min(left, seats.length + 2);
  let others = left - firsts;
  // Three city police in the first county and one in each other: before the rest, so that their ORIs are the same at any size.
  for (let i = 0; i < firsts; i++) addPolice(draft, owner, seatAt(seats, i < 3 ? 0 : i - 2), random);
  for (const [kind, share] of Object.entries(shares) as [keyof typeof shares, number][]) {
    // At least one of each kind, in the first county: the landmarks are there.
    const count = Math.min(others, kind === 'campus' || kind === 'special' ? Math.max(1, Math.floor((left * share) / 100)) : Math.max(1, Math.min(seats.length, Math.floor((left * share) / 100))));
    for (let i = 0; i < count; i++) addByKind(draft, owner, kind, seatFor(seats, kind, i, random), random);
    others -= count;
  }
  for (let i = 0; i < others; i++) addPolice(draft, owner, seatAt(seats, Math.floor(random.unit() ** 1.5 * seats.length)), random);
}

function addCounty(draft: Draft, owner: Jurisdiction, county: County, random: Random): Seat {
  const name = `${county.name} County`;
  const root = addOrganisation(draft, { id: `${owner.toLowerCase()}-${slug(name)}`, name: `${name}, ${jurisdictionName(owner)}`, parent: null, level: 'county', homeState: owner, criminalJustice: 'yes' });
  addAgency(
    draft,
    { id: `${root}/sheriff`, name: `${name} Sheriff`, parent: root, missions: random.chance(0.75) ? ['generalPolice', 'corrections'] : ['generalPolice'], audit: someAudit(random) },
    { ori: `${owner}${county.code}0000`, kind: 'sheriff', state: owner, county: county.name, unit: null, type: 'SO' },
  );
  return { county, root, next: new Map(), towns: 0 };
}

const kinds: Readonly<Record<keyof typeof shares, { readonly id: string; readonly name: string; readonly mission: Mission; readonly ending: string; readonly type: string }>> = {
  prosecutor: { id: 'prosecutor', name: 'Prosecuting Attorney', mission: 'prosecution', ending: '3A', type: 'JA' },
  court: { id: 'court', name: 'Superior Court', mission: 'court', ending: '3J', type: 'JJ' },
  probation: { id: 'probation', name: 'Probation Office', mission: 'probation', ending: '3G', type: 'JG' },
  corrections: { id: 'jail', name: 'Jail', mission: 'corrections', ending: '3C', type: 'JC' },
  dispatch: { id: 'dispatch', name: 'Emergency Dispatch', mission: 'dispatch', ending: '3N', type: 'CJ' },
  campus: { id: 'campus-police', name: 'College Police', mission: 'generalPolice', ending: '9E', type: 'LE' },
  special: { id: 'district-police', name: 'District Police', mission: 'generalPolice', ending: '00', type: 'LE' },
};

const districtNames = ['Transit Police', 'Port Police', 'Airport Police', 'Park District Police', 'School District Police', 'Hospital District Police', 'Water District Rangers'];

function addByKind(draft: Draft, owner: Jurisdiction, kind: keyof typeof shares, seat: Seat, random: Random): void {
  const facts = kinds[kind];
  const ofCounty = kind !== 'campus' && kind !== 'special';
  const town = random.pick(seat.county.towns);
  const name = ofCounty ? `${seat.county.name} County ${facts.name}` : `${town} ${kind === 'campus' ? facts.name : random.pick(districtNames)}`;
  const level: Level | null = ofCounty ? null : kind === 'campus' ? 'campus' : 'special';
  addAgency(
    draft,
    {
      id: ofCounty ? `${seat.root}/${facts.id}` : `${owner.toLowerCase()}-${slug(name)}`, name, parent: ofCounty ? seat.root : null, level,
      homeState: ofCounty ? null : owner, missions: random.chance(0.02) ? null : [facts.mission],
      criminalJustice: kind === 'campus' && random.chance(0.1) ? null : 'yes', audit: someAudit(random),
    },
    { ori: nextOri(owner, seat, kind === 'campus' && random.chance(0.3) && seat.next.has('9E') ? '00' : facts.ending), kind: kind, state: owner, county: seat.county.name, unit: null, type: facts.type },
  );
}

function addPolice(draft: Draft, owner: Jurisdiction, seat: Seat, random: Random): void {
  const town = seat.county.towns[seat.towns++ % seat.county.towns.length] ?? seat.county.name;
  addAgency(
    draft,
    {
      id: `${owner.toLowerCase()}-${slug(town)}-police`, name: `${town} Police Department`, parent: null, level: random.chance(0.004) ? 'undeclared' : 'municipal', homeState: owner,
      department: 'none', component: 'none', missions: random.chance(0.01) ? null : ['generalPolice'], criminalJustice: 'yes', audit: someAudit(random),
    },
    { ori: nextOri(owner, seat, '00'), kind: 'police', state: owner, county: seat.county.name, unit: null, type: 'PD' },
  );
}

function addTribal(draft: Draft, owner: Jurisdiction, n: number, random: Random, counties: readonly County[]): void {
  const county = counties[random.below(counties.length)];
  const name = `${random.pick(county?.towns ?? ['Lantern'])} Nation Police`;
  addAgency(
    draft,
    { id: `${owner.toLowerCase()}-${slug(name)}`, name, parent: null, level: 'tribal', homeState: owner, missions: ['generalPolice'], criminalJustice: 'yes', audit: someAudit(random) },
    { ori: `${owner}DIX${String(n).padStart(2, '0')}00`, kind: 'tribal', state: owner, county: county?.name ?? null, unit: null, type: 'LE' },
  );
}

/** The offices of a county stand at most once in each; the first of every kind is in the first county. */
function seatFor(seats: readonly Seat[], kind: keyof typeof shares, i: number, random: Random): Seat {
  const inAny = kind === 'campus' || kind === 'special';
  return seatAt(seats, inAny && i > 0 ? random.below(seats.length) : i % seats.length);
}

function seatAt(seats: readonly Seat[], i: number): Seat {
  const seat = seats[i];
  if (seat === undefined) throw new RangeError('a state without that county was invented');
  return seat;
}

/** Two letters of the state, three digits of the county, two of the agency, and the ending that tells its kind. */
function nextOri(owner: Jurisdiction, seat: Seat, ending: string): string {
  const n = (seat.next.get(ending) ?? 0) + 1;
  seat.next.set(ending, n);
  return `${owner}${seat.county.code}${n < 100 ? String(n).padStart(2, '0') : overflow(n - 100)}${ending}`;
}

/** Past 99 agencies of a kind in one county, a letter and a letter or digit: A0 to ZZ. */
function overflow(n: number): string {
  return String.fromCharCode(65 + (Math.floor(n / 36) % 26)) + (n % 36).toString(36).toUpperCase();
}

function someAudit(random: Random): AuditStatus | null {
  const x = random.unit();
  return x < 0.82 ? 'passed' : x < 0.94 ? 'overdue' : x < 0.96 ? 'failed' : null;
}
