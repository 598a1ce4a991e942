import { allJurisdictions, isJurisdiction, type Jurisdiction } from '../../src/vocabulary/index.ts';
import type { Office, RegistryContent } from '../../src/registry/model.ts';
import { factsOf } from '../jurisdictions.ts';
import { type Random, randomOf } from '../random.ts';
import { habitOf } from './habits.ts';
import { groups, type Group, type Work } from './works.ts';
import { zoneOf } from './zones.ts';

/** One office that asks. */
export interface Asker {
  /** Its place in the list. */
  readonly index: number;
  readonly ori: string;
  readonly organisation: string;
  readonly state: Jurisdiction;
  readonly work: Work;
  readonly group: Group;
  /** Place of the group in `groups`, times 56, and of the state among the jurisdictions. */
  readonly seat: number;
  /** Place in `zones`. */
  readonly zone: number;
  /** How much it asks beside others of its group; 1 is an ordinary small office. */
  readonly weight: number;
  /** Place in the list of habits. */
  readonly habit: number;
  /** How many persons ask for it. */
  readonly users: number;
  /** The number of its first user; those of all askers follow each other. */
  readonly firstUser: number;
  /** It writes the names of those who ask, and not their numbers. */
  readonly writesNames: boolean;
}

/** Persons who ask, at full scale. Invented: about one for each 600 queries. */
const fullUsers = 480_000;

/** The offices of a network as askers, in the order of the network. Few are large and most are small. The same network and seed give the same list. */
export function askersOf(content: RegistryContent, { seed, scale }: { readonly seed: number; readonly scale: number }): readonly Asker[] {
  const random = randomOf(seed, 'year', 'askers');
  const drafts = content.offices.map((office) => draftOf(office, random));
  const sum = drafts.reduce((all, { weight, group }) => all + weight * scaleOf[group], 0);
  let firstUser = 0;
  return drafts.map((draft, index) => {
    const users = Math.max(2, Math.round((fullUsers / scale) * (draft.weight * scaleOf[draft.group] / sum)));
    const asker = { ...draft, index, users, firstUser };
    firstUser += users;
    return asker;
  });
}

/** How the weights of the groups stand to each other, roughly: only for the number of users. */
const scaleOf: Readonly<Record<Group, number>> = { local: 1, ero: 30, hsi: 40, cbp: 900, federal: 90 };

function draftOf(office: Office, random: Random): Omit<Asker, 'index' | 'users' | 'firstUser'> {
  const work = workOf(office);
  const state = isJurisdiction(office.state) ? office.state : 'DC';
  const size = (factsOf(state).drivers / 4_000) ** 0.4;
  const weight = baseOf(office, work) * size * Math.exp(1.25 * normal(random));
  const group = groupOf(work);
  return {
    ori: office.ori, organisation: office.organisation, state, work, group, seat: groups.indexOf(group) * allJurisdictions.length + allJurisdictions.indexOf(state), zone: zoneOf(state), weight,
    habit: habitOf(work, random), writesNames: random.chance(0.55),
  };
}

function workOf({ organisation, type }: Office): Work {
  if (organisation.startsWith('us/dhs/ice/hsi')) return 'hsi';
  if (organisation.startsWith('us/dhs/ice')) return 'ero';
  if (organisation.startsWith('us/dhs/cbp/ofo')) return 'port';
  if (organisation.startsWith('us/dhs/cbp')) return 'borderPatrol';
  if (type === 'FE') return 'federal';
  if (type === 'JF') return 'federalCourt';
  if (type === 'JC') return 'jail';
  if (organisation.endsWith('/dispatch')) return 'dispatch';
  if (type === 'JA' || type === 'JJ' || type === 'JG' || type === 'CJ') return 'court';
  if (organisation.endsWith('/motor-vehicles')) return 'licensing';
  if (type === 'SA' && !organisation.includes('/patrol')) return 'investigation';
  return 'patrol';
}

function groupOf(work: Work): Group {
  if (work === 'ero' || work === 'hsi' || work === 'federal') return work;
  if (work === 'federalCourt') return 'federal';
  return work === 'port' || work === 'borderPatrol' ? 'cbp' : 'local';
}

/** How much such an office asks, before chance: a state patrol hundreds of times what a court does. Invented. */
function baseOf({ organisation, type }: Office, work: Work): number {
  switch (work) {
    case 'patrol': return organisation.endsWith('/patrol') ? 320 : type === 'SA' ? 55 : type === 'SO' ? 14 : type === 'PD' ? 9 : 3;
    case 'dispatch': return 25;
    case 'investigation': return 10;
    case 'licensing': return 8;
    case 'jail': return 1.5;
    case 'court': return 0.6;
    case 'federalCourt': return 0.2;
    case 'port': return 1.3;
    case 'borderPatrol': case 'ero': case 'hsi': case 'federal': return 1;
  }
}

/** The sum of a dozen, less six: near enough to a bell curve, and never beyond six. */
function normal(random: Random): number {
  let sum = -6;
  for (let i = 0; i < 12; i++) sum += random.unit();
  return sum;
}
