import type { AffiliationKind, EdgeGrade, Jurisdiction } from '../../src/vocabulary/index.ts';
import { factsOf, shareOut } from '../jurisdictions.ts';
import { isLandmark, landmarkOris } from '../landmarks.ts';
import { randomOf } from '../random.ts';
import { type Agency, type Draft, addAgency, addEdge, addOrganisation, idOf, scaled, someDay } from './draft.ts';

/** Fusion centres beyond the one of each state: the regional ones of the larger states. */
export const regionalCentres: readonly Jurisdiction[] = ['CA', 'CA', 'CA', 'CA', 'CA', 'TX', 'TX', 'TX', 'TX', 'TX', 'TX', 'FL', 'FL', 'NY', 'OH', 'OH', 'PA', 'PA', 'IL', 'MO', 'NV', 'MA', 'WI', 'TN'];

/** Adds the regional fusion centres. Done before the other agencies are counted. */
export function addRegionalCentres(draft: Draft): void {
  const count = new Map<Jurisdiction, number>();
  for (const state of regionalCentres) {
    const n = (count.get(state) ?? 0) + 1;
    count.set(state, n);
    const root = state.toLowerCase();
    addAgency(
      draft, { id: `${root}/fusion-centre/regional-${n}`, name: `${state} Regional Intelligence Center ${n}`, parent: `${root}/fusion-centre`, audit: 'passed' },
      { ori: `${state}XFC0${n}00`, kind: 'fusionCentre', state, county: null, unit: null, type: 'SA' },
    );
  }
}

/** Members of a fusion centre send to it and are served by it: state police, many sheriffs and city police, FBI, HSI and others. */
export function addFusionCentres(draft: Draft): void {
  const random = randomOf(draft.seed, 'fusion');
  for (const centre of draft.agencies.filter((a) => a.kind === 'fusionCentre')) {
    const here = draft.agencies.filter((a) => a.state === centre.state);
    const state = here.filter((a) => a.id.endsWith('/patrol') || a.id.endsWith('/investigation'));
    const local = random.sample(here.filter((a) => (a.kind === 'sheriff' || a.kind === 'police') && !isLandmark(a.ori)), scaled(draft, random.between(20, 70)));
    const federal = here.filter((a) => a.unit !== null && ['us/doj/fbi', 'us/dhs/ice/hsi', 'us/dhs/cbp/ofo', 'us/dhs/tsa'].includes(a.unit)).filter((a) => /01(-[a-z]+)?$/.test(a.id));
    const members = new Set([...state, ...local, ...federal].map((a) => a.id));
    if (centre.ori === landmarkOris.fusionCentre) members.add(idOf(draft, landmarkOris.cityPolice)).add(idOf(draft, landmarkOris.countySheriff));
    for (const member of members) bothWays(draft, 'fusionCentre', member, centre.id, 'contractOnly', someDay(random, 2006, 2024));
  }
}

/** Bodies without an ORI of their own that use another's. Nothing in a message tells them apart. */
export function addSharedOris(draft: Draft): void {
  const random = randomOf(draft.seed, 'sharedOris');
  const share = (holder: Agency, name: string): void => {
    const id = addOrganisation(draft, {
      id: `${holder.state.toLowerCase()}-${name.toLowerCase().replace(/[^a-z]+/g, '-')}`, name, parent: null, level: 'municipal', homeState: holder.state,
      missions: ['generalPolice'], criminalJustice: 'yes',
    });
    bothWays(draft, 'sharedOri', id, holder.id, 'inseparable', someDay(random, 2008, 2024));
  };
  const first = draft.agencies.find((a) => a.ori === landmarkOris.sharedOri);
  if (first !== undefined) share(first, 'Otter Village Marshal');
  const holders = random.sample(draft.agencies.filter((a) => a.kind === 'sheriff' && !isLandmark(a.ori)), scaled(draft, 149));
  for (const holder of holders) share(holder, `${holder.county ?? ''} Village Marshal`);
}

/**
 * A dispatch centre that may ask on behalf of a police. The delegation runs from the body that is asked for to the one that
 * asks; what comes back is passed on, which is an edge of its own.
 */
