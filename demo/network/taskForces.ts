import type { Jurisdiction, TaskForceKind } from '../../src/vocabulary/index.ts';
import { factsOf, shareOut } from '../jurisdictions.ts';
import { isLandmark, landmarkOris } from '../landmarks.ts';
import { type Random, randomOf } from '../random.ts';
import { type Draft, addEdge, idOf, scaled, someDay } from './draft.ts';

/** Kinds of task force, how common each is, and the federal units that lead it. */
const kinds: readonly (readonly [Exclude<TaskForceKind, 'none' | 'undeclared'>, number, readonly string[]])[] = [
  ['drugs', 34, ['us/doj/dea', 'us/dhs/ice/hsi']],
  ['fugitives', 18, ['us/doj/usms']],
  ['terrorism', 14, ['us/doj/fbi']],
  ['gangs', 12, ['us/doj/atf', 'us/doj/fbi']],
  ['trafficking', 10, ['us/dhs/ice/hsi', 'us/doj/fbi']],
  ['financial', 7, ['us/dhs/usss', 'us/treasury/irs-ci']],
  ['immigration', 5, ['us/dhs/ice/ero', 'us/dhs/cbp/usbp']],
];

/**
 * About 250 task forces of 3 to 15 members, spread by drivers. Each pair of members is joined both ways, because what one
 * brings all can use. The first is a landmark: drugs, in Washington, with a city police, a sheriff, DEA and HSI.
 */
export function addTaskForces(draft: Draft, owners: readonly Jurisdiction[]): void {
  const random = randomOf(draft.seed, 'taskForces');
  const { cityPolice, countySheriff, statePatrol, dea, hsi } = landmarkOris;
  const seen = new Set<string>();
  join(draft, seen, [cityPolice, countySheriff, statePatrol, dea, hsi].map((ori) => idOf(draft, ori)), 'drugs', '2019-04-01', null);
  const total = kinds.reduce((sum, [, share]) => sum + share, 0);
  for (const [owner, count] of shareOut(scaled(draft, 250), owners, (o) => factsOf(o).drivers ** 0.6, 1)) {
    const here = draft.agencies.filter((a) => a.state === owner);
    const local = here.filter((a) => !isLandmark(a.ori)).filter((a) => a.kind === 'sheriff' || a.kind === 'police' || a.kind === 'statePolice' || a.kind === 'tribal').map((a) => a.id);
    const federal = here.filter((a) => a.kind === 'federal');
    for (let i = 0; i < count; i++) {
      let x = random.below(total);
      const [kind, , units] = kinds.find(([, share]) => (x -= share) < 0) ?? kinds[0] ?? ['drugs', 0, []];
      const leads = federal.filter((a) => a.unit !== null && units.includes(a.unit)).map((a) => a.id);
      const lead = leads.length === 0 ? [] : [random.pick(leads)];
      const guests = random.sample(federal.filter((a) => a.unit?.startsWith('us/dhs/') === true || a.unit?.startsWith('us/doj/') === true).map((a) => a.id), random.below(3));
      const members = [...new Set([...lead, ...guests, ...random.sample(local, sizeOf(random))])].slice(0, 15);
      join(draft, seen, members, kind, someDay(random, 2005, 2025), random.chance(0.05) ? '2026-06-30' : null);
    }
  }
}

/** From 3 to 14, small ones more often. */
function sizeOf(random: Random): number {
  return 3 + Math.floor(random.unit() ** 1.8 * 12);
}

function join(draft: Draft, seen: Set<string>, members: readonly string[], detail: TaskForceKind, since: string, until: string | null): void {
  for (const from of members) {
    for (const to of members) {
      const key = `${from} ${to} ${detail}`;
      if (from === to || seen.has(key)) continue;
      seen.add(key);
      addEdge(draft, { kind: 'taskForce', from, to, detail, since, until, grade: 'contractOnly' });
    }
  }
}