export function addDelegations(draft: Draft): void {
  const random = randomOf(draft.seed, 'delegations');
  const delegate = (principal: string, servant: string): void => {
    const since = someDay(random, 2010, 2024);
    addEdge(draft, { kind: 'delegation', from: principal, to: servant, since, grade: 'enforced' });
    addEdge(draft, { kind: 'redissemination', from: servant, to: principal, since, grade: 'contractOnly' });
  };
  const pairs: (readonly [string, string])[] = [];
  const centres = new Map(draft.agencies.filter((a) => a.kind === 'dispatch').map((a) => [`${a.state} ${a.county ?? ''}`, a.id]));
  for (const police of draft.agencies) {
    const centre = centres.get(`${police.state} ${police.county ?? ''}`);
    if (police.kind === 'police' && centre !== undefined && !isLandmark(police.ori)) pairs.push([police.id, centre]);
  }
  delegate(idOf(draft, landmarkOris.cityPolice), idOf(draft, landmarkOris.dispatch));
  for (const [principal, servant] of random.sample(pairs, scaled(draft, 199))) delegate(principal, servant);
}

const vendors = ['Lanternfield Records', 'Blue Heron Dispatch Systems', 'Quarry Data Services', 'Tamarack Public Safety', 'Copperline Cloud', 'Northmere Software'];

/** Companies that run the systems of agencies. What they hold for one lies beside what they hold for another. */
export function addVendors(draft: Draft): void {
  const random = randomOf(draft.seed, 'vendors');
  const ids = vendors.map((name) => addOrganisation(draft, { id: `vendor-${name.toLowerCase().replace(/ /g, '-')}`, name: `${name} (vendor)`, parent: null, level: 'private', criminalJustice: 'no', audit: 'passed' }));
  const able = draft.agencies.filter((a) => (a.kind === 'police' || a.kind === 'sheriff' || a.kind === 'dispatch' || a.kind === 'campus') && !isLandmark(a.ori));
  const hosted = [idOf(draft, landmarkOris.vendorHosted), ...random.sample(able, scaled(draft, 1499)).map((a) => a.id)];
  // The first company has about four in ten, the last a few.
  for (const id of hosted) bothWays(draft, 'vendorHosting', id, ids[Math.floor(random.unit() ** 2 * ids.length)] ?? '', 'contractOnly', someDay(random, 2012, 2026));
}

/** Who passes on to whom as a habit: police to their county's prosecutor, prosecutor to court, sheriff to probation. */
export function addRedissemination(draft: Draft, owners: readonly Jurisdiction[]): void {
  const random = randomOf(draft.seed, 'redissemination');
  const by = new Map<string, string>();
  for (const a of draft.agencies) if (a.kind === 'prosecutor' || a.kind === 'court' || a.kind === 'probation') by.set(`${a.kind} ${a.state} ${a.county ?? ''}`, a.id);
  const pass = (from: string, to: string | undefined): void => {
    if (to !== undefined && to !== from) addEdge(draft, { kind: 'redissemination', from, to, since: someDay(random, 2000, 2024), grade: 'contractOnly' });
  };
  for (const a of draft.agencies) {
    const at = (kind: string): string | undefined => by.get(`${kind} ${a.state} ${a.county ?? ''}`);
    if (a.county === null) continue;
    if (a.kind === 'sheriff') pass(a.id, at('prosecutor'));
    if (a.kind === 'sheriff' && random.chance(0.5)) pass(a.id, at('probation'));
    if (a.kind === 'police' && random.chance(0.3)) pass(a.id, at('prosecutor'));
    if (a.kind === 'prosecutor') pass(a.id, at('court'));
  }
  for (const [owner, count] of shareOut(scaled(draft, 150), owners, (o) => factsOf(o).drivers ** 0.5, 0)) {
    const here = draft.agencies.filter((a) => a.state === owner);
    const federal = here.filter((a) => a.unit?.startsWith('us/doj/') === true || a.unit?.startsWith('us/dhs/') === true);
    const local = random.sample(here.filter((a) => (a.kind === 'police' || a.kind === 'sheriff') && !isLandmark(a.ori)), count);
    for (const a of local) if (federal.length > 0) pass(a.id, random.pick(federal).id);
  }
}

function bothWays(draft: Draft, kind: AffiliationKind, a: string, b: string, grade: EdgeGrade, since: string): void {
  addEdge(draft, { kind, from: a, to: b, since, grade });
  addEdge(draft, { kind, from: b, to: a, since, grade });
}
